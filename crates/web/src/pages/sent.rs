//! What the own organization sent, what became of it, and the mailbox of what was sent unnamed.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod list;
mod mailbox;
mod promote;
mod proofs;
pub(super) mod report;
mod shown;
pub(super) mod whose;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/sent",
        needs: Needs::MayAny(&[Action::Submit, Action::ReadReceipts]),
        handler: || get(list::show),
    },
    Route {
        method: "GET",
        path: "/sent/{report}",
        needs: Needs::MayAny(&[Action::Submit, Action::ReadReceipts]),
        handler: || get(report::show),
    },
    Route {
        method: "GET",
        path: "/mailbox",
        needs: Needs::May(Action::Submit),
        handler: || get(mailbox::show),
    },
    Route {
        method: "POST",
        path: "/mailbox",
        needs: Needs::May(Action::Submit),
        handler: || post(mailbox::open),
    },
    Route {
        method: "POST",
        path: "/mailbox/close",
        needs: Needs::May(Action::Submit),
        handler: || post(mailbox::close),
    },
    Route {
        method: "POST",
        path: "/mailbox/promote",
        needs: Needs::May(Action::Submit),
        handler: || post(promote::promote),
    },
    Route {
        method: "GET",
        path: "/mailbox/proofs",
        needs: Needs::May(Action::Submit),
        handler: || get(proofs::download),
    },
];
