//! `/settings/sign-in`: passkeys, password, authenticator app, recovery codes.

use askama::Template as _;
use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use domain::actor::{Actor, Assurance};
use hub::sign_in::{CredentialError, PasswordLack};
use hub::{Call, Hub};
use serde_json::json;
use view::form::Form;
use view::layout::Tone;
use view::page::settings::ways_in::{KeyShown, Occasion, PasskeyRow, RecoveryCodes, WaysIn};
use view::words::Words;

use crate::cookie;
use crate::form::Posted;
use crate::guard::transport;
use crate::pages::door::sign_in::begin;
use crate::passkey::{RelyingParty, elsewhere};
use crate::posted_json::PostedJson;
use crate::problem::Problem;
use crate::said::Said;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

const SAID: &[(&str, Tone, &str)] = &[
    ("password", Tone::Done, "settings-password-changed"),
    ("app", Tone::Done, "settings-app-changed"),
    ("removed", Tone::Done, "settings-passkey-removed"),
    ("only-way-in", Tone::Failure, "settings-only-way-in"),
];

/// Shows the ways in.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    said: Said,
    headers: HeaderMap,
) -> Result<Html<String>, Problem> {
    let mut page = page(&state, &visit, &actor, &headers).await?;
    page.frame.message = said.message(visit.words, SAID);
    Ok(Html(page.render()?))
}

async fn page(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
    headers: &HeaderMap,
) -> Result<WaysIn, Problem> {
    let (asker, asking) = (actor.clone(), visit.clone());
    let basis = visit.secret.clone().unwrap_or_default();
    let (overview, pending) = state
        .call(move |hub| {
            let call = Signed::call(&asker, &asking);
            let overview = hub::sign_in::overview(hub, &call)?;
            let pending = hub::sign_in::pending_totp(hub, &call, &basis)?;
            Ok::<_, Problem>((overview, pending))
        })
        .await?;
    let first = actor.assurance == Assurance::Invitation;
    let row = |line: hub::sign_in::PasskeyLine| PasskeyRow {
        id: line.id.to_string(),
        label: line.label,
        created_at: line.created_at,
        used_at: line.used_at,
    };
    Ok(WaysIn {
        frame: visit.frame(state),
        occasion: if first {
            Occasion::First
        } else {
            Occasion::Later
        },
        form: Form::default(),
        passkeys: overview.passkeys.into_iter().map(row).collect(),
        passkeys_at: elsewhere(&state.facts, headers),
        password_since: overview.password_since,
        app_since: overview.totp_since,
        recovery_count: overview.recovery_count,
        key: KeyShown::new(&pending.base32, &pending.uri, visit.words),
    })
}

/// What `work` made of the form of `action`, with the secret of the session; or the page once more,
/// with what is wrong.
async fn tried<T: Send + 'static>(
    state: &AppState,
    signed: &Signed,
    headers: &HeaderMap,
    action: &str,
    work: impl FnOnce(&Hub, &Call<'_>, &str) -> Result<T, CredentialError> + Send + 'static,
) -> Result<Result<T, Response>, Problem> {
    let (visit, actor) = (&signed.visit, &signed.actor);
    let secret = visit.secret.clone().unwrap_or_default();
    let (asker, asking) = (actor.clone(), visit.clone());
    let answer = state
        .ask(move |hub| work(hub, &Signed::call(&asker, &asking), &secret))
        .await?;
    Ok(match answer {
        Ok(made) => Ok(made),
        Err(error) => Err(rejected(state, visit, actor, headers, action, error).await?),
    })
}

