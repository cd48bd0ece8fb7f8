//! Planning the roster: a table at once, one turn, a turn taken off, and deputies.

use domain::id::{DutyId, MembershipId, OrganizationId};
use domain::policy::Action;
use domain::roster::{Fate, Replan, Span, Turn, replan};
use domain::time::{DAY_SECONDS, Timestamp};
use store::log::record;
use store::person::memberships_in;
use store::{Reader, StoreError, Tx, duty};

use super::{can_serve, entry};
use crate::call::{Call, Hub, ReadError};

/// A turn to be planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTurn {
    /// The place that will be on duty.
    pub membership: MembershipId,
    /// When.
    pub span: Span,
}

/// What a plan makes of the roster.
pub type Planned = Replan;

/// How far back and ahead a roster is looked at, in days: half a year each.
const HORIZON_DAYS: i64 = 190;

/// What [`plan`] would make of the roster: nothing is changed.
///
/// # Errors
/// [`ReadError::NotFound`] for whoever does not run the members, and for a place of another
/// organization or of somebody who cannot be on duty.
pub fn planned(hub: &Hub, call: &Call<'_>, wanted: &[NewTurn]) -> Result<Planned, ReadError> {
    plans(call)?;
    let (own, now, wanted) = (call.actor.organization, call.now, wanted.to_vec());
    hub.store
        .read(move |reader| compare(reader, own, &wanted, now))
}

/// Lets a table of turns replace what was planned for its days, from now on.
///
/// # Errors
/// As [`planned`].
pub fn plan(hub: &Hub, call: &Call<'_>, wanted: Vec<NewTurn>) -> Result<Planned, ReadError> {
    plans(call)?;
    let actor = call.actor.clone();
    hub.store.write(call.stamp("roster.plan"), move |tx| {
        let planned = compare(tx, actor.organization, &wanted, tx.now())?;
        for turn in &planned.dropped {
            duty::remove(tx, turn.id)?;
        }
        let mut added = 0;
        for (new, fate) in wanted.iter().zip(&planned.fates) {
            if *fate == Fate::Added {
                put(tx, actor.organization, *new)?;
                added += 1;
            }
        }
        let facts = vec![
            ("added", added.to_string()),
            ("dropped", planned.dropped.len().to_string()),
            ("by", actor.membership.to_string()),
        ];
        record(tx, &entry("duty-planned", &actor, facts))?;
        Ok(planned)
    })
}

/// Adds one turn. Somebody may have the duty beside others.
///
/// # Errors
/// As [`planned`]; also for a turn that has ended.
pub fn add(hub: &Hub, call: &Call<'_>, new: NewTurn) -> Result<(), ReadError> {
    plans(call)?;
    let actor = call.actor.clone();
    hub.store.write(call.stamp("roster.add"), move |tx| {
        let wanted = [new];
        let planned = compare(tx, actor.organization, &wanted, tx.now())?;
        match planned.fates.first() {
            Some(Fate::Added) => put(tx, actor.organization, new)?,
            Some(Fate::Unchanged) => return Ok(()),
            Some(Fate::Past) | None => return Err(ReadError::NotFound),
        }
        let facts = vec![
            ("added", "1".to_owned()),
            ("by", actor.membership.to_string()),
        ];
        Ok(record(tx, &entry("duty-planned", &actor, facts))?)
    })
}

/// Takes a turn off the roster; one that is under way ends now.
///
/// # Errors
/// [`ReadError::NotFound`] for whoever does not run the members, and for a turn that has ended or is
/// another organization's.
pub fn drop_turn(hub: &Hub, call: &Call<'_>, id: DutyId) -> Result<(), ReadError> {
    plans(call)?;
    let actor = call.actor.clone();
    hub.store.write(call.stamp("roster.drop"), move |tx| {
        let turns = near(tx, actor.organization, tx.now())?;
        let turn = turns
            .iter()
            .find(|turn| turn.id == id && turn.span.ends_at > tx.now())
            .ok_or(ReadError::NotFound)?;
        if turn.span.covers(tx.now()) {
            duty::end_now(tx, turn.id)?;
        } else {
            duty::remove(tx, turn.id)?;
        }
        let facts = vec![
            ("turn", id.to_string()),
            ("by", actor.membership.to_string()),
        ];
        Ok(record(tx, &entry("duty-dropped", &actor, facts))?)
    })
}

