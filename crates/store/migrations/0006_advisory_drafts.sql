-- Advisories under work, their revisions, and addressees who were taken out.

CREATE TABLE advisory_draft (
    -- What is being written for an advisory: its first text, or an amendment. The text is the
    -- newest original part; this row goes when it is issued or thrown away.
    advisory_id TEXT NOT NULL PRIMARY KEY REFERENCES advisory (advisory_id),
    -- Whom the author chose, before it is expanded and frozen: one per line, with the tier.
    chosen      TEXT NOT NULL,
    -- By when each tier has to act: tier and microseconds, one per line.
    dues        TEXT NOT NULL,
    author_id   TEXT NOT NULL REFERENCES person (person_id),
    -- When the second person was asked; NULL while it is being written.
    proposed_at INTEGER,
    updated_at  INTEGER NOT NULL,
    updated_by  TEXT NOT NULL
) STRICT;

CREATE TABLE advisory_revision (
    advisory_id TEXT NOT NULL REFERENCES advisory (advisory_id),
    revision    INTEGER NOT NULL,
    -- issued, amended or tightened.
    occasion    TEXT NOT NULL,
    author_id   TEXT NOT NULL REFERENCES person (person_id),
    -- The second person; NULL for tightening, which one person may do.
    approver_id TEXT REFERENCES person (person_id),
    made_at     INTEGER NOT NULL,
    updated_by  TEXT NOT NULL,
    PRIMARY KEY (advisory_id, revision)
) STRICT;

-- When tightening took the addressee out; NULL while it is one.
ALTER TABLE addressee ADD COLUMN removed_at INTEGER;
