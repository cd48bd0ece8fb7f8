//! The border check at the relay: a draft of what leaves, two approvals, and the release.
//!
//! A review is begun on a report, revised by whoever keeps the border, and released by the second of
//! two persons, one of whom approves releases by role. What leaves is put into the store as the
//! report's outgoing parts, with the audience that the dry run showed.
//!
//! INVARIANT: the author's silence withholds; nothing leaves while he is asked.
//! INVARIANT: every revision takes back the approvals given before it.

mod author;
mod bench;
mod decide;

use std::collections::{BTreeMap, BTreeSet};

use domain::audience::{AudienceKey, CircleMap};
use domain::handling::{Circle, Tlp};
use domain::id::{PartId, ReportId, ReviewId};
use domain::organization::Clearance;
use domain::part::field::Field;
use domain::part::{PartBody, PartKind, Subject};
use domain::policy::Action;
use domain::release::anonymity::Anonymity;
use domain::release::border::{
    self, AuthorAnswer, Crossing, Draft, Fault, PlannedPart, ReviewStage, SmallGroup,
};
use domain::release::detector::Hit;
use domain::release::{Visible, in_review};
use domain::report::Report;
use domain::report::stage::{Step, WrongStage};
use domain::text::BoundedText;
use domain::time::Timestamp;
use domain::word::Code;
use store::log::{Entry, record};
pub use store::review::Approval;
use store::review::Review;
use store::{StoreError, Tx, report, review};

use crate::call::{Call, Hub, ReadError};
use crate::intake::{Head, OpenedPart, note, readable};
use crate::log::Attempt;
pub(crate) use bench::Bench;

pub use author::{AuthorQuestion, answer_as_author, ask_author, author_pending, due};
pub(crate) use decide::two_persons;
pub use decide::{Approved, approve, withhold};

/// Longest reason for withholding, in characters.
pub const REASON_CHARS_MAX: usize = 400;

/// Why a step of the border check was not taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// It is not there for this caller.
    #[error("nothing is here")]
    NotFound,
    /// Somebody else changed the draft since the page was made.
    #[error("the review has changed since this page was made; load it again")]
    Changed,
    /// The report or the review is past that step.
    #[error("the review cannot take this step any more")]
    WrongStage,
    /// Something still stands between the draft and its release.
    #[error("the draft is not ready; see what is listed on the page")]
    Faulty,
    /// The author was asked and has not agreed.
    #[error("the author was asked and has not answered; nothing leaves before")]
    AuthorAsked,
    /// The caller approved already: another person has to.
    #[error("you have approved; the second approval is another person's")]
    SecondPerson,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Attempt for ReviewError {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::NotFound | Self::SecondPerson)
    }
}

/// The reviewer's desk: everything about one review.
pub struct Desk {
    /// The review.
    pub id: ReviewId,
    /// Where it stands.
    pub stage: ReviewStage,
    /// The revision that a change has to name.
    pub revision: u32,
    /// When it was begun.
    pub opened_at: Timestamp,
    /// The report under review.
    pub report: Report,
    /// Its original parts.
    pub originals: Vec<OpenedPart>,
    /// What was decided and written so far.
    pub draft: Visible<Draft>,
    /// What would leave, by part, for parts that are not withheld.
    pub outgoing: BTreeMap<PartKind, Visible<PartBody>>,
    /// Codes and times that can be taken over, by part, as they would leave.
    pub offered: BTreeMap<PartKind, Visible<PartBody>>,
    /// Everything the detector found in the outgoing texts, confirmed or not.
    pub hits: Vec<(Field, Hit)>,
    /// Everything the detector found in the original texts, as a help to the reviewer.
    pub original_hits: Vec<(Field, Hit)>,
    /// What still stands in the way.
    pub faults: Vec<Fault>,
    /// How well the source hides.
    pub anonymity: Anonymity,
    /// The dry run.
    pub plan: BTreeMap<PartKind, PlannedPart>,
    /// Names of those who would receive something, in Japanese and English.
    pub names: BTreeMap<AudienceKey, (String, String)>,
    /// Which key each circle stands for.
    pub map: CircleMap,
    /// The approvals given.
    pub approvals: Vec<Approval>,
    /// What the author says.
    pub author: AuthorAnswer,
    /// When his silence withholds.
    pub author_due_at: Option<Timestamp>,
}

