//! One advisory: reading it, answering it, and asking its issuer.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod answer;
mod ask;
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
    Route {
        method: "POST",
        path: "/advisories/{advisory}/questions",
        needs: Needs::May(Action::Acknowledge),
        handler: || post(ask::ask),
    },
];
