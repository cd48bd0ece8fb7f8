//! Giving, changing and ending places, and renewing a person's ways in.
//!
//! INVARIANT: an organization that has administrators who can sign in keeps one: the last is
//! neither removed nor made something else, by himself or by two at the same moment.
//! INVARIANT: nobody gives himself a place.

use std::collections::BTreeSet;

use domain::audience::AudienceKey;
use domain::confidential::Confidential;
use domain::id::{InvitationId, MembershipId, OrganizationId, PersonId};
use domain::organization::{Clearance, MemberChange, Post, Role};
use domain::part::Subject;
use domain::policy::{Held, may_reset};
use domain::release::own;
use domain::time::Timestamp;
use seal::random::Random;
use store::advisory::addressee;
use store::invitation::{Aim, Guest, Invitation};
use store::log::record;
use store::person::Membership;
use store::{
    Reader, StoreError, Tx, api_token, credential, invitation, member, part, person, session,
};

use crate::call::{Call, Hub};
use crate::deliver::relay;
use crate::invite::{By, Way, carrier, post_fact, put};
use crate::set_up::{NewPlace, StoreKind, give_place as give, marked};
use crate::sign_in::read_overview;

/// How long a link to new ways in is good for, in seconds: a day.
pub const RESET_SECONDS: i64 = 86_400;

/// Why nothing changed among the members.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// The person or place is not there, or not the caller's to run.
    #[error("nothing is here")]
    NotFound,
    /// A role that the caller may not give, or take.
    #[error("the role `{0}` is not yours to give or to take; ask the administrator of the hub")]
    Beyond(Role),
    /// Nobody gives himself a place or renews his own ways in here.
    #[error("nobody gives himself a place; another administrator has to do it")]
    Yourself,
    /// It would leave the organization without an administrator who can sign in.
    #[error("this is the last administrator who can sign in; invite another before")]
    LastAdministrator,
    /// The person holds that post already.
    #[error("this person holds that post already")]
    Held,
    /// The person holds a place that the caller could not give.
    #[error("this person holds a place beyond your organization; ask the administrator of the hub")]
    OutOfReach,
    /// Something changed since the page was made.
    #[error("something has changed since this page was made; look at it once more")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives somebody who has a place in the organization a further one.
pub fn give_place(
    hub: &Hub,
    call: &Call<'_>,
    organization: OrganizationId,
    to: PersonId,
    post: Post,
) -> Result<MembershipId, MemberError> {
    let by = By::Member(call.actor.clone());
    let mut random = call.random.derive("members.give_place");
    hub.store
        .write(call.stamp("members.give_place"), move |tx| {
            by.check(tx, organization, &[post.role])?;
            by.is_another(to)?;
            let places = places_in(tx, organization, to)?;
            if places.is_empty() {
                return Err(MemberError::NotFound);
            }
            if places.iter().any(|place| place.post() == post) {
                return Err(MemberError::Held);
            }
            let place = NewPlace {
                organization,
                role: post.role,
                tier: post.tier,
                clearance: Clearance::default(),
                call_order: None,
            };
            let id = give(tx, to, &place, &mut random)?;
            note(
                tx,
                &by,
                MemberChange::PlaceGiven,
                organization,
                to,
                Some(post),
            )?;
            Ok(id)
        })
}

/// Makes a place another post.
pub fn change_place(
    hub: &Hub,
    call: &Call<'_>,
    id: MembershipId,
    post: Post,
) -> Result<(), MemberError> {
    let by = By::Member(call.actor.clone());
    hub.store
        .write(call.stamp("members.change_place"), move |tx| {
            let place = person::membership(tx, id, tx.now())?.ok_or(MemberError::NotFound)?;
            by.check(tx, place.organization, &[place.role, post.role])?;
            by.is_another(place.person)?;
            let places = places_in(tx, place.organization, place.person)?;
            if places.iter().any(|other| other.post() == post) {
                return Err(MemberError::Held);
            }
            person::set_post(tx, id, post)?;
            if place.role == Role::Administrator && post.role != Role::Administrator {
                keep_an_administrator(tx, place.organization)?;
            }
            let change = MemberChange::PlaceChanged;
            member::note(
                tx,
                &by.event(place.organization, change)
                    .about(place.person)
                    .at(post)
                    .0,
            )?;
            let facts = vec![
                ("person", place.person.to_string()),
                ("was", format!("{} {}", place.role, place.tier)),
                post_fact(post),
            ];
            Ok(record(
                tx,
                &by.entry(change, id.to_string(), place.organization, facts),
            )?)
        })
}

