//! Seals and mailboxes: what keeps a source findable without naming it.

pub mod opening;

use domain::confidential::Confidential;
use domain::id::{CustodianId, OrganizationId, ReportId};
use domain::opening::Identity;
use domain::part::PartBody;
use domain::time::Timestamp;
use rusqlite::named_params;
use seal::envelope::{Fingerprint, PublicKey};
use serde_json::{Value as Json, json};

use crate::error::StoreError;
use crate::part::body;
use crate::report::SourceLink;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// A custodian of sealed identities; the secret key is not here and never was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Custodian {
    /// Its id.
    pub id: CustodianId,
    /// The relay whose seals it keeps.
    pub relay: OrganizationId,
    /// 1, 2 or 3.
    pub slot: u8,
    /// What the custodian is called: a post, not a person.
    pub name: String,
    /// HPKE public key, text form.
    pub public_key: String,
}

/// Puts a custodian into office, ending that of the slot's holder.
pub fn appoint(tx: &Tx<'_>, custodian: &Custodian) -> Result<(), StoreError> {
    const END: &str = "-- custody.end
        UPDATE custodian SET until = :now, updated_by = :by
        WHERE relay_id = :relay AND slot = :slot AND until IS NULL";
    const INSERT: &str = "-- custody.appoint
        INSERT INTO custodian (custodian_id, origin_hub, relay_id, slot, name, public_key, since, until, updated_by)
        VALUES (:custodian, :hub, :relay, :slot, :name, :key, :now, NULL, :by)";
    let relay = custodian.relay.to_string();
    change(
        tx.data(),
        "custody.end",
        END,
        named_params! {":now": tx.now().micros(), ":by": tx.name(), ":relay": relay, ":slot": custodian.slot},
    )?;
    change(
        tx.data(),
        "custody.appoint",
        INSERT,
        named_params! {
            ":custodian": custodian.id.to_string(),
            ":hub": tx.hub(),
            ":relay": relay,
            ":slot": custodian.slot,
            ":name": custodian.name,
            ":key": custodian.public_key,
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The relay's custodians in office, by slot.
pub fn custodians(
    reader: &Reader<'_>,
    relay: OrganizationId,
) -> Result<Vec<Custodian>, StoreError> {
    const LIST: &str = "-- custody.custodians
        SELECT * FROM custodian WHERE relay_id = :relay AND until IS NULL ORDER BY slot";
    collect(
        reader.data(),
        "custody.custodians",
        "custodian",
        LIST,
        named_params! {":relay": relay.to_string()},
        custodian,
    )
}

/// A custodian's time in office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// The custodian.
    pub custodian: Custodian,
    /// From when.
    pub since: Timestamp,
    /// Until when; `None` while in office.
    pub until: Option<Timestamp>,
}

/// Everybody who ever kept the relay's seals, by slot, newest first.
pub fn offices(reader: &Reader<'_>, relay: OrganizationId) -> Result<Vec<Office>, StoreError> {
    const LIST: &str = "-- custody.offices
        SELECT * FROM custodian WHERE relay_id = :relay
        ORDER BY slot, since DESC, custodian_id";
    collect(
        reader.data(),
        "custody.offices",
        "custodian",
        LIST,
        named_params! {":relay": relay.to_string()},
        |row| {
            Ok(Office {
                custodian: custodian(row)?,
                since: row.time("since")?,
                until: row.time_or_none("until")?,
            })
        },
    )
}

fn custodian(row: &Columns<'_>) -> Result<Custodian, StoreError> {
    Ok(Custodian {
        id: row.word("custodian_id")?,
        relay: row.word("relay_id")?,
        slot: row.plain("slot")?,
        name: row.plain("name")?,
        public_key: row.plain("public_key")?,
    })
}

impl Custodian {
    /// The short name of the custodian's key.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the row holds no key.
    pub fn fingerprint(&self) -> Result<Fingerprint, StoreError> {
        let key = PublicKey::parse(&self.public_key).map_err(|_| StoreError::Corrupt {
            table: "custodian",
            column: "public_key",
        })?;
        Ok(key.fingerprint())
    }
}

/// The public keys of the relay's custodians, by slot.
pub fn public_keys(
    reader: &Reader<'_>,
    relay: OrganizationId,
) -> Result<Vec<PublicKey>, StoreError> {
    let corrupt = || StoreError::Corrupt {
        table: "custodian",
        column: "public_key",
    };
    custodians(reader, relay)?
        .iter()
        .map(|custodian| PublicKey::parse(&custodian.public_key).map_err(|_| corrupt()))
        .collect()
}

/// The block that is sealed: organization, person and what the source wrote about itself, as JSON.
pub fn identity_block(
    reader: &Reader<'_>,
    source: SourceLink,
    answers: Option<&Confidential<PartBody>>,
) -> Result<Vec<u8>, StoreError> {
    let organization = crate::organization::find(reader, source.organization)?;
    let answers: Json = match answers {
        Some(answers) => serde_json::from_slice(&body::encode(answers.expose_for_storage()))
            .map_err(|_| StoreError::Corrupt {
                table: "part",
                column: "body",
            })?,
        None => Json::Null,
    };
    let names = organization.map(|found| [found.name_ja, found.name_en]);
    let block = json!({
        "organization": source.organization.to_string(),
        "organization_names": names,
        "person": source.person.map(|person| person.to_string()),
        "answers": answers,
    });
    Ok(block.to_string().into_bytes())
}

/// What [`identity_block`] wrote, once custodians have opened it.
pub fn read_identity_block(block: &[u8]) -> Result<Confidential<Identity>, StoreError> {
    let corrupt = || StoreError::Corrupt {
        table: "sealed_identity",
        column: "body",
    };
    let json: Json = serde_json::from_slice(block).map_err(|_| corrupt())?;
    let text = |json: &Json| json.as_str().map(str::to_owned);
    let word = |name: &str| json.get(name).and_then(Json::as_str).ok_or_else(corrupt);
    let name = |at: usize| json.get("organization_names")?.get(at).and_then(text);
    let answers = match json.get("answers") {
        None | Some(Json::Null) => PartBody::default(),
        Some(answers) => body::decode(answers.to_string().as_bytes())?,
    };
    Ok(Confidential::new(Identity {
        organization: word("organization")?.parse().map_err(|_| corrupt())?,
        organization_names: (name(0).unwrap_or_default(), name(1).unwrap_or_default()),
        person: match json.get("person") {
            None | Some(Json::Null) => None,
            Some(_) => Some(word("person")?.parse().map_err(|_| corrupt())?),
        },
        answers,
    }))
}

/// Keeps the sealed identity of a report.
pub fn insert_sealed(tx: &Tx<'_>, report: ReportId, sealed: &str) -> Result<(), StoreError> {
    const INSERT: &str = "-- custody.insert_sealed
        INSERT INTO sealed_identity (report_id, body, written_at, updated_by)
        VALUES (:report, :body, :now, :by)";
    change(
        tx.data(),
        "custody.insert_sealed",
        INSERT,
        named_params! {
            ":report": report.to_string(), ":body": sealed, ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The sealed identity of a report; `None` when its custody has none.
pub fn sealed(reader: &Reader<'_>, report: ReportId) -> Result<Option<String>, StoreError> {
    const READ: &str = "-- custody.sealed
        SELECT body FROM sealed_identity WHERE report_id = :report";
    one(
        reader.data(),
        "custody.sealed",
        "sealed_identity",
        READ,
        named_params! {":report": report.to_string()},
        |row| row.plain("body"),
    )
}

/// Puts another form of the sealed identity in its place: a share has moved to a successor.
pub fn replace_sealed(tx: &Tx<'_>, report: ReportId, sealed: &str) -> Result<(), StoreError> {
    const REPLACE: &str = "-- custody.replace_sealed
        UPDATE sealed_identity SET body = :body, written_at = :now, updated_by = :by
        WHERE report_id = :report";
    change(
        tx.data(),
        "custody.replace_sealed",
        REPLACE,
        named_params! {
            ":report": report.to_string(), ":body": sealed, ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Every sealed identity of reports that `relay` received, in the order of their ids, which tells
/// nothing.
pub fn sealed_at(
    reader: &Reader<'_>,
    relay: OrganizationId,
) -> Result<Vec<(ReportId, String)>, StoreError> {
    const LIST: &str = "-- custody.sealed_at
        SELECT s.report_id AS report_id, s.body AS body FROM sealed_identity s
        JOIN report r ON r.report_id = s.report_id
        WHERE r.relay_id = :relay ORDER BY s.report_id";
    collect(
        reader.data(),
        "custody.sealed_at",
        "sealed_identity",
        LIST,
        named_params! {":relay": relay.to_string()},
        |row| Ok((row.word("report_id")?, row.plain("body")?)),
    )
}

/// Opens a mailbox for a report under the keyed hash of its code.
pub fn insert_mailbox(tx: &Tx<'_>, locator: &[u8; 32], report: ReportId) -> Result<(), StoreError> {
    const INSERT: &str = "-- custody.insert_mailbox
        INSERT INTO mailbox (locator, report_id, updated_by) VALUES (:locator, :report, :by)";
    change(
        tx.data(),
        "custody.insert_mailbox",
        INSERT,
        named_params! {
            ":locator": locator.as_slice(), ":report": report.to_string(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The report whose mailbox has that keyed hash.
pub fn mailbox(reader: &Reader<'_>, locator: &[u8; 32]) -> Result<Option<ReportId>, StoreError> {
    const FIND: &str = "-- custody.mailbox
        SELECT report_id FROM mailbox WHERE locator = :locator";
    one(
        reader.data(),
        "custody.mailbox",
        "mailbox",
        FIND,
        named_params! {":locator": locator.as_slice()},
        |row| row.word("report_id"),
    )
}

/// Whether the source of a report can be reached by a mailbox.
pub fn has_mailbox(reader: &Reader<'_>, report: ReportId) -> Result<bool, StoreError> {
    const FIND: &str = "-- custody.has_mailbox
        SELECT count(*) AS mailboxes FROM mailbox WHERE report_id = :report";
    let found = one(
        reader.data(),
        "custody.has_mailbox",
        "mailbox",
        FIND,
        named_params! {":report": report.to_string()},
        |row| row.count("mailboxes"),
    )?;
    Ok(found.unwrap_or(0) > 0)
}
