-- Lists of servers from outside: public knowledge, shown beside candidates and never part of one.

CREATE TABLE outside_list (
    list_name    TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    -- csv or stix.
    format       TEXT NOT NULL,
    -- Where it is from, as whoever brought it in says; NULL when nothing was said.
    source       TEXT,
    imported_at  INTEGER NOT NULL,
    server_count INTEGER NOT NULL CHECK (server_count >= 0),
    updated_by   TEXT NOT NULL
) STRICT;

-- The servers of a list: written anew whenever the list is, with the list's own time and transaction.
CREATE TABLE outside_server (
    list_name TEXT NOT NULL REFERENCES outside_list (list_name),
    -- Four octets or sixteen.
    address   BLOB NOT NULL CHECK (length(address) IN (4, 16)),
    -- NULL is every port.
    port      INTEGER CHECK (port BETWEEN 1 AND 65535),
    -- What the list says of it; NULL when it says nothing.
    trail     TEXT
) STRICT;

CREATE INDEX outside_server_by_address ON outside_server (address);
