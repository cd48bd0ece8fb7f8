//! A source hands in a report: near miss, precursor or incident.
//!
//! The report is acknowledged after a durable commit of its parts, its seal, its mailbox and its
//! commitment, all in one transaction.
//!
//! INVARIANT: for custody that is not named, no row of the store links the organization and the
//! report: neither the control record, nor a part's audience, nor the log.

use domain::audience::audience;
use domain::confidential::Confidential;
use domain::id::{OrganizationId, PartId, ReportId};
use domain::organization::Clearance;
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::policy::Action;
use domain::report::filing::{Filing, FilingLack};
use domain::report::stage::Stage;
use domain::report::{Channel, Custody, Report};
use seal::identity::seal_identity;
use seal::random::Random;
use seal::token::{MailboxCode, StretchError, mailbox_locator};
use store::log::{Entry, record};
use store::report::{Provenance, SourceLink};
use store::submission;
use store::{Reader, StoreError, Tx, custody, organization, part, report};

use crate::call::{Call, Hub};

use form::REMEMBER_SECONDS;
pub use form::{FormKey, FormKeyError, REPEAT_SECONDS, SentForm};

mod form;

/// Custodians of which two have to agree.
pub(crate) const CUSTODIANS: usize = 3;
/// How many of them open a seal together.
const OPENERS: u8 = 2;

/// Why a filing was not accepted. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The caller's role does not report.
    #[error("this role does not submit reports")]
    NotPermitted,
    /// The organization has no relay to report to.
    #[error("your organization is not joined to a CEPTOAR or ISAC; ask the hub's desk")]
    NoRelay,
    /// The relay has no three custodians, so that an identity cannot be sealed.
    #[error(
        "this CEPTOAR has no three custodians; choose to report under your name or without keeping the identity"
    )]
    NoCustodians,
    /// Somebody phoned without saying for whom, and yet the source would have to be kept.
    #[error("without a member nothing can be kept of the source; choose that it is not kept")]
    Untold,
    /// Something is missing.
    #[error("the report is not complete")]
    Lacking(Vec<FilingLack>),
    /// A form was accepted before, with other content or too long ago to show its receipt again.
    #[error("this form was accepted already; open a new one to report something else")]
    AlreadyAccepted,
    /// The mailbox code could not be stretched: memory ran out.
    #[error("the hub has no memory left for the mailbox; try again in a minute")]
    Stretch(#[from] StretchError),
    /// The store failed; nothing was accepted.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the source gets back. It is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The report.
    pub report: ReportId,
    /// The name under which it will be spoken of.
    pub pseudonym: String,
    /// For custody that is not named: the code of its mailbox, four groups of four digits.
    pub mailbox_code: Option<String>,
    /// Who can know the source.
    pub custody: Custody,
}

/// Accepts `filing` from the caller's organization.
pub fn submit(hub: &Hub, call: &Call<'_>, filing: Filing) -> Result<Receipt, SubmitError> {
    if !call.may(Action::Submit) {
        return Err(SubmitError::NotPermitted);
    }
    accept::<SubmitError>(hub, call, Arrival::own(call), filing, |_| Ok(()))
}

/// Accepts `filing` with the key of the request it came in: the same again gets the same receipt, the
/// same key with another filing is refused.
///
/// # Errors
/// [`SubmitError::AlreadyAccepted`] for a key that came before with something else.
pub fn submit_once(
    hub: &Hub,
    call: &Call<'_>,
    filing: Filing,
    form: &SentForm,
) -> Result<Receipt, SubmitError> {
    if !call.may(Action::Submit) {
        return Err(SubmitError::NotPermitted);
    }
    let receipts = accept_form(hub, call, Arrival::own(call), vec![filing], form)?;
    let receipt = receipts.into_iter().next();
    receipt.ok_or(SubmitError::Lacking(Vec::new()))
}

/// How a filing arrives.
pub(crate) struct Arrival {
    /// Whose it is, and which relay it goes to.
    pub(crate) source: Sender,
    /// The way it came by, and what it grew from.
    pub(crate) provenance: Provenance,
    /// The mailbox its source has already; `None` to open one where the custody needs it.
    pub(crate) mailbox: Option<Mailbox>,
}

impl Arrival {
    /// A filing of the caller's own organization: by a page, or by a program where a token came.
    pub(crate) fn own(call: &Call<'_>) -> Self {
        let channel = if call.actor.scope.is_some() {
            Channel::Api
        } else {
            Channel::Web
        };
        Self {
            source: Sender::Known(SourceLink {
                organization: call.actor.organization,
                person: Some(call.actor.person),
            }),
            provenance: Provenance {
                channel,
                promoted_from: None,
                clerk: None,
            },
            mailbox: None,
        }
    }

