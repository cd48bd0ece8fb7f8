//! Pages, by area. An area is a folder with one file per endpoint and a table of its routes.

use domain::policy::Action;

use crate::routes::Route;

pub mod advisory;
pub mod border;
pub mod case;
pub mod close;
pub mod communities;
pub mod compose;
pub mod count;
pub mod custodian;
pub mod dialogue;
pub mod door;
pub mod duty;
pub mod feedback;
pub mod finding;
pub mod help;
pub mod incident;
pub mod intake;
pub mod members;
pub mod near_miss;
pub mod opening;
pub mod phone;
pub mod question;
pub mod reach;
pub mod report;
pub mod roster;
pub mod search;
pub mod sent;
pub mod settings;
pub mod situation;
pub mod terms;
pub mod trust;
pub mod update;
pub mod withdrawal;

/// The areas' tables.
pub(crate) const AREAS: &[&[Route]] = &[
    door::ROUTES,
    duty::ROUTES,
    roster::ROUTES,
    near_miss::ROUTES,
    count::ROUTES,
    sent::ROUTES,
    compose::ROUTES,
    advisory::ROUTES,
    trust::ROUTES,
    intake::ROUTES,
    search::ROUTES,
    incident::ROUTES,
    case::ROUTES,
    border::ROUTES,
    report::ROUTES,
    update::ROUTES,
    finding::ROUTES,
    settings::ROUTES,
    help::ROUTES,
    opening::ROUTES,
    reach::ROUTES,
    withdrawal::ROUTES,
    close::ROUTES,
    custodian::ROUTES,
    feedback::ROUTES,
    question::ROUTES,
    members::ROUTES,
    communities::ROUTES,
    dialogue::ROUTES,
    phone::ROUTES,
    situation::ROUTES,
    terms::ROUTES,
];

/// Navigation entries: who sees them, where they lead, and the key of their label.
pub(crate) const NAV: &[(Action, &str, &str)] = &[
    (Action::Intake, "/intake", "intake-nav"),
    (Action::Triage, "/triage", "intake-nav-above"),
    (Action::GroupIncident, "/incidents", "incident-nav"),
    (Action::Triage, "/triage/narrowed", "terms-narrowed-nav"),
    (Action::ReadAdvisory, "/duty", "duty-nav"),
    (Action::ReadAdvisory, "/roster", "roster-nav"),
    (Action::ReadAdvisory, "/search", "search-nav"),
    (Action::Submit, "/near-miss", "near-miss-nav"),
    (Action::Submit, "/count", "count-nav"),
    (Action::Submit, "/reports/new", "report-nav-new"),
    (Action::Submit, "/sent", "sent-nav"),
    (Action::ReadShared, "/shared", "intake-nav-shared"),
    (Action::ReadShared, "/triage/narrowed", "terms-narrowed-nav"),
    (Action::ReadFindings, "/findings", "finding-nav"),
    (Action::ReadAdvisory, "/advisories", "advisory-nav"),
    (Action::ComposeAdvisory, "/advisories/issued", "compose-nav"),
    (Action::EnterForMember, "/phone", "phone-nav"),
    (Action::WatchSituation, "/situation", "situation-nav"),
    (Action::ManageMembers, "/members", "members-nav"),
    (Action::ManageMembers, "/roster", "roster-nav"),
    (Action::ManageMembers, "/communities", "communities-nav"),
    (
        Action::ManageHub,
        "/members/organizations",
        "members-nav-organizations",
    ),
    (Action::RequestOpening, "/openings", "opening-nav"),
    (Action::ApproveOpening, "/openings", "opening-nav"),
    (Action::ApproveOpening, "/custodians", "custodian-nav"),
    (Action::AppointCustodian, "/custodians", "custodian-nav"),
    (Action::ManageHub, "/openings/delay", "custodian-delay-nav"),
    (Action::Acknowledge, "/trust", "trust-nav"),
    (Action::AuditLog, "/trust", "trust-nav"),
];
