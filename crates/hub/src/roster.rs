//! The duty roster of the caller's organization: who is on duty, who stands in for whom, handing over.
//!
//! Reading is for everybody who works there, since at night one looks up whom to call. Taking over
//! is for whoever can answer an advisory; planning for whoever runs the members. `plan` holds the
//! latter.
//!
//! INVARIANT: nobody is put on duty who could not take an advisory on.

mod plan;

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::Actor;
use domain::id::{DutyId, MembershipId, OrganizationId};
use domain::organization::{Role, Tier};
use domain::policy::{Action, Verdict, permits, verdict};
use domain::release::{Visible, of_colleague};
use domain::roster::{DAYS_SHOWN, Overlap, Span, TAKE_OVER_SECONDS, Turn, gaps, overlaps};
use domain::time::{DAY_SECONDS, Timestamp};
use store::log::{Entry, record};
use store::person::{Membership, memberships_in};
use store::{Reader, StoreError, duty, person};

use crate::call::{Call, Hub, ReadError};

pub use plan::{NewTurn, Planned, add, drop_turn, plan, planned, planned_turns, set_deputy};

/// The roster, from the beginning of today in Japan.
#[derive(Clone)]
pub struct Roster {
    /// The days shown.
    pub shown: Span,
    /// Turns that touch them, in the order of their beginnings.
    pub turns: Vec<Turn>,
    /// When nobody is on duty, from now on.
    pub gaps: Vec<Span>,
    /// When two are, from now on.
    pub overlaps: Vec<Overlap>,
    /// People who can be on duty, in the order in which they are called.
    pub people: Vec<Colleague>,
    /// Who stands in for whom: the deputy's place and the other.
    pub deputies: Vec<(MembershipId, MembershipId)>,
    /// Whether the caller plans.
    pub planning: Planning,
    /// Whether the caller can take over.
    pub taking_over: TakingOver,
}

/// Somebody who can be on duty.
#[derive(Clone)]
pub struct Colleague {
    /// The place.
    pub membership: MembershipId,
    /// The role held there.
    pub role: Role,
    /// The layer.
    pub tier: Tier,
    /// Name and telephone number.
    pub card: Visible<DutyCard>,
}

/// What the roster tells of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyCard {
    /// Name as typed.
    pub name: String,
    /// Telephone number; empty when none.
    pub phone: String,
}

/// Whether somebody plans the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planning {
    /// Yes.
    Allowed,
    /// No: he reads it.
    ReadOnly,
}

/// Whether somebody can take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakingOver {
    /// Yes.
    Possible,
    /// No: his role answers no advisory.
    Impossible,
}

/// The roster of the caller's organization.
///
/// # Errors
/// [`ReadError::NotFound`] for roles that neither act on advisories nor run members.
pub fn show(hub: &Hub, call: &Call<'_>) -> Result<Roster, ReadError> {
    reads(call)?;
    let (actor, now) = (call.actor.clone(), call.now);
    hub.store.read(move |reader| {
        let today = Timestamp::start_of_day_in_japan(now.day_in_japan());
        let shown = span(today, today.plus_seconds(DAYS_SHOWN * DAY_SECONDS))?;
        let turns = duty::within(reader, actor.organization, shown, now)?;
        let ahead = span(now, shown.ends_at)?;
        let mut both = overlaps(&turns);
        both.retain(|overlap| overlap.span.ends_at > now);
        Ok(Roster {
            shown,
            gaps: gaps(&turns, ahead),
            overlaps: both,
            turns,
            people: people(reader, &actor, now)?,
            deputies: duty::deputies(reader, actor.organization, now)?,
            planning: if permits(&actor, Action::ManageMembers) {
                Planning::Allowed
            } else {
                Planning::ReadOnly
            },
            taking_over: if permits(&actor, Action::Acknowledge) {
                TakingOver::Possible
            } else {
                TakingOver::Impossible
            },
        })
    })
}

