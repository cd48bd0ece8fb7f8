-- The tree of the log as tiles, and the count that keeps refused attempts from flooding it.

CREATE TABLE log_tile (
    -- 0 holds the leaf hashes, each level above the roots of the full tiles below.
    level      INTEGER NOT NULL,
    -- Position in its level, from 0.
    tile_index INTEGER NOT NULL,
    -- Up to 256 hashes of 32 bytes. A tile only grows; its first hashes never change.
    hashes     BLOB NOT NULL,
    PRIMARY KEY (level, tile_index)
) STRICT;

CREATE TABLE refused_attempt (
    -- Who was refused what, once per day. Rows of past days are deleted.
    person_id  TEXT NOT NULL,
    -- Day in Japan.
    day        TEXT NOT NULL,
    action     TEXT NOT NULL,
    -- Id as text, as the person gave it.
    object_id  TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (person_id, day, action, object_id)
) STRICT;

CREATE INDEX commitment_by_time ON commitment (committed_at, commitment_id);
