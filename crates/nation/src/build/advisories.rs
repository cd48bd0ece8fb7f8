//! The way down: advisories are written, issued by a second person, opened and answered.

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::Actor;
use domain::advisory::chosen::Chosen;
use domain::advisory::feedback::{Feedback, Matching, Remark, Timeliness, Usefulness};
use domain::confidential::Confidential;
use domain::id::{AdvisoryId, OrganizationId, ReportId};
use domain::organization::{Role, Tier};
use domain::part::PartBody;
use domain::part::field::Value;
use domain::policy::{Action, permits};
use domain::time::{DAY_SECONDS, Timestamp};
use domain::word::Code;
use hub::acknowledge::{Answer, AnswerError, answer};
use hub::compose::{Writing, propose, save};
use hub::feedback::{FeedbackError, give};
use hub::issue::issue;
use hub::{Hub, Random, inbox};

use super::crew;
use super::{BuildError, PlayedReport, Register, Stage, Step, call};
use crate::draw::Draw;
use crate::plan::{Plan, PlannedAdvisory, PlannedReport};

/// Seconds from the author's proposal to the second person's approval.
const APPROVED_SECONDS: i64 = 1_800;
/// Version of a text that was written once.
const FIRST_VERSION: u32 = 1;
/// Days back from which on most addressees have answered in the store; of older advisories a
/// sample has, since each answer is a commit of its own.
const ANSWERED_DAYS: i64 = 45;
/// In a hundred addressees of a recent advisory, those that answered; of an older one.
const RECENT_PERCENT: usize = 62;
const OLDER_PERCENT: usize = 6;

/// Seconds from opening an advisory to the answer.
const ANSWER_SECONDS: i64 = 300;
/// In a hundred organizations that answered, those that say what the advisory was worth.
const FEEDBACK_PERCENT: usize = 55;
/// Seconds from an answer to the feedback on it.
const FEEDBACK_SECONDS: i64 = 60;
/// Days before an advisory from which reports may have led to it, and how many.
const RESTS_ON_DAYS: i64 = 14;
const RESTS_ON_MAX: usize = 3;

/// Plays every advisory of the plan, which may rest on `reports`; their ids in its order.
pub(super) fn play(
    stage: &mut Stage<'_>,
    register: &Register,
    reports: &[PlayedReport],
) -> Result<Vec<AdvisoryId>, BuildError> {
    let (plan, hub, now) = (stage.plan, stage.hub, stage.now);
    let random = stage.random.derive("advisories");
    let issued: Vec<Timestamp> = plan
        .advisories
        .iter()
        .map(|one| stage.at(one.issued))
        .collect();
    let answering = Answering::of(plan, register)?;
    crew::play(
        stage,
        Step::Advisories,
        &plan.advisories,
        |number, planned| {
            let issued = issued
                .get(number)
                .copied()
                .ok_or(BuildError::Missing("moment"))?;
            Playing {
                plan,
                hub,
                register,
                reports,
                planned,
                issued,
                now,
                random: random.derive(&number.to_string()),
            }
            .play(number, &answering)
        },
    )
}

/// Who answers for a tier of each organization, and whose answers are always there.
struct Answering<'a> {
    by_place: BTreeMap<(OrganizationId, Tier), &'a Actor>,
    cast: OrganizationId,
}

impl<'a> Answering<'a> {
    fn of(plan: &Plan, register: &'a Register) -> Result<Self, BuildError> {
        let mut by_place = BTreeMap::new();
        for actor in &register.actors {
            if permits(actor, Action::Acknowledge) {
                by_place
                    .entry((actor.organization, actor.tier))
                    .or_insert(actor);
            }
        }
        let cast = plan.roles.iter().find(|(role, _)| *role == "operator_duty");
        let (_, person) = cast.ok_or(BuildError::Missing("role"))?;
        Ok(Self {
            by_place,
            cast: register.actor(*person)?.organization,
        })
    }
}

