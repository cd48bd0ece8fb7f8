//! What waits at the relay: questions on their way to the source, answers on their way up.
//!
//! A question is passed on by one person, in words of the relay's choice. An answer is passed on in
//! the relay's own words, after the detector and two persons, as everything that crosses.

use domain::actor::Actor;
use domain::confidential::Confidential;
use domain::dialogue::{MessageText, PassageStage, Voice, asker_terms, circle_of};
use domain::id::{MessageId, PersonId};
use domain::part::{Part, Side, Subject};
use domain::policy::{Action, permits};
use domain::reference::ReferenceData;
use domain::release::border::{Fault, Passage, passage_faults, passage_text};
use domain::release::detector::Hit;
use domain::release::{Visible, in_review, release, view};
use domain::report::Report;
use domain::report::stage::Stage;
use store::message::{Message, WaitingMessage};
use store::part::{Sight, visible};
use store::review::Written as Wrote;
use store::{Reader, StoreError, Tx, message, part, report};

use super::ask::{Ids, Sending, body, rows_of, to_the_source};
use super::{DialogueError, Said, kind_of, log, note, said, take, texts};
use crate::call::{Call, Hub};
use crate::intake::Head;
use crate::release::{Bench, ReviewError, two_persons};

/// Which way a message is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// A question, to the source.
    Down,
    /// An answer, to the organization that asked.
    Up,
}

/// Who wrote the passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Nobody yet.
    Nobody,
    /// The caller: another person passes it on.
    Caller,
    /// A colleague.
    Colleague,
}

/// The desk of one message that waits.
pub struct Desk {
    /// The report it is about.
    pub head: Head,
    /// The message.
    pub message: Said,
    /// Where it goes.
    pub direction: Direction,
    /// How far it has come.
    pub stage: PassageStage,
    /// The revision that a change has to name.
    pub revision: u32,
    /// What would be passed on; `None` until somebody has written it.
    pub passage: Option<Visible<Passage>>,
    /// Who wrote that.
    pub written: Written,
    /// What the detector found in it, confirmed or not.
    pub hits: Vec<Hit>,
    /// What still stands in the way.
    pub faults: Vec<Fault>,
}

/// The desk of the message `id`, which waits at the caller's relay.
///
/// # Errors
/// [`DialogueError::NotFound`] for everybody else, and for messages that need no passing on.
pub fn desk(hub: &Hub, call: &Call<'_>, id: MessageId) -> Result<Desk, DialogueError> {
    let (actor, now) = (call.actor.clone(), call.now);
    let reference = hub.reference.clone();
    hub.store.write(call.stamp("dialogue.desk"), move |tx| {
        let case = Case::of(tx, &actor, id)?;
        let subject = Subject::Report(case.report.id);
        let mut texts = texts(visible(tx, &Sight::of(&actor, now), subject)?);
        let granted = take(&mut texts, case.message.part).ok_or(DialogueError::NotFound)?;
        let part = granted.part;
        let body = view(&actor, part.body, part.handling, &granted.grants, now)
            .map_err(|_| DialogueError::NotFound)?;
        note(tx, &actor, &case.message, &case.report)?;
        let bench = Bench::of_report(tx, &reference, case.report.clone())?;
        let passage = match &case.waiting.body {
            Some(body) => Some(
                in_review(&actor, case.report.relay, body.clone())
                    .map_err(|_| DialogueError::NotFound)?,
            ),
            None => None,
        };
        let (hits, faults) = match &passage {
            Some(passage) => (
                bench.detector().hits(&passage.content().text),
                passage_faults(
                    passage.content(),
                    &said_by_source(tx, &case, &bench)?,
                    bench.detector(),
                ),
            ),
            None => (Vec::new(), Vec::new()),
        };
        Ok(Desk {
            message: said(tx, &case.report, &case.message, body)?,
            direction: case.direction,
            stage: case.waiting.stage,
            revision: case.waiting.revision,
            written: written(case.waiting.written_by, actor.person),
            head: Head::of(case.report, actor.organization),
            passage,
            hits,
            faults,
        })
    })
}