/// Ends a place; also one's own, unless it is the last administrator's.
pub fn end_place(hub: &Hub, call: &Call<'_>, id: MembershipId) -> Result<(), MemberError> {
    let by = By::Member(call.actor.clone());
    hub.store
        .write(call.stamp("members.end_place"), move |tx| end(tx, &by, id))
}

pub(super) fn end(tx: &Tx<'_>, by: &By, id: MembershipId) -> Result<(), MemberError> {
    let place = person::membership(tx, id, tx.now())?.ok_or(MemberError::NotFound)?;
    by.check(tx, place.organization, &[place.role])?;
    person::end_membership(tx, id)?;
    end_personal_grants(tx, place.person, place.organization)?;
    if place.role == Role::Administrator {
        keep_an_administrator(tx, place.organization)?;
    }
    let change = MemberChange::PlaceEnded;
    note(
        tx,
        by,
        change,
        place.organization,
        place.person,
        Some(place.post()),
    )?;
    let facts = vec![
        ("person", place.person.to_string()),
        post_fact(place.post()),
    ];
    let entry = by.entry(change, id.to_string(), place.organization, facts);
    Ok(record(tx, &entry)?)
}

/// Ends what was addressed to a person by name in an organization where he holds no place any more:
/// the key is his own, and he would carry it to wherever else he has one.
pub(super) fn end_personal_grants(
    tx: &Tx<'_>,
    person: PersonId,
    organization: OrganizationId,
) -> Result<(), StoreError> {
    if !places_in(tx, organization, person)?.is_empty() {
        return Ok(());
    }
    for advisory in addressee::naming_only_in(tx, person, organization, tx.now())? {
        let key = AudienceKey::Person(person);
        part::end_grants_of(tx, Subject::Advisory(advisory), key)?;
    }
    Ok(())
}

/// Takes every way in from a person and makes one link to new ones: his sessions and tokens end at
/// once. With a relay and an address the link goes by mail and nobody here sees it.
pub fn reset(hub: &Hub, call: &Call<'_>, id: PersonId) -> Result<Way, MemberError> {
    let actor = call.actor.clone();
    let mut random = call.random.derive("members.reset");
    hub.store.write(call.stamp("members.reset"), move |tx| {
        let by = By::Member(actor.clone());
        by.must_stand(tx)?;
        let places = person::memberships_of(tx, id, tx.now())?;
        let own = places.iter().find(|place| by.runs(place.organization));
        let own = own.ok_or(MemberError::NotFound)?.organization;
        by.is_another(id)?;
        if !may_reset(&actor, id, &held(tx, id, tx.now())?) {
            return Err(MemberError::OutOfReach);
        }
        renew(tx, &by, &mut random, id, own)
    })
}

