tier-executive = 経営層
tier-ciso = CISO・セキュリティ統括
tier-system-staff = システム担当
tier-ot-staff = 制御系担当
