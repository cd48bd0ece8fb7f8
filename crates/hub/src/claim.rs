//! By what a caller shows that a report is his: the name it was sent under, or its mailbox code.
//!
//! INVARIANT: a code proves one report and nothing about who brings it; nothing is written about
//! that either. A name proves reports that were sent under it.

use domain::id::{OrganizationId, ReportId};
use domain::report::{Custody, Report};
use store::{Reader, StoreError, report};

use crate::mailbox::MailboxPass;

/// What the caller shows.
#[derive(Clone, PartialEq, Eq)]
pub enum Claim {
    /// His organization sent it under its name.
    Name(ReportId),
    /// He opened its mailbox.
    Code(MailboxPass),
}

/// A claim that holds.
pub(crate) struct Proven {
    /// The report.
    pub(crate) report: Report,
    /// The organization it is filed under; `None` where a code proved it.
    pub(crate) source: Option<OrganizationId>,
}

impl Claim {
    /// The report that is claimed.
    pub fn report(&self) -> ReportId {
        match self {
            Self::Name(id) => *id,
            Self::Code(pass) => pass.report(),
        }
    }

    /// The report, if somebody of `organization` may say that it is his.
    pub(crate) fn proven(
        &self,
        reader: &Reader<'_>,
        organization: OrganizationId,
    ) -> Result<Option<Proven>, StoreError> {
        let Some(report) = report::find(reader, self.report())? else {
            return Ok(None);
        };
        let link = report::source(reader, report.id)?.map(|link| link.organization);
        let holds = match self {
            Self::Name(_) => link == Some(organization),
            Self::Code(_) => report.custody != Custody::Named,
        };
        Ok(holds.then_some(Proven {
            report,
            source: link,
        }))
    }
}

impl From<ReportId> for Claim {
    fn from(id: ReportId) -> Self {
        Self::Name(id)
    }
}

impl From<MailboxPass> for Claim {
    fn from(pass: MailboxPass) -> Self {
        Self::Code(pass)
    }
}
