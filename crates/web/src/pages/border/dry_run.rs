//! `GET /reviews/{id}/dry-run`: who would receive what, what is withheld, and why.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::actor::Actor;
use domain::handling::{Circle, Tlp};
use domain::id::ReviewId;
use domain::part::PartKind;
use domain::policy::{Action, permits};
use domain::release::border::{AuthorAnswer, Crossing, Outcome, PlannedPart, ReviewStage};
use hub::release::Desk;
use view::answer::{Names, part_name};
use view::form::Form;
use view::lines::{Spelling, lines};
use view::page::border::{CircleRow, DryRun, OutgoingView};
use view::part::{HandlingBar, circle_name};
use view::words::{Language, Words};

use super::{desk, say};
use crate::pages::case::title;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the dry run.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let id: ReviewId = id.parse().map_err(|_| Problem::NotFound)?;
    let frame = signed.visit.frame(&state);
    let words = frame.words;
    let desk = desk::load(&state, &signed, id).await?;
    let names = Names {
        reference: state.hub.reference(),
        day: desk.opened_at.day_in_japan(),
        words,
    };
    let (approve_note, may_approve) = approval(&desk, &signed.actor);
    let page = DryRun {
        back: format!("/reviews/{id}"),
        title: title(&desk.head(), words),
        tlp: crossing(&desk)
            .map(|(_, part)| part.handling.tlp)
            .max()
            .unwrap_or(Tlp::Red),
        faults: say::faults(&desk, words),
        candidates: (desk.anonymity.candidates(), desk.anonymity.candidates_min),
        columns: desk
            .plan
            .keys()
            .map(|kind| part_name(*kind, words))
            .collect(),
        rows: Circle::ALL
            .iter()
            .map(|circle| row(&desk, *circle, words))
            .collect(),
        withheld: withheld(&desk, words),
        outgoing: outgoing(&desk, names),
        approvals: desk
            .approvals
            .iter()
            .map(|approval| {
                let key = if approval.person == signed.actor.person {
                    "border-you"
                } else {
                    "border-colleague"
                };
                (words.t(key).into_owned(), approval.approved_at)
            })
            .collect(),
        approve: may_approve.map(|()| {
            Form::new(format!("/reviews/{id}/approve")).with("revision", desk.revision.to_string())
        }),
        approve_note: words.t(approve_note).into_owned(),
        frame,
    };
    Ok(Html(page.render()?))
}

fn crossing(desk: &Desk) -> impl Iterator<Item = (&PartKind, &PlannedPart)> {
    desk.plan
        .iter()
        .filter(|(_, part)| part.crossing == Some(Crossing::Cross))
}

fn row(desk: &Desk, circle: Circle, words: Words) -> CircleRow {
    let receives =
        crossing(desk).any(|(_, part)| part.circles.get(&circle) == Some(&Outcome::Receives));
    let name = desk
        .map
        .key(circle)
        .filter(|_| receives)
        .and_then(|key| desk.names.get(&key));
    CircleRow {
        circle: circle_name(circle, words),
        recipients: name.map_or(String::new(), |(ja, en)| match words.language() {
            Language::Ja => ja.clone(),
            Language::En => en.clone(),
        }),
        cells: desk
            .plan
            .values()
            .map(|part| cell(part, circle, words))
            .collect(),
    }
}

fn cell(part: &PlannedPart, circle: Circle, words: Words) -> (String, &'static str) {
    let outcome = part.circles.get(&circle).copied();
    let (word, tone) = match outcome {
        Some(Outcome::Receives) if part.crossing.is_none() => ("undecided", "warning"),
        Some(Outcome::Receives) => (Outcome::Receives.word(), "done"),
        Some(other) => (other.word(), "still"),
        None => (Outcome::NotOffered.word(), "still"),
    };
    (
        words.t(&format!("border-outcome-{word}")).into_owned(),
        tone,
    )
}

fn withheld(desk: &Desk, words: Words) -> Vec<(String, String)> {
    desk.draft
        .content()
        .parts
        .iter()
        .filter(|(_, part)| part.crossing == Some(Crossing::Withhold))
        .map(|(kind, part)| (part_name(*kind, words), part.reason.clone()))
        .collect()
}

fn outgoing(desk: &Desk, names: Names<'_>) -> Vec<OutgoingView> {
    crossing(desk)
        .filter_map(|(kind, part)| {
            let body = desk.outgoing.get(kind)?.clone();
            let purposes = names.purposes(&part.handling.purposes);
            Some(OutgoingView {
                title: part_name(*kind, names.words),
                bar: HandlingBar::new(&part.handling, purposes, names.words),
                lines: lines(body, names, &[], Spelling::AsTyped),
            })
        })
        .collect()
}

/// What the reader's approval would do; with it when he can give one now.
fn approval(desk: &Desk, actor: &Actor) -> (&'static str, Option<()>) {
    let approves = permits(actor, Action::ApproveRelease);
    let given = |approval: &hub::release::Approval| approval.person == actor.person;
    if desk.stage != ReviewStage::Open {
        ("border-approve-ended", None)
    } else if !desk.faults.is_empty() {
        ("border-approve-faulty", None)
    } else if matches!(desk.author, AuthorAnswer::Asked | AuthorAnswer::Refused) {
        ("border-approve-author", None)
    } else if desk.approvals.iter().any(given) {
        ("border-approve-yours", None)
    } else if desk.approvals.is_empty() {
        ("border-approve-first", Some(()))
    } else if approves {
        ("border-approve-second", Some(()))
    } else {
        ("border-approve-officer", Some(()))
    }
}
