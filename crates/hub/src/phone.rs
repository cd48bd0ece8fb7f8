//! The desk that answers the phone: a clerk writes down what a member tells by phone or fax.
//!
//! The report is the member's, as if it had sent it itself; that it came by phone and who wrote it
//! down stands beside it. A member that wishes to stay unnamed is chosen for the moment of sending
//! alone: its identity goes to the custodians, or nowhere.
//!
//! INVARIANT: a clerk enters for members of his own organization and for nobody else.
//! INVARIANT: nothing is kept of the person who phoned, and of a member that stays unnamed nothing that
//! a row or an entry of the log would link to the report. What the clerk himself remembers no program
//! can take from him; the page says so.

use domain::count::{Counts, Period};
use domain::id::OrganizationId;
use domain::organization::CommunityKind;
use domain::policy::Action;
use domain::report::filing::Filing;
use domain::report::near_miss::NearMiss;
use domain::report::{Channel, Custody};
use store::report::{Clerk, Provenance, SourceLink};
use store::{Reader, StoreError, custody, organization};

use crate::call::{Call, Hub, ReadError};
use crate::count::{CountError, send_as};
use crate::draft::{self, desk_of};
use crate::near_miss::filing_of;
use crate::submit::{Arrival, CUSTODIANS, Receipt, Sender, SentForm, SubmitError, accept_form};

/// What the desk can offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// For whom the clerk may enter, by name.
    pub members: Vec<Member>,
    /// Whether a caller may leave open for whom he phones: only where reports go to the clerk's own
    /// organization.
    pub untold: Untold,
}

/// A member that phones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub id: OrganizationId,
    /// Its name in Japanese and English.
    pub names: (String, String),
    /// Whether its relay has the three custodians that a sealed identity needs.
    pub sealing: draft::Sealing,
}

/// Whether a caller may leave open for whom he phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untold {
    /// He may.
    Accepted,
    /// Nobody would know where the report goes.
    NoRelay,
}

/// How a report came to the clerk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// By phone.
    Phone,
    /// By fax.
    Fax,
}

impl Heard {
    /// The channel that the report notes.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Phone => Channel::Phone,
            Self::Fax => Channel::Fax,
        }
    }
}

/// For whom the caller may enter.
///
/// # Errors
/// [`ReadError::NotFound`] when the role enters for nobody.
pub fn desk(hub: &Hub, call: &Call<'_>) -> Result<Desk, ReadError> {
    if !call.may(Action::EnterForMember) {
        return Err(ReadError::NotFound);
    }
    let own = call.actor.organization;
    let untold = if call.actor.kind.is_relay() {
        Untold::Accepted
    } else {
        Untold::NoRelay
    };
    hub.store.read(move |reader| {
        let mut members = Vec::new();
        for member in members_of(reader, own)? {
            let Some(relay) = member.reports_to else {
                continue;
            };
            let sealing = if custody::public_keys(reader, relay)?.len() == CUSTODIANS {
                draft::Sealing::Possible
            } else {
                draft::Sealing::NoCustodians
            };
            members.push(Member {
                id: member.id,
                names: (member.name_ja, member.name_en),
                sealing,
            });
        }
        members.sort_by(|one, other| one.names.cmp(&other.names));
        Ok(Desk { members, untold })
    })
}

/// What the pages of a first report have to know about `member`; of a caller who does not say for
/// whom, what they have to know about the clerk's relay.
///
/// # Errors
/// [`ReadError::NotFound`] when it is no member of the clerk's organization.
pub fn member_desk(
    hub: &Hub,
    call: &Call<'_>,
    member: Option<OrganizationId>,
) -> Result<draft::Desk, ReadError> {
    let of = match sender(hub, call, member)? {
        Sender::Known(link) => link.organization,
        // What the members of a relay share is the same for each of them.
        Sender::Untold(_) => {
            desk(hub, call)?
                .members
                .first()
                .ok_or(ReadError::NotFound)?
                .id
        }
    };
    let mut desk = desk_of(hub, of, call.now)?.ok_or(ReadError::NotFound)?;
    if member.is_none() {
        desk.names = (String::new(), String::new());
        (desk.sector, desk.prefecture) = (None, None);
    }
    Ok(desk)
}

