//! The way up: reports are handed in, checked at the border, released, and opened above it.

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::Actor;
use domain::confidential::Confidential;
use domain::handling::Circle;
use domain::id::{ReportId, ReviewId};
use domain::organization::{OrganizationKind, Role};
use domain::part::field::{Answer, Field, Value};
use domain::part::{PartBody, PartKind, Side};
use domain::release::border::{CROSSING_KINDS, Crossing, SmallGroup, reaches_beyond};
use domain::release::detector::Detector;
use domain::report::Edition;
use domain::report::filing::{Filing, Terms};
use domain::text::{BoundedText, fold};
use domain::time::Timestamp;
use domain::word::{Code, UnknownWord};
use hub::intake::{Opened, OpenedPart};
use hub::phone::enter_report;
use hub::release::{
    PartRevision, REASON_CHARS_MAX, ReviewError, Revision, approve, begin, revise, withhold,
};
use hub::submit::{FormKey, Receipt, submit};
use hub::{Hub, Random, intake};

use super::crew;
use super::dialogue::{Talk, is_talked_about};
use super::{BuildError, PlayedReport, Register, Stage, Step, call};
use crate::plan::{Fate, PlannedAnswer, PlannedReport};

/// Seconds from the beginning of a review to its draft, its first and its second approval.
const DRAFT_SECONDS: i64 = 900;
const FIRST_SECONDS: i64 = 1_200;
const SECOND_SECONDS: i64 = 4_000;
/// The revision of a review just begun.
const FIRST_REVISION: u32 = 1;
const INDICATORS: Field = Field::Indicators;
/// Seconds from a release to the first opening above the border.
const OPENED_SECONDS: i64 = 3_600;

const WITHHELD_PART: &str = "被害の範囲が確定していないため、続報を待つ";
const WITHHELD_REPORT: &str = "報告元が示した範囲では、ほかに提供できる相手がいない";

/// Plays every report of the plan.
pub(super) fn play(
    stage: &mut Stage<'_>,
    register: &Register,
) -> Result<Vec<PlayedReport>, BuildError> {
    let (plan, hub, random) = (stage.plan, stage.hub, stage.random.derive("reports"));
    let moments: Vec<Moments> = plan
        .reports
        .iter()
        .map(|planned| Moments::of(stage, planned))
        .collect();
    let now = stage.now;
    crew::play(stage, Step::Reports, &plan.reports, |number, planned| {
        let Some(moments) = moments.get(number) else {
            return Err(BuildError::Missing("moment"));
        };
        Playing {
            hub,
            register,
            number,
            planned,
            accepted: moments.accepted,
            now,
            random: random.derive(&number.to_string()),
            terms: terms(planned)?,
        }
        .play(&moments.answers)
    })
}

/// The moments of a report, as instants.
struct Moments {
    accepted: Timestamp,
    answers: BTreeMap<Field, Timestamp>,
}

impl Moments {
    fn of(stage: &Stage<'_>, planned: &PlannedReport) -> Self {
        let accepted = stage.at(planned.accepted);
        let answers = planned
            .answers
            .iter()
            .filter_map(|(field, answer)| match answer {
                PlannedAnswer::Moment(moment, _) => {
                    // On the day of the report, whichever that became.
                    let before = planned.accepted.second - moment.second;
                    Some((*field, accepted.plus_seconds(-before)))
                }
                _ => None,
            })
            .collect();
        Self { accepted, answers }
    }
}

/// One report being played.
struct Playing<'a> {
    hub: &'a Hub,
    register: &'a Register,
    number: usize,
    planned: &'a PlannedReport,
    accepted: Timestamp,
    now: Timestamp,
    random: Random,
    terms: Terms,
}

