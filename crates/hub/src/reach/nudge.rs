//! Reminding those who have not acted, and trying again what could not be sent.

use std::collections::BTreeSet;

use domain::advisory::AdvisoryStage;
use domain::advisory::delivery::{DeliveryState, Failure, Occasion, Tries};
use domain::id::{AddresseeId, AdvisoryId};
use domain::policy::Action;
use store::advisory::addressee;
use store::log::record;
use store::{StoreError, delivery};

use super::{Watched, entry, is_seen, lines, watched};
use crate::addressing::told_first;
use crate::call::{Call, Hub};
use crate::deliver::tell;

/// Who is to be reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Everybody who has not acted.
    Everybody,
    /// These, as far as they have not acted.
    Chosen(BTreeSet<AddresseeId>),
}

/// Why nobody was reminded.
#[derive(Debug, thiserror::Error)]
pub enum NudgeError {
    /// It is not there for this caller.
    #[error("nothing is here")]
    NotFound,
    /// The advisory was recalled or closed.
    #[error("this advisory takes no more answers, so that nobody is reminded")]
    Ended,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reminds those who have not acted; how many lines that were. Who was reminded a short while ago,
/// or has acted meanwhile, is left alone.
///
/// # Errors
/// [`NudgeError`].
pub fn nudge(hub: &Hub, call: &Call<'_>, id: AdvisoryId, whom: Whom) -> Result<usize, NudgeError> {
    if !call.may(Action::WatchReach) {
        return Err(NudgeError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("reach.nudge"), move |tx| {
        let watched = watched(tx, &actor, id, tx.now())?.ok_or(NudgeError::NotFound)?;
        open(&watched)?;
        let revision = watched.row.advisory.revision;
        let mut count = 0;
        for mut line in lines(tx, &watched, tx.now())? {
            let is_meant = match &whom {
                Whom::Everybody => true,
                Whom::Chosen(chosen) => chosen.contains(&line.row.id),
            };
            if !is_meant || !line.may_be_nudged {
                continue;
            }
            let people = told_first(tx, &line.row.addressee(), tx.now())?;
            tell(tx, &line.row, revision, Occasion::Nudged, &people)?;
            line.row.nudged_at = Some(tx.now());
            addressee::update(tx, &line.row, None)?;
            count += 1;
        }
        record(tx, &entry("advisory-nudged", &actor, id, count))?;
        Ok(count)
    })
}

/// Tries again at once what was given up; how many mails that are.
///
/// # Errors
/// [`NudgeError`].
pub fn retry(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<usize, NudgeError> {
    if !call.may(Action::WatchReach) {
        return Err(NudgeError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("reach.retry"), move |tx| {
        let watched = watched(tx, &actor, id, tx.now())?.ok_or(NudgeError::NotFound)?;
        open(&watched)?;
        let seen: BTreeSet<AddresseeId> = watched.lines.iter().map(|line| line.id).collect();
        let mut count = 0;
        for mut row in delivery::of_advisory(tx, id)? {
            let was_given_up = row.tries.state == DeliveryState::Failed
                && row.tries.failure != Some(Failure::Overtaken);
            if !was_given_up || !seen.contains(&row.addressee) || !is_seen(&row, watched.scope) {
                continue;
            }
            row.tries = Tries {
                failure: row.tries.failure,
                ..Tries::due(tx.now())
            };
            delivery::settle(tx, &row)?;
            count += 1;
        }
        record(tx, &entry("deliveries-retried", &actor, id, count))?;
        Ok(count)
    })
}

fn open(watched: &Watched) -> Result<(), NudgeError> {
    match watched.row.advisory.stage {
        AdvisoryStage::Issued => Ok(()),
        _ => Err(NudgeError::Ended),
    }
}
