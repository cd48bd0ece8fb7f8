//! `GET /join/{link}`, `POST /join`: taking up an invitation, or making new ways in.
//!
//! Looking changes nothing: programs that check mail open every link in it.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::actor::{Actor, Assurance};
use domain::text::BoundedText;
use hub::ReadError;
use hub::invite::{AcceptError, Newcomer, Opened, OpenedAim, WrittenIn, accept, open};
use hub::set_up::LoginName;
use view::form::Form;
use view::page::join::{JoinErrand, JoinPage, NowherePage};
use view::page::members::post_name;
use view::words::Words;

use super::sign_in::signed_in;
use crate::form::Posted;
use crate::names;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

const ACTION: &str = "/join";

/// Shows what the link leads to.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(link): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let Some(opened) = opened(&state, &visit, &link).await? else {
        return nowhere(&state, &visit);
    };
    let (name, mail) = opened.guest.content();
    let form = Form::new(ACTION).with("name", name).with("login", mail);
    Ok(Html(page(&state, &visit, &link, &opened, form).render()?).into_response())
}

async fn opened(state: &AppState, visit: &Visit, link: &str) -> Result<Option<Opened>, Problem> {
    let (now, link) = (visit.now, link.to_owned());
    match state.ask(move |hub| open(hub, &link, now)).await? {
        Ok(opened) => Ok(Some(opened)),
        Err(ReadError::NotFound) => Ok(None),
        Err(ReadError::Store(source)) => Err(Problem::trouble(&source)),
    }
}

/// One page for every link that leads nowhere.
fn nowhere(state: &AppState, visit: &Visit) -> Result<Response, Problem> {
    let page = NowherePage {
        frame: visit.frame(state),
    };
    Ok((StatusCode::NOT_FOUND, Html(page.render()?)).into_response())
}

/// Who is signed in with a way in of his own.
fn member(visit: &Visit) -> Option<Actor> {
    let session = visit.session.as_ref()?;
    let own = session.actor.assurance != Assurance::Invitation;
    own.then(|| session.actor.clone())
}

fn page(state: &AppState, visit: &Visit, link: &str, opened: &Opened, form: Form) -> JoinPage {
    let words = visit.words;
    let errand = match &opened.aim {
        OpenedAim::Reset => JoinErrand::Reset,
        OpenedAim::GoOn => JoinErrand::GoOn,
        OpenedAim::Join(posts) => {
            let posts = posts.iter().map(|post| post_name(*post, words)).collect();
            let session = visit.session.as_ref().filter(|_| member(visit).is_some());
            match session {
                Some(session) => JoinErrand::Member(posts, session.person_name.content().clone()),
                None => JoinErrand::Newcomer(posts),
            }
        }
    };
    JoinPage {
        frame: visit.frame(state),
        form,
        link: link.to_owned(),
        organization: names::organization(&opened.organization, words),
        errand,
        expires_at: opened.expires_at,
    }
}

/// Takes the link up.
pub(crate) async fn take_up(
    State(state): State<AppState>,
    visit: Visit,
    posted: Posted,
) -> Result<Response, Problem> {
    let link = posted.one("link").to_owned();
    let Some(opened) = opened(&state, &visit, &link).await? else {
        return nowhere(&state, &visit);
    };
    let mut form = posted.refill(ACTION);
    let joins = matches!(opened.aim, OpenedAim::Join(_));
    let answer = match member(&visit).filter(|_| joins) {
        Some(actor) => as_member(&state, &visit, actor, link.clone()).await?,
        None if joins => {
            let Some(newcomer) = newcomer(&posted, &mut form, visit.words) else {
                let page = page(&state, &visit, &link, &opened, form);
                return Ok((REFUSED, Html(page.render()?)).into_response());
            };
            as_guest(&state, &visit, link.clone(), Some(newcomer)).await?
        }
        None => as_guest(&state, &visit, link.clone(), None).await?,
    };
    let words = visit.words;
    let mut status = REFUSED;
    match answer {
        Ok(response) => return Ok(response),
        Err(AcceptError::NotFound) => return nowhere(&state, &visit),
        Err(AcceptError::NameNeeded) => form.reject("name", words.t("join-name-missing")),
        Err(AcceptError::LoginTaken) => form.reject("login", words.t("join-login-taken")),
        Err(AcceptError::Yourself) => form.reject("login", words.t("join-yourself")),
        Err(AcceptError::TooMany(wait)) => {
            let minutes = i64::from(wait.wait_seconds.div_ceil(60));
            form.reject(
                "login",
                words.tn("join-too-many", &[("minutes", minutes.into())]),
            );
            status = StatusCode::TOO_MANY_REQUESTS;
        }
        Err(AcceptError::Store(source)) => return Err(Problem::trouble(&source)),
    }
    let page = page(&state, &visit, &link, &opened, form);
    Ok((status, Html(page.render()?)).into_response())
}

/// A session that is good for making a way in.
async fn as_guest(
    state: &AppState,
    visit: &Visit,
    link: String,
    newcomer: Option<Newcomer>,
) -> Result<Result<Response, AcceptError>, Problem> {
    let (now, random) = (visit.now, visit.random.clone());
    let begun = state
        .ask(move |hub| accept(hub, &link, newcomer, now, &random))
        .await?;
    match begun {
        Ok(begun) => signed_in(state, visit, &begun, "/settings/sign-in")
            .await
            .map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

/// A further place for somebody who is signed in; he goes on from there.
async fn as_member(
    state: &AppState,
    visit: &Visit,
    actor: Actor,
    link: String,
) -> Result<Result<Response, AcceptError>, Problem> {
    let asking = visit.clone();
    let begun = state
        .ask(move |hub| {
            let call = Signed::call(&actor, &asking);
            let place = hub::invite::join(hub, &call, &link)?;
            hub::sign_in::switch_place(hub, &call, place).map_err(|error| match error {
                ReadError::NotFound => AcceptError::NotFound,
                ReadError::Store(source) => AcceptError::Store(source),
            })
        })
        .await?;
    match begun {
        Ok(begun) => signed_in(state, visit, &begun, "/").await.map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

fn newcomer(posted: &Posted, form: &mut Form, words: Words) -> Option<Newcomer> {
    let name = BoundedText::parse(posted.one("name"));
    if name.is_err() {
        form.reject("name", words.t("join-name-missing"));
    }
    let login = LoginName::parse(posted.one("login"));
    if login.is_err() {
        form.reject("login", words.t("join-login-wrong"));
    }
    Some(Newcomer {
        name: name.ok()?,
        login: login.ok()?,
        language: WrittenIn::from_tag(words.language().tag()),
    })
}
