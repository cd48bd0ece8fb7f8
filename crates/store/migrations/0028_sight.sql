-- Who may read what desks say of a candidate follows from what its author saw; and carriers take
-- findings back.

-- Each organization's own word: two of them may note the same step at the same time.
ALTER TABLE candidate_step RENAME TO candidate_step_before;

CREATE TABLE candidate_step (
    candidate_id TEXT NOT NULL REFERENCES candidate (candidate_id),
    -- Whose word it is.
    org_id       TEXT NOT NULL REFERENCES organization (org_id),
    -- shared, blocked, seized or last-seen.
    step         TEXT NOT NULL,
    -- When it happened, as the analyst says.
    happened_at  INTEGER NOT NULL,
    person_id    TEXT NOT NULL REFERENCES person (person_id),
    entered_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    -- Noted again it was told wrongly before: the organization's latest entry counts.
    PRIMARY KEY (candidate_id, org_id, step, entered_at)
) STRICT;

INSERT INTO candidate_step (candidate_id, org_id, step, happened_at, person_id, entered_at,
                            updated_by)
SELECT candidate_id, org_id, step, happened_at, person_id, entered_at, updated_by
FROM candidate_step_before;

DROP TABLE candidate_step_before;

-- The findings that whoever wrote a judgment or a step could read then. Without a row the word is its
-- own organization's alone.
CREATE TABLE candidate_sight (
    candidate_id TEXT NOT NULL REFERENCES candidate (candidate_id),
    org_id       TEXT NOT NULL REFERENCES organization (org_id),
    -- judgment, or the step.
    said         TEXT NOT NULL,
    -- given_at of the judgment, entered_at of the step.
    said_at      INTEGER NOT NULL,
    finding_id   TEXT NOT NULL REFERENCES finding (finding_id),
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (candidate_id, org_id, said, said_at, finding_id)
) STRICT;

CREATE INDEX candidate_sight_by_finding ON candidate_sight (finding_id);

-- When its carrier took the finding back; NULL while it stands.
ALTER TABLE finding ADD COLUMN withdrawn_at INTEGER;
