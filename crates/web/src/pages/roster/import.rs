//! `GET /roster/roster.xlsx`, `GET /roster/import`, `POST /roster/import`: the roster as a file, out
//! and in again, with a dry run between.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::roster::Fate;
use exchange::duty_rows::{self, MARK, PlannedTurn};
use exchange::sheet::{Fault, Row, all_or_faults, carried};
use hub::roster::{NewTurn, Planned, Roster};
use view::form::Form;
use view::page::sheet::{Check, CheckedRow, Matter, Upload};

use super::{PAGE, label, person_of, plan, roster, turn_label};
use crate::problem::{Problem, REFUSED};
use crate::sheets::{Plan, checked};
use crate::state::AppState;
use crate::upload::Uploaded;
use crate::visit::{Signed, Visit};

/// The page that takes a file.
const IMPORT: &str = "/roster/import";
/// First row below the headings.
const FIRST_ROW: u32 = 2;

/// Hands out what is planned, as the template that is read in again.
pub(crate) async fn export(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Response, Problem> {
    let roster = roster(&state, &signed).await?;
    let words = signed.visit.words;
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let turns = state
        .call(move |hub| hub::roster::planned_turns(hub, &Signed::call(&actor, &visit)))
        .await?;
    let rows: Vec<Row> = (FIRST_ROW..)
        .zip(&turns)
        .filter_map(|(number, turn)| {
            let person = person_of(turn, &roster.people)?;
            Some(duty_rows::row(
                number,
                turn,
                &label(person, &roster.people, words),
            ))
        })
        .collect();
    plan(words, &roster.people).workbook(&state, &signed.visit, MARK, &rows, &[])
}

/// Shows the page that takes a file.
pub(crate) async fn show(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let roster = roster(&state, &signed).await?;
    let plan = plan(signed.visit.words, &roster.people);
    Ok(Html(
        upload_page(&state, &signed.visit, &plan, Form::new(IMPORT)).render()?,
    ))
}

/// Reads a file and says what would become of each row.
pub(crate) async fn check(
    State(state): State<AppState>,
    signed: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    let visit = &signed.visit;
    let roster = roster(&state, &signed).await?;
    let plan = plan(visit.words, &roster.people);
    match plan.read(visit.words, &uploaded) {
        Ok(table) => {
            let file = File {
                rows: table.rows,
                unknown_headings: table.unknown_headings,
            };
            dry_run(&state, &signed, &roster, file).await
        }
        Err(refusal) => {
            let mut form = Form::new(IMPORT);
            form.reject("file", refusal);
            let page = upload_page(&state, visit, &plan, form);
            Ok((REFUSED, Html(page.render()?)).into_response())
        }
    }
}

/// Hands out the rows with notes on the cells to mend.
pub(crate) async fn marked(
    State(state): State<AppState>,
    signed: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    let visit = &signed.visit;
    let roster = roster(&state, &signed).await?;
    let plan = plan(visit.words, &roster.people);
    let file = File::carried_in(&uploaded, &plan)?;
    let faults = read_rows(&plan, visit, &file.rows)
        .err()
        .unwrap_or_default();
    plan.workbook(&state, visit, MARK, &file.rows, &faults)
}

/// Saves the rows of the dry run.
pub(crate) async fn save(
    State(state): State<AppState>,
    signed: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    let visit = &signed.visit;
    let roster = roster(&state, &signed).await?;
    let plan = plan(visit.words, &roster.people);
    let file = File::carried_in(&uploaded, &plan)?;
    let Ok(turns) = read_rows(&plan, visit, &file.rows) else {
        return dry_run(&state, &signed, &roster, file).await;
    };
    let (actor, asking) = (signed.actor.clone(), visit.clone());
    state
        .call(move |hub| hub::roster::plan(hub, &Signed::call(&actor, &asking), turns))
        .await?;
    Ok(Redirect::to(PAGE).into_response())
}

/// What was in a file.
struct File {
    rows: Vec<Row>,
    unknown_headings: Vec<String>,
}

impl File {
    fn carried_in(uploaded: &Uploaded, plan: &Plan) -> Result<Self, Problem> {
        Ok(Self {
            rows: plan.carried_in(uploaded)?,
            unknown_headings: Vec::new(),
        })
    }
}

fn read_rows(plan: &Plan, visit: &Visit, rows: &[Row]) -> Result<Vec<NewTurn>, Vec<Fault>> {
    let turns = all_or_faults(rows, |row, _| {
        duty_rows::turn(row, &plan.columns, visit.now)
    })?;
    let new = |turn: PlannedTurn| {
        Some(NewTurn {
            membership: turn.person.parse().ok()?,
            span: turn.span,
        })
    };
    Ok(turns.into_iter().filter_map(new).collect())
}

async fn dry_run(
    state: &AppState,
    signed: &Signed,
    roster: &Roster,
    file: File,
) -> Result<Response, Problem> {
    let visit = &signed.visit;
    let plan = plan(visit.words, &roster.people);
    let (planned, faults) = match read_rows(&plan, visit, &file.rows) {
        Ok(turns) => {
            let (actor, asking) = (signed.actor.clone(), visit.clone());
            let planned = state
                .call(move |hub| hub::roster::planned(hub, &Signed::call(&actor, &asking), &turns))
                .await?;
            (planned, Vec::new())
        }
        Err(faults) => (Planned::default(), faults),
    };
    let found = (&planned, faults.as_slice());
    checked(&check_page(state, visit, &plan, roster, &file, found))
}

fn check_page(
    state: &AppState,
    visit: &Visit,
    plan: &Plan,
    roster: &Roster,
    file: &File,
    (planned, faults): (&Planned, &[Fault]),
) -> Check {
    let words = visit.words;
    let added = planned.fates.iter().filter(|fate| **fate == Fate::Added);
    let (added, dropped) = (added.count(), planned.dropped.len());
    let lead = match (faults.is_empty(), added + dropped) {
        (false, _) => words.t("roster-import-mend").into_owned(),
        (true, 0) => words.t("roster-import-nothing").into_owned(),
        (true, _) => words.tn(
            "roster-import-will",
            &[("added", added.into()), ("dropped", dropped.into())],
        ),
    };
    let dropped_turn = |turn| {
        let turn = turn_label(turn, &roster.people, words);
        words.tn("roster-import-dropped", &[("turn", turn.into())])
    };
    let rows = file.rows.iter().enumerate().map(|(place, row)| {
        let is_faulty = faults.iter().any(|fault| fault.row == row.number);
        let (fate, tone) = fate(planned.fates.get(place), is_faulty);
        let cells = plan.columns.iter().map(|column| row.cell(column.word));
        CheckedRow {
            number: row.number,
            fate: words.t(fate).into_owned(),
            tone,
            cells: cells.map(str::to_owned).collect(),
        }
    });
    Check {
        frame: visit.frame(state),
        matter: Matter::Turns,
        form: Form::new(IMPORT),
        carried: vec![("rows".to_owned(), carried(&file.rows))],
        back: (PAGE.to_owned(), words.t("roster-title").into_owned()),
        title: words.t("roster-import-check-title").into_owned(),
        lead,
        warnings: planned.dropped.iter().map(dropped_turn).collect(),
        unknown_headings: file.unknown_headings.clone(),
        head: plan
            .columns
            .iter()
            .map(|column| column.heading.clone())
            .collect(),
        rows: rows.collect(),
        faults: plan.told(words, &file.rows, faults),
        confirm: (faults.is_empty() && added + dropped > 0).then(|| {
            (
                format!("{IMPORT}/save"),
                words.t("roster-import-save").into_owned(),
            )
        }),
        marked_action: format!("{IMPORT}/marked"),
    }
}

/// What becomes of a row, and how loud that is.
fn fate(fate: Option<&Fate>, is_faulty: bool) -> (&'static str, &'static str) {
    match fate {
        _ if is_faulty => ("sheet-fate-mend", "failure"),
        Some(Fate::Added) => ("roster-fate-added", "hint"),
        Some(Fate::Past) => ("roster-fate-past", "warning"),
        Some(Fate::Unchanged) => ("roster-fate-unchanged", "still"),
        None => ("sheet-fate-fine", "still"),
    }
}

fn upload_page(state: &AppState, visit: &Visit, plan: &Plan, form: Form) -> Upload {
    let words = visit.words;
    Upload {
        frame: visit.frame(state),
        matter: Matter::Turns,
        form,
        title: words.t("roster-import-title").into_owned(),
        lead: words.t("roster-import-lead").into_owned(),
        back: (PAGE.to_owned(), words.t("roster-title").into_owned()),
        templates: vec![(
            format!("{PAGE}/roster.xlsx"),
            words.t("roster-export").into_owned(),
        )],
        rows_max: plan.rows_max,
        notes: plan.notes.clone(),
    }
}
