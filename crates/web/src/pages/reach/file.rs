//! `GET /advisories/{advisory}/reach.xlsx`: the lines as a workbook, in the reader's language.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use domain::id::AdvisoryId;
use domain::time::Timestamp;
use exchange::listing::{Cell, Listing, workbook};
use hub::reach::{ReachLine, Reached};
use view::clock;
use view::page::duty::{progress_name, tier_name};
use view::page::reach::{hop_name, urgency_name};
use view::words::Words;

use super::show::head;
use crate::names::organization;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Media type of a workbook (ECMA-376).
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Headings, by their keys.
const HEADINGS: [&str; 11] = [
    "reach-organization",
    "reach-hop",
    "reach-tier",
    "reach-state",
    "reach-urgency",
    "advisory-due",
    "reach-delivered",
    "reach-opened",
    "reach-accepted",
    "reach-settled",
    "reach-nudged-column",
];

/// Hands out the workbook; taking it away is noted.
pub(crate) async fn download(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Response, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let (words, now) = (visit.words, visit.now);
    let reached = state
        .call(move |hub| hub::reach::export(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let bytes =
        workbook(&listing(&reached, words, now)).map_err(|error| Problem::trouble(&error))?;
    let name = format!("attachment; filename=\"{}-reach.xlsx\"", reached.row.number);
    let headers = [(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

fn listing(reached: &Reached, words: Words, now: Timestamp) -> Listing {
    let head = head(&reached.row, &reached.issuer, words);
    let made = clock::jst(now, words);
    Listing {
        name: words.t("reach-title").into_owned(),
        above: vec![
            format!("TLP:AMBER+STRICT  {}  {}", head.title(words), head.issuer),
            words.tn("reach-made", &[("time", made.into())]),
            words.t("reach-zone").into_owned(),
        ],
        head: HEADINGS
            .iter()
            .map(|key| words.t(key).into_owned())
            .collect(),
        rows: reached.lines.iter().map(|line| row(line, words)).collect(),
        made_at: now,
    }
}

fn row(line: &ReachLine, words: Words) -> Vec<Cell> {
    let moment = |at: Option<Timestamp>| at.map_or(Cell::Empty, Cell::Moment);
    vec![
        Cell::Text(organization(&line.organization, words)),
        Cell::Text(hop_name(line.hop, words)),
        Cell::Text(tier_name(line.row.tier, words)),
        Cell::Text(progress_name(line.row.progress, words)),
        Cell::Text(urgency_name(line.urgency, words)),
        Cell::Moment(line.due_at),
        moment(line.row.delivered_at),
        moment(line.row.opened_at),
        moment(line.row.accepted_at),
        moment(line.row.settled_at),
        moment(line.row.nudged_at),
    ]
}
