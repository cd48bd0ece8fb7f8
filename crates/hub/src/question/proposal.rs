//! An answer for everybody: written by one person, looked at and sent by another.
//!
//! It stands beside the text of the advisory, with its terms and for all its readers, and only a
//! recall takes it away again. So it takes two persons like the text itself ([`crate::issue`]).
//!
//! INVARIANT: beside auditors, nobody but the issuer's desk sees a proposal, or that there is one.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::advisory::question::{AnswerText, QuestionText, Reply, tells};
use domain::confidential::Confidential;
use domain::id::{AdvisoryId, QuestionId};
use domain::policy::{Action, permits};
use domain::release::{TwoPersons, Visible, written_back};
use domain::text::BoundedText;
use domain::time::Timestamp;
use store::advisory::{AdvisoryRow, addressee};
use store::log::record;
use store::question::{AskedRow, Proposal, ProposalRow, Text, proposed, text};
use store::{Reader, Tx};

use super::desk::{names, settle, still_waits};
use super::{QuestionError, entry};
use crate::call::{Call, Hub, ReadError};
use crate::log::noting;

/// An answer for everybody before it is sent, as the issuer's desk sees it.
pub struct ProposedSeen {
    /// The question in the issuer's own words.
    pub wording: Visible<String>,
    /// The answer.
    pub text: Visible<String>,
    /// What whoever sends it has read.
    pub preview: Preview,
    /// When it was written.
    pub at: Timestamp,
    /// Organizations that the advisory is addressed to now.
    pub organization_count: usize,
    /// What the reader can do with it, besides writing it anew.
    pub turn: Turn,
}

/// What somebody has read before he sends an answer for everybody: its text, and whom it goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preview {
    /// The version of the answer.
    pub version: u32,
    /// The revision of the advisory, whose readers are those of the answer.
    pub revision: u32,
}

/// What somebody can do with an answer for everybody that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Send it: he issues, and another person wrote it.
    Send,
    /// Wait for another person: he wrote it himself.
    OwnWork,
    /// Wait for who issues.
    Wait,
}

/// Writes what would be answered to everybody, for another person to look at. `based_on` is the
/// version that the writer had before him, 0 for none. The words that wait already stay their
/// author's, so that nobody becomes the author of what he has only read.
///
/// # Errors
/// [`QuestionError`].
pub fn propose(
    hub: &Hub,
    call: &Call<'_>,
    id: QuestionId,
    based_on: u32,
    wording: Confidential<QuestionText>,
    text: Confidential<AnswerText>,
) -> Result<(), QuestionError> {
    let proposal = Proposal { wording, text };
    let outcome = propose_at_once(hub, call, id, based_on, proposal);
    noting(hub, call, Action::ComposeAdvisory, &id.to_string(), outcome)
}

