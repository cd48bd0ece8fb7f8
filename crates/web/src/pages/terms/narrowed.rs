//! `GET /triage/narrowed`: parts that this reader held, under tighter terms since.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use hub::update::terms::Access;
use view::answer::{kind_name, part_name};
use view::page::terms::{NarrowedPage, NarrowedRow};

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the list.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let asking = visit.clone();
    let told = state
        .call(move |hub| hub::update::terms::told(hub, &Signed::call(&actor, &asking)))
        .await?;
    let words = visit.words;
    let rows = told
        .into_iter()
        .map(|row| NarrowedRow {
            title: words.tn(
                "case-title",
                &[
                    ("kind", kind_name(row.report_kind, words).into()),
                    ("pseudonym", row.pseudonym.as_str().into()),
                ],
            ),
            href: (row.access == Access::Kept).then(|| format!("/reports/{}", row.report)),
            part: part_name(row.kind, words),
            at: row.narrowed_at,
        })
        .collect();
    let page = NarrowedPage {
        frame: visit.frame(&state),
        rows,
    };
    Ok(Html(page.render()?))
}
