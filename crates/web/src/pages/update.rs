//! A report of the visitor's own, by name or by mailbox: its history, its updates, taking it back.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod compare;
mod own;
mod withdraw;
mod write;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/sent/{report}/history",
        needs: Needs::MayAny(&[Action::Submit, Action::ReadReceipts]),
        handler: || get(own::show),
    },
    Route {
        method: "GET",
        path: "/sent/{report}/update",
        needs: Needs::May(Action::Submit),
        handler: || get(write::show),
    },
    Route {
        method: "POST",
        path: "/sent/{report}/update",
        needs: Needs::May(Action::Submit),
        handler: || post(write::send),
    },
    Route {
        method: "POST",
        path: "/sent/{report}/withdraw",
        needs: Needs::May(Action::Submit),
        handler: || post(withdraw::withdraw),
    },
    Route {
        method: "GET",
        path: "/mailbox/history",
        needs: Needs::May(Action::Submit),
        handler: || get(own::show),
    },
    Route {
        method: "GET",
        path: "/mailbox/update",
        needs: Needs::May(Action::Submit),
        handler: || get(write::show),
    },
    Route {
        method: "POST",
        path: "/mailbox/update",
        needs: Needs::May(Action::Submit),
        handler: || post(write::send),
    },
    Route {
        method: "POST",
        path: "/mailbox/withdraw",
        needs: Needs::May(Action::Submit),
        handler: || post(withdraw::withdraw),
    },
];
