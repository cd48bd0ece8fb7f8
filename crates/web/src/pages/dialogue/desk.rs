//! `/messages/{id}`: a message that waits at the relay.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::dialogue::PassageStage;
use domain::id::MessageId;
use domain::policy::{Action, permits};
use domain::release::border::{Fault, Passage as Draft};
use domain::release::detector::Hit;
use domain::text::fold;
use hub::dialogue::{Desk, DialogueError, Direction, Written};
use serde::Deserialize;
use view::answer::Names;
use view::form::{Choice, Form};
use view::layout::Frame;
use view::lines::label_name;
use view::page::dialogue::Passage;
use view::part::HandlingBar;
use view::words::Words;

use super::section::{Reader, TEXT, message, typed};
use crate::form::Posted;
use crate::pages::case::title;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// What the step before met.
#[derive(Deserialize)]
pub(crate) struct Asked {
    did: Option<String>,
}

/// Refusals that the desk explains.
const DID: [&str; 6] = ["second", "approver", "faulty", "changed", "ended", "terms"];

/// `GET /messages/{id}`
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let id: MessageId = id.parse().map_err(|_| Problem::NotFound)?;
    let mut page = load(&state, &signed, id).await?;
    let did = DID
        .into_iter()
        .find(|did| asked.did.as_deref() == Some(did));
    if let Some(did) = did {
        page.faults
            .insert(0, page.frame.t(&format!("dialogue-did-{did}")).into_owned());
    }
    Ok(Html(page.render()?))
}

/// `POST /messages/{id}`: passes a question on, or keeps what is written of an answer.
pub(crate) async fn write(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: MessageId = id.parse().map_err(|_| Problem::NotFound)?;
    let revision = revision(&posted)?;
    let text = match typed(posted.one(TEXT)) {
        Ok(text) => text,
        Err(wrong) => {
            let mut page = load(&state, &signed, id).await?;
            let words = page.frame.words;
            if let Some(form) = &mut page.form {
                *form = posted.refill(&form.action);
                form.reject(TEXT, words.t(wrong));
            }
            return Ok((REFUSED, Html(page.render()?)).into_response());
        }
    };
    let confirmed = posted.all("confirm").iter().map(|text| fold(text));
    let draft = Draft {
        text: text.as_str().to_owned(),
        confirmed: confirmed.collect(),
    };
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let done = state
        .call(move |hub| {
            let call = || Signed::call(&actor, &visit);
            let desk = hub::dialogue::desk(hub, &call(), id)?;
            let report = desk.head.id;
            let done = match desk.direction {
                Direction::Down => hub::dialogue::forward(hub, &call(), id, text),
                Direction::Up => hub::dialogue::write(hub, &call(), id, revision, draft),
            };
            Ok::<_, DialogueError>((desk.direction, report, done))
        })
        .await?;
    match done {
        (Direction::Down, report, Ok(())) => {
            Ok(Redirect::to(&format!("/reports/{report}#dialogue")).into_response())
        }
        (_, _, outcome) => after(id, outcome),
    }
}

/// `POST /messages/{id}/pass`
pub(crate) async fn pass(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: MessageId = id.parse().map_err(|_| Problem::NotFound)?;
    let revision = revision(&posted)?;
    let outcome = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, Problem>(hub::dialogue::pass_on(hub, &call, id, revision))
        })
        .await?;
    after(id, outcome)
}

/// `POST /messages/{id}/hold`
pub(crate) async fn hold(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Response, Problem> {
    let id: MessageId = id.parse().map_err(|_| Problem::NotFound)?;
    let outcome = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            Ok::<_, Problem>(hub::dialogue::hold(hub, &call, id))
        })
        .await?;
    after(id, outcome)
}

fn revision(posted: &Posted) -> Result<u32, Problem> {
    let revision = posted.one("revision");
    revision.parse().map_err(|_| Problem::Malformed)
}

/// Back to the desk, which explains a refusal.
fn after(id: MessageId, outcome: Result<(), DialogueError>) -> Result<Response, Problem> {
    let did = match outcome {
        Ok(()) => "",
        Err(DialogueError::SecondPerson) => "?did=second",
        Err(DialogueError::Approver) => "?did=approver",
        Err(DialogueError::Faulty) => "?did=faulty",
        Err(DialogueError::Changed) => "?did=changed",
        Err(DialogueError::Ended) => "?did=ended",
        Err(DialogueError::OutOfTerms) => "?did=terms",
        Err(error) => return Err(error.into()),
    };
    Ok(Redirect::to(&format!("/messages/{id}{did}")).into_response())
}

