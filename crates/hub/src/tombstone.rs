//! Tombstones: what is left of an advisory for those who could read it once and cannot any more.
//!
//! A tombstone says that there was one, by number, kind and issuer, since when it is gone, why and
//! what to do with copies. The holder answers by its own word what it did with them.
//!
//! INVARIANT: a tombstone stands only for who was granted the text before; for everybody else nothing
//! is there. Nothing of the text stands on it.

use domain::actor::Actor;
use domain::advisory::AdvisoryKind;
use domain::advisory::delivery::Occasion;
use domain::advisory::withdrawal::{Copies, Disposal, Why};
use domain::audience::AudienceKey;
use domain::id::AdvisoryId;
use domain::policy::Action;
use domain::time::Timestamp;
use store::advisory::holders::{self, DisposalRow, Holder};
use store::advisory::lost::{Lost, LostRow, lost};
use store::advisory::{AdvisoryRow, revisions};
use store::log::{Entry, record};
use store::part::Sight;
use store::{Reader, StoreError};

use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};
use crate::inbox::{OpenedAdvisory, issuer, open_unnoted};
use crate::log::noting;

/// Tombstones that one list shows at most.
pub const TOMBSTONES_MAX: u32 = 100;

/// What is left of an advisory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The advisory.
    pub id: AdvisoryId,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: AdvisoryKind,
    /// Who issued it.
    pub issuer: OrganizationLabel,
    /// When it was first issued.
    pub issued_at: Timestamp,
    /// Since when the reader may not read it.
    pub lost_at: Timestamp,
    /// What happened to it.
    pub cause: Cause,
    /// What the reader's side says it did with its copies; `None` while nobody said.
    pub confirmed: Option<DisposalRow>,
    /// What the reader can do here.
    pub side: Side,
}

/// What happened to an advisory for this reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It was taken back from everybody.
    Recalled(Why, Copies),
    /// Its handling was made stricter, and the reader is not among those who may read it.
    Tightened(Why, Copies),
    /// An amendment names the reader no longer.
    Amended,
}

impl Cause {
    /// What has to be done with copies.
    pub const fn copies(self) -> Copies {
        match self {
            Self::Recalled(_, copies) | Self::Tightened(_, copies) => copies,
            Self::Amended => Copies::Delete,
        }
    }
}

/// On which side of the advisory a reader of its tombstone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Held it: is asked for its word.
    Holder,
    /// Issued it: sees who held it.
    Issuer,
}

/// What stands at an advisory's address for this reader.
pub enum Found {
    /// The advisory.
    Advisory(Box<OpenedAdvisory>),
    /// What is left of it.
    Tombstone(Box<Tombstone>),
}

