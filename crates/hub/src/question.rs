//! Questions back to the issuer of an advisory: an addressee asks, the issuer answers.
//!
//! A question belongs to the line it was asked for and is between that line and the desk that looks
//! after the reach. An answer goes to the line alone, or, by two persons, to everybody who may read the
//! advisory, below the question in the issuer's own words. Whoever may not read the advisory finds
//! none of it, so that all of it ends with a recall.
//!
//! INVARIANT: nothing that another addressee is shown depends on a question before it is answered to
//! everybody.

mod desk;
mod proposal;

use domain::actor::Actor;
use domain::advisory::{Addressee, AdvisoryStage};
use domain::confidential::Confidential;
use domain::id::{AdvisoryId, OrganizationId, QuestionId};
use domain::part::PartBody;
use domain::policy::Action;
use domain::release::{Visible, beside_text, of_line};
use domain::time::Timestamp;
use store::advisory::addressee::{self, AddresseeRow};
use store::advisory::lost::{Lost, lost};
use store::log::{Entry, record};
use store::part::Sight;
use store::question::{QuestionRow, Text, text};
use store::{Reader, StoreError, advisory};

use crate::call::{Call, Hub, ReadError};
use crate::inbox::issued_text;
use crate::log::{Attempt, noting};

pub use desk::{AnsweredSeen, DeskLine, MayAnswer, QuestionSeen, Standing, answer, open, waiting};
pub use domain::advisory::question::{
    ANSWER_CHARS_MAX, AnswerText, AnsweredTo, OPEN_QUESTIONS_MAX, QUESTION_CHARS_MAX, QuestionText,
    Reply, Tells,
};
pub use proposal::{Preview, ProposedSeen, Turn, propose, send_to_everybody};

pub(crate) use desk::still_reads;

/// Why a question or an answer was not taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// It is not there for this caller, or the role does neither ask nor answer.
    #[error("nothing is here")]
    NotFound,
    /// The advisory was recalled or closed meanwhile, or the line is no addressee any more.
    #[error("this advisory takes no more questions")]
    Ended,
    /// As many questions of the line wait as may.
    #[error("{OPEN_QUESTIONS_MAX} of your questions wait already; wait for an answer first")]
    Full,
    /// Somebody has answered it already.
    #[error("this question is answered already; look at the answer")]
    Answered,
    /// Somebody else wrote or sent another answer meanwhile.
    #[error("the answer has changed since this page was made; load it again")]
    Changed,
    /// What goes to everybody is sent by another person than wrote it.
    #[error("you wrote this answer; another person has to send it")]
    SamePerson,
    /// An answer for everybody would give the asker away.
    #[error("the answer would tell everybody who asked; write it in your own words")]
    Tells(Tells),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Attempt for QuestionError {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::NotFound | Self::SamePerson)
    }
}

/// What stands about questions beside an advisory, for one reader.
pub struct Asked {
    /// What was answered to everybody, in the order of the answers.
    pub told: Vec<Told>,
    /// What was asked for the lines that name the reader, oldest first.
    pub own: Vec<OwnQuestion>,
    /// Whether the reader can ask.
    pub asking: Asking,
    /// What waits and what was answered; `None` for everybody but the issuer's desk.
    pub desk: Option<Vec<DeskLine>>,
}

/// What was answered to everybody.
pub struct Told {
    /// The question in the issuer's words.
    pub wording: Visible<String>,
    /// The answer.
    pub answer: Visible<String>,
    /// When it was answered.
    pub at: Timestamp,
}

/// A question of the reader's own line.
pub struct OwnQuestion {
    /// What was asked.
    pub text: Visible<String>,
    /// When.
    pub asked_at: Timestamp,
    /// The answer; `None` while it waits.
    pub answered: Option<(AnsweredTo, Timestamp, Visible<String>)>,
}

/// Whether somebody can ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Not this reader, or not any more.
    No,
    /// Yes.
    Open,
    /// Not before one of the questions that wait is answered.
    Full,
}

/// Asks the issuer of an advisory, for the line that names the caller. The same words a second time,
/// while the first wait, are one question.
///
/// # Errors
/// [`QuestionError`].
pub fn ask(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    text: Confidential<QuestionText>,
) -> Result<(), QuestionError> {
    let outcome = ask_at_once(hub, call, id, text);
    noting(hub, call, Action::Acknowledge, &id.to_string(), outcome)
}

fn ask_at_once(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    text: Confidential<QuestionText>,
) -> Result<(), QuestionError> {
    if !call.may(Action::Acknowledge) {
        return Err(QuestionError::NotFound);
    }
    let actor = call.actor.clone();
    let fresh = QuestionId::from_random(call.random.derive("question.id").bytes());
    hub.store.write(call.stamp("question.ask"), move |tx| {
        let row = advisory::find(tx, id)?.ok_or(QuestionError::NotFound)?;
        if issued_text(tx, &actor, id, tx.now())?.is_none() {
            return Err(unreadable(tx, &actor, id, tx.now())?);
        }
        let line = own_lines(tx, &actor, id, row.advisory.issuer)?
            .into_iter()
            .next()
            .ok_or(QuestionError::NotFound)?;
        if row.advisory.stage != AdvisoryStage::Issued {
            return Err(QuestionError::Ended);
        }
        let mut open = store::question::of_line(tx, line.id)?;
        open.retain(|row| row.answered.is_none());
        if store::question::holds(tx, &open, &text)? {
            return Ok(());
        }
        if open.len() >= OPEN_QUESTIONS_MAX {
            return Err(QuestionError::Full);
        }
        let question = QuestionRow {
            id: fresh,
            advisory: id,
            line: line.id,
            person: actor.person,
            asked_at: tx.now(),
            answered: None,
        };
        store::question::insert(tx, &question, &text)?;
        let facts = vec![("addressee", line.id.to_string())];
        let owner = owner(&line.addressee());
        Ok(record(
            tx,
            &entry("question-asked", &question, owner, facts),
        )?)
    })
}

