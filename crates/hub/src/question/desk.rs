//! The issuer's side: what was asked, one question opened, and its answer.
//!
//! The text of a question is read one by one, and each reading is noted. Whoever looks after the
//! reach answers the asker; what goes to everybody takes two persons ([`super::proposal`]).

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::advisory::delivery::Occasion;
use domain::advisory::question::{AnswerText, AnsweredTo, Reply};
use domain::advisory::{Addressee, AdvisoryStage};
use domain::confidential::Confidential;
use domain::handling::Handling;
use domain::id::{AdvisoryId, PersonId, QuestionId};
use domain::policy::{Action, Verdict, verdict};
use domain::release::detector::Detector;
use domain::release::{Visible, written_back};
use domain::time::Timestamp;
use store::advisory::AdvisoryRow;
use store::advisory::addressee::{self, AddresseeRow};
use store::log::record;
use store::person::memberships_in;
use store::question::{AskedRow, Text, drop_proposal, find, of_advisory, text};
use store::{Reader, StoreError, Tx, advisory, organization};

use super::proposal::{ProposedSeen, give_up, seen};
use super::{QuestionError, entry, owner, unreadable};
use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};
use crate::deliver::tell;
use crate::inbox::{issued_text, issuer};
use crate::log::noting;

/// Questions that are listed about one advisory: what waits comes first.
const DESK_ROWS: u32 = 200;

/// A question as the issuer's list shows it, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskLine {
    /// Its id.
    pub id: QuestionId,
    /// Who asked.
    pub organization: OrganizationLabel,
    /// For which line.
    pub addressee: Addressee,
    /// When.
    pub asked_at: Timestamp,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It waits for an answer.
    Waits,
    /// An answer for everybody waits for a second person.
    Proposed,
    /// It was answered.
    Answered(AnsweredTo, Timestamp),
    /// Its line was taken out before it was answered: nobody could read an answer.
    Ended,
}

/// A question that somebody at the issuer's desk opened.
pub struct QuestionSeen {
    /// As the list shows it.
    pub line: DeskLine,
    /// The advisory.
    pub row: AdvisoryRow,
    /// Who issued it.
    pub issuer: OrganizationLabel,
    /// The terms of the advisory.
    pub handling: Handling,
    /// What was asked.
    pub text: Visible<String>,
    /// The answer; `None` before there is one.
    pub answered: Option<AnsweredSeen>,
    /// What waits for a second person; `None` when nothing does.
    pub proposed: Option<ProposedSeen>,
    /// Whom the reader may answer.
    pub may: MayAnswer,
}

/// An answer, at the issuer's desk.
pub struct AnsweredSeen {
    /// The answer.
    pub text: Visible<String>,
    /// The question in the issuer's words; `None` when the answer was for the asker.
    pub wording: Option<Visible<String>>,
}

/// Whom somebody may answer, the second alone or with another person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayAnswer {
    /// The asker.
    Asker,
    /// The asker or everybody.
    Everybody,
}

/// Opens a question at the issuer's desk; the reading is noted.
///
/// # Errors
/// [`ReadError::NotFound`] for everybody but the desk that issued the advisory.
pub fn open(hub: &Hub, call: &Call<'_>, id: QuestionId) -> Result<QuestionSeen, ReadError> {
    let outcome = open_at_once(hub, call, id);
    noting(hub, call, Action::WatchReach, &id.to_string(), outcome)
}

