custodian-nav = Custodians
custodian-title = Custodians of the seals
custodian-lead = Who reports to { $relay } without a name is sealed. Three custodians hold a share of each seal's key; two of them together can open it.
custodian-incomplete = Nobody can be sealed yet
custodian-incomplete-why = Until all three are appointed, members can report under their name or leave no name at all.
custodian-slot = Custodian { $slot }
custodian-nobody = Nobody is appointed
custodian-since = In office since
custodian-until = Left
custodian-replace = Appoint a successor for custodian { $slot }
custodian-appoint = Appoint custodian { $slot }
custodian-leaving = Left, and still holding shares
custodian-leaving-lead = New reports are sealed to the successors. The shares of earlier reports stay with those who left until they are handed over.
custodian-held = { $count ->
    [one] { $count } share
   *[other] { $count } shares
}
custodian-can = What custodians can do
custodian-can-together = Two of them, each on a machine of his own, can agree to show one person who sent one report.
custodian-can-refuse = Each can refuse without giving a reason. When two refuse, the opening ends.
custodian-can-around = Two who work together with whoever controls the hub's machine could open seals without the log. Choose three who do not report to each other.
custodian-cannot = What they cannot do
custodian-cannot-alone = Nobody can open anything alone, whatever he copies from the hub.
custodian-cannot-read = As custodians they read no report. The file they are given holds no identity.
custodian-cannot-quietly = An opening through the hub stands in the log before a share is given, and the source is told.
custodian-hub = What this hub holds
custodian-hub-lead = Public keys and sealed shares. Secret keys are drawn and kept away from the hub; if two are lost, the seals stay shut for good.
custodian-appoint-title = Appoint custodian { $slot }
custodian-follows = { $name } leaves the post. Earlier shares are handed over in the next step.
custodian-step-draw = The custodian draws a key on a machine that is not the hub's.
custodian-step-send = He sends you the line that begins with noroshi-pk1. The secret key stays with him.
custodian-step-compare = You compare the fingerprint on the phone before the key is used.
custodian-name = Post
custodian-name-hint = The post, not the person: members see it. Example: chair, outside lawyer.
custodian-key = Public key
custodian-key-hint = The whole line that begins with noroshi-pk1:
custodian-next = Show the fingerprint
custodian-compare = Call { $name } on a number you have known for long, and let the custodian read the fingerprint to you.
custodian-compare-why = Whoever slips in two keys of his own could open every seal made from then on. The log keeps this fingerprint, and members see it.
custodian-compared = I have compared the fingerprint on the phone
custodian-appoint-button = Put into office
custodian-appointed = The custodian is in office. New reports are sealed to the new key.
custodian-needs-name = Write the post, at most 120 characters
custodian-needs-compared = Compare the fingerprint on the phone first, then tick the box
custodian-not-a-key = This is not a public key. Copy the whole line that begins with noroshi-pk1, not the secret key
custodian-key-in-use = This key is or was that of a custodian here. Each custodian draws a key of his own
custodian-hand-over = Hand shares over
custodian-hand-over-lead = { $name } has left and still holds { $count ->
    [one] { $count } share
   *[other] { $count } shares
}. The file moves them to the successor without anything being opened.
custodian-from = From
custodian-to = To
custodian-hand-over-get = Give this file to the custodian who left. It holds his shares only, each sealed to his key, and no identity.
custodian-hand-over-download = Download the hand-over
custodian-hand-over-rewrap = On his own machine he moves the shares to the successor's key.
custodian-hand-over-verify = The successor looks whether every share opens with the new key. Nobody else can see that.
custodian-hand-over-bring = The moved file comes back here.
custodian-hand-over-file = The moved file
custodian-hand-over-hint = Open moved.json in an editor, copy everything and paste it here.
custodian-verified = The successor has looked at it with noroshi custodian verify, and every share opens
custodian-hand-over-button = Take the shares over
custodian-needs-verified = Let the successor look first: a share that does not open is lost
custodian-not-a-hand-over = This is not a hand-over. Copy the whole file, from the first brace to the last
custodian-changed = More was changed than the shares of this custodian. Nothing was taken over; make the file again
custodian-not-the-successor = The shares in this file do not go to the successor's key. Nothing was taken over
custodian-moved = Taken over. Shares that are still with a custodian who left are listed below.
custodian-no-successor = Nobody has followed yet
custodian-no-successor-why = Appoint a successor for the post first. Shares only go to the one who follows in the same post.
custodian-delay = When sources are told of openings
custodian-delay-nav = Told of openings
custodian-delay-lead = Whoever asks for the opening of a seal is shown to its source: who asked, for what, when, and what came of it. The delay lets an investigation begin.
custodian-delay-now = Sources are told { $days ->
    [0] at once
    [one] after { $days } day
   *[other] after { $days } days
}.
custodian-delay-days = Days from the request
custodian-delay-hint = A whole number from 0 to { $most }. Nobody can set more than { $most } days.
custodian-delay-unit = days
custodian-delay-button = Set
custodian-delay-later = An opening that was asked for already keeps its day. The change stands in the log.
custodian-delay-set = The days are set.
custodian-delay-wrong = Write a whole number from 0 to { $most }