/// The page once more, with what is wrong with the form.
async fn rejected(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
    headers: &HeaderMap,
    action: &str,
    error: CredentialError,
) -> Result<Response, Problem> {
    let (field, message) = lack(visit.words, error)?;
    let mut page = page(state, visit, actor, headers).await?;
    page.form = Form::new(action);
    page.form.reject(field, message);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

/// What to say about a credential that cannot be set, at which field.
fn lack(words: Words, error: CredentialError) -> Result<(&'static str, String), Problem> {
    Ok(match error {
        CredentialError::Password(PasswordLack::Short(_)) => {
            let least = i64::try_from(hub::sign_in::PASSWORD_CHARS_MIN).unwrap_or(15);
            let message = words.tn("settings-password-short", &[("least", least.into())]);
            ("password", message)
        }
        CredentialError::Password(PasswordLack::Long) | CredentialError::Hash(_) => {
            ("password", words.t("settings-password-long").into_owned())
        }
        CredentialError::Password(PasswordLack::Common) => {
            ("password", words.t("settings-password-common").into_owned())
        }
        CredentialError::Password(PasswordLack::OwnName) => (
            "password",
            words.t("settings-password-own-name").into_owned(),
        ),
        CredentialError::WrongCode => ("code", words.t("settings-app-wrong").into_owned()),
        CredentialError::Busy(_) => ("password", words.t("sign-in-busy").into_owned()),
        other => return Err(other.into()),
    })
}

/// A first way in without a passkey: password and app together.
pub(crate) async fn set_both(
    State(state): State<AppState>,
    signed: Signed,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Problem> {
    let action = "/settings/sign-in/both";
    let tried = tried(
        &state,
        &signed,
        &headers,
        action,
        move |hub, call, secret| {
            let (password, code) = (posted.one("password"), posted.one("code"));
            hub::sign_in::set_password_and_app(hub, call, secret, password, code)
        },
    );
    let made = match tried.await? {
        Ok(made) => made,
        Err(refused) => return Ok(refused),
    };
    let visit = &signed.visit;
    let cookie = match &made.begun {
        Some(begun) => Some((SET_COOKIE, begin(&state, visit, begun).await?)),
        None => None,
    };
    let page = shown_once(&state, visit, made.recovery_codes)?;
    Ok((AppendHeaders(cookie), page).into_response())
}

/// Recovery codes are shown as the answer itself: no address ever shows them again.
fn shown_once(
    state: &AppState,
    visit: &Visit,
    codes: Vec<String>,
) -> Result<Html<String>, Problem> {
    let mut frame = visit.frame(state);
    "/settings/sign-in".clone_into(&mut frame.path);
    let page = RecoveryCodes {
        frame,
        codes,
        next: "/".to_owned(),
    };
    Ok(Html(page.render()?))
}

/// Changes the password.
pub(crate) async fn set_password(
    State(state): State<AppState>,
    signed: Signed,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Problem> {
    let action = "/settings/sign-in/password";
    let tried = tried(
        &state,
        &signed,
        &headers,
        action,
        move |hub, call, secret| {
            hub::sign_in::set_password(hub, call, secret, posted.one("password"))
        },
    );
    Ok(match tried.await? {
        Ok(()) => Redirect::to("/settings/sign-in?said=password").into_response(),
        Err(refused) => refused,
    })
}

/// Puts another authenticator app in place of the old one.
pub(crate) async fn set_app(
    State(state): State<AppState>,
    signed: Signed,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Problem> {
    let action = "/settings/sign-in/app";
    let tried = tried(
        &state,
        &signed,
        &headers,
        action,
        move |hub, call, secret| hub::sign_in::confirm_totp(hub, call, secret, posted.one("code")),
    );
    Ok(match tried.await? {
        Ok(()) => Redirect::to("/settings/sign-in?said=app").into_response(),
        Err(refused) => refused,
    })
}

/// Draws new recovery codes.
pub(crate) async fn renew_recovery_codes(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Html<String>, Problem> {
    let asking = visit.clone();
    let codes = state
        .call(move |hub| hub::sign_in::renew_recovery_codes(hub, &Signed::call(&actor, &asking)))
        .await?;
    shown_once(&state, &visit, codes)
}

/// Hands the browser the options of a new passkey.
pub(crate) async fn begin_passkey(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    PostedJson(asked): PostedJson,
) -> Result<Response, Problem> {
    let party = RelyingParty::of(&state.facts).ok_or(Problem::NotFound)?;
    let name = asked.get("name").and_then(|name| name.as_str());
    let name = match name.map(str::trim) {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => visit.words.t("settings-passkeys").into_owned(),
    };
    let (options, secret) = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            let owner = hub::sign_in::passkey_owner(hub, &call)?;
            let begun = party.begin_registration(&owner)?;
            let secret = hub::sign_in::begin_registration(hub, &call, &name, begun.state)?;
            Ok::<_, Problem>((begun.options, secret))
        })
        .await?;
    let cookie = cookie::ceremony(transport(&state), &secret);
    Ok(([(SET_COOKIE, cookie)], Json(options)).into_response())
}

/// Keeps a new passkey, if the browser's answer is good.
pub(crate) async fn finish_passkey(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    headers: HeaderMap,
    PostedJson(answer): PostedJson,
) -> Result<Response, Problem> {
    let party = RelyingParty::of(&state.facts).ok_or(Problem::NotFound)?;
    let secret = cookie::ceremony_of(&headers, transport(&state)).ok_or(Problem::NotFound)?;
    let asking = visit.clone();
    let first = actor.assurance == Assurance::Invitation;
    let begun = state
        .call(move |hub| {
            let call = Signed::call(&actor, &asking);
            let who = Some(actor.person);
            let kept = hub::sign_in::answer_ceremony(hub, &secret, who, call.now, &call.random)?;
            let json = party.finish_registration(answer, &kept.state)?;
            let label = kept.label.unwrap_or_default();
            Ok::<_, Problem>(hub::sign_in::add_passkey(hub, &call, &label, json)?)
        })
        .await?;
    let cookie = match &begun {
        Some(begun) => Some((SET_COOKIE, begin(&state, &visit, begun).await?)),
        None => None,
    };
    let next = if first { "/" } else { "/settings/sign-in" };
    Ok((AppendHeaders(cookie), Json(json!({ "next": next }))).into_response())
}

/// Takes a passkey away.
pub(crate) async fn remove_passkey(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let id = posted
        .one("passkey")
        .parse()
        .map_err(|_| Problem::NotFound)?;
    let answer = state
        .ask(move |hub| hub::sign_in::remove_passkey(hub, &Signed::call(&actor, &visit), id))
        .await?;
    match answer {
        Ok(()) => Ok(Redirect::to("/settings/sign-in?said=removed")),
        Err(CredentialError::OnlyWayIn) => Ok(Redirect::to("/settings/sign-in?said=only-way-in")),
        Err(other) => Err(other.into()),
    }
}

impl From<CredentialError> for Problem {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::NotFound => Self::NotFound,
            CredentialError::TooMany | CredentialError::OnlyWayIn => Self::Changed,
            CredentialError::Password(_) | CredentialError::WrongCode => Self::Malformed,
            CredentialError::Busy(_) => Self::TooMany(5),
            other => Self::trouble(&other),
        }
    }
}
