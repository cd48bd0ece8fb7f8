//! The terms of one's own report after sending, and who is told of tighter ones.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod change;
mod narrowed;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/sent/{report}/terms",
        needs: Needs::May(Action::Submit),
        handler: || get(change::show),
    },
    Route {
        method: "POST",
        path: "/sent/{report}/terms",
        needs: Needs::May(Action::Submit),
        handler: || post(change::send),
    },
    Route {
        method: "GET",
        path: "/mailbox/terms",
        needs: Needs::May(Action::Submit),
        handler: || get(change::show),
    },
    Route {
        method: "POST",
        path: "/mailbox/terms",
        needs: Needs::May(Action::Submit),
        handler: || post(change::send),
    },
    Route {
        method: "GET",
        path: "/triage/narrowed",
        needs: Needs::MayAny(&[Action::Intake, Action::Triage, Action::ReadShared]),
        handler: || get(narrowed::show),
    },
];
