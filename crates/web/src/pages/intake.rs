//! The lists of reports: a relay's intake, the triage above the border, and what was shared with a
//! member's communities.

use axum::routing::get;
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod list;

pub(crate) use list::FACETS;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/intake",
        needs: Needs::May(Action::Intake),
        handler: || get(list::intake),
    },
    Route {
        method: "GET",
        path: "/triage",
        needs: Needs::May(Action::Triage),
        handler: || get(list::triage),
    },
    Route {
        method: "GET",
        path: "/shared",
        needs: Needs::May(Action::ReadShared),
        handler: || get(list::shared),
    },
];
