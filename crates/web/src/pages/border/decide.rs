//! What ends a review, or holds it until the author answers.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::id::ReviewId;
use hub::release::{Approved, ReviewError};
use view::page::border::AUTHOR_HOURS;

use super::say::Did;
use super::{desk, read};
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// `POST /reviews/{id}/approve`
pub(crate) async fn approve(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let id: ReviewId = id.parse().map_err(|_| Problem::NotFound)?;
    let revision = read::made_from(&posted)?;
    let approved = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, Problem>(hub::release::approve(hub, &call, id, revision))
        })
        .await?;
    let did = match approved {
        Ok(Approved::First) => Did::Approved,
        Ok(Approved::Released) => Did::Released,
        Err(error) => refused(error)?,
    };
    Ok(after(id, did))
}

/// `POST /reviews/{id}/withhold`
pub(crate) async fn withhold(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: ReviewId = id.parse().map_err(|_| Problem::NotFound)?;
    let revision = read::made_from(&posted)?;
    let Some(reason) = read::reason(&posted) else {
        let frame = signed.visit.frame(&state);
        let mut form = posted.refill(&format!("/reviews/{id}/withhold"));
        form.reject("reason", frame.t("border-write-reason"));
        let desk = desk::load(&state, &signed, id).await?;
        let draft = desk::draft_form(&desk);
        let mut page = desk::page(&state, &signed, frame, &desk, draft);
        page.dialogue = desk::dialogue(&state, &signed, &desk).await?;
        page.withhold = Some(form);
        return Ok((REFUSED, Html(page.render()?)).into_response());
    };
    let Signed { visit, actor } = signed;
    let withheld = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, Problem>(hub::release::withhold(hub, &call, id, revision, reason))
        })
        .await?;
    let did = match withheld {
        Ok(()) => Did::Withheld,
        Err(error) => refused(error)?,
    };
    Ok(after(id, did).into_response())
}

/// `POST /reviews/{id}/author`
pub(crate) async fn ask_author(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: ReviewId = id.parse().map_err(|_| Problem::NotFound)?;
    let revision = read::made_from(&posted)?;
    let asked = posted.one("hours").parse().ok();
    let Some(hours) = AUTHOR_HOURS.into_iter().find(|hours| Some(*hours) == asked) else {
        let frame = signed.visit.frame(&state);
        let mut form = posted.refill(&format!("/reviews/{id}/author"));
        form.reject("hours", frame.t("border-choose-hours"));
        let desk = desk::load(&state, &signed, id).await?;
        let draft = desk::draft_form(&desk);
        let mut page = desk::page(&state, &signed, frame, &desk, draft);
        page.dialogue = desk::dialogue(&state, &signed, &desk).await?;
        page.ask = page.ask.map(|_| form);
        return Ok((REFUSED, Html(page.render()?)).into_response());
    };
    let Signed { visit, actor } = signed;
    let due_at = visit.now.plus_seconds(i64::from(hours) * 3_600);
    let asked = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, Problem>(hub::release::ask_author(hub, &call, id, revision, due_at))
        })
        .await?;
    let did = match asked {
        Ok(()) => Did::Asked,
        Err(error) => refused(error)?,
    };
    Ok(after(id, did).into_response())
}

/// A refusal that the desk explains by itself, or the problem it is.
fn refused(error: ReviewError) -> Result<Did, Problem> {
    match error {
        ReviewError::Faulty => Ok(Did::Faulty),
        ReviewError::SecondPerson => Ok(Did::SecondPerson),
        ReviewError::AuthorAsked => Ok(Did::Author),
        ReviewError::WrongStage => Ok(Did::Ended),
        other => Err(Problem::from(other)),
    }
}

fn after(id: ReviewId, did: Did) -> Redirect {
    Redirect::to(&format!("/reviews/{id}?did={}", did.word()))
}
