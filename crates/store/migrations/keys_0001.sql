-- Object keys, in a database of their own so that backups of the data hold only ciphertext.

CREATE TABLE object_key (
    -- Report, advisory, person … id as text.
    object_id TEXT NOT NULL PRIMARY KEY,
    -- The key, wrapped by the master key.
    wrapped   BLOB NOT NULL
) STRICT;
