clock-now = just now
clock-minutes-ago = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
clock-hours-ago = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
clock-days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
clock-in-minutes = { $count ->
    [one] in { $count } minute
   *[other] in { $count } minutes
}
clock-in-hours = { $count ->
    [one] in { $count } hour
   *[other] in { $count } hours
}
clock-in-days = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
}
clock-fiscal-year = FY{ $year }
