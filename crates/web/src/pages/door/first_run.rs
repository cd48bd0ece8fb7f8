//! `GET /first-run`, `POST /first-run`: an empty hub gets its keeper and its first administrator.

use askama::Template as _;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::text::BoundedText;
use domain::time::Timestamp;
use hub::first_run::{First, FirstRun, FirstRunError, KEEPER_KINDS, begin, standing};
use hub::invite::WrittenIn;
use hub::set_up::LoginName;
use view::form::{Choice, Form};
use view::page::first_run::FirstRunPage;
use view::words::Words;

use super::sign_in::signed_in;
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::typed::mail;
use crate::visit::Visit;

const ACTION: &str = "/first-run";

/// Shows the page while nobody is there; it is not there afterwards.
pub(crate) async fn show(
    State(state): State<AppState>,
    visit: Visit,
) -> Result<Html<String>, Problem> {
    let good_until = open_until(&state, visit.now).await?;
    let kind = KEEPER_KINDS.first().map_or("", |kind| kind.word());
    let form = Form::new(ACTION).with("kind", kind);
    Ok(Html(page(&state, &visit, form, good_until).render()?))
}

/// Until when the code is good; `None` when it has expired.
async fn open_until(state: &AppState, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    match state.call(move |hub| standing(hub, now)).await? {
        FirstRun::Open(until) => Ok(Some(until)),
        FirstRun::Expired => Ok(None),
        FirstRun::Over => Err(Problem::NotFound),
    }
}

fn page(
    state: &AppState,
    visit: &Visit,
    form: Form,
    good_until: Option<Timestamp>,
) -> FirstRunPage {
    let words = visit.words;
    let kind = |kind: &domain::organization::OrganizationKind| {
        Choice::new(kind.word(), words.t(&format!("members-kind-{kind}")))
            .hint(words.t(&format!("first-run-kind-hint-{kind}")))
    };
    FirstRunPage {
        frame: visit.frame(state),
        form,
        kinds: KEEPER_KINDS.iter().map(kind).collect(),
        good_until,
    }
}

/// Enters keeper and administrator, and leads to the ways in.
pub(crate) async fn enter(
    State(state): State<AppState>,
    visit: Visit,
    posted: Posted,
) -> Result<Response, Problem> {
    let good_until = open_until(&state, visit.now).await?;
    let mut form = posted.refill(ACTION);
    let (now, random) = (visit.now, visit.random.clone());
    let mut status = REFUSED;
    if let Some(first) = typed(&posted, &mut form, visit.words) {
        let code = posted.one("code").to_owned();
        let answer = state
            .ask(move |hub| begin(hub, &code, first, now, &random))
            .await?;
        match answer {
            Ok(begun) => return signed_in(&state, &visit, &begun, "/settings/sign-in").await,
            Err(FirstRunError::Over) => return Err(Problem::NotFound),
            Err(FirstRunError::WrongCode) => {
                form.reject("code", visit.words.t("first-run-wrong-code"));
            }
            Err(FirstRunError::Kind) => {
                form.reject("kind", visit.words.t("first-run-kind-missing"));
            }
            Err(FirstRunError::TooMany(wait)) => {
                let minutes = i64::from(wait.wait_seconds.div_ceil(60));
                let minutes = [("minutes", minutes.into())];
                form.reject("code", visit.words.tn("first-run-too-many", &minutes));
                status = StatusCode::TOO_MANY_REQUESTS;
            }
            Err(FirstRunError::Store(source)) => return Err(Problem::trouble(&source)),
        }
    }
    let page = page(&state, &visit, form, good_until);
    Ok((status, Html(page.render()?)).into_response())
}

/// What was typed; every fault is written into the form.
fn typed(posted: &Posted, form: &mut Form, words: Words) -> Option<First> {
    if posted.one("code").trim().is_empty() {
        form.reject("code", words.t("first-run-code-missing"));
    }
    let kind = posted.one("kind").parse().ok();
    if kind.is_none() {
        form.reject("kind", words.t("first-run-kind-missing"));
    }
    let mut name = |field: &str, key: &str| {
        let name = BoundedText::parse(posted.one(field)).ok();
        if name.is_none() {
            form.reject(field, words.t(key));
        }
        name
    };
    let name_ja = name("name_ja", "first-run-name-missing");
    let name_en = name("name_en", "first-run-name-missing");
    let person = name("person", "first-run-person-missing");
    let mail = mail(posted.one("mail"));
    if mail.is_err() {
        form.reject("mail", words.t("first-run-mail-wrong"));
    }
    let (login, lack) = match posted.one("login").trim() {
        "" => (posted.one("mail"), "first-run-login-missing"),
        login => (login, "first-run-login-wrong"),
    };
    let login = LoginName::parse(login);
    if login.is_err() {
        form.reject("login", words.t(lack));
    }
    if !form.errors().is_empty() {
        return None;
    }
    Some(First {
        kind: kind?,
        name_ja: name_ja?,
        name_en: name_en?,
        person: person?,
        login: login.ok()?,
        mail: mail.ok()?,
        language: WrittenIn::from_tag(words.language().tag()),
    })
}
