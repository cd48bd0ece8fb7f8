-- What every reader asks for is found without reading what belongs to all the others.

-- How many organizations first did what an advisory asks, day by day in Japan: every reader of the
-- advisory is shown a figure of it, and there are as many readers as lines.
CREATE TABLE advisory_done (
    advisory_id        TEXT NOT NULL REFERENCES advisory (advisory_id),
    -- Begin of the day.
    done_day           INTEGER NOT NULL,
    organization_count INTEGER NOT NULL CHECK (organization_count >= 0),
    updated_by         TEXT NOT NULL,
    PRIMARY KEY (advisory_id, done_day)
) STRICT;

INSERT INTO advisory_done (advisory_id, done_day, organization_count, updated_by)
SELECT advisory_id, done_day, count(*), '0019'
FROM (SELECT advisory_id, org_id,
             (min(settled_at) + 32400000000) / 86400000000 * 86400000000 - 32400000000 AS done_day
      FROM addressee
      WHERE progress = 'done' AND settled_at IS NOT NULL
      GROUP BY advisory_id, org_id) AS first
GROUP BY advisory_id, done_day;

-- The one center, police or coordination center there is, asked for with each report.
CREATE INDEX organization_by_kind ON organization (kind, standing, org_id);

-- Among how many an unnamed source stands is counted on the index alone.
DROP INDEX organization_by_reports_to;

CREATE INDEX organization_by_reports_to ON organization (reports_to, standing);

-- Lists go through the grants to a reader's keys from the newest on, a page at a time. The subject is
-- that of the part, here so that grants of one instant stand in the order of the list.
ALTER TABLE part_audience ADD COLUMN subject_id TEXT NOT NULL DEFAULT '';

UPDATE part_audience SET subject_id =
    (SELECT p.subject_id FROM part p WHERE p.part_id = part_audience.part_id);

DROP INDEX part_audience_by_key;

CREATE INDEX part_audience_by_key
    ON part_audience (audience_key, purpose, clearance, granted_at, subject_id);
