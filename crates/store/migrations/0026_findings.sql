-- Findings of carriers about servers, what analysts say of the servers, and what became of them.

CREATE TABLE candidate (
    candidate_id TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    -- Keyed hash of address, port and protocol: what they are stands in sealed parts alone.
    locator      TEXT NOT NULL UNIQUE,
    opened_at    INTEGER NOT NULL,
    updated_by   TEXT NOT NULL
) STRICT;

CREATE TABLE finding (
    -- The subject of one part of kind finding, versions counting up.
    finding_id   TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    candidate_id TEXT NOT NULL REFERENCES candidate (candidate_id),
    -- The carrier: told to itself and to nobody else.
    source_id    TEXT NOT NULL REFERENCES organization (org_id),
    -- Who sent the latest version.
    submitted_by TEXT NOT NULL REFERENCES person (person_id),
    -- web or api.
    channel      TEXT NOT NULL,
    accepted_at  INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    UNIQUE (candidate_id, source_id)
) STRICT;

CREATE INDEX finding_by_source ON finding (source_id, updated_at);

CREATE TABLE candidate_judgment (
    candidate_id TEXT NOT NULL REFERENCES candidate (candidate_id),
    -- Whose word it is: one in force for each organization, a later one takes its place.
    org_id       TEXT NOT NULL REFERENCES organization (org_id),
    given_at     INTEGER NOT NULL,
    person_id    TEXT NOT NULL REFERENCES person (person_id),
    -- malicious, harmless or unclear.
    judgment     TEXT NOT NULL,
    -- Encrypted under the candidate's key.
    reason       BLOB NOT NULL,
    expires_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (candidate_id, org_id, given_at)
) STRICT;

CREATE TABLE candidate_step (
    candidate_id TEXT NOT NULL REFERENCES candidate (candidate_id),
    -- shared, blocked or seized.
    step         TEXT NOT NULL,
    -- When it happened, as the analyst says.
    happened_at  INTEGER NOT NULL,
    org_id       TEXT NOT NULL REFERENCES organization (org_id),
    person_id    TEXT NOT NULL REFERENCES person (person_id),
    entered_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    -- Noted again it was told wrongly before: the latest entry counts.
    PRIMARY KEY (candidate_id, step, entered_at)
) STRICT;

CREATE TABLE advisory_candidate (
    advisory_id  TEXT NOT NULL REFERENCES advisory (advisory_id),
    candidate_id TEXT NOT NULL REFERENCES candidate (candidate_id),
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (advisory_id, candidate_id)
) STRICT;

CREATE INDEX advisory_candidate_by_candidate ON advisory_candidate (candidate_id);
