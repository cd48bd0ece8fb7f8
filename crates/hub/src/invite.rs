//! Inviting people into organizations, by a link that is good for one person.
//!
//! Whoever invites gives places, so that the lattice of [`domain::policy::may_grant`] decides. The
//! link is shown once or goes by mail; the hub keeps its hash. What the link leads to stands in
//! `take_up`; the letters in `letters`.
//!
//! INVARIANT: an invitation is in the log and among the organization's own member changes from the
//! moment it is made, whoever made it: nobody comes in from outside unseen.

mod letters;
mod take_up;

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::confidential::Confidential;
use domain::id::{CommunityId, InvitationId, MembershipId, OrganizationId};
use domain::organization::{MemberChange, Post, Role};
use domain::policy::{Action, Held, may_grant, permits};
use domain::text::BoundedText;
use domain::time::Timestamp;
use seal::random::Random;
use seal::secret::bearer::{BearerKind, BearerSecret};
use store::invitation::{Aim, Guest, Invitation};
use store::log::{Entry, record};
use store::member::MemberEvent;
use store::{Stamp, StoreError, Tx, invitation, letter, member, organization, person};

use crate::call::{Call, Hub, ReadError};
use crate::deliver::{MailRelay, relay};
use crate::set_up::{Authority, Name, SetUp};

pub use letters::{LetterDispatch, letter_failed, letter_sent, take_letters};
pub use take_up::{AcceptError, Newcomer, Opened, OpenedAim, accept, join, open};

/// How long an invitation is good for, in seconds: two weeks, since people are on leave.
pub const INVITATION_SECONDS: i64 = 14 * 86_400;
/// Longest mail address, in characters (RFC 5321, section 4.5.3.1).
pub const MAIL_CHARS_MAX: usize = 254;
/// Most invitations of one organization that wait at once.
pub const WAITING_MAX: usize = 2_000;
/// Most posts in one invitation.
pub const POSTS_MAX: usize = 8;

/// Somebody to be invited.
#[derive(Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// Into which organization.
    pub organization: OrganizationId,
    /// The person's name, as on the card. The person may correct it.
    pub name: Name,
    /// Where the invitation goes; `None` when it is handed over in another way.
    pub mail: Option<BoundedText<MAIL_CHARS_MAX>>,
    /// Language to write in.
    pub language: WrittenIn,
    /// The posts to be held from then on; at least one.
    pub posts: Vec<Post>,
}

/// The language that the hub writes to a person in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WrittenIn {
    /// Japanese.
    #[default]
    Japanese,
    /// English.
    English,
}

/// An invitation just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Its id.
    pub id: InvitationId,
    /// How it reaches the person.
    pub way: Way,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// How an invitation reaches the person.
#[derive(Clone, PartialEq, Eq)]
pub enum Way {
    /// A letter is queued; nobody here sees the link.
    ByMail,
    /// Whoever invites hands it over: the secret in the link, shown once.
    ByHand(String),
}

/// Why nobody was invited. Nothing of a list was kept.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The organization is not there, or not for this caller to run.
    #[error("nothing is here")]
    NotFound,
    /// A post that the caller may not give.
    #[error("the role `{0}` is not yours to give; ask the administrator of the hub")]
    Beyond(Role),
    /// No post, too many, or one twice.
    #[error("an invitation names 1 to {POSTS_MAX} different posts")]
    Posts,
    /// Too many invitations wait.
    #[error("there are {WAITING_MAX} invitations waiting; withdraw those that are not needed")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Invites one person.
pub fn invite(hub: &Hub, call: &Call<'_>, new: NewInvitation) -> Result<Invited, InviteError> {
    let mut made = invite_all(hub, call, vec![new])?;
    made.pop().ok_or(InviteError::NotFound)
}

/// Invites people, all of them or nobody; in the same order.
pub fn invite_all(
    hub: &Hub,
    call: &Call<'_>,
    new: Vec<NewInvitation>,
) -> Result<Vec<Invited>, InviteError> {
    let by = By::Member(call.actor.clone());
    let random = call.random.derive("invite.links");
    write(hub, by, call.stamp("invite.invite"), random, new)
}

/// Invites one person by right of the console, which hands the link over itself.
pub fn invite_at_console(
    hub: &Hub,
    set_up: &SetUp<'_>,
    new: NewInvitation,
) -> Result<Invited, InviteError> {
    let by = By::from(&set_up.authority);
    let random = set_up.random.derive("invite.links");
    let stamp = set_up.stamp("invite.invite_at_console");
    let mut made = write(hub, by, stamp, random, vec![new])?;
    made.pop().ok_or(InviteError::NotFound)
}