impl Desk {
    /// What its readers know of the report beside its parts.
    pub fn head(&self) -> Head {
        Head::of(self.report.clone(), self.report.relay)
    }
}

/// A change to a draft, as a form brings it.
pub struct Revision {
    /// Decisions by part.
    pub parts: BTreeMap<PartKind, PartRevision>,
    /// Strings that the reviewer lets stand, with their field.
    pub confirmed: BTreeSet<(Field, String)>,
    /// Whether too small a group is accepted.
    pub small_group: SmallGroup,
}

/// A change to one part of a draft.
pub struct PartRevision {
    /// The version of the original that the reviewer had before his eyes.
    pub original: PartId,
    /// Whether it crosses.
    pub crossing: Option<Crossing>,
    /// Why.
    pub reason: Option<BoundedText<REASON_CHARS_MAX>>,
    /// The reviewer's sentences, by field; empty ones are left out.
    pub texts: BTreeMap<Field, String>,
    /// Codes and times to leave out.
    pub left_out: BTreeSet<Field>,
    /// The label.
    pub tlp: Tlp,
    /// The purposes kept.
    pub purposes: BTreeSet<Code>,
    /// The circles kept, beside source and secretariat.
    pub circles: BTreeSet<Circle>,
}

/// Begins a review of `id`, or finds the one that is open.
pub fn begin(hub: &Hub, call: &Call<'_>, id: ReportId) -> Result<ReviewId, ReviewError> {
    if !call.may(Action::ReviewBorder) {
        return Err(ReviewError::NotFound);
    }
    let actor = call.actor.clone();
    let now = call.now;
    let review_id = ReviewId::from_random(call.random.derive("release.begin").bytes());
    let reference = hub.reference.clone();
    hub.store.write(call.stamp("release.begin"), move |tx| {
        let report = report::find(tx, id)?
            .filter(|report| report.relay == actor.organization)
            .ok_or(ReviewError::NotFound)?;
        if readable(tx, &actor, Subject::Report(id), now)?.is_empty() {
            return Err(ReviewError::NotFound);
        }
        let open = review::of_report(tx, id)?
            .into_iter()
            .find(|review| review.stage == ReviewStage::Open);
        if let Some(open) = open {
            return Ok(open.id);
        }
        let stage = report.stage.after(Step::Review)?;
        report::set_stage(tx, id, stage)?;
        let bench = Bench::of_report(tx, &reference, report)?;
        let review = Review {
            id: review_id,
            report: id,
            opened_by: actor.person,
            stage: ReviewStage::Open,
            draft: domain::confidential::Confidential::new(border::begin(&bench.originals)),
            anonymity: bench.anonymity_figures(),
            author: AuthorAnswer::NotAsked,
            author_due_at: None,
            opened_at: now,
            revision: 1,
        };
        review::insert(tx, &review)?;
        log(tx, "review-opened", &bench, &review)?;
        Ok(review_id)
    })
}

/// The desk of the review `id`; reading the originals is noted.
pub fn desk(hub: &Hub, call: &Call<'_>, id: ReviewId) -> Result<Desk, ReviewError> {
    let actor = call.actor.clone();
    let now = call.now;
    let reference = hub.reference.clone();
    hub.store.write(call.stamp("release.desk"), move |tx| {
        let (review, bench) = bench::of_review(tx, &reference, &actor, id)?;
        let subject = Subject::Report(bench.report.id);
        let originals: Vec<OpenedPart> = readable(tx, &actor, subject, now)?
            .into_iter()
            .filter(|part| part.side == domain::part::Side::Original)
            .collect();
        if originals.is_empty() {
            return Err(ReviewError::NotFound);
        }
        note(tx, &actor, &originals, subject, bench.owner())?;
        let draft = in_review(&actor, bench.report.relay, review.draft)
            .map_err(|_| ReviewError::NotFound)?;
        let plan = border::plan(
            draft.content(),
            &bench.originals,
            &bench.map,
            Clearance::default(),
        );
        let in_review = |(kind, body)| {
            let body =
                in_review(&actor, bench.report.relay, body).map_err(|_| ReviewError::NotFound)?;
            Ok::<_, ReviewError>((kind, body))
        };
        let bodies = |draft: &Draft| -> Result<BTreeMap<_, _>, ReviewError> {
            bench.composed(draft).into_iter().map(in_review).collect()
        };
        let outgoing = bodies(draft.content())?;
        let offered = bodies(&border::begin(&bench.originals))?;
        Ok(Desk {
            id,
            stage: review.stage,
            revision: review.revision,
            opened_at: review.opened_at,
            faults: bench.faults(draft.content()),
            hits: bench.hits(draft.content()),
            original_hits: bench.original_hits(&originals),
            names: bench::names(tx, &plan)?,
            map: bench.map.clone(),
            approvals: review::approvals(tx, id)?,
            author: review.author,
            author_due_at: review.author_due_at,
            anonymity: bench.anonymity,
            report: bench.report,
            originals,
            draft,
            outgoing,
            offered,
            plan,
        })
    })
}

