//! `GET /findings/verdicts`, `GET /api/v1/findings/verdicts`: judgments for a carrier's detection.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use domain::finding::Judgment;
use domain::time::Timestamp;
use hub::finding::{Judged, Row, Standpoint};
use serde_json::json;

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// One JSON object a line, as `noroshi flow scan` reads them: server, port, protocol, verdict and the
/// hour at which it expires. Of several about one server the last line counts there: the reader's own
/// organization comes last, before it the latest of the desks. What another carrier thinks is none of
/// them: no carrier steers the detection of others.
pub(crate) async fn lines(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Response, Problem> {
    let rows = state
        .call(move |hub| hub::finding::verdicts(hub, &Signed::call(&actor, &visit)))
        .await?;
    let text: String = rows.iter().flat_map(of_row).collect();
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"verdicts.jsonl\"",
        ),
    ];
    Ok((headers, text).into_response())
}

fn of_row(row: &Row) -> Vec<String> {
    let server = row.found.content().server;
    // The latest stand first in the row.
    let (own, others): (Vec<&Judged>, Vec<&Judged>) = row
        .judgments
        .iter()
        .rev()
        .partition(|judged| judged.standpoint == Standpoint::Own);
    let ordered = others.into_iter().chain(own);
    ordered
        .map(|judged| {
            let verdict = match judged.judgment {
                Judgment::Malicious => "command",
                Judgment::Harmless => "benign",
                Judgment::Unclear => "unclear",
            };
            let line = json!({
                "server": server.address.to_string(),
                "port": server.port,
                "protocol": server.protocol,
                "verdict": verdict,
                "expires": hour(judged.expires_at),
            });
            format!("{line}\n")
        })
        .collect()
}

/// The full hour at or before `at`.
fn hour(at: Timestamp) -> String {
    let whole = at.seconds().div_euclid(3_600) * 3_600;
    Timestamp::from_seconds(whole).to_jiff().to_string()
}
