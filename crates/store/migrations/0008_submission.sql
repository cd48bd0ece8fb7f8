-- Forms that were accepted: the same form sent twice makes one report.

CREATE TABLE submission (
    -- Keyed hash of the random key that the form carried. No report, person or organization
    -- stands beside it: the row must not tell who sent what.
    form_hash    BLOB NOT NULL PRIMARY KEY,
    -- Hash of what was sent, keyed with the form's key, which the store does not have.
    content_hash BLOB NOT NULL,
    -- Half of what the receipt was drawn from; the form's key is the other. NULL once the receipt
    -- is not repeated any more: then nobody can draw it again.
    salt         BLOB,
    -- Until when the same receipt is given again, to the minute.
    repeat_until INTEGER NOT NULL,
    updated_by   TEXT NOT NULL
) STRICT;

CREATE INDEX submission_by_time ON submission (repeat_until);
