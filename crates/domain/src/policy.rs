//! Which role may do what: one table, printed as a golden file and reviewed.
//!
//! The table speaks of actions; whether a given item is there for the actor at all is the
//! audience's matter. Both must agree.

mod grant;
mod hand;
mod purpose;

use crate::actor::{Actor, Assurance, Keeping};
use crate::organization::{OrganizationKind as Kind, Role};
use crate::word::words;

pub use grant::{Held, Reach, grant_verdict, may_grant, may_reset};
pub use hand::{Hand, hands};
pub use purpose::special_purposes;

words! {
    /// What a person can set out to do.
    pub enum Action {
        /// Submit a near miss, a count, a report or an update for the own organization.
        Submit = "submit",
        /// Enter a report for a member who phones or faxes.
        EnterForMember = "enter-for-member",
        /// Read originals at the relay before the border.
        Intake = "intake",
        /// Write what leaves and open a border review.
        ReviewBorder = "review-border",
        /// Approve a border review as one of two persons.
        ApproveRelease = "approve-release",
        /// Read and rate what was released to the own organization.
        Triage = "triage",
        /// Read what was released to the communities of the own organization.
        ReadShared = "read-shared",
        /// Put a question to a source through the pseudonymous dialogue.
        AskSource = "ask-source",
        /// Give an opinion on severity.
        RateSeverity = "rate-severity",
        /// Group reports into incidents.
        GroupIncident = "group-incident",
        /// Read what carriers found about servers.
        ReadFindings = "read-findings",
        /// Send in what the own carrier found.
        SubmitFindings = "submit-findings",
        /// Judge findings and note what became of a server.
        JudgeFindings = "judge-findings",
        /// Keep count of the own users who are told that a device of theirs is infected.
        NotifyUsers = "notify-users",
        /// Name the own organization's public networks.
        RecordNetworks = "record-networks",
        /// Write an advisory.
        ComposeAdvisory = "compose-advisory",
        /// Approve and issue an advisory, amend, tighten or recall it.
        IssueAdvisory = "issue-advisory",
        /// Read advisories addressed to oneself or the own organization.
        ReadAdvisory = "read-advisory",
        /// Acknowledge an advisory and say what was done.
        Acknowledge = "acknowledge",
        /// See the reach of advisories of the own organization and nudge.
        WatchReach = "watch-reach",
        /// Ask for the opening of a sealed identity.
        RequestOpening = "request-opening",
        /// Hand in a custodian's approval made offline.
        ApproveOpening = "approve-opening",
        /// Enter the custodians of the own relay's seals and take hand-overs back.
        AppointCustodian = "appoint-custodian",
        /// Run members, roles, roster and contacts of the own organization.
        ManageMembers = "manage-members",
        /// Run the communities whose secretariat the own organization is: see their members, put in
        /// and take out where the regime lets a secretariat.
        RunCommunity = "run-community",
        /// Set up organizations, communities and custodians of the hub.
        ManageHub = "manage-hub",
        /// See who looked at the own organization's reports and verify it.
        ReadReceipts = "read-receipts",
        /// See the published figures of the situation.
        WatchSituation = "watch-situation",
        /// Read the whole log.
        AuditLog = "audit-log",
    }
}

words! {
    /// The table's answer.
    pub enum Verdict {
        /// The role may.
        Allow = "allow",
        /// The role must not.
        Forbid = "forbid",
    }
}

/// Whether somebody with `role` in an organization of `kind` may take `action`. Setting up the hub
/// belongs to whoever keeps it: in a national hub the national center, so the table says; another
/// organization that keeps a hub of its own has that action in [`permits`].
pub fn verdict(kind: Kind, role: Role, action: Action) -> Verdict {
    if allowed(kind, role).contains(&action) {
        Verdict::Allow
    } else {
        Verdict::Forbid
    }
}

/// Whether `actor` may take `action`: his role may, so may the token he comes with, and he has a way
/// in of his own. The administrator of the organization that keeps the hub sets up the hub, and
/// nobody else does, of whatever kind that organization is.
pub fn permits(actor: &Actor, action: Action) -> bool {
    let role_may = match action {
        Action::ManageHub => actor.role == Role::Administrator && actor.keeping == Keeping::Keeper,
        _ => verdict(actor.kind, actor.role, action) == Verdict::Allow,
    };
    role_may
        && actor.assurance != Assurance::Invitation
        && actor
            .scope
            .as_ref()
            .is_none_or(|scope| scope.contains(&action))
}

/// Every action of the role, in declared order.
pub fn actions(kind: Kind, role: Role) -> Vec<Action> {
    Action::ALL
        .iter()
        .copied()
        .filter(|action| verdict(kind, role, *action) == Verdict::Allow)
        .collect()
}

