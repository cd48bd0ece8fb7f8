//! The members of an organization: who holds which post, since when, and whether he can sign in.
//!
//! `change` gives, changes and ends places and renews ways in; `hand_over` passes posts on when
//! they rotate. The lattice of [`domain::policy::may_grant`] decides over each place.
//!
//! INVARIANT: whatever changes is among the organization's own member changes and in its part of
//! the log, whoever did it: what an outsider does here is seen here.

mod change;
mod console;
mod hand_over;
mod known;
mod passing;

use domain::actor::Actor;
use domain::advisory::delivery::DeliveryState;
use domain::id::{InvitationId, MembershipId, OrganizationId, PersonId};
use domain::organization::{MemberChange, OrganizationKind, Post};
use domain::policy::{Action, Held, may_grant, may_reset};
use domain::release::{Visible, of_member};
use domain::time::Timestamp;
use store::invitation::Aim;
use store::member::MemberEvent;
use store::person::Membership;
use store::{Reader, StoreError, invitation, letter, member, organization, person};

use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};
use crate::invite::By;
use crate::sign_in::read_overview;

pub use change::{MemberError, RESET_SECONDS, change_place, end_place, give_place, reset};
pub use console::{
    ConsolePerson, end_place_at_console, organizations_at_console, people_at_console,
    reset_at_console,
};
pub use hand_over::{Plan, PlanLine, SuccessorPlace, Turn, hand_over, plan};
pub use known::known;

/// Organizations on one page.
pub const ORGANIZATION_ROWS: u32 = 50;
/// Changes that the page shows.
pub const CHANGES_MAX: u32 = 50;

/// The members of an organization.
#[derive(Clone)]
pub struct Members {
    /// The organization.
    pub organization: OrganizationLabel,
    /// Its people: the call list first.
    pub people: Vec<Member>,
    /// Invitations that nobody has taken up, newest first.
    pub waiting: Vec<Waiting>,
    /// What changed, newest first.
    pub changes: Vec<Change>,
}

/// A person with places in the organization.
#[derive(Clone)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// Name, and how he is reached.
    pub card: Visible<Card>,
    /// The places held here; at least one.
    pub places: Vec<HeldPost>,
    /// When he last signed in to one of them; `None` when he never did.
    pub last_sign_in: Option<Timestamp>,
    /// Whether he can sign in.
    pub way_in: WayIn,
    /// Whether the caller may renew his ways in.
    pub renewal: Renewal,
}

/// What whoever runs the members sees of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Name as typed.
    pub name: String,
    /// Mail address; empty when none.
    pub mail: String,
    /// Telephone number; empty when none.
    pub phone: String,
}

/// A place held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPost {
    /// The place.
    pub membership: MembershipId,
    /// The post.
    pub post: Post,
    /// Position on the call list, from 1; `None` when not on it.
    pub call_order: Option<u16>,
    /// Since when.
    pub since: Timestamp,
    /// Whether it has the duty now.
    pub duty: Duty,
    /// Whether the caller may change it.
    pub reach: PlaceReach,
}

/// Whether a place has the duty now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// It has.
    On,
    /// It has not.
    Off,
}

/// Whether a person can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayIn {
    /// By a passkey, or by password and app.
    Ready,
    /// Not yet, or not any more.
    Missing,
}

/// Whether the caller may change or end a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceReach {
    /// He may.
    Within,
    /// His own: he may end it, and give himself nothing else.
    Own,
    /// Beyond what he gives.
    Beyond,
}

/// Whether the caller may renew a person's ways in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// He may.
    Possible,
    /// Himself: his settings are for that.
    Own,
    /// The person holds a place that the caller could not give.
    Beyond,
}

/// An invitation that waits.
#[derive(Clone)]
pub struct Waiting {
    /// Its id.
    pub id: InvitationId,
    /// Whom it is for.
    pub name: Visible<String>,
    /// The posts; empty for new ways in.
    pub posts: Vec<Post>,
    /// Who made it.
    pub by: Doer,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// Where its letter stands; `None` when it goes by hand.
    pub letter: Option<DeliveryState>,
}

/// A change among the members.
#[derive(Clone)]
pub struct Change {
    /// What changed.
    pub change: MemberChange,
    /// Whom it is about; `None` when that was erased.
    pub name: Option<Visible<String>>,
    /// The post; `None` when it is about none.
    pub post: Option<Post>,
    /// Names of the community, in Japanese and English; `None` when it is about none.
    pub community: Option<(String, String)>,
    /// Who did it.
    pub by: Doer,
    /// When.
    pub at: Timestamp,
}

/// Who changed something among the members.
#[derive(Clone)]
pub enum Doer {
    /// The program on its own console.
    Console,
    /// Somebody of the organization itself.
    Within(Option<Visible<String>>),
    /// Somebody of another organization: the administrator of the hub.
    Outside(OrganizationLabel),
}

/// An organization as the administrator of the hub lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationRow {
    /// Its label.
    pub label: OrganizationLabel,
    /// People who hold a place.
    pub person_count: usize,
    /// Administrators among them who can sign in.
    pub administrator_count: usize,
}

