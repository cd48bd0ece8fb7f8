//! The file of a leaving custodian's shares goes out, and comes back with the shares moved.

use domain::id::{CustodianId, OrganizationId, ReportId};
use domain::policy::Action;
use domain::time::Timestamp;
use seal::identity::{Handover, SealedIdentity};
use store::custody::{Office, offices, opening, replace_sealed, sealed};
use store::log::{Entry, record};
use store::{Reader, StoreError, Tx};

use super::{CustodianError, held, office};
use crate::call::{Call, Hub};
use crate::log::noting;
use crate::open_seal::in_force;

/// Most blocks in one file; a relay with more does it in several rounds.
pub const HANDOVER_BLOCKS_MAX: usize = 1_000;

/// What came of a hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Shares that are the successor's now.
    pub moved_count: usize,
    /// Shares that the leaving custodian still holds: a further file, or an opening under way.
    pub left_count: usize,
}

/// The file of the shares that a custodian of the caller's relay still holds after he left. Blocks
/// whose opening is under way stay out of it: agreements to it would come to nothing.
///
/// # Errors
/// [`CustodianError::NoSuccessor`] while he is in office.
pub fn hand_over_file(
    hub: &Hub,
    call: &Call<'_>,
    id: CustodianId,
) -> Result<String, CustodianError> {
    let relay = relay_of(call)?;
    let now = call.now;
    hub.store.read(move |reader| {
        let leaving = office(reader, relay, id)?;
        successor(reader, &leaving)?;
        let mut free = Vec::new();
        for sealed in held(reader, &leaving)? {
            if free.len() < HANDOVER_BLOCKS_MAX && !is_being_opened(reader, &sealed, now)? {
                free.push(sealed);
            }
        }
        let hub = reader.hub();
        Ok(Handover::new(hub, leaving.custodian.fingerprint()?, free).to_json())
    })
}

/// Takes the file back: every share in it goes to whoever has followed in the slot. All or nothing,
/// save blocks that were erased or whose opening began in the meantime.
///
/// # Errors
/// [`CustodianError::Fault`] when more was changed than the shares, or they go to another key.
pub fn take_over(
    hub: &Hub,
    call: &Call<'_>,
    id: CustodianId,
    text: &str,
) -> Result<Moved, CustodianError> {
    let taken = take(hub, call, id, text);
    let object = id.to_string();
    noting(hub, call, Action::AppointCustodian, &object, taken)
}

fn take(hub: &Hub, call: &Call<'_>, id: CustodianId, text: &str) -> Result<Moved, CustodianError> {
    let relay = relay_of(call)?;
    let handed = Handover::from_json(text.trim()).map_err(CustodianError::NotAHandover)?;
    let person = call.actor.person;
    hub.store
        .write(call.stamp("custodians.take_over"), move |tx| {
            let leaving = office(tx, relay, id)?;
            let joining = successor(tx, &leaving)?;
            let keys = (
                leaving.custodian.fingerprint()?,
                joining.custodian.fingerprint()?,
            );
            let mut moved_count = 0;
            for next in handed.sealed() {
                let Some((report, kept)) = kept(tx, &leaving, next)? else {
                    continue;
                };
                let moved = kept.handed_over(next, keys.0, keys.1)?;
                replace_sealed(tx, report, &moved.to_json())?;
                moved_count += 1;
            }
            let left_count = held(tx, &leaving)?.len();
            if moved_count > 0 {
                let entry = Entry {
                    event: "shares-handed-over",
                    object: id.to_string(),
                    owner: Some(relay),
                    facts: vec![
                        ("from", keys.0.to_string()),
                        ("to", keys.1.to_string()),
                        ("shares", moved_count.to_string()),
                        ("person", person.to_string()),
                    ],
                };
                record(tx, &entry)?;
            }
            Ok(Moved {
                moved_count,
                left_count,
            })
        })
}

/// The relay whose shares the caller may move.
fn relay_of(call: &Call<'_>) -> Result<OrganizationId, CustodianError> {
    if call.may(Action::AppointCustodian) {
        Ok(call.actor.organization)
    } else {
        Err(CustodianError::NotFound)
    }
}

/// Who holds the slot that `leaving` held.
fn successor(reader: &Reader<'_>, leaving: &Office) -> Result<Office, CustodianError> {
    if leaving.until.is_none() {
        return Err(CustodianError::NoSuccessor);
    }
    offices(reader, leaving.custodian.relay)?
        .into_iter()
        .find(|office| office.until.is_none() && office.custodian.slot == leaving.custodian.slot)
        .ok_or(CustodianError::NoSuccessor)
}

/// The block that `next` is about, as it is kept; `None` when it is erased, is another relay's, was
/// handed over before, or is being opened.
fn kept(
    tx: &Tx<'_>,
    leaving: &Office,
    next: &SealedIdentity,
) -> Result<Option<(ReportId, SealedIdentity)>, CustodianError> {
    let Ok(report) = next.report_id().parse::<ReportId>() else {
        return Ok(None);
    };
    let found = store::report::find(tx, report)?;
    if found.is_none_or(|found| found.relay != leaving.custodian.relay) {
        return Ok(None);
    }
    let Some(text) = sealed(tx, report)? else {
        return Ok(None);
    };
    let kept = SealedIdentity::from_json(&text).map_err(|_| StoreError::Corrupt {
        table: "sealed_identity",
        column: "body",
    })?;
    let key = leaving.custodian.fingerprint()?;
    let is_held = kept.custodians().any(|custodian| custodian == key);
    if !is_held || is_being_opened(tx, &kept, tx.now())? {
        return Ok(None);
    }
    Ok(Some((report, kept)))
}

fn is_being_opened(
    reader: &Reader<'_>,
    sealed: &SealedIdentity,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Ok(report) = sealed.report_id().parse::<ReportId>() else {
        return Ok(false);
    };
    let openings = opening::of_report(reader, report)?;
    Ok(openings
        .iter()
        .any(|opening| in_force(opening, now).is_under_way()))
}
