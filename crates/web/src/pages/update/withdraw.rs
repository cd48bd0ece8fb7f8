//! `POST /sent/{report}/withdraw`, `POST /mailbox/withdraw`.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::report::update::WithdrawReason;
use hub::update;
use view::form::Form;

use super::own;
use crate::form::Posted;
use crate::pages::sent::whose::Whose;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Takes a report back, once a reason is chosen.
pub(crate) async fn withdraw(
    State(state): State<AppState>,
    whose: Whose,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let Ok(reason) = posted.one("reason").parse::<WithdrawReason>() else {
        let words = signed.visit.words;
        let mut form = Form::new(whose.path("/withdraw"));
        let field = words.t("update-withdraw-reason");
        let arguments = [("field", field.into())];
        form.reject("reason", words.tn("report-wrong-not-chosen", &arguments));
        let page = own::page(&state, &signed, &whose, form).await?;
        return Ok(whose.keep(&state, &signed, page));
    };
    let Signed { visit, actor } = signed;
    let claim = whose.claim.clone();
    state
        .call(move |hub| update::withdraw(hub, &Signed::call(&actor, &visit), claim, reason))
        .await?;
    Ok(Redirect::to(&whose.path("/history")).into_response())
}
