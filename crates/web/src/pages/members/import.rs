//! `GET /members/import`, `POST /members/import`, `POST /members/import/invite`: people as rows of a
//! file, a dry run, and invitations for those who are new.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use domain::actor::Actor;
use domain::id::OrganizationId;
use exchange::people_rows::{self, MARK, ROWS_MAX};
use exchange::sheet::{Column, Fault, Pick, Row, all_or_faults, carried};
use hub::invite::{NewInvitation, Way, WrittenIn, invite_all};
use hub::members::known;
use view::form::{Choice, Form};
use view::page::members::House;
use view::page::members::import::{InvitedPage, Invitee};
use view::page::sheet::{Check, Matter, Upload};
use view::words::{Language, Words};

use super::list::Asked;
use super::{asked, house, roles, tiers};
use crate::problem::{Problem, REFUSED};
use crate::sheets::{self, Plan};
use crate::state::AppState;
use crate::upload::Uploaded;
use crate::visit::{Signed, Visit};

/// The page that takes a file.
const IMPORT: &str = "/members/import";

/// Shows the page that takes a file.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(query): Query<Asked>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let desk = desk(&state, &signed, &query).await?;
    Ok(Html(
        upload_page(&state, &signed.visit, &desk, None).render()?,
    ))
}

/// Hands out the workbook to fill in.
pub(crate) async fn workbook(
    State(state): State<AppState>,
    Query(query): Query<Asked>,
    signed: Signed,
) -> Result<Response, Problem> {
    let desk = desk(&state, &signed, &query).await?;
    desk.plan.workbook(&state, &signed.visit, MARK, &[], &[])
}

/// Hands out the same as CSV.
pub(crate) async fn comma_separated(
    State(state): State<AppState>,
    Query(query): Query<Asked>,
    signed: Signed,
) -> Result<Response, Problem> {
    let desk = desk(&state, &signed, &query).await?;
    Ok(desk.plan.comma_separated(MARK, &[]))
}

/// Reads a file and says what would become of each row.
pub(crate) async fn check(
    State(state): State<AppState>,
    Query(query): Query<Asked>,
    signed: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    let visit = &signed.visit;
    let desk = desk(&state, &signed, &query).await?;
    match desk.plan.read(visit.words, &uploaded) {
        Ok(table) => dry_run(&state, &signed, &desk, &table.rows, table.unknown_headings).await,
        Err(refusal) => {
            let page = upload_page(&state, visit, &desk, Some(refusal));
            Ok((REFUSED, Html(page.render()?)).into_response())
        }
    }
}

/// Hands out the rows with notes on the cells to mend.
pub(crate) async fn marked(
    State(state): State<AppState>,
    Query(query): Query<Asked>,
    signed: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    let desk = desk(&state, &signed, &query).await?;
    let rows = desk.plan.carried_in(&uploaded)?;
    let faults = desk.read_rows(&rows).err().unwrap_or_default();
    desk.plan
        .workbook(&state, &signed.visit, MARK, &rows, &faults)
}

/// Invites those who are new. Links that do not go by mail are shown once, as the answer itself.
pub(crate) async fn invite(
    State(state): State<AppState>,
    Query(query): Query<Asked>,
    signed: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    let visit = &signed.visit;
    let desk = desk(&state, &signed, &query).await?;
    let rows = desk.plan.carried_in(&uploaded)?;
    let Ok(people) = desk.read_rows(&rows) else {
        return dry_run(&state, &signed, &desk, &rows, Vec::new()).await;
    };
    let before = told_before(&state, &signed, &people).await?;
    let new: Vec<NewInvitation> = people
        .into_iter()
        .zip(before)
        .filter(|(_, known)| !known)
        .map(|(person, _)| person)
        .collect();
    let names: Vec<String> = new
        .iter()
        .map(|person| person.name.as_str().to_owned())
        .collect();
    let (actor, asking) = (signed.actor.clone(), visit.clone());
    let made = state
        .call(move |hub| invite_all(hub, &Signed::call(&actor, &asking), new))
        .await?;
    let invitees = names.into_iter().zip(made).map(|(name, made)| Invitee {
        name,
        url: match made.way {
            Way::ByMail => None,
            Way::ByHand(secret) => Some(format!("{}/join/{secret}", state.facts.base)),
        },
        expires_at: made.expires_at,
    });
    let page = InvitedPage {
        frame: visit.frame(&state),
        house: desk.house,
        invitees: invitees.collect(),
    };
    Ok(Html(page.render()?).into_response())
}

/// The organization that people are read in for, and the table.
struct Desk {
    organization: OrganizationId,
    house: House,
    plan: Plan,
}

impl Desk {
    fn read_rows(&self, rows: &[Row]) -> Result<Vec<NewInvitation>, Vec<Fault>> {
        all_or_faults(rows, |row, earlier| {
            let person = people_rows::person(row, &self.plan.columns, earlier)?;
            Ok(NewInvitation {
                organization: self.organization,
                name: person.name,
                mail: person.mail,
                language: WrittenIn::from_tag(person.language),
                posts: vec![person.post],
            })
        })
    }
}

