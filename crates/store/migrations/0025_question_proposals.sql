-- Answers for everybody that wait for a second person.

CREATE TABLE question_proposal (
    question_id TEXT NOT NULL PRIMARY KEY REFERENCES question (question_id),
    -- 1 when first written, counting up with each writing: the second person names what was read.
    version     INTEGER NOT NULL,
    -- Encrypted question in the issuer's own words.
    wording     BLOB NOT NULL,
    -- Encrypted answer.
    answer      BLOB NOT NULL,
    -- Who wrote this version.
    person_id   TEXT NOT NULL REFERENCES person (person_id),
    proposed_at INTEGER NOT NULL,
    updated_by  TEXT NOT NULL
) STRICT;
