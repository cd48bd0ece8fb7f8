//! Changing the terms of a part that is there already, and telling who held it.

use domain::audience::Audience;
use domain::handling::Handling;
use domain::id::{PartId, ReportId};
use domain::part::{PartKind, Subject};
use domain::report::ReportKind;
use domain::report::terms::Access;
use domain::time::Timestamp;
use rusqlite::named_params;

use super::{Sight, grants};
use crate::error::StoreError;
use crate::row::{change, collect, lines};
use crate::transaction::{Reader, Tx};

/// A tightening as somebody is told who held the part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowing {
    /// The report.
    pub report: ReportId,
    /// What is reported.
    pub report_kind: ReportKind,
    /// The name under which it is spoken of.
    pub pseudonym: String,
    /// Which part.
    pub kind: PartKind,
    /// What became of this reader's grant.
    pub access: Access,
    /// When.
    pub narrowed_at: Timestamp,
}

/// Puts `handling` in the place of a part's terms and ends every grant in force that is not among
/// `rows`. The grants that were in force, and what became of each.
pub fn narrow(
    tx: &Tx<'_>,
    subject: Subject,
    part: PartId,
    handling: &Handling,
    rows: &[Audience],
) -> Result<Vec<(Audience, Access)>, StoreError> {
    const TERMS: &str = "-- part.narrow
        UPDATE part SET tlp = :tlp, purposes = :purposes, circles = :circles, consent = :consent,
                        expires_at = :expires_at, updated_by = :by
        WHERE part_id = :part";
    const END: &str = "-- part.narrow_grant
        UPDATE part_audience SET expires_at = :now, updated_by = :by
        WHERE part_id = :part AND audience_key = :key AND purpose = :purpose";
    tx.touch(subject);
    change(
        tx.data(),
        "part.narrow",
        TERMS,
        named_params! {
            ":tlp": handling.tlp.word(),
            ":purposes": lines(&handling.purposes),
            ":circles": lines(&handling.circles),
            ":consent": handling.consent.word(),
            ":expires_at": handling.expires_at.map(Timestamp::micros),
            ":by": tx.name(),
            ":part": part.to_string(),
        },
    )?;
    let mut held = Vec::new();
    for grant in in_force(tx, part)? {
        let stays = rows
            .iter()
            .any(|row| row.key == grant.key && row.purpose == grant.purpose);
        if !stays {
            change(
                tx.data(),
                "part.narrow_grant",
                END,
                named_params! {
                    ":now": tx.now().micros(),
                    ":by": tx.name(),
                    ":part": part.to_string(),
                    ":key": grant.key.to_string(),
                    ":purpose": grant.purpose.as_str(),
                },
            )?;
        }
        held.push((grant, if stays { Access::Kept } else { Access::Ended }));
    }
    Ok(held)
}

/// The grants of a part that are in force now.
fn in_force(tx: &Tx<'_>, part: PartId) -> Result<Vec<Audience>, StoreError> {
    let mut found = grants(tx, part)?;
    found.retain(|grant| grant.expires_at.is_none_or(|end| end > tx.now()));
    Ok(found)
}

/// Leaves word of a tightening for those who held the part.
pub fn tell(
    tx: &Tx<'_>,
    report: ReportId,
    kind: PartKind,
    held: &[(Audience, Access)],
) -> Result<(), StoreError> {
    const INSERT: &str = "-- narrowing.insert
        INSERT INTO narrowing (narrowing_id, origin_hub, report_id, kind, narrowed_at, updated_by)
        VALUES (:id, :hub, :report, :kind, :now, :by)";
    const AUDIENCE: &str = "-- narrowing.insert_audience
        INSERT INTO narrowing_audience (narrowing_id, audience_key, purpose, clearance, access, updated_by)
        VALUES (:id, :key, :purpose, :clearance, :access, :by)";
    let id = format!("{:032x}", u128::from_be_bytes(tx.random_bytes()));
    change(
        tx.data(),
        "narrowing.insert",
        INSERT,
        named_params! {
            ":id": id,
            ":hub": tx.hub(),
            ":report": report.to_string(),
            ":kind": kind.word(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )?;
    for (grant, access) in held {
        change(
            tx.data(),
            "narrowing.insert_audience",
            AUDIENCE,
            named_params! {
                ":id": id,
                ":key": grant.key.to_string(),
                ":purpose": grant.purpose.as_str(),
                ":clearance": grant.clearance.level(),
                ":access": access.word(),
                ":by": tx.name(),
            },
        )?;
    }
    Ok(())
}

/// Tightenings since `since` of parts that the reader held, newest first.
pub fn narrowings(
    reader: &Reader<'_>,
    sight: &Sight,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<Narrowing>, StoreError> {
    const VISIBLE: &str = "-- narrowing.visible
        SELECT n.report_id, n.kind, n.narrowed_at, r.pseudonym, r.kind AS report_kind,
               max(a.access) AS access
        FROM narrowing n
        JOIN narrowing_audience a ON a.narrowing_id = n.narrowing_id
        JOIN report r ON r.report_id = n.report_id
        WHERE n.narrowed_at > :since
          AND a.audience_key IN (SELECT value FROM json_each(:keys))
          AND a.purpose = :purpose
          AND a.clearance <= :clearance
        GROUP BY n.narrowing_id, n.report_id, n.kind, n.narrowed_at, r.pseudonym, r.kind
        ORDER BY n.narrowed_at DESC, n.narrowing_id LIMIT :limit";
    collect(
        reader.data(),
        "narrowing.visible",
        "narrowing",
        VISIBLE,
        named_params! {
            ":since": since.micros(),
            ":keys": sight.keys(),
            ":purpose": sight.purpose(),
            ":clearance": sight.clearance(),
            ":limit": limit,
        },
        |row| {
            Ok(Narrowing {
                report: row.word("report_id")?,
                report_kind: row.word("report_kind")?,
                pseudonym: row.plain("pseudonym")?,
                kind: row.word("kind")?,
                // Where several of his keys held it, one that goes on is enough to read it.
                access: row.word("access")?,
                narrowed_at: row.time("narrowed_at")?,
            })
        },
    )
}
