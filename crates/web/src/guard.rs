//! What stands before and after every handler: recognizing the visitor, admitting him, dressing
//! problems as pages, and the headers that keep a page to itself.

use std::any::Any;
use std::sync::Arc;

use askama::Template as _;
use axum::Extension;
use axum::body::Body;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY,
    RETRY_AFTER, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::actor::Assurance;
use domain::policy::permits;
use view::page::error::{ErrorKind, ErrorPage};
use view::words::Words;

use crate::api;
use crate::cookie::{self, Transport};
use crate::form::{Posted, Typed, is_foreign};
use crate::problem::Problem;
use crate::routes::Needs;
use crate::state::AppState;
use crate::visit::{Signed, Visit, asked_language, language};

/// Nothing but the hub's own files, nothing inline, nowhere framed (promise S6).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'";

/// Lets the request through when the visitor may take the route; otherwise it is not there.
pub(crate) async fn admit(
    State(state): State<AppState>,
    Extension(needs): Extension<Needs>,
    request: Request,
    next: Next,
) -> Response {
    let Some(visit) = request.extensions().get::<Visit>() else {
        return Problem::NotFound.into_response();
    };
    let Some(session) = &visit.session else {
        return match needs {
            Needs::Nothing => next.run(request).await,
            _ => turned_away(&state, request, Problem::SignIn).await,
        };
    };
    let may = |action| permits(&session.actor, action);
    // Nothing else can be done before there is a way in: half-made people do not walk about.
    let is_invited = session.actor.assurance == Assurance::Invitation;
    if is_invited && !matches!(needs, Needs::Nothing | Needs::Session | Needs::WayIn) {
        return Problem::FirstWayIn.into_response();
    }
    let admitted = match needs {
        Needs::Nothing | Needs::Session | Needs::SignedIn | Needs::WayIn | Needs::Recent => true,
        Needs::May(action) | Needs::MayRecent(action) => may(action),
        Needs::MayAny(actions) => actions.iter().any(|action| may(*action)),
    };
    let asks_again = matches!(needs, Needs::Recent | Needs::WayIn | Needs::MayRecent(_));
    if admitted && asks_again && !session.is_recent(visit.now) {
        return turned_away(&state, request, Problem::SignInAgain).await;
    }
    let (visit, path) = (visit.clone(), request.uri().path().to_owned());
    // What another site made the browser send is not this person's attempt; and whoever is shown no
    // link may still follow an old one to a page without an object.
    let is_write = request.method() == Method::POST;
    let is_attempt = !is_foreign(request.headers()) && (is_write || (admitted && names(&path)));
    let response = if admitted {
        next.run(request).await
    } else {
        Problem::NotFound.into_response()
    };
    let is_refused = matches!(response.extensions().get(), Some(Problem::NotFound));
    if is_refused
        && is_attempt
        && let Err(problem) = note_refused(&state, visit, needs, &path).await
    {
        return problem.into_response();
    }
    response
}

/// Whether an address names an object.
fn names(path: &str) -> bool {
    object(path).is_some()
}

/// The object that an address names last: ids of ours have an underscore.
fn object(path: &str) -> Option<&str> {
    path.rsplit('/').find(|piece| piece.contains('_'))
}

/// Refuses whoever has to sign in first. What he wrote is read all the same, so that the answer can
/// give it back: pages are not stored, and a session ends while somebody writes.
async fn turned_away(state: &AppState, request: Request, problem: Problem) -> Response {
    if request.extensions().get::<Typed>().is_some() {
        // What cannot be read as a form of ours is no text that could be given back.
        let _kept = Posted::from_request(request, state).await;
    }
    problem.into_response()
}

/// Whoever tried what his role may not do, or an object that is not there for him, is in the log.
/// Hidden and absent leave the same entry.
async fn note_refused(
    state: &AppState,
    visit: Visit,
    needs: Needs,
    path: &str,
) -> Result<(), Problem> {
    let (Some(action), Some(session)) = (needs.action(), &visit.session) else {
        return Ok(());
    };
    let actor = session.actor.clone();
    let object = object(path).unwrap_or_default().to_owned();
    state
        .call(move |hub| {
            let mut call = Signed::call(&actor, &visit);
            // The verb that refused may have recorded another action in the same call.
            call.random = call.random.derive("guard.refused");
            hub::log::refused(hub, &call, action, &object).map_err(hub::ReadError::from)
        })
        .await
}

