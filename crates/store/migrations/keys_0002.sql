-- Keys are committed before data: a key whose destruction may not be committed yet is kept apart.

CREATE TABLE key_to_destroy (
    -- Counting up: of two keys of one object the first is the older.
    destruction_number INTEGER NOT NULL PRIMARY KEY,
    -- Random; the same as in `noroshi.sqlite`, where its row says that the destruction is committed.
    destruction_id     TEXT NOT NULL UNIQUE,
    object_id          TEXT NOT NULL,
    wrapped            BLOB NOT NULL
) STRICT;
