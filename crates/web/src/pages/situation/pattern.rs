//! `GET /situation/pattern`: what of a sector reached this reader in a week.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::Html;
use domain::count::Period;
use domain::part::field::Field;
use domain::word::Code;
use serde::Deserialize;
use view::answer::Names;
use view::page::count::period_name;
use view::page::situation::{PatternPage, PatternRow};

use crate::pages::case::{title, told};
use crate::pages::intake::FACETS;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// The cell that was chosen.
#[derive(Deserialize)]
pub(crate) struct Asked {
    sector: String,
    week: String,
}

/// Shows the reader's own rows of that cell.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let sector: Code = asked.sector.parse().map_err(|_| Problem::NotFound)?;
    let week: Period = asked.week.parse().map_err(|_| Problem::NotFound)?;
    let (asking, wanted) = (visit.clone(), sector.clone());
    let found = state
        .call(move |hub| {
            let call = Signed::call(&actor, &asking);
            hub::situation::pattern(hub, &call, &wanted, week)
        })
        .await?;
    let words = visit.words;
    let names = Names {
        reference: state.hub.reference(),
        day: visit.now.day_in_japan(),
        words,
    };
    let rows = found
        .iter()
        .map(|row| (row, told(row.seen_at)))
        .map(|(row, (seen_at, exact))| PatternRow {
            href: format!("/reports/{}", row.head.id),
            title: title(&row.head, words),
            facts: FACETS
                .iter()
                .filter_map(|field| Some((field, row.facets.get(field)?)))
                .flat_map(|(field, codes)| codes.iter().map(|code| names.code(*field, code)))
                .collect(),
            seen_at,
            exact,
        })
        .collect();
    let page = PatternPage {
        frame: visit.frame(&state),
        sector: names.code(Field::Sector, &sector),
        week: period_name(week, words),
        rows,
    };
    Ok(Html(page.render()?))
}
