//! Opening a sealed identity: asked for with a purpose and a reason, agreed to by two custodians on
//! their own machines, read by the one person who asked.
//!
//! The request goes into the log first; only then does a key exist to which a custodian could seal
//! his share. The hub holds that key until the opening ends and destroys it then.
//!
//! INVARIANT: no share can be given before the commitment of its request: both are one transaction,
//! and the request file carries a key that nobody has seen before it.
//! INVARIANT: whatever becomes of an opening, the source is told at the latest
//! [`domain::opening::TOLD_DAYS_MAX`] days after it was asked for.

mod agree;
mod case;
mod read;
mod tell;

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::confidential::Confidential;
use domain::id::{OpeningId, ReportId};
use domain::opening::{Ask, OpeningStage, Reason, STANDS_DAYS, WrongOpeningStage, told_at};
use domain::part::Subject;
use domain::policy::Action;
use domain::reference::ReferenceData;
use domain::release::Visible;
use domain::release::sealed::reason;
use domain::report::{Custody, Report};
use domain::time::{DAY_SECONDS, Timestamp};
use domain::word::Code;
use seal::envelope::KeyPair;
use seal::identity::IdentityError;
use store::custody::opening::{self, Opening, Whose};
use store::log::{Entry, record};
use store::{Reader, StoreError, Tx, custody, organization, report};

use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub};
use crate::intake::{OpenedPart, readable};
use crate::log::{Attempt, noting};
pub(crate) use case::in_force;
use case::{Case, custodian_lines};

pub use agree::{Agreed, hand_in, refuse, withdraw};
pub use read::{Revealed, read_identity};
pub use tell::{ToldOpening, lapse, set_told_days, told, told_days};
pub(crate) use tell::{told_in, told_opening_ids};

/// Openings that one organization may have under way.
pub const UNDER_WAY_MAX: usize = 20;
/// Rows of the list of openings.
pub const LIST_ROWS_MAX: u32 = 100;

/// Why a step of an opening was not taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpeningError {
    /// It is not there for this caller.
    #[error("nothing is here")]
    NotFound,
    /// The purpose is none that can be chosen today.
    #[error("the purpose of use is not in the list")]
    UnknownPurpose,
    /// There is no sealed identity: the source is named to its relay, or nothing was kept.
    #[error("no identity is sealed for a report that is {0}")]
    NotSealed(Custody),
    /// The caller's organization has asked for this report already.
    #[error("an opening of this report is under way")]
    UnderWay(OpeningId),
    /// Too many openings of the caller's organization are under way.
    #[error("{UNDER_WAY_MAX} openings are under way; end some of them first")]
    TooMany,
    /// The opening is past that step.
    #[error(transparent)]
    WrongStage(#[from] WrongOpeningStage),
    /// What was handed in is not a custodian's agreement to this opening.
    #[error(transparent)]
    NotAnAgreement(IdentityError),
    /// This custodian's agreement is there already.
    #[error("this custodian has agreed already; another one has to")]
    AgreedAlready,
    /// This person has refused already.
    #[error("you have refused already")]
    RefusedAlready,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with a file that was handed in, as far as it makes a difference to the one who
/// did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgreementFault {
    /// It is another file, or not all of it.
    NotTheFile,
    /// It was made for another opening.
    OtherOpening,
    /// Its key holds no share of this report.
    NoCustodian,
    /// Its share is not the one that was sealed.
    WrongShare,
    /// It was damaged.
    DoesNotOpen,
}

impl AgreementFault {
    /// The fault behind `error`.
    pub fn of(error: &IdentityError) -> Self {
        match error {
            IdentityError::NotTheFile(_) => Self::NotTheFile,
            IdentityError::WrongRequest | IdentityError::WrongRecipient => Self::OtherOpening,
            IdentityError::NotACustodian(_) => Self::NoCustodian,
            IdentityError::WrongShare(_) => Self::WrongShare,
            _ => Self::DoesNotOpen,
        }
    }
}

/// How the caller stands to an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// He asked for it.
    Asker,
    /// Somebody of his organization asked for it.
    Colleague,
    /// He is a custodian of the relay that keeps the seal.
    Keeper,
}

/// A row of the list of openings.
#[derive(Debug, Clone)]
pub struct OpeningRow {
    /// The opening.
    pub id: OpeningId,
    /// Pseudonym of the source.
    pub pseudonym: String,
    /// How far it has come, by the clock of the call.
    pub stage: OpeningStage,
    /// The purpose of use.
    pub purpose: Code,
    /// Who asked.
    pub organization: OrganizationLabel,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// One of the custodians who are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustodianLine {
    /// The post.
    pub name: String,
    /// Short name of the key.
    pub fingerprint: String,
    /// When the agreement was handed in; `None` while it is not.
    pub agreed_at: Option<Timestamp>,
}

