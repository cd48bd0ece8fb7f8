//! Custodians of sealed identities: who keeps a relay's seals, appointing them, and moving a leaving
//! custodian's shares to the successor.
//!
//! The administrator of the relay enters the public keys that the custodians drew offline. He can
//! open nothing by that; whoever slips in two keys of his own would open every *later* seal. So each
//! appointment is committed to with the key's fingerprint, and the fingerprints are open to every
//! member that reports to the relay.
//!
//! INVARIANT: no secret key and no open share ever comes here.
//! INVARIANT: a hand-over moves shares; it neither opens a block nor gives one out.

mod hand_over;

use domain::id::{CustodianId, OrganizationId};
use domain::policy::Action;
use domain::time::Timestamp;
use seal::envelope::PublicKey;
use seal::identity::{IdentityError, SealedIdentity};
use store::custody::{Custodian, Office, appoint as put_into_office, offices, sealed_at};
use store::log::{Entry, record};
use store::{Reader, StoreError, organization};

use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub};
use crate::log::{Attempt, noting};
use crate::set_up::Name;

pub use hand_over::{HANDOVER_BLOCKS_MAX, Moved, hand_over_file, take_over};
pub use seal::identity::HandoverFault;

/// Custodians of a relay.
pub const SLOTS: u8 = 3;

/// Why nothing was changed or shown.
#[derive(Debug, thiserror::Error)]
pub enum CustodianError {
    /// It is not there for this caller.
    #[error("nothing is here")]
    NotFound,
    /// The text is no public key.
    #[error(
        "this is not a public key; run `noroshi custodian keygen` and copy the line that begins with `noroshi-pk`"
    )]
    NotAKey,
    /// The key belongs or belonged to a custodian of this relay.
    #[error("this key is or was that of another custodian; each custodian draws a key of his own")]
    KeyInUse,
    /// The custodian is in office, or nobody has followed him yet.
    #[error("appoint a successor first")]
    NoSuccessor,
    /// What was handed in is no hand-over.
    #[error(transparent)]
    NotAHandover(IdentityError),
    /// More was changed than the shares, or they go elsewhere.
    #[error(transparent)]
    Fault(#[from] HandoverFault),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A custodian, as everybody who reports to the relay may see him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeper {
    /// The custodian.
    pub id: CustodianId,
    /// 1, 2 or 3.
    pub slot: u8,
    /// The post.
    pub name: String,
    /// Short name of the key, to be read out on the phone.
    pub fingerprint: String,
    /// In office since.
    pub since: Timestamp,
}

/// A custodian who has left and still holds shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaver {
    /// The custodian.
    pub keeper: Keeper,
    /// When he left.
    pub until: Timestamp,
    /// Sealed identities of which he still holds a share.
    pub held_count: usize,
}

/// What the caller has to do with the custodians.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustodianStanding {
    /// He enters them.
    Appoints,
    /// He is one of them.
    Keeps,
    /// He relies on them.
    Relies,
}

/// Who keeps the seals of one relay.
#[derive(Debug, Clone)]
pub struct CustodianDesk {
    /// The relay.
    pub relay: OrganizationLabel,
    /// What the caller has to do with them.
    pub standing: CustodianStanding,
    /// Those in office, by slot.
    pub in_office: Vec<Keeper>,
    /// Those who left and still hold shares; for those who enter or keep alone.
    pub leaving: Vec<Leaver>,
}

/// Who keeps the seals of the caller's relay: his own organization, or the one it reports to.
///
/// # Errors
/// [`CustodianError::NotFound`] for organizations that neither relay nor report to a relay.
pub fn desk(hub: &Hub, call: &Call<'_>) -> Result<CustodianDesk, CustodianError> {
    let actor = call.actor.clone();
    let standing = if call.may(Action::AppointCustodian) {
        CustodianStanding::Appoints
    } else if call.may(Action::ApproveOpening) {
        CustodianStanding::Keeps
    } else {
        CustodianStanding::Relies
    };
    hub.store.read(move |reader| {
        let own =
            organization::find(reader, actor.organization)?.ok_or(CustodianError::NotFound)?;
        let relay = match (own.kind.is_relay(), own.reports_to) {
            (true, _) => own,
            (false, Some(above)) => organization::find(reader, above)?
                .filter(|above| above.kind.is_relay())
                .ok_or(CustodianError::NotFound)?,
            (false, None) => return Err(CustodianError::NotFound),
        };
        let mut desk = CustodianDesk {
            relay: OrganizationLabel::from(&relay),
            standing,
            in_office: vec![],
            leaving: vec![],
        };
        for office in offices(reader, relay.id)? {
            let keeper = keeper(&office)?;
            match office.until {
                None => desk.in_office.push(keeper),
                Some(_) if standing == CustodianStanding::Relies => {}
                Some(until) => {
                    let held_count = held(reader, &office)?.len();
                    if held_count > 0 {
                        desk.leaving.push(Leaver {
                            keeper,
                            until,
                            held_count,
                        });
                    }
                }
            }
        }
        Ok(desk)
    })
}

