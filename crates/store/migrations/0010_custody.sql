-- Openings that end, refusals of custodians, and dialogues in threads.

-- The secret half of the key to which custodians seal their shares, encrypted under a key of the
-- opening alone; NULL once the opening has ended and that key is destroyed.
ALTER TABLE seal_opening ADD COLUMN recipient_key BLOB;
-- When the request lapses.
ALTER TABLE seal_opening ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX seal_opening_by_report ON seal_opening (report_id, requested_at);
CREATE INDEX seal_opening_by_org ON seal_opening (org_id, requested_at);

CREATE TABLE seal_refusal (
    opening_id TEXT NOT NULL REFERENCES seal_opening (opening_id),
    -- A person with the role of custodian at the relay; which of the three keys is his the hub does
    -- not know.
    person_id  TEXT NOT NULL REFERENCES person (person_id),
    refused_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (opening_id, person_id)
) STRICT;

-- The organization whose thread the message belongs to: the one that asked. Never the source.
ALTER TABLE message ADD COLUMN asker_id TEXT REFERENCES organization (org_id);
-- For what a relay passed on: the answer it was written after. NULL otherwise.
ALTER TABLE message ADD COLUMN passed_from TEXT REFERENCES message (message_id);

CREATE INDEX message_by_thread ON message (report_id, asker_id, sent_at);
CREATE UNIQUE INDEX message_by_part ON message (part_id);

CREATE TABLE message_passage (
    -- An answer that waits at the border for the relay's own words.
    message_id TEXT NOT NULL PRIMARY KEY REFERENCES message (message_id),
    -- waiting, written, passed or withheld.
    stage      TEXT NOT NULL,
    -- Encrypted: what the relay would pass on; NULL until somebody has written it.
    body       BLOB,
    -- Who wrote it; another person passes it on. NULL until then.
    written_by TEXT REFERENCES person (person_id),
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;