/// Lets a place stand in for another of the same organization; for nobody with `None`.
///
/// # Errors
/// [`ReadError::NotFound`] for whoever does not run the members, for a place elsewhere or of
/// somebody who cannot be on duty, and for a place that would stand in for its own person.
pub fn set_deputy(
    hub: &Hub,
    call: &Call<'_>,
    deputy: MembershipId,
    stands_in_for: Option<MembershipId>,
) -> Result<(), ReadError> {
    plans(call)?;
    let actor = call.actor.clone();
    hub.store.write(call.stamp("roster.set_deputy"), move |tx| {
        let places = memberships_in(tx, actor.organization, tx.now())?;
        let find = |id: MembershipId| {
            places
                .iter()
                .find(|place| place.id == id && can_serve(place))
                .map(|place| place.person)
                .ok_or(ReadError::NotFound)
        };
        let person = find(deputy)?;
        if let Some(place) = stands_in_for
            && find(place)? == person
        {
            return Err(ReadError::NotFound);
        }
        duty::set_deputy(tx, deputy, stands_in_for)?;
        let nobody = || "nobody".to_owned();
        let facts = vec![
            ("deputy", deputy.to_string()),
            (
                "place",
                stands_in_for.map_or_else(nobody, |place| place.to_string()),
            ),
            ("by", actor.membership.to_string()),
        ];
        Ok(record(tx, &entry("deputy-set", &actor, facts))?)
    })
}

/// Turns that have not ended, for a table to be changed and read in again.
///
/// # Errors
/// [`ReadError::NotFound`] for whoever does not run the members.
pub fn planned_turns(hub: &Hub, call: &Call<'_>) -> Result<Vec<Turn>, ReadError> {
    plans(call)?;
    let (own, now) = (call.actor.organization, call.now);
    let mut turns = hub
        .store
        .read::<_, StoreError>(move |reader| near(reader, own, now))?;
    turns.retain(|turn| turn.span.ends_at > now);
    Ok(turns)
}

fn plans(call: &Call<'_>) -> Result<(), ReadError> {
    if call.may(Action::ManageMembers) {
        Ok(())
    } else {
        Err(ReadError::NotFound)
    }
}

fn compare(
    reader: &Reader<'_>,
    own: OrganizationId,
    wanted: &[NewTurn],
    now: Timestamp,
) -> Result<Planned, ReadError> {
    let places = memberships_in(reader, own, now)?;
    let serves = |id: MembershipId| {
        places
            .iter()
            .any(|place| place.id == id && can_serve(place))
    };
    if !wanted.iter().all(|new| serves(new.membership)) {
        return Err(ReadError::NotFound);
    }
    let turns = near(reader, own, now)?;
    let wanted: Vec<_> = wanted
        .iter()
        .map(|new| (new.membership, new.span))
        .collect();
    Ok(replan(&turns, &wanted, now))
}

fn near(reader: &Reader<'_>, own: OrganizationId, now: Timestamp) -> Result<Vec<Turn>, StoreError> {
    let far = HORIZON_DAYS * DAY_SECONDS;
    match Span::new(now.plus_seconds(-far), now.plus_seconds(2 * far)) {
        Some(span) => duty::within(reader, own, span, now),
        None => Ok(Vec::new()),
    }
}

fn put(tx: &Tx<'_>, own: OrganizationId, new: NewTurn) -> Result<(), StoreError> {
    let turn = Turn {
        id: DutyId::from_random(tx.random_bytes()),
        membership: new.membership,
        span: new.span,
    };
    duty::insert(tx, own, &turn)
}
