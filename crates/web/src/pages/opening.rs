//! Openings of seals: the list, asking, following, agreeing, reading.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod act;
mod ask;
mod file;
mod list;
mod read;
mod show;

const EITHER: Needs = Needs::MayAny(&[Action::RequestOpening, Action::ApproveOpening]);

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/openings",
        needs: EITHER,
        handler: || get(list::show),
    },
    Route {
        method: "GET",
        path: "/openings/new/{report}",
        needs: Needs::May(Action::RequestOpening),
        handler: || get(ask::show),
    },
    Route {
        method: "POST",
        path: "/openings/new/{report}",
        needs: Needs::May(Action::RequestOpening),
        handler: || post(ask::send),
    },
    Route {
        method: "GET",
        path: "/openings/{id}",
        needs: EITHER,
        handler: || get(show::show),
    },
    Route {
        method: "GET",
        path: "/openings/{id}/request.json",
        needs: EITHER,
        handler: || get(file::download),
    },
    Route {
        method: "POST",
        path: "/openings/{id}/agreements",
        needs: EITHER,
        handler: || post(act::hand_in),
    },
    Route {
        method: "POST",
        path: "/openings/{id}/refuse",
        needs: Needs::May(Action::ApproveOpening),
        handler: || post(act::refuse),
    },
    Route {
        method: "POST",
        path: "/openings/{id}/withdraw",
        needs: Needs::May(Action::RequestOpening),
        handler: || post(act::withdraw),
    },
    Route {
        method: "POST",
        path: "/openings/{id}/identity",
        needs: Needs::May(Action::RequestOpening),
        handler: || post(read::show),
    },
];
