-- Questions with a hoped-for day, passages with a revision, and withdrawals that are told.

-- When an answer is hoped for; silence is allowed. NULL for no day, and for answers.
ALTER TABLE message ADD COLUMN due_at INTEGER;
-- Two people at a relay may have the same passage open: a write names the revision it was made from.
ALTER TABLE message_passage ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

CREATE TABLE withdrawal (
    report_id    TEXT NOT NULL PRIMARY KEY REFERENCES report (report_id),
    -- A part without content. Its audience is everybody who ever held a part of the report: they,
    -- and nobody else, see that it was taken back.
    part_id      TEXT NOT NULL UNIQUE REFERENCES part (part_id),
    -- mistaken, duplicate, wrong-desk or not-shared.
    reason       TEXT NOT NULL,
    withdrawn_at INTEGER NOT NULL,
    updated_by   TEXT NOT NULL
) STRICT;