/// What stands about questions beside an advisory that the caller has opened.
///
/// # Errors
/// [`ReadError::NotFound`] when the advisory is not there for him.
pub fn beside(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<Asked, ReadError> {
    if !call.may(Action::ReadAdvisory) {
        return Err(ReadError::NotFound);
    }
    let (actor, now) = (call.actor.clone(), call.now);
    let (asks, answers) = (call.may(Action::Acknowledge), call.may(Action::WatchReach));
    hub.store.read(move |reader| {
        let row = advisory::find(reader, id)?.ok_or(ReadError::NotFound)?;
        let seen = issued_text(reader, &actor, id, now)?.ok_or(ReadError::NotFound)?;
        let issuer = row.advisory.issuer;
        let lines = own_lines(reader, &actor, id, issuer)?;
        let (mut own, mut asking) = (Vec::new(), Asking::No);
        for (place, line) in lines.iter().enumerate() {
            let rows = store::question::of_line(reader, line.id)?;
            let open_count = rows.iter().filter(|row| row.answered.is_none()).count();
            if place == 0 && asks && row.advisory.stage == AdvisoryStage::Issued {
                asking = match open_count {
                    ..OPEN_QUESTIONS_MAX => Asking::Open,
                    _ => Asking::Full,
                };
            }
            for row in rows {
                own.extend(own_question(reader, &actor, line, &row, &seen.body)?);
            }
        }
        own.sort_by_key(|question| question.asked_at);
        let is_desk = answers && issuer == actor.organization;
        Ok(Asked {
            told: told(reader, id, &seen.body)?,
            own,
            asking,
            desk: if is_desk {
                Some(desk::lines(reader, id)?)
            } else {
                None
            },
        })
    })
}

/// The lines that name `actor`, the one he asks for first: of his own tier before another's. An
/// issuer that addressed itself asks nobody.
fn own_lines(
    reader: &Reader<'_>,
    actor: &Actor,
    id: AdvisoryId,
    issuer: OrganizationId,
) -> Result<Vec<AddresseeRow>, StoreError> {
    if actor.organization == issuer {
        return Ok(Vec::new());
    }
    let mut lines = addressee::in_organization(reader, id, actor.organization)?;
    lines.retain(|line| line.person.is_none_or(|person| person == actor.person));
    lines.sort_by_key(|line| (line.tier != actor.tier, line.tier, line.person.is_some()));
    Ok(lines)
}

/// The question as those whom its line names read it; `None` when it was erased.
fn own_question(
    reader: &Reader<'_>,
    actor: &Actor,
    line: &AddresseeRow,
    row: &QuestionRow,
    seen: &Visible<PartBody>,
) -> Result<Option<OwnQuestion>, ReadError> {
    let shown =
        |content| of_line(actor, &line.addressee(), seen, content).map_err(|_| ReadError::NotFound);
    let Some(asked) = text(reader, row, Text::Asked)? else {
        return Ok(None);
    };
    let answered = match (row.answered, text(reader, row, Text::Answer)?) {
        (Some(answered), Some(answer)) => Some((answered.to, answered.at, shown(answer)?)),
        _ => None,
    };
    Ok(Some(OwnQuestion {
        text: shown(asked)?,
        asked_at: row.asked_at,
        answered,
    }))
}

fn told(
    reader: &Reader<'_>,
    id: AdvisoryId,
    seen: &Visible<PartBody>,
) -> Result<Vec<Told>, StoreError> {
    let mut all = Vec::new();
    for row in store::question::for_everybody(reader, id)? {
        let (wording, answer) = (
            text(reader, &row, Text::Wording)?,
            text(reader, &row, Text::Answer)?,
        );
        if let (Some(answered), Some(wording), Some(answer)) = (row.answered, wording, answer) {
            all.push(Told {
                wording: beside_text(seen, wording),
                answer: beside_text(seen, answer),
                at: answered.at,
            });
        }
    }
    Ok(all)
}

/// Why an advisory that cannot be read takes no question and no answer: who could read it once is
/// told that it ended.
fn unreadable(
    reader: &Reader<'_>,
    actor: &Actor,
    id: AdvisoryId,
    now: Timestamp,
) -> Result<QuestionError, StoreError> {
    let lost = lost(reader, &Sight::of(actor, now), Lost::One(id), 1)?;
    Ok(if lost.is_empty() {
        QuestionError::NotFound
    } else {
        QuestionError::Ended
    })
}

/// Who finds the entry among its own: the organization, unless one person of it is named alone.
fn owner(line: &Addressee) -> Option<OrganizationId> {
    match line {
        Addressee::Tier(organization, _) => Some(*organization),
        Addressee::Person(..) => None,
    }
}

fn entry(
    event: &'static str,
    row: &QuestionRow,
    owner: Option<OrganizationId>,
    facts: Vec<(&'static str, String)>,
) -> Entry {
    let mut all = vec![("question", row.id.to_string())];
    all.extend(facts);
    Entry {
        event,
        object: row.advisory.to_string(),
        owner,
        facts: all,
    }
}
