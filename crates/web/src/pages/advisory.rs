//! One advisory: reading and answering it.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod answer;
mod show;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/advisories/{advisory}",
        needs: Needs::May(Action::ReadAdvisory),
        handler: || get(show::show),
    },
    Route {
        method: "POST",
        path: "/advisories/{advisory}/answer",
        needs: Needs::May(Action::Acknowledge),
        handler: || post(answer::answer),
    },
];
