//! What a link leads to: looking changes nothing, taking it up begins a short session in which the
//! person makes a way in.
//!
//! INVARIANT: a link gives its places once. It leads the same person back as long as he has no way
//! in, and nobody anywhere afterwards.

use domain::actor::{Actor, Assurance};
use domain::confidential::Confidential;
use domain::id::{MembershipId, OrganizationId, PersonId};
use domain::organization::{Clearance, MemberChange, Post};
use domain::release::{Visible, own};
use domain::time::Timestamp;
use seal::random::Random;
use seal::secret::bearer::{BearerKind, BearerSecret};
use store::invitation::{Aim, Invitation};
use store::log::record;
use store::person::PersonRecord;
use store::{Reader, Stamp, StoreError, Tx, invitation, member, organization, person};

use super::{By, WrittenIn, post_fact};
use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};
use crate::limit::{self, LimitError, Limited, TooMany};
use crate::set_up::{LoginName, Name, NewPlace, give_place};
use crate::sign_in::{Begin, Begun, read_overview};

/// An invitation as its page shows it.
#[derive(Clone)]
pub struct Opened {
    /// The organization that invites.
    pub organization: OrganizationLabel,
    /// What it leads to.
    pub aim: OpenedAim,
    /// Name of the person who is meant, and the mail address that the invitation went to.
    pub guest: Visible<(String, String)>,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// What an opened link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenedAim {
    /// Places; nobody has taken them up.
    Join(Vec<Post>),
    /// A first way in, for the person who took the places up and has none yet.
    GoOn,
    /// New ways in.
    Reset,
}

/// Who takes up an invitation without having an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// The person's own name.
    pub name: Name,
    /// The sign-in name that he chooses.
    pub login: LoginName,
    /// Language to write in.
    pub language: WrittenIn,
}

/// Why an invitation was not taken up.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The link is none, or none any more. Which of them is not told.
    #[error("this link leads nowhere; ask whoever invited you for another")]
    NotFound,
    /// A name is needed: nobody has taken this invitation up before.
    #[error("this invitation wants a name and a sign-in name")]
    NameNeeded,
    /// Somebody has that sign-in name.
    #[error("this sign-in name is taken; choose another, or sign in first if it is yours")]
    LoginTaken,
    /// One's own invitation gives oneself no place.
    #[error("nobody gives himself a place; another administrator has to invite you")]
    Yourself,
    /// Too many tries on this link.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the link says. Nothing changes, however often it is opened.
///
/// # Errors
/// [`ReadError::NotFound`] when it leads nowhere: unknown, used, expired, withdrawn.
pub fn open(hub: &Hub, link: &str, now: Timestamp) -> Result<Opened, ReadError> {
    let hash = hash_of(link).ok_or(ReadError::NotFound)?;
    hub.store.read(move |reader| {
        let row = good(reader, &hash, now)?.ok_or(ReadError::NotFound)?;
        let inviter = organization::find(reader, row.organization)?.ok_or(ReadError::NotFound)?;
        let guest = invitation::guest(reader, row.id)?.ok_or(ReadError::NotFound)?;
        Ok(Opened {
            organization: OrganizationLabel::from(&inviter),
            guest: own(guest).map(|guest| (guest.name, guest.mail)),
            expires_at: row.expires_at,
            aim: match (row.aim, row.used_at) {
                (Aim::Reset, _) => OpenedAim::Reset,
                (Aim::Join(_), Some(_)) => OpenedAim::GoOn,
                (Aim::Join(posts), None) => OpenedAim::Join(posts),
            },
        })
    })
}

/// Takes the link up for somebody who is not signed in: a session that is good for making a way in
/// and for nothing else. `newcomer` is who joins; `None` for a reset or to go on.
pub fn accept(
    hub: &Hub,
    link: &str,
    newcomer: Option<Newcomer>,
    now: Timestamp,
    random: &Random,
) -> Result<Begun, AcceptError> {
    let hash = hash_of(link).ok_or(AcceptError::NotFound)?;
    let found = hub
        .store
        .read::<_, StoreError>(move |reader| good(reader, &hash, now))?
        .ok_or(AcceptError::NotFound)?;
    // Sign-in names can be tried out here: not without limit.
    let limited = Limited::Link(found.id.to_string());
    limit::enter(hub, &limited, now, random)?;
    let stamp = Stamp {
        name: "invite.accept",
        now,
        random: random.derive("invite.accept"),
    };
    let mut begin = Begin::new(Assurance::Invitation, random);
    let mut drawn = random.derive("invite.newcomer");
    let desk = hub.clone();
    hub.store.write(stamp, move |tx| {
        let row = good(tx, &hash, tx.now())?.ok_or(AcceptError::NotFound)?;
        let begun = match (row.person, &row.aim) {
            (Some(person), _) => {
                store::session::delete_others(tx, person, None)?;
                begin.for_person(tx, person)?
            }
            (None, Aim::Join(posts)) => {
                let newcomer = newcomer.ok_or(AcceptError::NameNeeded)?;
                let person = enter(tx, &row, &newcomer, &mut drawn)?;
                let places = take_places(tx, &row, posts, person, &mut drawn)?;
                match places.first() {
                    Some(place) => begin.for_place(tx, *place)?,
                    None => None,
                }
            }
            (None, Aim::Reset) => None,
        };
        limit::clear(&desk, tx, &limited)?;
        begun.ok_or(AcceptError::NotFound)
    })
}

