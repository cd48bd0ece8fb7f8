//! The dialogue with a source: asking, answering, and what waits at the relay.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod answer;
mod ask;
mod desk;
pub(super) mod section;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "POST",
        path: "/reports/{id}/questions",
        needs: Needs::May(Action::AskSource),
        handler: || post(ask::ask),
    },
    Route {
        method: "POST",
        path: "/sent/{report}/messages",
        needs: Needs::May(Action::Submit),
        handler: || post(answer::answer),
    },
    Route {
        method: "POST",
        path: "/mailbox/messages",
        needs: Needs::May(Action::Submit),
        handler: || post(answer::answer),
    },
    Route {
        method: "GET",
        path: "/messages/{id}",
        needs: KEEPS,
        handler: || get(desk::show),
    },
    Route {
        method: "POST",
        path: "/messages/{id}",
        needs: KEEPS,
        handler: || post(desk::write),
    },
    Route {
        method: "POST",
        path: "/messages/{id}/pass",
        needs: KEEPS,
        handler: || post(desk::pass),
    },
    Route {
        method: "POST",
        path: "/messages/{id}/hold",
        needs: KEEPS,
        handler: || post(desk::hold),
    },
];

/// Questions are passed on by those who ask, answers by those who keep the border.
const KEEPS: Needs = Needs::MayAny(&[Action::AskSource, Action::ReviewBorder]);
