//! `GET` and `POST` of `/sent/{report}/terms` and `/mailbox/terms`.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template as _;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::handling::{Circle, Handling};
use domain::part::PartKind;
use domain::reference::ReferenceData;
use domain::word::Code;
use hub::update::UpdateError;
use hub::update::terms::{AskedTerms, Care, Change, OwnTerms, change, read};
use serde::Deserialize;
use view::answer::part_name;
use view::form::Form;
use view::page::terms::{TermsPage, TermsPart};

use crate::form::Posted;
use crate::lists::say_name;
use crate::pages::report::choices::{circles, consents, labels, purposes};
use crate::pages::sent::whose::Whose;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// What was just done.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    done: String,
}

/// Shows the terms in force.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    whose: Whose,
    signed: Signed,
) -> Result<Response, Problem> {
    let terms = terms(&state, &signed, &whose).await?;
    let mut form = Form::new(whose.path("/terms"));
    for part in &terms.parts {
        form = filled(form, part.kind, &part.handling);
    }
    let done = match asked.done.as_str() {
        "tightened" => "terms-done-tightened",
        "widened" => "terms-done-widened",
        _ => "",
    };
    let page = page(&state, &signed, &whose, &terms, form);
    let html = TermsPage { done, ..page }.render()?;
    Ok(whose.keep(&state, &signed, Html(html)))
}

/// Changes them; what is wider comes back to be looked at first.
pub(crate) async fn send(
    State(state): State<AppState>,
    whose: Whose,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let words = signed.visit.words;
    let before = terms(&state, &signed, &whose).await?;
    let mut form = posted.refill(&whose.path("/terms"));
    let mut parts = BTreeMap::new();
    for part in &before.parts {
        if let Some(asked) = asked(&state, &signed, &posted, part.kind, &mut form) {
            parts.insert(part.kind, asked);
        }
    }
    if !form.errors().is_empty() {
        let html = page(&state, &signed, &whose, &before, form).render()?;
        return Ok((REFUSED, Html(html)).into_response());
    }
    let care = match posted.one("care") {
        "seen" => Care::Seen,
        _ => Care::Unseen,
    };
    let based_on = posted
        .one("based_on")
        .parse()
        .map_err(|_| Problem::Malformed)?;
    let wanted = Change {
        based_on,
        parts: parts.clone(),
        care,
    };
    let (claim, actor, visit) = (
        whose.claim.clone(),
        signed.actor.clone(),
        signed.visit.clone(),
    );
    let outcome = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, UpdateError>(change(hub, &call, claim, wanted))
        })
        .await?;
    let (status, key) = match outcome {
        Ok(outcome) if outcome.waiting.is_empty() => {
            let done = match care {
                Care::Seen => "widened",
                Care::Unseen => "tightened",
            };
            let address = format!("{}?done={done}", whose.path("/terms"));
            return Ok(Redirect::to(&address).into_response());
        }
        Ok(outcome) => {
            // What is tighter has taken effect: the page counts from there.
            let now = terms(&state, &signed, &whose).await?;
            let mut page = page(&state, &signed, &whose, &now, form);
            page.waiting = waiting(&signed, &now, &parts, &outcome.waiting);
            return Ok(whose.keep(&state, &signed, Html(page.render()?)));
        }
        Err(UpdateError::Changed) => (StatusCode::CONFLICT, "terms-error-changed"),
        Err(UpdateError::Nothing) => (REFUSED, "terms-error-nothing"),
        Err(UpdateError::Apart) => (REFUSED, "terms-error-apart"),
        Err(error) => return Err(error.into()),
    };
    form.reject("main", words.t(key));
    let html = page(&state, &signed, &whose, &before, form).render()?;
    Ok((status, Html(html)).into_response())
}

async fn terms(state: &AppState, signed: &Signed, whose: &Whose) -> Result<OwnTerms, Problem> {
    let (claim, actor, visit) = (
        whose.claim.clone(),
        signed.actor.clone(),
        signed.visit.clone(),
    );
    state
        .call(move |hub| read(hub, &Signed::call(&actor, &visit), claim))
        .await
}

