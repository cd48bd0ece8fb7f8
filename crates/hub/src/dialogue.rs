//! The dialogue with a source: questions down, answers up, and nobody learns more than the words.
//!
//! The relay asks the source of a report it received; a named source finds the question on its
//! report's page, an unnamed one in its mailbox. Whoever asks above the border asks the relay, which
//! passes the question on ([`forward`]) and passes an answer up in its own words
//! ([`write()`], [`pass_on`]).
//!
//! INVARIANT: a message is a part: it is read through the gate, by its audience, and goes when its
//! report is erased.
//! INVARIANT: nothing is written when a source reads; a desk learns that a source was there only
//! from what it says, and of an unnamed one only on which day.

mod ask;
mod passage;

use domain::dialogue::{PassageStage, Voice, told};
use domain::handling::Circle;
use domain::id::{MessageId, OrganizationId, PartId, ReportId};
use domain::organization::OrganizationKind;
use domain::part::field::{Field, Value};
use domain::part::{PartBody, PartKind, Subject};
use domain::policy::Action;
use domain::release::sealed::{MailboxHolder, to_mailbox, to_source};
use domain::release::{Visible, view};
use domain::report::Report;
use domain::report::receipt::When;
use domain::report::stage::Stage;
use domain::time::Timestamp;
use store::log::{Entry, record};
use store::message::Message;
use store::part::{Granted, Sight, note_reading, visible};
use store::{Reader, StoreError, Tx, message, organization, part, report};

use crate::call::{Call, Hub, ReadError};
use crate::claim::{Claim, Proven};
use crate::intake::{Reading, readable};

pub use ask::{Question, answer, ask};
pub use passage::{Desk, Direction, Written, desk, forward, hold, pass_on, write};

/// A message as one reader has it.
pub struct Said {
    /// Its id.
    pub id: MessageId,
    /// Who speaks.
    pub voice: Voice,
    /// What the organization is whose thread it belongs to.
    pub asker: OrganizationKind,
    /// When, as exactly as anybody is told.
    pub at: When,
    /// The text.
    pub text: Visible<String>,
    /// The day by which an answer is hoped for, as its start; `None` for no day.
    pub due: Option<Timestamp>,
    /// How far it has come, for a message that needs passing on, at the relay and for the one who
    /// asked.
    pub passage: Option<PassageStage>,
}

/// The dialogue as a desk has it.
pub struct Dialogue {
    /// What was said, oldest first.
    pub messages: Vec<Said>,
    /// Whether the caller can ask.
    pub asking: Asking,
}

/// Whether somebody can put a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// To the source itself.
    Source,
    /// To the relay, which passes it on.
    ThroughRelay,
    /// Not at all.
    Closed,
}

/// Why nothing was said or passed on. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DialogueError {
    /// It is not there for this caller.
    #[error("nothing is here")]
    NotFound,
    /// The report was taken back, or the message is past that step.
    #[error("nothing can be added here any more")]
    Ended,
    /// So much was said in this thread that it takes no more.
    #[error("this dialogue is full; settle the rest by other means")]
    Full,
    /// Somebody else changed the passage since the page was made.
    #[error("somebody else was quicker; load the page again")]
    Changed,
    /// Something still stands between the passage and the one who asked.
    #[error("the text is not ready; see what is listed on the page")]
    Faulty,
    /// The caller wrote the passage: another person passes it on.
    #[error("you wrote it; another person passes it on")]
    SecondPerson,
    /// Neither the writer nor the caller approves releases.
    #[error("one of the two persons approves releases; ask an officer to pass it on")]
    Approver,
    /// The terms of what the source said do not reach the one who asked.
    #[error("its terms do not allow to pass it on to the one who asked")]
    OutOfTerms,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The dialogue about `id` as the caller's desk has it; what others wrote is noted as read.
///
/// # Errors
/// [`ReadError::NotFound`] when nothing of the report is there for this reader.
pub fn at_desk(hub: &Hub, call: &Call<'_>, id: ReportId) -> Result<Dialogue, ReadError> {
    let (actor, now) = (call.actor.clone(), call.now);
    let may_ask = call.may(Action::AskSource);
    let reading = Reading::of(call);
    hub.store.write(call.stamp("dialogue.at_desk"), move |tx| {
        let report = report::find(tx, id)?.ok_or(ReadError::NotFound)?;
        reading.must_be_allowed(tx, &actor, id)?;
        let subject = Subject::Report(id);
        if readable(tx, &actor, subject, now)?.is_empty() {
            return Err(ReadError::NotFound);
        }
        let at_relay = report.relay == actor.organization;
        let mut messages = Vec::new();
        let mut texts = texts(visible(tx, &Sight::of(&actor, now), subject)?);
        for message in message::of_report(tx, id)? {
            let Some(Granted { part, grants }) = take(&mut texts, message.part) else {
                continue;
            };
            let Ok(body) = view(&actor, part.body, part.handling, &grants, now) else {
                continue;
            };
            let own = message.voice == Voice::Staff(actor.kind);
            if !own {
                note(tx, &actor, &message, &report)?;
            }
            let mut said = said(tx, &report, &message, body)?;
            if at_relay || message.asker == actor.organization {
                said.passage = message::passage(tx, &message)?.map(|found| found.stage);
            }
            // Above the border a passage that is being written is one that waits.
            if !at_relay && said.passage == Some(PassageStage::Written) {
                said.passage = Some(PassageStage::Waiting);
            }
            messages.push(said);
        }
        let asking = match (may_ask && report.stage != Stage::Withdrawn, at_relay) {
            (false, _) => Asking::Closed,
            (true, true) => Asking::Source,
            (true, false) => Asking::ThroughRelay,
        };
        Ok(Dialogue { messages, asking })
    })
}