/// Withdraws an invitation that nobody took up.
///
/// # Errors
/// [`ReadError::NotFound`] when there is none that the caller might have made.
pub fn revoke(hub: &Hub, call: &Call<'_>, id: InvitationId) -> Result<(), ReadError> {
    let by = By::Member(call.actor.clone());
    hub.store.write(call.stamp("invite.revoke"), move |tx| {
        let found = invitation::find(tx, id)?.ok_or(ReadError::NotFound)?;
        let may = by.runs(found.organization) && by.stands(tx)?;
        if !may || !invitation::revoke(tx, id)? {
            return Err(ReadError::NotFound);
        }
        let change = MemberChange::InvitationRevoked;
        let noted = by
            .event(found.organization, change)
            .about_invitation(&found);
        member::note(tx, &noted.0)?;
        let entry = by.entry(change, id.to_string(), found.organization, Vec::new());
        Ok(record(tx, &entry)?)
    })
}

fn write(
    hub: &Hub,
    by: By,
    stamp: Stamp,
    mut random: Random,
    new: Vec<NewInvitation>,
) -> Result<Vec<Invited>, InviteError> {
    for one in &new {
        check(&by, one)?;
    }
    hub.store.write(stamp, move |tx| {
        if !by.stands(tx)? {
            return Err(InviteError::NotFound);
        }
        let relay = relay(tx)?;
        new.iter()
            .map(|one| write_one(tx, &by, &mut random, relay, one))
            .collect()
    })
}

fn check(by: &By, new: &NewInvitation) -> Result<(), InviteError> {
    if !by.runs(new.organization) {
        return Err(InviteError::NotFound);
    }
    let different: BTreeSet<_> = new.posts.iter().collect();
    if different.len() != new.posts.len() || !(1..=POSTS_MAX).contains(&new.posts.len()) {
        return Err(InviteError::Posts);
    }
    match new
        .posts
        .iter()
        .find(|post| !by.may_grant(new.organization, post.role))
    {
        Some(post) => Err(InviteError::Beyond(post.role)),
        None => Ok(()),
    }
}

pub(crate) fn write_one(
    tx: &Tx<'_>,
    by: &By,
    random: &mut Random,
    relay: MailRelay,
    new: &NewInvitation,
) -> Result<Invited, InviteError> {
    if organization::find(tx, new.organization)?.is_none() {
        return Err(InviteError::NotFound);
    }
    if invitation::waiting_count(tx, new.organization, tx.now())? >= WAITING_MAX {
        return Err(InviteError::TooMany);
    }
    let mail = new.mail.as_ref().map_or("", |mail| mail.as_str());
    let guest = Confidential::new(Guest {
        name: new.name.as_str().to_owned(),
        mail: mail.to_owned(),
        language: new.language.tag().to_owned(),
    });
    let row = Invitation {
        id: InvitationId::from_random(random.bytes()),
        organization: new.organization,
        aim: Aim::Join(new.posts.clone()),
        person: None,
        invited_by: by.place(),
        created_at: tx.now(),
        expires_at: tx.now().plus_seconds(INVITATION_SECONDS),
        used_at: None,
    };
    let way = put(tx, random, &row, &guest, carrier(by, relay, mail))?;
    let change = MemberChange::Invited;
    for post in &new.posts {
        let noted = by.event(new.organization, change).about_invitation(&row);
        member::note(tx, &noted.at(*post).0)?;
    }
    let posts = new.posts.iter().map(|post| post_fact(*post)).collect();
    let entry = by.entry(change, row.id.to_string(), new.organization, posts);
    record(tx, &entry)?;
    Ok(Invited {
        id: row.id,
        way,
        expires_at: row.expires_at,
    })
}

/// Who carries a link to its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    Mail,
    Hand,
}

/// Mail where there is a relay and an address. The console hands over what it makes: it is there
/// for the day on which nothing else works.
pub(crate) fn carrier(by: &By, relay: MailRelay, mail: &str) -> Carrier {
    if matches!(by, By::Member(_)) && relay == MailRelay::Configured && !mail.is_empty() {
        Carrier::Mail
    } else {
        Carrier::Hand
    }
}

/// Writes an invitation with a fresh link, and its letter when there is one.
pub(crate) fn put(
    tx: &Tx<'_>,
    random: &mut Random,
    row: &Invitation,
    guest: &Confidential<Guest>,
    carrier: Carrier,
) -> Result<Way, StoreError> {
    let secret = BearerSecret::generate(BearerKind::Invitation, random);
    invitation::insert(tx, &secret.stored_hash(), row, guest)?;
    let text = secret.expose_text().to_string();
    match carrier {
        Carrier::Mail => {
            letter::insert(tx, row.id, &Confidential::new(text))?;
            Ok(Way::ByMail)
        }
        Carrier::Hand => Ok(Way::ByHand(text)),
    }
}

