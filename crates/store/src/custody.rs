//! Seals and mailboxes: what keeps a source findable without naming it.

use domain::confidential::Confidential;
use domain::id::{CustodianId, OrganizationId, ReportId};
use domain::part::PartBody;
use rusqlite::named_params;
use seal::envelope::PublicKey;
use serde_json::{Value as Json, json};

use crate::error::StoreError;
use crate::part::body;
use crate::report::SourceLink;
use crate::row::{change, collect, one};
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
        |row| {
            Ok(Custodian {
                id: row.word("custodian_id")?,
                relay: row.word("relay_id")?,
                slot: row.plain("slot")?,
                name: row.plain("name")?,
                public_key: row.plain("public_key")?,
            })
        },
    )
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
    let block = json!({
        "organization": source.organization.to_string(),
        "organization_name": organization.map(|found| found.name_ja),
        "person": source.person.to_string(),
        "answers": answers,
    });
    Ok(block.to_string().into_bytes())
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
