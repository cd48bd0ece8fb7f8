//! `/members/organizations/import`: organizations as rows of a file, a dry run, and entering those
//! that are new with an invitation to the first administrator of each.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::organization::OrganizationKind;
use exchange::organization_rows::{self, MARK, ROWS_MAX, Told};
use exchange::sheet::{Column, Fault, Row, Why, all_or_faults, carried};
use hub::invite::{Way, WrittenIn};
use hub::set_up::{
    BringInError, BroughtIn, Fate, FirstAdministrator, Listed, bring_in, look_through,
};
use view::form::Form;
use view::page::members::brought_in::{self, BroughtInPage, BroughtInRow};
use view::page::sheet::{Check, Matter, Upload};
use view::words::Words;

use crate::lists::say_name;
use crate::problem::{Problem, REFUSED};
use crate::sheets::{self, Plan};
use crate::state::AppState;
use crate::upload::Uploaded;
use crate::visit::{Signed, Visit};

/// The page that takes a file.
const IMPORT: &str = "/members/organizations/import";
/// Where it is reached from.
const LIST: &str = "/members/organizations";

/// Shows the page that takes a file.
pub(crate) async fn show(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    Ok(Html(upload_page(&state, &signed.visit, None).render()?))
}

/// Hands out the workbook to fill in.
pub(crate) async fn workbook(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Response, Problem> {
    plan(&state, &signed.visit).workbook(&state, &signed.visit, MARK, &[], &[])
}

/// Hands out the same as CSV.
pub(crate) async fn comma_separated(State(state): State<AppState>, signed: Signed) -> Response {
    plan(&state, &signed.visit).comma_separated(MARK, &[])
}

/// Reads a file and says what would become of each row.
pub(crate) async fn check(
    State(state): State<AppState>,
    signed: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    match plan(&state, &signed.visit).read(signed.visit.words, &uploaded) {
        Ok(table) => {
            let mut page = dry_run(&state, &signed, &table.rows).await?;
            page.unknown_headings = table.unknown_headings;
            sheets::checked(&page)
        }
        Err(refusal) => {
            let page = upload_page(&state, &signed.visit, Some(refusal));
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
    let plan = plan(&state, &signed.visit);
    let rows = plan.carried_in(&uploaded)?;
    let faults = looked_at(&state, &signed, &plan, &rows).await?.faults;
    plan.workbook(&state, &signed.visit, MARK, &rows, &faults)
}

/// Enters those that are new. Links that do not go by mail are shown once, as the answer itself.
pub(crate) async fn enter(
    State(state): State<AppState>,
    signed: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    let plan = plan(&state, &signed.visit);
    let rows = plan.carried_in(&uploaded)?;
    let Ok(list) = read_rows(&plan, &rows) else {
        return sheets::checked(&dry_run(&state, &signed, &rows).await?);
    };
    let (actor, asking) = (signed.actor.clone(), signed.visit.clone());
    let answer = state
        .ask(move |hub| bring_in(hub, &Signed::call(&actor, &asking), list))
        .await?;
    let done = match answer {
        Ok(done) => done,
        Err(BringInError::Changed) => {
            let mut page = dry_run(&state, &signed, &rows).await?;
            let changed = signed.visit.words.t("organizations-changed");
            page.warnings.push(changed.into_owned());
            return Ok((REFUSED, Html(page.render()?)).into_response());
        }
        Err(other) => return Err(other.into()),
    };
    let words = signed.visit.words;
    let page = BroughtInPage {
        frame: signed.visit.frame(&state),
        rows: done
            .into_iter()
            .map(|one| brought_in_row(one, &state.facts.base, words))
            .collect(),
    };
    Ok(Html(page.render()?).into_response())
}

fn brought_in_row(one: BroughtIn, base: &str, words: Words) -> BroughtInRow {
    let administrator = one
        .invited
        .map(|(name, made)| brought_in::FirstAdministrator {
            name,
            url: match made.way {
                Way::ByMail => None,
                Way::ByHand(secret) => Some(format!("{base}/join/{secret}")),
            },
            expires_at: made.expires_at,
        });
    BroughtInRow {
        href: format!("/members?organization={}", one.organization),
        name: say_name(words, &one.names),
        administrator,
    }
}

fn read_rows(plan: &Plan, rows: &[Row]) -> Result<Vec<Listed>, Vec<Fault>> {
    all_or_faults(rows, |row, earlier| {
        organization_rows::organization(row, &plan.columns, earlier).map(listed)
    })
}

fn listed(told: Told) -> Listed {
    Listed {
        kind: told.kind,
        name_ja: told.name_ja,
        name_en: told.name_en,
        reports_to: told.reports_to,
        sector: told.sector,
        ceptoar: told.ceptoar,
        prefecture: told.prefecture,
        known_names: told.known_names,
        administrator: told.administrator.map(|one| FirstAdministrator {
            name: one.name,
            mail: one.mail,
            language: WrittenIn::from_tag(one.language),
        }),
    }
}

/// What became of the rows when they were looked at: a fate for each, or what is to be mended.
struct LookedAt {
    fates: Vec<Fate>,
    faults: Vec<Fault>,
}

async fn looked_at(
    state: &AppState,
    signed: &Signed,
    plan: &Plan,
    rows: &[Row],
) -> Result<LookedAt, Problem> {
    let list = match read_rows(plan, rows) {
        Ok(list) => list,
        Err(faults) => {
            let fates = vec![Fate::New; rows.len()];
            return Ok(LookedAt { fates, faults });
        }
    };
    let (actor, asking) = (signed.actor.clone(), signed.visit.clone());
    let fates = state
        .call(move |hub| look_through(hub, &Signed::call(&actor, &asking), list))
        .await?;
    let fault = |(row, fate): (&Row, &Fate)| {
        let (column, why) = match fate {
            Fate::New | Fate::Known => return None,
            Fate::NoSuchName => ("reports-to", Why::NoSuchName),
            Fate::NoSecretariat => ("ceptoar", Why::NoSecretariat),
        };
        Some(Fault {
            row: row.number,
            column,
            why,
        })
    };
    let faults = rows.iter().zip(&fates).filter_map(fault).collect();
    Ok(LookedAt { fates, faults })
}

async fn dry_run(state: &AppState, signed: &Signed, rows: &[Row]) -> Result<Check, Problem> {
    let plan = plan(state, &signed.visit);
    let found = looked_at(state, signed, &plan, rows).await?;
    Ok(check_page(state, &signed.visit, &plan, rows, &found))
}

fn check_page(
    state: &AppState,
    visit: &Visit,
    plan: &Plan,
    rows: &[Row],
    found: &LookedAt,
) -> Check {
    let words = visit.words;
    let faults = &found.faults;
    let count = found
        .fates
        .iter()
        .filter(|fate| **fate == Fate::New)
        .count();
    let lead = match (faults.is_empty(), count) {
        (false, _) => words.t("organizations-to-mend").into_owned(),
        (true, 0) => words.t("organizations-nothing-new").into_owned(),
        (true, _) => words.tn("organizations-will-enter", &[("count", count.into())]),
    };
    let checked = rows.iter().zip(&found.fates).map(|(row, fate)| {
        let fate = if faults.iter().any(|fault| fault.row == row.number) {
            ("sheet-fate-mend", "failure")
        } else if *fate == Fate::Known {
            ("organizations-fate-known", "still")
        } else if row.cell("administrator").is_empty() {
            ("organizations-fate-enter-alone", "hint")
        } else {
            ("organizations-fate-enter", "hint")
        };
        plan.checked(row, fate, words)
    });
    Check {
        frame: visit.frame(state),
        matter: Matter::Organizations,
        form: Form::new(IMPORT),
        carried: vec![("rows".to_owned(), carried(rows))],
        back: back(words),
        title: words.t("organizations-check-title").into_owned(),
        lead,
        warnings: Vec::new(),
        unknown_headings: Vec::new(),
        head: plan
            .columns
            .iter()
            .map(|column| column.heading.clone())
            .collect(),
        rows: checked.collect(),
        faults: plan.told(words, rows, faults),
        confirm: (faults.is_empty() && count > 0).then(|| {
            (
                format!("{IMPORT}/enter"),
                words.tn("organizations-enter", &[("count", count.into())]),
            )
        }),
        marked_action: format!("{IMPORT}/marked"),
    }
}

fn back(words: Words) -> (String, String) {
    (
        LIST.to_owned(),
        words.t("members-organizations").into_owned(),
    )
}

fn upload_page(state: &AppState, visit: &Visit, refusal: Option<String>) -> Upload {
    let words = visit.words;
    let mut form = Form::new(IMPORT);
    if let Some(refusal) = refusal {
        form.reject("file", refusal);
    }
    let template = |ending: &str| {
        (
            format!("{IMPORT}/template.{ending}"),
            words.t(&format!("sheet-template-{ending}")).into_owned(),
        )
    };
    let plan = plan(state, visit);
    Upload {
        frame: visit.frame(state),
        matter: Matter::Organizations,
        form,
        title: words.t("organizations-title").into_owned(),
        lead: words.t("organizations-lead").into_owned(),
        back: back(words),
        templates: vec![template("xlsx"), template("csv")],
        rows_max: plan.rows_max,
        notes: plan.notes,
    }
}

fn plan(state: &AppState, visit: &Visit) -> Plan {
    let words = visit.words;
    let day = visit.now.day_in_japan();
    let reference = state.hub.reference();
    let column = |word, width, picks| Column {
        width,
        picks,
        ..Plan::column(
            words,
            word,
            &format!("organizations-column-{word}"),
            &format!("organizations-help-{word}"),
        )
    };
    let kinds = OrganizationKind::ALL
        .iter()
        .map(|kind| sheets::pick(words, kind.word(), &format!("members-kind-{kind}")))
        .collect();
    let languages = vec![
        sheets::pick(words, "ja", "members-language-ja"),
        sheets::pick(words, "en", "members-language-en"),
    ];
    Plan {
        sheets: ["organizations-sheet", "organizations-notes"],
        name: "noroshi-organizations",
        columns: vec![
            column("kind", 20, kinds),
            column("name-ja", 28, vec![]),
            column("name-en", 28, vec![]),
            column("reports-to", 28, vec![]),
            column(
                "sector",
                16,
                sheets::picks(words, reference.sectors.current(day)),
            ),
            column(
                "ceptoar",
                20,
                sheets::picks(words, reference.ceptoars.current(day)),
            ),
            column(
                "prefecture",
                12,
                sheets::picks(words, reference.prefectures.current(day)),
            ),
            column("known-names", 32, vec![]),
            column("administrator", 20, vec![]),
            column("mail", 32, vec![]),
            column("language", 12, languages),
        ],
        rows_max: ROWS_MAX,
        notes: [
            "organizations-note-lines",
            "organizations-note-once",
            "organizations-note-administrator",
            "organizations-note-communities",
        ]
        .iter()
        .map(|key| words.t(key).into_owned())
        .collect(),
    }
}

impl From<BringInError> for Problem {
    fn from(error: BringInError) -> Self {
        match error {
            BringInError::NotFound => Self::NotFound,
            BringInError::Changed => Self::Changed,
            BringInError::SetUp(source) => source.into(),
            BringInError::Invite(source) => source.into(),
            BringInError::Store(source) => Self::trouble(&source),
        }
    }
}
