//! Near misses: what the page offers, sending one or several, and promoting one to an incident.
//!
//! INVARIANT: what is offered depends on the caller's own relay alone.

use std::collections::BTreeMap;

use domain::part::field::Field;
use domain::part::{Side, Subject};
use domain::policy::Action;
use domain::reference::terms::Offer;
use domain::report::filing::{Filing, FilingLack};
use domain::report::near_miss::{NearMiss, Scope, promoted};
use domain::report::stage::Stage;
use domain::report::{Channel, Custody, ReportKind};
use domain::time::Timestamp;
use domain::word::Code;
use store::{StoreError, custody, organization, part};

use crate::call::{Call, Hub, ReadError};
use crate::claim::Claim;
use crate::draft::{DraftError, Keeping, Opened, begin_with, first_terms};
use crate::submit::{
    Arrival, CUSTODIANS, FormKey, Receipt, Sender, SentForm, SubmitError, accept_form, accept_rows,
    known,
};

/// What the caller's relay can do for a near miss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Name of the relay, in Japanese and English.
    pub relay_names: (String, String),
    /// The scopes that can be chosen, the default first.
    pub scopes: Vec<Scope>,
    /// Organizations that report to the relay: among how many an unnamed source stands.
    pub source_count: usize,
}

/// What the near-miss page can offer the caller.
///
/// # Errors
/// [`ReadError::NotFound`] when the role does not report or the organization has no relay.
pub fn desk(hub: &Hub, call: &Call<'_>) -> Result<Desk, ReadError> {
    if !call.may(Action::Submit) {
        return Err(ReadError::NotFound);
    }
    let own = call.actor.organization;
    hub.store.read(move |reader| {
        let relay = organization::find(reader, own)?
            .and_then(|found| found.reports_to)
            .ok_or(ReadError::NotFound)?;
        let names = organization::find(reader, relay)?.ok_or(ReadError::NotFound)?;
        let sealing = custody::public_keys(reader, relay)?.len() == CUSTODIANS;
        let scopes = Scope::ALL
            .iter()
            .copied()
            .filter(|scope| sealing || scope.custody() != Custody::Unnamed)
            .collect();
        Ok(Desk {
            relay_names: (names.name_ja, names.name_en),
            scopes,
            source_count: organization::count_reporting_to(reader, relay)?,
        })
    })
}

/// Accepts a near miss from the caller's organization. The same form twice makes one report.
///
/// # Errors
/// [`SubmitError::AlreadyAccepted`] for a form that was accepted before.
pub fn submit(
    hub: &Hub,
    call: &Call<'_>,
    near_miss: NearMiss,
    form: SentForm,
) -> Result<Receipt, SubmitError> {
    let filing = filing(hub, call, near_miss)?;
    one(accept_form(
        hub,
        call,
        Arrival::own(call),
        vec![filing],
        &form,
    )?)
}

/// A row of a batch: what it tells, and bytes that are equal when and only when the same was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// What it tells.
    pub near_miss: NearMiss,
    /// What was sent.
    pub content: Vec<u8>,
}

/// Accepts the rows of a file that carries `file`, all or none; in the same order their receipts,
/// `None` for a row whose receipt was given too long ago. A row that was sent before is not sent
/// again, whether the file is the same or has grown.
///
/// The receipts are many and so cannot travel in a cookie as that of one form does: the answer to
/// the press itself shows them, and the same press again shows the same ones for a while.
///
/// # Errors
/// As [`submit`].
pub fn submit_batch(
    hub: &Hub,
    call: &Call<'_>,
    file: FormKey,
    rows: Vec<BatchRow>,
) -> Result<Vec<Option<Receipt>>, SubmitError> {
    let contents = rows.iter().map(|row| row.content.as_slice());
    let forms = forms(hub, call, file, contents);
    let filings = rows
        .into_iter()
        .zip(forms)
        .map(|(row, form)| Ok((filing(hub, call, row.near_miss)?, form)))
        .collect::<Result<Vec<_>, SubmitError>>()?;
    accept_rows(hub, call, Arrival::own(call).by(Channel::Batch), filings)
}

/// Which rows of a file that carries `file` were sent before.
///
/// # Errors
/// [`ReadError::NotFound`] when the role does not report.
pub fn sent_before(
    hub: &Hub,
    call: &Call<'_>,
    file: FormKey,
    contents: &[Vec<u8>],
) -> Result<Vec<bool>, ReadError> {
    if !call.may(Action::Submit) {
        return Err(ReadError::NotFound);
    }
    let forms = forms(hub, call, file, contents.iter().map(Vec::as_slice));
    Ok(known(hub, &forms)?)
}

