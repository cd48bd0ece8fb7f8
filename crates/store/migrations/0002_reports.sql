-- What goes up: reports, their parts and audiences, seals, reviews, dialogue, incidents.

CREATE TABLE report (
    report_id    TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    kind         TEXT NOT NULL,
    -- named, unnamed or stripped.
    custody      TEXT NOT NULL,
    relay_id     TEXT NOT NULL REFERENCES organization (org_id),
    -- The source; only for named custody (law 6).
    source_id    TEXT REFERENCES organization (org_id),
    -- The person who sent it; only for named custody.
    submitted_by TEXT REFERENCES person (person_id),
    stage        TEXT NOT NULL,
    -- The name above the border, made for this report alone.
    pseudonym    TEXT NOT NULL,
    edition      TEXT NOT NULL,
    sector       TEXT,
    -- The near miss this incident was promoted from; NULL otherwise.
    promoted_from TEXT REFERENCES report (report_id),
    -- Channel it came by: web, api, phone, fax, mail, batch.
    channel      TEXT NOT NULL,
    accepted_at  INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    CHECK (custody = 'named' OR (source_id IS NULL AND submitted_by IS NULL))
) STRICT;

CREATE INDEX report_by_relay ON report (relay_id, stage, accepted_at);
CREATE INDEX report_by_source ON report (source_id, accepted_at);

CREATE TABLE part (
    part_id    TEXT NOT NULL PRIMARY KEY,
    origin_hub TEXT NOT NULL,
    -- The report or advisory it belongs to.
    subject_id TEXT NOT NULL,
    kind       TEXT NOT NULL,
    -- original or outgoing.
    side       TEXT NOT NULL CHECK (side IN ('original', 'outgoing')),
    -- 1 for the first, counting up.
    version    INTEGER NOT NULL,
    -- Encrypted under the subject's key; NULL after erasure.
    body       BLOB,
    tlp        TEXT NOT NULL,
    -- Codes, one per line.
    purposes   TEXT NOT NULL,
    circles    TEXT NOT NULL,
    consent    TEXT NOT NULL,
    -- NULL until its retention ends.
    expires_at INTEGER,
    written_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    UNIQUE (subject_id, kind, side, version, part_id)
) STRICT;

CREATE INDEX part_by_subject ON part (subject_id, kind, side, version);

CREATE TABLE part_audience (
    part_id      TEXT NOT NULL REFERENCES part (part_id),
    -- public, a person, or an organization or community with or without a tier.
    audience_key TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    -- Least clearance, 0 to 3.
    clearance    INTEGER NOT NULL,
    granted_at   INTEGER NOT NULL,
    -- NULL while the part is shared; set when the grant ends early (tightening, recall).
    expires_at   INTEGER,
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (part_id, audience_key, purpose)
) STRICT;

CREATE INDEX part_audience_by_key ON part_audience (audience_key, purpose, granted_at);

-- What lists show of a subject without opening it, for the same audience: codes only, no text.
CREATE TABLE part_facet (
    part_id TEXT NOT NULL REFERENCES part (part_id),
    -- Field word, e.g. sector, near-miss-kind, event-types.
    facet   TEXT NOT NULL,
    code    TEXT NOT NULL,
    PRIMARY KEY (part_id, facet, code)
) STRICT;

CREATE TABLE reading (
    -- One row per actor, part and day in Japan: who opened what, for what.
    part_id    TEXT NOT NULL REFERENCES part (part_id),
    person_id  TEXT NOT NULL,
    day        TEXT NOT NULL,
    org_id     TEXT NOT NULL,
    role       TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    first_at   INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (part_id, person_id, day)
) STRICT;

