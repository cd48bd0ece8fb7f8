situation-nav = Situation
situation-title = Situation
situation-lead = Is this one attack or many? Look at the number of reports in each sector.
situation-published = Newest table published
situation-empty = No figures have been published yet
situation-empty-why = A week is published at 9:00 on the Monday after it. Nothing is wrong.
situation-weeks = Sector and week
situation-weeks-why = Counted by the week of acceptance. Choose a cell to open the reports of that sector that reached you in that week.
situation-weeks-title = Reports by sector and week
situation-sector = Sector
situation-quarter-axis = Quarter
situation-quarters = Sector and quarter
situation-quarter = Reports by sector
situation-quarter-title = { $first ->
    [1] Reports by sector, January to March { $year }
    [4] Reports by sector, April to June { $year }
    [7] Reports by sector, July to September { $year }
   *[other] Reports by sector, October to December { $year }
}
situation-quarter-name = { $first ->
    [1] January to March { $year }
    [4] April to June { $year }
    [7] July to September { $year }
   *[other] October to December { $year }
}
situation-wholes = Reports of all sectors, by quarter
situation-count = Reports
situation-rules = What "-" means, and the rules of these figures
situation-rule-k = "-" is not zero. A figure is withheld unless five or more known organizations stand behind it and none could make up more than half; nothing at all is withheld likewise.
situation-rule-unnamed = Reports without a name are counted, but are never one of the five organizations.
situation-rule-rest = Where a total minus the figures shown would give a withheld one away, the total is withheld too.
situation-rule-once = A figure is published once and never changes. Later withdrawals and corrections do not show, so that no change tells whose they are.
situation-rule-purpose = Only reports that their source offered for statistics are counted.
situation-rule-small = Sectors with fewer than ten operators are put together as "Other sectors".
situation-back = Back to the situation
situation-pattern-title = { $sector }, { $week }
situation-pattern-lead = The reports of this sector that reached you in this week. The situation counts by the week of acceptance and this list by the day of arrival, so that the numbers differ.
situation-pattern-empty = No report reached you
situation-pattern-empty-why = They have not passed the border check yet, or are not for you. There can be a figure and an empty list.
situation-pattern-list = Reports that reached you
