//! Near misses as rows of a file: what the endpoints share.

use axum::extract::State;
use axum::response::Response;
use domain::report::near_miss::NearMiss;
use exchange::near_miss_rows::{self, MARK, ROWS_MAX};
use exchange::sheet::{Column, Fault, Most, Row, all_or_faults};
use hub::near_miss::Desk;
use hub::submit::FormKey;

use crate::problem::Problem;
use crate::sheets::{self, Plan};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

pub(super) mod check;
pub(super) mod send;

/// The page.
pub(super) const PAGE: &str = "/near-miss/batch";

/// `GET /near-miss/batch/template.xlsx`: a workbook to fill in.
pub(crate) async fn workbook(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Response, Problem> {
    let desk = desk(&state, &signed).await?;
    let visit = &signed.visit;
    plan(&state, visit, &desk).workbook(&state, visit, &mark(new_key(visit)), &[], &[])
}

/// `GET /near-miss/batch/template.csv`: the same as CSV.
pub(crate) async fn comma_separated(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Response, Problem> {
    let desk = desk(&state, &signed).await?;
    let visit = &signed.visit;
    Ok(plan(&state, visit, &desk).comma_separated(&mark(new_key(visit)), &[]))
}

/// The table, with what the caller's desk offers.
fn plan(state: &AppState, visit: &Visit, desk: &Desk) -> Plan {
    let (words, lists) = (visit.words, state.hub.reference());
    let day = visit.now.day_in_japan();
    let column = |word, width| Column {
        width,
        ..Plan::column(
            words,
            word,
            &format!("near-miss-batch-column-{word}"),
            &format!("near-miss-batch-help-{word}"),
        )
    };
    let scopes = desk
        .scopes
        .iter()
        .map(|scope| sheets::pick(words, scope.word(), &format!("near-miss-scope-{scope}")));
    let columns = vec![
        Column {
            picks: sheets::picks(words, lists.near_miss_kinds.current(day)),
            ..column("kind", 24)
        },
        column("when", 18),
        Column {
            picks: sheets::picks(words, lists.places.current(day)),
            most: Most::Several,
            ..column("place", 20)
        },
        Column {
            picks: sheets::picks(words, lists.no_harm_reasons.current(day)),
            ..column("reason", 24)
        },
        column("line", 48),
        Column {
            picks: scopes.collect(),
            ..column("scope", 32)
        },
    ];
    Plan {
        sheets: ["near-miss-batch-sheet", "near-miss-batch-notes"],
        name: "noroshi-near-miss",
        columns,
        rows_max: ROWS_MAX,
        notes: ["lines", "once", "together"]
            .iter()
            .map(|note| {
                words
                    .t(&format!("near-miss-batch-note-{note}"))
                    .into_owned()
            })
            .collect(),
    }
}

/// The near misses of the rows, or everything that is wrong with them.
fn read_rows(plan: &Plan, visit: &Visit, rows: &[Row]) -> Result<Vec<NearMiss>, Vec<Fault>> {
    all_or_faults(rows, |row, _| {
        near_miss_rows::near_miss(row, &plan.columns, visit.now)
    })
}

async fn desk(state: &AppState, signed: &Signed) -> Result<Desk, Problem> {
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    state
        .call(move |hub| hub::near_miss::desk(hub, &Signed::call(&actor, &visit)))
        .await
}

fn new_key(visit: &Visit) -> FormKey {
    FormKey::draw(&mut visit.random.derive("near-miss/file"))
}

fn mark(key: FormKey) -> String {
    format!("{MARK}{key}")
}

/// The key that a file's mark carries.
fn key_of(mark: &str) -> Option<FormKey> {
    mark.strip_prefix(MARK)?.trim().parse().ok()
}
