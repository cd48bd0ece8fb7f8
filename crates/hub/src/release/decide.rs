//! Ending a review: two approvals release, one refusal withholds.

use domain::actor::Actor;
use domain::audience::audience;
use domain::id::{PartId, PersonId, ReviewId};
use domain::organization::{Clearance, Role};
use domain::part::{Part, PartKind, Side, Subject};
use domain::policy::{Action, Verdict, verdict};
use domain::release::border::{AuthorAnswer, Crossing, Draft, ReviewStage, compose, withheld};
use domain::release::{TwoPersons, in_review, release};
use domain::report::stage::Step;
use domain::text::BoundedText;
use seal::random::Random;
use store::log::{Entry, record};
use store::review::Review;
use store::{StoreError, Tx, part, person, report, review};

use super::bench::{self, Bench};
use super::{REASON_CHARS_MAX, ReviewError, log, open_at, step, write};
use crate::call::{Call, Hub};
use crate::log::noting;

/// What an approval did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approved {
    /// It is the first; another person has to approve.
    First,
    /// It was the second, and the parts have left.
    Released,
}

/// Approves `revision` of a review; the second person's approval releases. That one person tried to be
/// two is history too.
pub fn approve(
    hub: &Hub,
    call: &Call<'_>,
    id: ReviewId,
    revision: u32,
) -> Result<Approved, ReviewError> {
    let approved = give(hub, call, id, revision);
    let object = id.to_string();
    noting(hub, call, Action::ApproveRelease, &object, approved)
}

/// Names an approver to whoever holds the hub's key and to nobody else: the entry belongs to the
/// source, whom it does not concern which persons of the relay decided.
fn approver_mark(hub: &Hub, review: ReviewId, person: PersonId) -> String {
    let fields = [review.to_string(), person.to_string()];
    let keyring = hub.store.keyring();
    keyring.mark("log/approver", &fields.each_ref().map(String::as_bytes))
}

fn give(hub: &Hub, call: &Call<'_>, id: ReviewId, revision: u32) -> Result<Approved, ReviewError> {
    let actor = call.actor.clone();
    let reference = hub.reference.clone();
    let random = call.random.derive("release.approve");
    let approver = approver_mark(hub, id, actor.person);
    hub.store.write(call.stamp("release.approve"), move |tx| {
        let (mut review, bench) = bench::of_review(tx, &reference, &actor, id)?;
        open_at(&review, revision)?;
        let draft = in_review(&actor, bench.report.relay, review.draft.clone())
            .map_err(|_| ReviewError::NotFound)?;
        if !bench.faults(draft.content()).is_empty() {
            return Err(ReviewError::Faulty);
        }
        if matches!(review.author, AuthorAnswer::Asked | AuthorAnswer::Refused) {
            return Err(ReviewError::AuthorAsked);
        }
        let given = review::approvals(tx, id)?;
        if given.iter().any(|approval| approval.person == actor.person) {
            return Err(ReviewError::SecondPerson);
        }
        review::approve(tx, id, actor.person)?;
        let mut approved = step(&bench, &review, "release-approved");
        approved.facts.push(("approver", approver));
        record(tx, &approved)?;
        let Some(first) = given.first() else {
            return Ok(Approved::First);
        };
        let Some(proof) = two_persons(tx, first.person, &actor)? else {
            return Ok(Approved::First);
        };
        Releasing {
            tx,
            bench: &bench,
            proof,
            random,
        }
        .cross(draft.content())?;
        review.stage = ReviewStage::Released;
        write(tx, &review)?;
        report::set_stage(
            tx,
            bench.report.id,
            bench.report.stage.after(Step::Release)?,
        )?;
        Ok(Approved::Released)
    })
}

/// Ends a review with nothing crossing.
pub fn withhold(
    hub: &Hub,
    call: &Call<'_>,
    id: ReviewId,
    revision: u32,
    reason: BoundedText<REASON_CHARS_MAX>,
) -> Result<(), ReviewError> {
    if !call.may(Action::ReviewBorder) && !call.may(Action::ApproveRelease) {
        return Err(ReviewError::NotFound);
    }
    let actor = call.actor.clone();
    let reference = hub.reference.clone();
    hub.store.write(call.stamp("release.withhold"), move |tx| {
        let (mut review, bench) = bench::of_review(tx, &reference, &actor, id)?;
        open_at(&review, revision)?;
        review.draft = withheld(review.draft, reason.as_str());
        end_withheld(tx, review, &bench)
    })
}