/// Opens what stands at the address of an advisory; reading the text is noted.
///
/// # Errors
/// [`ReadError::NotFound`] when the reader may not read it and never could.
pub fn find(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<Found, ReadError> {
    let outcome = match open_unnoted(hub, call, id) {
        Ok(opened) => Ok(Found::Advisory(Box::new(opened))),
        Err(ReadError::NotFound) => tombstone(hub, call, id).map(Box::new).map(Found::Tombstone),
        Err(failure) => Err(failure),
    };
    noting(hub, call, Action::ReadAdvisory, &id.to_string(), outcome)
}

fn tombstone(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<Tombstone, ReadError> {
    if !call.may(Action::ReadAdvisory) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    let sight = Sight::of(call.actor, call.now);
    hub.store.read(move |reader| {
        let row = lost(reader, &sight, Lost::One(id), 1)?
            .pop()
            .ok_or(ReadError::NotFound)?;
        carved(reader, &actor, row)
    })
}

/// The tombstones that stand for the caller as a holder, the latest first.
pub fn list(hub: &Hub, call: &Call<'_>) -> Result<Vec<Tombstone>, ReadError> {
    if !call.may(Action::ReadAdvisory) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    let sight = Sight::of(call.actor, call.now);
    hub.store.read(move |reader| {
        let rows = lost(reader, &sight, Lost::All, TOMBSTONES_MAX)?.into_iter();
        rows.filter(|row| row.advisory.advisory.issuer != actor.organization)
            .map(|row| carved(reader, &actor, row))
            .collect()
    })
}

/// Takes the holder's word on what was done with its copies.
///
/// # Errors
/// [`ReadError::NotFound`] when no tombstone stands for the caller as a holder, or the role does not
/// answer.
pub fn confirm(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    disposal: Disposal,
) -> Result<(), ReadError> {
    let outcome = confirm_at_once(hub, call, id, disposal);
    noting(hub, call, Action::Acknowledge, &id.to_string(), outcome)
}

fn confirm_at_once(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    disposal: Disposal,
) -> Result<(), ReadError> {
    if !call.may(Action::Acknowledge) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("tombstone.confirm"), move |tx| {
        let sight = Sight::of(&actor, tx.now());
        lost(tx, &sight, Lost::One(id), 1)?
            .pop()
            .filter(|row| row.advisory.advisory.issuer != actor.organization)
            .ok_or(ReadError::NotFound)?;
        for holder in held_by(&holders::holders(tx, id)?, &actor) {
            let said = DisposalRow {
                key: holder.key,
                disposal,
                person: actor.person,
                confirmed_at: tx.now(),
            };
            holders::confirm(tx, id, &said)?;
        }
        let entry = Entry {
            event: "advisory-copies-settled",
            object: id.to_string(),
            owner: Some(actor.organization),
            facts: vec![("disposal", disposal.word().to_owned())],
        };
        Ok(record(tx, &entry)?)
    })
}

/// The holders that `actor` speaks for: himself where he was named, and his organization.
fn held_by<'h>(holders: &'h [Holder], actor: &Actor) -> Vec<&'h Holder> {
    let own = [
        AudienceKey::Person(actor.person),
        AudienceKey::Organization(actor.organization, None),
    ];
    holders
        .iter()
        .filter(|holder| own.contains(&holder.key) && holder.ended_at.is_some())
        .collect()
}

fn carved(reader: &Reader<'_>, actor: &Actor, row: LostRow) -> Result<Tombstone, ReadError> {
    let LostRow { advisory, lost_at } = row;
    let id = advisory.advisory.id;
    let held = holders::holders(reader, id)?;
    let keys: Vec<AudienceKey> = held_by(&held, actor).iter().map(|own| own.key).collect();
    let mut said = holders::confirmed(reader, id)?;
    said.retain(|row| keys.contains(&row.key) && row.confirmed_at >= lost_at);
    Ok(Tombstone {
        id,
        kind: advisory.advisory.kind,
        issuer: issuer(reader, &advisory)?,
        issued_at: advisory.advisory.issued_at.unwrap_or(advisory.created_at),
        lost_at,
        cause: cause(reader, &advisory, lost_at)?,
        confirmed: said.pop(),
        side: if advisory.advisory.issuer == actor.organization {
            Side::Issuer
        } else {
            Side::Holder
        },
        number: advisory.number,
    })
}

/// What ended the reader's grant at `lost_at`.
fn cause(reader: &Reader<'_>, row: &AdvisoryRow, lost_at: Timestamp) -> Result<Cause, StoreError> {
    if let Some(recall) = row.recall {
        return Ok(Cause::Recalled(recall.why, recall.copies));
    }
    let revisions = revisions(reader, row.advisory.id)?;
    let ended_by = revisions
        .iter()
        .find(|revision| revision.made_at >= lost_at);
    Ok(match ended_by {
        Some(revision) if revision.occasion == Occasion::Tightened => {
            revision.tightened.map_or(Cause::Amended, |(why, copies)| {
                Cause::Tightened(why, copies)
            })
        }
        _ => Cause::Amended,
    })
}
