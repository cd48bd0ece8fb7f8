//! Openings of sealed identities: what is asked, who agreed, and the key that shares are sealed to.
//!
//! INVARIANT: what is asked is encrypted under the report's key and goes with the report; the secret
//! half of the recipient's key is encrypted under a key of the opening alone, which is destroyed
//! when the opening ends: from then on nobody can read what the custodians sent.

use domain::confidential::Confidential;
use domain::id::{CustodianId, OpeningId, OrganizationId, PersonId, ReportId};
use domain::opening::{Ask, OpeningStage};
use domain::time::Timestamp;
use domain::word::Code;
use rusqlite::named_params;
use seal::envelope::{PublicKey, SecretKey};
use serde_json::{Value as Json, json};

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// An opening as it is kept, without what is confidential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Its id.
    pub id: OpeningId,
    /// The report whose source is asked for.
    pub report: ReportId,
    /// The person who asked.
    pub asked_by: PersonId,
    /// The organization that asked.
    pub organization: OrganizationId,
    /// The purpose of use.
    pub purpose: Code,
    /// How far it has come.
    pub stage: OpeningStage,
    /// The key to which the custodians seal their shares, text form.
    pub recipient: String,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When the source is told.
    pub told_at: Timestamp,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// A custodian's agreement, as he made it offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Who agreed.
    pub custodian: CustodianId,
    /// The file, JSON text.
    pub body: String,
    /// When it was handed in.
    pub at: Timestamp,
}

/// Whose openings are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those that this organization asked for.
    Asked(OrganizationId),
    /// Those of reports whose seals this relay's custodians keep.
    Kept(OrganizationId),
}