fn propose_at_once(
    hub: &Hub,
    call: &Call<'_>,
    id: QuestionId,
    based_on: u32,
    proposal: Proposal,
) -> Result<(), QuestionError> {
    if !call.may(Action::WatchReach) || !call.may(Action::ComposeAdvisory) {
        return Err(QuestionError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("question.propose"), move |tx| {
        let (asked, _) = still_waits(tx, &actor, id)?;
        let waits = proposed(tx, &asked.question)?;
        if waits.as_ref().is_some_and(|row| row.proposal == proposal) {
            return Ok(());
        }
        read_before(waits.as_ref(), based_on)?;
        tells_nothing(tx, &asked, &reply(&proposal))?;
        store::question::propose(tx, &asked.question, actor.person, &proposal)?;
        let facts = vec![("person", actor.person.to_string())];
        let entry = entry("question-proposed", &asked.question, None, facts);
        Ok(record(tx, &entry)?)
    })
}

/// Sends what another person proposed to everybody who may read the advisory. `preview` is what the
/// sender read.
///
/// # Errors
/// [`QuestionError`].
pub fn send_to_everybody(
    hub: &Hub,
    call: &Call<'_>,
    id: QuestionId,
    preview: Preview,
) -> Result<AdvisoryId, QuestionError> {
    let outcome = send_at_once(hub, call, id, preview);
    noting(hub, call, Action::IssueAdvisory, &id.to_string(), outcome)
}

fn send_at_once(
    hub: &Hub,
    call: &Call<'_>,
    id: QuestionId,
    preview: Preview,
) -> Result<AdvisoryId, QuestionError> {
    if !call.may(Action::WatchReach) || !call.may(Action::IssueAdvisory) {
        return Err(QuestionError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("question.send"), move |tx| {
        let (asked, row) = still_waits(tx, &actor, id)?;
        let waits = proposed(tx, &asked.question)?
            .filter(|waits| preview_of(waits, &row) == preview)
            .ok_or(QuestionError::Changed)?;
        TwoPersons::approved(waits.person, actor.person).map_err(|_| QuestionError::SamePerson)?;
        let reply = reply(&waits.proposal);
        // Names may have been entered since it was written.
        tells_nothing(tx, &asked, &reply)?;
        let author = ("author", waits.person.to_string());
        settle(tx, &actor, &asked, &row, &reply, vec![author])?;
        Ok(row.advisory.id)
    })
}

/// Refuses when something else `waits` than version `based_on`, 0 for nothing.
fn read_before(waits: Option<&ProposalRow>, based_on: u32) -> Result<(), QuestionError> {
    if waits.map_or(0, |row| row.version) == based_on {
        Ok(())
    } else {
        Err(QuestionError::Changed)
    }
}

/// Notes that what waits will not be sent, if anything does: the asker is answered alone by somebody
/// who had version `based_on` before him. An entry of its own, because that of the answer is shown
/// to who asked.
pub(super) fn give_up(
    tx: &Tx<'_>,
    actor: &Actor,
    asked: &AskedRow,
    based_on: u32,
) -> Result<(), QuestionError> {
    let waits = proposed(tx, &asked.question)?;
    read_before(waits.as_ref(), based_on)?;
    let Some(waits) = waits else {
        return Ok(());
    };
    let facts = vec![
        ("person", actor.person.to_string()),
        ("author", waits.person.to_string()),
        ("version", waits.version.to_string()),
    ];
    let entry = entry("question-proposal-dropped", &asked.question, None, facts);
    Ok(record(tx, &entry)?)
}

/// What waits for a second person, for the desk; `None` when nothing does.
pub(super) fn seen(
    tx: &Tx<'_>,
    actor: &Actor,
    asked: &AskedRow,
    row: &AdvisoryRow,
) -> Result<Option<ProposedSeen>, ReadError> {
    let Some(waits) = proposed(tx, &asked.question)? else {
        return Ok(None);
    };
    let lines = addressee::of_advisory(tx, row.advisory.id)?;
    let lines = lines.iter().filter(|line| line.removed_at.is_none());
    let organizations: BTreeSet<_> = lines.map(|line| line.organization).collect();
    let preview = preview_of(&waits, row);
    Ok(Some(ProposedSeen {
        wording: shown(actor, row, waits.proposal.wording)?,
        text: shown(actor, row, waits.proposal.text)?,
        preview,
        at: waits.proposed_at,
        organization_count: organizations.len(),
        turn: match permits(actor, Action::IssueAdvisory) {
            _ if waits.person == actor.person => Turn::OwnWork,
            true => Turn::Send,
            false => Turn::Wait,
        },
    }))
}

fn preview_of(waits: &ProposalRow, row: &AdvisoryRow) -> Preview {
    Preview {
        version: waits.version,
        revision: row.advisory.revision,
    }
}

fn shown<const CHARS_MAX: usize>(
    actor: &Actor,
    row: &AdvisoryRow,
    content: Confidential<BoundedText<CHARS_MAX>>,
) -> Result<Visible<String>, ReadError> {
    let shown = written_back(actor, row.advisory.issuer, content);
    let shown = shown.map_err(|_| ReadError::NotFound)?;
    Ok(shown.map(|text| text.as_str().to_owned()))
}

fn reply(proposal: &Proposal) -> Reply {
    Reply::ToEverybody {
        wording: proposal.wording.clone(),
        text: proposal.text.clone(),
    }
}

/// Refuses what would give the asker away.
fn tells_nothing(
    reader: &Reader<'_>,
    asked: &AskedRow,
    reply: &Reply,
) -> Result<(), QuestionError> {
    let original = text(reader, &asked.question, Text::Asked)?.ok_or(QuestionError::Ended)?;
    match tells(reply, &original, &names(reader, asked)?) {
        Some(tells) => Err(QuestionError::Tells(tells)),
        None => Ok(()),
    }
}
