organizations-link-import = Read in a list
organizations-title = Enter organizations from a list
organizations-lead = Write one organization per row into the template and read it in. Those that are not there yet are entered, and the first administrator of each is invited.
organizations-sheet = Organizations
organizations-notes = How to fill it in
organizations-organization = Organization
organizations-table = Organizations entered
organizations-column-kind = Kind
organizations-column-name-ja = Name in Japanese
organizations-column-name-en = Name in English
organizations-column-reports-to = Reports go to
organizations-column-sector = Sector
organizations-column-ceptoar = CEPTOAR
organizations-column-prefecture = Prefecture
organizations-column-known-names = Words that give it away
organizations-column-administrator = First administrator
organizations-column-mail = Administrator’s mail address
organizations-column-language = Language
organizations-help-kind = Choose one from the list (required)
organizations-help-name-ja = Up to 120 characters (required)
organizations-help-name-en = Up to 120 characters (required)
organizations-help-reports-to = Name of an organization that is entered, or stands further up. Empty: the CEPTOAR’s secretariat
organizations-help-sector = For operators, choose from the list
organizations-help-ceptoar = Choose from the list: an operator’s CEPTOAR, or a secretariat’s own
organizations-help-prefecture = Choose from the list
organizations-help-known-names = Short names, domains, plants; separated by commas or line breaks
organizations-help-administrator = Empty: somebody is invited later
organizations-help-mail = Empty if there is none: the link is then handed over
organizations-help-language = Japanese if empty
organizations-note-lines = One organization per row. Those that others report to stand above the others.
organizations-note-once = A row whose kind and Japanese name are there already is passed over. Reading the same list in twice enters and invites nobody twice.
organizations-note-administrator = The first administrator is invited as administrator in the security office, and invites the others.
organizations-note-communities = An operator joins the community of whoever its reports go to, and that of the action plan.
organizations-check-title = Check before entering
organizations-will-enter = { $count ->
    [one] { $count } organization will be entered. Nothing has been entered yet.
   *[other] { $count } organizations will be entered. Nothing has been entered yet.
}
organizations-nothing-new = Nothing here is new: all of them are entered already.
organizations-to-mend = Something has to be mended before anything can be entered.
organizations-fate-enter = Will be entered and invited
organizations-fate-enter-alone = Will be entered (nobody invited)
organizations-fate-known = Entered already (passed over)
organizations-enter = { $count ->
    [one] Enter { $count } organization
   *[other] Enter { $count } organizations
}
organizations-entered = { $count ->
    [one] { $count } organization entered
   *[other] { $count } organizations entered
}
organizations-nobody = Nobody named; invite somebody later
organizations-changed = The organizations of this hub have changed since you checked. Check once more.
