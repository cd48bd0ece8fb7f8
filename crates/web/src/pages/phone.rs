//! The desk that answers the phone: a clerk writes down what a member tells.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod count;
mod desk;
mod near_miss;
mod receipt;
mod report;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/phone",
        needs: Needs::May(Action::EnterForMember),
        handler: || get(near_miss::show),
    },
    Route {
        method: "POST",
        path: "/phone",
        needs: Needs::May(Action::EnterForMember),
        handler: || post(near_miss::send),
    },
    Route {
        method: "GET",
        path: "/phone/report",
        needs: Needs::May(Action::EnterForMember),
        handler: || get(report::show),
    },
    Route {
        method: "POST",
        path: "/phone/report",
        needs: Needs::May(Action::EnterForMember),
        handler: || post(report::send),
    },
    Route {
        method: "GET",
        path: "/phone/count",
        needs: Needs::May(Action::EnterForMember),
        handler: || get(count::show),
    },
    Route {
        method: "POST",
        path: "/phone/count",
        needs: Needs::May(Action::EnterForMember),
        handler: || post(count::send),
    },
    Route {
        method: "GET",
        path: "/phone/receipt",
        needs: Needs::May(Action::EnterForMember),
        handler: || get(receipt::show),
    },
];