/// Writes an opening that was just asked for.
pub fn insert(
    tx: &Tx<'_>,
    opening: &Opening,
    ask: &Confidential<Ask>,
    secret: &SecretKey,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- opening.insert
        INSERT INTO seal_opening (opening_id, origin_hub, report_id, requested_by, org_id, purpose, stage,
                                  body, recipient, recipient_key, requested_at, told_at, expires_at, updated_by)
        VALUES (:opening, :hub, :report, :person, :org, :purpose, :stage,
                :body, :recipient, :key, :requested_at, :told_at, :expires_at, :by)";
    let (id, report) = (opening.id.to_string(), opening.report.to_string());
    let asked = ask.expose_for_storage();
    let text = json!({
        "by": asked.by, "purpose": asked.purpose, "reason": asked.reason, "at": asked.at,
    });
    let body = tx.sealed(&ask_place(&report, &id), text.to_string().as_bytes())?;
    let key = tx.sealed(&key_place(&id), secret.expose_text().as_bytes())?;
    change(
        tx.data(),
        "opening.insert",
        INSERT,
        named_params! {
            ":opening": id,
            ":hub": tx.hub(),
            ":report": report,
            ":person": opening.asked_by.to_string(),
            ":org": opening.organization.to_string(),
            ":purpose": opening.purpose.as_str(),
            ":stage": opening.stage.word(),
            ":body": body,
            ":recipient": opening.recipient,
            ":key": key,
            ":requested_at": opening.requested_at.micros(),
            ":told_at": opening.told_at.micros(),
            ":expires_at": opening.expires_at.micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The opening with that id.
pub fn find(reader: &Reader<'_>, id: OpeningId) -> Result<Option<Opening>, StoreError> {
    const FIND: &str = "-- opening.find
        SELECT * FROM seal_opening WHERE opening_id = :opening";
    one(
        reader.data(),
        "opening.find",
        "seal_opening",
        FIND,
        named_params! {":opening": id.to_string()},
        opening,
    )
}

/// Openings, newest first, at most `limit`.
pub fn list(reader: &Reader<'_>, whose: Whose, limit: u32) -> Result<Vec<Opening>, StoreError> {
    const ASKED: &str = "-- opening.asked
        SELECT * FROM seal_opening WHERE org_id = :org
        ORDER BY requested_at DESC, opening_id DESC LIMIT :limit";
    const KEPT: &str = "-- opening.kept
        SELECT o.* FROM seal_opening o JOIN report r ON r.report_id = o.report_id
        WHERE r.relay_id = :org
        ORDER BY o.requested_at DESC, o.opening_id DESC LIMIT :limit";
    let (name, sql, organization) = match whose {
        Whose::Asked(organization) => ("opening.asked", ASKED, organization),
        Whose::Kept(relay) => ("opening.kept", KEPT, relay),
    };
    collect(
        reader.data(),
        name,
        "seal_opening",
        sql,
        named_params! {":org": organization.to_string(), ":limit": limit},
        opening,
    )
}

/// Openings of a report, oldest first.
pub fn of_report(reader: &Reader<'_>, report: ReportId) -> Result<Vec<Opening>, StoreError> {
    const LIST: &str = "-- opening.of_report
        SELECT * FROM seal_opening WHERE report_id = :report ORDER BY requested_at, opening_id";
    collect(
        reader.data(),
        "opening.of_report",
        "seal_opening",
        LIST,
        named_params! {":report": report.to_string()},
        opening,
    )
}

/// Openings under way whose time has run out by `now`, at most `limit`.
pub fn overdue(
    reader: &Reader<'_>,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Opening>, StoreError> {
    const LIST: &str = "-- opening.overdue
        SELECT * FROM seal_opening
        WHERE stage IN ('requested', 'approved', 'opened') AND expires_at <= :now
        ORDER BY expires_at, opening_id LIMIT :limit";
    collect(
        reader.data(),
        "opening.overdue",
        "seal_opening",
        LIST,
        named_params! {":now": now.micros(), ":limit": limit},
        opening,
    )
}

/// What was asked, letter for letter; `None` when the report was erased.
pub fn ask(
    reader: &Reader<'_>,
    opening: &Opening,
) -> Result<Option<Confidential<Ask>>, StoreError> {
    const READ: &str = "-- opening.ask
        SELECT body FROM seal_opening WHERE opening_id = :opening";
    let (id, report) = (opening.id.to_string(), opening.report.to_string());
    let sealed: Option<Vec<u8>> = one(
        reader.data(),
        "opening.ask",
        "seal_opening",
        READ,
        named_params! {":opening": id},
        |row| row.plain("body"),
    )?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let Some(text) = reader.opened(&ask_place(&report, &id), &sealed)? else {
        return Ok(None);
    };
    let json: Json = serde_json::from_slice(&text).map_err(|_| CORRUPT)?;
    let field = |name: &str| {
        let text = json.get(name).and_then(Json::as_str);
        text.map(str::to_owned).ok_or(CORRUPT)
    };
    Ok(Some(Confidential::new(Ask {
        by: field("by")?,
        purpose: field("purpose")?,
        reason: field("reason")?,
        at: field("at")?,
    })))
}

/// Both halves of the key that shares are sealed to; `None` once the opening has ended.
pub fn recipient(
    reader: &Reader<'_>,
    opening: &Opening,
) -> Result<Option<(SecretKey, PublicKey)>, StoreError> {
    const READ: &str = "-- opening.recipient
        SELECT recipient_key FROM seal_opening
        WHERE opening_id = :opening AND recipient_key IS NOT NULL";
    let id = opening.id.to_string();
    let sealed: Option<Vec<u8>> = one(
        reader.data(),
        "opening.recipient",
        "seal_opening",
        READ,
        named_params! {":opening": id},
        |row| row.plain("recipient_key"),
    )?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let Some(text) = reader.opened(&key_place(&id), &sealed)? else {
        return Ok(None);
    };
    let text = String::from_utf8(text).map_err(|_| CORRUPT)?;
    let secret = SecretKey::parse(&text).map_err(|_| CORRUPT)?;
    let public = secret.public_key();
    Ok(Some((secret, public)))
}

/// Moves an opening to `stage`; one that is not under way any more loses its key.
pub fn set_stage(tx: &Tx<'_>, id: OpeningId, stage: OpeningStage) -> Result<(), StoreError> {
    const MOVE: &str = "-- opening.set_stage
        UPDATE seal_opening SET stage = :stage, updated_by = :by WHERE opening_id = :opening";
    const END: &str = "-- opening.end
        UPDATE seal_opening SET stage = :stage, recipient_key = NULL, updated_by = :by
        WHERE opening_id = :opening";
    let text = id.to_string();
    let (name, sql) = if stage.is_under_way() {
        ("opening.set_stage", MOVE)
    } else {
        tx.destroy_key(&text)?;
        ("opening.end", END)
    };
    change(
        tx.data(),
        name,
        sql,
        named_params! {":opening": text, ":stage": stage.word(), ":by": tx.name()},
    )
    .map(|_| ())
}

/// Keeps a custodian's agreement; false when there is one of his already.
pub fn agree(
    tx: &Tx<'_>,
    id: OpeningId,
    custodian: CustodianId,
    body: &str,
) -> Result<bool, StoreError> {
    const AGREE: &str = "-- opening.agree
        INSERT INTO seal_approval (opening_id, custodian_id, body, approved_at, updated_by)
        VALUES (:opening, :custodian, :body, :now, :by)
        ON CONFLICT (opening_id, custodian_id) DO NOTHING";
    let written = change(
        tx.data(),
        "opening.agree",
        AGREE,
        named_params! {
            ":opening": id.to_string(),
            ":custodian": custodian.to_string(),
            ":body": body,
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )?;
    Ok(written == 1)
}

/// The agreements handed in, first to last.
pub fn agreements(reader: &Reader<'_>, id: OpeningId) -> Result<Vec<Agreement>, StoreError> {
    const LIST: &str = "-- opening.agreements
        SELECT custodian_id, body, approved_at FROM seal_approval
        WHERE opening_id = :opening ORDER BY approved_at, custodian_id";
    collect(
        reader.data(),
        "opening.agreements",
        "seal_approval",
        LIST,
        named_params! {":opening": id.to_string()},
        |row| {
            Ok(Agreement {
                custodian: row.word("custodian_id")?,
                body: row.plain("body")?,
                at: row.time("approved_at")?,
            })
        },
    )
}

/// Notes that a custodian refuses; false when he did already.
pub fn refuse(tx: &Tx<'_>, id: OpeningId, person: PersonId) -> Result<bool, StoreError> {
    const REFUSE: &str = "-- opening.refuse
        INSERT INTO seal_refusal (opening_id, person_id, refused_at, updated_by)
        VALUES (:opening, :person, :now, :by)
        ON CONFLICT (opening_id, person_id) DO NOTHING";
    let written = change(
        tx.data(),
        "opening.refuse",
        REFUSE,
        named_params! {
            ":opening": id.to_string(),
            ":person": person.to_string(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )?;
    Ok(written == 1)
}

/// Who refused, and when, first to last.
pub fn refusals(
    reader: &Reader<'_>,
    id: OpeningId,
) -> Result<Vec<(PersonId, Timestamp)>, StoreError> {
    const LIST: &str = "-- opening.refusals
        SELECT person_id, refused_at FROM seal_refusal
        WHERE opening_id = :opening ORDER BY refused_at, person_id";
    collect(
        reader.data(),
        "opening.refusals",
        "seal_refusal",
        LIST,
        named_params! {":opening": id.to_string()},
        |row| Ok((row.word("person_id")?, row.time("refused_at")?)),
    )
}

const CORRUPT: StoreError = StoreError::Corrupt {
    table: "seal_opening",
    column: "body",
};

fn ask_place<'a>(report: &'a str, id: &'a str) -> Place<'a> {
    Place {
        object: report,
        table: "seal_opening",
        column: "body",
        row: id,
    }
}

fn key_place(id: &str) -> Place<'_> {
    Place {
        object: id,
        table: "seal_opening",
        column: "recipient_key",
        row: id,
    }
}

fn opening(row: &Columns<'_>) -> Result<Opening, StoreError> {
    Ok(Opening {
        id: row.word("opening_id")?,
        report: row.word("report_id")?,
        asked_by: row.word("requested_by")?,
        organization: row.word("org_id")?,
        purpose: row.word("purpose")?,
        stage: row.word("stage")?,
        recipient: row.plain("recipient")?,
        requested_at: row.time("requested_at")?,
        told_at: row.time("told_at")?,
        expires_at: row.time("expires_at")?,
    })
}
