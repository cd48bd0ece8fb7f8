//! `GET` and `POST /findings/{candidate}/users`.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::finding::Campaign;
use domain::id::CandidateId;
use domain::time::Timestamp;
use hub::finding::CampaignError;
use view::form::Form;
use view::layout::Tone;
use view::page::finding::users::UsersPage;

use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::said::Said;
use crate::state::AppState;
use crate::visit::Signed;

const FIELDS: [&str; 4] = ["concerned", "told", "cured", "uncured"];

/// The carrier's own numbers, and the text for its letters.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    said: Said,
) -> Result<Html<String>, Problem> {
    let id: CandidateId = id.parse().map_err(|_| Problem::NotFound)?;
    let mut page = page(&state, signed, id, None).await?;
    let known = [("counted", Tone::Done, "finding-users-counted")];
    page.frame.message = said.message(page.frame.words, &known);
    Ok(Html(page.render()?))
}

/// Writes the numbers.
pub(crate) async fn count(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: CandidateId = id.parse().map_err(|_| Problem::NotFound)?;
    let words = signed.visit.words;
    let mut form = posted.refill(&format!("/findings/{id}/users"));
    let read = FIELDS.map(|field| {
        let number = domain::text::fold(posted.one(field))
            .trim()
            .parse::<u32>()
            .ok();
        if number.is_none() {
            form.reject(field, words.t("finding-users-number-wrong"));
        }
        number
    });
    let numbers = match read {
        [Some(concerned), Some(told), Some(cured), Some(uncured)] => {
            Campaign::new(concerned, told, cured, uncured).ok()
        }
        _ => None,
    };
    let Some(numbers) = numbers else {
        if form.errors().is_empty() {
            form.reject("told", words.t("finding-users-told-wrong"));
        }
        let page = page(&state, signed, id, Some(form)).await?;
        return Ok((REFUSED, Html(page.render()?)).into_response());
    };
    let as_of = posted.one("as_of");
    let as_of = as_of.parse().ok().map(Timestamp::from_micros);
    let (writer, writing) = (signed.actor.clone(), signed.visit.clone());
    let written = state
        .ask(move |hub| {
            let call = Signed::call(&writer, &writing);
            hub::finding::write_campaign(hub, &call, id, as_of, numbers)
        })
        .await?;
    match written {
        Ok(()) => Ok(Redirect::to(&format!("/findings/{id}/users?said=counted")).into_response()),
        Err(CampaignError::Changed) => {
            form.reject("concerned", words.t("finding-users-changed"));
            let mut page = page(&state, signed, id, Some(form)).await?;
            // What stands there now is on the page, above the form.
            page.form.replace("as_of", made_from(page.numbers.as_ref()));
            Ok((REFUSED, Html(page.render()?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    state: &AppState,
    Signed { visit, actor }: Signed,
    id: CandidateId,
    refused: Option<Form>,
) -> Result<UsersPage, Problem> {
    let frame = visit.frame(state);
    let own = state
        .call(move |hub| hub::finding::own_campaign(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let form = refused.unwrap_or_else(|| {
        let form = Form::new(format!("/findings/{id}/users"))
            .with("as_of", made_from(own.numbers.as_ref()));
        match &own.numbers {
            None => form,
            Some((numbers, _)) => form
                .with("concerned", numbers.concerned().to_string())
                .with("told", numbers.told().to_string())
                .with("cured", numbers.cured().to_string())
                .with("uncured", numbers.uncured().to_string()),
        }
    });
    Ok(UsersPage {
        back: format!("/findings/{id}"),
        found: own.found,
        seen_at: own.own.map(|own| own.content().last_at),
        numbers: own.numbers,
        form,
        frame,
    })
}

/// Since when the numbers stand that a form was made from; empty before the first.
fn made_from(numbers: Option<&(Campaign, Timestamp)>) -> String {
    numbers.map_or_else(String::new, |(_, at)| at.micros().to_string())
}
