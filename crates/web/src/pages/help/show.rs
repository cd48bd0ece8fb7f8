//! `GET /help`: whom to call, what to do when, what the words mean.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use domain::reference::ReferenceData;
use view::page::help::{Help, UncheckedList};
use view::words::Words;

use crate::lists::say;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Visit;

/// Shows the page to everybody.
pub(crate) async fn show(
    State(state): State<AppState>,
    visit: Visit,
) -> Result<Html<String>, Problem> {
    let page = Help {
        unchecked: unchecked(&state, &visit),
        frame: visit.frame(&state),
    };
    Ok(Html(page.render()?))
}

/// What the lists hold that a person still has to check, list by list, with the documents.
fn unchecked(state: &AppState, visit: &Visit) -> Vec<UncheckedList> {
    let (words, reference) = (visit.words, state.hub.reference());
    let mut lists: Vec<(&str, UncheckedList)> = Vec::new();
    for row in reference.needing_review() {
        let line = (
            say(words, row.name),
            document(reference, words, row.source.as_str()),
        );
        let known = lists.iter_mut().find(|(file, _)| *file == row.table.file);
        if let Some((_, list)) = known {
            list.rows.push(line);
        } else {
            let stem = row.table.file.trim_end_matches(".toml").replace('_', "-");
            let title = words.t(&format!("reference-list-{stem}")).into_owned();
            let rows = vec![line];
            lists.push((row.table.file, UncheckedList { title, rows }));
        }
    }
    lists.into_iter().map(|(_, list)| list).collect()
}

/// The document with that code by name.
fn document(reference: &ReferenceData, words: Words, code: &str) -> String {
    let mut rows = reference.documents.rows().iter();
    rows.find(|row| row.code.as_str() == code)
        .map_or_else(|| code.to_owned(), |row| say(words, &row.name))
}
