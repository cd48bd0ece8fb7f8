//! Writing an advisory, checking it, and issuing it as the second person.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod about;
mod check;
mod edit;
mod list;
mod typed;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/advisories/issued",
        needs: Needs::May(Action::ComposeAdvisory),
        handler: || get(list::show),
    },
    Route {
        method: "GET",
        path: "/advisories/new",
        needs: Needs::May(Action::ComposeAdvisory),
        handler: || get(edit::new),
    },
    Route {
        method: "POST",
        path: "/advisories/new",
        needs: Needs::May(Action::ComposeAdvisory),
        handler: || post(edit::save_new),
    },
    Route {
        method: "GET",
        path: "/advisories/{advisory}/edit",
        needs: Needs::May(Action::ComposeAdvisory),
        handler: || get(edit::show),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/edit",
        needs: Needs::May(Action::ComposeAdvisory),
        handler: || post(edit::save),
    },
    Route {
        method: "GET",
        path: "/advisories/{advisory}/check",
        needs: Needs::May(Action::ComposeAdvisory),
        handler: || get(check::show),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/propose",
        needs: Needs::May(Action::ComposeAdvisory),
        handler: || post(check::propose),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/issue",
        needs: Needs::May(Action::IssueAdvisory),
        handler: || post(check::issue),
    },
];