impl Playing<'_> {
    fn play(&self, moments: &BTreeMap<Field, Timestamp>) -> Result<PlayedReport, BuildError> {
        let source = self.register.actor(self.planned.reporter)?;
        let receipt = self.sent(source, self.filing(moments)?)?;
        self.at_the_relay(source, receipt.report)?;
        let played = PlayedReport {
            id: receipt.report,
            mailbox_code: receipt.mailbox_code,
        };
        if is_talked_about(self.number) {
            let talk = Talk {
                hub: self.hub,
                register: self.register,
                number: self.number,
                accepted: self.accepted,
                now: self.now,
                random: self.random.derive("talk"),
            };
            talk.play(source, &played)?;
        }
        Ok(played)
    }

    /// Sent by the source itself, or entered by whoever was phoned.
    fn sent(&self, source: &Actor, filing: Filing) -> Result<Receipt, BuildError> {
        let Some(clerk) = self.planned.written_down else {
            let sent = call(source, self.accepted, &self.random, "submit");
            return Ok(submit(self.hub, &sent, filing)?);
        };
        let writer = self.register.actor(clerk.person)?;
        let entered = call(writer, self.accepted, &self.random, "enter");
        let form = FormKey::draw(&mut self.random.derive("form")).sent([]);
        let member = Some(source.organization);
        Ok(enter_report(
            self.hub,
            &entered,
            member,
            clerk.heard,
            filing,
            &form,
        )?)
    }

    fn filing(&self, moments: &BTreeMap<Field, Timestamp>) -> Result<Filing, BuildError> {
        let planned = self.planned;
        let mut fields = BTreeMap::new();
        for (field, answer) in &planned.answers {
            let value = match answer {
                PlannedAnswer::Unknown => Value::Unknown,
                PlannedAnswer::Yes => Value::Answer(Answer::Yes),
                PlannedAnswer::No => Value::Answer(Answer::No),
                PlannedAnswer::Text(text) => Value::text(*field, text)?,
                PlannedAnswer::Codes(list) => {
                    Value::codes(*field, codes(list.iter().map(String::as_str))?)?
                }
                PlannedAnswer::Moment(_, precision) => moments
                    .get(field)
                    .map(|at| Value::Moment(*at, *precision))
                    .ok_or(BuildError::Missing("moment"))?,
            };
            fields.insert(*field, value);
        }
        Ok(Filing {
            kind: planned.kind,
            custody: planned.custody,
            edition: Edition::First,
            answers: Confidential::new(PartBody::new(fields)),
            terms: self.terms.clone(),
        })
    }

    fn at_the_relay(&self, source: &Actor, report: ReportId) -> Result<(), BuildError> {
        let after = match self.planned.fate {
            Fate::Waiting => return Ok(()),
            Fate::UnderReview(after) | Fate::Released(after) | Fate::Withheld(after) => after,
        };
        let relay = self.register.relay_of(source.organization)?;
        let analyst = self.register.holder(relay, Role::Analyst)?;
        let officer = self.register.holder(relay, Role::Officer)?;
        let begun = self.accepted.plus_seconds(after);
        if begun.plus_seconds(SECOND_SECONDS) >= self.now {
            return Ok(());
        }
        let border = Border {
            playing: self,
            begun,
            analyst,
            officer,
        };
        let review = begin(self.hub, &border.call(analyst, 0, "begin"), report)
            .map_err(|source| self.went_wrong(source))?;
        let outcome = match self.planned.fate {
            Fate::Waiting | Fate::UnderReview(_) => Ok(()),
            Fate::Withheld(_) => border.withhold(review),
            Fate::Released(_) => border.release(report, review),
        };
        outcome.map_err(|source| self.went_wrong(source))?;
        if matches!(self.planned.fate, Fate::Released(_)) {
            self.above_the_border(relay, report, begun.plus_seconds(SECOND_SECONDS))?;
        }
        Ok(())
    }

    /// Desks above the border open the report; where it does not reach one, nothing is there.
    fn above_the_border(
        &self,
        relay: domain::id::OrganizationId,
        report: ReportId,
        released: Timestamp,
    ) -> Result<(), BuildError> {
        let ministry = self.register.superior_of(relay);
        for (number, kind) in (1..).zip(&self.planned.readers) {
            let reader = match kind {
                OrganizationKind::Ministry => self.register.analyst(*kind, ministry)?,
                _ => self.register.analyst(*kind, None)?,
            };
            let at = released.plus_seconds(number * OPENED_SECONDS);
            if at >= self.now {
                continue;
            }
            let opening = call(reader, at, &self.random, &format!("open/{kind}"));
            match intake::open(self.hub, &opening, report) {
                Ok(_) | Err(hub::ReadError::NotFound) => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(())
    }

    fn went_wrong(&self, source: ReviewError) -> BuildError {
        BuildError::Review {
            narrative: self.planned.narrative.clone(),
            source,
        }
    }
}

/// A border review being played.
struct Border<'a> {
    playing: &'a Playing<'a>,
    begun: Timestamp,
    analyst: &'a Actor,
    officer: &'a Actor,
}

