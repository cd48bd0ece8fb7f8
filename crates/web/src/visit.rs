//! One request: who asks, in which language, at what time, with which randomness.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use domain::actor::Actor;
use domain::policy::{Action, permits};
use domain::time::Timestamp;
use hub::sign_in::{Resumed, form_token};
use hub::{Call, Random};
use view::layout::{ActorLine, Banner, Frame, HubLine, NavItem};
use view::words::{Language, Words};

use crate::cookie;
use crate::problem::Problem;
use crate::state::{AppState, World};

/// What every handler starts from. Made by the guard for each request.
#[derive(Clone)]
pub(crate) struct Visit {
    /// The words of the reader's language.
    pub(crate) words: Words,
    /// Path and query of the page.
    pub(crate) path: String,
    /// The session; `None` when nobody is signed in.
    pub(crate) session: Option<Resumed>,
    /// Secret of the session's cookie; `None` when nobody is signed in.
    pub(crate) secret: Option<String>,
    /// The time of the request.
    pub(crate) now: Timestamp,
    /// Randomness of this request alone.
    pub(crate) random: Arc<Random>,
}

/// A visit of somebody who is signed in.
pub(crate) struct Signed {
    /// The visit.
    pub(crate) visit: Visit,
    /// Who.
    pub(crate) actor: Actor,
}

impl Visit {
    /// The frame of a page for this visit.
    pub(crate) fn frame(&self, state: &AppState) -> Frame {
        let banners = match state.facts.world {
            World::Real => vec![],
            World::Demo => vec![Banner::Demo],
        };
        let session = self.session.as_ref();
        Frame {
            words: self.words,
            path: self.path.clone(),
            hub: HubLine {
                name: state.facts.name.clone(),
                checkpoint: None,
                phone: state.facts.phone.clone(),
            },
            banners,
            actor: session.map(|session| self.actor_line(state, session)),
            nav: session
                .map(|session| nav(self.words, &session.actor))
                .unwrap_or_default(),
            message: None,
            csrf: session
                .map(|session| {
                    form_token(&state.hub, &session.form_secret, self.random.derive("form"))
                })
                .unwrap_or_default(),
            now: self.now,
        }
    }

    fn actor_line(&self, state: &AppState, session: &Resumed) -> ActorLine {
        let (ja, en) = &session.organization_names;
        let organization = match self.words.language() {
            Language::Ja => ja.clone(),
            Language::En => en.clone(),
        };
        let role = session.actor.role.word();
        let code = session.actor.purpose.as_str();
        let day = self.now.day_in_japan();
        let purpose = state
            .hub
            .reference()
            .purposes
            .naming(code, day)
            .map_or_else(
                || code.to_owned(),
                |row| match self.words.language() {
                    Language::Ja => row.name.ja().to_owned(),
                    Language::En => row.name.en().to_owned(),
                },
            );
        ActorLine {
            organization,
            person: session.person_name.content().clone(),
            role: self.words.t(&format!("role-{role}")).into_owned(),
            purpose,
        }
    }
}

impl Signed {
    /// A call of the hub by this person.
    pub(crate) fn call<'a>(actor: &'a Actor, visit: &Visit) -> Call<'a> {
        Call {
            actor,
            now: visit.now,
            random: visit.random.derive("call"),
        }
    }
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(Problem::NotFound)
    }
}

impl FromRequestParts<AppState> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let actor = visit.session.as_ref().map(|session| session.actor.clone());
        actor
            .map(|actor| Self { visit, actor })
            .ok_or(Problem::NotFound)
    }
}

/// The language of a request: the query, then the cookie, then what the browser prefers.
pub(crate) fn language(query: Option<&str>, headers: &HeaderMap) -> Language {
    asked_language(query)
        .or_else(|| cookie::read(headers, cookie::LANGUAGE).and_then(Language::from_tag))
        .or_else(|| {
            headers
                .get(ACCEPT_LANGUAGE)?
                .to_str()
                .ok()
                .and_then(Language::from_accept_language)
        })
        .unwrap_or(Language::Ja)
}

/// The language that the query asks for.
pub(crate) fn asked_language(query: Option<&str>) -> Option<Language> {
    query?
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(Language::from_tag)
}

/// The pages that `actor` works with, in the order of a shift.
fn nav(words: Words, actor: &Actor) -> Vec<NavItem> {
    let entries: &[(Action, &str, &str)] = crate::pages::NAV;
    entries
        .iter()
        .filter(|(action, ..)| permits(actor, *action))
        .map(|(_, href, key)| NavItem {
            href: (*href).to_owned(),
            label: words.t(key).into_owned(),
            waiting_count: None,
        })
        .collect()
}
