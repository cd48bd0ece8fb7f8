custodian-cli-drawn = The secret key is in { $file }. Keep it away from the hub: on a machine of your own or on paper in a safe, with one copy elsewhere. Whoever has it can give your share.
custodian-cli-give-public = Give this line to the administrator of the secretariat:
custodian-cli-read-fingerprint = Read this fingerprint to the administrator on the phone, and compare it with the one the page shows:
custodian-cli-asked = You are asked for your share, so that the source of one report can be read.
custodian-cli-of = { $needed } of { $all } custodians have to agree
custodian-cli-hub = Hub
custodian-cli-report = Report
custodian-cli-by = Asked by
custodian-cli-purpose = Purpose of use
custodian-cli-reason = Reason
custodian-cli-at = Requested at
custodian-cli-needed = Needed
custodian-cli-own-key = Fingerprint of your key
custodian-cli-what-agreeing-means =
    If you agree, a file is written that holds your share, sealed to this request alone: it serves no other report, purpose or reader. Once you have handed it in it cannot be taken back. The source of the report will be told that it was opened.
    If something is odd, do not agree: telephone the organization that asks, with a number that you know.
custodian-cli-type-yes = Type yes to agree:
custodian-cli-not-agreed = Not agreed. Nothing was written.
custodian-cli-approved = Your approval is in { $file }. Hand it in on the page of the opening, or give it to the organization that asks. Nobody else can use it.
custodian-cli-moved =
    Shares moved to the key { $successor }: { $count }. The hand-over is in { $file }.
    Your successor has to look at it with `noroshi custodian verify` before it is handed in. After that destroy your key and its copies.
custodian-cli-verified = Shares that open with this key: { $opened } of { $all }.
custodian-cli-do-not-take-over = Do not take over with this file. Ask the leaving custodian to rewrap the hand-over again.
