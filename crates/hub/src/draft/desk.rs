//! What the pages of a first report have to know about the reporting organization: whom it reports
//! to, and whether a seal is possible there.

use domain::id::OrganizationId;
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
    let organization = call.actor.organization;
    hub.store
        .read(move |reader| desk_of(reader, organization))?
        .ok_or(DraftError::NotFound)
}

/// The desk of `id`; `None` when there is no such organization.
pub(crate) fn desk_of(reader: &Reader<'_>, id: OrganizationId) -> Result<Option<Desk>, StoreError> {
    let Some(found) = organization::find(reader, id)? else {
        return Ok(None);
    };
    let mut desk = Desk {
        organization: id,
        names: (found.name_ja, found.name_en),
        sector: found.sector,
        prefecture: found.prefecture,
        relay_names: None,
        sealing: Sealing::NoCustodians,
        peer_count: 0,
    };
    let Some(relay) = found.reports_to else {
        return Ok(Some(desk));
    };
    desk.relay_names =
        organization::find(reader, relay)?.map(|relay| (relay.name_ja, relay.name_en));
    if custody::custodians(reader, relay)?.len() == crate::submit::CUSTODIANS {
        desk.sealing = Sealing::Possible;
    }
    desk.peer_count = organization::reporting_to(reader, relay)?.len();
    Ok(Some(desk))
}
