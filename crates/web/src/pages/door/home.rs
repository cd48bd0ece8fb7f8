//! `GET /`: everybody's first page is the first of his own pages.

use axum::extract::State;
use axum::response::Redirect;
use domain::actor::Assurance;
use hub::first_run::FirstRun;

use crate::pages::NAV;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Visit;

/// Leads to the first page of the visitor's role, or to the sign-in page.
/// On an empty hub, to the first run.
pub(crate) async fn show(State(state): State<AppState>, visit: Visit) -> Result<Redirect, Problem> {
    if visit.session.is_none() {
        let now = visit.now;
        let standing = state
            .call(move |hub| hub::first_run::standing(hub, now))
            .await?;
        return Ok(Redirect::to(match standing {
            FirstRun::Over => "/sign-in",
            FirstRun::Open(_) | FirstRun::Expired => "/first-run",
        }));
    }
    Ok(own(&visit))
}

/// The first page of whoever is signed in.
fn own(visit: &Visit) -> Redirect {
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