CREATE TABLE draft (
    draft_id   TEXT NOT NULL PRIMARY KEY,
    origin_hub TEXT NOT NULL,
    -- The person who writes; NULL for an unnamed draft, which is found by its mailbox code.
    person_id  TEXT REFERENCES person (person_id),
    -- Keyed hash of the mailbox code; NULL for a named draft.
    locator    BLOB UNIQUE,
    kind       TEXT NOT NULL,
    -- Encrypted: under the draft's own key, or for unnamed drafts under the mailbox code.
    body       BLOB NOT NULL,
    -- Salt of the mailbox key; NULL for a named draft.
    salt       BLOB,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;

CREATE INDEX draft_by_person ON draft (person_id, updated_at);

CREATE TABLE near_miss_count (
    count_id   TEXT NOT NULL PRIMARY KEY,
    origin_hub TEXT NOT NULL,
    relay_id   TEXT NOT NULL REFERENCES organization (org_id),
    -- Who counted: a token made with the quarter's key, so that k organizations can be counted
    -- and none named once the key is destroyed.
    source_token TEXT NOT NULL,
    -- First day of the week or month in Japan, YYYY-MM-DD.
    period_start TEXT NOT NULL,
    -- week or month.
    period_kind TEXT NOT NULL,
    -- Code of the near-miss kind; the code any for an undivided count.
    kind       TEXT NOT NULL,
    -- How many; zero is an answer.
    count      INTEGER NOT NULL CHECK (count >= 0),
    written_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    UNIQUE (relay_id, source_token, period_kind, period_start, kind)
) STRICT;

CREATE TABLE quarter_key (
    -- First day of the quarter in Japan; the row is deleted when the quarter's counts are settled.
    quarter    TEXT NOT NULL PRIMARY KEY,
    -- Encrypted under the hub's master key.
    body       BLOB NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;

CREATE TABLE custodian (
    custodian_id TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    relay_id     TEXT NOT NULL REFERENCES organization (org_id),
    -- 1, 2 or 3.
    slot         INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 3),
    name         TEXT NOT NULL,
    -- HPKE public key, text form; the secret key never touches the hub.
    public_key   TEXT NOT NULL,
    since        INTEGER NOT NULL,
    -- NULL while in office.
    until        INTEGER,
    updated_by   TEXT NOT NULL
) STRICT;

CREATE INDEX custodian_by_relay ON custodian (relay_id, slot);

CREATE TABLE sealed_identity (
    report_id  TEXT NOT NULL PRIMARY KEY REFERENCES report (report_id),
    -- Stable JSON text form of the sealed block with its three sealed shares.
    body       TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;

CREATE TABLE mailbox (
    -- Keyed hash of the 16-digit code.
    locator    BLOB NOT NULL PRIMARY KEY,
    report_id  TEXT NOT NULL REFERENCES report (report_id),
    updated_by TEXT NOT NULL
) STRICT;

CREATE TABLE seal_opening (
    opening_id   TEXT NOT NULL PRIMARY KEY,
    origin_hub   TEXT NOT NULL,
    report_id    TEXT NOT NULL REFERENCES report (report_id),
    requested_by TEXT NOT NULL REFERENCES person (person_id),
    org_id       TEXT NOT NULL REFERENCES organization (org_id),
    -- Purpose of use, a code of the reference data.
    purpose      TEXT NOT NULL,
    -- requested, approved, opened or refused.
    stage        TEXT NOT NULL,
    -- Encrypted: the reason, and the key to which custodians seal their shares.
    body         BLOB NOT NULL,
    -- Public half of that key, text form.
    recipient    TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    -- When the source is told; never later than the hard maximum.
    told_at      INTEGER NOT NULL,
    updated_by   TEXT NOT NULL
) STRICT;

CREATE TABLE seal_approval (
    opening_id   TEXT NOT NULL REFERENCES seal_opening (opening_id),
    custodian_id TEXT NOT NULL REFERENCES custodian (custodian_id),
    -- JSON text form of the approval, made offline by the custodian.
    body         TEXT NOT NULL,
    approved_at  INTEGER NOT NULL,
    updated_by   TEXT NOT NULL,
    PRIMARY KEY (opening_id, custodian_id)
) STRICT;

CREATE TABLE review (
    review_id   TEXT NOT NULL PRIMARY KEY,
    origin_hub  TEXT NOT NULL,
    report_id   TEXT NOT NULL REFERENCES report (report_id),
    opened_by   TEXT NOT NULL REFERENCES person (person_id),
    -- open, approved, released, withheld.
    stage       TEXT NOT NULL,
    -- Encrypted: the outgoing parts with their terms, and the detector hits the reviewer confirmed.
    body        BLOB NOT NULL,
    -- Candidates among whom the source hides, and the least number asked for.
    anonymity_count INTEGER NOT NULL,
    anonymity_min   INTEGER NOT NULL,
    -- Whether the author is asked to approve the text: not-asked, asked, approved, refused, silent.
    author      TEXT NOT NULL,
    -- When silence withholds; NULL when the author is not asked.
    author_due_at INTEGER,
    opened_at   INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  TEXT NOT NULL
) STRICT;

CREATE INDEX review_by_report ON review (report_id, opened_at);

CREATE TABLE review_approval (
    review_id   TEXT NOT NULL REFERENCES review (review_id),
    person_id   TEXT NOT NULL REFERENCES person (person_id),
    approved_at INTEGER NOT NULL,
    updated_by  TEXT NOT NULL,
    PRIMARY KEY (review_id, person_id)
) STRICT;

CREATE TABLE message (
    message_id TEXT NOT NULL PRIMARY KEY,
    origin_hub TEXT NOT NULL,
    report_id  TEXT NOT NULL REFERENCES report (report_id),
    -- The part that holds the text and its audience.
    part_id    TEXT NOT NULL REFERENCES part (part_id),
    -- source or the kind of the asking organization; never a person.
    voice      TEXT NOT NULL,
    sent_at    INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;

CREATE INDEX message_by_report ON message (report_id, sent_at);

CREATE TABLE opinion (
    opinion_id TEXT NOT NULL PRIMARY KEY,
    origin_hub TEXT NOT NULL,
    report_id  TEXT NOT NULL REFERENCES report (report_id),
    -- operator, relay or center.
    standpoint TEXT NOT NULL,
    org_id     TEXT NOT NULL REFERENCES organization (org_id),
    person_id  TEXT NOT NULL REFERENCES person (person_id),
    -- 0 to 4.
    rung       INTEGER NOT NULL CHECK (rung BETWEEN 0 AND 4),
    -- Working of the rubric: band codes, one name=code per line; empty when set by hand.
    working    TEXT NOT NULL,
    given_at   INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT;

CREATE INDEX opinion_by_report ON opinion (report_id, given_at);

CREATE TABLE incident (
    incident_id TEXT NOT NULL PRIMARY KEY,
    origin_hub  TEXT NOT NULL,
    -- The organization whose grouping this is: others do not see it.
    org_id      TEXT NOT NULL REFERENCES organization (org_id),
    -- Encrypted: the name the analysts gave it.
    body        BLOB NOT NULL,
    opened_at   INTEGER NOT NULL,
    -- NULL while open.
    closed_at   INTEGER,
    updated_by  TEXT NOT NULL
) STRICT;

CREATE TABLE incident_report (
    incident_id TEXT NOT NULL REFERENCES incident (incident_id),
    report_id   TEXT NOT NULL REFERENCES report (report_id),
    -- Provenance: who put it in, when, and who took it out; NULL while it is in.
    added_by    TEXT NOT NULL REFERENCES person (person_id),
    added_at    INTEGER NOT NULL,
    removed_by  TEXT REFERENCES person (person_id),
    removed_at  INTEGER,
    updated_by  TEXT NOT NULL,
    PRIMARY KEY (incident_id, report_id, added_at)
) STRICT;
