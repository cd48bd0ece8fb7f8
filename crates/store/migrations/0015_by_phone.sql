-- Reports that a clerk wrote down for a source that phoned or faxed.

-- Who wrote it down, and for which organization; NULL when the source sent it itself. Nothing here
-- or elsewhere says who phoned.
ALTER TABLE report ADD COLUMN clerk_id TEXT REFERENCES person (person_id);
ALTER TABLE report ADD COLUMN clerk_org TEXT REFERENCES organization (org_id);
