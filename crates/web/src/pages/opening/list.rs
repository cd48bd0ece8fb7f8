//! `GET /openings`: what the own organization asked for, or a custodian is asked about.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use domain::opening::OpeningStage;
use hub::open_seal::OpeningRow;
use view::layout::Tone;
use view::page::opening::{OpeningLine, OpeningList};
use view::part::Empty;
use view::words::Words;

use crate::names::organization;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the list.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let frame = visit.frame(&state);
    let words = frame.words;
    let checked_at = Some(visit.now);
    let rows = state
        .call(move |hub| hub::open_seal::list(hub, &Signed::call(&actor, &visit)))
        .await?;
    let page = OpeningList {
        rows: rows.iter().map(|row| line(row, words)).collect(),
        empty: Empty {
            title: words.t("opening-empty").into_owned(),
            why: words.t("opening-empty-why").into_owned(),
            action: None,
            checked_at,
        },
        frame,
    };
    Ok(Html(page.render()?))
}

/// An opening as a line.
pub(super) fn line(row: &OpeningRow, words: Words) -> OpeningLine {
    OpeningLine {
        href: format!("/openings/{}", row.id),
        pseudonym: row.pseudonym.clone(),
        stage: words
            .t(&format!("opening-stage-{}", row.stage.word()))
            .into_owned(),
        tone: tone(row.stage),
        organization: organization(&row.organization, words),
        requested_at: row.requested_at,
    }
}

fn tone(stage: OpeningStage) -> Tone {
    match stage {
        OpeningStage::Requested => Tone::Hint,
        OpeningStage::Approved | OpeningStage::Opened | OpeningStage::Closed => Tone::Warning,
        OpeningStage::Refused | OpeningStage::Withdrawn | OpeningStage::Lapsed => Tone::Done,
    }
}
