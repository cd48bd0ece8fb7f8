custodian-cli-drawn = 秘密鍵を { $file } に書き出しました。ハブとは別の場所で保管してください（自分専用の端末、または紙にして金庫へ。控えを1つ、別の場所に）。この鍵を持つ人は、あなたの分担片を渡せてしまいます。
custodian-cli-give-public = 次の1行を事務局の管理者に渡してください。
custodian-cli-read-fingerprint = 次の指紋（鍵の短い名前）を電話で管理者に読み上げ、画面に出ている指紋と照らし合わせてください。
custodian-cli-asked = ある報告の報告元を読む申請があり、あなたの分担片が必要とされています。
custodian-cli-of = 鍵の保管者{ $all }人のうち{ $needed }人の同意が必要です
custodian-cli-hub = ハブ
custodian-cli-report = 報告
custodian-cli-by = 申請した組織
custodian-cli-purpose = 使用目的
custodian-cli-reason = 理由
custodian-cli-at = 申請の時刻
custodian-cli-needed = 必要な同意
custodian-cli-own-key = あなたの鍵の指紋
custodian-cli-what-agreeing-means =
    同意すると、あなたの分担片をこの申請だけに封じたファイルを書き出します。ほかの報告・目的・読み手には使えません。提出した後は取り消せません。開封したことは、後で報告元に知らされます。
    少しでもおかしいと思ったら、同意しないでください。申請した組織に、自分が前から知っている番号で電話して確かめてください。
custodian-cli-type-yes = 同意するなら yes と入力してください:
custodian-cli-not-agreed = 同意しませんでした。何も書き出していません。
custodian-cli-approved = 同意書を { $file } に書き出しました。開封の画面で提出するか、申請した組織に渡してください。ほかの人には使えません。
custodian-cli-moved =
    分担片{ $count }件を鍵 { $successor } に移しました。引き継ぎファイルは { $file } です。
    提出する前に、後任者が `noroshi custodian verify` で必ず確かめてください。その後、あなたの鍵とその控えを破棄してください。
custodian-cli-verified = { $all }件のうち{ $opened }件の分担片が、この鍵で開きます。
custodian-cli-do-not-take-over = このファイルでは引き継がないでください。前任者に、引き継ぎファイルの作り直しを頼んでください。
