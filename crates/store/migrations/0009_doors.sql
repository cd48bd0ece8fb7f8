-- Ceremonies of passkeys under way, invitations, and what finds a person's sessions and tokens.

CREATE TABLE ceremony (
    -- SHA-256 of the secret in the browser's cookie.
    ceremony_hash BLOB NOT NULL PRIMARY KEY,
    -- register or sign-in.
    kind          TEXT NOT NULL CHECK (kind IN ('register', 'sign-in')),
    -- Who registers; NULL while somebody signs in.
    person_id     TEXT REFERENCES person (person_id),
    -- What the passkey will be called; NULL while somebody signs in.
    label         TEXT,
    -- Challenge and expectations, in the JSON of the library that checks passkeys. No secret.
    state         TEXT NOT NULL,
    expires_at    INTEGER NOT NULL,
    updated_by    TEXT NOT NULL,
    CHECK ((kind = 'register') = (person_id IS NOT NULL))
) STRICT;

CREATE INDEX ceremony_by_expiry ON ceremony (expires_at);

CREATE TABLE invitation (
    invitation_id TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of the secret in the link.
    link_hash     BLOB NOT NULL UNIQUE,
    -- join: a new place. reset: new ways in for somebody who has places.
    kind          TEXT NOT NULL CHECK (kind IN ('join', 'reset')),
    org_id        TEXT NOT NULL REFERENCES organization (org_id),
    -- Where the invited person will stand; NULL for a reset.
    role          TEXT,
    tier          TEXT,
    -- Whom it is for: for a reset from the start, for a join once it was taken up. The link works
    -- again for that person until he has a way in.
    person_id     TEXT REFERENCES person (person_id),
    -- Encrypted: whom the inviter meant; NULL when he did not say.
    body          BLOB,
    -- The inviter's place; NULL when it was made on the console.
    invited_by    TEXT REFERENCES membership (membership_id),
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    -- NULL until taken up.
    used_at       INTEGER,
    -- NULL unless withdrawn.
    revoked_at    INTEGER,
    updated_by    TEXT NOT NULL,
    CHECK ((kind = 'join') = (role IS NOT NULL AND tier IS NOT NULL)),
    CHECK (kind = 'join' OR person_id IS NOT NULL)
) STRICT;

CREATE INDEX invitation_by_org ON invitation (org_id, created_at);

CREATE INDEX session_by_membership ON session (membership_id);
CREATE INDEX api_token_by_membership ON api_token (membership_id);
CREATE INDEX attempt_by_window ON attempt (window_at);
