//! Counting near misses without telling them.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

pub(in crate::pages) mod page;
pub(in crate::pages) mod send;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/count",
        needs: Needs::May(Action::Submit),
        handler: || get(page::show),
    },
    Route {
        method: "POST",
        path: "/count",
        needs: Needs::May(Action::Submit),
        handler: || post(send::send),
    },
];
