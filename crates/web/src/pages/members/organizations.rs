//! `GET /members/organizations`, `GET /members/organizations/new`, `POST /members/organizations`.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::organization::OrganizationKind;
use domain::text::BoundedText;
use domain::word::Code;
use hub::set_up::{Authority, NewOrganization, SetUp, SetUpError, enter_organization};
use serde::Deserialize;
use view::form::{Choice, Form};
use view::page::members::organizations::{NewOrganizationPage, OrganizationRow, OrganizationsPage};
use view::words::Words;

use crate::form::Posted;
use crate::lists::row_name;
use crate::names;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

const LIST: &str = "/members/organizations";

/// After which organization the page begins.
#[derive(Deserialize)]
pub(crate) struct Page {
    #[serde(default)]
    after: String,
}

/// Shows all organizations.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Page>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let words = visit.words;
    let after = match asked.after.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::NotFound)?),
    };
    let asking = visit.clone();
    let found = state
        .call(move |hub| hub::members::organizations(hub, &Signed::call(&actor, &asking), after))
        .await?;
    let row = |row: &hub::members::OrganizationRow| OrganizationRow {
        href: format!("/members?organization={}", row.label.id),
        name: names::organization(&row.label, words),
        kind: words
            .t(&format!("members-kind-{}", row.label.kind))
            .into_owned(),
        person_count: row.person_count,
        administrator_count: row.administrator_count,
    };
    let page = OrganizationsPage::new(
        visit.frame(&state),
        found.rows.iter().map(row).collect(),
        after.map(|_| LIST.to_owned()),
        found.next.map(|last| format!("{LIST}?after={last}")),
    );
    Ok(Html(page.render()?))
}

/// Asks for an organization.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let page = page(&state, &visit, &actor, Form::new(LIST)).await?;
    Ok(Html(page.render()?))
}

async fn page(
    state: &AppState,
    visit: &Visit,
    actor: &domain::actor::Actor,
    form: Form,
) -> Result<NewOrganizationPage, Problem> {
    let words = visit.words;
    let day = visit.now.day_in_japan();
    let (asker, asking) = (actor.clone(), visit.clone());
    let above = state
        .call(move |hub| hub::members::above(hub, &Signed::call(&asker, &asking)))
        .await?;
    let reference = state.hub.reference();
    Ok(NewOrganizationPage {
        frame: visit.frame(state),
        form,
        kinds: OrganizationKind::ALL
            .iter()
            .map(|kind| Choice::new(kind.word(), words.t(&format!("members-kind-{kind}"))))
            .collect(),
        sectors: reference
            .sectors
            .current(day)
            .map(|row| Choice::new(row.code.as_str(), row_name(words, row)))
            .collect(),
        ceptoars: reference
            .ceptoars
            .current(day)
            .map(|row| Choice::new(row.code.as_str(), row_name(words, row)))
            .collect(),
        prefectures: reference
            .prefectures
            .current(day)
            .map(|row| Choice::new(row.code.as_str(), row_name(words, row)))
            .collect(),
        above: above
            .iter()
            .map(|label| Choice::new(label.id.to_string(), names::organization(label, words)))
            .collect(),
    })
}

/// Enters an organization and leads to the invitation of its administrator.
pub(crate) async fn enter(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let mut form = posted.refill(LIST);
    let words = visit.words;
    if let Some(new) = typed(&posted, &mut form, words) {
        let (asker, asking) = (actor.clone(), visit.clone());
        let answer = state
            .ask(move |hub| {
                let set_up = SetUp {
                    authority: Authority::Member(&asker),
                    now: asking.now,
                    random: asking.random.derive("members.organization"),
                };
                enter_organization(hub, &set_up, new)
            })
            .await?;
        match answer {
            Ok(id) => {
                let to = format!("/members/invite?organization={id}&said=entered");
                return Ok(Redirect::to(&to).into_response());
            }
            Err(SetUpError::NotPermitted) => return Err(Problem::NotFound),
            Err(SetUpError::UnknownCode { .. }) => {
                form.reject("sector", words.t("members-organization-unknown"));
            }
            Err(SetUpError::NoOrganization(_)) => {
                form.reject("reports_to", words.t("members-organization-unknown"));
            }
            Err(other) => return Err(Problem::trouble(&other)),
        }
    }
    let page = page(&state, &visit, &actor, form).await?;
    Ok((REFUSED, Html(page.render()?)).into_response())
}

/// What was typed; every fault is written into the form.
fn typed(posted: &Posted, form: &mut Form, words: Words) -> Option<NewOrganization> {
    let kind = posted.one("kind").parse();
    if kind.is_err() {
        form.reject("kind", words.t("members-kind-missing"));
    }
    let mut name = |field: &str| {
        let name = BoundedText::parse(posted.one(field)).ok();
        if name.is_none() {
            form.reject(field, words.t("members-organization-name-missing"));
        }
        name
    };
    let (name_ja, name_en) = (name("name_ja"), name("name_en"));
    let mut code = |field: &str| -> Option<Code> {
        let text = posted.one(field);
        let code = text.parse().ok();
        if code.is_none() && !text.is_empty() {
            form.reject(field, words.t("members-organization-unknown"));
        }
        code
    };
    let (sector, ceptoar, prefecture) = (code("sector"), code("ceptoar"), code("prefecture"));
    let reports_to = posted.one("reports_to");
    let above = reports_to.parse().ok();
    if above.is_none() && !reports_to.is_empty() {
        form.reject("reports_to", words.t("members-organization-unknown"));
    }
    let known: Result<Vec<_>, _> = posted
        .one("known_names")
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(BoundedText::parse)
        .collect();
    if known.is_err() {
        form.reject("known_names", words.t("members-known-names-wrong"));
    }
    if !form.errors().is_empty() {
        return None;
    }
    Some(NewOrganization {
        kind: kind.ok()?,
        name_ja: name_ja?,
        name_en: name_en?,
        sector,
        ceptoar,
        prefecture,
        reports_to: above,
        known_names: known.ok()?,
    })
}
