//! `GET /sign-in`, `GET /sign-in/link/{link}`, `POST /sign-out`.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use hub::sign_in::SESSION_SECONDS;
use serde::Deserialize;
use view::form::Form;
use view::page::sign_in::SignIn;

use crate::cookie;
use crate::form::Posted;
use crate::guard::transport;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Where to go after signing in.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    next: String,
}

/// Shows the sign-in page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Result<Html<String>, Problem> {
    let frame = visit.frame(&state);
    let page = SignIn {
        frame,
        form: Form::new("/sign-in"),
        next: local_path(&asked.next),
    };
    Ok(Html(page.render()?))
}

/// Signs in by a one-time link.
pub(crate) async fn by_link(
    State(state): State<AppState>,
    Path(link): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let (now, random) = (visit.now, visit.random.derive("sign-in"));
    let begun = state
        .call(move |hub| hub::sign_in::by_link(hub, &link, now, random))
        .await?;
    let cookie = cookie::session(transport(&state), &begun.secret, SESSION_SECONDS);
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

/// Signs out.
pub(crate) async fn end(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Response, Problem> {
    let secret = visit.secret.clone().unwrap_or_default();
    state
        .call(move |hub| hub::sign_in::end(hub, &Signed::call(&actor, &visit), &secret))
        .await?;
    let cookie = cookie::session(transport(&state), "", 0);
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response())
}

/// `next` when it is a path of this hub; otherwise the first page.
pub(crate) fn local_path(next: &str) -> String {
    let local =
        next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r']);
    if local {
        next.to_owned()
    } else {
        "/".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_hub_are_followed() {
        assert_eq!(local_path("/advisories/adv_1?x=1"), "/advisories/adv_1?x=1");
        for foreign in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
        ] {
            assert_eq!(local_path(foreign), "/", "{foreign}");
        }
    }
}
