//! `/settings/tokens`: the tokens of the API at this place.

use std::collections::BTreeSet;

use askama::Template as _;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::actor::Actor;
use domain::policy::Action;
use domain::text::BoundedText;
use hub::tokens::{ApiToken, NewToken, TokenError};
use view::form::{Choice, Form};
use view::layout::Tone;
use view::page::settings::tokens::{TokenRow, Tokens};

use super::show::purpose_choices;
use crate::form::Posted;
use crate::problem::Problem;
use crate::said::Said;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

const SAID: &[(&str, Tone, &str)] = &[("revoked", Tone::Done, "settings-token-revoked")];
/// Lengths of life that can be chosen, in days.
const DAYS: [i64; 3] = [30, 90, 365];

/// Shows the tokens.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    said: Said,
) -> Result<Html<String>, Problem> {
    let form = Form::new("/settings/tokens")
        .with("days", "90")
        .with("purpose", actor.purpose.as_str());
    let mut page = page(&state, &visit, &actor, form).await?;
    page.frame.message = said.message(visit.words, SAID);
    Ok(Html(page.render()?))
}

async fn page(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
    form: Form,
) -> Result<Tokens, Problem> {
    let words = visit.words;
    let (asker, asking) = (actor.clone(), visit.clone());
    let tokens = state
        .call(move |hub| hub::tokens::list(hub, &Signed::call(&asker, &asking)))
        .await?;
    let name = |action: Action| words.t(&format!("action-{action}")).into_owned();
    let purposes = purpose_choices(state, visit, actor);
    let row = |token: ApiToken| TokenRow {
        id: token.id.to_string(),
        label: token.label,
        scope: token.scope.into_iter().map(name).collect(),
        purpose: purposes
            .iter()
            .find(|choice| choice.value == token.purpose.as_str())
            .map_or(token.purpose.to_string(), |choice| choice.label.clone()),
        created_at: token.created_at,
        expires_at: token.expires_at,
    };
    let days = DAYS.map(|days| {
        let label = words.tn("settings-token-days", &[("count", days.into())]);
        Choice::new(days.to_string(), label)
    });
    let scopes = hub::tokens::scopes(actor);
    Ok(Tokens {
        frame: visit.frame(state),
        tokens: tokens.into_iter().map(row).collect(),
        form,
        scopes: scopes
            .into_iter()
            .map(|action| Choice::new(action.word(), name(action)))
            .collect(),
        purposes,
        days: days.to_vec(),
        made: None,
    })
}

/// Makes a token and shows it, as the answer itself: no address ever shows it again.
pub(crate) async fn make(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let mut form = posted.refill("/settings/tokens");
    let words = visit.words;
    let label = BoundedText::parse(posted.one("label"));
    if label.is_err() {
        form.reject("label", words.t("settings-token-label-missing"));
    }
    let scope: Option<BTreeSet<Action>> = posted
        .all("scope")
        .iter()
        .map(|word| word.parse().ok())
        .collect();
    let scope = scope.filter(|scope| !scope.is_empty());
    if scope.is_none() {
        form.reject("scope", words.t("settings-token-scope-missing"));
    }
    let days = posted
        .one("days")
        .parse()
        .ok()
        .filter(|days| DAYS.contains(days));
    if days.is_none() {
        form.reject("days", words.t("settings-token-life-missing"));
    }
    let purpose = posted.one("purpose").parse().ok();
    if let (Ok(label), Some(scope), Some(days), Some(purpose)) = (label, scope, days, purpose) {
        let new = NewToken {
            label,
            scope,
            purpose,
            expires_at: visit.now.plus_seconds(days * 86_400),
        };
        let (asker, asking) = (actor.clone(), visit.clone());
        let answer = state
            .ask(move |hub| hub::tokens::issue(hub, &Signed::call(&asker, &asking), new))
            .await?;
        match answer {
            Ok(secret) => {
                let mut page = page(&state, &visit, &actor, Form::new("/settings/tokens")).await?;
                page.made = Some(secret);
                return Ok(Html(page.render()?).into_response());
            }
            Err(TokenError::TooMany) => form.reject("label", words.t("settings-token-too-many")),
            Err(other) => return Err(other.into()),
        }
    }
    let page = page(&state, &visit, &actor, form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

/// Puts a token out of force.
pub(crate) async fn revoke(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let id = posted.one("token").parse().map_err(|_| Problem::NotFound)?;
    state
        .call(move |hub| hub::tokens::revoke(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Redirect::to("/settings/tokens?said=revoked"))
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Scope | TokenError::Purpose | TokenError::NotFound => Self::NotFound,
            TokenError::Life => Self::Malformed,
            TokenError::TooMany => Self::Changed,
            TokenError::Store(source) => Self::trouble(&source),
        }
    }
}
