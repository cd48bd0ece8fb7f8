tier-executive = 経営層
tier-ciso = CISO・セキュリティ統括
tier-system-staff = システム担当
tier-ot-staff = 制御系担当
tier-short-executive = 経営
tier-short-ciso = CISO
tier-short-system-staff = システム
tier-short-ot-staff = 制御
