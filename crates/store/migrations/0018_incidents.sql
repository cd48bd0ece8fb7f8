-- Opinions with a reach of their own, and groupings with their reasons.

-- desk: shown to those who may read an original of the report. readers: to those who may read any
-- part of it.
ALTER TABLE opinion ADD COLUMN reach TEXT NOT NULL DEFAULT 'desk' CHECK (reach IN ('desk', 'readers'));

UPDATE opinion SET reach = 'readers' WHERE standpoint = 'center'
    OR org_id IN (SELECT org_id FROM organization WHERE kind = 'ministry');

-- For what and how far cleared the analyst read who began the incident: its name may tell of what
-- was read so, and it is shown to colleagues who read likewise.
ALTER TABLE incident ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
ALTER TABLE incident ADD COLUMN clearance INTEGER NOT NULL DEFAULT 0;

-- Encrypted under the incident's key: why a report was put in, and why it was taken out.
ALTER TABLE incident_report ADD COLUMN added_why BLOB;
ALTER TABLE incident_report ADD COLUMN removed_why BLOB;

CREATE INDEX incident_by_org ON incident (org_id, opened_at);
CREATE INDEX incident_report_by_report ON incident_report (report_id);