/// Writes a changed draft over `revision`. Approvals given before are taken back, and an author who
/// was asked has to be asked again: it is another text now.
pub fn revise(
    hub: &Hub,
    call: &Call<'_>,
    id: ReviewId,
    revision: u32,
    change: Revision,
) -> Result<(), ReviewError> {
    if !call.may(Action::ReviewBorder) {
        return Err(ReviewError::NotFound);
    }
    let actor = call.actor.clone();
    let reference = hub.reference.clone();
    hub.store.write(call.stamp("release.revise"), move |tx| {
        let (mut review, bench) = bench::of_review(tx, &reference, &actor, id)?;
        open_at(&review, revision)?;
        review.draft = domain::confidential::Confidential::new(bench.revised(change));
        review.anonymity = bench.anonymity_figures();
        review.author = AuthorAnswer::NotAsked;
        review.author_due_at = None;
        write(tx, &review)?;
        review::clear_approvals(tx, id)?;
        log(tx, "review-revised", &bench, &review)
    })
}

/// The reviews of a report that the caller's desk keeps, newest first: id and stage only.
pub fn of_report(
    hub: &Hub,
    call: &Call<'_>,
    id: ReportId,
) -> Result<Vec<(ReviewId, ReviewStage, Timestamp)>, ReadError> {
    if !call.may(Action::ReviewBorder) && !call.may(Action::ApproveRelease) {
        return Ok(Vec::new());
    }
    let organization = call.actor.organization;
    hub.store.read(move |reader| {
        let ours = report::find(reader, id)?.is_some_and(|report| report.relay == organization);
        if !ours {
            return Ok(Vec::new());
        }
        let reviews = review::of_report(reader, id)?;
        Ok(reviews
            .into_iter()
            .map(|review| (review.id, review.stage, review.opened_at))
            .collect())
    })
}

/// Refuses when the review is not open or not at `revision` any more.
fn open_at(review: &Review, revision: u32) -> Result<(), ReviewError> {
    if review.stage != ReviewStage::Open {
        Err(ReviewError::WrongStage)
    } else if review.revision != revision {
        Err(ReviewError::Changed)
    } else {
        Ok(())
    }
}

fn write(tx: &Tx<'_>, review: &Review) -> Result<(), ReviewError> {
    match review::update(tx, review)? {
        review::Written::Kept => Ok(()),
        review::Written::Overtaken => Err(ReviewError::Changed),
    }
}

/// Commits to a step of the review.
fn log(
    tx: &Tx<'_>,
    event: &'static str,
    bench: &Bench,
    review: &Review,
) -> Result<(), ReviewError> {
    Ok(record(tx, &step(bench, review, event))?)
}

/// The entry of the log that says `event` of a review.
fn step(bench: &Bench, review: &Review, event: &'static str) -> Entry {
    let (candidates, candidates_min) = bench.anonymity_figures();
    Entry {
        event,
        object: bench.report.id.to_string(),
        owner: bench.owner(),
        facts: vec![
            ("review", review.id.to_string()),
            ("revision", review.revision.to_string()),
            ("candidates", candidates.to_string()),
            ("candidates-min", candidates_min.to_string()),
        ],
    }
}

impl From<WrongStage> for ReviewError {
    fn from(_: WrongStage) -> Self {
        Self::WrongStage
    }
}
