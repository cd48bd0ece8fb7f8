-- Questions of addressees to the issuer of an advisory.

CREATE TABLE question (
    question_id  TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    advisory_id  TEXT NOT NULL REFERENCES advisory (advisory_id),
    -- The line it was asked for: it belongs to the organization, or to the one person, named there.
    addressee_id TEXT NOT NULL REFERENCES addressee (addressee_id),
    -- Who asked.
    person_id    TEXT NOT NULL REFERENCES person (person_id),
    -- Encrypted question; NULL once erased.
    body         BLOB,
    asked_at     INTEGER NOT NULL,
    -- asker or everybody; NULL while it waits.
    answered_to  TEXT,
    -- Encrypted answer; NULL while it waits and once erased.
    answer       BLOB,
    -- Encrypted question in the issuer's own words; NULL unless the answer is for everybody, and
    -- once erased.
    wording      BLOB,
    -- Who answered; NULL while it waits.
    answered_by  TEXT REFERENCES person (person_id),
    answered_at  INTEGER,
    updated_by   TEXT NOT NULL,
    CHECK ((answered_to IS NULL) = (answered_at IS NULL)),
    CHECK ((answered_to IS NULL) = (answered_by IS NULL)),
    CHECK (answered_to IS NOT NULL OR answer IS NULL),
    CHECK (wording IS NULL OR answered_to = 'everybody')
) STRICT;

CREATE INDEX question_by_advisory ON question (advisory_id, answered_at);
CREATE INDEX question_by_addressee ON question (addressee_id, asked_at);
