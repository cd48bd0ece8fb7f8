-- What goes down: advisories, their addressees, delivery and answers.

CREATE TABLE advisory (
    advisory_id TEXT NOT NULL PRIMARY KEY,
    origin_hub  TEXT NOT NULL,
    issuer_id   TEXT NOT NULL REFERENCES organization (org_id),
    kind        TEXT NOT NULL,
    stage       TEXT NOT NULL,
    -- Dissemination grade, a code of the reference data.
    grade       TEXT NOT NULL,
    -- 1 for the first text.
    revision    INTEGER NOT NULL,
    author_id   TEXT NOT NULL REFERENCES person (person_id),
    -- The second person; NULL before issue.
    approver_id TEXT REFERENCES person (person_id),
    -- Short number shown to people, unique per hub, random.
    number      TEXT NOT NULL UNIQUE,
    -- Labels of where it came from, one per line: reports it rests on are linked below.
    source_note TEXT NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL,
    issued_at   INTEGER,
    recalled_at INTEGER,
    -- Why it was recalled, for the tombstone; NULL unless recalled.
    recall_reason TEXT,
    updated_at  INTEGER NOT NULL,
    updated_by  TEXT NOT NULL
) STRICT;

CREATE INDEX advisory_by_issuer ON advisory (issuer_id, created_at);

CREATE TABLE advisory_report (
    -- The reports an advisory rests on: their sources are told that it led to something.
    advisory_id TEXT NOT NULL REFERENCES advisory (advisory_id),
    report_id   TEXT NOT NULL REFERENCES report (report_id),
    updated_by  TEXT NOT NULL,
    PRIMARY KEY (advisory_id, report_id)
) STRICT;

CREATE TABLE advisory_action (
    advisory_id TEXT NOT NULL REFERENCES advisory (advisory_id),
    tier        TEXT NOT NULL,
    -- By when that tier has to act.
    due_at      INTEGER NOT NULL,
    updated_by  TEXT NOT NULL,
    PRIMARY KEY (advisory_id, tier)
) STRICT;

CREATE TABLE addressee (
    addressee_id TEXT NOT NULL PRIMARY KEY,
    advisory_id  TEXT NOT NULL REFERENCES advisory (advisory_id),
    org_id       TEXT NOT NULL REFERENCES organization (org_id),
    tier         TEXT NOT NULL,
    -- Set when one person is named; NULL when the tier is.
    person_id    TEXT REFERENCES person (person_id),
    progress     TEXT NOT NULL,
    delivered_at INTEGER,
    opened_at    INTEGER,
    accepted_at  INTEGER,
    -- When done, not applicable or cannot was answered.
    settled_at   INTEGER,
    -- Who answered last; NULL before.
    answered_by  TEXT REFERENCES person (person_id),
    -- Encrypted reason for cannot; NULL otherwise.
    reason       BLOB,
    -- When the deputy or next contact was called in; NULL before.
    escalated_at INTEGER,
    -- Last nudge by the issuer; NULL before.
    nudged_at    INTEGER,
    updated_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    UNIQUE (advisory_id, org_id, tier, person_id)
) STRICT;

CREATE INDEX addressee_by_org ON addressee (org_id, advisory_id);

CREATE TABLE answer (
    -- History of what addressees answered.
    addressee_id TEXT NOT NULL REFERENCES addressee (addressee_id),
    progress     TEXT NOT NULL,
    person_id    TEXT REFERENCES person (person_id),
    answered_at  INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (addressee_id, answered_at, progress)
) STRICT;

CREATE TABLE delivery (
    delivery_id  TEXT NOT NULL PRIMARY KEY,
    advisory_id  TEXT NOT NULL REFERENCES advisory (advisory_id),
    addressee_id TEXT NOT NULL REFERENCES addressee (addressee_id),
    revision     INTEGER NOT NULL,
    person_id    TEXT NOT NULL REFERENCES person (person_id),
    -- mail (the web inbox needs no delivery row).
    channel      TEXT NOT NULL,
    -- What it says: issued, amended, recalled, escalated or nudged.
    occasion     TEXT NOT NULL,
    -- waiting, sent or failed.
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    next_at      INTEGER NOT NULL,
    -- Code of the last failure, never its text from outside; NULL when none.
    failure      TEXT,
    -- Lease of the worker that is sending; NULL when free.
    lease_until  INTEGER,
    sent_at      INTEGER,
    updated_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL
) STRICT;

CREATE INDEX delivery_due ON delivery (state, next_at);
CREATE INDEX delivery_by_advisory ON delivery (advisory_id);

CREATE TABLE feedback (
    feedback_id TEXT NOT NULL PRIMARY KEY,
    origin_hub  TEXT NOT NULL,
    advisory_id TEXT NOT NULL REFERENCES advisory (advisory_id),
    org_id      TEXT NOT NULL REFERENCES organization (org_id),
    person_id   TEXT NOT NULL REFERENCES person (person_id),
    -- yes, partly or no.
    useful      TEXT NOT NULL,
    -- before, in-time or late, relative to need.
    timeliness  TEXT NOT NULL,
    -- Whether it matched something there: yes, no or unknown.
    matched     TEXT NOT NULL,
    -- Encrypted remark; NULL when none.
    remark      BLOB,
    given_at    INTEGER NOT NULL,
    updated_by  TEXT NOT NULL,
    UNIQUE (advisory_id, org_id, person_id)
) STRICT;
