//! `GET /settings` and what it changes about the session: purpose, place, other sessions.

use askama::Template as _;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::policy::{Action, permits};
use hub::ReadError;
use hub::sign_in::{HeldPlace, RunningSession, SessionStanding};
use view::form::{Answer, Choice, Form};
use view::layout::Tone;
use view::page::settings::{SessionRow, Settings};
use view::words::Words;

use crate::form::Posted;
use crate::names::pick;
use crate::pages::door::sign_in::begin;
use crate::problem::Problem;
use crate::said::Said;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

const SAID: &[(&str, Tone, &str)] = &[
    ("purpose", Tone::Done, "settings-purpose-changed"),
    ("ended", Tone::Done, "settings-session-ended"),
];

/// Shows the settings.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    said: Said,
) -> Result<Html<String>, Problem> {
    let words = visit.words;
    let secret = visit.secret.clone().unwrap_or_default();
    let (asker, asking) = (actor.clone(), visit.clone());
    let (owner, places, sessions) = state
        .call(move |hub| {
            let call = Signed::call(&asker, &asking);
            Ok::<_, ReadError>((
                hub::sign_in::passkey_owner(hub, &call)?.record,
                hub::sign_in::places(hub, &call)?,
                hub::sign_in::sessions(hub, &call, &secret)?,
            ))
        })
        .await?;
    let record = owner.content();
    let answer = |key: &str, value: &str| Answer {
        label: words.t(key).into_owned(),
        value: value.to_owned(),
        change: String::new(),
    };
    let mut frame = visit.frame(&state);
    frame.message = said.message(words, SAID);
    let page = Settings {
        person: vec![
            answer("settings-name", &record.name),
            answer("settings-login", &record.login),
            answer("settings-mail", &record.mail),
            answer("settings-phone", &record.phone),
        ],
        place_form: Form::new("/settings/place").with("place", actor.membership.to_string()),
        places: places
            .iter()
            .map(|place| Choice::new(place.membership.to_string(), place_line(words, place)))
            .collect(),
        purpose_form: Form::new("/settings/purpose").with("purpose", actor.purpose.as_str()),
        purposes: purpose_choices(&state, &visit, &actor),
        sessions: sessions
            .into_iter()
            .map(|running| session_row(words, running))
            .collect(),
        networks_href: permits(&actor, Action::RecordNetworks).then_some("/settings/networks"),
        frame,
    };
    Ok(Html(page.render()?))
}

/// The purposes that `actor` may read for, each with its meaning.
pub(crate) fn purpose_choices(
    state: &AppState,
    visit: &Visit,
    actor: &domain::actor::Actor,
) -> Vec<Choice> {
    let (words, day) = (visit.words, visit.now.day_in_japan());
    let table = &state.hub.reference().purposes;
    hub::sign_in::purposes(&state.hub, actor, visit.now)
        .iter()
        .map(|code| match table.naming(code.as_str(), day) {
            Some(row) => {
                let meaning = pick(words, row.body.meaning.ja(), row.body.meaning.en());
                Choice::new(code.as_str(), pick(words, row.name.ja(), row.name.en())).hint(meaning)
            }
            None => Choice::new(code.as_str(), code.as_str()),
        })
        .collect()
}

fn place_line(words: Words, place: &HeldPlace) -> String {
    let organization = pick(words, &place.names.0, &place.names.1);
    let role = words.t(&format!("role-{}", place.role)).into_owned();
    let tier = words.t(&format!("tier-{}", place.tier)).into_owned();
    words.tn(
        "settings-place-line",
        &[
            ("organization", organization.into()),
            ("role", role.into()),
            ("tier", tier.into()),
        ],
    )
}

fn session_row(words: Words, running: RunningSession) -> SessionRow {
    let assurance = running.assurance;
    SessionRow {
        handle: (running.standing == SessionStanding::Another).then_some(running.handle),
        place: running.place.map_or_else(
            || words.t("settings-session-no-place").into_owned(),
            |place| place_line(words, &place),
        ),
        assurance: words
            .t(&format!("settings-assurance-{assurance}"))
            .into_owned(),
        begun_at: running.begun_at,
        expires_at: running.expires_at,
    }
}

/// Changes the purpose of use of this session.
pub(crate) async fn set_purpose(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let secret = visit.secret.clone().unwrap_or_default();
    state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            hub::sign_in::set_purpose(hub, &call, &secret, posted.one("purpose"))
        })
        .await?;
    Ok(Redirect::to("/settings?said=purpose"))
}

/// Goes on from another place, in a new session.
pub(crate) async fn switch_place(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let place = posted.one("place").parse().map_err(|_| Problem::NotFound)?;
    let asking = visit.clone();
    let begun = state
        .call(move |hub| hub::sign_in::switch_place(hub, &Signed::call(&actor, &asking), place))
        .await?;
    let cookie = begin(&state, &visit, &begun).await?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

/// Ends one other session.
pub(crate) async fn end_session(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            hub::sign_in::end_session(hub, &call, posted.one("session"))
        })
        .await?;
    Ok(Redirect::to("/settings?said=ended"))
}

/// Ends every session but this one.
pub(crate) async fn end_other_sessions(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Redirect, Problem> {
    let secret = visit.secret.clone().unwrap_or_default();
    state
        .call(move |hub| {
            hub::sign_in::end_other_sessions(hub, &Signed::call(&actor, &visit), &secret)
        })
        .await?;
    Ok(Redirect::to("/settings?said=ended"))
}