/// The form that each row is; rows that say the same are told apart by their order among themselves.
fn forms<'c>(
    hub: &Hub,
    call: &Call<'_>,
    file: FormKey,
    contents: impl Iterator<Item = &'c [u8]>,
) -> Vec<SentForm> {
    let file = file.within(hub, call.actor.organization);
    let mut counts: BTreeMap<&[u8], u32> = BTreeMap::new();
    contents
        .map(|content| {
            let nth = counts.entry(content).or_default();
            *nth += 1;
            file.row(hub, content, *nth)
        })
        .collect()
}

/// Begins the draft of an incident that says what a near miss of the caller's has said. The near
/// miss stays. Under a name the incident will name it; what began in a mailbox gets a code of its
/// own and no link to the near miss, so that opening one tells nothing about the other.
///
/// # Errors
/// [`DraftError::NotFound`] when it is not a near miss of the caller's, or was taken back.
pub fn promote(hub: &Hub, call: &Call<'_>, claim: impl Into<Claim>) -> Result<Opened, DraftError> {
    let (claim, own, kinds) = (claim.into(), call.actor.organization, event_types(hub));
    let (keeping, origin) = match &claim {
        Claim::Name(id) => (Keeping::Name, Some(*id)),
        Claim::Code(_) => (Keeping::Code, None),
    };
    let terms = first_terms(hub, call, keeping)?;
    let typed = hub.store.read(move |reader| {
        let proven = claim.proven(reader, own)?.ok_or(DraftError::NotFound)?;
        let report = proven.report;
        if report.kind != ReportKind::NearMiss || report.stage == Stage::Withdrawn {
            return Err(DraftError::NotFound);
        }
        let parts = part::latest_for_work(reader, Subject::Report(report.id), Side::Original)?;
        let told = parts.into_iter().map(|part| part.body).collect();
        Ok(promoted(told, &kinds, terms))
    })?;
    begin_with(hub, call, keeping, typed, origin)
}

fn one(receipts: Vec<Receipt>) -> Result<Receipt, SubmitError> {
    receipts
        .into_iter()
        .next()
        .ok_or(SubmitError::Lacking(Vec::new()))
}

/// The filing of the caller's own `near_miss`.
fn filing(hub: &Hub, call: &Call<'_>, near_miss: NearMiss) -> Result<Filing, SubmitError> {
    if !call.may(Action::Submit) {
        return Err(SubmitError::NotPermitted);
    }
    filing_of(hub, call.now, Arrival::own(call).source, near_miss)
}

/// The filing of a `near_miss` of `sender`, after a look at the lists.
pub(crate) fn filing_of(
    hub: &Hub,
    now: Timestamp,
    sender: Sender,
    near_miss: NearMiss,
) -> Result<Filing, SubmitError> {
    let day = now.day_in_japan();
    let lists = hub.reference();
    let mut lacks = Vec::new();
    if lists
        .near_miss_kinds
        .selectable(near_miss.kind.as_str(), day)
        .is_none()
    {
        lacks.push(FilingLack::Answer(Field::NearMissKind));
    }
    let places = &mut near_miss.places.iter();
    if places.any(|place| lists.places.selectable(place.as_str(), day).is_none()) {
        lacks.push(FilingLack::Answer(Field::Place));
    }
    let mut reason = near_miss.no_harm_reason.iter();
    if reason.any(|reason| {
        lists
            .no_harm_reasons
            .selectable(reason.as_str(), day)
            .is_none()
    }) {
        lacks.push(FilingLack::Answer(Field::NoHarmReason));
    }
    if !lacks.is_empty() {
        return Err(SubmitError::Lacking(lacks));
    }
    let purposes = lists
        .purposes
        .current(day)
        .filter(|row| row.body.offer == Offer::Preset)
        .map(|row| row.code.clone())
        .collect();
    let sector = sector(hub, now, sender, near_miss.scope.custody())?;
    Ok(near_miss.into_filing(sector, purposes))
}

/// The sector a near miss is routed by: the source's own if it is named; otherwise that of its
/// relay, since every member shares it.
fn sector(
    hub: &Hub,
    now: Timestamp,
    sender: Sender,
    custody: Custody,
) -> Result<Option<Code>, StoreError> {
    let (source, relay) = hub.store.read::<_, StoreError>(move |reader| {
        let found = |id: Option<_>| match id {
            Some(id) => organization::find(reader, id),
            None => Ok(None),
        };
        let source = found(sender.link().map(|link| link.organization))?;
        Ok((source, found(sender.relay(reader)?)?))
    })?;
    if custody == Custody::Named {
        return Ok(source.and_then(|source| source.sector));
    }
    let day = now.day_in_japan();
    Ok(relay
        .and_then(|relay| relay.ceptoar)
        .and_then(|ceptoar| hub.reference().ceptoars.at(ceptoar.as_str(), day))
        .map(|row| row.body.sector.clone()))
}

/// The event type that each kind of near miss becomes.
fn event_types(hub: &Hub) -> BTreeMap<Code, Code> {
    let rows = hub.reference().near_miss_kinds.rows();
    rows.iter()
        .map(|row| (row.code.clone(), row.body.promotes_to.clone()))
        .collect()
}
