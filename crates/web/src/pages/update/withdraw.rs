//! `POST /sent/{report}/withdraw`.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::ReportId;
use domain::report::update::WithdrawReason;
use hub::update;
use view::form::Form;

use super::own;
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Takes a report back, once a reason is chosen.
pub(crate) async fn withdraw(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::NotFound)?;
    let Ok(reason) = posted.one("reason").parse::<WithdrawReason>() else {
        let own = own::read(&state, &signed, id).await?;
        let words = signed.visit.words;
        let mut form = Form::new(format!("/sent/{id}/withdraw"));
        let field = words.t("update-withdraw-reason");
        let arguments = [("field", field.into())];
        form.reject("reason", words.tn("report-wrong-not-chosen", &arguments));
        return Ok(own::page(&state, &signed, &own, form)?.into_response());
    };
    let Signed { visit, actor } = signed;
    state
        .call(move |hub| update::withdraw(hub, &Signed::call(&actor, &visit), id, reason))
        .await?;
    Ok(Redirect::to(&format!("/sent/{id}/history")).into_response())
}
