-- Amending, tightening and recalling: what changed, why, and what holders did with their copies.

-- What an amendment changed, by the names of fields, one per line; empty for the other occasions.
ALTER TABLE advisory_revision ADD COLUMN changed TEXT NOT NULL DEFAULT '';
-- Why the handling was made stricter; NULL unless tightened.
ALTER TABLE advisory_revision ADD COLUMN why TEXT;
-- What those who lost sight have to do with their copies; NULL unless tightened.
ALTER TABLE advisory_revision ADD COLUMN copies TEXT;

-- What holders have to do with their copies; NULL unless recalled.
ALTER TABLE advisory ADD COLUMN recall_copies TEXT;
-- Who recalled it; NULL unless recalled.
ALTER TABLE advisory ADD COLUMN recalled_by TEXT REFERENCES person (person_id);

CREATE TABLE disposal (
    -- What a holder did with its copies of an advisory it may not read any more, in its own word.
    advisory_id  TEXT NOT NULL REFERENCES advisory (advisory_id),
    -- Who held it, as in part_audience: an organization, or a person where one was named.
    audience_key TEXT NOT NULL,
    -- deleted, returned or no-copies.
    disposal     TEXT NOT NULL,
    -- Who says so.
    person_id    TEXT NOT NULL REFERENCES person (person_id),
    -- Counts for what was lost before it: an advisory can be lost, given again and lost again.
    confirmed_at INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (advisory_id, audience_key, confirmed_at)
) STRICT;