/// Everything about one opening.
pub struct OpeningDesk {
    /// As in the list.
    pub row: OpeningRow,
    /// The report.
    pub report: ReportId,
    /// What was asked; `None` when the report was erased.
    pub ask: Option<Visible<Ask>>,
    /// The custodians who hold a share, in the order of the shares.
    pub custodians: Vec<CustodianLine>,
    /// How many of them have to agree.
    pub needed: u8,
    /// When custodians refused.
    pub refusals: Vec<Timestamp>,
    /// When the source is told.
    pub told_at: Timestamp,
    /// How the caller stands to it.
    pub standing: Standing,
}

/// Asks for the opening of the source of `id`. The commitment comes first; an attempt that is refused
/// leaves one too.
///
/// # Errors
/// [`OpeningError::NotFound`] when the report is not there for the caller.
pub fn request(
    hub: &Hub,
    call: &Call<'_>,
    id: ReportId,
    purpose: &Code,
    reason: &Reason,
) -> Result<OpeningId, OpeningError> {
    let asked = asked(hub, call, id, purpose, reason);
    let object = id.to_string();
    noting(hub, call, Action::RequestOpening, &object, asked)
}

impl Attempt for OpeningError {
    fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NotFound | Self::NotAnAgreement(_) | Self::WrongStage(_)
        )
    }
}

fn asked(
    hub: &Hub,
    call: &Call<'_>,
    id: ReportId,
    purpose: &Code,
    reason: &Reason,
) -> Result<OpeningId, OpeningError> {
    if !call.may(Action::RequestOpening) {
        return Err(OpeningError::NotFound);
    }
    let day = call.now.day_in_japan();
    let purpose = hub
        .reference
        .purposes
        .selectable(purpose.as_str(), day)
        .map(|row| row.code.clone())
        .ok_or(OpeningError::UnknownPurpose)?;
    let mut random = call.random.derive("open_seal.request");
    let opening_id = OpeningId::from_random(random.bytes());
    let pair = KeyPair::generate(&mut random);
    let (actor, reference) = (call.actor.clone(), hub.reference.clone());
    let reason = reason.as_str().to_owned();
    hub.store.write(call.stamp("open_seal.request"), move |tx| {
        let report = report::find(tx, id)?.ok_or(OpeningError::NotFound)?;
        let parts = readable(tx, &actor, Subject::Report(id), tx.now())?;
        if parts.is_empty() {
            return Err(OpeningError::NotFound);
        }
        if custody::sealed(tx, id)?.is_none() {
            return Err(OpeningError::NotSealed(report.custody));
        }
        refuse_crowd(tx, &actor, id)?;
        let ask = Ask {
            by: organization_names(tx, &actor)?,
            purpose: purpose_text(&reference, &purpose, &parts, tx.now()),
            reason,
            at: tx.now().rfc3339_in_japan(),
        };
        let opening = Opening {
            id: opening_id,
            report: id,
            asked_by: actor.person,
            organization: actor.organization,
            purpose,
            stage: OpeningStage::Requested,
            recipient: pair.public.to_string(),
            requested_at: tx.now(),
            told_at: told_at(tx.now(), tell::days(tx)?),
            expires_at: tx.now().plus_seconds(STANDS_DAYS * DAY_SECONDS),
        };
        log(tx, "opening-requested", &opening, vec![])?;
        opening::insert(tx, &opening, &Confidential::new(ask), &pair.secret)?;
        Ok(opening_id)
    })
}

/// Openings that the caller's organization asked for, or that he as a custodian is asked about,
/// newest first.
///
/// # Errors
/// [`OpeningError::NotFound`] when the role has to do with neither.
pub fn list(hub: &Hub, call: &Call<'_>) -> Result<Vec<OpeningRow>, OpeningError> {
    let organization = call.actor.organization;
    let whose = if call.may(Action::RequestOpening) {
        Whose::Asked(organization)
    } else if call.may(Action::ApproveOpening) {
        Whose::Kept(organization)
    } else {
        return Err(OpeningError::NotFound);
    };
    let now = call.now;
    hub.store.read(move |reader| {
        let mut rows = Vec::new();
        for opening in opening::list(reader, whose, LIST_ROWS_MAX)? {
            let report = report::find(reader, opening.report)?.ok_or(OpeningError::NotFound)?;
            rows.push(row(reader, &opening, &report, now)?);
        }
        Ok(rows)
    })
}

