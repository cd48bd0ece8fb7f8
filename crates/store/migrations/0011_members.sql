-- Posts that an invitation leads to, letters with invitations, and what changed among members.

CREATE TABLE invitation_post (
    -- Every post of an invitation to join; invitation.role and tier repeat the first.
    invitation_id TEXT NOT NULL REFERENCES invitation (invitation_id),
    -- From 0, in the order in which the inviter gave them.
    position      INTEGER NOT NULL,
    role          TEXT NOT NULL,
    tier          TEXT NOT NULL,
    updated_by    TEXT NOT NULL,
    PRIMARY KEY (invitation_id, position),
    UNIQUE (invitation_id, role, tier)
) STRICT;

CREATE TABLE letter (
    -- A letter with an invitation, to be sent by mail.
    invitation_id TEXT NOT NULL PRIMARY KEY REFERENCES invitation (invitation_id),
    -- Encrypted under the invitation's key: the secret in the link. NULL as soon as the letter was
    -- handed over or given up: from then on only the hash of the link is here.
    secret        BLOB,
    -- waiting, sent or failed.
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts      INTEGER NOT NULL,
    next_at       INTEGER NOT NULL,
    -- Code of the last failure, never its text from outside; NULL when none.
    failure       TEXT,
    -- Lease of the worker that is sending; NULL when free.
    lease_until   INTEGER,
    sent_at       INTEGER,
    updated_at    INTEGER NOT NULL,
    updated_by    TEXT NOT NULL
) STRICT;

CREATE INDEX letter_due ON letter (state, next_at);

CREATE TABLE member_event (
    event_id      TEXT NOT NULL PRIMARY KEY,
    org_id        TEXT NOT NULL REFERENCES organization (org_id),
    -- Word of what changed.
    kind          TEXT NOT NULL,
    -- Whom it is about; NULL while nobody has taken the invitation up.
    person_id     TEXT REFERENCES person (person_id),
    -- The invitation; NULL when it was not about one.
    invitation_id TEXT REFERENCES invitation (invitation_id),
    -- The post in question; NULL when it was about none.
    role          TEXT,
    tier          TEXT,
    -- The place of whoever did it; NULL when it was done on the console.
    by_membership TEXT REFERENCES membership (membership_id),
    happened_at   INTEGER NOT NULL,
    updated_by    TEXT NOT NULL
) STRICT;

CREATE INDEX member_event_by_org ON member_event (org_id, happened_at);
