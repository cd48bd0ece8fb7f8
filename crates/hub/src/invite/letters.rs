//! Letters with invitations: taken from their queue by the program's mail loop.

use domain::advisory::delivery::{DeliveryState, Failure};
use domain::id::InvitationId;
use domain::release::{Visible, own};
use domain::time::Timestamp;
use seal::random::Random;
use store::invitation::Aim;
use store::letter::{self, LetterRow};
use store::{Reader, Stamp, StoreError, Tx, invitation, organization};

use super::{OpenedAim, WrittenIn};
use crate::addressing::OrganizationLabel;
use crate::call::Hub;

/// Letters that are taken at once.
const BATCH_MAX: u32 = 20;
/// How long a worker keeps what it took, in seconds.
const LEASE_SECONDS: i64 = 300;

/// A letter to be handed over.
pub struct LetterDispatch {
    /// The invitation, for the answer.
    pub id: InvitationId,
    /// Where it goes: the person's own address.
    pub address: Visible<String>,
    /// Language to write in.
    pub language: WrittenIn,
    /// The secret in the link.
    pub secret: Visible<String>,
    /// The organization that invites.
    pub organization: OrganizationLabel,
    /// Whether it leads to places or to new ways in.
    pub aim: OpenedAim,
    /// Until when the link is good.
    pub expires_at: Timestamp,
}

/// Takes what is due to be sent, for this worker alone. What leads nowhere any more is given up.
pub fn take_letters(
    hub: &Hub,
    now: Timestamp,
    random: Random,
) -> Result<Vec<LetterDispatch>, StoreError> {
    let stamp = Stamp {
        name: "invite.take_letters",
        now,
        random,
    };
    hub.store.write(stamp, |tx| {
        let mut dispatches = Vec::new();
        for row in letter::take_due(tx, LEASE_SECONDS, BATCH_MAX)? {
            match dispatch(tx, &row, tx.now())? {
                Some(dispatch) => dispatches.push(dispatch),
                None => settle(tx, row, Err(Failure::Overtaken))?,
            }
        }
        Ok(dispatches)
    })
}

/// Notes that a letter was handed over: the secret of its link leaves the store.
pub fn letter_sent(
    hub: &Hub,
    id: InvitationId,
    now: Timestamp,
    random: Random,
) -> Result<(), StoreError> {
    finish(hub, "invite.letter_sent", id, Ok(()), now, random)
}

/// Notes that a try failed. It is tried again later when that may help, and given up otherwise.
pub fn letter_failed(
    hub: &Hub,
    id: InvitationId,
    failure: Failure,
    now: Timestamp,
    random: Random,
) -> Result<(), StoreError> {
    finish(hub, "invite.letter_failed", id, Err(failure), now, random)
}

fn finish(
    hub: &Hub,
    name: &'static str,
    id: InvitationId,
    outcome: Result<(), Failure>,
    now: Timestamp,
    random: Random,
) -> Result<(), StoreError> {
    let stamp = Stamp { name, now, random };
    hub.store.write(stamp, move |tx| {
        match letter::find(tx, id)?.filter(|row| row.tries.state == DeliveryState::Waiting) {
            Some(row) => settle(tx, row, outcome),
            None => Ok(()),
        }
    })
}

fn settle(tx: &Tx<'_>, mut row: LetterRow, outcome: Result<(), Failure>) -> Result<(), StoreError> {
    row.tries = row.tries.after(outcome, tx.now());
    letter::settle(tx, &row)
}

/// What the letter says; `None` when its link leads nowhere any more.
fn dispatch(
    reader: &Reader<'_>,
    row: &LetterRow,
    now: Timestamp,
) -> Result<Option<LetterDispatch>, StoreError> {
    if !invitation::is_open(reader, row.invitation, now)? {
        return Ok(None);
    }
    let (Some(found), Some(guest), Some(secret)) = (
        invitation::find(reader, row.invitation)?,
        invitation::guest(reader, row.invitation)?,
        letter::secret(reader, row.invitation)?,
    ) else {
        return Ok(None);
    };
    let Some(inviter) = organization::find(reader, found.organization)? else {
        return Ok(None);
    };
    let guest = own(guest);
    Ok(Some(LetterDispatch {
        id: row.invitation,
        language: WrittenIn::from_tag(&guest.content().language),
        address: guest.map(|guest| guest.mail),
        secret: own(secret),
        organization: OrganizationLabel::from(&inviter),
        aim: match found.aim {
            Aim::Join(posts) => OpenedAim::Join(posts),
            Aim::Reset => OpenedAim::Reset,
        },
        expires_at: found.expires_at,
    }))
}
