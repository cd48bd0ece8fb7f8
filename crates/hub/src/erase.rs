//! Erasing before the term: on request, by order, or because it should never have been entered.
//!
//! No role of the hub erases: whoever can make a report vanish could silence its source, and whoever
//! reads no reports must not learn which there are. It is done on the hub's own machine, by its
//! console, where the keys lie anyway; the log says that it was done, when and why, and every proof
//! that was given out still holds.
//!
//! INVARIANT: an erasure leaves its entry in the same transaction; the entry names no text.

use std::collections::BTreeSet;

use domain::audience::AudienceKey;
use domain::id::{OrganizationId, PersonId, ReportId};
use domain::part::Subject;
use domain::retention::EraseReason;
use store::log::{Entry, record};
use store::{Reader, StoreError, organization, part, person, report, retention};

use crate::addressing::OrganizationLabel;
use crate::call::Hub;
use crate::set_up::{Authority, LoginName, SetUp};

/// Why nothing was erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The caller is not at the hub's console.
    #[error("nobody erases but the hub's own console: `noroshi admin`")]
    NotPermitted,
    /// There is no such report, or it was erased before.
    #[error("there is no report `{0}` with anything left to erase")]
    NoReport(ReportId),
    /// There is no such person, or he was erased before.
    #[error("there is nobody with that sign-in name or id; `noroshi admin people` lists them")]
    NoPerson,
    /// The person still holds places.
    #[error("this person still holds {0} places; end them first with `noroshi admin end-place`")]
    StillHere(usize),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// By id, as the log and the register spell it.
    Id(PersonId),
    /// By sign-in name.
    Login(LoginName),
}

/// What erasing a report would do, for whoever is about to do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// Organizations that were given a part of it: the hub cannot erase what they copied.
    pub holders: Vec<OrganizationLabel>,
}

/// Who has to be told of the erasure of a report; changes nothing.
///
/// # Errors
/// [`EraseError`].
pub fn look(hub: &Hub, set_up: &SetUp<'_>, id: ReportId) -> Result<Affected, EraseError> {
    at_console(set_up)?;
    hub.store.read(move |reader| affected(reader, id))
}

/// Destroys the key of a report and everything that opens its log entries; who was given a part.
///
/// The report's source, where it is named, owns the entry and finds it on its trust page.
///
/// # Errors
/// [`EraseError`].
pub fn erase_report(
    hub: &Hub,
    set_up: &SetUp<'_>,
    id: ReportId,
    reason: EraseReason,
) -> Result<Affected, EraseError> {
    at_console(set_up)?;
    hub.store
        .write(set_up.stamp("erase.erase_report"), move |tx| {
            let affected = affected(tx, id)?;
            let owner = report::source(tx, id)?.map(|link| link.organization);
            retention::erase_report(tx, id)?;
            record(tx, &entry("report-erased", id.to_string(), owner, reason))?;
            Ok(affected)
        })
}

/// Destroys the key of a person who holds no place any more; his id.
///
/// # Errors
/// [`EraseError`].
pub fn erase_person(
    hub: &Hub,
    set_up: &SetUp<'_>,
    whom: Whom,
    reason: EraseReason,
) -> Result<PersonId, EraseError> {
    at_console(set_up)?;
    hub.store
        .write(set_up.stamp("erase.erase_person"), move |tx| {
            let id = match &whom {
                Whom::Id(id) => Some(*id),
                Whom::Login(login) => person::find_by_login(tx, login.as_str())?,
            };
            let id = id.ok_or(EraseError::NoPerson)?;
            person::record(tx, id)?.ok_or(EraseError::NoPerson)?;
            let places = person::memberships_of(tx, id, tx.now())?.len();
            if places > 0 {
                return Err(EraseError::StillHere(places));
            }
            retention::erase_person(tx, id)?;
            record(tx, &entry("person-erased", id.to_string(), None, reason))?;
            Ok(id)
        })
}

fn at_console(set_up: &SetUp<'_>) -> Result<(), EraseError> {
    match set_up.authority {
        Authority::Console(_) => Ok(()),
        Authority::Member(_) => Err(EraseError::NotPermitted),
    }
}

fn affected(reader: &Reader<'_>, id: ReportId) -> Result<Affected, EraseError> {
    let subject = Subject::Report(id);
    if report::find(reader, id)?.is_none() || !retention::holds_text(reader, id)? {
        return Err(EraseError::NoReport(id));
    }
    let organizations: BTreeSet<OrganizationId> = part::holders(reader, subject)?
        .into_iter()
        .filter_map(|row| match row.key {
            AudienceKey::Organization(id, _) => Some(id),
            _ => None,
        })
        .collect();
    let mut holders = Vec::new();
    for id in organizations {
        holders.extend(
            organization::find(reader, id)?
                .as_ref()
                .map(OrganizationLabel::from),
        );
    }
    Ok(Affected { holders })
}

fn entry(
    event: &'static str,
    object: String,
    owner: Option<OrganizationId>,
    reason: EraseReason,
) -> Entry {
    Entry {
        event,
        object,
        owner,
        facts: vec![
            ("reason", reason.word().to_owned()),
            ("by", "console".to_owned()),
        ],
    }
}