async fn load(state: &AppState, signed: &Signed, id: MessageId) -> Result<Passage, Problem> {
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let desk = state
        .call(move |hub| hub::dialogue::desk(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let writes = match desk.direction {
        Direction::Down => true,
        Direction::Up => permits(&signed.actor, Action::ReviewBorder),
    };
    let frame = signed.visit.frame(state);
    Ok(page(state, frame, desk, writes.then_some(id)))
}

/// The page of `desk`; `writer` names the message where the reader may write.
fn page(state: &AppState, frame: Frame, desk: Desk, writer: Option<MessageId>) -> Passage {
    let words = frame.words;
    let names = Names {
        reference: state.hub.reference(),
        day: frame.now.day_in_japan(),
        words,
    };
    let handling = desk.message.text.handling().clone();
    let spoken = Spoken::of(desk.direction);
    let t = |key: &str| words.t(key).into_owned();
    let open = desk.stage.is_open();
    let step = |below: &str| {
        Form::new(format!("/messages/{}{below}", desk.message.id))
            .with("revision", desk.revision.to_string())
    };
    let text = match (&desk.passage, desk.direction) {
        (Some(passage), _) => passage.content().text.clone(),
        (None, Direction::Down) => desk.message.text.content().clone(),
        (None, Direction::Up) => String::new(),
    };
    let form = writer.filter(|_| open).map(|_| {
        let mut form = step("").with(TEXT, text);
        for confirmed in desk.passage.iter().flat_map(|it| &it.content().confirmed) {
            form = form.with("confirm", confirmed.as_str());
        }
        form
    });
    let passes = open && desk.stage == PassageStage::Written && desk.written == Written::Colleague;
    Passage {
        back: format!("/reports/{}#dialogue", desk.head.id),
        heading: t(spoken.heading),
        title: title(&desk.head, words),
        stage: words
            .t(&format!("dialogue-stage-{}", desk.stage))
            .into_owned(),
        lead: t(spoken.lead),
        faults: faults(&desk, words),
        bar: HandlingBar::new(&handling, names.purposes(&handling.purposes), words),
        hits: hits(&desk, words),
        written: desk
            .passage
            .clone()
            .map(|passage| passage.map(|passage| passage.text)),
        pass: (passes && desk.faults.is_empty()).then(|| step("/pass")),
        hold: open.then(|| step("/hold")),
        form,
        said: vec![message(words, desk.message, Reader::Relay)],
        own_label: t(spoken.label),
        own_hint: t(spoken.hint),
        send: t(spoken.send),
        hold_lead: t(spoken.hold),
        frame,
    }
}

/// The keys of what is said on the way down and on the way up.
struct Spoken {
    heading: &'static str,
    lead: &'static str,
    label: &'static str,
    hint: &'static str,
    send: &'static str,
    hold: &'static str,
}

impl Spoken {
    const fn of(direction: Direction) -> Self {
        match direction {
            Direction::Down => Self {
                heading: "dialogue-forward-title",
                lead: "dialogue-forward-lead",
                label: "dialogue-forward-text",
                hint: "dialogue-forward-hint",
                send: "dialogue-forward",
                hold: "dialogue-hold-question",
            },
            Direction::Up => Self {
                heading: "dialogue-answer-title",
                lead: "dialogue-answer-lead",
                label: "dialogue-answer-text",
                hint: "dialogue-answer-hint",
                send: "dialogue-answer-save",
                hold: "dialogue-hold-answer",
            },
        }
    }
}

fn faults(desk: &Desk, words: Words) -> Vec<String> {
    if !desk.stage.is_open() {
        return Vec::new();
    }
    let text = desk.passage.as_ref().map(domain::release::Visible::content);
    let text = text.map_or("", |passage| passage.text.as_str());
    desk.faults
        .iter()
        .map(|fault| match fault {
            Fault::Copied { .. } => words.t("dialogue-copied").into_owned(),
            Fault::Identifying { hit, .. } => words.tn(
                "dialogue-identifying",
                &[
                    ("text", spelled(text, hit).into()),
                    ("label", label_name(hit.label, words).into()),
                ],
            ),
            _ => words.t("dialogue-error-text").into_owned(),
        })
        .collect()
}

/// Strings to be let stand one by one.
fn hits(desk: &Desk, words: Words) -> Vec<Choice> {
    let Some(passage) = &desk.passage else {
        return Vec::new();
    };
    let text = &passage.content().text;
    let mut choices: Vec<Choice> = Vec::new();
    for hit in &desk.hits {
        let found = spelled(text, hit);
        let value = fold(found);
        if choices.iter().all(|choice| choice.value != value) {
            choices.push(Choice::new(value, found).hint(label_name(hit.label, words)));
        }
    }
    choices
}

fn spelled<'t>(text: &'t str, hit: &Hit) -> &'t str {
    text.get(hit.span.clone()).unwrap_or_default()
}
