//! The situation: figures that were published, and what stands behind them for this reader.

use axum::routing::get;
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod pattern;
pub(super) mod show;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/situation",
        needs: Needs::May(Action::WatchSituation),
        handler: || get(show::show),
    },
    Route {
        method: "GET",
        path: "/situation/pattern",
        needs: Needs::May(Action::Triage),
        handler: || get(pattern::show),
    },
];