fn open_at_once(hub: &Hub, call: &Call<'_>, id: QuestionId) -> Result<QuestionSeen, ReadError> {
    if !call.may(Action::WatchReach) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    let may = if call.may(Action::ComposeAdvisory) {
        MayAnswer::Everybody
    } else {
        MayAnswer::Asker
    };
    hub.store.write(call.stamp("question.open"), move |tx| {
        let (asked, row) = at_desk(tx, &actor, id)?.ok_or(ReadError::NotFound)?;
        let issued = issued_text(tx, &actor, row.advisory.id, tx.now())?;
        let handling = issued.ok_or(ReadError::NotFound)?.body.handling().clone();
        let shown = |which| match text(tx, &asked.question, which)? {
            Some(content) => written_back(&actor, row.advisory.issuer, content)
                .map(Some)
                .map_err(|_| ReadError::NotFound),
            None => Ok(None),
        };
        let wording = shown(Text::Wording)?;
        let facts = vec![("person", actor.person.to_string())];
        let owner = owner(&asked.addressee);
        record(tx, &entry("question-read", &asked.question, owner, facts))?;
        Ok(QuestionSeen {
            line: line(tx, &asked)?.ok_or(ReadError::NotFound)?,
            issuer: issuer(tx, &row)?,
            handling,
            text: shown(Text::Asked)?.ok_or(ReadError::NotFound)?,
            answered: shown(Text::Answer)?.map(|text| AnsweredSeen { text, wording }),
            proposed: seen(tx, &actor, &asked, &row)?,
            may,
            row,
        })
    })
}

/// Answers the line that asked, and nobody else. What waits for everybody is dropped: `based_on` is its
/// version that the caller had before him, 0 for none. A closed advisory takes no question and still
/// answers those it was asked.
///
/// # Errors
/// [`QuestionError`].
pub fn answer(
    hub: &Hub,
    call: &Call<'_>,
    id: QuestionId,
    based_on: u32,
    text: Confidential<AnswerText>,
) -> Result<AdvisoryId, QuestionError> {
    let outcome = answer_at_once(hub, call, id, based_on, text);
    noting(hub, call, Action::WatchReach, &id.to_string(), outcome)
}