/// The caller takes over now: from the turn `from` until its end, or, when nobody is on duty, until
/// the next turn begins and for [`TAKE_OVER_SECONDS`] at most. Whoever is on duty already stays so.
///
/// # Errors
/// [`ReadError::NotFound`] when the turn is not under way in the caller's organization, or the
/// caller's role answers no advisory.
pub fn take_over(hub: &Hub, call: &Call<'_>, from: Option<DutyId>) -> Result<(), ReadError> {
    if !call.may(Action::Acknowledge) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("roster.take_over"), move |tx| {
        let now = tx.now();
        let horizon = span(now, now.plus_seconds(TAKE_OVER_SECONDS))?;
        let turns = duty::within(tx, actor.organization, horizon, now)?;
        let (current, next): (Vec<Turn>, Vec<Turn>) =
            turns.into_iter().partition(|turn| turn.span.covers(now));
        let until = match from {
            Some(id) => {
                let taken = current.iter().find(|turn| turn.id == id);
                let taken = taken.ok_or(ReadError::NotFound)?;
                if taken.membership == actor.membership {
                    return Ok(());
                }
                duty::end_now(tx, taken.id)?;
                taken.span.ends_at
            }
            None => next
                .iter()
                .map(|turn| turn.span.starts_at)
                .min()
                .unwrap_or(horizon.ends_at),
        };
        let own = current
            .iter()
            .filter(|turn| turn.membership == actor.membership)
            .map(|turn| turn.span.ends_at)
            .max();
        if let Some(span) = Span::new(own.unwrap_or(now), until) {
            let turn = Turn {
                id: DutyId::from_random(tx.random_bytes()),
                membership: actor.membership,
                span,
            };
            duty::insert(tx, actor.organization, &turn)?;
        }
        let mut facts = vec![("place", actor.membership.to_string())];
        facts.extend(from.map(|turn| ("turn", turn.to_string())));
        Ok(record(tx, &entry("duty-taken-over", &actor, facts))?)
    })
}

/// Who of an organization is on duty at `now`, by their places.
pub(crate) fn on_duty(
    reader: &Reader<'_>,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<BTreeSet<MembershipId>, StoreError> {
    let Some(instant) = Span::new(now, now.plus_seconds(1)) else {
        return Ok(BTreeSet::new());
    };
    let turns = duty::within(reader, organization, instant, now)?;
    Ok(turns
        .into_iter()
        .filter(|turn| turn.span.covers(now))
        .map(|turn| turn.membership)
        .collect())
}

/// Who stands in for each place of an organization at `now`, in the order in which they are called.
pub(crate) fn deputies_of(
    reader: &Reader<'_>,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<BTreeMap<MembershipId, Vec<MembershipId>>, StoreError> {
    let mut found: BTreeMap<MembershipId, Vec<MembershipId>> = BTreeMap::new();
    for (deputy, place) in duty::deputies(reader, organization, now)? {
        found.entry(place).or_default().push(deputy);
    }
    Ok(found)
}

fn reads(call: &Call<'_>) -> Result<(), ReadError> {
    if call.may(Action::ReadAdvisory) || call.may(Action::ManageMembers) {
        Ok(())
    } else {
        Err(ReadError::NotFound)
    }
}

/// Whether somebody in that place can be put on duty.
fn can_serve(place: &Membership) -> bool {
    verdict(place.organization_kind, place.role, Action::Acknowledge) == Verdict::Allow
}

fn people(reader: &Reader<'_>, actor: &Actor, now: Timestamp) -> Result<Vec<Colleague>, ReadError> {
    let mut found = Vec::new();
    for place in memberships_in(reader, actor.organization, now)? {
        if !can_serve(&place) {
            continue;
        }
        let Some(card) = person::record(reader, place.person)? else {
            continue;
        };
        let card =
            of_colleague(actor, actor.organization, card).map_err(|_| ReadError::NotFound)?;
        found.push(Colleague {
            membership: place.id,
            role: place.role,
            tier: place.tier,
            card: card.map(|card| DutyCard {
                name: card.name,
                phone: card.phone,
            }),
        });
    }
    Ok(found)
}

/// The span between two instants of which the first is the earlier by construction.
fn span(from: Timestamp, until: Timestamp) -> Result<Span, ReadError> {
    Span::new(from, until).ok_or(ReadError::NotFound)
}

fn entry(event: &'static str, actor: &Actor, facts: Vec<(&'static str, String)>) -> Entry {
    Entry {
        event,
        object: actor.organization.to_string(),
        owner: Some(actor.organization),
        facts,
    }
}
