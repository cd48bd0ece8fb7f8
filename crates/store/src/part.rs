//! Parts and their audiences: the one table of what can be read, and the one join that lets it be.
//!
//! INVARIANT: every statement here that returns a part or tells of its existence joins with
//! `part_audience` for the reader's keys, purpose, clearance and time. The exceptions are
//! [`latest_for_work`], [`history`] and [`grants`], which the hub's own verbs use and which return
//! confidential content that only the gate opens.

pub(crate) mod body;
pub mod history;
mod list;
mod sight;
mod since;
pub mod terms;

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::audience::{Audience, AudienceKey};
use domain::confidential::Confidential;
use domain::handling::Handling;
use domain::id::PartId;
use domain::organization::Clearance;
use domain::part::field::{Field, Value};
use domain::part::{Part, PartKind, Side, Subject};
use domain::time::Timestamp;
use domain::word::Code;
use rusqlite::named_params;
use seal::object::ObjectKey;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, json_list, lines, one};
use crate::transaction::{Reader, Tx};

pub use list::{Cursor, Listed, Wanted, visible_subjects};
pub use sight::Sight;
pub use since::visible_since;

/// A part with the grants that name its reader, for the gate.
pub struct Granted {
    /// The part.
    pub part: Part,
    /// The grants to one of the reader's keys, whatever their purpose, clearance and end.
    pub grants: Vec<Audience>,
}

/// Writes a part with its audience; its code fields become facets for lists.
pub fn insert(tx: &Tx<'_>, part: &Part, audience: &[Audience]) -> Result<(), StoreError> {
    const INSERT: &str = "-- part.insert
        INSERT INTO part (part_id, origin_hub, subject_id, kind, side, version, body, tlp,
                          purposes, circles, consent, expires_at, written_at, updated_by)
        VALUES (:part, :hub, :subject, :kind, :side, :version, :body, :tlp,
                :purposes, :circles, :consent, :expires_at, :written_at, :by)";
    let id = part.id.to_string();
    let subject = part.subject.to_string();
    let text = body::encode(part.body.expose_for_storage());
    let sealed = tx.sealed(&place(&subject, &id), &text)?;
    change(
        tx.data(),
        "part.insert",
        INSERT,
        named_params! {
            ":part": id,
            ":hub": tx.hub(),
            ":subject": subject,
            ":kind": part.kind.word(),
            ":side": part.side.word(),
            ":version": part.version,
            ":body": sealed,
            ":tlp": part.handling.tlp.word(),
            ":purposes": lines(&part.handling.purposes),
            ":circles": lines(&part.handling.circles),
            ":consent": part.handling.consent.word(),
            ":expires_at": part.handling.expires_at.map(Timestamp::micros),
            ":written_at": part.written_at.micros(),
            ":by": tx.name(),
        },
    )?;
    grant(tx, part.id, audience)?;
    insert_facets(tx, part)
}

/// Adds rows to a part's audience; a row that is there already is left as it is.
pub fn grant(tx: &Tx<'_>, part: PartId, audience: &[Audience]) -> Result<(), StoreError> {
    const GRANT: &str = "-- part.grant
        INSERT INTO part_audience (part_id, subject_id, audience_key, purpose, clearance, granted_at,
                                   expires_at, updated_by)
        VALUES (:part, :subject, :key, :purpose, :clearance, :now, :expires_at, :by)
        ON CONFLICT (part_id, audience_key, purpose) DO NOTHING";
    let Some(subject) = touch(tx, part)? else {
        return Ok(());
    };
    for row in audience {
        change(
            tx.data(),
            "part.grant",
            GRANT,
            named_params! {
                ":part": part.to_string(),
                ":subject": subject.to_string(),
                ":key": row.key.to_string(),
                ":purpose": row.purpose.as_str(),
                ":clearance": row.clearance.level(),
                ":now": tx.now().micros(),
                ":expires_at": row.expires_at.map(Timestamp::micros),
                ":by": tx.name(),
            },
        )?;
    }
    Ok(())
}

