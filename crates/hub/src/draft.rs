//! Drafts of first reports: begun, written page by page, resumed elsewhere, sent or shredded.
//!
//! A draft is kept under its author's name, or under sixteen digits that its author keeps. The
//! digits open it from any machine; during a session the browser holds a [`DraftKey`] in place of
//! them, wrapped for that session alone. The same digits become the mailbox of the report.
//!
//! INVARIANT: a draft is read by its author alone: the person it is kept under, or somebody of the
//! organization it is written for who brings the digits.

use domain::confidential::Confidential;
use domain::id::{DraftId, OrganizationId};
use domain::policy::Action;
use domain::reference::terms::Offer;
use domain::release::{Visible, own};
use domain::report::Custody;
use domain::report::draft::{
    Draft, DraftFull, Page, Typed, Written, begun, belongs_to, written as written_over,
};
use domain::report::filing::Filing;
use domain::time::Timestamp;
use domain::word::Code;
use seal::object::ObjectKey;
use seal::random::Random;
use seal::token::{MailboxCode, StretchError, mailbox_key};
use store::draft::{ClosedDraft, Keeper, expired, find, insert, of_person, shred, update};
use store::{Reader, Stamp, StoreError, Tx};

use crate::call::{Call, Hub};
use crate::limit;
use crate::submit::{Arrival, Mailbox, Receipt, SubmitError, accept};

mod desk;
mod pass;
mod resume;

pub(crate) use desk::desk_of;
pub use desk::{Desk, Sealing, desk};
pub use pass::DraftKey;
pub use resume::resume;
pub use seal::token::MailboxCodeError;

/// Most drafts that one person has open.
pub const DRAFTS_MAX: u32 = 20;
/// Most drafts shredded in one transaction.
const SHRED_MAX: u32 = 100;

