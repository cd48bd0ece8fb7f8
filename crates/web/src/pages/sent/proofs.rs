//! `GET /mailbox/proofs`: every proof that the source of an unnamed report is given, in one file.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use hub::claim::Claim;
use hub::log::LogError;

use super::whose::Whose;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Gives the proofs, one JSON document per line.
pub(crate) async fn download(
    State(state): State<AppState>,
    whose: Whose,
    signed: Signed,
) -> Result<Response, Problem> {
    let Claim::Code(pass) = whose.claim else {
        return Err(Problem::NotFound);
    };
    let Signed { visit, actor } = signed;
    let proofs = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            match hub::log::opened_mailbox_proofs(hub, &call, &pass) {
                // Nothing is published yet: an empty file says so.
                Err(LogError::Waiting) => Ok(Vec::new()),
                other => other,
            }
        })
        .await?;
    let lines: String = proofs
        .iter()
        .map(|proof| proof.file.to_json().replace('\n', "") + "\n")
        .collect();
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson".to_owned()),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"proofs.jsonl\"".to_owned(),
        ),
    ];
    Ok((headers, lines).into_response())
}
