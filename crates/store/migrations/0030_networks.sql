-- Public networks that an operator says are its own, so that what is found there is sent to it.

CREATE TABLE network (
    -- Whose it is. It reads the row, and so does the relay that it reports to; nobody else.
    org_id       TEXT NOT NULL REFERENCES organization (org_id),
    -- As it is shown: 203.0.113.0/24.
    prefix       TEXT NOT NULL,
    -- The first and the last address: 16 octets, IPv4 as IPv6 spells it.
    first_octets BLOB NOT NULL CHECK (length(first_octets) = 16),
    last_octets  BLOB NOT NULL CHECK (length(last_octets) = 16),
    -- Who recorded it.
    person_id    TEXT NOT NULL REFERENCES person (person_id),
    updated_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    CHECK (first_octets <= last_octets),
    PRIMARY KEY (org_id, prefix)
) STRICT;
