//! The duty page and the list of what was received.

use axum::routing::get;
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod show;

pub(crate) use show::next_call;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/duty",
        needs: Needs::May(Action::ReadAdvisory),
        handler: || get(show::duty),
    },
    Route {
        method: "GET",
        path: "/advisories",
        needs: Needs::May(Action::ReadAdvisory),
        handler: || get(show::received),
    },
];
