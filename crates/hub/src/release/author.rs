//! Asking the author of a report whether the outgoing text may leave. Silence withholds.

use std::collections::BTreeMap;

use domain::confidential::Confidential;
use domain::handling::Handling;
use domain::id::{ReportId, ReviewId};
use domain::part::{PartBody, PartKind};
use domain::policy::Action;
use domain::reference::ReferenceData;
use domain::release::border::{AuthorAnswer, Crossing, Draft, ReviewStage};
use domain::release::{Visible, in_review, own};
use domain::time::Timestamp;
use seal::random::Random;
use store::review::Review;
use store::{Reader, Stamp, Tx, custody, report, review};

use super::bench::{self, Bench};
use super::decide::end_withheld;
use super::{ReviewError, log, open_at, write};
use crate::call::{Call, Hub};
use crate::claim::Claim;

/// What an author is asked: may this leave?
pub struct AuthorQuestion {
    /// The review.
    pub review: ReviewId,
    /// The revision that the answer is about.
    pub revision: u32,
    /// When silence withholds.
    pub due_at: Timestamp,
    /// What would leave, by part, and the terms.
    pub outgoing: BTreeMap<PartKind, (Visible<PartBody>, Handling)>,
}

/// Asks the author of the report to approve the outgoing text by `due_at`.
pub fn ask_author(
    hub: &Hub,
    call: &Call<'_>,
    id: ReviewId,
    revision: u32,
    due_at: Timestamp,
) -> Result<(), ReviewError> {
    if !call.may(Action::ReviewBorder) {
        return Err(ReviewError::NotFound);
    }
    let actor = call.actor.clone();
    let reference = hub.reference.clone();
    hub.store
        .write(call.stamp("release.ask_author"), move |tx| {
            let (mut review, bench) = bench::of_review(tx, &reference, &actor, id)?;
            open_at(&review, revision)?;
            // Nobody could be asked; a question that cannot be answered would only withhold.
            if bench.owner().is_none() && !custody::has_mailbox(tx, bench.report.id)? {
                return Err(ReviewError::NotFound);
            }
            let draft = in_review(&actor, bench.report.relay, review.draft.clone())
                .map_err(|_| ReviewError::NotFound)?;
            if !bench.faults(draft.content()).is_empty() {
                return Err(ReviewError::Faulty);
            }
            review.author = AuthorAnswer::Asked;
            review.author_due_at = Some(due_at);
            write(tx, &review)?;
            log(tx, "author-asked", &bench, &review)
        })
}

/// What the source of a report is asked about it; `None` when it is asked nothing, or the report is
/// not the caller's.
pub fn author_pending(
    hub: &Hub,
    call: &Call<'_>,
    claim: impl Into<Claim>,
) -> Result<Option<AuthorQuestion>, ReviewError> {
    let (claim, organization) = (claim.into(), call.actor.organization);
    let reference = hub.reference.clone();
    hub.store.read(move |reader| {
        if claim.proven(reader, organization)?.is_some() {
            pending(reader, &reference, claim.report())
        } else {
            Ok(None)
        }
    })
}

/// The source of a report answers.
pub fn answer_as_author(
    hub: &Hub,
    call: &Call<'_>,
    claim: impl Into<Claim>,
    revision: u32,
    answer: AuthorAnswer,
) -> Result<(), ReviewError> {
    if !call.may(Action::Submit) {
        return Err(ReviewError::NotFound);
    }
    let (claim, organization) = (claim.into(), call.actor.organization);
    let reference = hub.reference.clone();
    hub.store.write(call.stamp("release.answer"), move |tx| {
        if claim.proven(tx, organization)?.is_none() {
            return Err(ReviewError::NotFound);
        }
        settle(tx, &reference, claim.report(), revision, answer)
    })
}

/// Withholds what an author let lie until `now`. How many reviews it ended.
pub fn due(hub: &Hub, now: Timestamp, random: Random) -> Result<usize, ReviewError> {
    let reference = hub.reference.clone();
    let stamp = Stamp {
        name: "release.due",
        now,
        random,
    };
    hub.store.write(stamp, move |tx| {
        let overdue = review::author_overdue(tx, now)?;
        let ended = overdue.len();
        for mut review in overdue {
            let bench = bench_of(tx, &reference, &review)?;
            review.author = AuthorAnswer::Silent;
            end_withheld(tx, review, &bench)?;
        }
        Ok(ended)
    })
}

/// What the author of `id` is asked, whoever may read it. The caller has made sure that it is the
/// author: by the link of a named report, or by the code of its mailbox.
fn pending(
    reader: &Reader<'_>,
    reference: &ReferenceData,
    id: ReportId,
) -> Result<Option<AuthorQuestion>, ReviewError> {
    let asked = review::of_report(reader, id)?
        .into_iter()
        .find(|review| review.stage == ReviewStage::Open && review.author == AuthorAnswer::Asked);
    let Some(review) = asked else {
        return Ok(None);
    };
    let Some(due_at) = review.author_due_at else {
        return Ok(None);
    };
    let bench = bench_of(reader, reference, &review)?;
    let draft: Visible<Draft> = own(review.draft);
    let outgoing = bench
        .composed(draft.content())
        .into_iter()
        .filter_map(|(kind, body): (PartKind, Confidential<PartBody>)| {
            let part = draft.content().parts.get(&kind)?;
            let crosses = part.crossing == Some(Crossing::Cross);
            crosses.then(|| (kind, (own(body), part.handling.clone())))
        })
        .collect();
    Ok(Some(AuthorQuestion {
        review: review.id,
        revision: review.revision,
        due_at,
        outgoing,
    }))
}

/// Writes the author's answer. The caller has made sure that it is the author.
fn settle(
    tx: &Tx<'_>,
    reference: &ReferenceData,
    id: ReportId,
    revision: u32,
    answer: AuthorAnswer,
) -> Result<(), ReviewError> {
    let mut review = review::of_report(tx, id)?
        .into_iter()
        .find(|review| review.stage == ReviewStage::Open && review.author == AuthorAnswer::Asked)
        .ok_or(ReviewError::WrongStage)?;
    open_at(&review, revision)?;
    let bench = bench_of(tx, reference, &review)?;
    match answer {
        AuthorAnswer::Approved => {
            review.author = AuthorAnswer::Approved;
            review.author_due_at = None;
            write(tx, &review)?;
            review.revision += 1;
            log(tx, "author-approved", &bench, &review)
        }
        AuthorAnswer::Refused => {
            review.author = AuthorAnswer::Refused;
            end_withheld(tx, review, &bench)
        }
        AuthorAnswer::NotAsked | AuthorAnswer::Asked | AuthorAnswer::Silent => {
            Err(ReviewError::WrongStage)
        }
    }
}

fn bench_of(
    reader: &Reader<'_>,
    reference: &ReferenceData,
    review: &Review,
) -> Result<Bench, ReviewError> {
    let report = report::find(reader, review.report)?.ok_or(ReviewError::NotFound)?;
    Ok(Bench::of_report(reader, reference, report)?)
}
