//! `GET` and `POST /openings/new/{report}`: purpose and reason.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::id::ReportId;
use domain::opening::Reason;
use domain::word::Code;
use hub::open_seal::{OpeningError, told_days};
use view::form::Form;
use view::page::opening::OpeningNew;

use crate::form::Posted;
use crate::lists::explained;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Asks for purpose and reason. Whether the report is there is said only after sending.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(report): Path<String>,
    Signed { visit, .. }: Signed,
) -> Result<Html<String>, Problem> {
    let report: ReportId = report.parse().map_err(|_| Problem::NotFound)?;
    let form = Form::new(format!("/openings/new/{report}"));
    page(&state, &visit, form).await
}

/// Asks for the opening.
pub(crate) async fn send(
    State(state): State<AppState>,
    Path(report): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let report: ReportId = report.parse().map_err(|_| Problem::NotFound)?;
    let words = visit.words;
    let mut form = posted.refill(&format!("/openings/new/{report}"));
    let purpose = posted.one("purpose").parse::<Code>();
    if purpose.is_err() {
        form.reject("purpose", words.t("opening-needs-purpose"));
    }
    let reason = Reason::parse(posted.one("reason"));
    if reason.is_err() {
        form.reject("reason", words.t("opening-needs-reason"));
    }
    let (Ok(purpose), Ok(reason)) = (purpose, reason) else {
        return Ok(page(&state, &visit, form).await?.into_response());
    };
    let asking = visit.clone();
    let asked = state
        .call(move |hub| {
            let call = Signed::call(&actor, &asking);
            let asked = hub::open_seal::request(hub, &call, report, &purpose, &reason);
            Ok::<_, OpeningError>(asked)
        })
        .await?;
    let wrong = match asked {
        Ok(id) | Err(OpeningError::UnderWay(id)) => {
            return Ok(Redirect::to(&format!("/openings/{id}")).into_response());
        }
        Err(OpeningError::UnknownPurpose) => ("purpose", words.t("opening-needs-purpose")),
        Err(OpeningError::NotSealed(custody)) => (
            "purpose",
            words.t(&format!("opening-not-sealed-{}", custody.word())),
        ),
        Err(OpeningError::TooMany) => ("purpose", words.t("opening-too-many")),
        Err(other) => return Err(other.into()),
    };
    form.reject(wrong.0, wrong.1);
    Ok(page(&state, &visit, form).await?.into_response())
}

async fn page(state: &AppState, visit: &Visit, form: Form) -> Result<Html<String>, Problem> {
    let words = visit.words;
    let told_days = state
        .call(|hub| told_days(hub).map_err(hub::ReadError::from))
        .await?;
    let day = visit.now.day_in_japan();
    let purposes = &state.hub.reference().purposes;
    let page = OpeningNew {
        frame: visit.frame(state),
        form,
        purposes: explained(words, purposes.current(day), |purpose| &purpose.meaning),
        told_days,
    };
    Ok(Html(page.render()?))
}
