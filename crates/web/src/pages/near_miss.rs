//! Near misses: the page, the two questions, the receipt.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};
use crate::upload;

mod batch;
pub(in crate::pages) mod page;
mod promote;
mod questions;
pub(in crate::pages) mod read;
mod receipt;
mod send;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/near-miss",
        needs: Needs::May(Action::Submit),
        handler: || get(page::show),
    },
    Route {
        method: "POST",
        path: "/near-miss",
        needs: Needs::May(Action::Submit),
        handler: || post(send::send),
    },
    Route {
        method: "GET",
        path: "/near-miss/is-this-one",
        needs: Needs::May(Action::Submit),
        handler: || get(questions::show),
    },
    Route {
        method: "GET",
        path: "/near-miss/receipt",
        needs: Needs::May(Action::Submit),
        handler: || get(receipt::show),
    },
    Route {
        method: "POST",
        path: "/near-miss/{report}/promote",
        needs: Needs::May(Action::Submit),
        handler: || post(promote::promote),
    },
    Route {
        method: "GET",
        path: "/near-miss/batch",
        needs: Needs::May(Action::Submit),
        handler: || get(batch::check::show),
    },
    Route {
        method: "POST",
        path: "/near-miss/batch",
        needs: Needs::May(Action::Submit),
        handler: || post(batch::check::check).layer(upload::limit()),
    },
    Route {
        method: "POST",
        path: "/near-miss/batch/marked",
        needs: Needs::May(Action::Submit),
        handler: || post(batch::check::marked).layer(upload::limit()),
    },
    Route {
        method: "POST",
        path: "/near-miss/batch/send",
        needs: Needs::May(Action::Submit),
        handler: || post(batch::send::send).layer(upload::limit()),
    },
    Route {
        method: "GET",
        path: "/near-miss/batch/template.xlsx",
        needs: Needs::May(Action::Submit),
        handler: || get(batch::workbook),
    },
    Route {
        method: "GET",
        path: "/near-miss/batch/template.csv",
        needs: Needs::May(Action::Submit),
        handler: || get(batch::comma_separated),
    },
];
