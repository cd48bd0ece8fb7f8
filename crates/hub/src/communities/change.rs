//! Putting an organization into a community and taking it out, with what is lost.

use domain::id::{CommunityId, OrganizationId};
use domain::organization::CommunityKind;
use store::{StoreError, organization};

use super::{Asker, CommunityCard, Leave, Standing};
use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};
use crate::invite::By;
use crate::set_up::{put_in, take_out};

/// Why nothing changed in a community.
#[derive(Debug, thiserror::Error)]
pub enum CommunityError {
    /// The community or the organization is not there, or the change is not the caller's to make.
    #[error("nothing is here")]
    NotFound,
    /// The organization is in the community already, or no longer.
    #[error("somebody else was quicker; look at the community once more")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ReadError> for CommunityError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotFound => Self::NotFound,
            ReadError::Store(source) => Self::Store(source),
        }
    }
}

/// What leaving would mean, before it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// The community.
    pub card: CommunityCard,
    /// Who would leave.
    pub member: OrganizationLabel,
    /// Whether it is the caller's own organization.
    pub own: Standing,
    /// What ends with the membership.
    pub ends: Vec<Ending>,
    /// What goes on all the same.
    pub stays: Vec<Staying>,
}

/// What ends with a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The circle of this relay's members: what was shared with it is not found any more, what was
    /// read before among it.
    Members,
    /// The same of what was shared across the sectors.
    CrossSector,
    /// The secretariat's clerks no longer write down what the organization tells.
    Clerk,
    /// Advisories that are addressed to the community as a whole.
    Addressed,
}

/// What goes on after a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staying {
    /// Advisories that were issued already: their addressees are frozen.
    Advisories,
    /// Reports of the organization itself, their receipts and answers.
    OwnReports,
    /// What others hold of what it shared.
    Shared,
    /// Reports go to the same secretariat, whose clerks write for it as before.
    Reporting,
}

/// Puts `member` into the community.
///
/// # Errors
/// [`CommunityError::NotFound`] when the regime does not let the caller, or does not take such an
/// organization; [`CommunityError::Changed`] when it is in it already.
pub fn join(
    hub: &Hub,
    call: &Call<'_>,
    community: CommunityId,
    member: OrganizationId,
) -> Result<(), CommunityError> {
    let by = By::Member(call.actor.clone());
    let asker = Asker::of(hub, call);
    hub.store.write(call.stamp("communities.join"), move |tx| {
        if !by.stands(tx)? {
            return Err(CommunityError::NotFound);
        }
        let sight = asker.find(tx, community)?;
        let row = organization::find(tx, member)?.ok_or(CommunityError::NotFound)?;
        if !sight.takes(&asker.actor, &row) {
            return Err(CommunityError::NotFound);
        }
        if sight.members.iter().any(|other| other.id == member) {
            return Err(CommunityError::Changed);
        }
        Ok(put_in(tx, &by, community, member)?)
    })
}

/// What it would mean for `member` to leave the community.
///
/// # Errors
/// [`ReadError::NotFound`] when it is not in it, or its membership is not the caller's to end.
pub fn leaving(
    hub: &Hub,
    call: &Call<'_>,
    community: CommunityId,
    member: OrganizationId,
) -> Result<Leaving, ReadError> {
    let asker = Asker::of(hub, call);
    hub.store.read(move |reader| {
        let sight = asker.find(reader, community)?;
        let row = sight.members.iter().find(|row| row.id == member);
        let row = row
            .filter(|row| sight.leave(&asker.actor, row.id) == Leave::Open)
            .ok_or(ReadError::NotFound)?;
        let reports = if row.reports_to.is_some() && row.reports_to == sight.community.secretariat {
            Reports::There
        } else {
            Reports::Elsewhere
        };
        let (ends, stays) = meaning(sight.community.kind, reports);
        Ok(Leaving {
            card: sight.card(reader)?,
            member: OrganizationLabel::from(row),
            own: if member == asker.actor.organization {
                Standing::In
            } else {
                Standing::Out
            },
            ends,
            stays,
        })
    })
}

/// Takes `member` out of the community: what reached it through the community alone is not found from
/// then on, by a running session neither. Advisories that were issued to it stay.
///
/// # Errors
/// [`CommunityError::NotFound`] when its membership is not the caller's to end,
/// [`CommunityError::Changed`] when it has ended.
pub fn leave(
    hub: &Hub,
    call: &Call<'_>,
    community: CommunityId,
    member: OrganizationId,
) -> Result<(), CommunityError> {
    let by = By::Member(call.actor.clone());
    let asker = Asker::of(hub, call);
    hub.store.write(call.stamp("communities.leave"), move |tx| {
        if !by.stands(tx)? {
            return Err(CommunityError::NotFound);
        }
        let sight = asker.find(tx, community)?;
        if sight.leave(&asker.actor, member) == Leave::Shut {
            return Err(CommunityError::NotFound);
        }
        if take_out(tx, &by, community, member)? {
            Ok(())
        } else {
            Err(CommunityError::Changed)
        }
    })
}

/// Where the reports of a member go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reports {
    /// To the secretariat of the community.
    There,
    /// Elsewhere.
    Elsewhere,
}

/// What ends and what stays when somebody leaves a community of `kind`.
fn meaning(kind: CommunityKind, reports: Reports) -> (Vec<Ending>, Vec<Staying>) {
    let mut ends = match kind {
        CommunityKind::CeptoarMembers | CommunityKind::Isac => vec![Ending::Members],
        CommunityKind::ActionPlan => vec![Ending::CrossSector],
        CommunityKind::Council | CommunityKind::Served => vec![],
    };
    let has_clerks = matches!(
        kind,
        CommunityKind::CeptoarMembers | CommunityKind::Isac | CommunityKind::Served
    );
    let mut stays = vec![Staying::Advisories, Staying::OwnReports];
    if has_clerks {
        match reports {
            Reports::Elsewhere => ends.push(Ending::Clerk),
            Reports::There => stays.push(Staying::Reporting),
        }
    }
    ends.push(Ending::Addressed);
    if kind != CommunityKind::Served && kind != CommunityKind::Council {
        stays.push(Staying::Shared);
    }
    (ends, stays)
}
