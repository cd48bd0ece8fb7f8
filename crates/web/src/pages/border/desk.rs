//! `GET /reviews/{id}`: the reviewer's desk.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use domain::handling::{Circle, Handling, Tlp};
use domain::id::ReviewId;
use domain::part::PartKind;
use domain::part::field::{Field, PROSE_CHARS_MAX, Shape};
use domain::policy::{Action, permits};
use domain::release::border::{
    AuthorAnswer, CROSSING_KINDS, Crossing, Draft, ReviewStage, SmallGroup, coded_fields,
    written_fields,
};
use domain::text::fold;
use hub::release::Desk;
use serde::Deserialize;
use view::answer::{Names, field_name, part_name};
use view::form::{Choice, Form};
use view::layout::Frame;
use view::lines::{Spelling, label_name, lines};
use view::page::border::{Border, PartDesk, TextField};
use view::page::dialogue::Dialogue;
use view::part::{HandlingBar, circle_name, consent_name, tlp_meaning};

use super::say;
use crate::pages::case::title;
use crate::pages::dialogue::section::at_desk;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// What the step before did.
#[derive(Deserialize)]
pub(crate) struct Asked {
    pub(super) did: Option<String>,
}

/// Shows the desk.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let id: ReviewId = id.parse().map_err(|_| Problem::NotFound)?;
    let mut frame = signed.visit.frame(&state);
    frame.message = say::Did::message(asked.did.as_deref(), frame.words);
    let desk = load(&state, &signed, id).await?;
    let form = draft_form(&desk);
    let mut page = page(&state, &signed, frame, &desk, form);
    page.dialogue = dialogue(&state, &signed, &desk).await?;
    Ok(Html(page.render()?))
}

/// The desk of the review, for this visit.
pub(super) async fn load(state: &AppState, signed: &Signed, id: ReviewId) -> Result<Desk, Problem> {
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    state
        .call(move |hub| hub::release::desk(hub, &Signed::call(&actor, &visit), id))
        .await
}