/// A key as it would be entered: the fingerprint to be compared before it is.
///
/// # Errors
/// [`CustodianError::NotAKey`].
pub fn fingerprint(public_key: &str) -> Result<String, CustodianError> {
    PublicKey::parse(public_key.trim())
        .map(|key| key.fingerprint().to_string())
        .map_err(|_| CustodianError::NotAKey)
}

/// Puts a custodian into office at the caller's relay; whoever held the slot leaves it and keeps his
/// shares until they are handed over.
///
/// # Errors
/// [`CustodianError::KeyInUse`] when the key was ever entered at this relay.
pub fn appoint(
    hub: &Hub,
    call: &Call<'_>,
    slot: u8,
    name: &Name,
    public_key: &str,
) -> Result<CustodianId, CustodianError> {
    let appointed = enter(hub, call, slot, name, public_key);
    let object = format!("slot-{slot}");
    noting(hub, call, Action::AppointCustodian, &object, appointed)
}

fn enter(
    hub: &Hub,
    call: &Call<'_>,
    slot: u8,
    name: &Name,
    public_key: &str,
) -> Result<CustodianId, CustodianError> {
    if !call.may(Action::AppointCustodian) || !(1..=SLOTS).contains(&slot) {
        return Err(CustodianError::NotFound);
    }
    let key = PublicKey::parse(public_key.trim()).map_err(|_| CustodianError::NotAKey)?;
    let (relay, person) = (call.actor.organization, call.actor.person);
    let custodian = Custodian {
        id: CustodianId::from_random(call.random.derive("custodians.id").bytes()),
        relay,
        slot,
        name: name.as_str().to_owned(),
        public_key: key.to_string(),
    };
    hub.store
        .write(call.stamp("custodians.appoint"), move |tx| {
            for office in offices(tx, relay)? {
                if office.custodian.fingerprint()? == key.fingerprint() {
                    return Err(CustodianError::KeyInUse);
                }
            }
            put_into_office(tx, &custodian)?;
            let entry = Entry {
                event: "custodian-appointed",
                object: custodian.id.to_string(),
                owner: Some(relay),
                facts: vec![
                    ("relay", relay.to_string()),
                    ("slot", slot.to_string()),
                    ("key", key.fingerprint().to_string()),
                    ("person", person.to_string()),
                ],
            };
            record(tx, &entry)?;
            Ok(custodian.id)
        })
}

impl Attempt for CustodianError {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::NotFound | Self::Fault(_))
    }
}

fn keeper(office: &Office) -> Result<Keeper, StoreError> {
    Ok(Keeper {
        id: office.custodian.id,
        slot: office.custodian.slot,
        name: office.custodian.name.clone(),
        fingerprint: office.custodian.fingerprint()?.to_string(),
        since: office.since,
    })
}

/// The sealed identities of the relay of which the holder of `office` has a share.
fn held(reader: &Reader<'_>, office: &Office) -> Result<Vec<SealedIdentity>, StoreError> {
    let key = office.custodian.fingerprint()?;
    let mut held = Vec::new();
    for (_, text) in sealed_at(reader, office.custodian.relay)? {
        let sealed = SealedIdentity::from_json(&text).map_err(|_| StoreError::Corrupt {
            table: "sealed_identity",
            column: "body",
        })?;
        if sealed.custodians().any(|custodian| custodian == key) {
            held.push(sealed);
        }
    }
    Ok(held)
}

/// The office of that custodian at `relay`.
fn office(
    reader: &Reader<'_>,
    relay: OrganizationId,
    id: CustodianId,
) -> Result<Office, CustodianError> {
    offices(reader, relay)?
        .into_iter()
        .find(|office| office.custodian.id == id)
        .ok_or(CustodianError::NotFound)
}