/// Ends `review` with nothing crossing. A report of which something crossed earlier stays released.
pub(super) fn end_withheld(
    tx: &Tx<'_>,
    mut review: Review,
    bench: &Bench,
) -> Result<(), ReviewError> {
    review.stage = ReviewStage::Withheld;
    write(tx, &review)?;
    let subject = Subject::Report(bench.report.id);
    let crossed = !part::latest_for_work(tx, subject, Side::Outgoing)?.is_empty();
    let step = if crossed {
        Step::Release
    } else {
        Step::Withhold
    };
    report::set_stage(tx, bench.report.id, bench.report.stage.after(step)?)?;
    log(tx, "release-withheld", bench, &review)
}

/// The proof that two persons approved, one of whom approves releases by role; `None` while the
/// second such person is missing.
pub(crate) fn two_persons(
    tx: &Tx<'_>,
    first: PersonId,
    second: &Actor,
) -> Result<Option<TwoPersons>, ReviewError> {
    let approves =
        |role: Role| verdict(second.kind, role, Action::ApproveRelease) == Verdict::Allow;
    let first_approves = person::memberships_of(tx, first, tx.now())?
        .iter()
        .any(|place| place.organization == second.organization && approves(place.role));
    if !approves(second.role) && !first_approves {
        return Ok(None);
    }
    TwoPersons::approved(first, second.person)
        .map(Some)
        .map_err(|_| ReviewError::SecondPerson)
}

/// A release in progress.
struct Releasing<'t, 'a> {
    tx: &'t Tx<'a>,
    bench: &'t Bench,
    proof: TwoPersons,
    random: Random,
}

impl Releasing<'_, '_> {
    /// Writes every part that crosses, with its audience and its commitment.
    fn cross(&mut self, draft: &Draft) -> Result<(), ReviewError> {
        for (kind, decision) in &draft.parts {
            if decision.crossing != Some(Crossing::Cross) {
                continue;
            }
            let original = self.bench.original(*kind).ok_or(ReviewError::Faulty)?;
            let shown = self.bench.anonymity.shown().ok_or(ReviewError::Faulty)?;
            let body = compose(original, decision, shown);
            let released = release(
                self.proof,
                body,
                &original.handling,
                decision.handling.clone(),
            )
            .map_err(|_| ReviewError::Faulty)?;
            let (body, handling) = released.into_confidential();
            let rows = audience(&handling, &self.bench.map, Clearance::default());
            let outgoing = Part {
                id: PartId::from_random(self.random.bytes()),
                subject: original.subject,
                kind: *kind,
                side: Side::Outgoing,
                version: self.replace(*kind)?,
                body,
                handling,
                written_at: self.tx.now(),
            };
            part::insert(self.tx, &outgoing, &rows)?;
            record(self.tx, &self.entry(&outgoing, rows.len()))?;
        }
        Ok(())
    }

    /// The version of the next outgoing part of `kind`; the one before is not shared any longer.
    fn replace(&self, kind: PartKind) -> Result<u32, StoreError> {
        let subject = Subject::Report(self.bench.report.id);
        let before = part::latest_for_work(self.tx, subject, Side::Outgoing)?;
        let Some(before) = before.iter().find(|part| part.kind == kind) else {
            return Ok(1);
        };
        part::end_part_grants(self.tx, before.id)?;
        Ok(before.version + 1)
    }

    fn entry(&self, outgoing: &Part, receivers: usize) -> Entry {
        Entry {
            event: "part-released",
            object: outgoing.subject.to_string(),
            owner: self.bench.owner(),
            facts: vec![
                ("part", outgoing.id.to_string()),
                ("kind", outgoing.kind.word().to_owned()),
                ("tlp", outgoing.handling.tlp.word().to_owned()),
                ("rows", receivers.to_string()),
            ],
        }
    }
}