/// What was said with the source of the report under review; questions are put on the report's page.
pub(super) async fn dialogue(
    state: &AppState,
    signed: &Signed,
    desk: &Desk,
) -> Result<Dialogue, Problem> {
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let id = desk.report.id;
    let had = state
        .call(move |hub| hub::dialogue::at_desk(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Dialogue {
        form: None,
        ..at_desk(signed.visit.words, &desk.head(), had)
    })
}

/// The page of `desk` with `form` as its draft.
pub(super) fn page(
    state: &AppState,
    signed: &Signed,
    frame: Frame,
    desk: &Desk,
    form: Form,
) -> Border {
    let words = frame.words;
    let names = Names {
        reference: state.hub.reference(),
        day: desk.opened_at.day_in_japan(),
        words,
    };
    let writes = permits(&signed.actor, Action::ReviewBorder) && desk.stage == ReviewStage::Open;
    let step = |path: &str| {
        Form::new(format!("/reviews/{}/{path}", desk.id))
            .with("revision", desk.revision.to_string())
    };
    let asks = writes && desk.author == AuthorAnswer::NotAsked && desk.faults.is_empty();
    let author = words.t(&format!("border-author-{}", desk.author.word()));
    Border {
        back: format!("/reports/{}", desk.report.id),
        title: title(&desk.head(), words),
        stage: words
            .t(&format!("case-review-{}", desk.stage.word()))
            .into_owned(),
        faults: if desk.stage == ReviewStage::Open {
            say::faults(desk, words)
        } else {
            Vec::new()
        },
        anonymity: say::anonymity(&desk.anonymity, names),
        parts: CROSSING_KINDS
            .iter()
            .filter_map(|kind| part_desk(desk, *kind, names))
            .collect(),
        hits: hits(desk, names),
        dry_run: format!("/reviews/{}/dry-run", desk.id),
        dialogue: Dialogue::default(),
        author: author.into_owned(),
        author_due_at: desk.author_due_at,
        ask: asks.then(|| step("author")),
        withhold: (desk.stage == ReviewStage::Open).then(|| step("withhold")),
        form: writes.then_some(form),
        frame,
    }
}

/// The draft as the form shows it.
pub(super) fn draft_form(desk: &Desk) -> Form {
    let draft: &Draft = desk.draft.content();
    let mut form =
        Form::new(format!("/reviews/{}", desk.id)).with("revision", desk.revision.to_string());
    for (kind, part) in &draft.parts {
        let name = |field: &str| format!("{}-{field}", kind.word());
        if let Some(crossing) = part.crossing {
            form = form.with(&name("crossing"), crossing.word());
        }
        form = form
            .with(&name("reason"), part.reason.as_str())
            .with(&name("tlp"), part.handling.tlp.word());
        for (field, text) in &part.texts {
            form = form.with(&say::text_name(*field), text.as_str());
        }
        for field in coded_fields(*kind).filter(|field| !part.left_out.contains(field)) {
            form = form.with(&name("over"), field.word());
        }
        for purpose in &part.handling.purposes {
            form = form.with(&name("purposes"), purpose.as_str());
        }
        for circle in &part.handling.circles {
            form = form.with(&name("circles"), circle.word());
        }
    }
    for (field, text) in &draft.confirmed {
        form = form.with("confirm", format!("{}:{text}", field.word()));
    }
    if draft.small_group == SmallGroup::Accepted {
        form = form.with("small", "yes");
    }
    form
}

fn part_desk(desk: &Desk, kind: PartKind, names: Names<'_>) -> Option<PartDesk> {
    let words = names.words;
    let original = desk.originals.iter().find(|part| part.kind == kind)?;
    desk.draft.content().parts.get(&kind)?;
    let handling = original.body.handling();
    let outgoing = desk.outgoing.get(&kind).cloned();
    Some(PartDesk {
        word: kind.word(),
        title: part_name(kind, words),
        original_id: original.id.to_string(),
        bar: HandlingBar::new(handling, names.purposes(&handling.purposes), words),
        consent: consent_name(handling.consent, words),
        original: lines(
            original.body.clone(),
            names,
            &desk.original_hits,
            Spelling::AsTyped,
        ),
        codes: codes(desk, kind, names),
        outgoing: outgoing.map(|body| lines(body, names, &desk.hits, Spelling::AsTyped)),
        crossings: Crossing::ALL
            .iter()
            .map(|crossing| Choice::new(crossing.word(), say::crossing_name(*crossing, words)))
            .collect(),
        texts: texts(kind, names),
        tlps: tlps(handling, names),
        purposes: handling
            .purposes
            .iter()
            .map(|code| Choice::new(code.as_str(), names.purpose(code)))
            .collect(),
        circles: handling
            .circles
            .iter()
            .filter(|circle| !matches!(circle, Circle::Source | Circle::Secretariat))
            .map(|circle| Choice::new(circle.word(), circle_name(*circle, words)))
            .collect(),
    })
}

/// Codes and times that could go over, as they would be shown.
fn codes(desk: &Desk, kind: PartKind, names: Names<'_>) -> Vec<Choice> {
    let Some(offered) = desk.offered.get(&kind) else {
        return Vec::new();
    };
    coded_fields(kind)
        .filter_map(|field| {
            let value = offered.content().value(field)?;
            let name = field_name(field, names.words);
            Some(Choice::new(field.word(), name).hint(names.value(field, value)))
        })
        .collect()
}

fn texts(kind: PartKind, names: Names<'_>) -> Vec<TextField> {
    written_fields(kind)
        .map(|field| TextField {
            name: say::text_name(field),
            label: field_name(field, names.words),
            rows: match field.shape() {
                Shape::Prose if field == Field::Narrative => 6,
                Shape::Prose => 3,
                _ => 1,
            },
            chars_max: PROSE_CHARS_MAX,
        })
        .collect()
}

/// Labels that are no looser than the source's.
fn tlps(handling: &Handling, names: Names<'_>) -> Vec<Choice> {
    Tlp::ALL
        .iter()
        .filter(|tlp| **tlp >= handling.tlp)
        .map(|tlp| Choice::new(tlp.word(), tlp.label()).hint(tlp_meaning(*tlp, names.words)))
        .collect()
}

/// Each string found in the outgoing text, once per field.
fn hits(desk: &Desk, names: Names<'_>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for (field, hit) in &desk.hits {
        let text = say::written(desk, *field, hit.span.clone());
        let value = format!("{}:{}", field.word(), fold(&text));
        if choices.iter().all(|choice| choice.value != value) {
            let label = names.words.tn(
                "border-hit",
                &[
                    ("text", text.into()),
                    ("field", field_name(*field, names.words).into()),
                ],
            );
            choices.push(Choice::new(value, label).hint(label_name(hit.label, names.words)));
        }
    }
    choices
}
