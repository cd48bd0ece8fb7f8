mail-mark = 【{ $world }】
mail-subject = [{ $tlp }] { $title }
mail-phone = 電話 { $phone }
mail-footer = このメールを開いただけでは、何も引き受けたことになりません。
