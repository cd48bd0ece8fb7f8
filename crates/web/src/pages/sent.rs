//! What the own organization sent, and what became of it.

use axum::routing::get;
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod list;

pub(crate) const ROUTES: &[Route] = &[Route {
    method: "GET",
    path: "/sent",
    needs: Needs::MayEither(Action::Submit, Action::ReadReceipts),
    handler: || get(list::show),
}];
