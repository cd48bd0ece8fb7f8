-- What a carrier's desk did for its own users about a candidate: numbers alone, no user.

CREATE TABLE campaign (
    candidate_id TEXT NOT NULL REFERENCES candidate (candidate_id),
    -- The carrier, which alone reads the row.
    org_id       TEXT NOT NULL REFERENCES organization (org_id),
    -- Users whose devices called the server.
    concerned    INTEGER NOT NULL CHECK (concerned >= 0),
    -- Of these, those who were told.
    told         INTEGER NOT NULL CHECK (told BETWEEN 0 AND concerned),
    -- Of those told, whose device is clean again, and whose is not.
    cured        INTEGER NOT NULL CHECK (cured >= 0),
    uncured      INTEGER NOT NULL CHECK (uncured >= 0),
    person_id    TEXT NOT NULL REFERENCES person (person_id),
    updated_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    CHECK (cured + uncured <= told),
    PRIMARY KEY (candidate_id, org_id)
) STRICT;
