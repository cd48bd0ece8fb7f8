//! `GET /advisories/{advisory}`: reading notes the reading and answers nothing.

use std::collections::BTreeSet;

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use domain::actor::Actor;
use domain::advisory::AdvisoryStage;
use domain::advisory::delivery::Occasion;
use domain::id::AdvisoryId;
use domain::policy::{Action, permits};
use hub::ReadError;
use hub::inbox::{OpenedAdvisory, RevisionRow, UnderWork};
use hub::tombstone::Found;
use serde::Deserialize;
use view::answer::Names;
use view::form::Form;
use view::layout::{Frame, Message, Tone};
use view::page::advisory::{
    AdvisoryPage, AdvisoryText, Amending, Change, Desk, Holders, Line, Stand, Withdraws,
};
use view::page::feedback::After;
use view::page::question::Questions;
use view::part::HandlingBar;
use view::words::Words;

use crate::names::organization;
use crate::pages::duty::next_call;
use crate::pages::feedback::after;
use crate::pages::question::questions;
use crate::pages::withdrawal::tombstone;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// What the last action did.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    said: String,
}

/// Shows an advisory to an addressee or to its issuer.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let message = message(&asked.said, visit.words);
    page(&state, visit, actor, &advisory, message, Rejected::None).await
}

fn message(said: &str, words: Words) -> Option<Message> {
    let text = match said {
        "answered" => words.t("advisory-answered"),
        "issued" => words.t("compose-issued"),
        "feedback" => words.t("feedback-saved"),
        "copies" => words.t("withdrawal-stone-said"),
        "asked" => words.t("question-said"),
        "replied" => words.t("question-answer-said"),
        "closed" => words.t("close-advisory-said"),
        "discarded" => words.t("withdrawal-discarded"),
        _ => return None,
    };
    Some(Message {
        tone: Tone::Done,
        text: text.into_owned(),
    })
}

/// A form of the page that was rejected.
pub(super) enum Rejected {
    /// None was.
    None,
    /// The answer to what the advisory asks for.
    Answer(Form),
    /// The question to its issuer.
    Question(Form),
}

/// The page, with what was typed into a form that was rejected.
pub(super) async fn page(
    state: &AppState,
    visit: Visit,
    actor: Actor,
    advisory: &str,
    message: Option<Message>,
    rejected: Rejected,
) -> Result<Html<String>, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let frame = Frame {
        message,
        path: format!("/advisories/{id}"),
        ..visit.frame(state)
    };
    let reader = actor.clone();
    let (found, beside) = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            let found = hub::tombstone::find(hub, &call, id)?;
            let beside = match found {
                Found::Advisory(_) => Some((
                    hub::feedback::beside(hub, &call, id)?,
                    hub::question::beside(hub, &call, id)?,
                )),
                Found::Tombstone(_) => None,
            };
            Ok::<_, ReadError>((found, beside))
        })
        .await?;
    Ok(Html(match found {
        Found::Advisory(opened) => {
            let mut page = dressed(state, frame, &reader, *opened);
            if let Some((beside, asked)) = beside {
                page.after = after(&page.href, beside);
                page.questions = questions(&page.href, asked, page.frame.words);
            }
            match rejected {
                Rejected::None => {}
                Rejected::Answer(form) => page.form = form,
                Rejected::Question(form) => page.questions = page.questions.with_form(form),
            }
            page.render()?
        }
        Found::Tombstone(stone) => tombstone::page(frame, &reader, &stone).render()?,
    }))
}

fn dressed(state: &AppState, frame: Frame, reader: &Actor, opened: OpenedAdvisory) -> AdvisoryPage {
    let words = frame.words;
    let answers = permits(reader, Action::Acknowledge);
    let is_issuer = opened.row.advisory.issuer == reader.organization;
    let desk = is_issuer.then(|| desk(reader, &opened)).flatten();
    let change = opened.revisions.last().map_or(Change::First, change);
    let control = opened.row.advisory;
    let issued_at = control.issued_at.unwrap_or(opened.row.created_at);
    let handling = opened.body.handling();
    let names = Names {
        reference: state.hub.reference(),
        day: issued_at.day_in_japan(),
        words,
    };
    let bar = HandlingBar {
        circles: vec![words.t("advisory-reaches-named").into_owned()],
        ..HandlingBar::new(handling, names.purposes(&handling.purposes), words)
    };
    let lines: Vec<Line> = opened
        .lines
        .iter()
        .filter_map(|line| {
            let due_at = *opened.dues.get(&line.tier)?;
            let told_at = line.escalated_at.or(line.delivered_at);
            Some(Line {
                id: line.id.to_string(),
                tier: line.tier,
                due_at,
                progress: line.progress,
                escalates_at: next_call(line.progress, told_at, due_at)
                    .filter(|_| opened.row.closed.is_none()),
                earlier: opened.earlier.get(&line.id).map(|answer| answer.progress),
            })
        })
        .collect();
    let own: BTreeSet<_> = lines.iter().map(|line| line.tier).collect();
    let others = opened.dues.into_iter();
    let href = format!("/advisories/{}", control.id);
    AdvisoryPage {
        closed_at: opened.row.closed.map(|closed| closed.at),
        number: opened.row.number,
        kind: control.kind,
        issuer: organization(&opened.issuer, words),
        issued_at,
        revision: control.revision,
        bar,
        text: AdvisoryText(opened.body),
        others: others.filter(|(tier, _)| !own.contains(tier)).collect(),
        may: match (control.stage, answers) {
            (AdvisoryStage::Issued, true) => Stand::Answers,
            (AdvisoryStage::Issued, false) => Stand::Reads,
            _ => Stand::Ended,
        },
        lines,
        form: Form::new(format!("{href}/answer")),
        questions: Questions::default(),
        after: After::nothing(""),
        href,
        change,
        desk,
        frame,
    }
}

/// How the text of `revision` differs from the one before.
fn change(revision: &RevisionRow) -> Change {
    match revision.occasion {
        Occasion::Tightened => Change::Tightened,
        Occasion::Amended => Change::Amended(revision.changed.iter().copied().collect()),
        _ => Change::First,
    }
}

/// What `reader` can do with an advisory of his own organization; `None` when that is nothing.
fn desk(reader: &Actor, opened: &OpenedAdvisory) -> Option<Desk> {
    let stage = opened.row.advisory.stage;
    let is_open = stage == AdvisoryStage::Issued;
    let amending = match opened.under_work {
        UnderWork::Amendment => Amending::UnderWork,
        UnderWork::Nothing if is_open && permits(reader, Action::ComposeAdvisory) => {
            Amending::Begin
        }
        UnderWork::Nothing => Amending::No,
    };
    let withdraws = match (permits(reader, Action::IssueAdvisory), stage) {
        (true, AdvisoryStage::Issued) => Withdraws::Yes,
        (true, AdvisoryStage::Closed) => Withdraws::RecallOnly,
        _ => Withdraws::No,
    };
    let holders = if permits(reader, Action::WatchReach) {
        Holders::Shown
    } else {
        Holders::Hidden
    };
    let has_any =
        amending != Amending::No || withdraws != Withdraws::No || holders == Holders::Shown;
    has_any.then_some(Desk {
        amending,
        withdraws,
        holders,
    })
}