fn allowed(kind: Kind, role: Role) -> &'static [Action] {
    use Action as A;
    match role {
        Role::Auditor => &[A::AuditLog],
        Role::Custodian => &[A::ApproveOpening],
        Role::Administrator if kind == Kind::NationalCenter => &[A::ManageMembers, A::ManageHub],
        Role::Administrator if kind.is_relay() => {
            &[A::ManageMembers, A::AppointCustodian, A::RunCommunity]
        }
        Role::Administrator if kind == Kind::HelpDesk => &[A::ManageMembers, A::RunCommunity],
        Role::Administrator => &[A::ManageMembers],
        Role::Staff if matches!(kind, Kind::Operator | Kind::Supplier) => {
            &[A::Submit, A::ReadAdvisory, A::WatchSituation]
        }
        Role::FlowAnalyst if kind == Kind::Operator => &[
            A::ReadFindings,
            A::SubmitFindings,
            A::JudgeFindings,
            A::NotifyUsers,
            A::ReadAdvisory,
            A::Acknowledge,
            A::WatchSituation,
        ],
        Role::Staff | Role::FlowAnalyst => &[A::ReadAdvisory, A::WatchSituation],
        Role::Officer if kind == Kind::Operator => &[
            A::Submit,
            A::ReadShared,
            A::RateSeverity,
            A::RecordNetworks,
            A::ReadAdvisory,
            A::Acknowledge,
            A::ReadReceipts,
            A::WatchSituation,
        ],
        Role::DutyOfficer | Role::Analyst | Role::Officer => match kind {
            Kind::Operator | Kind::Supplier => &[
                A::Submit,
                A::ReadShared,
                A::RateSeverity,
                A::ReadAdvisory,
                A::Acknowledge,
                A::ReadReceipts,
                A::WatchSituation,
            ],
            Kind::HelpDesk => &[
                A::EnterForMember,
                A::ReadAdvisory,
                A::Acknowledge,
                A::WatchSituation,
            ],
            Kind::Ceptoar | Kind::Isac => allowed_at_relay(role),
            Kind::Ministry | Kind::NationalCenter => allowed_at_authority(role),
            Kind::CoordinationCenter | Kind::Police => &[
                A::Triage,
                A::AskSource,
                A::ReadFindings,
                A::ReadAdvisory,
                A::Acknowledge,
                A::WatchSituation,
            ],
        },
    }
}

/// At a CEPTOAR or an ISAC: the more a role does alone, the less it approves.
fn allowed_at_relay(role: Role) -> &'static [Action] {
    use Action as A;
    match role {
        Role::DutyOfficer => &[
            A::EnterForMember,
            A::Intake,
            A::AskSource,
            A::RateSeverity,
            A::ReadFindings,
            A::ReadAdvisory,
            A::Acknowledge,
            A::WatchSituation,
        ],
        Role::Analyst => &[
            A::EnterForMember,
            A::Intake,
            A::ReviewBorder,
            A::AskSource,
            A::RateSeverity,
            A::GroupIncident,
            A::ReadFindings,
            A::JudgeFindings,
            A::ComposeAdvisory,
            A::ReadAdvisory,
            A::Acknowledge,
            A::WatchSituation,
            A::WatchReach,
        ],
        _ => &[
            A::EnterForMember,
            A::Intake,
            A::ReviewBorder,
            A::ApproveRelease,
            A::AskSource,
            A::RateSeverity,
            A::GroupIncident,
            A::ReadFindings,
            A::JudgeFindings,
            A::ComposeAdvisory,
            A::IssueAdvisory,
            A::ReadAdvisory,
            A::Acknowledge,
            A::WatchSituation,
            A::WatchReach,
            A::RequestOpening,
        ],
    }
}

/// At a ministry or the national center: released items only.
fn allowed_at_authority(role: Role) -> &'static [Action] {
    use Action as A;
    match role {
        Role::DutyOfficer => &[
            A::Triage,
            A::AskSource,
            A::RateSeverity,
            A::ReadFindings,
            A::ReadAdvisory,
            A::Acknowledge,
            A::WatchSituation,
        ],
        Role::Analyst => &[
            A::Triage,
            A::AskSource,
            A::RateSeverity,
            A::GroupIncident,
            A::ReadFindings,
            A::JudgeFindings,
            A::ComposeAdvisory,
            A::ReadAdvisory,
            A::Acknowledge,
            A::WatchSituation,
            A::WatchReach,
        ],
        _ => &[
            A::Triage,
            A::AskSource,
            A::RateSeverity,
            A::GroupIncident,
            A::ReadFindings,
            A::JudgeFindings,
            A::ComposeAdvisory,
            A::IssueAdvisory,
            A::ReadAdvisory,
            A::Acknowledge,
            A::WatchSituation,
            A::WatchReach,
            A::RequestOpening,
        ],
    }
}
