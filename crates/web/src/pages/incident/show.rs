//! `GET /incidents`, `GET /incidents/{incident}`: what of them the reader may see.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::id::IncidentId;
use domain::policy::{Action, permits};
use hub::incident::{Member, Step, Way};
use view::answer::Names;
use view::form::{Choice, Form};
use view::page::incident::{IncidentList, IncidentPage, IncidentRow, MemberRow, StepRow};
use view::words::Words;

use crate::pages::case::{mark, title, told};
use crate::pages::intake::FACETS;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// The list.
pub(crate) async fn list(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let frame = visit.frame(&state);
    let found = state
        .call(move |hub| hub::incident::list(hub, &Signed::call(&actor, &visit)))
        .await?;
    let rows = found.into_iter().map(|incident| IncidentRow {
        href: format!("/incidents/{}", incident.id),
        name: incident.name.map(|name| name.as_str().to_owned()),
        member_count: incident.member_count,
        opened_at: incident.opened_at,
    });
    let page = IncidentList {
        rows: rows.collect(),
        frame,
    };
    Ok(Html(page.render()?))
}

/// One incident.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let page = page(&state, signed, id).await?;
    Ok(Html(page.render()?))
}

/// The page of the incident, for this visit.
pub(super) async fn page(
    state: &AppState,
    Signed { visit, actor }: Signed,
    id: IncidentId,
) -> Result<IncidentPage, Problem> {
    let frame = visit.frame(state);
    let words = frame.words;
    let groups = permits(&actor, Action::GroupIncident);
    let (shown, others) = state
        .call(move |hub| {
            let shown = hub::incident::show(hub, &Signed::call(&actor, &visit), id)?;
            let others = hub::incident::list(hub, &Signed::call(&actor, &visit))?;
            Ok::<_, hub::ReadError>((shown, others))
        })
        .await?;
    let others: Vec<Choice> = others
        .iter()
        .filter(|other| other.id != id)
        .map(|other| Choice::new(other.id.to_string(), other.name.content().as_str()))
        .collect();
    let members = shown.members.into_iter().map(|member| {
        let remove = format!("/incidents/{id}/remove/{}", member.head.id);
        member_row(state, words, member, groups.then(|| Form::new(remove)))
    });
    let merge = groups && !others.is_empty() && members.len() > 0;
    Ok(IncidentPage {
        name: shown.name.map(|name| name.as_str().to_owned()),
        opened_at: shown.opened_at,
        members: members.collect(),
        steps: shown
            .steps
            .into_iter()
            .map(|step| step_row(words, step))
            .collect(),
        merge: merge.then(|| (Form::new(format!("/incidents/{id}/merge")), others)),
        frame,
    })
}

fn member_row(state: &AppState, words: Words, member: Member, remove: Option<Form>) -> MemberRow {
    let (seen_at, exact) = told(member.seen_at);
    let names = Names {
        reference: state.hub.reference(),
        day: seen_at.day_in_japan(),
        words,
    };
    let facets = FACETS.iter().filter_map(|field| {
        let codes = member.facets.get(field)?;
        let chosen: Vec<String> = codes.iter().map(|code| names.code(*field, code)).collect();
        Some(chosen.join(words.t("part-and").as_ref()))
    });
    MemberRow {
        href: format!("/reports/{}", member.head.id),
        title: title(&member.head, words),
        severity: member
            .severity
            .map(|severity| mark(state, words, severity, seen_at)),
        facets: facets.collect(),
        seen_at,
        exact,
        remove,
    }
}

fn step_row(words: Words, step: Step) -> StepRow {
    let key = match step.way {
        Way::In => "incident-put-in",
        Way::Out => "incident-taken-out",
    };
    StepRow {
        at: step.at,
        what: words.tn(key, &[("report", title(&step.head, words).into())]),
        person: step.person,
        why: step.why.map(|why| why.map(|why| why.as_str().to_owned())),
    }
}
