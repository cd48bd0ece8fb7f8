people-link-import = Read in a list
people-title = Invite people of { $organization } from a list
people-lead = Write one person per row into the template and read it in. Those who are not there yet are invited.
people-sheet = People
people-notes = How to fill it in
people-column-name = Name
people-column-mail = Mail address
people-column-language = Language
people-column-role = Role
people-column-tier = Tier
people-help-name = Kept as it is written
people-help-mail = Empty if there is none: the link is then handed over
people-help-language = Japanese if empty
people-help-role = Choose one from the list (required)
people-help-tier = Choose one from the list (required)
people-note-lines = One person per row. Whoever holds two roles has two rows.
people-note-once = Reading the same list in twice invites nobody who is there or invited already.
people-note-mail = Telephone numbers are entered by the people themselves when they join.
people-check-title = Check before inviting
people-will-invite = { $count ->
    [one] { $count } person will be invited. Nothing has been sent yet.
   *[other] { $count } people will be invited. Nothing has been sent yet.
}
people-nobody-new = Nobody here is new: all of them are members or invited.
people-to-mend = Something has to be mended before anybody can be invited.
people-fate-invite = Will be invited
people-fate-known = Member or invited (not again)
people-invite = { $count ->
    [one] Invite { $count } person
   *[other] Invite { $count } people
}
people-invited = { $count ->
    [one] { $count } person invited
   *[other] { $count } people invited
}
people-links-once = The links are shown on this page only
people-links-hint = Hand each person the link that is theirs. If one is lost, withdraw the invitation and invite again.
people-links = Those invited
people-link = Link
people-until = Good until
people-by-mail = Sent by mail