/// Passes a question from above the border on to the source, as `text`.
pub fn forward(
    hub: &Hub,
    call: &Call<'_>,
    id: MessageId,
    text: MessageText,
) -> Result<(), DialogueError> {
    let actor = call.actor.clone();
    let ids = Ids::of(call, "dialogue.forward.ids");
    hub.store.write(call.stamp("dialogue.forward"), move |tx| {
        let mut case = Case::of(tx, &actor, id)?;
        case.needs(Direction::Down)?;
        let (handling, rows) = to_the_source(tx, &case.report)?;
        let sending = Sending {
            ids,
            voice: Voice::Staff(actor.kind),
            asker: case.message.asker,
            passed_from: Some(case.message.id),
            due_at: case.message.due_at,
            side: Side::Outgoing,
            text: body(text.as_str()),
        };
        let sent = sending.send(tx, &case.report, handling, &rows)?;
        case.waiting.stage = PassageStage::Passed;
        case.keep(tx)?;
        match sent {
            Some(sent) => Ok(log(tx, "source-asked", &sent, Vec::new())?),
            None => Ok(()),
        }
    })
}

/// Writes over `revision` what would be passed on of an answer. Another person passes it on.
pub fn write(
    hub: &Hub,
    call: &Call<'_>,
    id: MessageId,
    revision: u32,
    passage: Passage,
) -> Result<(), DialogueError> {
    if !call.may(Action::ReviewBorder) {
        return Err(DialogueError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("dialogue.write"), move |tx| {
        let mut case = Case::of(tx, &actor, id)?;
        case.needs(Direction::Up)?;
        case.at(revision)?;
        case.waiting.stage = PassageStage::Written;
        case.waiting.body = Some(Confidential::new(passage));
        case.waiting.written_by = Some(actor.person);
        case.keep(tx)?;
        Ok(log(tx, "passage-written", &case.message, Vec::new())?)
    })
}

/// Passes `revision` on to the organization that asked. The caller did not write it, and one of the
/// two approves releases.
pub fn pass_on(
    hub: &Hub,
    call: &Call<'_>,
    id: MessageId,
    revision: u32,
) -> Result<(), DialogueError> {
    let actor = call.actor.clone();
    let reference = hub.reference.clone();
    let ids = Ids::of(call, "dialogue.pass_on.ids");
    hub.store.write(call.stamp("dialogue.pass_on"), move |tx| {
        let mut case = Case::of(tx, &actor, id)?;
        case.needs(Direction::Up)?;
        case.at(revision)?;
        let (sending, handling) = crossing(tx, &reference, &actor, &case, ids)?;
        let rows = rows_of(&handling, [case.report.relay, case.message.asker]);
        let sent = sending.send(tx, &case.report, handling, &rows)?;
        case.waiting.stage = PassageStage::Passed;
        case.keep(tx)?;
        if let Some(sent) = sent {
            log(
                tx,
                "passage-passed",
                &case.message,
                vec![("as", sent.id.to_string())],
            )?;
        }
        Ok(())
    })
}

/// Keeps a message at the relay.
pub fn hold(hub: &Hub, call: &Call<'_>, id: MessageId) -> Result<(), DialogueError> {
    let actor = call.actor.clone();
    hub.store.write(call.stamp("dialogue.hold"), move |tx| {
        let mut case = Case::of(tx, &actor, id)?;
        let direction = case.direction;
        case.needs(direction)?;
        case.waiting.stage = PassageStage::Withheld;
        case.waiting.body = None;
        case.keep(tx)?;
        Ok(log(tx, "passage-withheld", &case.message, Vec::new())?)
    })
}

/// The message that carries a passage up, and its terms.
fn crossing(
    tx: &Tx<'_>,
    reference: &ReferenceData,
    actor: &Actor,
    case: &Case,
    ids: Ids,
) -> Result<(Sending, domain::handling::Handling), DialogueError> {
    let (Some(passage), Some(writer)) = (&case.waiting.body, case.waiting.written_by) else {
        return Err(DialogueError::Faulty);
    };
    if writer == actor.person {
        return Err(DialogueError::SecondPerson);
    }
    let bench = Bench::of_report(tx, reference, case.report.clone())?;
    let passage = in_review(actor, case.report.relay, passage.clone())
        .map_err(|_| DialogueError::NotFound)?;
    let originals = said_by_source(tx, case, &bench)?;
    if !passage_faults(passage.content(), &originals, bench.detector()).is_empty() {
        return Err(DialogueError::Faulty);
    }
    let proof = two_persons(tx, writer, actor)
        .map_err(DialogueError::from)?
        .ok_or(DialogueError::Approver)?;
    let answer = part::one_for_work(tx, case.message.part)?.ok_or(DialogueError::Ended)?;
    let kind = kind_of(tx, case.message.asker)?;
    let left = part::latest_for_work(tx, Subject::Report(case.report.id), Side::Outgoing)?;
    let reached = left.iter().map(|part| &part.handling);
    let reached = reached.filter(|handling| {
        circle_of(kind).is_some_and(|circle| handling.circles.contains(&circle))
    });
    let terms = asker_terms(kind, reached).ok_or(DialogueError::Ended)?;
    let text = passage_text(passage.content()).ok_or(DialogueError::Faulty)?;
    let outgoing = answer.handling.meet(&terms);
    // What left earlier does not decide alone: label, circles and consent of the answer itself must
    // reach the one who asked.
    let reach = outgoing.reach();
    if !circle_of(kind).is_some_and(|circle| reach.contains(&circle)) {
        return Err(DialogueError::OutOfTerms);
    }
    let released =
        release(proof, text, &answer.handling, outgoing).map_err(|_| DialogueError::Faulty)?;
    let (text, handling) = released.into_confidential();
    let sending = Sending {
        ids,
        voice: Voice::Staff(actor.kind),
        asker: case.message.asker,
        passed_from: Some(case.message.id),
        due_at: None,
        side: Side::Outgoing,
        text,
    };
    Ok((sending, handling))
}

/// Everything the source wrote, in its report and in the dialogue.
fn said_by_source(
    reader: &Reader<'_>,
    case: &Case,
    bench: &Bench,
) -> Result<Vec<Part>, StoreError> {
    let mut said: Vec<Part> = bench.originals().to_vec();
    for message in message::of_report(reader, case.report.id)? {
        if message.voice == Voice::Source {
            said.extend(part::one_for_work(reader, message.part)?);
        }
    }
    Ok(said)
}

fn written(by: Option<PersonId>, caller: PersonId) -> Written {
    match by {
        None => Written::Nobody,
        Some(person) if person == caller => Written::Caller,
        Some(_) => Written::Colleague,
    }
}

/// A waiting message, for staff of the relay that may do something about it.
struct Case {
    report: Report,
    message: Message,
    direction: Direction,
    waiting: WaitingMessage,
}

impl Case {
    fn of(reader: &Reader<'_>, actor: &Actor, id: MessageId) -> Result<Self, DialogueError> {
        let message = message::find(reader, id)?.ok_or(DialogueError::NotFound)?;
        let report = report::find(reader, message.report)?
            .filter(|report| report.relay == actor.organization)
            .ok_or(DialogueError::NotFound)?;
        let direction = match message.voice {
            Voice::Source => Direction::Up,
            Voice::Staff(_) => Direction::Down,
        };
        let may = match direction {
            Direction::Down => permits(actor, Action::AskSource),
            Direction::Up => {
                permits(actor, Action::ReviewBorder) || permits(actor, Action::ApproveRelease)
            }
        };
        let waiting = message::passage(reader, &message)?
            .filter(|_| may)
            .ok_or(DialogueError::NotFound)?;
        Ok(Self {
            report,
            message,
            direction,
            waiting,
        })
    }

    /// Refuses what goes the other way or has come to its end.
    fn needs(&self, direction: Direction) -> Result<(), DialogueError> {
        let open = self.waiting.stage.is_open() && self.report.stage != Stage::Withdrawn;
        if self.direction != direction {
            Err(DialogueError::NotFound)
        } else if open {
            Ok(())
        } else {
            Err(DialogueError::Ended)
        }
    }

    fn at(&self, revision: u32) -> Result<(), DialogueError> {
        if self.waiting.revision == revision {
            Ok(())
        } else {
            Err(DialogueError::Changed)
        }
    }

    fn keep(&self, tx: &Tx<'_>) -> Result<(), DialogueError> {
        match message::update(tx, &self.message, &self.waiting)? {
            Wrote::Kept => Ok(()),
            Wrote::Overtaken => Err(DialogueError::Changed),
        }
    }
}

impl From<ReviewError> for DialogueError {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::Store(source) => Self::Store(source),
            _ => Self::SecondPerson,
        }
    }
}
