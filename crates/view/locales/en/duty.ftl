duty-nav = Duty
duty-title = Duty
duty-now = What needs you now
duty-others = For other tiers of your organization
duty-empty = Nothing needs you now
duty-empty-why = Every advisory addressed to your organization has been answered. This is how it should be. New ones will stand here.
duty-next-call = If nobody accepts by { $time }, the next contact is told
duty-overdue = The time to act has passed
duty-phone = Phone for help
duty-count = { $count ->
    [one] { $count } item
   *[other] { $count } items
}
