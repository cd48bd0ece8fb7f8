-- Organizations, people, and how they sign in.
-- Ids are text (prefix and 128 random bits); instants are microseconds since 1970 UTC.
-- updated_by is the name of the transaction that wrote the row last.

CREATE TABLE organization (
    org_id       TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    kind         TEXT NOT NULL,
    name_ja      TEXT NOT NULL,
    name_en      TEXT NOT NULL,
    -- Codes of the reference data; NULL where the kind of organization has none.
    sector       TEXT,
    ceptoar      TEXT,
    prefecture   TEXT,
    -- Corporate number, 13 digits; NULL when not given.
    legal_number TEXT,
    -- The relay (CEPTOAR or ISAC) an operator reports to, the ministry a relay reports to; NULL at the top.
    reports_to   TEXT REFERENCES organization (org_id),
    -- Names and domains by which the organization is recognized in texts, one per line.
    known_names  TEXT NOT NULL DEFAULT '',
    -- active, suspended or left.
    standing     TEXT NOT NULL DEFAULT 'active' CHECK (standing IN ('active', 'suspended', 'left')),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL
) STRICT;

CREATE INDEX organization_by_sector ON organization (sector, kind);
CREATE INDEX organization_by_reports_to ON organization (reports_to);

CREATE TABLE community (
    community_id TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    kind         TEXT NOT NULL,
    -- Code of the reference data (a CEPTOAR, a regime); NULL for a community of our own.
    code         TEXT,
    name_ja      TEXT NOT NULL,
    name_en      TEXT NOT NULL,
    -- The secretariat; NULL for the action plan.
    secretariat  TEXT REFERENCES organization (org_id),
    updated_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL
) STRICT;

CREATE TABLE community_member (
    community_id TEXT NOT NULL REFERENCES community (community_id),
    org_id       TEXT NOT NULL REFERENCES organization (org_id),
    since        INTEGER NOT NULL,
    -- NULL while the membership lasts.
    until        INTEGER,
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (community_id, org_id)
) STRICT;

CREATE INDEX community_member_by_org ON community_member (org_id);

CREATE TABLE person (
    person_id   TEXT NOT NULL PRIMARY KEY,
    origin_hub  TEXT NOT NULL,
    -- Keyed hash of the canonical sign-in name; the name itself is in body.
    login_hash  BLOB NOT NULL UNIQUE,
    -- Encrypted: name, sign-in name, mail, phone.
    body        BLOB NOT NULL,
    language    TEXT NOT NULL DEFAULT 'ja' CHECK (language IN ('ja', 'en')),
    standing    TEXT NOT NULL DEFAULT 'active' CHECK (standing IN ('active', 'suspended', 'left')),
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  TEXT NOT NULL
) STRICT;

CREATE TABLE membership (
    membership_id TEXT NOT NULL PRIMARY KEY,
    person_id     TEXT NOT NULL REFERENCES person (person_id),
    org_id        TEXT NOT NULL REFERENCES organization (org_id),
    role          TEXT NOT NULL,
    tier          TEXT NOT NULL,
    clearance     INTEGER NOT NULL DEFAULT 0 CHECK (clearance BETWEEN 0 AND 3),
    -- The place this one stands in for; NULL when it is nobody's deputy.
    deputy_for    TEXT REFERENCES membership (membership_id),
    -- Order in which the organization's people are called, from 1; NULL when not on the list.
    call_order    INTEGER,
    valid_from    INTEGER NOT NULL,
    -- NULL while the place is held.
    valid_to      INTEGER,
    updated_at    INTEGER NOT NULL,
    updated_by    TEXT NOT NULL
) STRICT;

CREATE INDEX membership_by_person ON membership (person_id);
CREATE INDEX membership_by_org ON membership (org_id, role);

CREATE TABLE duty (
    duty_id       TEXT NOT NULL PRIMARY KEY,
    org_id        TEXT NOT NULL REFERENCES organization (org_id),
    membership_id TEXT NOT NULL REFERENCES membership (membership_id),
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    updated_by    TEXT NOT NULL,
    CHECK (ends_at > starts_at)
) STRICT;

CREATE INDEX duty_by_org ON duty (org_id, starts_at);

CREATE TABLE credential (
    credential_id TEXT NOT NULL PRIMARY KEY,
    person_id     TEXT NOT NULL REFERENCES person (person_id),
    -- password, totp, recovery-code or passkey.
    kind          TEXT NOT NULL,
    -- Encrypted: password hash, TOTP secret, recovery code hash, or passkey.
    body          BLOB NOT NULL,
    -- What the person calls it; NULL for passwords and codes.
    label         TEXT,
    -- For TOTP: the last accepted time step, so that a code works once. NULL otherwise.
    last_step     INTEGER,
    created_at    INTEGER NOT NULL,
    -- NULL until first used.
    used_at       INTEGER,
    -- NULL while valid.
    revoked_at    INTEGER,
    updated_by    TEXT NOT NULL
) STRICT;

CREATE INDEX credential_by_person ON credential (person_id, kind);

CREATE TABLE session (
    -- SHA-256 of the secret in the cookie.
    session_hash  BLOB NOT NULL PRIMARY KEY,
    membership_id TEXT NOT NULL REFERENCES membership (membership_id),
    purpose       TEXT NOT NULL,
    assurance     TEXT NOT NULL,
    -- Secret against forged forms, random text.
    form_secret   TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    updated_by    TEXT NOT NULL
) STRICT;

CREATE TABLE api_token (
    token_id      TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of the token.
    token_hash    BLOB NOT NULL UNIQUE,
    membership_id TEXT NOT NULL REFERENCES membership (membership_id),
    label         TEXT NOT NULL,
    -- Actions of the policy table it is limited to, one per line.
    scope         TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    revoked_at    INTEGER,
    updated_by    TEXT NOT NULL
) STRICT;

CREATE TABLE one_time_link (
    -- SHA-256 of the secret in the link: sign-in links of the demo, invitations.
    link_hash     BLOB NOT NULL PRIMARY KEY,
    -- sign-in or invitation.
    kind          TEXT NOT NULL,
    -- For sign-in links: the place signed in to. NULL for invitations.
    membership_id TEXT REFERENCES membership (membership_id),
    -- For invitations: where the invited person will stand. NULL for sign-in links.
    org_id        TEXT REFERENCES organization (org_id),
    role          TEXT,
    tier          TEXT,
    expires_at    INTEGER NOT NULL,
    -- NULL until used.
    used_at       INTEGER,
    updated_by    TEXT NOT NULL
) STRICT;

CREATE TABLE attempt (
    -- Keyed hash of what the limit counts on: an account, a link, a mailbox code.
    limit_key   BLOB NOT NULL PRIMARY KEY,
    -- Start of the running window.
    window_at   INTEGER NOT NULL,
    failures    INTEGER NOT NULL,
    -- Until when further tries are refused; NULL while they are not.
    locked_until INTEGER,
    updated_by  TEXT NOT NULL
) STRICT;
