//! Amending, tightening and recalling an issued advisory; its holders; their word on copies.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod amend;
mod copies;
mod holders;
mod recall;
mod tighten;
pub(crate) mod tombstone;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "POST",
        path: "/advisories/{advisory}/amend",
        needs: Needs::May(Action::ComposeAdvisory),
        handler: || post(amend::begin),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/amend/discard",
        needs: Needs::May(Action::ComposeAdvisory),
        handler: || post(amend::discard),
    },
    Route {
        method: "GET",
        path: "/advisories/{advisory}/tighten",
        needs: Needs::May(Action::IssueAdvisory),
        handler: || get(tighten::ask),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/tighten",
        needs: Needs::May(Action::IssueAdvisory),
        handler: || post(tighten::tighten),
    },
    Route {
        method: "GET",
        path: "/advisories/{advisory}/recall",
        needs: Needs::May(Action::IssueAdvisory),
        handler: || get(recall::ask),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/recall",
        needs: Needs::May(Action::IssueAdvisory),
        handler: || post(recall::recall),
    },
    Route {
        method: "GET",
        path: "/advisories/{advisory}/holders",
        needs: Needs::May(Action::WatchReach),
        handler: || get(holders::show),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/copies",
        needs: Needs::May(Action::Acknowledge),
        handler: || post(copies::confirm),
    },
];