/// Accepts a near miss of `member`. The same form twice makes one report.
///
/// # Errors
/// [`SubmitError::NotPermitted`] when it is no member of the clerk's organization,
/// [`SubmitError::Untold`] when nobody is told and yet the source would have to be kept.
pub fn enter_near_miss(
    hub: &Hub,
    call: &Call<'_>,
    member: Option<OrganizationId>,
    heard: Heard,
    near_miss: NearMiss,
    form: &SentForm,
) -> Result<Receipt, SubmitError> {
    let source = entering(hub, call, member, near_miss.scope.custody())?;
    let filing = filing_of(hub, call.now, source, near_miss)?;
    accepted(hub, call, source, heard, filing, form)
}

/// Accepts a first report of `member`. The same form twice makes one report.
///
/// # Errors
/// As [`enter_near_miss`].
pub fn enter_report(
    hub: &Hub,
    call: &Call<'_>,
    member: Option<OrganizationId>,
    heard: Heard,
    filing: Filing,
    form: &SentForm,
) -> Result<Receipt, SubmitError> {
    let source = entering(hub, call, member, filing.custody)?;
    accepted(hub, call, source, heard, filing, form)
}

/// Accepts what `member` counted in `period`; entering it again replaces it. A count says nothing of
/// who wrote it down, like it says nothing of who counted.
///
/// # Errors
/// [`CountError::NotFound`] when it is no member of the clerk's organization.
pub fn enter_count(
    hub: &Hub,
    call: &Call<'_>,
    member: OrganizationId,
    period: Period,
    counts: Counts,
) -> Result<(), CountError> {
    match sender(hub, call, Some(member)) {
        Ok(_) => send_as(hub, call, member, period, counts),
        Err(ReadError::NotFound) => Err(CountError::NotFound),
        Err(ReadError::Store(source)) => Err(source.into()),
    }
}

fn accepted(
    hub: &Hub,
    call: &Call<'_>,
    source: Sender,
    heard: Heard,
    filing: Filing,
    form: &SentForm,
) -> Result<Receipt, SubmitError> {
    let arrival = Arrival {
        source,
        provenance: Provenance {
            channel: heard.channel(),
            promoted_from: None,
            clerk: Some(Clerk {
                person: call.actor.person,
                organization: call.actor.organization,
            }),
        },
        mailbox: None,
    };
    let receipts = accept_form(hub, call, arrival, vec![filing], form)?;
    let receipt = receipts.into_iter().next();
    receipt.ok_or(SubmitError::Lacking(Vec::new()))
}

/// The sender, once it is known that this custody can be kept for it.
fn entering(
    hub: &Hub,
    call: &Call<'_>,
    member: Option<OrganizationId>,
    custody: Custody,
) -> Result<Sender, SubmitError> {
    let source = sender(hub, call, member).map_err(|error| match error {
        ReadError::NotFound => SubmitError::NotPermitted,
        ReadError::Store(source) => source.into(),
    })?;
    if source.link().is_none() && custody != Custody::Stripped {
        return Err(SubmitError::Untold);
    }
    Ok(source)
}

/// The sender of a report that the caller enters, if it is a member of his.
fn sender(hub: &Hub, call: &Call<'_>, member: Option<OrganizationId>) -> Result<Sender, ReadError> {
    if !call.may(Action::EnterForMember) {
        return Err(ReadError::NotFound);
    }
    let own = call.actor.organization;
    let Some(member) = member else {
        let relays = call.actor.kind.is_relay();
        return relays
            .then_some(Sender::Untold(own))
            .ok_or(ReadError::NotFound);
    };
    let served = hub
        .store
        .read::<_, StoreError>(move |reader| members_of(reader, own))?;
    if served.iter().any(|served| served.id == member) {
        Ok(Sender::Known(SourceLink {
            organization: member,
            person: None,
        }))
    } else {
        Err(ReadError::NotFound)
    }
}

/// Organizations that report to `own`, are members of its CEPTOAR or ISAC, or are served by it.
fn members_of(
    reader: &Reader<'_>,
    own: OrganizationId,
) -> Result<Vec<organization::Organization>, StoreError> {
    let mut members = organization::reporting_to(reader, own)?;
    for community in organization::communities(reader)? {
        let is_regime = matches!(
            community.kind,
            CommunityKind::Council | CommunityKind::ActionPlan
        );
        if is_regime || community.secretariat != Some(own) {
            continue;
        }
        members.extend(organization::members_of(reader, community.id)?);
    }
    members.retain(|member| member.id != own && !member.kind.is_relay());
    members.sort_by_key(|member| member.id);
    members.dedup_by_key(|member| member.id);
    Ok(members)
}
