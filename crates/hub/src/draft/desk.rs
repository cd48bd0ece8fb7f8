//! What the pages of a first report have to know about the reporting organization: whom it reports
//! to, and whether a seal is possible there.

use domain::id::OrganizationId;
use domain::time::Timestamp;
use domain::word::Code;
use store::{Reader, StoreError, custody, organization};

use super::DraftError;
use crate::call::{Call, Hub};

/// The reporting organization and its relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The organization that reports.
    pub organization: OrganizationId,
    /// Its name in Japanese and English.
    pub names: (String, String),
    /// Its sector; `None` when it has none.
    pub sector: Option<Code>,
    /// Its prefecture; `None` when the register does not say.
    pub prefecture: Option<Code>,
    /// The sector its relay serves, which all members share; `None` when the register does not say.
    pub relay_sector: Option<Code>,
    /// Name of the relay in Japanese and English; `None` when it is joined to none.
    pub relay_names: Option<(String, String)>,
    /// Whether the relay has the three custodians that a sealed identity needs.
    pub sealing: Sealing,
    /// How many organizations report to that relay, this one among them.
    pub peer_count: usize,
}

/// Whether an identity can be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealing {
    /// Three custodians hold office.
    Possible,
    /// They do not.
    NoCustodians,
}

/// The desk of the caller's organization.
pub fn desk(hub: &Hub, call: &Call<'_>) -> Result<Desk, DraftError> {
    desk_of(hub, call.actor.organization, call.now)?.ok_or(DraftError::NotFound)
}

/// The desk of `id`; `None` when there is no such organization.
pub(crate) fn desk_of(
    hub: &Hub,
    id: OrganizationId,
    now: Timestamp,
) -> Result<Option<Desk>, StoreError> {
    let found = hub
        .store
        .read::<_, StoreError>(move |reader| found(reader, id))?;
    Ok(found.map(|(mut desk, ceptoar)| {
        let row = ceptoar.and_then(|code| {
            let day = now.day_in_japan();
            hub.reference.ceptoars.at(code.as_str(), day)
        });
        desk.relay_sector = row.map(|row| row.body.sector.clone());
        desk
    }))
}

/// The desk without what the lists tell, and the relay's CEPTOAR.
fn found(
    reader: &Reader<'_>,
    id: OrganizationId,
) -> Result<Option<(Desk, Option<Code>)>, StoreError> {
    let Some(found) = organization::find(reader, id)? else {
        return Ok(None);
    };
    let mut desk = Desk {
        organization: id,
        names: (found.name_ja, found.name_en),
        sector: found.sector,
        prefecture: found.prefecture,
        relay_sector: None,
        relay_names: None,
        sealing: Sealing::NoCustodians,
        peer_count: 0,
    };
    let relay = match found.reports_to {
        Some(relay) => organization::find(reader, relay)?,
        None => None,
    };
    let Some(relay) = relay else {
        return Ok(Some((desk, None)));
    };
    desk.relay_names = Some((relay.name_ja, relay.name_en));
    if custody::custodians(reader, relay.id)?.len() == crate::submit::CUSTODIANS {
        desk.sealing = Sealing::Possible;
    }
    desk.peer_count = organization::count_reporting_to(reader, relay.id)?;
    Ok(Some((desk, relay.ceptoar)))
}
