-- Lists of servers from outside: public knowledge, shown beside candidates and never part of one.

-- A writing of a list. One that no list has is shown nowhere: its list is being brought in, or that was
-- broken off, or another has taken its place.
CREATE TABLE outside_version (
    -- Random.
    version   INTEGER NOT NULL PRIMARY KEY,
    list_name TEXT NOT NULL,
    begun_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE outside_list (
    list_name    TEXT NOT NULL PRIMARY KEY,
    -- The writing that is shown.
    version      INTEGER NOT NULL UNIQUE REFERENCES outside_version (version),
    origin_hub   TEXT NOT NULL,
    -- csv or stix.
    format       TEXT NOT NULL,
    -- Where it is from, as whoever brought it in says; NULL when nothing was said.
    source       TEXT,
    imported_at  INTEGER NOT NULL,
    server_count INTEGER NOT NULL CHECK (server_count >= 0),
    updated_by   TEXT NOT NULL
) STRICT;

-- The servers of a writing, written in many transactions and dropped in many.
CREATE TABLE outside_server (
    version INTEGER NOT NULL REFERENCES outside_version (version),
    -- Counted from 0.
    place   INTEGER NOT NULL,
    -- Four octets or sixteen.
    address BLOB NOT NULL CHECK (length(address) IN (4, 16)),
    -- NULL is every port.
    port    INTEGER CHECK (port BETWEEN 1 AND 65535),
    -- What the list says of it; NULL when it says nothing.
    trail   TEXT,
    -- When that is over; NULL when the list says nothing of it.
    over_at INTEGER,
    PRIMARY KEY (version, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX outside_server_by_address ON outside_server (address);