/// Takes the link up for the caller, who has an account: he holds further places from now on.
/// The first of them, to go on from.
pub fn join(hub: &Hub, call: &Call<'_>, link: &str) -> Result<MembershipId, AcceptError> {
    let actor = call.actor.clone();
    let hash = hash_of(link).ok_or(AcceptError::NotFound)?;
    if matches!(actor.assurance, Assurance::Invitation | Assurance::Token) {
        return Err(AcceptError::NotFound);
    }
    let mut drawn = call.random.derive("invite.join");
    hub.store.write(call.stamp("invite.join"), move |tx| {
        let row = good(tx, &hash, tx.now())?.ok_or(AcceptError::NotFound)?;
        let (Aim::Join(posts), None) = (&row.aim, row.used_at) else {
            return Err(AcceptError::NotFound);
        };
        if is_own(tx, &row, &actor)? {
            return Err(AcceptError::Yourself);
        }
        let places = take_places(tx, &row, posts, actor.person, &mut drawn)?;
        places.first().copied().ok_or(AcceptError::NotFound)
    })
}

/// Whether the actor made the invitation, from whatever place.
fn is_own(reader: &Reader<'_>, row: &Invitation, actor: &Actor) -> Result<bool, StoreError> {
    let Some(place) = row.invited_by else {
        return Ok(false);
    };
    let inviter = person::membership_ever(reader, place)?;
    Ok(inviter.is_some_and(|inviter| inviter.person == actor.person))
}

fn hash_of(link: &str) -> Option<[u8; 32]> {
    let secret = BearerSecret::parse(BearerKind::Invitation, link).ok()?;
    Some(secret.stored_hash())
}

/// The invitation, as long as it leads somewhere: not taken up, or by somebody without a way in.
fn good(
    reader: &Reader<'_>,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    let Some(row) = invitation::by_link(reader, hash, now)? else {
        return Ok(None);
    };
    if let Some(person) = row.person
        && read_overview(reader, person)?.has_way_in()
    {
        return Ok(None);
    }
    Ok(Some(row))
}

/// Enters the person under the sign-in name that he chose.
fn enter(
    tx: &Tx<'_>,
    row: &Invitation,
    newcomer: &Newcomer,
    random: &mut Random,
) -> Result<PersonId, AcceptError> {
    if person::find_by_login(tx, newcomer.login.as_str())?.is_some() {
        return Err(AcceptError::LoginTaken);
    }
    let mail = invitation::guest(tx, row.id)?.map(|guest| own(guest).map(|guest| guest.mail));
    let id = PersonId::from_random(random.bytes());
    let card = Confidential::new(PersonRecord {
        name: newcomer.name.as_str().to_owned(),
        login: newcomer.login.as_str().to_owned(),
        mail: mail.map(|mail| mail.content().clone()).unwrap_or_default(),
        phone: String::new(),
    });
    person::insert(tx, id, &card)?;
    person::set_language(tx, id, newcomer.language.tag())?;
    Ok(id)
}

/// Gives the person the invitation's places that he does not hold yet, and marks it as taken up.
fn take_places(
    tx: &Tx<'_>,
    row: &Invitation,
    posts: &[Post],
    person: PersonId,
    random: &mut Random,
) -> Result<Vec<MembershipId>, AcceptError> {
    if !invitation::take_up(tx, row.id, person)? {
        return Err(AcceptError::NotFound);
    }
    let mut places = Vec::new();
    for post in posts {
        if let Some(held) = held(tx, person, row.organization, *post)? {
            places.push(held);
            continue;
        }
        let place = NewPlace {
            organization: row.organization,
            role: post.role,
            tier: post.tier,
            clearance: Clearance::default(),
            call_order: None,
        };
        places.push(give_place(tx, person, &place, random)?);
        let change = MemberChange::Joined;
        let noted = By::Inviter(row.invited_by).event(row.organization, change);
        let noted = noted.about(person).about_invitation(row).at(*post);
        member::note(tx, &noted.0)?;
    }
    let mut facts: Vec<_> = posts.iter().map(|post| post_fact(*post)).collect();
    facts.push(("person", person.to_string()));
    let by = By::Inviter(row.invited_by);
    let entry = by.entry(
        MemberChange::Joined,
        row.id.to_string(),
        row.organization,
        facts,
    );
    record(tx, &entry)?;
    Ok(places)
}

fn held(
    tx: &Tx<'_>,
    person: PersonId,
    organization: OrganizationId,
    post: Post,
) -> Result<Option<MembershipId>, StoreError> {
    let places = person::memberships_of(tx, person, tx.now())?;
    let same = |place: &&store::person::Membership| {
        place.organization == organization && place.role == post.role && place.tier == post.tier
    };
    Ok(places.iter().find(same).map(|place| place.id))
}

impl From<LimitError> for AcceptError {
    fn from(error: LimitError) -> Self {
        match error {
            LimitError::TooMany(wait) => Self::TooMany(wait),
            LimitError::Store(source) => Self::Store(source),
        }
    }
}
