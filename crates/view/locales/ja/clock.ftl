clock-now = たった今
clock-minutes-ago = { $count }分前
clock-hours-ago = { $count }時間前
clock-days-ago = { $count }日前
clock-in-minutes = あと{ $count }分
clock-in-hours = あと{ $count }時間
clock-in-days = あと{ $count }日
clock-fiscal-year = { $year }年度