/// One advisory being played.
struct Playing<'a> {
    plan: &'a Plan,
    hub: &'a Hub,
    register: &'a Register,
    reports: &'a [PlayedReport],
    planned: &'a PlannedAdvisory,
    issued: Timestamp,
    now: Timestamp,
    random: Random,
}

impl Playing<'_> {
    fn play(&self, number: usize, answering: &Answering<'_>) -> Result<AdvisoryId, BuildError> {
        let issuer = self.register.organization(self.planned.issuer)?;
        let author = self.register.holder(issuer, Role::Analyst)?;
        let approver = self.register.holder(issuer, Role::Officer)?;
        let written = self.issued.plus_seconds(-APPROVED_SECONDS);
        let saving = call(author, written, &self.random, "save");
        let id = save(self.hub, &saving, None, self.writing()?)?;
        propose(
            self.hub,
            &call(author, written, &self.random, "propose"),
            id,
        )?;
        let issuing = call(approver, self.issued, &self.random, "issue");
        issue(self.hub, &issuing, id, FIRST_VERSION)?;
        self.answers(number, answering, id)?;
        Ok(id)
    }

    fn writing(&self) -> Result<Writing, BuildError> {
        let planned = self.planned;
        let mut fields = BTreeMap::new();
        for (field, text) in &planned.texts {
            fields.insert(*field, Value::text(*field, text)?);
        }
        let mut chosen = BTreeSet::new();
        for community in &planned.communities {
            let id = self.register.communities.get(*community);
            let id = *id.ok_or(BuildError::Missing("community"))?;
            chosen.extend(
                planned
                    .tiers
                    .iter()
                    .map(|(tier, _)| Chosen::Community(id, *tier)),
            );
        }
        let due = |days: i64| self.issued.plus_seconds(days * DAY_SECONDS);
        Ok(Writing {
            kind: planned.kind,
            grade: planned.grade.parse()?,
            body: Confidential::new(PartBody::new(fields)),
            chosen,
            dues: planned
                .tiers
                .iter()
                .map(|(tier, days)| (*tier, due(*days)))
                .collect(),
            tlp: planned.tlp,
            purposes: purposes()?,
            reports: self.rests_on(),
        })
    }

    /// The newest reports that may have led to it: of its own story, or of any. Those that its
    /// author cannot read fall away when it is written.
    fn rests_on(&self) -> BTreeSet<ReportId> {
        let issued = self.planned.issued.days_back;
        let fits = |report: &PlannedReport| {
            let before = report.accepted.days_back - issued;
            (1..=RESTS_ON_DAYS).contains(&before) && report.story == self.planned.story
        };
        let planned = self.plan.reports.iter().zip(self.reports);
        let mut fitting: Vec<_> = planned.filter(|(report, _)| fits(report)).collect();
        fitting.sort_by_key(|(report, _)| report.accepted.days_back);
        let newest = fitting.into_iter().take(RESTS_ON_MAX);
        newest.map(|(_, played)| played.id).collect()
    }

    /// Addressees open and answer, each tier by its own person.
    fn answers(
        &self,
        number: usize,
        answering: &Answering<'_>,
        id: AdvisoryId,
    ) -> Result<(), BuildError> {
        let mut draw = Draw::new(self.plan.seed, &format!("answers/{number}"));
        let recent = self.planned.issued.days_back <= ANSWERED_DAYS;
        let percent = if recent {
            RECENT_PERCENT
        } else {
            OLDER_PERCENT
        };
        let members = self
            .planned
            .communities
            .iter()
            .filter_map(|community| self.plan.communities.get(*community))
            .flat_map(|community| &community.members);
        let mut asked = BTreeSet::new();
        for member in members.filter(|member| asked.insert(**member)) {
            let organization = self.register.organization(*member)?;
            let mut said = Said::No;
            for (tier, days) in &self.planned.tiers {
                // The cast leaves the newest unanswered, so that its inbox has something to do.
                let is_cast = organization == answering.cast && self.planned.issued.days_back > 6;
                let after = draw.between(1_800, days * DAY_SECONDS);
                let (drawn, kind) = (draw.below(100), draw.below(100));
                let answers = is_cast || (drawn < percent && organization != answering.cast);
                let at = self.issued.plus_seconds(after);
                let Some(actor) = answering.by_place.get(&(organization, *tier)) else {
                    continue;
                };
                if answers && at < self.now {
                    self.answer(actor, id, *tier, at, kind)?;
                    if said == Said::No {
                        let at = at.plus_seconds(ANSWER_SECONDS + FEEDBACK_SECONDS);
                        said = self.feedback(number, actor, id, at)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn answer(
        &self,
        actor: &Actor,
        id: AdvisoryId,
        tier: Tier,
        at: Timestamp,
        kind: usize,
    ) -> Result<(), BuildError> {
        let label = format!("{}/{tier}", actor.organization);
        let opening = call(actor, at, &self.random, &format!("open/{label}"));
        let opened = inbox::open(self.hub, &opening, id)?;
        let Some(line) = opened.lines.iter().find(|line| line.tier == tier) else {
            return Ok(());
        };
        let answered = match kind {
            0..=69 => Answer::Done,
            70..=84 => Answer::NotApplicable,
            85..=94 => Answer::Accepted,
            _ => Answer::Cannot(Confidential::new(Remark::parse(
                "次の定期点検まで止められないため、監視を強めて対応します。",
            )?)),
        };
        let answering = call(
            actor,
            at.plus_seconds(ANSWER_SECONDS),
            &self.random,
            &format!("answer/{label}"),
        );
        match answer(self.hub, &answering, id, line.id, answered) {
            Ok(()) => Ok(()),
            Err(AnswerError::Store(failure)) => Err(hub::ReadError::Store(failure).into()),
            Err(AnswerError::NotFound | AnswerError::Ended) => {
                Err(BuildError::Missing("addressee"))
            }
        }
    }
}

impl Playing<'_> {
    /// An organization says what the advisory was worth, or keeps it to itself.
    fn feedback(
        &self,
        number: usize,
        actor: &Actor,
        id: AdvisoryId,
        at: Timestamp,
    ) -> Result<Said, BuildError> {
        let label = format!("feedback/{number}/{}", actor.organization);
        let mut draw = Draw::new(self.plan.seed, &label);
        if draw.below(100) >= FEEDBACK_PERCENT || at >= self.now {
            return Ok(Said::Yes);
        }
        let remark = match draw.below(12) {
            0 => "対象の型番が先頭にあると、早く確かめられます。",
            1 => "夜間の当番だけでは止める判断ができず、翌朝の対応になりました。",
            _ => "",
        };
        let feedback = Feedback {
            useful: match draw.below(100) {
                0..=64 => Usefulness::Yes,
                65..=89 => Usefulness::Partly,
                _ => Usefulness::No,
            },
            timeliness: match draw.below(100) {
                0..=29 => Timeliness::Before,
                30..=84 => Timeliness::InTime,
                _ => Timeliness::Late,
            },
            matched: match draw.below(100) {
                0..=21 => Matching::Yes,
                22..=79 => Matching::No,
                _ => Matching::Unknown,
            },
            remark: Remark::parse(remark).ok().map(Confidential::new),
        };
        let giving = call(actor, at, &self.random, &label);
        match give(self.hub, &giving, id, feedback) {
            Ok(()) => Ok(Said::Yes),
            Err(FeedbackError::Store(failure)) => Err(hub::ReadError::Store(failure).into()),
            Err(_) => Err(BuildError::Missing("answer")),
        }
    }
}

/// Whether an organization was asked what an advisory was worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Yes,
    No,
}

impl Register {
    fn organization(&self, at: usize) -> Result<OrganizationId, BuildError> {
        let found = self.organizations.get(at).copied();
        found.ok_or(BuildError::Missing("organization"))
    }
}

fn purposes() -> Result<BTreeSet<Code>, BuildError> {
    let words = ["defense", "recovery", "recurrence-prevention"];
    Ok(words
        .into_iter()
        .map(str::parse)
        .collect::<Result<_, _>>()?)
}
