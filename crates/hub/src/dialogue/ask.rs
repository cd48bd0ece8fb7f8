//! Putting a question, and answering.

use domain::actor::Actor;
use domain::audience::{Audience, AudienceKey, audience};
use domain::confidential::Confidential;
use domain::dialogue::{
    DUE_DAYS, MessageText, VOICE_MESSAGES_MAX, Voice, asker_terms, source_terms,
};
use domain::handling::Handling;
use domain::id::{MessageId, OrganizationId, PartId, ReportId};
use domain::organization::Clearance;
use domain::part::field::{Field, Value};
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::policy::Action;
use domain::report::Report;
use domain::report::stage::Stage;
use domain::time::{DAY_SECONDS, Timestamp};
use store::message::Message;
use store::{Reader, StoreError, Tx, message, organization, part, report};

use super::{DialogueError, log};
use crate::call::{Call, Hub};
use crate::claim::Claim;
use crate::intake::{OpenedPart, readable};

/// A question, as a form brings it.
pub struct Question {
    /// The text.
    pub text: MessageText,
    /// Within how many days an answer is hoped for, one of [`DUE_DAYS`]; `None` for no day.
    pub due_days: Option<u16>,
}

/// Puts a question about `id`: the relay to the source, everybody above the border to the relay.
/// The same question twice in a row is one.
pub fn ask(
    hub: &Hub,
    call: &Call<'_>,
    id: ReportId,
    question: Question,
) -> Result<(), DialogueError> {
    if !call.may(Action::AskSource) {
        return Err(DialogueError::NotFound);
    }
    let (actor, now) = (call.actor.clone(), call.now);
    let ids = Ids::of(call, "dialogue.ask.ids");
    hub.store.write(call.stamp("dialogue.ask"), move |tx| {
        let report = report::find(tx, id)?.ok_or(DialogueError::NotFound)?;
        let seen = readable(tx, &actor, Subject::Report(id), now)?;
        if seen.is_empty() {
            return Err(DialogueError::NotFound);
        }
        if report.stage == Stage::Withdrawn {
            return Err(DialogueError::Ended);
        }
        let at_relay = report.relay == actor.organization;
        let sending = Sending {
            ids,
            voice: Voice::Staff(actor.kind),
            asker: actor.organization,
            passed_from: None,
            due_at: due_at(now, question.due_days),
            side: Side::Outgoing,
            text: body(question.text.as_str()),
        };
        if at_relay {
            let (handling, rows) = to_the_source(tx, &report)?;
            if let Some(sent) = sending.send(tx, &report, handling, &rows)? {
                log(tx, "source-asked", &sent, Vec::new())?;
            }
            return Ok(());
        }
        let (handling, rows) = between(&actor, &report, &seen)?;
        if let Some(sent) = sending.send(tx, &report, handling, &rows)? {
            message::wait(tx, sent.id)?;
            let asker = vec![("organization", actor.organization.to_string())];
            log(tx, "relay-asked", &sent, asker)?;
        }
        Ok(())
    })
}

/// The source of a report answers the message `to`, or says something by itself. The same words
/// twice in a row are one message.
pub fn answer(
    hub: &Hub,
    call: &Call<'_>,
    claim: impl Into<Claim>,
    to: Option<MessageId>,
    text: MessageText,
) -> Result<(), DialogueError> {
    if !call.may(Action::Submit) {
        return Err(DialogueError::NotFound);
    }
    let (claim, organization) = (claim.into(), call.actor.organization);
    let ids = Ids::of(call, "dialogue.answer.ids");
    hub.store.write(call.stamp("dialogue.answer"), move |tx| {
        let proven = claim.proven(tx, organization)?;
        let report = proven.ok_or(DialogueError::NotFound)?.report;
        if report.stage == Stage::Withdrawn {
            return Err(DialogueError::Ended);
        }
        let asker = match to {
            Some(to) => thread(tx, &report, to)?,
            None => report.relay,
        };
        let handling = originals_terms(tx, &report)?.ok_or(DialogueError::Ended)?;
        let rows = inner_rows(tx, &report, &handling)?;
        let sending = Sending {
            ids,
            voice: Voice::Source,
            asker,
            passed_from: None,
            due_at: None,
            side: Side::Original,
            text: body(text.as_str()),
        };
        if let Some(sent) = sending.send(tx, &report, handling, &rows)? {
            if asker != report.relay {
                message::wait(tx, sent.id)?;
            }
            log(tx, "source-answered", &sent, Vec::new())?;
        }
        Ok(())
    })
}

/// The ids of a message and its part, drawn outside the transaction.
pub(super) struct Ids {
    message: MessageId,
    part: PartId,
}

impl Ids {
    pub(super) fn of(call: &Call<'_>, label: &str) -> Self {
        let mut random = call.random.derive(label);
        Self {
            message: MessageId::from_random(random.bytes()),
            part: PartId::from_random(random.bytes()),
        }
    }
}

/// A message about to be written.
pub(super) struct Sending {
    pub(super) ids: Ids,
    pub(super) voice: Voice,
    pub(super) asker: OrganizationId,
    pub(super) passed_from: Option<MessageId>,
    pub(super) due_at: Option<Timestamp>,
    pub(super) side: Side,
    pub(super) text: Confidential<PartBody>,
}