fn answer_at_once(
    hub: &Hub,
    call: &Call<'_>,
    id: QuestionId,
    based_on: u32,
    text: Confidential<AnswerText>,
) -> Result<AdvisoryId, QuestionError> {
    if !call.may(Action::WatchReach) {
        return Err(QuestionError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("question.answer"), move |tx| {
        let (asked, row) = still_waits(tx, &actor, id)?;
        give_up(tx, &actor, &asked, based_on)?;
        settle(tx, &actor, &asked, &row, &Reply::ToAsker(text), Vec::new())?;
        Ok(row.advisory.id)
    })
}

/// The question, if the actor's desk may still answer it.
pub(super) fn still_waits(
    tx: &Tx<'_>,
    actor: &Actor,
    id: QuestionId,
) -> Result<(AskedRow, AdvisoryRow), QuestionError> {
    let (asked, row) = at_desk(tx, actor, id)?.ok_or(QuestionError::NotFound)?;
    if issued_text(tx, actor, row.advisory.id, tx.now())?.is_none() {
        return Err(unreadable(tx, actor, row.advisory.id, tx.now())?);
    }
    if asked.question.answered.is_some() {
        return Err(QuestionError::Answered);
    }
    let is_in_force = matches!(
        row.advisory.stage,
        AdvisoryStage::Issued | AdvisoryStage::Closed
    );
    if !asked.waits() || !is_in_force {
        return Err(QuestionError::Ended);
    }
    Ok((asked, row))
}

/// Writes the answer, says so to who asked, and drops what waited for a second person.
pub(super) fn settle(
    tx: &Tx<'_>,
    actor: &Actor,
    asked: &AskedRow,
    row: &AdvisoryRow,
    reply: &Reply,
    more: Vec<(&'static str, String)>,
) -> Result<(), QuestionError> {
    if !store::question::answer(tx, &asked.question, actor.person, reply)? {
        return Err(QuestionError::Answered);
    }
    drop_proposal(tx, asked.question.id)?;
    let mut facts = vec![
        ("person", actor.person.to_string()),
        ("to", reply.answered_to().word().to_owned()),
    ];
    facts.extend(more);
    let owner = owner(&asked.addressee);
    record(
        tx,
        &entry("question-answered", &asked.question, owner, facts),
    )?;
    Ok(tell_asker(tx, asked, row.advisory.revision)?)
}

/// Queues a mail that an answer is there, to who asked.
fn tell_asker(tx: &Tx<'_>, asked: &AskedRow, revision: u32) -> Result<(), StoreError> {
    let person = asked.question.person;
    match addressee::find(tx, asked.question.line)? {
        Some(line) if still_reads(tx, &line, person, tx.now())? => {
            tell(tx, &line, revision, Occasion::Answered, &[person])
        }
        _ => Ok(()),
    }
}

/// Whether who asked for `line` may be told that an answer is there: not who left meanwhile, nor whose
/// line is another's now or was taken out.
pub(crate) fn still_reads(
    reader: &Reader<'_>,
    line: &AddresseeRow,
    person: PersonId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if line.removed_at.is_some() || line.person.is_some_and(|named| named != person) {
        return Ok(false);
    }
    let places = memberships_in(reader, line.organization, now)?;
    Ok(places.iter().any(|place| {
        let verdict = verdict(place.organization_kind, place.role, Action::ReadAdvisory);
        place.person == person && verdict == Verdict::Allow
    }))
}

/// Advisories of the caller's organization with questions that wait, and how many those are; empty
/// for whoever does not look after the reach.
///
/// # Errors
/// When the store fails.
pub fn waiting(hub: &Hub, call: &Call<'_>) -> Result<BTreeMap<AdvisoryId, u64>, StoreError> {
    if !call.may(Action::WatchReach) {
        return Ok(BTreeMap::new());
    }
    let (actor, now) = (call.actor.clone(), call.now);
    hub.store.read(move |reader| {
        let mut counts = BTreeMap::new();
        for (advisory, count) in store::question::waiting(reader, actor.organization)? {
            if issued_text(reader, &actor, advisory, now)?.is_some() {
                counts.insert(advisory, count);
            }
        }
        Ok(counts)
    })
}

/// What was asked about an advisory, for the desk that issued it.
pub(super) fn lines(reader: &Reader<'_>, id: AdvisoryId) -> Result<Vec<DeskLine>, StoreError> {
    let mut lines = Vec::new();
    for asked in of_advisory(reader, id, DESK_ROWS)? {
        lines.extend(line(reader, &asked)?);
    }
    Ok(lines)
}

fn line(reader: &Reader<'_>, asked: &AskedRow) -> Result<Option<DeskLine>, StoreError> {
    let found = organization::find(reader, asked.addressee.organization())?;
    let standing = match asked.question.answered {
        Some(answered) => Standing::Answered(answered.to, answered.at),
        None if asked.waits() && asked.is_proposed => Standing::Proposed,
        None if asked.waits() => Standing::Waits,
        None => Standing::Ended,
    };
    Ok(found.map(|found| DeskLine {
        id: asked.question.id,
        organization: OrganizationLabel::from(&found),
        addressee: asked.addressee.clone(),
        asked_at: asked.question.asked_at,
        standing,
    }))
}

/// The question, if the actor's organization issued what it is about.
fn at_desk(
    reader: &Reader<'_>,
    actor: &Actor,
    id: QuestionId,
) -> Result<Option<(AskedRow, AdvisoryRow)>, StoreError> {
    let Some(asked) = find(reader, id)? else {
        return Ok(None);
    };
    let row = advisory::find(reader, asked.question.advisory)?;
    let own = row.filter(|row| row.advisory.issuer == actor.organization);
    Ok(own.map(|row| (asked, row)))
}

/// Knows how the organization that asked is called.
pub(super) fn names(reader: &Reader<'_>, asked: &AskedRow) -> Result<Detector, StoreError> {
    let found = organization::find(reader, asked.addressee.organization())?;
    Ok(found.map_or_else(Detector::default, |found| {
        let registered = [found.name_ja.as_str(), found.name_en.as_str()];
        let known = found.known_names.iter().map(String::as_str);
        Detector::new(registered.into_iter().chain(known))
    }))
}
