//! Handing posts over when they rotate: who leaves a post, who takes it over, and what moves.
//!
//! The plan is looked at first; what is pressed is the plan that was seen, or nothing. All posts
//! pass at the same moment, so that people may swap or move up in a row.
//!
//! An advisory that names the leaving person for the post's tier names the successor from then on,
//! as long as it has no final answer: it was the post that was meant. What the leaver could read of
//! it passes with it. His drafts and what he was asked about his own reports stay his.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::id::{MembershipId, OrganizationId, PersonId};
use domain::organization::{MemberChange, Post, Role};
use domain::release::Visible;
use domain::time::Timestamp;
use seal::random::Random;
use store::log::record;
use store::member::Hanging;
use store::person::Membership;
use store::{Reader, StoreError, Tx, advisory, member, person};

use super::change::{MemberError, keep_an_administrator};
use super::passing::{Passing, open_lines};
use super::{WayIn, card, way_in};
use crate::call::{Call, Hub, ReadError};
use crate::invite::{By, post_fact};
use crate::set_up::{NewPlace, give_place};

/// A post that passes to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// The place that ends.
    pub place: MembershipId,
    /// Who takes the post over.
    pub successor: PersonId,
}

/// What would move.
#[derive(Clone, Default)]
pub struct Plan {
    /// A line for each post, in the order of the turns.
    pub lines: Vec<PlanLine>,
    /// Names exactly this plan; to be sent with the press.
    pub seal: String,
}

/// One post of a plan.
#[derive(Clone)]
pub struct PlanLine {
    /// The turn.
    pub turn: Turn,
    /// The post.
    pub post: Post,
    /// Who leaves it.
    pub leaver: Visible<String>,
    /// Who takes it over.
    pub successor: Visible<String>,
    /// Whether the successor can sign in.
    pub successor_way_in: WayIn,
    /// What the successor has of the post already.
    pub successor_place: SuccessorPlace,
    /// Position on the call list that passes; `None` when the post is not on it.
    pub call_order: Option<u16>,
    /// Numbers of the advisories that name the leaver for this post and wait for an answer.
    pub advisories: Vec<String>,
    /// Turns on the duty roster and deputies.
    pub hanging: Hanging,
}

/// What the successor has of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuccessorPlace {
    /// Nothing: he is given the place.
    New,
    /// The same post: two places become one.
    Held,
}

/// What would move if these posts passed now. Nothing changes.
pub fn plan(
    hub: &Hub,
    call: &Call<'_>,
    organization: OrganizationId,
    turns: Vec<Turn>,
) -> Result<Plan, MemberError> {
    let by = By::Member(call.actor.clone());
    let (now, desk) = (call.now, hub.clone());
    hub.store
        .read(move |reader| planned(&desk, reader, &by, organization, &turns, now))
}

/// Passes the posts on, if what would move is still what `seal` names; how many passed.
///
/// # Errors
/// [`MemberError::Changed`] when something has changed since the plan was made.
pub fn hand_over(
    hub: &Hub,
    call: &Call<'_>,
    organization: OrganizationId,
    turns: Vec<Turn>,
    seal: &str,
) -> Result<usize, MemberError> {
    let by = By::Member(call.actor.clone());
    let (desk, seal) = (hub.clone(), seal.to_owned());
    let mut random = call.random.derive("members.hand_over");
    hub.store.write(call.stamp("members.hand_over"), move |tx| {
        by.must_stand(tx)?;
        let plan = planned(&desk, tx, &by, organization, &turns, tx.now())?;
        if plan.seal != seal {
            return Err(MemberError::Changed);
        }
        let left = turns
            .iter()
            .map(|turn| place_of(tx, organization, turn, tx.now()))
            .collect::<Result<Vec<_>, MemberError>>()?;
        // All leave before anybody takes over: in a row of moves nobody stands in another's way.
        for place in &left {
            person::end_membership(tx, place.id)?;
        }
        let mut passing = Passing::default();
        for (place, turn) in left.iter().zip(&turns) {
            passing.gather(tx, place, turn.successor)?;
        }
        for (place, turn) in left.iter().zip(&turns) {
            let to = take_over(tx, place, turn.successor, &mut random)?;
            member::move_hanging(tx, place.id, to)?;
            note(tx, &by, place, turn.successor, to)?;
        }
        passing.carry_out(tx)?;
        if left.iter().any(|place| place.role == Role::Administrator) {
            keep_an_administrator(tx, organization)?;
        }
        Ok(turns.len())
    })
}