/// One opening, for those who ask and those who decide.
///
/// # Errors
/// [`OpeningError::NotFound`] for everybody else.
pub fn desk(hub: &Hub, call: &Call<'_>, id: OpeningId) -> Result<OpeningDesk, OpeningError> {
    let (actor, now) = (call.actor.clone(), call.now);
    hub.store.read(move |reader| {
        let case = Case::of(reader, &actor, id)?;
        let ask = opening::ask(reader, &case.opening)?
            .and_then(|ask| reason(&actor, &case.parties(), ask).ok());
        let sealed = case.sealed(reader)?;
        Ok(OpeningDesk {
            row: row(reader, &case.opening, &case.report, now)?,
            report: case.report.id,
            ask,
            custodians: match &sealed {
                Some(sealed) => custodian_lines(reader, &case, sealed)?,
                None => vec![],
            },
            needed: sealed.map_or(0, |sealed| sealed.threshold()),
            refusals: opening::refusals(reader, id)?
                .into_iter()
                .map(|(_, at)| at)
                .collect(),
            told_at: tell::due(&case.opening),
            standing: case.standing,
        })
    })
}

/// The file that goes to the custodians.
///
/// # Errors
/// [`OpeningError::NotFound`] when the opening is not there for the caller or has ended.
pub fn request_file(hub: &Hub, call: &Call<'_>, id: OpeningId) -> Result<String, OpeningError> {
    let (actor, now) = (call.actor.clone(), call.now);
    hub.store.read(move |reader| {
        let case = Case::of(reader, &actor, id)?;
        if !in_force(&case.opening, now).is_under_way() {
            return Err(OpeningError::NotFound);
        }
        Ok(case.papers(reader, &actor)?.request.to_json())
    })
}

/// Refuses a second opening of the same report, and the one too many.
fn refuse_crowd(tx: &Tx<'_>, actor: &Actor, id: ReportId) -> Result<(), OpeningError> {
    let asked = opening::list(tx, Whose::Asked(actor.organization), LIST_ROWS_MAX)?;
    let mut under_way = 0;
    for opening in asked {
        if !in_force(&opening, tx.now()).is_under_way() {
            continue;
        }
        if opening.report == id {
            return Err(OpeningError::UnderWay(opening.id));
        }
        under_way += 1;
    }
    if under_way >= UNDER_WAY_MAX {
        return Err(OpeningError::TooMany);
    }
    Ok(())
}

fn row(
    reader: &Reader<'_>,
    opening: &Opening,
    report: &Report,
    now: Timestamp,
) -> Result<OpeningRow, OpeningError> {
    let organization =
        organization::find(reader, opening.organization)?.ok_or(OpeningError::NotFound)?;
    Ok(OpeningRow {
        id: opening.id,
        pseudonym: report.pseudonym.clone(),
        stage: in_force(opening, now),
        purpose: opening.purpose.clone(),
        organization: OrganizationLabel::from(&organization),
        requested_at: opening.requested_at,
        expires_at: opening.expires_at,
    })
}

/// Both names of the asking organization, or the one if they are the same.
fn organization_names(tx: &Tx<'_>, actor: &Actor) -> Result<String, OpeningError> {
    let found = organization::find(tx, actor.organization)?.ok_or(OpeningError::NotFound)?;
    if found.name_ja == found.name_en {
        return Ok(found.name_ja);
    }
    Ok(format!("{} / {}", found.name_ja, found.name_en))
}

/// The purpose as custodians read it. They have to know when the source did not offer it.
fn purpose_text(
    reference: &ReferenceData,
    purpose: &Code,
    parts: &[OpenedPart],
    now: Timestamp,
) -> String {
    let named = reference
        .purposes
        .naming(purpose.as_str(), now.day_in_japan());
    let name = named.map_or_else(
        || purpose.to_string(),
        |row| format!("{} / {}", row.name.ja(), row.name.en()),
    );
    let offered: BTreeSet<&Code> = parts
        .iter()
        .flat_map(|part| &part.body.handling().purposes)
        .collect();
    if offered.contains(purpose) {
        name
    } else {
        format!("{name}\n{NOT_OFFERED}")
    }
}

/// Stands under a purpose that the source did not offer its report for.
const NOT_OFFERED: &str = "報告元はこの目的での利用を認めていません / the source did not offer the report for this purpose";

/// Commits to a step of `opening`. Nobody owns the entry: an owner would name the source.
fn log(
    tx: &Tx<'_>,
    event: &'static str,
    opening: &Opening,
    further: Vec<(&'static str, String)>,
) -> Result<(), StoreError> {
    let mut facts = vec![
        ("opening", opening.id.to_string()),
        ("organization", opening.organization.to_string()),
        ("purpose", opening.purpose.to_string()),
    ];
    facts.extend(further);
    let entry = Entry {
        event,
        object: opening.report.to_string(),
        owner: None,
        facts,
    };
    record(tx, &entry)
}
