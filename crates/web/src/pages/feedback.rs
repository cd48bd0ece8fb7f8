//! Feedback on an advisory, and what it adds up to.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod effect;
mod give;

pub(crate) use give::after;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "POST",
        path: "/advisories/{advisory}/feedback",
        needs: Needs::May(Action::Acknowledge),
        handler: || post(give::give),
    },
    Route {
        method: "GET",
        path: "/advisories/{advisory}/effect",
        needs: Needs::May(Action::WatchReach),
        handler: || get(effect::show),
    },
];
