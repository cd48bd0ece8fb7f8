//! `GET /near-miss/batch`: takes a file. `POST /near-miss/batch`: the dry run of what is in it.
//! `POST /near-miss/batch/marked`: the same rows as a workbook with notes on the cells to mend.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use exchange::moment;
use exchange::near_miss_rows::content;
use exchange::sheet::{Column, Fault, Row, carried};
use hub::near_miss::Desk;
use hub::submit::FormKey;
use view::answer;
use view::form::Form;
use view::page::sheet::{Check, CheckedRow, Matter, Upload};

use super::{PAGE, desk, key_of, mark, new_key, plan, read_rows};
use crate::problem::{Problem, REFUSED};
use crate::sheets::{Plan, checked};
use crate::state::AppState;
use crate::upload::Uploaded;
use crate::visit::{Signed, Visit};

/// Shows the page that takes a file.
pub(crate) async fn show(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let desk = desk(&state, &signed).await?;
    let plan = plan(&state, &signed.visit, &desk);
    Ok(Html(
        upload_page(&state, &signed.visit, &plan, Form::new(PAGE)).render()?,
    ))
}

/// Reads a file and says what would become of each row. Nothing is kept.
pub(crate) async fn check(
    State(state): State<AppState>,
    signed: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    let visit = &signed.visit;
    let desk = desk(&state, &signed).await?;
    let plan = plan(&state, visit, &desk);
    match plan.read(visit.words, &uploaded) {
        Ok(table) => {
            let key = table.mark.as_deref().and_then(key_of);
            let file = File {
                is_marked: key.is_some(),
                key: key.unwrap_or_else(|| new_key(visit)),
                unknown_headings: table.unknown_headings,
                rows: table.rows,
            };
            dry_run(&state, &signed, &desk, file).await
        }
        Err(refusal) => {
            let mut form = Form::new(PAGE);
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
    let desk = desk(&state, &signed).await?;
    let plan = plan(&state, visit, &desk);
    let file = File::carried_in(&uploaded, &plan)?;
    let faults = read_rows(&plan, visit, &file.rows)
        .err()
        .unwrap_or_default();
    plan.workbook(&state, visit, &mark(file.key), &file.rows, &faults)
}

/// What was in a file.
pub(super) struct File {
    /// The key its rows are known by.
    pub(super) key: FormKey,
    /// Whether the file carried it, so that it is the same next time.
    pub(super) is_marked: bool,
    /// Headings that were passed over.
    pub(super) unknown_headings: Vec<String>,
    /// The rows.
    pub(super) rows: Vec<Row>,
}

impl File {
    /// The file as the dry run's forms carry it.
    pub(super) fn carried_in(uploaded: &Uploaded, plan: &Plan) -> Result<Self, Problem> {
        let posted = &uploaded.posted;
        let rows = plan.carried_in(uploaded)?;
        let key = posted.one("key").parse().map_err(|_| Problem::Malformed)?;
        Ok(Self {
            key,
            is_marked: posted.one("marked") == "yes",
            unknown_headings: Vec::new(),
            rows,
        })
    }

    fn fields(&self) -> Vec<(String, String)> {
        let marked = if self.is_marked { "yes" } else { "no" };
        vec![
            ("key".to_owned(), self.key.to_string()),
            ("marked".to_owned(), marked.to_owned()),
            ("rows".to_owned(), carried(&self.rows)),
        ]
    }
}

/// The dry run's page.
pub(super) async fn dry_run(
    state: &AppState,
    signed: &Signed,
    desk: &Desk,
    file: File,
) -> Result<Response, Problem> {
    let visit = &signed.visit;
    let plan = plan(state, visit, desk);
    let faults = read_rows(&plan, visit, &file.rows)
        .err()
        .unwrap_or_default();
    let contents: Vec<Vec<u8>> = file.rows.iter().map(content).collect();
    let (actor, asking, key) = (signed.actor.clone(), visit.clone(), file.key);
    let before = state
        .call(move |hub| {
            let call = Signed::call(&actor, &asking);
            hub::near_miss::sent_before(hub, &call, key, &contents)
        })
        .await?;
    checked(&check_page(state, visit, &plan, &file, &faults, &before))
}

fn check_page(
    state: &AppState,
    visit: &Visit,
    plan: &Plan,
    file: &File,
    faults: &[Fault],
    before: &[bool],
) -> Check {
    let words = visit.words;
    let count = before.iter().filter(|sent| !**sent).count();
    let fate = |row: &Row, sent: bool| {
        if faults.iter().any(|fault| fault.row == row.number) {
            ("sheet-fate-mend", "failure")
        } else if sent {
            ("near-miss-batch-fate-before", "still")
        } else {
            ("near-miss-batch-fate-send", "hint")
        }
    };
    let rows = file.rows.iter().zip(before).map(|(row, sent)| {
        let (fate, tone) = fate(row, *sent);
        let cells = plan
            .columns
            .iter()
            .map(|column| understood(column, row, visit));
        CheckedRow {
            number: row.number,
            fate: words.t(fate).into_owned(),
            tone,
            cells: cells.collect(),
        }
    });
    let lead = match (faults.is_empty(), count) {
        (false, _) => words.t("near-miss-batch-to-mend").into_owned(),
        (true, 0) => words.t("near-miss-batch-nothing-to-send").into_owned(),
        (true, _) => words.tn("near-miss-batch-will-send", &[("count", count.into())]),
    };
    let key = (!file.is_marked).then_some("near-miss-batch-no-key");
    let together = (count > 1).then_some("near-miss-batch-note-together");
    let warnings = [key, together].into_iter().flatten();
    Check {
        frame: visit.frame(state),
        matter: Matter::NearMisses,
        form: Form::new(PAGE),
        carried: file.fields(),
        back: (
            PAGE.to_owned(),
            words.t("near-miss-batch-title").into_owned(),
        ),
        title: words.t("sheet-check-title").into_owned(),
        lead,
        warnings: warnings.map(|key| words.t(key).into_owned()).collect(),
        unknown_headings: file.unknown_headings.clone(),
        head: plan
            .columns
            .iter()
            .map(|column| column.heading.clone())
            .collect(),
        rows: rows.collect(),
        faults: plan.told(words, &file.rows, faults),
        confirm: (faults.is_empty() && count > 0).then(|| {
            (
                format!("{PAGE}/send"),
                words.tn("near-miss-batch-send", &[("count", count.into())]),
            )
        }),
        marked_action: format!("{PAGE}/marked"),
    }
}

/// The cell as it was understood; as it was written where it was not.
fn understood(column: &Column, row: &Row, visit: &Visit) -> String {
    let text = row.cell(column.word);
    if column.word == "when" {
        return moment::parse(text, visit.now).map_or_else(
            |_| text.to_owned(),
            |(at, precision)| answer::moment(at, precision, visit.words),
        );
    }
    let named: Vec<&str> = column
        .picked(text)
        .map(|pick| pick.label.as_str())
        .collect();
    if named.is_empty() {
        text.to_owned()
    } else {
        named.join(visit.words.t("part-and").as_ref())
    }
}

fn upload_page(state: &AppState, visit: &Visit, plan: &Plan, form: Form) -> Upload {
    let words = visit.words;
    let template = |ending: &str| {
        (
            format!("{PAGE}/template.{ending}"),
            words.t(&format!("sheet-template-{ending}")).into_owned(),
        )
    };
    Upload {
        frame: visit.frame(state),
        matter: Matter::NearMisses,
        form,
        title: words.t("near-miss-batch-title").into_owned(),
        lead: words.t("near-miss-batch-lead").into_owned(),
        back: (
            "/near-miss".to_owned(),
            words.t("near-miss-title").into_owned(),
        ),
        templates: vec![template("xlsx"), template("csv")],
        rows_max: plan.rows_max,
        notes: plan.notes.clone(),
    }
}
