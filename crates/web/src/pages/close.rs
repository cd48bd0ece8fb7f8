//! Closing: a report by its relay, an advisory by its issuer.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod advisory;
mod report;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/reports/{id}/close",
        needs: Needs::May(Action::ReviewBorder),
        handler: || get(report::ask),
    },
    Route {
        method: "POST",
        path: "/reports/{id}/close",
        needs: Needs::May(Action::ReviewBorder),
        handler: || post(report::close),
    },
    Route {
        method: "GET",
        path: "/advisories/{advisory}/close",
        needs: Needs::May(Action::IssueAdvisory),
        handler: || get(advisory::ask),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/close",
        needs: Needs::May(Action::IssueAdvisory),
        handler: || post(advisory::close),
    },
];
