-- Destroying a key is committed with the data that it belongs to.

-- Keys that a committed write destroyed; a row goes once its key is gone from the key database.
CREATE TABLE key_destruction (
    -- Random; the same as in `keys.sqlite`.
    destruction_id TEXT NOT NULL PRIMARY KEY,
    updated_by     TEXT NOT NULL
) STRICT;
