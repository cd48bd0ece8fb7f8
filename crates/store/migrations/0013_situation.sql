-- Figures of the situation, fixed when they are published.

CREATE TABLE situation_table (
    -- week:2026-11-16 or quarter:2026-10-01, by its first day in Japan.
    period       TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    updated_by   TEXT NOT NULL
) STRICT;

CREATE TABLE situation_figure (
    period     TEXT NOT NULL REFERENCES situation_table (period),
    -- A sector's code, others for those too small to be named, all for the whole. What is withheld
    -- has no row, like what is nothing.
    sector     TEXT NOT NULL,
    count      INTEGER NOT NULL CHECK (count > 0),
    updated_by TEXT NOT NULL,
    PRIMARY KEY (period, sector)
) STRICT;

CREATE TABLE situation_report (
    -- Which week's table counted a report, and in which row of it. A quarter is the sum of these.
    report_id  TEXT NOT NULL PRIMARY KEY REFERENCES report (report_id),
    period     TEXT NOT NULL REFERENCES situation_table (period),
    sector     TEXT NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;

CREATE INDEX situation_report_by_period ON situation_report (period);
CREATE INDEX report_by_time ON report (accepted_at);
