//! Reach: who has not acted, and what the desk does about it.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod file;
mod nudge;
mod phones;
mod show;

pub(crate) use show::head;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/advisories/{advisory}/reach",
        needs: Needs::May(Action::WatchReach),
        handler: || get(show::show),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/nudge",
        needs: Needs::May(Action::WatchReach),
        handler: || post(nudge::nudge),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/retry",
        needs: Needs::May(Action::WatchReach),
        handler: || post(nudge::retry),
    },
    Route {
        method: "GET",
        path: "/advisories/{advisory}/phones",
        needs: Needs::May(Action::WatchReach),
        handler: || get(phones::show),
    },
    Route {
        method: "GET",
        path: "/advisories/{advisory}/reach.xlsx",
        needs: Needs::May(Action::WatchReach),
        handler: || get(file::download),
    },
];
