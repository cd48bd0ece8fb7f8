//! `GET /situation`: is this one attack or many?

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use domain::count::{Period, PeriodKind, Quarter};
use domain::part::field::Field;
use domain::release::situation::Shown;
use domain::time::Timestamp;
use domain::word::Code;
use view::answer::Names;
use view::chart::{Heat, HeatRow, Ranked};
use view::clock;
use view::page::situation::SituationPage;
use view::table::{Cell, Table};
use view::words::{Argument, Words};

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the page.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let asking = visit.clone();
    let board = state
        .call(move |hub| hub::situation::board(hub, &Signed::call(&actor, &asking)))
        .await?;
    let words = visit.words;
    let names = Names {
        reference: state.hub.reference(),
        day: visit.now.day_in_japan(),
        words,
    };
    let rows: Vec<(Code, String)> = board
        .rows
        .into_iter()
        .map(|row| {
            let name = names.code(Field::Sector, &row);
            (row, name)
        })
        .collect();
    let weeks = board.weeks.filter(|weeks| !weeks.is_empty());
    let wholes = (!board.wholes.is_empty()).then(|| Table {
        caption: words.t("situation-wholes").into_owned(),
        head: vec![
            words.t("situation-quarter-axis").into_owned(),
            words.t("situation-count").into_owned(),
        ],
        rows: board
            .wholes
            .iter()
            .map(|(quarter, whole)| {
                let name = quarter_text("situation-quarter-name", *quarter, words);
                vec![Cell::Text(name), cell(*whole)]
            })
            .collect(),
    });
    let page = SituationPage {
        frame: visit.frame(&state),
        weeks: weeks.map(|weeks| heat(words, &rows, &weeks)),
        quarter: board.quarter.map(|(quarter, figures)| Ranked {
            id: "quarter".to_owned(),
            title: quarter_text("situation-quarter-title", quarter, words),
            axis: words.t("situation-sector").into_owned(),
            rows: rows
                .iter()
                .map(|(row, name)| {
                    let count = figures.content().sectors.get(row).copied();
                    (name.clone(), cell(count))
                })
                .collect(),
        }),
        wholes,
        published_at: board.published_at,
    };
    Ok(Html(page.render()?))
}

/// Every cell leads on, shown or withheld: what can be opened tells nothing.
fn heat(
    words: Words,
    rows: &[(Code, String)],
    weeks: &[(Period, domain::release::Released<Shown>)],
) -> Heat {
    let column =
        |week: Period| clock::short_day(Timestamp::start_of_day_in_japan(week.start()), words);
    Heat {
        id: "weeks".to_owned(),
        title: words.t("situation-weeks-title").into_owned(),
        axis: words.t("situation-sector").into_owned(),
        columns: weeks.iter().map(|(week, _)| column(*week)).collect(),
        rows: rows
            .iter()
            .map(|(row, name)| HeatRow {
                label: name.clone(),
                cells: weeks
                    .iter()
                    .map(|(_, shown)| cell(shown.content().get(row).copied()))
                    .collect(),
                hrefs: weeks
                    .iter()
                    .map(|(week, _)| format!("/situation/pattern?sector={row}&week={week}"))
                    .collect(),
            })
            .collect(),
    }
}

fn cell(count: Option<u64>) -> Cell {
    count.map_or(Cell::Withheld, Cell::Number)
}

/// A quarter in the words of `key`.
pub(crate) fn quarter_text(key: &str, quarter: Quarter, words: Words) -> String {
    let first = Period::of(PeriodKind::Month, quarter.start());
    words.tn(
        key,
        &[
            ("year", quarter.start().year().to_string().into()),
            ("first", Argument::Number(first.start().month().into())),
        ],
    )
}
