//! By what right somebody reads about a report, and what follows from it.

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::id::{OrganizationId, ReportId};
use domain::part::{PartKind, Side};
use domain::policy::Action;
use domain::time::Timestamp;
use store::opinion::Opinion;
use store::part::{Sight, Wanted};
use store::{Reader, StoreError, opinion, report};

use crate::call::{Call, ReadError};

/// Parts that put a report on the list of whoever may read one of them.
pub(crate) const LISTED: Wanted<'_> = Wanted {
    kinds: &[PartKind::Attack, PartKind::Damage, PartKind::Summary],
    side: None,
};

/// The same for whoever reads what was shared with his communities.
const SHARED: Wanted<'_> = Wanted {
    side: Some(Side::Outgoing),
    ..LISTED
};

/// By what right somebody reads about a report, beside being in an audience: an organization's key
/// is held by all its people, also by those whose role reads no reports.
#[derive(Clone, Copy)]
pub(crate) enum Reading {
    /// At a desk that takes reports in or triages them.
    Desk,
    /// As a member of the communities that something was released to, and as the source that the
    /// report names.
    Member,
    /// As the source that the report names.
    Source,
    /// Not at all.
    Nothing,
}

impl Reading {
    pub(crate) fn of(call: &Call<'_>) -> Self {
        if call.may(Action::Intake) || call.may(Action::Triage) {
            Self::Desk
        } else if call.may(Action::ReadShared) {
            Self::Member
        } else if call.may(Action::Submit) || call.may(Action::ReadReceipts) {
            Self::Source
        } else {
            Self::Nothing
        }
    }

    /// The source that the report names, if any, to whoever may read about it.
    pub(crate) fn must_be_allowed(
        self,
        reader: &Reader<'_>,
        actor: &Actor,
        id: ReportId,
    ) -> Result<Option<OrganizationId>, ReadError> {
        let owner = report::source(reader, id)?.map(|link| link.organization);
        match self {
            Self::Desk => Ok(owner),
            Self::Member | Self::Source if owner == Some(actor.organization) => Ok(owner),
            Self::Member | Self::Source | Self::Nothing => Err(ReadError::NotFound),
        }
    }

    /// The same for opening the report: members of a community read what was released to it, and take
    /// no part in its dialogue, its groups and its rating.
    pub(super) fn may_open(
        self,
        reader: &Reader<'_>,
        actor: &Actor,
        id: ReportId,
    ) -> Result<Option<OrganizationId>, ReadError> {
        match self {
            Self::Member => Ok(report::source(reader, id)?.map(|link| link.organization)),
            Self::Desk | Self::Source | Self::Nothing => self.must_be_allowed(reader, actor, id),
        }
    }

    /// What is found at all.
    pub(crate) fn sight(self, actor: &Actor, now: Timestamp) -> Sight {
        match self {
            Self::Member => Sight::in_communities(actor, now),
            Self::Desk | Self::Source | Self::Nothing => Sight::of(actor, now),
        }
    }

    /// What puts a report on the list.
    pub(super) fn wanted(self) -> Wanted<'static> {
        match self {
            Self::Member => SHARED,
            Self::Desk | Self::Source | Self::Nothing => LISTED,
        }
    }

    /// How the reports were rated. Members are not told: a rating speaks of the damage and of who was
    /// hit, which no member is ever shown.
    pub(super) fn opinions_of(
        self,
        reader: &Reader<'_>,
        sight: &Sight,
        organization: OrganizationId,
        ids: &[ReportId],
    ) -> Result<BTreeMap<ReportId, Vec<Opinion>>, StoreError> {
        match self {
            Self::Member => Ok(BTreeMap::new()),
            Self::Desk | Self::Source | Self::Nothing => {
                opinion::visible_of(reader, sight, organization, ids)
            }
        }
    }

    /// Whether the page of a report shows parts on this side of the border.
    pub(super) fn reads(self, side: Side) -> bool {
        !matches!((self, side), (Self::Member, Side::Original))
    }
}
