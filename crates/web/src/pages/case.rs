//! One report, as its reader has it.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod begin;
mod rate;
mod show;

pub(crate) use rate::{blank, mark, opinion_view, reaches};
pub(crate) use show::{page, title, told};

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/reports/{id}",
        needs: Needs::MayAny(&[Action::Intake, Action::Triage, Action::ReadShared]),
        handler: || get(show::show),
    },
    Route {
        method: "POST",
        path: "/reports/{id}/opinion",
        needs: Needs::May(Action::RateSeverity),
        handler: || post(rate::rate),
    },
    Route {
        method: "POST",
        path: "/reports/{id}/review",
        needs: Needs::May(Action::ReviewBorder),
        handler: || post(begin::begin),
    },
];