fn filled(mut form: Form, kind: PartKind, handling: &Handling) -> Form {
    let name = |field: &str| format!("{kind}-{field}");
    form = form
        .with(&name("tlp"), handling.tlp.word())
        .with(&name("consent"), handling.consent.word());
    for purpose in &handling.purposes {
        form = form.with(&name("purposes"), purpose.as_str());
    }
    for circle in &handling.circles {
        form = form.with(&name("circles"), circle.word());
    }
    form
}

/// What was asked for one part; `None` when `form` now says what is wrong.
fn asked(
    state: &AppState,
    signed: &Signed,
    posted: &Posted,
    kind: PartKind,
    form: &mut Form,
) -> Option<AskedTerms> {
    let words = signed.visit.words;
    let name = |field: &str| format!("{kind}-{field}");
    let tlp = posted.one(&name("tlp")).parse().ok();
    if tlp.is_none() {
        form.reject(&name("tlp"), words.t("terms-error-choose"));
    }
    let consent = posted.one(&name("consent")).parse().ok();
    if consent.is_none() {
        form.reject(&name("consent"), words.t("terms-error-choose"));
    }
    let offered = |code: &Code| known(state.hub.reference(), signed, code);
    let purposes: BTreeSet<Code> = posted
        .all(&name("purposes"))
        .iter()
        .filter_map(|code| code.parse().ok())
        .filter(offered)
        .collect();
    if purposes.is_empty() {
        form.reject(&name("purposes"), words.t("terms-error-purposes"));
        return None;
    }
    let circles: BTreeSet<Circle> = posted
        .all(&name("circles"))
        .iter()
        .filter_map(|circle| circle.parse().ok())
        .collect();
    Some(AskedTerms {
        tlp: tlp?,
        purposes,
        circles,
        consent: consent?,
    })
}

fn known(reference: &ReferenceData, signed: &Signed, code: &Code) -> bool {
    let day = signed.visit.now.day_in_japan();
    reference.purposes.selectable(code.as_str(), day).is_some()
}

/// Whom the wider terms of each waiting part could reach, by name.
fn waiting(
    signed: &Signed,
    now: &OwnTerms,
    asked: &BTreeMap<PartKind, AskedTerms>,
    waiting: &BTreeSet<PartKind>,
) -> Vec<(String, Vec<String>)> {
    let words = signed.visit.words;
    let inner = [Circle::Source, Circle::Secretariat];
    let mut lines = Vec::new();
    for part in now.parts.iter().filter(|part| waiting.contains(&part.kind)) {
        let Some(asked) = asked.get(&part.kind) else {
            continue;
        };
        let reach = asked.clone().handling(part.kind, &part.handling).reach();
        let names = reach
            .difference(&part.handling.reach())
            .filter(|circle| !inner.contains(circle))
            .map(|circle| {
                let name = now.map.key(*circle).and_then(|key| now.names.get(&key));
                name.map_or_else(
                    || view::part::circle_name(*circle, words),
                    |name| say_name(words, name),
                )
            })
            .collect();
        lines.push((part_name(part.kind, words), names));
    }
    lines
}

fn page(
    state: &AppState,
    signed: &Signed,
    whose: &Whose,
    terms: &OwnTerms,
    form: Form,
) -> TermsPage {
    let (visit, words) = (&signed.visit, signed.visit.words);
    let lists = state.hub.reference();
    TermsPage {
        frame: visit.frame(state),
        form,
        pseudonym: terms.report.pseudonym.clone(),
        based_on: terms.based_on,
        back: whose.path(""),
        parts: terms
            .parts
            .iter()
            .map(|part| TermsPart {
                word: part.kind.word().to_owned(),
                title: part_name(part.kind, words),
                released: part.released.as_ref().map(|handling| handling.tlp),
                holders: part
                    .holders
                    .iter()
                    .filter_map(|key| terms.names.get(key))
                    .map(|name| say_name(words, name))
                    .collect(),
            })
            .collect(),
        labels: labels(words),
        purposes: purposes(lists, visit.now, words),
        circles: circles(lists, visit.now, words),
        consents: consents(words),
        done: "",
        waiting: Vec::new(),
    }
}
