tier-executive = Executives
tier-ciso = CISO and security office
tier-system-staff = System staff
tier-ot-staff = OT staff