/// Takes the ways in and makes the link, on behalf of `organization`.
pub(super) fn renew(
    tx: &Tx<'_>,
    by: &By,
    random: &mut Random,
    id: PersonId,
    organization: OrganizationId,
) -> Result<Way, MemberError> {
    let card = person::record(tx, id)?.ok_or(MemberError::NotFound)?;
    let card = own(card);
    credential::revoke_all(tx, id)?;
    session::delete_others(tx, id, None)?;
    api_token::revoke_of_person(tx, id)?;
    invitation::revoke_bound(tx, id)?;
    let row = Invitation {
        id: InvitationId::from_random(random.bytes()),
        organization,
        aim: Aim::Reset,
        person: Some(id),
        invited_by: by.place(),
        created_at: tx.now(),
        expires_at: tx.now().plus_seconds(RESET_SECONDS),
        used_at: None,
    };
    let mail = card.content().mail.clone();
    let guest = Confidential::new(Guest {
        name: card.content().name.clone(),
        mail: mail.clone(),
        language: person::language(tx, id)?.unwrap_or_default(),
    });
    let way = put(tx, random, &row, &guest, carrier(by, relay(tx)?, &mail))?;
    // Each organization in which the person stands sees it, whoever did it.
    let places = person::memberships_of(tx, id, tx.now())?;
    let concerned: BTreeSet<_> = places.iter().map(|place| place.organization).collect();
    for one in concerned {
        note(tx, by, MemberChange::WaysRenewed, one, id, None)?;
        let facts = vec![("invitation", row.id.to_string())];
        record(
            tx,
            &by.entry(MemberChange::WaysRenewed, id.to_string(), one, facts),
        )?;
    }
    Ok(way)
}

fn note(
    tx: &Tx<'_>,
    by: &By,
    change: MemberChange,
    organization: OrganizationId,
    about: PersonId,
    post: Option<Post>,
) -> Result<(), StoreError> {
    let mut noted = by.event(organization, change).about(about);
    noted.0.post = post;
    member::note(tx, &noted.0)
}

/// The places a person holds, as the lattice takes them.
pub(super) fn held(
    reader: &Reader<'_>,
    id: PersonId,
    now: Timestamp,
) -> Result<Vec<Held>, StoreError> {
    let places = person::memberships_of(reader, id, now)?;
    Ok(places
        .iter()
        .map(|place| Held {
            organization: place.organization,
            role: place.role,
        })
        .collect())
}

fn places_in(
    tx: &Tx<'_>,
    organization: OrganizationId,
    id: PersonId,
) -> Result<Vec<Membership>, StoreError> {
    let mut places = person::memberships_of(tx, id, tx.now())?;
    places.retain(|place| place.organization == organization);
    Ok(places)
}

/// The administrators among `places` who can sign in. In a demo everybody has a link.
pub(super) fn administrators(
    reader: &Reader<'_>,
    places: &[Membership],
) -> Result<BTreeSet<PersonId>, StoreError> {
    let everybody_can = marked(reader)? == Some(StoreKind::Demo);
    let mut found = BTreeSet::new();
    for place in places {
        if place.role != Role::Administrator {
            continue;
        }
        if everybody_can || read_overview(reader, place.person)?.has_way_in() {
            found.insert(place.person);
        }
    }
    Ok(found)
}

/// Refuses what has just left the organization without an administrator who can sign in.
pub(super) fn keep_an_administrator(
    tx: &Tx<'_>,
    organization: OrganizationId,
) -> Result<(), MemberError> {
    let places = person::memberships_in(tx, organization, tx.now())?;
    if administrators(tx, &places)?.is_empty() {
        Err(MemberError::LastAdministrator)
    } else {
        Ok(())
    }
}

impl By {
    /// Whether the organization is his to run and each role his to give, as he stands now.
    pub(super) fn check(
        &self,
        tx: &Tx<'_>,
        organization: OrganizationId,
        roles: &[Role],
    ) -> Result<(), MemberError> {
        self.must_stand(tx)?;
        if !self.runs(organization) {
            return Err(MemberError::NotFound);
        }
        match roles
            .iter()
            .find(|role| !self.may_grant(organization, **role))
        {
            Some(role) => Err(MemberError::Beyond(*role)),
            None => Ok(()),
        }
    }

    /// Refuses who no longer holds the post he acts from.
    pub(super) fn must_stand(&self, tx: &Tx<'_>) -> Result<(), MemberError> {
        if self.stands(tx)? {
            Ok(())
        } else {
            Err(MemberError::NotFound)
        }
    }

    /// Whether `id` is somebody else.
    pub(super) fn is_another(&self, id: PersonId) -> Result<(), MemberError> {
        match self {
            Self::Member(actor) if actor.person == id => Err(MemberError::Yourself),
            _ => Ok(()),
        }
    }
}