/// Why nothing came of a draft.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// It is not there, or not there for this reader: sent, shredded, or somebody else's.
    #[error("no such draft is here")]
    NotFound,
    /// The person has as many drafts as one may have.
    #[error("you have {DRAFTS_MAX} drafts; send or discard one of them")]
    TooMany,
    /// Nothing opens under the digits that were typed.
    #[error("nothing is kept under this code")]
    NoSuchCode,
    /// What was typed is no mailbox code.
    #[error(transparent)]
    Code(#[from] MailboxCodeError),
    /// Too many codes that opened nothing.
    #[error(transparent)]
    TooManyCodes(#[from] limit::TooMany),
    /// More was typed than a draft holds.
    #[error(transparent)]
    Full(#[from] DraftFull),
    /// The report was not accepted; the draft is still there.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The code could not be stretched: memory ran out.
    #[error("the hub has no memory left for the mailbox; try again in a minute")]
    Stretch(#[from] StretchError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// By what a draft is found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// By its author's name.
    Name,
    /// By a mailbox code; no row names the author.
    Code,
}

/// A draft just begun or found again.
pub struct Opened {
    /// Its id.
    pub id: DraftId,
    /// The key that opens it; `None` for a draft under its author's name.
    pub key: Option<DraftKey>,
    /// The sixteen digits in groups, for a draft that a code keeps.
    pub code: Option<String>,
}

/// A draft in the list of its author.
pub struct DraftRow {
    /// What its author typed.
    pub draft: Visible<Draft>,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// When it is shredded.
    pub expires_at: Timestamp,
}

/// Begins a draft for the caller's organization, with the terms that are offered first.
pub fn begin(hub: &Hub, call: &Call<'_>, keeping: Keeping) -> Result<Opened, DraftError> {
    let typed = Confidential::new(first_terms(hub, call, keeping)?);
    begin_with(hub, call, keeping, typed, None)
}

/// Begins a draft that says `typed` already.
pub(crate) fn begin_with(
    hub: &Hub,
    call: &Call<'_>,
    keeping: Keeping,
    typed: Confidential<Typed>,
    promoted_from: Option<domain::id::ReportId>,
) -> Result<Opened, DraftError> {
    if !call.may(Action::Submit) {
        return Err(DraftError::NotFound);
    }
    let mut random = call.random.derive("draft.begin");
    let id = DraftId::from_random(random.bytes());
    let mut draft = Draft::new(id, call.actor.organization, call.now);
    draft.promoted_from = promoted_from;
    let (keeper, opened) = match keeping {
        Keeping::Name => (
            Keeper::Person(call.actor.person),
            Opened {
                id,
                key: None,
                code: None,
            },
        ),
        Keeping::Code => keep_by_code(hub, id, &mut random)?,
    };
    draft.mailbox_code.clone_from(&opened.code);
    let draft = begun(draft, typed, &window("begun")?);
    let (person, now) = (call.actor.person, call.now);
    hub.store.write(call.stamp("draft.begin"), move |tx| {
        let full = usize::try_from(DRAFTS_MAX).unwrap_or(usize::MAX);
        if keeping == Keeping::Name && of_person(tx, person, now, DRAFTS_MAX)?.len() >= full {
            return Err(DraftError::TooMany);
        }
        Ok(insert(tx, id, &keeper, &draft)?)
    })?;
    Ok(opened)
}

/// The caller's drafts, last written first. Drafts that a code keeps are in nobody's list.
pub fn list(hub: &Hub, call: &Call<'_>) -> Result<Vec<DraftRow>, DraftError> {
    let (person, organization, now) = (call.actor.person, call.actor.organization, call.now);
    hub.store.read(move |reader| {
        let mut rows = Vec::new();
        for closed in of_person(reader, person, now, DRAFTS_MAX)? {
            let Some(draft) = closed.open(reader, None)? else {
                continue;
            };
            if belongs_to(&draft).0 == organization {
                rows.push(DraftRow {
                    draft: own(draft),
                    updated_at: closed.updated_at,
                    expires_at: closed.expires_at,
                });
            }
        }
        Ok(rows)
    })
}

/// Opens a draft for its author.
pub fn read(
    hub: &Hub,
    call: &Call<'_>,
    id: DraftId,
    key: Option<&DraftKey>,
) -> Result<Visible<Draft>, DraftError> {
    let author = Author::of(call, key);
    hub.store
        .read(move |reader| author.open(reader, id).map(|(_, draft)| own(draft)))
}

/// Writes a page of a draft. Fields that another window changed meanwhile are told and left alone.
pub fn save(
    hub: &Hub,
    call: &Call<'_>,
    id: DraftId,
    key: Option<&DraftKey>,
    page: Page,
) -> Result<Written, DraftError> {
    let author = Author::of(call, key);
    hub.store.write(call.stamp("draft.save"), move |tx| {
        let (closed, draft) = author.open(tx, id)?;
        let (draft, written) = written_over(draft, page, tx.now())?;
        update(tx, &closed, author.object_key(), &draft)?;
        Ok(written)
    })
}

/// Shreds a draft at its author's wish.
pub fn discard(
    hub: &Hub,
    call: &Call<'_>,
    id: DraftId,
    key: Option<&DraftKey>,
) -> Result<(), DraftError> {
    let author = Author::of(call, key);
    hub.store.write(call.stamp("draft.discard"), move |tx| {
        author.open(tx, id)?;
        Ok(shred(tx, id)?)
    })
}

/// Sends a draft as `filing` and shreds it, both or neither. A draft that a code keeps gives the
/// report its mailbox.
pub fn submit(
    hub: &Hub,
    call: &Call<'_>,
    id: DraftId,
    key: Option<&DraftKey>,
    filing: Filing,
) -> Result<Receipt, DraftError> {
    if !call.may(Action::Submit) {
        return Err(DraftError::NotFound);
    }
    let author = Author::of(call, key);
    let opening = author.clone();
    let (locator, code, promoted_from) = hub.store.read(move |reader| {
        let (closed, draft) = opening.open(reader, id)?;
        let promoted_from = belongs_to(&draft).1;
        let code = own(draft).content().mailbox_code.clone();
        Ok::<_, DraftError>((closed.locator, code, promoted_from))
    })?;
    let mut arrival = Arrival::own(call);
    arrival.provenance.promoted_from = promoted_from;
    arrival.mailbox = code
        .zip(locator)
        .map(|(code, locator)| Mailbox { code, locator });
    accept(hub, call, arrival, filing, move |tx| {
        // Opened again inside the transaction: of two presses on "send" the second finds nothing.
        author.open(tx, id)?;
        Ok::<_, DraftError>(shred(tx, id)?)
    })
}

/// Shreds drafts whose time has run out; how many. Called by the job loop.
pub fn shred_expired(hub: &Hub, now: Timestamp, random: &Random) -> Result<usize, StoreError> {
    let stamp = Stamp {
        name: "draft.shred_expired",
        now,
        random: random.derive("draft.shred_expired"),
    };
    hub.store.write(stamp, move |tx: &Tx<'_>| {
        let late = expired(tx, now, SHRED_MAX)?;
        for id in &late {
            shred(tx, *id)?;
        }
        Ok(late.len())
    })
}

/// Who asks for a draft.
#[derive(Clone)]
struct Author {
    person: domain::id::PersonId,
    organization: OrganizationId,
    key: Option<DraftKey>,
    now: Timestamp,
}

impl Author {
    fn of(call: &Call<'_>, key: Option<&DraftKey>) -> Self {
        Self {
            person: call.actor.person,
            organization: call.actor.organization,
            key: key.cloned(),
            now: call.now,
        }
    }

    fn object_key(&self) -> Option<&ObjectKey> {
        self.key.as_ref().map(DraftKey::object_key)
    }

    /// The draft, if it is this author's. A key that does not fit looks like no draft.
    fn open(
        &self,
        reader: &Reader<'_>,
        id: DraftId,
    ) -> Result<(ClosedDraft, Confidential<Draft>), DraftError> {
        let closed = find(reader, id, self.now)?.ok_or(DraftError::NotFound)?;
        let mine = match closed.person {
            Some(person) => person == self.person && self.key.is_none(),
            None => self.key.is_some(),
        };
        if !mine {
            return Err(DraftError::NotFound);
        }
        let draft = match closed.open(reader, self.object_key()) {
            Ok(draft) => draft.ok_or(DraftError::NotFound)?,
            Err(StoreError::Unreadable { .. }) if self.key.is_some() => {
                return Err(DraftError::NotFound);
            }
            Err(failed) => return Err(failed.into()),
        };
        if belongs_to(&draft).0 == self.organization {
            Ok((closed, draft))
        } else {
            Err(DraftError::NotFound)
        }
    }
}

fn keep_by_code(
    hub: &Hub,
    id: DraftId,
    random: &mut Random,
) -> Result<(Keeper, Opened), DraftError> {
    let mailbox = Mailbox::new(hub, random)?;
    let code = MailboxCode::parse(&mailbox.code)?;
    let salt = random.bytes();
    let key = mailbox_key(&code, &salt, hub.cost)?;
    let opened = Opened {
        id,
        key: Some(DraftKey::new(key.clone())),
        code: Some(mailbox.code),
    };
    let keeper = Keeper::Code {
        locator: mailbox.locator,
        salt,
        key,
    };
    Ok((keeper, opened))
}

/// The terms as the page offers them first: preset purposes ticked, label and circles that an
/// incident usually needs, and no word on the consent, which the source itself has to say. Where no
/// identity can be sealed, a draft without a name begins with none stored.
pub(crate) fn first_terms(
    hub: &Hub,
    call: &Call<'_>,
    keeping: Keeping,
) -> Result<Typed, DraftError> {
    let day = call.now.day_in_japan();
    let purposes = hub
        .reference
        .purposes
        .current(day)
        .filter(|row| row.body.offer == Offer::Preset)
        .map(|row| row.code.to_string())
        .collect();
    let custody = match keeping {
        Keeping::Name => Custody::Named,
        Keeping::Code if desk(hub, call)?.sealing == Sealing::Possible => Custody::Unnamed,
        Keeping::Code => Custody::Stripped,
    };
    let circles = [
        "ministry",
        "national-center",
        "coordination",
        "ceptoar-members",
    ];
    let terms = [
        ("kind", vec!["incident".to_owned()]),
        ("custody", vec![custody.word().to_owned()]),
        ("tlp", vec!["amber".to_owned()]),
        ("circles", circles.map(str::to_owned).to_vec()),
        ("purposes", purposes),
    ];
    Ok(terms
        .into_iter()
        .filter_map(|(name, values)| Some((name.parse().ok()?, values)))
        .collect())
}

fn window(word: &str) -> Result<Code, DraftError> {
    word.parse().map_err(|_| DraftError::NotFound)
}