/// By whose right members change.
#[derive(Clone)]
pub(crate) enum By {
    /// The program on its own console.
    Console,
    /// A signed-in person.
    Member(Actor),
    /// Whoever made an invitation that is taken up now; `None` for the console. He runs nothing.
    Inviter(Option<MembershipId>),
}

impl From<&Authority<'_>> for By {
    fn from(authority: &Authority<'_>) -> Self {
        match authority {
            Authority::Console(_) => Self::Console,
            Authority::Member(actor) => Self::Member((*actor).clone()),
        }
    }
}

impl By {
    /// Whether the members of that organization are his to run.
    pub(crate) fn runs(&self, organization: OrganizationId) -> bool {
        match self {
            Self::Console => true,
            Self::Member(actor) => {
                permits(actor, Action::ManageMembers)
                    && (actor.organization == organization || permits(actor, Action::ManageHub))
            }
            Self::Inviter(_) => false,
        }
    }

    pub(crate) fn may_grant(&self, organization: OrganizationId, role: Role) -> bool {
        match self {
            Self::Console => true,
            Self::Member(actor) => may_grant(actor, Held { organization, role }),
            Self::Inviter(_) => false,
        }
    }

    /// Whether he still holds the post he acts from: somebody may have ended it a moment ago.
    pub(crate) fn stands(&self, tx: &Tx<'_>) -> Result<bool, StoreError> {
        let Self::Member(actor) = self else {
            return Ok(true);
        };
        let place = person::membership(tx, actor.membership, tx.now())?;
        Ok(place.is_some_and(|place| place.role == actor.role))
    }

    /// The place he acts from; `None` for the console.
    pub(crate) fn place(&self) -> Option<MembershipId> {
        match self {
            Self::Console => None,
            Self::Member(actor) => Some(actor.membership),
            Self::Inviter(place) => *place,
        }
    }

    /// A change among the members of that organization, to be filled in.
    pub(crate) fn event(&self, organization: OrganizationId, change: MemberChange) -> Noted {
        Noted(MemberEvent {
            organization,
            change,
            person: None,
            invitation: None,
            community: None,
            post: None,
            by: self.place(),
            // The store writes the time of its transaction.
            happened_at: Timestamp::from_micros(0),
        })
    }

    /// The entry of the log; the organization owns it, whoever did it.
    pub(crate) fn entry(
        &self,
        change: MemberChange,
        object: String,
        organization: OrganizationId,
        mut facts: Vec<(&'static str, String)>,
    ) -> Entry {
        let by = self
            .place()
            .map_or_else(|| "console".to_owned(), |place| place.to_string());
        facts.push(("by", by));
        Entry {
            event: event_word(change),
            object,
            owner: Some(organization),
            facts,
        }
    }
}

/// A change among members that is being filled in.
pub(crate) struct Noted(pub(crate) MemberEvent);

impl Noted {
    pub(crate) fn about(mut self, person: domain::id::PersonId) -> Self {
        self.0.person = Some(person);
        self
    }

    pub(crate) fn about_invitation(mut self, row: &Invitation) -> Self {
        self.0.invitation = Some(row.id);
        self.0.person = self.0.person.or(row.person);
        self
    }

    pub(crate) fn in_community(mut self, community: CommunityId) -> Self {
        self.0.community = Some(community);
        self
    }

    pub(crate) fn at(mut self, post: Post) -> Self {
        self.0.post = Some(post);
        self
    }
}

/// The post as the log writes it.
pub(crate) fn post_fact(post: Post) -> (&'static str, String) {
    ("post", format!("{} {}", post.role, post.tier))
}

const fn event_word(change: MemberChange) -> &'static str {
    match change {
        MemberChange::Invited => "member-invited",
        MemberChange::InvitationRevoked => "invitation-revoked",
        MemberChange::Joined => "member-joined",
        MemberChange::PlaceGiven => "place-given",
        MemberChange::PlaceChanged => "place-changed",
        MemberChange::PlaceEnded => "place-ended",
        MemberChange::WaysRenewed => "ways-in-renewed",
        MemberChange::HandedOver => "post-handed-over",
        MemberChange::CommunityJoined => "community-joined",
        MemberChange::CommunityLeft => "community-left",
    }
}

impl WrittenIn {
    /// The language's tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }

    /// The language with that tag; Japanese for every other.
    pub fn from_tag(tag: &str) -> Self {
        if tag == "en" {
            Self::English
        } else {
            Self::Japanese
        }
    }
}

impl std::fmt::Debug for Way {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::ByMail => "ByMail",
            Self::ByHand(_) => "ByHand(redacted)",
        })
    }
}
