//! The inbox: what is addressed to the caller, and opening it.
//!
//! The list shows number, kind, due time, label and progress. The text is read by opening, which
//! passes the gate and is noted; opening never acknowledges.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::advisory::{AdvisoryStage, Progress};
use domain::id::{AddresseeId, AdvisoryId};
use domain::organization::Tier;
use domain::part::{PartBody, PartKind, Side, Subject};
use domain::policy::Action;
use domain::release::Visible;
use domain::time::Timestamp;
use store::advisory::addressee::{self, AddresseeRow, AnswerRow};
use store::advisory::inbox::{InboxRow, inbox};
use store::advisory::{AdvisoryRow, revisions};
use store::part::Sight;
use store::{Reader, StoreError, Tx, advisory, organization};

use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};
use crate::intake::{OpenedPart, note, readable};
use crate::log::noting;

pub use store::advisory::RevisionRow;
pub use store::advisory::inbox::Wanted;

/// Lines of one list.
pub const INBOX_ROWS: u32 = 200;

/// A line of the inbox with who sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxLine {
    /// The line.
    pub row: InboxRow,
    /// Who issued the advisory.
    pub issuer: OrganizationLabel,
}

/// An opened advisory.
pub struct OpenedAdvisory {
    /// Its control record, with number and stage.
    pub row: AdvisoryRow,
    /// Who issued it.
    pub issuer: OrganizationLabel,
    /// The text in force.
    pub body: Visible<PartBody>,
    /// The lines that name the caller's organization, the caller's tier first.
    pub lines: Vec<AddresseeRow>,
    /// By when each tier has to act.
    pub dues: BTreeMap<Tier, Timestamp>,
    /// First to last.
    pub revisions: Vec<RevisionRow>,
    /// What was answered to earlier revisions, by lines that are asked again.
    pub earlier: BTreeMap<AddresseeId, AnswerRow>,
    /// Whether an amendment is under work, for the issuer; addressees are not told.
    pub under_work: UnderWork,
}

/// Whether something is under work beside what is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnderWork {
    /// An amendment is.
    Amendment,
    /// Nothing is, or the reader is not told.
    Nothing,
}

/// The lines addressed to the caller's organization, as far as the caller may read them.
pub fn list(hub: &Hub, call: &Call<'_>, wanted: Wanted) -> Result<Vec<InboxLine>, ReadError> {
    if !call.may(Action::ReadAdvisory) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    let now = call.now;
    hub.store
        .read(move |reader| lines(reader, &actor, wanted, now))
}

pub(crate) fn lines(
    reader: &Reader<'_>,
    actor: &Actor,
    wanted: Wanted,
    now: Timestamp,
) -> Result<Vec<InboxLine>, ReadError> {
    let sight = Sight::of(actor, now);
    let rows = inbox(
        reader,
        &sight,
        actor.organization,
        actor.person,
        wanted,
        INBOX_ROWS,
    )?;
    rows.into_iter()
        .map(|row| {
            let issuer = issuer(reader, &row.advisory)?;
            Ok(InboxLine { row, issuer })
        })
        .collect()
}

/// Opens an advisory; the reading is noted.
///
/// # Errors
/// [`ReadError::NotFound`] when its text is not there for this reader.
pub fn open(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<OpenedAdvisory, ReadError> {
    let outcome = open_unnoted(hub, call, id);
    noting(hub, call, Action::ReadAdvisory, &id.to_string(), outcome)
}

/// As [`open`], and a refusal is not recorded yet: there may be a tombstone.
pub(crate) fn open_unnoted(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
) -> Result<OpenedAdvisory, ReadError> {
    if !call.may(Action::ReadAdvisory) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("advisory.open"), move |tx| {
        let row = advisory::find(tx, id)?.ok_or(ReadError::NotFound)?;
        let part = issued_text(tx, &actor, id, tx.now())?.ok_or(ReadError::NotFound)?;
        let parts = [part];
        note(
            tx,
            &actor,
            &parts,
            Subject::Advisory(id),
            Some(row.advisory.issuer),
        )?;
        let [part] = parts;
        let lines = opened_lines(tx, &actor, &row)?;
        let revisions = revisions(tx, id)?;
        Ok(OpenedAdvisory {
            issuer: issuer(tx, &row)?,
            body: part.body,
            earlier: earlier_answers(tx, &lines, &revisions)?,
            lines,
            dues: advisory::actions(tx, id)?,
            under_work: under_work(tx, &actor, &row)?,
            revisions,
            row,
        })
    })
}

/// The text in force, if the gate lets `actor` read it.
pub(crate) fn issued_text(
    reader: &Reader<'_>,
    actor: &Actor,
    id: AdvisoryId,
    now: Timestamp,
) -> Result<Option<OpenedPart>, StoreError> {
    let parts = readable(reader, actor, Subject::Advisory(id), now)?;
    Ok(parts
        .into_iter()
        .find(|part| part.kind == PartKind::Advisory && part.side == Side::Outgoing))
}

/// Who issued the advisory.
pub(crate) fn issuer(
    reader: &Reader<'_>,
    row: &AdvisoryRow,
) -> Result<OrganizationLabel, ReadError> {
    let found = organization::find(reader, row.advisory.issuer)?;
    found
        .as_ref()
        .map(OrganizationLabel::from)
        .ok_or(ReadError::NotFound)
}

/// The lines that name the actor's organization; those that mean the actor count as opened.
fn opened_lines(
    tx: &Tx<'_>,
    actor: &Actor,
    row: &AdvisoryRow,
) -> Result<Vec<AddresseeRow>, StoreError> {
    let mut lines = addressee::in_organization(tx, row.advisory.id, actor.organization)?;
    lines.retain(|line| line.person.is_none_or(|person| person == actor.person));
    for line in &mut lines {
        let is_meant = line.tier == actor.tier || line.person == Some(actor.person);
        if is_meant && line.opened_at.is_none() && row.advisory.stage == AdvisoryStage::Issued {
            line.progress = line.progress.after(Progress::Opened);
            line.delivered_at = line.delivered_at.or(Some(tx.now()));
            line.opened_at = Some(tx.now());
            addressee::update(tx, line, None)?;
        }
    }
    lines.sort_by_key(|line| (line.tier != actor.tier, line.tier));
    Ok(lines)
}

/// Whether an amendment is under work, as far as `actor` is told.
fn under_work(
    reader: &Reader<'_>,
    actor: &Actor,
    row: &AdvisoryRow,
) -> Result<UnderWork, StoreError> {
    let is_own = row.advisory.issuer == actor.organization;
    if is_own && advisory::draft(reader, row.advisory.id)?.is_some() {
        Ok(UnderWork::Amendment)
    } else {
        Ok(UnderWork::Nothing)
    }
}

/// What lines that wait for an answer answered before the latest revision.
fn earlier_answers(
    reader: &Reader<'_>,
    lines: &[AddresseeRow],
    revisions: &[RevisionRow],
) -> Result<BTreeMap<AddresseeId, AnswerRow>, StoreError> {
    let mut earlier = BTreeMap::new();
    let Some(latest) = revisions.last().filter(|latest| latest.revision > 1) else {
        return Ok(earlier);
    };
    for line in lines.iter().filter(|line| line.accepted_at.is_none()) {
        if let Some(answer) = addressee::answered_before(reader, line.id, latest.made_at)? {
            earlier.insert(line.id, answer);
        }
    }
    Ok(earlier)
}
