//! Search over what the reader may see.

use axum::routing::get;
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod show;

pub(crate) const ROUTES: &[Route] = &[Route {
    method: "GET",
    path: "/search",
    needs: Needs::May(Action::ReadAdvisory),
    handler: || get(show::show),
}];
