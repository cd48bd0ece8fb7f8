reach-title = 到達状況
reach-to-text = 注意喚起の本文へ
reach-scope-below = あなたの組織と、その傘下の組織だけを数えています。
reach-open = 未対応の宛先: { $all }件のうち{ $count }件
reach-bar = 宛先の状態
reach-table = 段階・階層ごとの件数
reach-of-whom = 対象
reach-all = 全体
reach-state = 状態
reach-hop-authority = 省庁・関係機関
reach-hop-relay = セプター・ISAC
reach-hop-operator = 事業者
reach-urgency-overdue = 期限超過
reach-urgency-waits = 未着手
reach-urgency-taken-on = 対応中
reach-urgency-settled = 回答済み
reach-to-phones = 電話リスト
reach-to-file = Excelで保存する
reach-to-effect = 役に立ったか
reach-mails = メールの配信
reach-mail-absent = メールの送信が設定されていません
reach-mail-absent-why = 注意喚起は各組織の画面に出ていますが、メールは1通も出ていません。期限の近い相手には電話してください。設定は管理者に頼んでください。
reach-mail-counts = 送信済み{ $sent }通、送信待ち{ $waiting }通、失敗{ $failed }通
reach-mail-again = { $why }。{ $time }に送り直します
reach-mail-given-up = { $why }。{ $tries }回試して打ち切りました
reach-failure-no-address = メールアドレスの登録がありません
reach-failure-bad-address = メールアドレスの形が正しくありません
reach-failure-unreachable = 中継サーバーにつながりません
reach-failure-refused-for-now = 相手のサーバーが一時的に受け付けません
reach-failure-refused = 相手のサーバーに断られました
reach-failure-overtaken = 新しい版に置き換わりました
reach-retry = 打ち切った{ $count }通を今すぐ送り直す
reach-retried =
    { $count ->
        [0] 送り直すメールはありませんでした。
       *[other] { $count }通を送信待ちに戻しました。
    }
reach-lines = 宛先の一覧
reach-lines-hint = 期限を過ぎたものが先です。理由などの自由記述はここには出しません。
reach-named-person = 個人あて
reach-since = { $time }から（{ $age }）
reach-nudged-at = 再通知 { $time }
reach-escalated-at = 次の連絡先を呼び出し { $time }
reach-nudge-all = 未対応の{ $count }件に再通知する
reach-nudge-chosen = 選んだ相手だけに再通知する
reach-nudge-later = 全員に再通知してから2時間たっていません。急ぐときは電話してください。
reach-nudge-none = 相手を1件以上選んでください
reach-nudged =
    { $count ->
        [0] 再通知できる相手はいませんでした。すでに引き受け・回答したか、2時間以内に再通知しています。
       *[other] { $count }件に再通知しました。
    }
reach-empty = 宛先がありません
reach-empty-why = 宛先がすべて取り消されています。
reach-first-page = 先頭へ
reach-next-page = 次の50件
reach-delivered = 配信
reach-opened = 既読
reach-accepted = 引き受け
reach-settled = 回答
reach-nudged-column = 再通知
reach-hop = 段階
reach-tier = 階層
reach-urgency = 緊急度
reach-organization = 組織
reach-zone = 時刻は日本時間（JST）です。
reach-made = 作成 { $time }
