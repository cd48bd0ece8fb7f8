lines-label-known-name = 会員組織の名前
lines-label-organization = 組織・施設の名前らしい語
lines-label-host = 機器・サーバーの名前
lines-label-internal-address = 組織内のアドレス
lines-label-mail = メールアドレス
lines-label-phone = 電話番号
lines-label-ticket = 受付・管理番号
lines-label-person = 人の名前
