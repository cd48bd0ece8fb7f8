near-miss-nav = Near miss
near-miss-title = Report a near miss
near-miss-lead = Tell us what was dangerous, even if nothing broke. It takes one minute.
near-miss-unsure = Is this a near miss? If in doubt, answer two questions
near-miss-kind = What nearly happened?
near-miss-kind-hint = Choose the closest one. If in doubt, “other” is fine.
near-miss-when = When was it?
near-miss-when-today = Today
near-miss-when-yesterday = Yesterday
near-miss-when-date = On the date below
near-miss-when-unknown = Not known
near-miss-when-text = Date or time
near-miss-when-hint = If you know it. For example 14:05, 2026/11/21 3:12 or R8.11.21
near-miss-place = Where?
near-miss-reason = Why did it do no harm?
near-miss-line = In one line
near-miss-line-hint = Up to 200 characters. Please name no organization, person or machine: the secretariat sees it exactly as you write it.
near-miss-scope = Who may see it?
near-miss-scope-hint = Whichever you choose, whoever controls the server while you send can see you.
near-miss-scope-unnamed = Without your name (default)
near-miss-scope-unnamed-hint = No record links you to it and your identity is sealed. After the secretariat’s check it reaches the CEPTOAR’s members, the ministry, the national center and the coordination center.
near-miss-scope-unnamed-inside = Without your name, inside the CEPTOAR only
near-miss-scope-unnamed-inside-hint = After the secretariat’s check it reaches the members of this CEPTOAR and nobody else: no ministry, no national center.
near-miss-scope-named = The secretariat may know your name
near-miss-scope-named-hint = Only the secretariat knows who you are and can call you back. Beyond it the report goes as far as the default, under a name made up for it.
near-miss-scope-named-desk = For the secretariat’s advice only
near-miss-scope-named-desk-hint = The secretariat alone reads it and passes it on to nobody. It sees your name.
near-miss-scope-stripped = Keep my name nowhere
near-miss-scope-stripped-hint = Your identity is not stored, so nobody can open it later. It goes as far as the default.
near-miss-who = Who can know what, honestly
near-miss-relay = It is received by { $relay }.
near-miss-among = { $count ->
    [one] Without your name, the secretariat knows only that you are its one member: that hides nothing.
   *[other] Without your name, the secretariat knows only that you are one of { $count } organizations.
}
near-miss-who-text = Whatever you choose, the secretariat reads your line and your answers. The wording, or the event itself, may let people guess which organization it was. What leaves the secretariat is only what its staff have written anew.
near-miss-purposes = It may be used for these purposes only: { $purposes }. It may not be used for supervision or investigation.
near-miss-files = You can send text only. Screenshots and logs cannot be attached; where they are needed, they are handed over inside the CEPTOAR.
near-miss-no-seal = “Without your name” cannot be chosen now
near-miss-no-seal-why = This CEPTOAR does not have the three custodians who share the key of a seal. Let the secretariat know your name, or have your name kept nowhere.
near-miss-send = Send
near-miss-error-kind = Choose what nearly happened
near-miss-error-when-choice = Choose when it was; “not known” is fine
near-miss-error-when = We cannot read the date. Write it like 2026/11/21 3:12 or R8.11.21
near-miss-error-when-missing = Write the date, or choose today, yesterday or not known
near-miss-error-when-no-such-day = No calendar has this day or hour. Check the numbers
near-miss-error-when-future = This lies in the future. Check the year
near-miss-error-when-old = This lies before 1990. Check the year
near-miss-error-place = Choose again from the list
near-miss-error-reason = Choose again from the list
near-miss-error-line = Use at most 200 characters
near-miss-error-line-invisible = There is an invisible control character in the line. Remove it or type it again
near-miss-error-scope = Choose who may see it
near-miss-error-memory = The hub is busy. Wait a minute and send it again. Nothing has been accepted yet
near-miss-helper-title = Is this a near miss?
near-miss-helper-lead = Answer two questions to find out where to tell it. Your answers are not stored.
near-miss-helper-back = Back to the near-miss page
near-miss-helper-ask = Find out
near-miss-helper-yes = Yes
near-miss-helper-no = No
near-miss-helper-unsure = Not sure
near-miss-helper-to-near-miss = Report a near miss
near-miss-helper-to-first-report = Start a first report
near-miss-receipt-title = Accepted
near-miss-receipt-lead = It has reached { $relay }. Thank you.
near-miss-receipt-once = The mailbox code is shown on this page once
near-miss-receipt-lost = Write it down now, or print this page. If you lose it, neither the secretariat nor the hub’s administrators can look it up.
near-miss-receipt-pseudonym = Made-up name of the report
near-miss-receipt-at = Accepted at
near-miss-receipt-custody = Your identity
near-miss-receipt-code = Mailbox code
near-miss-receipt-print = You can print this page and keep it.
near-miss-receipt-gone-title = This receipt is no longer shown
near-miss-receipt-gone = A receipt is shown once, right after sending. Your report has been accepted, so there is no need to send it again.
near-miss-next = What happens next
near-miss-next-read = The secretariat reads it. Nothing has gone beyond the secretariat yet.
near-miss-next-border = Before it reaches those you chose, the secretariat’s staff write the text anew and two persons approve it.
near-miss-next-code = With the mailbox code you can see whom it helped.
near-miss-next-named = Who read it, and for what, stands under “Sent reports”.
near-miss-another = Report another one
near-miss-to-sent = See sent reports
near-miss-repeated-title = This form was accepted already
near-miss-repeated-why = It was sent twice, and the second time was not accepted: one report has arrived. If you changed something before sending again, that change has not arrived.
near-miss-repeated-code = The mailbox code was shown once, the first time. It cannot be shown again.
near-miss-batch-link = Report several at once (Excel, CSV)
near-miss-batch-title = Report several near misses
near-miss-batch-lead = When some have piled up, write one per row into the template and send them together. The template can be filled in where there is no connection.
near-miss-batch-sheet = Near misses
near-miss-batch-notes = How to fill it in
near-miss-batch-column-kind = What nearly happened
near-miss-batch-column-when = When
near-miss-batch-column-place = Where
near-miss-batch-column-reason = Why it did no harm
near-miss-batch-column-line = In one line
near-miss-batch-column-scope = Who may see it
near-miss-batch-help-kind = Choose one from the list (required)
near-miss-batch-help-when = If you know it: 2026/11/21 3:12 or R8.11.21. Leave it empty if not
near-miss-batch-help-place = From the list. Separate several with a semicolon
near-miss-batch-help-reason = If you know it, one from the list
near-miss-batch-help-line = Up to 200 characters. Please name no organization, person or machine
near-miss-batch-help-scope = Choose one from the list (required)
near-miss-batch-note-lines = One near miss per row. Do not remove the row of headings.
near-miss-batch-note-once = Sending the same file twice doubles nothing. If you add rows and send it again, only those arrive.
near-miss-batch-note-together = Rows sent together are accepted at the same time. Without knowing who you are, a reader may take them for reports of one source. To avoid that, send them one by one.
near-miss-batch-will-send = { $count ->
    [one] { $count } near miss will be sent. Nothing has been sent yet.
   *[other] { $count } near misses will be sent. Nothing has been sent yet.
}
near-miss-batch-nothing-to-send = There is nothing to send: every row was sent before.
near-miss-batch-to-mend = Something has to be mended before any of these can be sent.
near-miss-batch-no-key = This file does not carry the mark of a template. Reading it in a second time would double its reports.
near-miss-batch-fate-send = Will be sent
near-miss-batch-fate-before = Sent before (not again)
near-miss-batch-send = { $count ->
    [one] Send { $count } near miss
   *[other] Send { $count } near misses
}
near-miss-batch-accepted = { $count ->
    [one] { $count } near miss accepted
   *[other] { $count } near misses accepted
}
near-miss-batch-nothing-new = No new rows
near-miss-batch-once = The mailbox codes are shown on this page only
near-miss-batch-receipts = Receipt of each row
near-miss-batch-no-code = None (reported with your name)
near-miss-batch-before = Accepted before and not sent again: row { $rows }. If it was another event, add a time or a line.
near-miss-batch-another = Send another file