/// The dialogue about a report as its source has it, oldest first. Nothing is noted.
///
/// # Errors
/// [`ReadError::NotFound`] when it is not the caller's.
pub fn of_source(
    hub: &Hub,
    call: &Call<'_>,
    claim: impl Into<Claim>,
) -> Result<Dialogue, ReadError> {
    let claim = claim.into();
    if !call.may(Action::Submit) && !call.may(Action::ReadReceipts) {
        return Err(ReadError::NotFound);
    }
    let (actor, may_answer) = (call.actor.clone(), call.may(Action::Submit));
    hub.store.read(move |reader| {
        let Proven { report, source } = claim
            .proven(reader, actor.organization)?
            .ok_or(ReadError::NotFound)?;
        let mut messages = Vec::new();
        for message in message::of_report(reader, report.id)? {
            let Some(part) = part::one_for_work(reader, message.part)? else {
                continue;
            };
            let body = if let Some(source) = source {
                to_source(&actor, source, part.body, part.handling)
            } else {
                let holder = MailboxHolder::of(report.id);
                to_mailbox(&holder, message.report, part.body, part.handling)
            };
            let Ok(body) = body else { continue };
            let mut said = said(reader, &report, &message, body)?;
            if message.voice == Voice::Source {
                said.passage = message::passage(reader, &message)?.map(|found| found.stage);
            }
            messages.push(said);
        }
        let asking = if may_answer && report.stage != Stage::Withdrawn {
            Asking::Source
        } else {
            Asking::Closed
        };
        Ok(Dialogue { messages, asking })
    })
}

/// The messages among what is visible.
fn texts(granted: Vec<Granted>) -> Vec<Granted> {
    let mut granted = granted;
    granted.retain(|granted| granted.part.kind == PartKind::Message);
    granted
}

fn take(texts: &mut Vec<Granted>, part: PartId) -> Option<Granted> {
    let at = texts.iter().position(|granted| granted.part.id == part)?;
    Some(texts.swap_remove(at))
}

fn said(
    reader: &Reader<'_>,
    report: &Report,
    message: &Message,
    body: Visible<PartBody>,
) -> Result<Said, StoreError> {
    Ok(Said {
        id: message.id,
        voice: message.voice,
        asker: kind_of(reader, message.asker)?,
        at: told(message.sent_at, report.custody),
        text: body.map(|body| text(&body)),
        due: message.due_at,
        passage: None,
    })
}

fn text(body: &PartBody) -> String {
    match body.value(Field::Message) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

fn kind_of(reader: &Reader<'_>, id: OrganizationId) -> Result<OrganizationKind, StoreError> {
    let found = organization::find(reader, id)?;
    found.map(|found| found.kind).ok_or(StoreError::Corrupt {
        table: "message",
        column: "asker_id",
    })
}

/// Notes that a desk read what somebody else wrote, once per person, message and day.
fn note(
    tx: &Tx<'_>,
    actor: &domain::actor::Actor,
    message: &Message,
    report: &Report,
) -> Result<(), StoreError> {
    if !note_reading(tx, message.part, actor)? {
        return Ok(());
    }
    let entry = Entry {
        event: "part-read",
        object: report.id.to_string(),
        owner: owner(tx, message)?,
        facts: vec![
            ("part", message.part.to_string()),
            ("kind", PartKind::Message.word().to_owned()),
            ("organization", actor.organization.to_string()),
            ("role", actor.role.word().to_owned()),
            ("purpose", actor.purpose.to_string()),
        ],
    };
    record(tx, &entry)
}

/// Whose log shows that something became of `message`: the source's where it is for the source and
/// the source is named, nobody's otherwise.
fn owner(reader: &Reader<'_>, message: &Message) -> Result<Option<OrganizationId>, StoreError> {
    let part = part::one_for_work(reader, message.part)?;
    let meant = part.is_some_and(|part| part.handling.circles.contains(&Circle::Source));
    let link = report::source(reader, message.report)?;
    Ok(link.map(|link| link.organization).filter(|_| meant))
}

/// Commits to a step of a dialogue.
fn log(
    tx: &Tx<'_>,
    event: &'static str,
    message: &Message,
    facts: Vec<(&'static str, String)>,
) -> Result<(), StoreError> {
    let mut all = vec![("message", message.id.to_string())];
    all.extend(facts);
    let entry = Entry {
        event,
        object: message.report.to_string(),
        owner: owner(tx, message)?,
        facts: all,
    };
    record(tx, &entry)
}
