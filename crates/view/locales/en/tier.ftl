tier-executive = Executives
tier-ciso = CISO and security office
tier-system-staff = System staff
tier-ot-staff = OT staff
tier-short-executive = Exec.
tier-short-ciso = CISO
tier-short-system-staff = System
tier-short-ot-staff = OT