/// One page of organizations, and after which the next begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationPage {
    /// The rows.
    pub rows: Vec<OrganizationRow>,
    /// The last of them, when there are more.
    pub next: Option<OrganizationId>,
}

/// The members of `organization`; of the caller's own when it is `None`.
///
/// # Errors
/// [`ReadError::NotFound`] when they are not the caller's to run.
pub fn list(
    hub: &Hub,
    call: &Call<'_>,
    organization: Option<OrganizationId>,
) -> Result<Members, ReadError> {
    let actor = call.actor.clone();
    let now = call.now;
    let asked = organization.unwrap_or(actor.organization);
    if !By::Member(actor.clone()).runs(asked) {
        return Err(ReadError::NotFound);
    }
    hub.store.read(move |reader| {
        let found = organization::find(reader, asked)?.ok_or(ReadError::NotFound)?;
        Ok(Members {
            organization: OrganizationLabel::from(&found),
            people: people(reader, &actor, asked, now)?,
            waiting: waiting(reader, &actor, asked, now)?,
            changes: changes(reader, &actor, asked)?,
        })
    })
}

/// The organization whose members the caller runs.
///
/// # Errors
/// [`ReadError::NotFound`] when they are not the caller's to run.
pub fn house(
    hub: &Hub,
    call: &Call<'_>,
    organization: OrganizationId,
) -> Result<OrganizationLabel, ReadError> {
    if !By::Member(call.actor.clone()).runs(organization) {
        return Err(ReadError::NotFound);
    }
    hub.store.read(move |reader| {
        let found = organization::find(reader, organization)?.ok_or(ReadError::NotFound)?;
        Ok(OrganizationLabel::from(&found))
    })
}

/// One person with places in `organization`.
///
/// # Errors
/// [`ReadError::NotFound`] when he has none there, or its members are not the caller's to run.
pub fn person(
    hub: &Hub,
    call: &Call<'_>,
    organization: OrganizationId,
    id: PersonId,
) -> Result<(OrganizationLabel, Member), ReadError> {
    let found = list(hub, call, Some(organization))?;
    let member = found.people.into_iter().find(|one| one.person == id);
    Ok((found.organization, member.ok_or(ReadError::NotFound)?))
}

/// The organizations that reports can go to, for whoever enters another.
///
/// # Errors
/// [`ReadError::NotFound`] for everybody but the administrator of the hub.
pub fn above(hub: &Hub, call: &Call<'_>) -> Result<Vec<OrganizationLabel>, ReadError> {
    const ABOVE: [OrganizationKind; 4] = [
        OrganizationKind::Ceptoar,
        OrganizationKind::Isac,
        OrganizationKind::Ministry,
        OrganizationKind::NationalCenter,
    ];
    if !call.may(Action::ManageHub) {
        return Err(ReadError::NotFound);
    }
    hub.store.read(|reader| {
        let mut labels = Vec::new();
        for kind in ABOVE {
            let found = organization::of_kind(reader, kind)?;
            labels.extend(found.iter().map(OrganizationLabel::from));
        }
        Ok(labels)
    })
}

/// All organizations, for the administrator of the hub, in an order that tells nothing.
///
/// # Errors
/// [`ReadError::NotFound`] for everybody else.
pub fn organizations(
    hub: &Hub,
    call: &Call<'_>,
    after: Option<OrganizationId>,
) -> Result<OrganizationPage, ReadError> {
    if !call.may(Action::ManageHub) {
        return Err(ReadError::NotFound);
    }
    let now = call.now;
    hub.store.read(move |reader| {
        let mut found = organization::page(reader, after, ORGANIZATION_ROWS + 1)?;
        let limit = usize::try_from(ORGANIZATION_ROWS).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let rows = found
            .iter()
            .map(|row| organization_row(reader, row, now))
            .collect::<Result<Vec<_>, StoreError>>()?;
        let next = rows.last().filter(|_| more).map(|row| row.label.id);
        Ok(OrganizationPage { rows, next })
    })
}

fn organization_row(
    reader: &Reader<'_>,
    row: &store::organization::Organization,
    now: Timestamp,
) -> Result<OrganizationRow, StoreError> {
    let places = person::memberships_in(reader, row.id, now)?;
    let people: std::collections::BTreeSet<_> = places.iter().map(|place| place.person).collect();
    Ok(OrganizationRow {
        label: OrganizationLabel::from(row),
        person_count: people.len(),
        administrator_count: change::administrators(reader, &places)?.len(),
    })
}

