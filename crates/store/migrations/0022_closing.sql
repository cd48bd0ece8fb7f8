-- When a relay settled a report, when an issuer settled an advisory.

CREATE TABLE closing (
    -- A report can be closed, opened again by what its source tells, and closed again.
    report_id   TEXT NOT NULL REFERENCES report (report_id),
    closed_at   INTEGER NOT NULL,
    -- complete, nothing-more, duplicate or out-of-scope.
    reason      TEXT NOT NULL,
    -- Who closed it; the source is not told.
    person_id   TEXT NOT NULL REFERENCES person (person_id),
    -- When the source's update opened it again; NULL while it is closed.
    reopened_at INTEGER,
    updated_by  TEXT NOT NULL,
    PRIMARY KEY (report_id, closed_at)
) STRICT;

-- When and by whom it was settled; NULL unless closed.
ALTER TABLE advisory ADD COLUMN closed_at INTEGER;
ALTER TABLE advisory ADD COLUMN closed_by TEXT REFERENCES person (person_id);
