withdrawal-why-wrong = What it said was wrong
withdrawal-why-misaddressed = It went to somebody it was not meant for
withdrawal-why-source-asked = Where it came from asked for it
withdrawal-why-sensitive = It is more sensitive than was thought
withdrawal-why-replaced = Another advisory has taken its place
withdrawal-why-over = What it warned of is over
withdrawal-copies-delete = Delete every copy
withdrawal-copies-delete-hint = Mail, files, paper, chat, and copies you passed on.
withdrawal-copies-return = Hand every copy back to the issuer
withdrawal-copies-return-hint = Return paper and media, and delete electronic copies. Copies you passed on count too.
withdrawal-disposal-deleted = Copies deleted
withdrawal-disposal-returned = Copies returned
withdrawal-disposal-no-copies = We made no copies
withdrawal-stone-recalled = { $kind } { $number } was recalled
withdrawal-stone-tightened = You can no longer read { $kind } { $number }
withdrawal-stone-amended = { $kind } { $number } is no longer addressed to you
withdrawal-stone-recalled-lead = The issuer took it back from everybody. Nobody can open it any more. What was read cannot be unread, so something has to be done about your copies.
withdrawal-stone-tightened-lead = The issuer made its handling stricter, and your organization is outside it now. What was read cannot be unread, so something has to be done about your copies.
withdrawal-stone-amended-lead = Your organization is not an addressee of the amended text. Something has to be done about your copies.
withdrawal-stone-recalled-then = Do not begin anything it asked for unless the issuer tells you otherwise.
withdrawal-stone-issued = Issued
withdrawal-stone-lost = Unreadable since
withdrawal-stone-why = Why
withdrawal-stone-task = What to do
withdrawal-stone-word = When you have done it, say what you did. The issuer sees it.
withdrawal-stone-confirmed = You said: { $disposal }
withdrawal-stone-said = Received. The issuer sees it.
withdrawal-stone-only-reads = Your role does not answer. Tell the person on duty or an approver.
withdrawal-stone-issuer = Your organization issued and recalled it. Its issuer cannot open it either.
withdrawal-list-title = Recalled, or no longer yours to read
withdrawal-list-owed = Say what you did with copies
withdrawal-list-settled = You said what you did with copies
withdrawal-discarded = The amendment was thrown away. The text in force stays.
withdrawal-desk = What the issuer can do
withdrawal-desk-amend = Amend
withdrawal-desk-amend-on = Go on with the amendment
withdrawal-desk-tighten = Make handling stricter
withdrawal-desk-recall = Recall
withdrawal-desk-holders = Holders and copies
withdrawal-amended = Changed in revision { $revision }
withdrawal-tightened = The handling was made stricter. The new terms stand above.
withdrawal-changed = Changed
withdrawal-changed-due = Time to act: { $tier }
withdrawal-again = What we ask has changed, so please answer again. Your answer to the earlier text: { $progress }
withdrawal-tighten-title = Make the handling stricter
withdrawal-tighten-lead = It takes effect at once and cannot be undone. Those who lose sight see only that they did, and what to do with copies. To widen it, issue a new advisory.
withdrawal-tighten-tlp = TLP from now on
withdrawal-tighten-tlp-hint = Only labels that are not wider than the present one. TLP:RED leaves addressees named as persons only.
withdrawal-tighten-out = Organizations to take out
withdrawal-tighten-out-fold = Choose from { $count ->
    [one] { $count } organization
   *[other] { $count } organizations
}
withdrawal-tighten-submit = Make it stricter
withdrawal-tighten-nothing = Nothing would be stricter. Choose a stricter TLP or organizations to take out.
withdrawal-tighten-nobody = Nobody would be left to read it. To take it back from everybody, recall it.
withdrawal-tighten-wider = A wider TLP cannot be chosen.
withdrawal-tightened-said = { $count ->
    [0] The handling is stricter now. Nobody lost sight of it.
    [one] The handling is stricter now. { $count } addressee lost sight of it.
   *[other] The handling is stricter now. { $count } addressees lost sight of it.
}
withdrawal-recall-title = Recall this advisory
withdrawal-recall-lead = Its text goes away for everybody, and this cannot be undone. Mail that was not sent yet is stopped, and recipients are told. Nobody can be made to unread it.
withdrawal-recall-figure = organizations have it
withdrawal-recall-opened = { $count ->
    [one] { $count } of them opened it
   *[other] { $count } of them opened it
}
withdrawal-recall-submit = Recall
withdrawal-recalled-said = It has been recalled. Recipients are being told.
withdrawal-why = Why
withdrawal-why-hint = Recipients learn this reason in these words, and nothing of the text.
withdrawal-why-missing = Choose a reason.
withdrawal-copies = What to do with copies
withdrawal-copies-missing = Choose what holders have to do with copies.
withdrawal-holders-title = { $number }: holders and copies
withdrawal-holders-lead = Every organization that could read this advisory: how many opened it, and what they say they did with copies since they cannot.
withdrawal-holders-owing = have not said what they did with copies
withdrawal-holders-settled = have said so
withdrawal-holders-organization = Organization
withdrawal-holders-given = Given
withdrawal-holders-opened = Opened by
withdrawal-holders-unopened = nobody
withdrawal-holders-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
withdrawal-holders-lost = Unreadable since
withdrawal-holders-word = Copies
withdrawal-holders-waiting = No answer yet
withdrawal-holders-still = Can read it
withdrawal-holders-named = { $count ->
    [one] { $count } named person
   *[other] { $count } named persons
}
withdrawal-holders-empty = Nobody holds it
withdrawal-holders-empty-why = This advisory was given to nobody but its issuer.
