//! `GET` and `POST /advisories/{advisory}/tighten`.

use std::collections::BTreeSet;

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::actor::Actor;
use domain::advisory::AdvisoryStage;
use domain::advisory::withdrawal::{Copies, TightenFault, Tightening, Why};
use domain::id::{AdvisoryId, OrganizationId};
use hub::holders::HolderList;
use hub::tighten::{Stricter, TightenError};
use view::form::{Choice, Form};
use view::page::withdrawal::Tighten;
use view::words::Words;

use crate::form::Posted;
use crate::names::organization;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Asks how far, why, and what those who lose sight have to do.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let form = Form::new(format!("/advisories/{advisory}/tighten")).with("copies", "delete");
    page(&state, visit, actor, &advisory, form).await
}

async fn page(
    state: &AppState,
    visit: Visit,
    actor: Actor,
    advisory: &str,
    form: Form,
) -> Result<Html<String>, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let frame = visit.frame(state);
    let found = state
        .call(move |hub| hub::holders::list(hub, &Signed::call(&actor, &visit), id))
        .await?;
    if found.stage != AdvisoryStage::Issued {
        return Err(Problem::Changed);
    }
    let form = if form.value("tlp").is_empty() {
        form.with("tlp", found.tlp.word())
    } else {
        form
    };
    let page = Tighten {
        href: format!("/advisories/{id}"),
        tlp: found.tlp,
        organizations: organizations(&found, frame.words),
        number: found.number,
        form,
        frame,
    };
    Ok(Html(page.render()?))
}

/// Organizations that can be taken out: those that can read it.
fn organizations(found: &HolderList, words: Words) -> Vec<Choice> {
    let reading = found.rows.iter().filter(|row| row.lost_at.is_none());
    reading
        .map(|row| {
            let label = &row.organization;
            Choice::new(label.id.to_string(), organization(label, words))
        })
        .collect()
}

/// Tightens it.
pub(crate) async fn tighten(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let mut form = posted.refill(&format!("/advisories/{id}/tighten"));
    let Some(stricter) = read(&posted, &mut form, visit.words)? else {
        let shown = page(&state, visit, actor, &advisory, form).await?;
        return Ok((REFUSED, shown).into_response());
    };
    let (caller, calling) = (actor.clone(), visit.clone());
    let outcome = state
        .call(move |hub| {
            Ok::<_, Problem>(hub::tighten::tighten_issued(
                hub,
                &Signed::call(&caller, &calling),
                id,
                stricter,
            ))
        })
        .await?;
    match outcome {
        Ok(lost) => {
            let target = format!("/advisories/{id}/holders?said=tightened&lost={lost}");
            Ok(Redirect::to(&target).into_response())
        }
        Err(TightenError::Fault(fault)) => {
            let key = match fault {
                TightenFault::Loosened(_) => "withdrawal-tighten-wider",
                TightenFault::Nothing => "withdrawal-tighten-nothing",
                TightenFault::ReachesNobody => "withdrawal-tighten-nobody",
            };
            form.reject("tlp", visit.words.t(key));
            let shown = page(&state, visit, actor, &advisory, form).await?;
            Ok((REFUSED, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What was chosen; `None` when something is missing, which stands beside its field then.
fn read(posted: &Posted, form: &mut Form, words: Words) -> Result<Option<Stricter>, Problem> {
    let taken_out: BTreeSet<OrganizationId> = posted
        .all("out")
        .iter()
        .map(|id| id.parse().map_err(|_| Problem::Malformed))
        .collect::<Result<_, _>>()?;
    let tlp = posted.one("tlp").parse().map_err(|_| Problem::Malformed)?;
    let why: Option<Why> = posted.one("why").parse().ok();
    let copies: Option<Copies> = posted.one("copies").parse().ok();
    if why.is_none() {
        form.reject("why", words.t("withdrawal-why-missing"));
    }
    if copies.is_none() {
        form.reject("copies", words.t("withdrawal-copies-missing"));
    }
    Ok(why.zip(copies).map(|(why, copies)| Stricter {
        tightening: Tightening { tlp, taken_out },
        why,
        copies,
    }))
}