impl Sending {
    /// Writes it; `None` when the same voice has just said the same in this thread.
    pub(super) fn send(
        self,
        tx: &Tx<'_>,
        report: &Report,
        handling: Handling,
        rows: &[Audience],
    ) -> Result<Option<Message>, DialogueError> {
        let mut said = message::of_report(tx, report.id)?;
        said.retain(|one| one.asker == self.asker && one.voice == self.voice);
        if said.len() >= VOICE_MESSAGES_MAX {
            return Err(DialogueError::Full);
        }
        if let Some(last) = said.last()
            && self.passed_from.is_none()
            && part::one_for_work(tx, last.part)?.is_some_and(|part| part.body == self.text)
        {
            return Ok(None);
        }
        let part = Part {
            id: self.ids.part,
            subject: Subject::Report(report.id),
            kind: PartKind::Message,
            side: self.side,
            version: 1,
            body: self.text,
            handling,
            written_at: tx.now(),
        };
        part::insert(tx, &part, rows)?;
        let sent = Message {
            id: self.ids.message,
            report: report.id,
            part: part.id,
            voice: self.voice,
            asker: self.asker,
            passed_from: self.passed_from,
            sent_at: tx.now(),
            due_at: self.due_at,
        };
        message::insert(tx, &sent)?;
        Ok(Some(sent))
    }
}

/// The body of a message that was bounded at the door.
pub(super) fn body(text: &str) -> Confidential<PartBody> {
    let text = Value::Text(text.to_owned());
    Confidential::new(PartBody::new([(Field::Message, text)].into()))
}

/// Terms and audience of what the relay says to the source.
pub(super) fn to_the_source(
    tx: &Tx<'_>,
    report: &Report,
) -> Result<(Handling, Vec<Audience>), DialogueError> {
    let handling = originals_terms(tx, report)?.ok_or(DialogueError::Ended)?;
    let rows = inner_rows(tx, report, &handling)?;
    Ok((handling.before_the_border(), rows))
}

/// The source where a row may link it, and the secretariat.
fn inner_rows(
    reader: &Reader<'_>,
    report: &Report,
    handling: &Handling,
) -> Result<Vec<Audience>, StoreError> {
    let source = report::source(reader, report.id)?.map(|link| link.organization);
    let map = organization::circle_map(reader, report.relay, source)?;
    Ok(audience(
        &handling.before_the_border(),
        &map,
        Clearance::default(),
    ))
}

/// The strictest terms of what the source said of its report, itself left aside; `None` when nothing
/// of it is left, or its parts share no purpose of use, so that nobody could read what is said.
pub(super) fn originals_terms(
    reader: &Reader<'_>,
    report: &Report,
) -> Result<Option<Handling>, StoreError> {
    let parts = part::latest_for_work(reader, Subject::Report(report.id), Side::Original)?;
    let said = parts.iter().filter(|part| part.kind != PartKind::Source);
    let met = source_terms(said.map(|part| &part.handling));
    Ok(met.filter(|met| !met.purposes.is_empty()))
}

/// Terms and audience of what is said between the relay and the caller above the border.
fn between(
    actor: &Actor,
    report: &Report,
    seen: &[OpenedPart],
) -> Result<(Handling, Vec<Audience>), DialogueError> {
    let released = seen.iter().filter(|part| part.side == Side::Outgoing);
    let handling = asker_terms(actor.kind, released.map(|part| part.body.handling()))
        .ok_or(DialogueError::NotFound)?;
    let rows = rows_of(&handling, [report.relay, actor.organization]);
    Ok((handling, rows))
}

/// The members of `organizations`, for every purpose of `handling`.
pub(super) fn rows_of(handling: &Handling, organizations: [OrganizationId; 2]) -> Vec<Audience> {
    organizations
        .into_iter()
        .flat_map(|organization| {
            handling.purposes.iter().map(move |purpose| Audience {
                key: AudienceKey::Organization(organization, None),
                purpose: purpose.clone(),
                clearance: Clearance::default(),
                expires_at: handling.expires_at,
            })
        })
        .collect()
}

/// The organization whose thread the message `to` belongs to, if it was said to the source.
fn thread(
    reader: &Reader<'_>,
    report: &Report,
    to: MessageId,
) -> Result<OrganizationId, DialogueError> {
    let found = message::find(reader, to)?
        .filter(|found| found.report == report.id)
        .ok_or(DialogueError::NotFound)?;
    let part = part::one_for_work(reader, found.part)?.ok_or(DialogueError::NotFound)?;
    let source = domain::handling::Circle::Source;
    if part.handling.circles.contains(&source) {
        Ok(found.asker)
    } else {
        Err(DialogueError::NotFound)
    }
}

/// The day by which an answer is hoped for.
fn due_at(now: Timestamp, days: Option<u16>) -> Option<Timestamp> {
    let days = days.filter(|days| DUE_DAYS.contains(days))?;
    let day = now
        .plus_seconds(i64::from(days) * DAY_SECONDS)
        .day_in_japan();
    Some(Timestamp::start_of_day_in_japan(day))
}
