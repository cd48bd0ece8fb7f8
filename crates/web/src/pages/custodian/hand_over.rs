//! `GET` and `POST /custodians/{id}/hand-over`: a leaver's shares go to the successor.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::id::CustodianId;
use hub::custodians::{CustodianError, HandoverFault, hand_over_file, take_over};
use view::form::Form;
use view::page::custodian::HandOver;

use super::list::{holder, in_slot, leaver, seen};
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the steps.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let id: CustodianId = id.parse().map_err(|_| Problem::NotFound)?;
    page(&state, signed, id, Form::new(action(id))).await
}

/// Gives the leaver's shares as a file.
pub(crate) async fn download(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Response, Problem> {
    let id: CustodianId = id.parse().map_err(|_| Problem::NotFound)?;
    let text = state
        .call(move |hub| hand_over_file(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"handover.json\"",
        ),
    ];
    Ok((headers, text).into_response())
}

/// Takes the moved file; what is wrong with it is said beside the field.
pub(crate) async fn send(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: CustodianId = id.parse().map_err(|_| Problem::NotFound)?;
    let words = signed.visit.words;
    let mut form = posted.refill(&action(id));
    if posted.one("verified") != "yes" {
        form.reject("verified", words.t("custodian-needs-verified"));
        let html = page(&state, signed, id, form).await?;
        return Ok((REFUSED, html).into_response());
    }
    let text = posted.one("hand_over").to_owned();
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let taken = state
        .ask(move |hub| take_over(hub, &Signed::call(&actor, &visit), id, &text))
        .await?;
    let key = match taken {
        Ok(_) => return Ok(Redirect::to("/custodians?said=moved").into_response()),
        Err(CustodianError::NotAHandover(_)) => "custodian-not-a-hand-over",
        Err(CustodianError::Fault(HandoverFault::Changed)) => "custodian-changed",
        Err(CustodianError::Fault(HandoverFault::NotTheSuccessor)) => "custodian-not-the-successor",
        Err(CustodianError::NoSuccessor) => "custodian-no-successor-why",
        Err(other) => return Err(other.into()),
    };
    form.reject("hand_over", words.t(key));
    let html = page(&state, signed, id, form).await?;
    Ok((REFUSED, html).into_response())
}

async fn page(
    state: &AppState,
    signed: Signed,
    id: CustodianId,
    form: Form,
) -> Result<Html<String>, Problem> {
    let frame = signed.visit.frame(state);
    let desk = seen(state, signed).await?;
    let one = desk.leaving.iter().find(|one| one.keeper.id == id);
    let one = one.ok_or(Problem::NotFound)?;
    let page = HandOver {
        frame,
        leaver: leaver(one, desk.standing),
        successor: in_slot(&desk, one.keeper.slot).map(holder),
        file: format!("{}.json", action(id)),
        form,
    };
    Ok(Html(page.render()?))
}

fn action(id: CustodianId) -> String {
    format!("/custodians/{id}/hand-over")
}
