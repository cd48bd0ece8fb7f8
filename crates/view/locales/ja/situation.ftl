situation-nav = 全体図
situation-title = 全体図
situation-lead = 1つの攻撃か、別々の出来事か。分野ごとの報告の件数で見ます。
situation-published = 最新の表を公表した日時
situation-empty = まだ公表した件数はありません
situation-empty-why = 週の件数は、翌週の月曜日の9時に公表します。異常ではありません。
situation-weeks = 分野と週
situation-weeks-why = 受け付けた週で数えています。マスを選ぶと、その分野でその週にあなたに届いた報告の一覧が開きます。
situation-weeks-title = 分野ごと・週ごとの報告の件数
situation-sector = 分野
situation-quarter-axis = 四半期
situation-quarters = 分野と四半期
situation-quarter = 分野ごとの報告の件数
situation-quarter-title = { $first ->
    [1] { $year }年1月から3月までに報告のあった件数（分野別）
    [4] { $year }年4月から6月までに報告のあった件数（分野別）
    [7] { $year }年7月から9月までに報告のあった件数（分野別）
   *[other] { $year }年10月から12月までに報告のあった件数（分野別）
}
situation-quarter-name = { $first ->
    [1] { $year }年1月から3月
    [4] { $year }年4月から6月
    [7] { $year }年7月から9月
   *[other] { $year }年10月から12月
}
situation-wholes = 全分野の報告の件数（四半期ごと）
situation-count = 件
situation-rules = 「-」の意味と、数の決まり
situation-rule-k = 「-」は「0件」ではありません。名前の分かる5組織以上がそろわない件数、または1つの組織が半分を超えるかもしれない件数は、0件の場合も含めて伏せます。
situation-rule-unnamed = 名前を知らせない報告も件数に入りますが、5組織には数えません。
situation-rule-rest = 合計から見えている数を引くと伏せた数が分かってしまうときは、合計も伏せます。
situation-rule-once = 件数は一度公表したら変えません。あとから届いた取り下げや訂正は反映しません。変化から誰のことかが分からないようにするためです。
situation-rule-purpose = 報告元が「統計」に使ってよいとした報告だけを数えます。
situation-rule-small = 事業者が10に満たない分野は「その他の分野」にまとめます。
situation-back = 全体図へ戻る
situation-pattern-title = { $sector }、{ $week }
situation-pattern-lead = この週にあなたに届いた、この分野の報告です。全体図は受け付けた週で数え、この一覧は届いた日で並べるので、数は一致しません。
situation-pattern-empty = あなたに届いた報告はありません
situation-pattern-empty-why = まだ事務局の確認を終えていないか、あなたには渡されていません。件数があっても、一覧は空のことがあります。
situation-pattern-list = 届いた報告
