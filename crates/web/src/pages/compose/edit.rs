//! `GET` and `POST /advisories/new`, `/advisories/{advisory}/edit`.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::actor::Actor;
use domain::id::AdvisoryId;
use hub::compose::Choices;
use view::form::{Choice, Form};
use view::page::compose::{Compose, Group, Row};
use view::words::Words;

use super::typed;
use crate::form::Posted;
use crate::lists::{choices, explained};
use crate::names::{organization, pick};
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// The grade of what is not issued under the Act.
const GRADE_PRESET: &str = "outside-act";

/// Shows the empty form.
pub(crate) async fn new(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let form = Form::new("/advisories/new")
        .with("kind", "alert")
        .with("tlp", "amber")
        .with("grade", GRADE_PRESET)
        .with("purposes", "defense")
        .with("purposes", "recovery");
    page(&state, visit, actor, form).await
}

/// Shows what is under work.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let (writer, opening) = (actor.clone(), visit.clone());
    let composition = state
        .call(move |hub| hub::compose::composition(hub, &Signed::call(&writer, &opening), id))
        .await?;
    let control = &composition.row.advisory;
    let handling = composition.body.handling();
    let mut form = Form::new(format!("/advisories/{id}/edit"))
        .with("kind", control.kind.word())
        .with("grade", control.grade.as_str())
        .with("tlp", handling.tlp.word());
    for purpose in &handling.purposes {
        form = form.with("purposes", purpose.as_str());
    }
    for report in &composition.reports {
        form = form.with("reports", report.to_string());
    }
    let draft = &composition.draft;
    let form = typed::filled(form, composition.body.content(), &draft.chosen, &draft.dues);
    page(&state, visit, actor, form).await
}

/// Takes a new advisory.
pub(crate) async fn save_new(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    take(&state, visit, actor, posted, None, "/advisories/new").await
}

/// Takes a change of what is under work.
pub(crate) async fn save(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let action = format!("/advisories/{id}/edit");
    take(&state, visit, actor, posted, Some(id), &action).await
}

async fn take(
    state: &AppState,
    visit: Visit,
    actor: Actor,
    posted: Posted,
    id: Option<AdvisoryId>,
    action: &str,
) -> Result<Response, Problem> {
    let mut form = posted.refill(action);
    if posted.one("then") == "find" {
        return Ok(page(state, visit, actor, form).await?.into_response());
    }
    let writing = typed::read(&posted, &mut form, visit.words, visit.now)?;
    if !form.errors().is_empty() {
        return Ok(page(state, visit, actor, form).await?.into_response());
    }
    let id = state
        .call(move |hub| hub::compose::save(hub, &Signed::call(&actor, &visit), id, writing))
        .await?;
    let target = match posted.one("then") {
        "save" => format!("/advisories/{id}/check?said=saved"),
        _ => format!("/advisories/{id}/check"),
    };
    Ok(Redirect::to(&target).into_response())
}

async fn page(
    state: &AppState,
    visit: Visit,
    actor: Actor,
    form: Form,
) -> Result<Html<String>, Problem> {
    let (frame, words, now) = (visit.frame(state), visit.words, visit.now);
    let find = form.value("find").to_owned();
    let chosen = typed::organizations(&typed::marked(&form));
    let asked = find.clone();
    let found = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            hub::compose::choices(hub, &call, &asked, chosen)
        })
        .await?;
    let day = now.day_in_japan();
    let lists = state.hub.reference();
    let nothing_found = found.found.is_empty();
    let page = Compose {
        groups: groups(&found, words),
        find_none: if nothing_found { find } else { String::new() },
        purposes: choices(words, lists.purposes.current(day)),
        grades: explained(words, lists.downward_grades.current(day), |grade| {
            &grade.meaning
        }),
        reports: found
            .reports
            .iter()
            .map(|report| Choice::new(report.id.to_string(), &report.pseudonym))
            .collect(),
        form,
        frame,
    };
    Ok(Html(page.render()?))
}

fn groups(choices: &Choices, words: Words) -> Vec<Group> {
    let organizations = |rows: &[hub::addressing::OrganizationLabel]| {
        rows.iter()
            .map(|row| Row {
                value: row.id.to_string(),
                label: organization(row, words),
                note: String::new(),
            })
            .collect()
    };
    let communities = choices.communities.iter().map(|row| Row {
        value: row.id.to_string(),
        label: pick(words, &row.name_ja, &row.name_en),
        note: words.tn(
            "compose-members",
            &[("count", row.organization_count.into())],
        ),
    });
    vec![
        Group {
            label: words.t("compose-communities").into_owned(),
            rows: communities.collect(),
        },
        Group {
            label: words.t("compose-found").into_owned(),
            rows: organizations(&choices.found),
        },
        Group {
            label: words.t("compose-organizations").into_owned(),
            rows: organizations(&choices.organizations),
        },
    ]
}