fn planned(
    hub: &Hub,
    reader: &Reader<'_>,
    by: &By,
    organization: OrganizationId,
    turns: &[Turn],
    now: Timestamp,
) -> Result<Plan, MemberError> {
    if !by.runs(organization) {
        return Err(MemberError::NotFound);
    }
    let different: BTreeSet<_> = turns.iter().map(|turn| turn.place).collect();
    if turns.is_empty() || different.len() != turns.len() {
        return Err(MemberError::NotFound);
    }
    let lines = turns
        .iter()
        .map(|turn| line(reader, by, organization, turn, now))
        .collect::<Result<Vec<_>, MemberError>>()?;
    let taken: BTreeSet<_> = lines
        .iter()
        .map(|line| (line.turn.successor, line.post))
        .collect();
    if taken.len() != lines.len() {
        return Err(MemberError::Held);
    }
    let seal = sealed(hub, &lines);
    Ok(Plan { lines, seal })
}

fn line(
    reader: &Reader<'_>,
    by: &By,
    organization: OrganizationId,
    turn: &Turn,
    now: Timestamp,
) -> Result<PlanLine, MemberError> {
    let By::Member(actor) = by else {
        return Err(MemberError::NotFound);
    };
    let place = place_of(reader, organization, turn, now)?;
    if !by.may_grant(organization, place.role) {
        return Err(MemberError::Beyond(place.role));
    }
    by.is_another(turn.successor)?;
    let theirs = person::memberships_of(reader, turn.successor, now)?;
    let mut here = theirs.iter().filter(|one| one.organization == organization);
    if turn.successor == place.person || here.clone().next().is_none() {
        return Err(MemberError::NotFound);
    }
    let holds = here.any(|one| one.post() == place.post());
    let name = |id| {
        card(reader, actor, organization, id)
            .map_err(MemberError::from)?
            .map(|card| card.map(|card| card.name))
            .ok_or(MemberError::NotFound)
    };
    let mut advisories = Vec::new();
    for row in open_lines(reader, &place)? {
        if let Some(found) = advisory::find(reader, row.advisory)? {
            advisories.push(found.number);
        }
    }
    advisories.sort();
    Ok(PlanLine {
        turn: *turn,
        post: place.post(),
        leaver: name(place.person)?,
        successor: name(turn.successor)?,
        successor_way_in: way_in(reader, turn.successor)?,
        successor_place: if holds {
            SuccessorPlace::Held
        } else {
            SuccessorPlace::New
        },
        call_order: place.call_order,
        advisories,
        hanging: member::hanging(reader, place.id, now)?,
    })
}

/// The place of a turn, if it is held in that organization.
fn place_of(
    reader: &Reader<'_>,
    organization: OrganizationId,
    turn: &Turn,
    now: Timestamp,
) -> Result<Membership, MemberError> {
    person::membership(reader, turn.place, now)?
        .filter(|place| place.organization == organization)
        .ok_or(MemberError::NotFound)
}

/// The place from which the successor holds the post; the one he has when it is the same post.
fn take_over(
    tx: &Tx<'_>,
    place: &Membership,
    successor: PersonId,
    random: &mut Random,
) -> Result<MembershipId, MemberError> {
    let theirs = person::memberships_of(tx, successor, tx.now())?;
    let same = theirs
        .iter()
        .find(|one| one.organization == place.organization && one.post() == place.post());
    if let Some(same) = same {
        if same.call_order.is_none() {
            person::set_call_order(tx, same.id, place.call_order)?;
        }
        return Ok(same.id);
    }
    // Clearance belongs to a person, not to a post.
    let own = theirs
        .iter()
        .filter(|one| one.organization == place.organization);
    let new = NewPlace {
        organization: place.organization,
        role: place.role,
        tier: place.tier,
        clearance: own.map(|one| one.clearance).max().unwrap_or_default(),
        call_order: place.call_order,
    };
    Ok(give_place(tx, successor, &new, random)?)
}

fn note(
    tx: &Tx<'_>,
    by: &By,
    place: &Membership,
    successor: PersonId,
    to: MembershipId,
) -> Result<(), StoreError> {
    let change = MemberChange::HandedOver;
    let noted = by.event(place.organization, change).about(successor);
    member::note(tx, &noted.at(place.post()).0)?;
    let facts = vec![
        post_fact(place.post()),
        ("from", place.person.to_string()),
        ("to", successor.to_string()),
        ("place", to.to_string()),
    ];
    let entry = by.entry(change, place.id.to_string(), place.organization, facts);
    record(tx, &entry)
}

/// A keyed hash over everything that would move.
fn sealed(hub: &Hub, lines: &[PlanLine]) -> String {
    let mut text = String::new();
    let order: BTreeMap<_, _> = lines.iter().map(|line| (line.turn, line)).collect();
    for (turn, line) in order {
        let _ = writeln!(
            text,
            "{} {} {} {} {:?} {:?} {:?} {:?}",
            turn.place,
            turn.successor,
            line.post.role,
            line.post.tier,
            line.call_order,
            line.successor_place,
            line.advisories,
            line.hanging
        );
    }
    let hash = hub
        .store
        .keyring()
        .master()
        .derive("members/plan")
        .keyed_hash(&[text.as_bytes()]);
    hash.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl From<ReadError> for MemberError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotFound => Self::NotFound,
            ReadError::Store(source) => Self::Store(source),
        }
    }
}
