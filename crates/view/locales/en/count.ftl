count-nav = Count only
count-title = Count near misses only
count-lead = Tell us how many there were, and nothing else. Zero is an answer, too.
count-periods = Period to count
count-this-week = This week
count-last-week = Last week
count-this-month = This month
count-last-month = Last month
count-week = Week of { $first } to { $last }
count-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
count-month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
count-already = { $count ->
    [one] { $count } near miss has been accepted for this period
   *[other] { $count } near misses have been accepted for this period
}
count-already-why = Sending again replaces that number. It is not added.
count-nil-week = None this week
count-nil-other = None in this period
count-by-kind = How many of each kind
count-unit = cases
count-send = Send these numbers
count-own = Your organization’s counts
count-history-weeks = What your organization has counted (12 weeks)
count-history-months = What your organization has counted (6 months)
count-axis-week = Week from
count-axis-month = Month
count-axis-kind = Kind
count-own-why = “?” means that nothing was sent, or that the quarter is settled and its key destroyed, so nobody can tell any more. It does not mean zero.
count-others = Counts received by { $relay }, months { $first } to { $last } of { $year }
count-others-title = Everybody’s counts
count-total = Total
count-others-why = Only settled quarters are shown. “-” is withheld: fewer than five organizations counted any, or one of them counted more than half. It does not mean zero.
count-who = Who can tell which organization counted what
count-who-now = A count is stored with a token, not with a name. Until the quarter is settled, whoever runs the hub can use its key to find out whose token it is; that is what makes corrections possible. Pages show you your own organization’s counts only.
count-who-later = 14 days after its end a quarter is settled and the key destroyed. From then on the hub knows how many organizations counted, and nobody knows which.
count-error-number = Enter a whole number from 0 to 999
count-error-closed = This period has not begun, or it is settled. Choose another one
count-error-month = The month of this week was counted as a whole. To correct it, choose that month and send it again