/// Recognizes the visitor, runs the rest, and puts a page around what went wrong.
pub(crate) async fn answer(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let visit = recognize(&state, &uri, &headers).await;
    let asked = asked_language(request.uri().query());
    let is_get = request.method() == Method::GET || request.method() == Method::HEAD;
    request.extensions_mut().insert(visit.clone());
    let typed = Typed::default();
    if !is_get && Typed::is_kept(uri.path()) {
        request.extensions_mut().insert(typed.clone());
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = Problem::NotFound.into_response();
    }
    let is_api = api::covers(uri.path());
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = if is_api {
            api::dressed(&problem)
        } else {
            dress(&state, &visit, &problem, is_get, &typed.fields())
        };
    }
    if let Some(language) = asked.filter(|_| !is_api)
        && let Ok(value) = cookie::language(language.tag()).parse()
    {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

async fn recognize(state: &AppState, uri: &Uri, headers: &HeaderMap) -> Visit {
    let now = (state.clock)();
    let words = Words::new(language(uri.query(), headers));
    let path = uri
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    let is_api = api::covers(uri.path());
    let secret = if is_api {
        api::bearer(headers)
    } else {
        cookie::read(headers, cookie::session_name(transport(state))).map(str::to_owned)
    };
    let session = match secret.clone() {
        Some(token) if is_api => state
            .call(move |hub| hub::tokens::resume(hub, &token, now))
            .await
            .ok(),
        Some(secret) => state
            .call(move |hub| hub::sign_in::resume(hub, &secret, now))
            .await
            .ok(),
        None => None,
    };
    let who = session.as_ref().map_or(String::new(), |session| {
        session.actor.membership.to_string()
    });
    let random = Arc::new((state.chance)(&format!("{who} {path}")));
    Visit {
        words,
        path,
        // A token is no session: nothing that takes one may find it here.
        secret: secret.filter(|_| session.is_some() && !is_api),
        session,
        now,
        random,
    }
}

/// How browsers reach this hub.
pub(crate) fn transport(state: &AppState) -> Transport {
    if state.is_tls() {
        Transport::Tls
    } else {
        Transport::Plain
    }
}

/// Where the visitor is led instead of a page that says what went wrong.
fn way_on(
    visit: &Visit,
    problem: &Problem,
    is_get: bool,
    typed: &[(String, String)],
) -> Option<String> {
    match problem {
        Problem::SignIn if is_get => Some(format!("/sign-in?next={}", encoded(&visit.path))),
        Problem::FirstWayIn if is_get => Some("/settings/sign-in".to_owned()),
        // What was sent is not repeated by itself: the person comes back to the page and sees it.
        Problem::SignInAgain if is_get => {
            Some(format!("/sign-in?again=yes&next={}", encoded(&visit.path)))
        }
        Problem::SignInAgain if typed.is_empty() => {
            Some("/sign-in?again=yes&next=/settings".to_owned())
        }
        _ => None,
    }
}

fn dress(
    state: &AppState,
    visit: &Visit,
    problem: &Problem,
    is_get: bool,
    typed: &[(String, String)],
) -> Response {
    if let Some(location) = way_on(visit, problem, is_get, typed) {
        let header =
            HeaderValue::from_str(&location).unwrap_or(HeaderValue::from_static("/sign-in"));
        return (StatusCode::SEE_OTHER, [(LOCATION, header)]).into_response();
    }
    let reference = match problem {
        Problem::Trouble(number) => number.clone(),
        _ => String::new(),
    };
    let (kind, status) = match problem {
        Problem::Trouble(_) if !typed.is_empty() => {
            (ErrorKind::Unavailable, StatusCode::SERVICE_UNAVAILABLE)
        }
        // A page that was open for longer than its session.
        Problem::SignIn | Problem::SignInAgain => (ErrorKind::StaleForm, problem.status()),
        _ => (problem.kind(), problem.status()),
    };
    let way = match problem {
        Problem::SignIn => "/sign-in",
        Problem::SignInAgain => "/sign-in?again=yes",
        _ => "",
    };
    // Given back to be copied or printed: nothing that was written is lost.
    let typed = match problem {
        Problem::Trouble(_)
        | Problem::Changed
        | Problem::Forged
        | Problem::SignIn
        | Problem::SignInAgain => readable(
            visit.words,
            visit.path.split('?').next().unwrap_or(""),
            typed,
        ),
        _ => vec![],
    };
    let page = ErrorPage {
        frame: visit.frame(state),
        kind,
        reference,
        sign_in: way.to_owned(),
        wait_seconds: match problem {
            Problem::TooMany(seconds) => *seconds,
            _ => 0,
        },
        typed,
    };
    let mut response = match page.render() {
        Ok(html) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(_) => problem.status().into_response(),
    };
    if let Problem::TooMany(seconds) = problem {
        let wait = HeaderValue::from(*seconds);
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    response
}

/// What was typed into the form of `path`, with the labels of its fields where they are known. Ids,
/// codes and keys of forms say nothing to a reader.
fn readable(words: Words, path: &str, typed: &[(String, String)]) -> Vec<(String, String)> {
    // Other forms have fields of these names too, and mean something else.
    let is_near_miss = ["/near-miss", "/phone"]
        .iter()
        .any(|begin| path.starts_with(begin));
    let label = |name: &str| {
        let near_miss = is_near_miss.then(|| format!("near-miss-{name}"));
        [Some(format!("field-{name}")), near_miss]
            .into_iter()
            .flatten()
            .find(|key| words.has(key))
            .map(|key| words.t(&key).into_owned())
    };
    let line = |(name, value): &(String, String)| {
        let is_written = value.contains(char::is_whitespace) || !value.is_ascii();
        match label(name) {
            Some(label) if is_written || !is_code(value) => Some((label, value.clone())),
            None if is_written => Some((words.t("error-typed-other").into_owned(), value.clone())),
            _ => None,
        }
    };
    typed.iter().filter_map(line).collect()
}

/// Whether `value` is a code of a list or an id rather than a text.
fn is_code(value: &str) -> bool {
    value.starts_with(|first: char| first.is_ascii_lowercase())
        && value
            .chars()
            .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || "-_".contains(one))
}

/// A path made safe to stand in a query.
fn encoded(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Headers of every answer.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Answers paths that are in no table.
pub(crate) async fn nothing_here() -> Problem {
    Problem::NotFound
}

/// A handler panicked: the same page as for any failure.
pub(crate) fn panicked(_cause: Box<dyn Any + Send + 'static>) -> Response<Body> {
    Problem::trouble(&Panicked).into_response()
}

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked")]
struct Panicked;

#[cfg(test)]
mod tests {
    use view::words::Language;

    use super::*;

    #[test]
    fn what_is_read_out_has_the_labels_of_its_own_form() {
        let typed = [
            ("kind", "alert"),
            ("narrative", "17時に止まった"),
            ("purposes", "defense"),
            ("reason", "根拠が足りない"),
            ("report", "rpt_5f3c9a71e0b24d86"),
            ("who", "org_0"),
        ];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let words = Words::new(Language::Ja);
        let lines = |path| readable(words, path, &typed);
        let line = |key: &str, text: &str| (words.t(key).into_owned(), text.to_owned());
        let elsewhere = [
            line("field-narrative", "17時に止まった"),
            line("error-typed-other", "根拠が足りない"),
        ];
        assert_eq!(lines("/reviews/rev_0/withhold"), elsewhere);
        let near_miss = [
            line("field-narrative", "17時に止まった"),
            line("near-miss-reason", "根拠が足りない"),
        ];
        assert_eq!(lines("/near-miss"), near_miss);
        // A labeled moment or number is no code.
        let when = [("detected-at".to_owned(), "2026/11/21".to_owned())];
        let told = readable(words, "/drafts/drf_0/when", &when);
        assert_eq!(told, [line("field-detected-at", "2026/11/21")]);
    }
}