fn people(
    reader: &Reader<'_>,
    actor: &Actor,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Vec<Member>, ReadError> {
    let mut people: Vec<Member> = Vec::new();
    for place in person::memberships_in(reader, organization, now)? {
        let held = held_post(reader, actor, &place, now)?;
        let signed_in = member::last_sign_in(reader, place.id)?;
        if let Some(known) = people.iter_mut().find(|one| one.person == place.person) {
            known.places.push(held);
            known.last_sign_in = known.last_sign_in.max(signed_in);
            continue;
        }
        let Some(card) = card(reader, actor, organization, place.person)? else {
            continue;
        };
        people.push(Member {
            person: place.person,
            card,
            places: vec![held],
            last_sign_in: signed_in,
            way_in: way_in(reader, place.person)?,
            renewal: renewal(reader, actor, place.person, now)?,
        });
    }
    Ok(people)
}

fn held_post(
    reader: &Reader<'_>,
    actor: &Actor,
    place: &Membership,
    now: Timestamp,
) -> Result<HeldPost, StoreError> {
    let held = Held {
        organization: place.organization,
        role: place.role,
    };
    let reach = if place.person == actor.person {
        PlaceReach::Own
    } else if may_grant(actor, held) {
        PlaceReach::Within
    } else {
        PlaceReach::Beyond
    };
    let on_duty = member::is_on_duty(reader, place.id, now)?;
    Ok(HeldPost {
        membership: place.id,
        post: place.post(),
        call_order: place.call_order,
        since: place.valid_from,
        duty: if on_duty { Duty::On } else { Duty::Off },
        reach,
    })
}

/// What whoever runs the members of `organization` may read of a person; `None` when erased.
fn card(
    reader: &Reader<'_>,
    actor: &Actor,
    organization: OrganizationId,
    id: PersonId,
) -> Result<Option<Visible<Card>>, ReadError> {
    let Some(record) = person::record(reader, id)? else {
        return Ok(None);
    };
    let record = of_member(actor, organization, record).map_err(|_| ReadError::NotFound)?;
    Ok(Some(record.map(|record| Card {
        name: record.name,
        mail: record.mail,
        phone: record.phone,
    })))
}

fn way_in(reader: &Reader<'_>, id: PersonId) -> Result<WayIn, StoreError> {
    Ok(if read_overview(reader, id)?.has_way_in() {
        WayIn::Ready
    } else {
        WayIn::Missing
    })
}

fn renewal(
    reader: &Reader<'_>,
    actor: &Actor,
    id: PersonId,
    now: Timestamp,
) -> Result<Renewal, StoreError> {
    if id == actor.person {
        return Ok(Renewal::Own);
    }
    let held = change::held(reader, id, now)?;
    Ok(if may_reset(actor, id, &held) {
        Renewal::Possible
    } else {
        Renewal::Beyond
    })
}

fn waiting(
    reader: &Reader<'_>,
    actor: &Actor,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Vec<Waiting>, ReadError> {
    let mut waiting = Vec::new();
    for row in invitation::waiting(reader, organization, now)? {
        let Some(name) = guest_name(reader, actor, organization, row.id)? else {
            continue;
        };
        waiting.push(Waiting {
            id: row.id,
            name,
            posts: match row.aim {
                Aim::Join(posts) => posts,
                Aim::Reset => Vec::new(),
            },
            by: doer(reader, actor, organization, row.invited_by)?,
            expires_at: row.expires_at,
            letter: letter::find(reader, row.id)?.map(|letter| letter.tries.state),
        });
    }
    Ok(waiting)
}

fn guest_name(
    reader: &Reader<'_>,
    actor: &Actor,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<Option<Visible<String>>, ReadError> {
    let Some(guest) = invitation::guest(reader, id)? else {
        return Ok(None);
    };
    let guest = of_member(actor, organization, guest).map_err(|_| ReadError::NotFound)?;
    Ok(Some(guest.map(|guest| guest.name)))
}

fn changes(
    reader: &Reader<'_>,
    actor: &Actor,
    organization: OrganizationId,
) -> Result<Vec<Change>, ReadError> {
    member::events(reader, organization, CHANGES_MAX)?
        .into_iter()
        .map(|event| {
            Ok(Change {
                change: event.change,
                name: event_name(reader, actor, &event)?,
                post: event.post,
                community: match event.community {
                    Some(id) => organization::find_community(reader, id)?
                        .map(|found| (found.name_ja, found.name_en)),
                    None => None,
                },
                by: doer(reader, actor, organization, event.by)?,
                at: event.happened_at,
            })
        })
        .collect()
}

/// The person's own name, or the one that the inviter wrote while nobody has taken it up.
fn event_name(
    reader: &Reader<'_>,
    actor: &Actor,
    event: &MemberEvent,
) -> Result<Option<Visible<String>>, ReadError> {
    if let Some(person) = event.person {
        let card = card(reader, actor, event.organization, person)?;
        return Ok(card.map(|card| card.map(|card| card.name)));
    }
    match event.invitation {
        Some(id) => guest_name(reader, actor, event.organization, id),
        None => Ok(None),
    }
}

fn doer(
    reader: &Reader<'_>,
    actor: &Actor,
    organization: OrganizationId,
    by: Option<MembershipId>,
) -> Result<Doer, ReadError> {
    let Some(by) = by else {
        return Ok(Doer::Console);
    };
    let place = person::membership_ever(reader, by)?.ok_or(ReadError::NotFound)?;
    if place.organization == organization {
        let card = card(reader, actor, organization, place.person)?;
        return Ok(Doer::Within(card.map(|card| card.map(|card| card.name))));
    }
    let outside = organization::find(reader, place.organization)?.ok_or(ReadError::NotFound)?;
    Ok(Doer::Outside(OrganizationLabel::from(&outside)))
}