/// Ends all grants of a subject's parts now; the rows stay as the list of holders.
pub fn end_grants(tx: &Tx<'_>, subject: Subject) -> Result<usize, StoreError> {
    const END: &str = "-- part.end_grants
        UPDATE part_audience SET expires_at = :now, updated_by = :by
        WHERE part_id IN (SELECT part_id FROM part WHERE subject_id = :subject)
          AND (expires_at IS NULL OR expires_at > :now)";
    tx.touch(subject);
    change(
        tx.data(),
        "part.end_grants",
        END,
        named_params! {":now": tx.now().micros(), ":by": tx.name(), ":subject": subject.to_string()},
    )
}

/// Lets `to` see what `from` sees of a subject's parts, from now on in his place: his grants end.
pub fn pass_on_grants(
    tx: &Tx<'_>,
    subject: Subject,
    from: AudienceKey,
    to: AudienceKey,
) -> Result<(), StoreError> {
    const COPY: &str = "-- part.pass_on_grants
        INSERT INTO part_audience (part_id, subject_id, audience_key, purpose, clearance, granted_at,
                                   expires_at, updated_by)
        SELECT part_id, subject_id, :to, purpose, clearance, :now, expires_at, :by
        FROM part_audience
        WHERE part_id IN (SELECT part_id FROM part WHERE subject_id = :subject)
          AND audience_key = :from AND (expires_at IS NULL OR expires_at > :now)
        ON CONFLICT (part_id, audience_key, purpose) DO UPDATE
        SET clearance = excluded.clearance, granted_at = excluded.granted_at,
            expires_at = excluded.expires_at, updated_by = excluded.updated_by";
    change(
        tx.data(),
        "part.pass_on_grants",
        COPY,
        named_params! {
            ":subject": subject.to_string(), ":from": from.to_string(), ":to": to.to_string(),
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )?;
    end_grants_of(tx, subject, from)
}

/// Ends what one key sees of a subject's parts now.
pub fn end_grants_of(tx: &Tx<'_>, subject: Subject, key: AudienceKey) -> Result<(), StoreError> {
    const END: &str = "-- part.end_grants_of
        UPDATE part_audience SET expires_at = :now, updated_by = :by
        WHERE part_id IN (SELECT part_id FROM part WHERE subject_id = :subject)
          AND audience_key = :key AND (expires_at IS NULL OR expires_at > :now)";
    tx.touch(subject);
    change(
        tx.data(),
        "part.end_grants_of",
        END,
        named_params! {
            ":subject": subject.to_string(), ":key": key.to_string(),
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Ends all grants of one part now: another version has taken its place.
pub fn end_part_grants(tx: &Tx<'_>, part: PartId) -> Result<usize, StoreError> {
    const END: &str = "-- part.end_part_grants
        UPDATE part_audience SET expires_at = :now, updated_by = :by
        WHERE part_id = :part AND (expires_at IS NULL OR expires_at > :now)";
    touch(tx, part)?;
    change(
        tx.data(),
        "part.end_part_grants",
        END,
        named_params! {":now": tx.now().micros(), ":by": tx.name(), ":part": part.to_string()},
    )
}

/// The newest version of each kind of part of `subject` that the reader may see, with the grants
/// that name the reader; only parts of which the reader may see that version.
pub fn visible(
    reader: &Reader<'_>,
    sight: &Sight,
    subject: Subject,
) -> Result<Vec<Granted>, StoreError> {
    const VISIBLE: &str = "-- part.visible
        SELECT p.*
        FROM part p
        WHERE p.subject_id = :subject
          AND p.body IS NOT NULL
          AND (p.expires_at IS NULL OR p.expires_at > :now)
          AND EXISTS (SELECT 1 FROM part_audience a
                      WHERE a.part_id = p.part_id
                        AND a.audience_key IN (SELECT value FROM json_each(:keys))
                        AND a.purpose = :purpose
                        AND a.clearance <= :clearance
                        AND (a.expires_at IS NULL OR a.expires_at > :now))
        ORDER BY p.kind, p.side, p.version, p.written_at, p.part_id";
    let subject = subject.to_string();
    let parts = collect(
        reader.data(),
        "part.visible",
        "part",
        VISIBLE,
        named_params! {
            ":subject": subject,
            ":now": sight.now.micros(),
            ":keys": sight.keys,
            ":purpose": sight.purpose,
            ":clearance": sight.clearance,
        },
        sealed_part,
    )?;
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let Some(key) = reader.key(&subject)? else {
        return Ok(Vec::new());
    };
    let mut grants = grants_to(reader, sight, parts.iter().map(|part| part.id))?;
    let mut granted = Vec::with_capacity(parts.len());
    for sealed in parts {
        if let Some(part) = sealed.open_with(reader, &key)? {
            let grants = grants.remove(&part.id).unwrap_or_default();
            granted.push(Granted { part, grants });
        }
    }
    Ok(granted)
}

/// Codes that lists show of a subject, by field.
pub type Facets = BTreeMap<Field, Vec<Code>>;

/// Codes that lists show of `subject`, from the parts this reader may see.
pub fn visible_facets(
    reader: &Reader<'_>,
    sight: &Sight,
    subject: Subject,
) -> Result<Facets, StoreError> {
    let mut found = visible_facets_of(reader, sight, &[subject])?;
    Ok(found.remove(&subject).unwrap_or_default())
}

/// The same of several subjects at once; a subject without any is left out.
pub fn visible_facets_of(
    reader: &Reader<'_>,
    sight: &Sight,
    subjects: &[Subject],
) -> Result<BTreeMap<Subject, Facets>, StoreError> {
    const FACETS: &str = "-- part.visible_facets
        SELECT DISTINCT p.subject_id, f.facet, f.code
        FROM part p
        JOIN part_facet f ON f.part_id = p.part_id
        WHERE p.subject_id IN (SELECT value FROM json_each(:subjects))
          AND p.body IS NOT NULL
          AND (p.expires_at IS NULL OR p.expires_at > :now)
          AND EXISTS (SELECT 1 FROM part_audience a
                      WHERE a.part_id = p.part_id
                        AND a.audience_key IN (SELECT value FROM json_each(:keys))
                        AND a.purpose = :purpose
                        AND a.clearance <= :clearance
                        AND (a.expires_at IS NULL OR a.expires_at > :now))
        ORDER BY p.subject_id, f.facet, f.code";
    let rows = collect(
        reader.data(),
        "part.visible_facets",
        "part_facet",
        FACETS,
        named_params! {
            ":subjects": json_list(subjects),
            ":now": sight.now.micros(),
            ":keys": sight.keys,
            ":purpose": sight.purpose,
            ":clearance": sight.clearance,
        },
        |row| {
            Ok((
                row.word::<Subject>("subject_id")?,
                row.word::<Field>("facet")?,
                row.word::<Code>("code")?,
            ))
        },
    )?;
    let mut facets: BTreeMap<Subject, Facets> = BTreeMap::new();
    for (subject, facet, code) in rows {
        let of_subject = facets.entry(subject).or_default();
        of_subject.entry(facet).or_default().push(code);
    }
    Ok(facets)
}

/// The grants of parts to one of the reader's keys. An advisory has a grant for each organization
/// it names, and its readers are all of them: to read all grants for each reading would cost the
/// square of that.
fn grants_to(
    reader: &Reader<'_>,
    sight: &Sight,
    parts: impl Iterator<Item = PartId>,
) -> Result<BTreeMap<PartId, Vec<Audience>>, StoreError> {
    const GRANTS: &str = "-- part.grants_to
        SELECT part_id, audience_key, purpose, clearance, expires_at FROM part_audience
        WHERE part_id IN (SELECT value FROM json_each(:parts))
          AND audience_key IN (SELECT value FROM json_each(:keys))
        ORDER BY part_id, audience_key, purpose";
    let rows = collect(
        reader.data(),
        "part.grants_to",
        "part_audience",
        GRANTS,
        named_params! {":parts": json_list(parts), ":keys": sight.keys},
        |row| Ok((row.word::<PartId>("part_id")?, grant_row(row)?)),
    )?;
    let mut grants: BTreeMap<PartId, Vec<Audience>> = BTreeMap::new();
    for (part, grant) in rows {
        grants.entry(part).or_default().push(grant);
    }
    Ok(grants)
}

/// Every grant of a part, also those that have ended: the list of holders.
pub fn grants(reader: &Reader<'_>, part: PartId) -> Result<Vec<Audience>, StoreError> {
    const GRANTS: &str = "-- part.grants
        SELECT audience_key, purpose, clearance, expires_at FROM part_audience
        WHERE part_id = :part ORDER BY audience_key, purpose";
    collect(
        reader.data(),
        "part.grants",
        "part_audience",
        GRANTS,
        named_params! {":part": part.to_string()},
        grant_row,
    )
}

fn grant_row(row: &Columns<'_>) -> Result<Audience, StoreError> {
    Ok(Audience {
        key: row.word("audience_key")?,
        purpose: row.word("purpose")?,
        clearance: clearance(row)?,
        expires_at: row.time_or_none("expires_at")?,
    })
}

/// Everybody who was ever granted a part of `subject`, for each purpose at the least clearance that
/// was enough.
pub fn holders(reader: &Reader<'_>, subject: Subject) -> Result<Vec<Audience>, StoreError> {
    const HOLDERS: &str = "-- part.holders
        SELECT a.audience_key, a.purpose, min(a.clearance) AS clearance
        FROM part_audience a JOIN part p ON p.part_id = a.part_id
        WHERE p.subject_id = :subject AND p.kind <> 'message'
        GROUP BY a.audience_key, a.purpose ORDER BY a.audience_key, a.purpose";
    collect(
        reader.data(),
        "part.holders",
        "part_audience",
        HOLDERS,
        named_params! {":subject": subject.to_string()},
        |row| {
            Ok(Audience {
                key: row.word("audience_key")?,
                purpose: row.word("purpose")?,
                clearance: clearance(row)?,
                expires_at: None,
            })
        },
    )
}

fn clearance(row: &Columns<'_>) -> Result<Clearance, StoreError> {
    Clearance::from_level(row.plain("clearance")?).ok_or(StoreError::Corrupt {
        table: "part_audience",
        column: "clearance",
    })
}

/// The newest version of each kind of part of `subject` on `side`, for the hub's own work. The
/// content stays in its box.
pub fn latest_for_work(
    reader: &Reader<'_>,
    subject: Subject,
    side: Side,
) -> Result<Vec<Part>, StoreError> {
    const LATEST: &str = "-- part.latest_for_work
        SELECT p.* FROM part p
        WHERE p.subject_id = :subject AND p.side = :side AND p.kind <> 'message'
          AND p.version = (SELECT max(q.version) FROM part q
                           WHERE q.subject_id = p.subject_id AND q.side = p.side AND q.kind = p.kind)
        ORDER BY p.kind";
    let sealed = collect(
        reader.data(),
        "part.latest_for_work",
        "part",
        LATEST,
        named_params! {":subject": subject.to_string(), ":side": side.word()},
        sealed_part,
    )?;
    sealed
        .into_iter()
        .filter_map(|part| part.open(reader).transpose())
        .collect()
}

/// One part for the hub's own work; `None` when it is not there or was erased.
pub fn one_for_work(reader: &Reader<'_>, part: PartId) -> Result<Option<Part>, StoreError> {
    const ONE: &str = "-- part.one_for_work
        SELECT * FROM part WHERE part_id = :part";
    let sealed = one(
        reader.data(),
        "part.one_for_work",
        "part",
        ONE,
        named_params! {":part": part.to_string()},
        sealed_part,
    )?;
    Ok(match sealed {
        Some(sealed) => sealed.open(reader)?,
        None => None,
    })
}

/// Notes that a person opened a part; true when it is the first time that day.
pub fn note_reading(tx: &Tx<'_>, part: PartId, actor: &Actor) -> Result<bool, StoreError> {
    const NOTE: &str = "-- part.note_reading
        INSERT INTO reading (part_id, person_id, day, org_id, role, purpose, first_at, updated_by)
        VALUES (:part, :person, :day, :org, :role, :purpose, :now, :by)
        ON CONFLICT (part_id, person_id, day) DO NOTHING";
    let written = change(
        tx.data(),
        "part.note_reading",
        NOTE,
        named_params! {
            ":part": part.to_string(),
            ":person": actor.person.to_string(),
            ":day": tx.now().day_in_japan().to_string(),
            ":org": actor.organization.to_string(),
            ":role": actor.role.word(),
            ":purpose": actor.purpose.as_str(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )?;
    Ok(written == 1)
}

/// Has the subject of `part` shelved anew in the search index, and tells it; `None` when there is no
/// such part.
fn touch(tx: &Tx<'_>, part: PartId) -> Result<Option<Subject>, StoreError> {
    const SUBJECT: &str = "-- part.subject
        SELECT subject_id FROM part WHERE part_id = :part";
    let subject: Option<Subject> = one(
        tx.data(),
        "part.subject",
        "part",
        SUBJECT,
        named_params! {":part": part.to_string()},
        |row| row.word("subject_id"),
    )?;
    if let Some(subject) = subject {
        tx.touch(subject);
    }
    Ok(subject)
}

fn place<'a>(subject: &'a str, part: &'a str) -> Place<'a> {
    Place {
        object: subject,
        table: "part",
        column: "body",
        row: part,
    }
}

fn insert_facets(tx: &Tx<'_>, part: &Part) -> Result<(), StoreError> {
    const FACET: &str = "-- part.insert_facet
        INSERT INTO part_facet (part_id, facet, code) VALUES (:part, :facet, :code)
        ON CONFLICT (part_id, facet, code) DO NOTHING";
    for (field, value) in part.body.expose_for_storage().fields() {
        // The source part names the source: nothing of it may stand in clear.
        let Value::Codes(codes) = value else { continue };
        if part.kind == PartKind::Source {
            continue;
        }
        for code in codes {
            change(
                tx.data(),
                "part.insert_facet",
                FACET,
                named_params! {":part": part.id.to_string(), ":facet": field.word(), ":code": code.as_str()},
            )?;
        }
    }
    Ok(())
}

/// A part whose body is still ciphertext.
struct SealedPart {
    id: PartId,
    subject: Subject,
    kind: PartKind,
    side: Side,
    version: u32,
    body: Option<Vec<u8>>,
    handling: Handling,
    written_at: Timestamp,
}

fn sealed_part(row: &Columns<'_>) -> Result<SealedPart, StoreError> {
    Ok(SealedPart {
        id: row.word("part_id")?,
        subject: row.word("subject_id")?,
        kind: row.word("kind")?,
        side: row.word("side")?,
        version: row.plain("version")?,
        body: row.plain("body")?,
        handling: Handling {
            tlp: row.word("tlp")?,
            purposes: row.words("purposes")?,
            circles: row.words("circles")?,
            expires_at: row.time_or_none("expires_at")?,
            consent: row.word("consent")?,
        },
        written_at: row.time("written_at")?,
    })
}

impl SealedPart {
    /// Opens the body; `None` when it was erased.
    fn open(self, reader: &Reader<'_>) -> Result<Option<Part>, StoreError> {
        match reader.key(&self.subject.to_string())? {
            Some(key) => self.open_with(reader, &key),
            None => Ok(None),
        }
    }

    /// The same with the key of its subject.
    fn open_with(self, reader: &Reader<'_>, key: &ObjectKey) -> Result<Option<Part>, StoreError> {
        let Some(sealed) = self.body else {
            return Ok(None);
        };
        let (subject, id) = (self.subject.to_string(), self.id.to_string());
        let text = reader.opened_with(key, &place(&subject, &id), &sealed)?;
        Ok(Some(Part {
            id: self.id,
            subject: self.subject,
            kind: self.kind,
            side: self.side,
            version: self.version,
            body: Confidential::new(body::decode(&text)?),
            handling: self.handling,
            written_at: self.written_at,
        }))
    }
}
