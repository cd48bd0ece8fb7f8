-- Terms that a source tightened after a part was released: who held it is told.

CREATE TABLE narrowing (
    narrowing_id TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    report_id    TEXT NOT NULL REFERENCES report (report_id),
    -- Which of the four parts.
    kind         TEXT NOT NULL,
    narrowed_at  INTEGER NOT NULL,
    updated_by   TEXT NOT NULL
) STRICT;

CREATE TABLE narrowing_audience (
    -- Who is told: the grants that were in force on the outgoing part.
    narrowing_id TEXT NOT NULL REFERENCES narrowing (narrowing_id),
    audience_key TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    -- Least clearance, 0 to 3.
    clearance    INTEGER NOT NULL,
    -- ended: the grant ended with it. kept: it goes on under tighter terms.
    access       TEXT NOT NULL CHECK (access IN ('ended', 'kept')),
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (narrowing_id, audience_key, purpose)
) STRICT;

CREATE INDEX narrowing_audience_by_key ON narrowing_audience (audience_key, purpose);