    /// The same by another channel.
    pub(crate) fn by(mut self, channel: Channel) -> Self {
        self.provenance.channel = channel;
        self
    }
}

/// Whose a filing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// An organization, whose relay it goes to.
    Known(SourceLink),
    /// Somebody who phoned this relay and did not say for whom.
    Untold(OrganizationId),
}

impl Sender {
    pub(crate) fn relay(self, reader: &Reader<'_>) -> Result<Option<OrganizationId>, StoreError> {
        match self {
            Self::Known(link) => {
                let found = organization::find(reader, link.organization)?;
                Ok(found.and_then(|found| found.reports_to))
            }
            Self::Untold(relay) => Ok(Some(relay)),
        }
    }

    pub(crate) fn link(self) -> Option<SourceLink> {
        match self {
            Self::Known(link) => Some(link),
            Self::Untold(_) => None,
        }
    }
}

/// Accepts `filing`; `first` runs at the beginning of the same transaction.
pub(crate) fn accept<E>(
    hub: &Hub,
    call: &Call<'_>,
    mut arrival: Arrival,
    filing: Filing,
    first: impl FnOnce(&Tx<'_>) -> Result<(), E> + Send + 'static,
) -> Result<Receipt, E>
where
    E: From<SubmitError> + From<StoreError> + Send + 'static,
{
    let mut random = call.random.derive("submit.receipt");
    let receipt = draw_receipt(filing.custody, &mut random);
    let prepared = Prepared::new(hub, filing, receipt, arrival.mailbox.take())?;
    let mut receipts = write_all(hub, call, arrival, vec![prepared], first)?;
    Ok(receipts.pop().ok_or(SubmitError::Lacking(Vec::new()))?)
}

/// Accepts the filings of one form, all of them or none; the receipts in the same order. The same
/// form again gets the same receipts, in the organization that it came from.
pub(crate) fn accept_form(
    hub: &Hub,
    call: &Call<'_>,
    arrival: Arrival,
    filings: Vec<Filing>,
    form: &SentForm,
) -> Result<Vec<Receipt>, SubmitError> {
    let form = &form.within(hub, call.actor.organization);
    let custodies: Vec<Custody> = filings.iter().map(|filing| filing.custody).collect();
    if let Some(receipts) = repeated(hub, call, form, &custodies)? {
        return Ok(receipts);
    }
    let salt = call.random.derive("submit.salt").bytes();
    let mut random = form.randomness(hub, &salt);
    let mut prepared = Vec::with_capacity(filings.len());
    for filing in filings {
        let receipt = draw_receipt(filing.custody, &mut random);
        prepared.push(Prepared::new(hub, filing, receipt, None)?);
    }
    let row = form.accepted(hub, salt, call.now);
    let first = move |tx: &Tx<'_>| note_all(tx, std::slice::from_ref(&row));
    match write_all(hub, call, arrival, prepared, first) {
        // The same form arrived twice at once, and the other came first.
        Err(SubmitError::AlreadyAccepted) => {
            repeated(hub, call, form, &custodies)?.ok_or(SubmitError::AlreadyAccepted)
        }
        outcome => outcome,
    }
}

/// Accepts filings that are each a form of its own, all of them or none; in the same order the
/// receipts, `None` for one that was accepted too long ago to be given its receipt again.
pub(crate) fn accept_rows(
    hub: &Hub,
    call: &Call<'_>,
    arrival: Arrival,
    rows: Vec<(Filing, SentForm)>,
) -> Result<Vec<Option<Receipt>>, SubmitError> {
    let mut receipts = Vec::with_capacity(rows.len());
    let (mut prepared, mut notes) = (Vec::new(), Vec::new());
    for (at, (filing, form)) in rows.into_iter().enumerate() {
        if let Some(found) = accepted_before(hub, &form)? {
            let random = form.repeated(hub, &found, call.now);
            receipts.push(random.map(|mut random| draw_receipt(filing.custody, &mut random)));
            continue;
        }
        let salt = call.random.derive(&format!("submit.salt/{at}")).bytes();
        let receipt = draw_receipt(filing.custody, &mut form.randomness(hub, &salt));
        receipts.push(Some(receipt.clone()));
        notes.push(form.accepted(hub, salt, call.now));
        prepared.push(Prepared::new(hub, filing, receipt, None)?);
    }
    if !prepared.is_empty() {
        write_all(hub, call, arrival, prepared, move |tx| note_all(tx, &notes))?;
    }
    Ok(receipts)
}

/// Whether the store knows each of `forms` as accepted.
pub(crate) fn known(hub: &Hub, forms: &[SentForm]) -> Result<Vec<bool>, StoreError> {
    forms
        .iter()
        .map(|form| Ok(accepted_before(hub, form)?.is_some()))
        .collect()
}

fn accepted_before(
    hub: &Hub,
    form: &SentForm,
) -> Result<Option<submission::Submission>, StoreError> {
    let hash = form.form_hash(hub);
    hub.store
        .read::<_, StoreError>(move |reader| submission::find(reader, &hash))
}

/// Notes forms as accepted, all of them for the first time.
fn note_all(tx: &Tx<'_>, rows: &[submission::Submission]) -> Result<(), SubmitError> {
    submission::tidy_up(tx, tx.now().plus_seconds(-REMEMBER_SECONDS))?;
    for row in rows {
        if !submission::note(tx, row)? {
            return Err(SubmitError::AlreadyAccepted);
        }
    }
    Ok(())
}

/// The receipts of a form that was accepted before with the same content; `None` for a new one.
fn repeated(
    hub: &Hub,
    call: &Call<'_>,
    form: &SentForm,
    custodies: &[Custody],
) -> Result<Option<Vec<Receipt>>, SubmitError> {
    let Some(found) = accepted_before(hub, form)? else {
        return Ok(None);
    };
    let mut random = form
        .repeated(hub, &found, call.now)
        .ok_or(SubmitError::AlreadyAccepted)?;
    let draw = |custody: &Custody| draw_receipt(*custody, &mut random);
    Ok(Some(custodies.iter().map(draw).collect()))
}

/// Draws what the source takes home.
fn draw_receipt(custody: Custody, random: &mut Random) -> Receipt {
    Receipt {
        report: ReportId::from_random(random.bytes()),
        pseudonym: pseudonym(random),
        mailbox_code: (custody != Custody::Named)
            .then(|| MailboxCode::generate(random).expose_grouped().to_string()),
        custody,
    }
}

/// A complete filing with its receipt, before the transaction that accepts it.
struct Prepared {
    filing: Filing,
    receipt: Receipt,
    /// What the store finds the mailbox by; `None` for a named report.
    locator: Option<[u8; 32]>,
}

impl Prepared {
    /// Stretching the mailbox code takes long on purpose: it is done here, since the writer thread
    /// must not wait for it. A `mailbox` that the source has already takes the place of a new one.
    fn new(
        hub: &Hub,
        filing: Filing,
        mut receipt: Receipt,
        mailbox: Option<Mailbox>,
    ) -> Result<Self, SubmitError> {
        let lacks = filing.lacks();
        if !lacks.is_empty() {
            return Err(SubmitError::Lacking(lacks));
        }
        let code = receipt.mailbox_code.as_deref().map(MailboxCode::parse);
        let locator = match (code, mailbox) {
            (None, _) => None,
            (Some(_), Some(mailbox)) => {
                receipt.mailbox_code = Some(mailbox.code);
                Some(mailbox.locator)
            }
            (Some(code), None) => match code {
                Ok(code) => Some(mailbox_locator(&code, &hub.mailbox_pepper(), hub.cost)?),
                Err(_) => None,
            },
        };
        Ok(Self {
            filing,
            receipt,
            locator,
        })
    }
}

/// Writes what was prepared in one transaction that begins with `first`.
fn write_all<E>(
    hub: &Hub,
    call: &Call<'_>,
    arrival: Arrival,
    prepared: Vec<Prepared>,
    first: impl FnOnce(&Tx<'_>) -> Result<(), E> + Send + 'static,
) -> Result<Vec<Receipt>, E>
where
    E: From<SubmitError> + From<StoreError> + Send + 'static,
{
    let random = call.random.derive("submit.accept");
    hub.store.write(call.stamp("report.submit"), move |tx| {
        first(tx)?;
        let relay = arrival.source.relay(tx)?.ok_or(SubmitError::NoRelay)?;
        let mut accepting = Accepting {
            tx,
            relay,
            arrival,
            random,
        };
        let mut receipts = Vec::with_capacity(prepared.len());
        for one in prepared {
            receipts.push(accepting.write(one)?);
        }
        Ok(receipts)
    })
}

/// One acceptance in progress.
struct Accepting<'t, 'a> {
    tx: &'t Tx<'a>,
    relay: OrganizationId,
    arrival: Arrival,
    random: Random,
}

impl Accepting<'_, '_> {
    fn write(&mut self, prepared: Prepared) -> Result<Receipt, SubmitError> {
        let tx = self.tx;
        let Prepared {
            filing,
            receipt,
            locator,
        } = prepared;
        let report = Report {
            id: receipt.report,
            origin_hub: tx.hub().to_owned(),
            kind: filing.kind,
            custody: filing.custody,
            relay: self.relay,
            stage: Stage::Received,
            pseudonym: receipt.pseudonym.clone(),
            edition: filing.edition,
            sector: filing.sector(),
            accepted_at: tx.now(),
        };
        let link = self.arrival.source.link();
        let link = link.filter(|_| filing.custody == Custody::Named);
        let provenance = Provenance {
            promoted_from: self.named_origin(link)?,
            ..self.arrival.provenance
        };
        report::insert(tx, &report, link, &provenance)?;
        let mut source_part = None;
        let map = organization::circle_map(tx, self.relay, link.map(|link| link.organization))?;
        for (kind, (body, handling)) in filing.into_parts() {
            if kind == PartKind::Source && report.custody != Custody::Named {
                source_part = Some(body);
                continue;
            }
            // The part keeps the terms its source set, for the border check to tighten; until
            // then its audience is the source and the secretariat.
            let rows = audience(&handling.before_the_border(), &map, Clearance::default());
            let part = Part {
                id: PartId::from_random(self.random.bytes()),
                subject: Subject::Report(report.id),
                kind,
                side: Side::Original,
                version: 1,
                body,
                handling,
                written_at: tx.now(),
            };
            part::insert(tx, &part, &rows)?;
        }
        if report.custody == Custody::Unnamed {
            self.seal_source(report.id, source_part)?;
        }
        if let Some(locator) = &locator {
            custody::insert_mailbox(tx, locator, report.id)?;
        }
        record(tx, &accepted_entry(&report, link, &provenance))?;
        Ok(receipt)
    }

    /// The near miss this report grew from, when both are under the source's name: a link to or from
    /// a report that names nobody would name its source.
    fn named_origin(&self, link: Option<SourceLink>) -> Result<Option<ReportId>, StoreError> {
        let (Some(link), Some(origin)) = (link, self.arrival.provenance.promoted_from) else {
            return Ok(None);
        };
        let theirs = report::source(self.tx, origin)?;
        let same = theirs.is_some_and(|theirs| theirs.organization == link.organization);
        Ok(same.then_some(origin))
    }

    /// Seals who the source is among the relay's custodians.
    fn seal_source(
        &mut self,
        report: ReportId,
        answers: Option<Confidential<PartBody>>,
    ) -> Result<(), SubmitError> {
        let keys = custody::public_keys(self.tx, self.relay)?;
        if keys.len() != CUSTODIANS {
            return Err(SubmitError::NoCustodians);
        }
        let source = self.arrival.source.link().ok_or(SubmitError::Untold)?;
        let block = custody::identity_block(self.tx, source, answers.as_ref())?;
        let id = report.to_string();
        let sealed = seal_identity(&block, &keys, OPENERS, self.tx.hub(), &id, &mut self.random)
            .map_err(|_| SubmitError::NoCustodians)?;
        Ok(custody::insert_sealed(self.tx, report, &sealed.to_json())?)
    }
}

/// A mailbox about to be opened: its code as shown to the source, and what the store finds it by.
pub(crate) struct Mailbox {
    /// Four groups of four digits.
    pub(crate) code: String,
    /// Keyed hash of the code.
    pub(crate) locator: [u8; 32],
}

impl Mailbox {
    /// A mailbox with a new code.
    pub(crate) fn new(hub: &Hub, random: &mut Random) -> Result<Self, StretchError> {
        let code = MailboxCode::generate(random);
        let locator = mailbox_locator(&code, &hub.mailbox_pepper(), hub.cost)?;
        Ok(Self {
            code: code.expose_grouped().to_string(),
            locator,
        })
    }
}

fn accepted_entry(report: &Report, link: Option<SourceLink>, provenance: &Provenance) -> Entry {
    let mut facts = vec![
        ("kind", report.kind.word().to_owned()),
        ("custody", report.custody.word().to_owned()),
        ("relay", report.relay.to_string()),
        ("channel", provenance.channel.word().to_owned()),
    ];
    if let Some(clerk) = provenance.clerk {
        facts.push(("clerk", clerk.person.to_string()));
    }
    Entry {
        event: "report-accepted",
        object: report.id.to_string(),
        owner: link.map(|link| link.organization),
        facts,
    }
}

/// A name for one report: `S-` and six letters and digits that are not mistaken for each other.
fn pseudonym(random: &mut Random) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let name: String = random
        .bytes::<6>()
        .iter()
        .filter_map(|byte| {
            LETTERS
                .get(usize::from(byte % 32))
                .map(|letter| char::from(*letter))
        })
        .collect();
    format!("S-{name}")
}

#[cfg(test)]
mod tests;
