//! `GET /sign-in`, `POST /sign-in`, `GET /sign-in/link/{link}`, `POST /sign-out`.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use hub::sign_in::{Begun, SESSION_SECONDS, SignInError, Typed};
use serde::Deserialize;
use view::form::Form;
use view::layout::{Message, Tone};
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
    #[serde(default)]
    again: String,
}

/// Shows the sign-in page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    visit: Visit,
) -> Result<Html<String>, Problem> {
    let mut frame = visit.frame(&state);
    frame.message = (asked.again == "yes").then(|| Message {
        tone: Tone::Hint,
        text: visit.words.t("settings-confirm-again").into_owned(),
    });
    let page = SignIn {
        frame,
        form: Form::new("/sign-in"),
        next: local_path(&asked.next),
    };
    Ok(Html(page.render()?))
}

/// Signs in by password and one-time code.
pub(crate) async fn by_password(
    State(state): State<AppState>,
    visit: Visit,
    posted: Posted,
) -> Result<Response, Problem> {
    let (now, random) = (visit.now, visit.random.clone());
    let typed = posted.clone();
    let answer = state
        .ask(move |hub| {
            let typed = Typed {
                account: typed.one("account"),
                password: typed.one("password"),
                code: typed.one("code"),
            };
            hub::sign_in::by_password(hub, &typed, now, &random)
        })
        .await?;
    let next = local_path(posted.one("next"));
    let words = visit.words;
    let (status, message) = match answer {
        Ok(begun) => return signed_in(&state, &visit, &begun, &next).await,
        Err(SignInError::Refused) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            words.t("sign-in-refused").into_owned(),
        ),
        Err(SignInError::TooMany(wait)) => {
            let minutes = i64::from(wait.wait_seconds.div_ceil(60));
            let message = words.tn("sign-in-too-many", &[("minutes", minutes.into())]);
            (StatusCode::TOO_MANY_REQUESTS, message)
        }
        Err(SignInError::Busy(_)) => (
            StatusCode::SERVICE_UNAVAILABLE,
            words.t("sign-in-busy").into_owned(),
        ),
        Err(SignInError::Store(source)) => return Err(Problem::trouble(&source)),
    };
    let mut form = Form::new("/sign-in").with("account", posted.one("account"));
    form.reject("account", message);
    let page = SignIn {
        frame: visit.frame(&state),
        form,
        next,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// Sends the browser on with its new session; the one it came with ends.
pub(crate) async fn signed_in(
    state: &AppState,
    visit: &Visit,
    begun: &Begun,
    next: &str,
) -> Result<Response, Problem> {
    let cookie = begin(state, visit, begun).await?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

/// The header that gives the browser its new session; the one it came with ends.
pub(crate) async fn begin(
    state: &AppState,
    visit: &Visit,
    begun: &Begun,
) -> Result<String, Problem> {
    if let (Some(secret), Some(session)) = (visit.secret.clone(), visit.session.clone()) {
        let visit = visit.clone();
        state
            .call(move |hub| hub::sign_in::end(hub, &Signed::call(&session.actor, &visit), &secret))
            .await?;
    }
    Ok(cookie::session(
        transport(state),
        &begun.secret,
        SESSION_SECONDS,
    ))
}

/// Signs in by a one-time link.
pub(crate) async fn by_link(
    State(state): State<AppState>,
    Path(link): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let (now, random) = (visit.now, visit.random.clone());
    let begun = state
        .call(move |hub| hub::sign_in::by_link(hub, &link, now, &random))
        .await?;
    signed_in(&state, &visit, &begun, "/").await
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
    // Browsers drop tabs and line feeds from an address: `/<tab>/host` would lead away.
    let is_odd = |letter: char| letter == '\\' || letter.is_control();
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains(is_odd);
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
            "/\t/evil.example",
            "/\n/evil.example",
            "",
        ] {
            assert_eq!(local_path(foreign), "/", "{foreign}");
        }
    }
}
