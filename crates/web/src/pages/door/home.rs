//! `GET /`: everybody's first page is the first of his own pages.

use axum::response::Redirect;
use domain::actor::Assurance;

use crate::pages::NAV;
use crate::visit::Visit;

/// Leads to the first page of the visitor's role, or to the sign-in page.
pub(crate) async fn show(visit: Visit) -> Redirect {
    let first = visit.session.as_ref().and_then(|session| {
        NAV.iter()
            .find(|(action, ..)| domain::policy::permits(&session.actor, *action))
    });
    match (first, &visit.session) {
        (Some((_, href, _)), _) => Redirect::to(href),
        (None, Some(session)) if session.actor.assurance == Assurance::Invitation => {
            Redirect::to("/settings/sign-in")
        }
        (None, Some(_)) => Redirect::to("/settings"),
        (None, None) => Redirect::to("/sign-in"),
    }
}
