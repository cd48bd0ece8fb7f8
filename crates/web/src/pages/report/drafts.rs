//! `GET /drafts`: the visitor's unfinished reports.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use domain::report::question::Question;
use hub::draft::{self, DraftRow};
use view::page::report::{DraftLine, Drafts};
use view::part::Empty;
use view::words::Words;

use super::ask::is_begun;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the drafts under the visitor's name.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let asking = visit.clone();
    let rows = state
        .call(move |hub| draft::list(hub, &Signed::call(&actor, &asking)))
        .await?;
    let words = visit.words;
    let page = Drafts {
        frame: visit.frame(&state),
        rows: rows.iter().map(|row| line(row, words)).collect(),
        empty: Empty {
            title: words.t("report-drafts-empty").into_owned(),
            why: words.t("report-drafts-empty-why").into_owned(),
            action: None,
            checked_at: Some(visit.now),
        },
    };
    Ok(Html(page.render()?))
}

/// A row that leads to the first question that was not begun.
fn line(row: &DraftRow, words: Words) -> DraftLine {
    let draft = row.draft.content();
    let begun = Question::ALL
        .iter()
        .filter(|question| is_begun(draft, **question))
        .count();
    let open = Question::ALL
        .iter()
        .find(|question| !is_begun(draft, **question));
    let headline = draft.one("headline").trim();
    let title = if headline.is_empty() {
        words.t("report-drafts-no-headline").into_owned()
    } else {
        headline.to_owned()
    };
    DraftLine {
        href: match open {
            Some(question) => format!("/drafts/{}/{question}", draft.id),
            None => format!("/drafts/{}/check", draft.id),
        },
        title,
        answered_count: u8::try_from(begun).unwrap_or(u8::MAX),
        updated_at: row.updated_at,
        expires_at: row.expires_at,
    }
}
