//! The border check: the desk, the dry run, and what ends a review.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod decide;
mod desk;
mod dry_run;
mod question;
mod read;
mod revise;
mod say;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/sent/{report}/outgoing",
        needs: Needs::May(Action::Submit),
        handler: || get(question::show),
    },
    Route {
        method: "POST",
        path: "/sent/{report}/outgoing",
        needs: Needs::May(Action::Submit),
        handler: || post(question::answer),
    },
    Route {
        method: "GET",
        path: "/mailbox/outgoing",
        needs: Needs::May(Action::Submit),
        handler: || get(question::show),
    },
    Route {
        method: "POST",
        path: "/mailbox/outgoing",
        needs: Needs::May(Action::Submit),
        handler: || post(question::answer),
    },
    Route {
        method: "GET",
        path: "/reviews/{id}",
        needs: KEEPS_THE_BORDER,
        handler: || get(desk::show),
    },
    Route {
        method: "POST",
        path: "/reviews/{id}",
        needs: Needs::May(Action::ReviewBorder),
        handler: || post(revise::revise),
    },
    Route {
        method: "GET",
        path: "/reviews/{id}/dry-run",
        needs: KEEPS_THE_BORDER,
        handler: || get(dry_run::show),
    },
    Route {
        method: "POST",
        path: "/reviews/{id}/approve",
        needs: KEEPS_THE_BORDER,
        handler: || post(decide::approve),
    },
    Route {
        method: "POST",
        path: "/reviews/{id}/withhold",
        needs: KEEPS_THE_BORDER,
        handler: || post(decide::withhold),
    },
    Route {
        method: "POST",
        path: "/reviews/{id}/author",
        needs: Needs::May(Action::ReviewBorder),
        handler: || post(decide::ask_author),
    },
];

const KEEPS_THE_BORDER: Needs = Needs::MayAny(&[Action::ReviewBorder, Action::ApproveRelease]);
