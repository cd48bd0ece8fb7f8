//! `GET` and `POST /advisories/new`, `/advisories/{advisory}/edit`.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::actor::Actor;
use domain::advisory::chosen::Chosen;
use domain::handling::Tlp;
use domain::id::AdvisoryId;
use hub::addressing::Estimate;
use hub::compose::{Bond, ChoiceGroup, ComposeError, MadeFrom, Marked, PersonLabel};
use view::form::{Choice, Form};
use view::page::compose::{Compose, Group, People, Reach, Writes};
use view::page::duty::tier_name;
use view::words::Words;

use super::{about, typed};
use crate::form::Posted;
use crate::lists::{choices, explained};
use crate::names::{organization, pick};
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// The grade of what is not issued under the Act.
const GRADE_PRESET: &str = "outside-act";

/// Shows the empty form.
pub(crate) async fn new(
    State(state): State<AppState>,
    Query(asked): Query<about::Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let mut form = Form::new("/advisories/new")
        .with("kind", "alert")
        .with("tlp", "amber")
        .with("grade", GRADE_PRESET)
        .with("purposes", "defense")
        .with("purposes", "recovery");
    if let Some(id) = asked.candidate()? {
        form = about::prefilled(&state, &visit, &actor, form, id).await?;
    }
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
        .with("tlp", handling.tlp.word())
        .with("version", composition.version.to_string());
    for purpose in &handling.purposes {
        form = form.with("purposes", purpose.as_str());
    }
    for report in &composition.reports {
        form = form.with("reports", report.to_string());
    }
    for candidate in &composition.candidates {
        form = form.with("finding", candidate.to_string());
    }
    let draft = &composition.draft;
    if composition.amendment.is_some() {
        form = form.with("amends", "yes");
    }
    if typed::is_uneven(&draft.chosen) {
        form = form.with("uneven", "yes");
    }
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
    for tier in typed::asked(&posted)? {
        if !form.has("tier", tier.word()) {
            form = form.with("tier", tier.word());
        }
    }
    if posted.one("then") == "count" {
        return Ok(page(state, visit, actor, form).await?.into_response());
    }
    let writing = typed::read(&posted, &mut form, visit.words, visit.now)?;
    if writing.tlp == Tlp::Red && writing.chosen.is_empty() && posted.one("then") == "check" {
        if typed::names_of(&form).is_empty() {
            form.reject("who", visit.words.t("compose-people-none"));
        } else {
            form.reject("to", visit.words.t("compose-people-missing"));
        }
    }
    if !form.errors().is_empty() {
        let shown = page(state, visit, actor, form).await?;
        return Ok((REFUSED, shown).into_response());
    }
    let version = posted.one("version").parse();
    let from = match id {
        Some(id) => Some(MadeFrom {
            id,
            version: version.map_err(|_| Problem::Malformed)?,
        }),
        None => None,
    };
    let candidates = about::candidates(&posted)?;
    let (author, saving) = (actor.clone(), visit.clone());
    let saved = state
        .ask(move |hub| {
            let call = Signed::call(&author, &saving);
            hub::compose::save_about(hub, &call, from, writing, candidates)
        })
        .await?;
    let id = match saved {
        Ok(id) => id,
        Err(ComposeError::Changed { newest }) => {
            // What was typed stays, now as a change of what somebody else has saved.
            form.replace("version", newest.to_string());
            form.reject("main", visit.words.t("compose-changed"));
            let shown = page(state, visit, actor, form).await?;
            return Ok((StatusCode::CONFLICT, shown).into_response());
        }
        Err(error) => return Err(error.into()),
    };
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
    let marked = Marked {
        chosen: typed::marked(&form),
        names_of: typed::names_of(&form),
    };
    let rests_on = form.all("finding").iter();
    let rests_on = rests_on.filter_map(|id| id.parse().ok()).collect();
    let (reader, reading) = (actor.clone(), visit.clone());
    let rests_on = state
        .call(move |hub| {
            let call = Signed::call(&reader, &reading);
            hub::finding::rested_on(hub, &call, rests_on)
        })
        .await?;
    let found = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            hub::compose::choices(hub, &call, marked)
        })
        .await?;
    let day = now.day_in_japan();
    let lists = state.hub.reference();
    let uneven = form
        .has("uneven", "yes")
        .then(|| words.t("compose-uneven").into_owned());
    let page = Compose {
        writes: if form.has("amends", "yes") {
            Writes::Amendment
        } else {
            Writes::First
        },
        groups: found
            .groups
            .iter()
            .map(|group| shown(group, words))
            .collect(),
        people: people(&found.people, words),
        reach: found.estimate.map(reach),
        cautions: uneven
            .into_iter()
            .chain(about::cautions(&rests_on, words))
            .collect(),
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

/// How many are reached, as pages show it.
pub(super) const fn reach(estimate: Estimate) -> Reach {
    Reach {
        organization_count: estimate.organization_count,
        person_count: estimate.person_count,
        unreachable_count: estimate.unreachable_count,
    }
}

fn shown(group: &ChoiceGroup, words: Words) -> Group {
    let (label, whole) = match &group.bond {
        Bond::Community(community) => {
            let members = words.tn(
                "compose-members",
                &[("count", community.organization_count.into())],
            );
            let whole = Choice::new(community.id.to_string(), words.t("compose-whole"));
            let label = pick(words, &community.name_ja, &community.name_en);
            (label, Some(whole.hint(members)))
        }
        Bond::Authorities => (words.t("compose-authorities").into_owned(), None),
        Bond::Relays => (words.t("compose-relays").into_owned(), None),
        Bond::Desks => (words.t("compose-desks").into_owned(), None),
        Bond::Others => (words.t("compose-others").into_owned(), None),
    };
    let rows = group.organizations.iter();
    Group {
        label,
        whole,
        rows: rows
            .map(|row| Choice::new(row.id.to_string(), organization(row, words)))
            .collect(),
    }
}

/// The people that can be named, by organization; they come in its order.
fn people(found: &[PersonLabel], words: Words) -> Vec<People> {
    let mut places: Vec<People> = Vec::new();
    for one in found {
        let label = organization(&one.organization, words);
        let value = Chosen::Person(one.person, one.organization.id, one.tier).to_string();
        let hint = words.tn(
            "compose-person",
            &[
                ("tier", tier_name(one.tier, words).into()),
                (
                    "role",
                    words.t(&format!("role-{}", one.role)).as_ref().into(),
                ),
            ],
        );
        let row = Choice::new(value, one.name.content()).hint(hint);
        match places.last_mut().filter(|place| place.label == label) {
            Some(place) => place.rows.push(row),
            None => places.push(People {
                label,
                rows: vec![row],
            }),
        }
    }
    places
}
