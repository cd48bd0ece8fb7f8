//! What an advisory was worth, for the desk that issued it.

use domain::actor::Actor;
use domain::advisory::Progress;
use domain::advisory::effect::{Answered, Effect, counted, effect};
use domain::id::AdvisoryId;
use domain::policy::Action;
use domain::release::{Visible, written_back};
use domain::statistic::Figure;
use domain::time::Timestamp;
use store::advisory::addressee;
use store::feedback::{of_advisory, remark};
use store::log::record;
use store::{Reader, StoreError, Tx};

use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};
use crate::finding::cured_after;
use crate::reach::{AdvisoryRow, Reached, Scope, entry, reached};

/// What an advisory was worth.
pub struct EffectSeen {
    /// The advisory.
    pub row: AdvisoryRow,
    /// Who issued it.
    pub issuer: OrganizationLabel,
    /// The figures: no organization is behind any of them alone.
    pub effect: Effect,
    /// The share of users who were cured, in tenths, as far as it may be shown; `None` of an advisory
    /// about no candidate.
    pub cured_tenths: Option<Figure>,
    /// How fast it went.
    pub pace: Pace,
    /// Why addressees cannot act; they wrote it to the issuer under their names.
    pub reasons: Vec<Reason>,
    /// What organizations remarked, without names, as far as their answers are counted.
    pub remarks: Vec<Visible<String>>,
}

/// Half of those who did were as fast as this, in seconds since the issue; `None` when nobody did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    /// Until somebody took it on.
    pub accepted_seconds: Option<i64>,
    /// Until it was done.
    pub done_seconds: Option<i64>,
}

/// Why an addressee cannot act.
pub struct Reason {
    /// Who.
    pub organization: OrganizationLabel,
    /// What it wrote.
    pub text: Visible<String>,
}

/// What an advisory was worth; reading what addressees wrote is noted in the log.
///
/// # Errors
/// [`ReadError::NotFound`] for everybody but the desk that issued it.
pub fn seen(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<EffectSeen, ReadError> {
    if !call.may(Action::WatchReach) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("feedback.effect"), move |tx| {
        let reached = reached(tx, &actor, id, tx.now())?;
        if reached.scope != Scope::Whole {
            return Err(ReadError::NotFound);
        }
        let reasons = reasons(tx, &actor, &reached)?;
        let remarks = remarks(tx, &actor, &reached)?;
        let text_count = reasons.len() + remarks.len();
        if text_count > 0 {
            record(tx, &entry("answers-read", &actor, id, text_count))?;
        }
        Ok(EffectSeen {
            effect: figures(tx, id, tx.now())?,
            cured_tenths: cured_after(tx, id)?,
            pace: pace(&reached),
            row: reached.row,
            issuer: reached.issuer,
            reasons,
            remarks,
        })
    })
}

/// The figures of an advisory: the same for everybody who is shown any of them.
pub(crate) fn figures(
    reader: &Reader<'_>,
    id: AdvisoryId,
    now: Timestamp,
) -> Result<Effect, StoreError> {
    Ok(effect(answers(reader, id)?, now))
}

fn answers(reader: &Reader<'_>, id: AdvisoryId) -> Result<Vec<Answered>, StoreError> {
    let rows = of_advisory(reader, id)?.into_iter();
    Ok(rows
        .map(|row| Answered {
            organization: row.organization,
            given_at: row.given_at,
            useful: row.useful,
            timeliness: row.timeliness,
            matched: row.matched,
        })
        .collect())
}

fn reasons(tx: &Tx<'_>, actor: &Actor, reached: &Reached) -> Result<Vec<Reason>, ReadError> {
    let mut reasons = Vec::new();
    for line in &reached.lines {
        if line.row.progress != Progress::Cannot {
            continue;
        }
        if let Some(text) = addressee::reason(tx, &line.row)? {
            let issuer = reached.row.advisory.issuer;
            let text = written_back(actor, issuer, text).map_err(|_| ReadError::NotFound)?;
            let organization = line.organization.clone();
            reasons.push(Reason { organization, text });
        }
    }
    Ok(reasons)
}

/// Remarks of counted answers, in an order that says nothing of who wrote them or when.
fn remarks(
    tx: &Tx<'_>,
    actor: &Actor,
    reached: &Reached,
) -> Result<Vec<Visible<String>>, ReadError> {
    let id = reached.row.advisory.id;
    let counted: Vec<_> = counted(answers(tx, id)?, tx.now())
        .into_iter()
        .map(|answer| answer.organization)
        .collect();
    let mut remarks = Vec::new();
    for row in of_advisory(tx, id)? {
        if !counted.contains(&row.organization) {
            continue;
        }
        if let Some(text) = remark(tx, &row)? {
            let issuer = reached.row.advisory.issuer;
            remarks.push(written_back(actor, issuer, text).map_err(|_| ReadError::NotFound)?);
        }
    }
    Ok(remarks)
}

fn pace(reached: &Reached) -> Pace {
    let Some(issued_at) = reached.row.advisory.issued_at else {
        return Pace::default();
    };
    let lines = || reached.lines.iter().map(|line| &line.row);
    let done = lines().filter(|row| row.progress == Progress::Done);
    let since = |at: Timestamp| at.seconds_since(issued_at).max(0);
    Pace {
        accepted_seconds: median(lines().filter_map(|row| row.accepted_at).map(since)),
        done_seconds: median(done.filter_map(|row| row.settled_at).map(since)),
    }
}

fn median(values: impl Iterator<Item = i64>) -> Option<i64> {
    let mut values: Vec<i64> = values.collect();
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}
