reach-title = Reach
reach-to-text = To the advisory
reach-scope-below = Only your organization and those below it are counted.
reach-open = Addressees who have not acted: { $count } of { $all }
reach-bar = Where the addressees stand
reach-table = Figures by hop and tier
reach-of-whom = Who
reach-all = All
reach-state = State
reach-hop-authority = Ministries and other bodies
reach-hop-relay = CEPTOARs and ISACs
reach-hop-operator = Operators
reach-urgency-overdue = Overdue
reach-urgency-waits = Not taken on
reach-urgency-taken-on = Taken on
reach-urgency-settled = Answered
reach-to-phones = Phone list
reach-to-file = Save as Excel
reach-to-effect = Was it useful?
reach-mails = Mail
reach-mail-absent = This hub does not send mail
reach-mail-absent-why = The advisory stands on each organization's pages, but no mail has gone out. Telephone those whose time is near, and ask an administrator to set up mail.
reach-mail-counts = Mails sent: { $sent }, waiting: { $waiting }, failed: { $failed }
reach-mail-again = { $why }. It is sent again at { $time }
reach-mail-given-up = { $why }. Given up after { $tries } tries
reach-failure-no-address = No mail address is known
reach-failure-bad-address = The mail address is not one
reach-failure-unreachable = The mail relay cannot be reached
reach-failure-refused-for-now = The other server does not take it for now
reach-failure-refused = The other server refused it
reach-failure-overtaken = A newer text took its place
reach-retry = Send the { $count } given up again now
reach-retried =
    { $count ->
        [0] There was no mail to send again.
        [one] One mail waits to be sent again.
       *[other] { $count } mails wait to be sent again.
    }
reach-lines = Addressees
reach-lines-hint = Those whose time has passed stand first. Nothing that addressees wrote is shown here.
reach-named-person = to one person
reach-since = since { $time } ({ $age })
reach-nudged-at = reminded { $time }
reach-escalated-at = next contact called in { $time }
reach-nudge-all = Remind all who have not acted ({ $count })
reach-nudge-chosen = Remind only those chosen
reach-nudge-later = All of them were reminded less than two hours ago. If it is urgent, telephone.
reach-nudge-none = Choose at least one
reach-nudged =
    { $count ->
        [0] There was nobody to remind: they have acted meanwhile, or were reminded less than two hours ago.
        [one] One addressee was reminded.
       *[other] { $count } addressees were reminded.
    }
reach-empty = There are no addressees
reach-empty-why = Every addressee has been taken out.
reach-first-page = To the first
reach-next-page = The next 50
reach-delivered = Delivered
reach-opened = Opened
reach-accepted = Accepted
reach-settled = Answered
reach-nudged-column = Reminded
reach-hop = Hop
reach-tier = Tier
reach-urgency = Urgency
reach-organization = Organization
reach-zone = Times are Japan time (JST).
reach-made = Made { $time }