async fn desk(state: &AppState, signed: &Signed, query: &Asked) -> Result<Desk, Problem> {
    let organization = asked(&query.organization, &signed.actor)?;
    let (actor, asking) = (signed.actor.clone(), signed.visit.clone());
    let label = state
        .call(move |hub| hub::members::house(hub, &Signed::call(&actor, &asking), organization))
        .await?;
    let words = signed.visit.words;
    Ok(Desk {
        organization,
        house: house(&label, &signed.actor, words),
        plan: plan(words, &signed.actor, organization),
    })
}

fn plan(words: Words, actor: &Actor, organization: OrganizationId) -> Plan {
    let column = |word, width| Column {
        width,
        ..Plan::column(
            words,
            word,
            &format!("people-column-{word}"),
            &format!("people-help-{word}"),
        )
    };
    let named = |choices: &dyn Fn(Words) -> Vec<Choice>| -> Vec<Pick> {
        let spelled = |choice: &Choice| {
            Language::ALL
                .into_iter()
                .flat_map(|language| choices(Words::new(language)))
                .filter(|other| other.value == choice.value)
                .map(|other| other.label)
                .collect()
        };
        choices(words)
            .into_iter()
            .map(|choice| Pick {
                also: spelled(&choice),
                value: choice.value,
                label: choice.label,
            })
            .collect()
    };
    Plan {
        sheets: ["people-sheet", "people-notes"],
        name: "noroshi-people",
        columns: vec![
            column("name", 20),
            column("mail", 32),
            Column {
                picks: vec![
                    sheets::pick(words, "ja", "members-language-ja"),
                    sheets::pick(words, "en", "members-language-en"),
                ],
                ..column("language", 12)
            },
            Column {
                picks: named(&|words| roles(actor, organization, words)),
                ..column("role", 20)
            },
            Column {
                picks: named(&tiers),
                ..column("tier", 20)
            },
        ],
        rows_max: ROWS_MAX,
        notes: ["people-note-lines", "people-note-once", "people-note-mail"]
            .iter()
            .map(|key| words.t(key).into_owned())
            .collect(),
    }
}

async fn told_before(
    state: &AppState,
    signed: &Signed,
    people: &[NewInvitation],
) -> Result<Vec<bool>, Problem> {
    let (actor, asking, people) = (signed.actor.clone(), signed.visit.clone(), people.to_vec());
    state
        .call(move |hub| known(hub, &Signed::call(&actor, &asking), &people))
        .await
}

async fn dry_run(
    state: &AppState,
    signed: &Signed,
    desk: &Desk,
    rows: &[Row],
    unknown_headings: Vec<String>,
) -> Result<Response, Problem> {
    let (before, faults) = match desk.read_rows(rows) {
        Ok(people) => (told_before(state, signed, &people).await?, Vec::new()),
        Err(faults) => (vec![false; rows.len()], faults),
    };
    let mut page = check_page(state, &signed.visit, desk, rows, (&before, &faults));
    page.unknown_headings = unknown_headings;
    sheets::checked(&page)
}

fn check_page(
    state: &AppState,
    visit: &Visit,
    desk: &Desk,
    rows: &[Row],
    (before, faults): (&[bool], &[Fault]),
) -> Check {
    let (words, plan) = (visit.words, &desk.plan);
    let count = before.iter().filter(|known| !**known).count();
    let lead = match (faults.is_empty(), count) {
        (false, _) => words.t("people-to-mend").into_owned(),
        (true, 0) => words.t("people-nobody-new").into_owned(),
        (true, _) => words.tn("people-will-invite", &[("count", count.into())]),
    };
    let checked = rows.iter().zip(before).map(|(row, known)| {
        let fate = if faults.iter().any(|fault| fault.row == row.number) {
            ("sheet-fate-mend", "failure")
        } else if *known {
            ("people-fate-known", "still")
        } else {
            ("people-fate-invite", "hint")
        };
        plan.checked(row, fate, words)
    });
    Check {
        frame: visit.frame(state),
        matter: Matter::People,
        form: Form::new(desk.house.path(IMPORT)),
        carried: vec![("rows".to_owned(), carried(rows))],
        back: (
            desk.house.path("/members"),
            words.t("members-title").into_owned(),
        ),
        title: words.t("people-check-title").into_owned(),
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
                desk.house.path("/members/import/invite"),
                words.tn("people-invite", &[("count", count.into())]),
            )
        }),
        marked_action: desk.house.path("/members/import/marked"),
    }
}

fn upload_page(state: &AppState, visit: &Visit, desk: &Desk, refusal: Option<String>) -> Upload {
    let words = visit.words;
    let mut form = Form::new(desk.house.path(IMPORT));
    if let Some(refusal) = refusal {
        form.reject("file", refusal);
    }
    let template = |ending: &str| {
        (
            desk.house.path(&format!("{IMPORT}/template.{ending}")),
            words.t(&format!("sheet-template-{ending}")).into_owned(),
        )
    };
    Upload {
        frame: visit.frame(state),
        matter: Matter::People,
        form,
        title: words.tn(
            "people-title",
            &[("organization", desk.house.name.as_str().into())],
        ),
        lead: words.t("people-lead").into_owned(),
        back: (
            desk.house.path("/members"),
            words.t("members-title").into_owned(),
        ),
        templates: vec![template("xlsx"), template("csv")],
        rows_max: desk.plan.rows_max,
        notes: desk.plan.notes.clone(),
    }
}
