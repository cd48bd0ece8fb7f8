-- The log nobody can rewrite, the job leases, and the search index.

CREATE TABLE commitment (
    -- Random; the order of the log is the sequencer's, not this table's.
    commitment_id TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    -- report-accepted, part-read, advisory-issued …
    event        TEXT NOT NULL,
    -- What it is about: an id as text.
    object_id    TEXT NOT NULL,
    -- The organization that may ask for its proof as the owner; NULL when only auditors may.
    owner_org    TEXT,
    -- Salted SHA-256 of the payload.
    hash         BLOB NOT NULL,
    -- Salt and payload, sealed under a key of the object's own; NULL after erasure: the proof
    -- stays, and opens nothing.
    opening      BLOB,
    committed_at INTEGER NOT NULL,
    -- Position in the published log; NULL until the sequencer takes it.
    leaf_index   INTEGER,
    updated_by   TEXT NOT NULL
) STRICT;

CREATE INDEX commitment_waiting ON commitment (committed_at) WHERE leaf_index IS NULL;
CREATE INDEX commitment_by_object ON commitment (object_id);
CREATE INDEX commitment_by_owner ON commitment (owner_org, committed_at);
CREATE UNIQUE INDEX commitment_by_leaf ON commitment (leaf_index) WHERE leaf_index IS NOT NULL;

CREATE TABLE log_leaf (
    leaf_index INTEGER NOT NULL PRIMARY KEY,
    -- The hub that the entry names.
    origin_hub TEXT NOT NULL,
    -- What the entry commits to: 32 bytes, a commitment or a dummy. The two look the same.
    hash       BLOB NOT NULL
) STRICT;

CREATE TABLE checkpoint (
    tree_size  INTEGER NOT NULL PRIMARY KEY,
    -- Size of the tree it continues, 0 for the first. Unique: a checkpoint has one successor, so
    -- that two instances cannot fork the log.
    previous_size INTEGER NOT NULL UNIQUE,
    root_hash  BLOB NOT NULL,
    -- Signed note.
    note       TEXT NOT NULL,
    signed_at  INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;

CREATE TABLE lease (
    -- Name of the job; one worker holds it at a time.
    job        TEXT NOT NULL PRIMARY KEY,
    holder     TEXT NOT NULL,
    until      INTEGER NOT NULL,
    -- When it last ran to its end; NULL before.
    ran_at     INTEGER,
    updated_by TEXT NOT NULL
) STRICT;

CREATE TABLE hub_fact (
    -- Facts about this store: demo marker, hub name, encrypted keys of the hub.
    fact       TEXT NOT NULL PRIMARY KEY,
    body       BLOB NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;

-- Bigrams of visible texts as keyed hashes; the key is not in this database.
CREATE VIRTUAL TABLE search_index USING fts5 (tokens, content = '', contentless_delete = 1, detail = full);

CREATE TABLE search_row (
    -- Row of the index; the part it stands for.
    row_number INTEGER NOT NULL PRIMARY KEY,
    part_id    TEXT NOT NULL UNIQUE REFERENCES part (part_id)
) STRICT;
