//! `POST /advisories/{advisory}/answer`.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::advisory::feedback::Remark;
use domain::confidential::Confidential;
use domain::id::{AddresseeId, AdvisoryId};
use hub::acknowledge::Answer;

use super::show::{Rejected, page};
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Takes an answer for one line of the reader's organization.
pub(crate) async fn answer(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let line: AddresseeId = posted.one("line").parse().map_err(|_| Problem::NotFound)?;
    let answer = match posted.one("answer") {
        "accepted" => Answer::Accepted,
        "done" => Answer::Done,
        "not-applicable" => Answer::NotApplicable,
        "cannot" => {
            let Ok(reason) = Remark::parse(posted.one("reason")) else {
                let mut form = posted.refill(&format!("/advisories/{id}/answer"));
                form.reject("reason", visit.words.t("advisory-reason-missing"));
                let shown = page(
                    &state,
                    visit,
                    actor,
                    &advisory,
                    None,
                    Rejected::Answer(form),
                )
                .await?;
                return Ok(shown.into_response());
            };
            Answer::Cannot(Confidential::new(reason))
        }
        _ => return Err(Problem::Malformed),
    };
    state
        .call(move |hub| {
            hub::acknowledge::answer(hub, &Signed::call(&actor, &visit), id, line, answer)
        })
        .await?;
    let target = format!("/advisories/{id}?said=answered");
    Ok(Redirect::to(&target).into_response())
}
