-- The search index, by shelves: what exactly the same readers may see stands on one shelf, and a
-- reader looks only at shelves that are his.

DROP TABLE search_row;
DROP TABLE search_index;

-- Words of readable texts as keyed hashes, each with the shelf in it; the key is not in this
-- database. Neither positions nor counts of words are kept.
CREATE VIRTUAL TABLE search_index USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

CREATE TABLE search_row (
    -- Row of the index: the second of the newest grant times 16384, plus a running number.
    row_number INTEGER NOT NULL PRIMARY KEY,
    -- The report or advisory whose parts on this shelf it stands for.
    subject_id TEXT NOT NULL,
    -- Keyed hash of who may see those parts, or wide when more keys than a few may.
    shelf      TEXT NOT NULL,
    UNIQUE (subject_id, shelf)
) STRICT;

CREATE INDEX search_row_by_shelf ON search_row (shelf);

CREATE TABLE search_shelf (
    -- Who may see what stands on a shelf; none for the wide one, which every reader looks at.
    audience_key TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    clearance    INTEGER NOT NULL,
    shelf        TEXT NOT NULL,
    PRIMARY KEY (audience_key, purpose, clearance, shelf)
) STRICT;

CREATE INDEX search_shelf_by_shelf ON search_shelf (shelf);
