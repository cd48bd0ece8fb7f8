//! The first report: begun, asked question by question, checked, sent.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod ask;
pub(in crate::pages) mod begin;
pub(in crate::pages) mod check;
pub(in crate::pages) mod choices;
mod code;
mod discard;
mod drafts;
pub(in crate::pages) mod no_relay;
pub(in crate::pages) mod pass;
mod preview;
mod receipt;
mod resume;
pub(in crate::pages) mod wrong;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/reports/new",
        needs: Needs::May(Action::Submit),
        handler: || get(begin::show),
    },
    Route {
        method: "POST",
        path: "/reports/new",
        needs: Needs::May(Action::Submit),
        handler: || post(begin::begin),
    },
    Route {
        method: "GET",
        path: "/reports/receipt",
        needs: Needs::May(Action::Submit),
        handler: || get(receipt::show),
    },
    Route {
        method: "GET",
        path: "/drafts",
        needs: Needs::May(Action::Submit),
        handler: || get(drafts::show),
    },
    Route {
        method: "GET",
        path: "/drafts/resume",
        needs: Needs::May(Action::Submit),
        handler: || get(resume::show),
    },
    Route {
        method: "POST",
        path: "/drafts/resume",
        needs: Needs::May(Action::Submit),
        handler: || post(resume::resume),
    },
    Route {
        method: "GET",
        path: "/drafts/{draft}/code",
        needs: Needs::May(Action::Submit),
        handler: || get(code::show),
    },
    Route {
        method: "GET",
        path: "/drafts/{draft}/check",
        needs: Needs::May(Action::Submit),
        handler: || get(check::show),
    },
    Route {
        method: "POST",
        path: "/drafts/{draft}/check",
        needs: Needs::May(Action::Submit),
        handler: || post(check::send),
    },
    Route {
        method: "POST",
        path: "/drafts/{draft}/discard",
        needs: Needs::May(Action::Submit),
        handler: || post(discard::discard),
    },
    Route {
        method: "GET",
        path: "/drafts/{draft}/{question}",
        needs: Needs::May(Action::Submit),
        handler: || get(ask::show),
    },
    Route {
        method: "POST",
        path: "/drafts/{draft}/{question}",
        needs: Needs::May(Action::Submit),
        handler: || post(ask::save),
    },
    Route {
        method: "POST",
        path: "/drafts/{draft}/{question}/autosave",
        needs: Needs::May(Action::Submit),
        handler: || post(ask::autosave),
    },
];
