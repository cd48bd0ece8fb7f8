//! `POST /advisories/{advisory}/nudge`, `POST /advisories/{advisory}/retry`.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Redirect;
use domain::id::{AddresseeId, AdvisoryId};
use hub::reach::Whom;

use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Reminds those who have not acted, or the chosen ones of them.
pub(crate) async fn nudge(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let chosen: BTreeSet<AddresseeId> = posted
        .all("line")
        .iter()
        .map(|line| line.parse())
        .collect::<Result<_, _>>()
        .map_err(|_| Problem::Malformed)?;
    let whom = match posted.one("whom") {
        "everybody" => Whom::Everybody,
        "chosen" => Whom::Chosen(chosen),
        _ => return Err(Problem::Malformed),
    };
    let chose_nobody = whom == Whom::Chosen(BTreeSet::new());
    let count = state
        .call(move |hub| hub::reach::nudge(hub, &Signed::call(&actor, &visit), id, whom))
        .await?;
    let said = if chose_nobody { "nobody" } else { "nudged" };
    let target = format!("/advisories/{id}/reach?said={said}&count={count}");
    Ok(Redirect::to(&target))
}

/// Sends again what was given up.
pub(crate) async fn retry(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Redirect, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let count = state
        .call(move |hub| hub::reach::retry(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let target = format!("/advisories/{id}/reach?said=retried&count={count}");
    Ok(Redirect::to(&target))
}
