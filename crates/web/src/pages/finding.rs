//! What carriers found in their flow records.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};
use crate::upload;

mod judge;
pub(crate) mod send;
mod show;
mod users;
pub(crate) mod verdicts;
mod withdraw;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/findings",
        needs: Needs::May(Action::ReadFindings),
        handler: || get(show::list),
    },
    Route {
        method: "GET",
        path: "/findings/new",
        needs: Needs::May(Action::SubmitFindings),
        handler: || get(send::new),
    },
    Route {
        method: "POST",
        path: "/findings/new",
        needs: Needs::May(Action::SubmitFindings),
        handler: || post(send::check).layer(upload::limit()),
    },
    Route {
        method: "POST",
        path: "/findings/send",
        needs: Needs::May(Action::SubmitFindings),
        handler: || post(send::send).layer(upload::limit()),
    },
    Route {
        method: "GET",
        path: "/findings/verdicts",
        needs: Needs::May(Action::ReadFindings),
        handler: || get(verdicts::lines),
    },
    Route {
        method: "GET",
        path: "/findings/{candidate}/users",
        needs: Needs::May(Action::NotifyUsers),
        handler: || get(users::show),
    },
    Route {
        method: "POST",
        path: "/findings/{candidate}/users",
        needs: Needs::May(Action::NotifyUsers),
        handler: || post(users::count),
    },
    Route {
        method: "GET",
        path: "/findings/{candidate}",
        needs: Needs::May(Action::ReadFindings),
        handler: || get(show::show),
    },
    Route {
        method: "POST",
        path: "/findings/{candidate}/withdraw",
        needs: Needs::May(Action::SubmitFindings),
        handler: || post(withdraw::withdraw),
    },
    Route {
        method: "POST",
        path: "/findings/{candidate}/judge",
        needs: Needs::May(Action::JudgeFindings),
        handler: || post(judge::judge),
    },
    Route {
        method: "POST",
        path: "/findings/{candidate}/steps",
        needs: Needs::May(Action::JudgeFindings),
        handler: || post(judge::note),
    },
];
