//! `GET /advisories/{advisory}/check`, `POST …/propose`, `POST …/issue`.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use domain::advisory::amendment::asked_again;
use domain::id::AdvisoryId;
use domain::policy::{Action, permits};
use hub::compose::Composition;
use serde::Deserialize;
use view::answer::Names;
use view::layout::{Frame, Message, Tone};
use view::page::advisory::{AdvisoryText, changed_name};
use view::page::compose::{Amendment, Check, Turn};
use view::page::duty::tier_name;
use view::part::HandlingBar;
use view::words::Words;

use super::about;
use super::edit::reach;
use crate::form::Posted;
use crate::names::organization;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// What the last action did.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    said: String,
}

/// Shows what is under work as addressees will see it, and whose turn it is.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let frame = Frame {
        message: message(&asked.said, visit.words),
        ..visit.frame(&state)
    };
    let (person, issues) = (actor.person, permits(&actor, Action::IssueAdvisory));
    let (reader, reading) = (actor.clone(), visit.clone());
    let found = state
        .call(move |hub| hub::compose::composition(hub, &Signed::call(&reader, &reading), id))
        .await?;
    let candidates = found.candidates.clone();
    let rests_on = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            hub::finding::rested_on(hub, &call, candidates)
        })
        .await?;
    let cautions = about::cautions(&rests_on, frame.words);
    let turn = match (
        found.draft.proposed_at,
        found.draft.author == person,
        issues,
    ) {
        (None, ..) => Turn::Propose,
        (Some(_), false, true) => Turn::Issue,
        (Some(_), true, _) => Turn::OwnWork,
        (Some(_), false, false) => Turn::Wait,
    };
    let page = Check {
        cautions,
        ..dressed(&state, frame, found, turn)
    };
    Ok(Html(page.render()?))
}

fn dressed(state: &AppState, frame: Frame, found: Composition, turn: Turn) -> Check {
    let words = frame.words;
    let handling = found.body.handling();
    let names = Names {
        reference: state.hub.reference(),
        day: frame.now.day_in_japan(),
        words,
    };
    let bar = HandlingBar {
        circles: vec![words.t("advisory-reaches-named").into_owned()],
        ..HandlingBar::new(handling, names.purposes(&handling.purposes), words)
    };
    let amendment = found.amendment.map(|amendment| shown(&amendment, words));
    let text = AdvisoryText(found.body);
    let tiers = domain::organization::Tier::ALL.iter().copied();
    let dues = tiers
        .map(|tier| (tier, found.draft.dues.get(&tier).copied()))
        .filter(|(tier, due_at)| due_at.is_some() || !text.action(*tier).is_empty())
        .collect();
    let separator = words.t("part-and");
    let named = found.addressees.iter().map(|(label, tiers)| {
        let tiers: Vec<String> = tiers.iter().map(|tier| tier_name(*tier, words)).collect();
        (organization(label, words), tiers.join(&separator))
    });
    Check {
        href: format!("/advisories/{}", found.row.advisory.id),
        number: found.row.number,
        kind: found.row.advisory.kind,
        bar,
        dues,
        named: named.collect(),
        reach: reach(found.estimate),
        amendment,
        cautions: vec![],
        lacks: found.lacks,
        version: found.version,
        turn,
        text,
        frame,
    }
}

/// What an amendment would change, in the reader's language.
fn shown(amendment: &hub::compose::Amendment, words: Words) -> Amendment {
    let changes = amendment.changes.iter();
    let labels = |rows: &[hub::addressing::OrganizationLabel]| {
        rows.iter().map(|row| organization(row, words)).collect()
    };
    let again = asked_again(&amendment.changes).into_iter();
    Amendment {
        changes: changes.map(|change| changed_name(*change, words)).collect(),
        added: labels(&amendment.added),
        removed: labels(&amendment.removed),
        again: again.map(|tier| tier_name(tier, words)).collect(),
    }
}

fn message(said: &str, words: Words) -> Option<Message> {
    let text = match said {
        "saved" => words.t("compose-saved"),
        "proposed" => words.t("compose-proposed"),
        "sent-back" => words.t("compose-sent-back"),
        _ => return None,
    };
    Some(Message {
        tone: Tone::Done,
        text: text.into_owned(),
    })
}

/// Asks a second person to issue it.
pub(crate) async fn propose(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Redirect, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    state
        .call(move |hub| hub::compose::propose(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Redirect::to(&format!(
        "/advisories/{id}/check?said=proposed"
    )))
}

/// Issues it as the second person, or sends it back.
pub(crate) async fn issue(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    if posted.one("then") == "send-back" {
        state
            .call(move |hub| hub::issue::send_back(hub, &Signed::call(&actor, &visit), id))
            .await?;
        return Ok(Redirect::to(&format!(
            "/advisories/{id}/check?said=sent-back"
        )));
    }
    let version: u32 = posted
        .one("version")
        .parse()
        .map_err(|_| Problem::Malformed)?;
    state
        .call(move |hub| hub::issue::issue(hub, &Signed::call(&actor, &visit), id, version))
        .await?;
    Ok(Redirect::to(&format!("/advisories/{id}?said=issued")))
}
