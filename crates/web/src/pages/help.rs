//! Help, in the same place on every page.

use axum::routing::get;

use crate::routes::{Needs, Route};

mod show;

pub(crate) const ROUTES: &[Route] = &[Route {
    method: "GET",
    path: "/help",
    needs: Needs::Nothing,
    handler: || get(show::show),
}];