impl<'a> Border<'a> {
    fn call(&self, actor: &'a Actor, after: i64, label: &str) -> hub::Call<'a> {
        call(
            actor,
            self.begun.plus_seconds(after),
            &self.playing.random,
            label,
        )
    }

    fn withhold(&self, review: ReviewId) -> Result<(), ReviewError> {
        let hub = self.playing.hub;
        let reason: BoundedText<REASON_CHARS_MAX> =
            BoundedText::parse(WITHHELD_REPORT).map_err(|_| ReviewError::Faulty)?;
        let ended = self.call(self.officer, DRAFT_SECONDS, "withhold");
        withhold(hub, &ended, review, FIRST_REVISION, reason)
    }

    fn release(&self, report: ReportId, review: ReviewId) -> Result<(), ReviewError> {
        let hub = self.playing.hub;
        let reading = self.call(self.analyst, 60, "read");
        let seen = intake::open(hub, &reading, report).map_err(|_| ReviewError::NotFound)?;
        let writing = self.call(self.analyst, DRAFT_SECONDS, "revise");
        revise(hub, &writing, review, FIRST_REVISION, self.revision(&seen))?;
        let approving = self.call(self.analyst, FIRST_SECONDS, "approve");
        approve(hub, &approving, review, FIRST_REVISION + 1)?;
        let approving = self.call(self.officer, SECOND_SECONDS, "approve-2");
        approve(hub, &approving, review, FIRST_REVISION + 1).map(|_| ())
    }

    /// Summary and attack cross where they reach somebody; of the damage only what was said in a
    /// story, the rest waits for a follow-up.
    fn revision(&self, seen: &Opened) -> Revision {
        let planned = self.playing.planned;
        let parts = seen
            .parts
            .iter()
            .filter(|part| part.side == Side::Original && CROSSING_KINDS.contains(&part.kind))
            .map(|part| (part.kind, self.decided(part)))
            .collect();
        Revision {
            parts,
            confirmed: confirmed(planned),
            small_group: SmallGroup::Accepted,
        }
    }

    fn decided(&self, part: &OpenedPart) -> PartRevision {
        let planned = self.playing.planned;
        let handling = self.playing.terms.handling(part.kind);
        let wanted = part.kind != PartKind::Damage || planned.story.is_some();
        let crossing = if wanted && reaches_beyond(&handling) {
            Crossing::Cross
        } else {
            Crossing::Withhold
        };
        let mut texts = BTreeMap::new();
        if crossing == Crossing::Cross {
            match part.kind {
                PartKind::Summary => {
                    texts.insert(Field::Headline, planned.out_headline.clone());
                    texts.insert(Field::Narrative, planned.out_text.clone());
                }
                PartKind::Attack => {
                    texts.extend(indicators(planned).map(|text| (INDICATORS, text.to_owned())));
                }
                _ => {}
            }
        }
        PartRevision {
            original: part.id,
            crossing: Some(crossing),
            reason: BoundedText::parse_optional(WITHHELD_PART).ok().flatten(),
            texts,
            left_out: BTreeSet::new(),
            tlp: handling.tlp,
            purposes: handling.purposes,
            circles: handling
                .circles
                .into_iter()
                .filter(|circle| !matches!(circle, Circle::Source | Circle::Secretariat))
                .collect(),
        }
    }
}

/// The attacker's marks, which are passed on as they are.
fn indicators(planned: &PlannedReport) -> Option<&str> {
    planned
        .answers
        .iter()
        .find_map(|(field, answer)| match answer {
            PlannedAnswer::Text(text) if *field == INDICATORS => Some(text.as_str()),
            _ => None,
        })
}

/// What looks identifying in the indicators: the reviewer lets each stand, since they are the
/// attacker's.
fn confirmed(planned: &PlannedReport) -> BTreeSet<(Field, String)> {
    let text = indicators(planned).unwrap_or_default();
    Detector::default()
        .hits(text)
        .into_iter()
        .filter_map(|hit| Some((INDICATORS, fold(text.get(hit.span)?))))
        .collect()
}

fn terms(planned: &PlannedReport) -> Result<Terms, BuildError> {
    Ok(Terms {
        tlp: planned.tlp,
        purposes: codes(planned.purposes.iter().copied())?,
        circles: planned.circles.iter().copied().collect(),
        consent: planned.consent,
    })
}

fn codes<'a>(list: impl IntoIterator<Item = &'a str>) -> Result<BTreeSet<Code>, UnknownWord> {
    list.into_iter().map(str::parse).collect()
}
