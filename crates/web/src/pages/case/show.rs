//! `GET /reports/{id}`: the parts the reader may see, each reading noted.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use domain::actor::Actor;
use domain::handling::Tlp;
use domain::id::{ReportId, ReviewId};
use domain::part::{PartKind, Side};
use domain::policy::{Action, permits};
use domain::release::Visible;
use domain::release::border::ReviewStage;
use domain::report::stage::Step;
use domain::report::{Channel, Custody, ReportKind};
use domain::time::Timestamp;
use hub::close::Closing;
use hub::dialogue::Dialogue;
use hub::incident::{Alike, Listed};
use hub::intake::{Head, Opened, OpenedPart, When, Withdrawal, WrittenDown};
use hub::triage::Held;
use serde::Deserialize;
use view::answer::{Names, kind_name, part_name, stage_name};
use view::form::{Choice, Form};
use view::layout::{Message, Tone};
use view::lines::{Spelling, lines};
use view::page::case::{Case, Exact, PartView};
use view::page::close::close_reason_name;
use view::page::intake::Desk;
use view::part::{HandlingBar, consent_name};
use view::words::Words;

use super::rate;
use crate::lists::say_name;
use crate::pages::dialogue::section::at_desk;
use crate::pages::incident::{alike_views, group_form};
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// The order in which parts are read.
const ORDER: [PartKind; 4] = [
    PartKind::Summary,
    PartKind::Attack,
    PartKind::Damage,
    PartKind::Source,
];

/// What the last action did.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    said: String,
}

/// Shows the report.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::NotFound)?;
    let words = visit.words;
    let mut page = page(&state, Signed { visit, actor }, id).await?;
    if asked.said == "closed" {
        page.frame.message = Some(Message {
            tone: Tone::Done,
            text: words.t("close-report-said").into_owned(),
        });
    }
    Ok(Html(page.render()?))
}

/// The page of the report, for this visit.
pub(crate) async fn page(
    state: &AppState,
    Signed { visit, actor }: Signed,
    id: ReportId,
) -> Result<Case, Problem> {
    let frame = visit.frame(state);
    let desk = desk(&actor);
    let rates = desk != Desk::Member && permits(&actor, Action::RateSeverity);
    let may_group = permits(&actor, Action::GroupIncident);
    let may_review = permits(&actor, Action::ReviewBorder);
    let may_open = permits(&actor, Action::RequestOpening);
    let Read {
        opened,
        reviews,
        opinions,
        dialogue,
        groups,
        existing,
        alike,
        closed,
    } = read(state, Signed { visit, actor }, id).await?;
    let words = frame.words;
    let Opened {
        head,
        written_down,
        parts,
        withdrawal,
    } = opened;
    let may_step = |step| {
        let at_relay = head.at_relay.as_ref();
        may_review && at_relay.is_some_and(|at_relay| at_relay.stage.after(step).is_ok())
    };
    let at_relay = head.at_relay.as_ref();
    Ok(Case {
        back: back(desk).to_owned(),
        title: title(&head, words),
        tlp: strictest(&parts),
        source: source(desk, &head, words),
        lead: lead(desk, &parts, words),
        written_down: written_down.and_then(|down| entered(&down, words)),
        stage: at_relay.map_or(String::new(), |at_relay| stage_name(at_relay.stage, words)),
        accepted_at: at_relay.map(|at_relay| at_relay.accepted_at),
        exact: accepted_exact(&head),
        opinions: opinions.map(|held| {
            let views = held
                .iter()
                .map(|held| rate::opinion_view(state, words, held));
            views.collect()
        }),
        reaches: reaches(&parts, words),
        alike: alike_views(words, &title(&head, words), groups.first(), alike),
        grouping: (may_group && withdrawal.is_none()).then(|| group_form(id, &existing)),
        groups: groups.into_iter().map(group_link).collect(),
        rate: (rates && withdrawal.is_none()).then(|| rate::blank(state, words, id, frame.now)),
        withdrawn: withdrawal.map(|withdrawal| taken_back(&withdrawal, words)),
        dialogue: dialogue.map(|dialogue| at_desk(words, &head, dialogue)),
        parts: part_views(state, words, desk, &head, parts),
        reviews: reviews
            .into_iter()
            .map(|(id, stage, at)| (format!("/reviews/{id}"), review_name(stage, words), at))
            .collect(),
        closed: closed.map(|closed| (closed.closed_at, close_reason_name(closed.reason, words))),
        close: may_step(Step::Close).then(|| format!("/reports/{id}/close")),
        begin: may_step(Step::Review).then(|| Form::new(format!("/reports/{id}/review"))),
        opening: (may_open && head.custody == Custody::Unnamed && withdrawal.is_none())
            .then(|| format!("/openings/new/{id}")),
        frame,
    })
}

/// The strictest label among the parts; RED where there is none.
fn strictest(parts: &[OpenedPart]) -> Tlp {
    let labels = parts.iter().map(|part| part.body.handling().tlp);
    labels.max().unwrap_or(Tlp::Red)
}

/// How closely a desk is told when a report came: of a near miss without a name, the day.
fn accepted_exact(head: &Head) -> Exact {
    if head.custody != Custody::Named && head.kind == ReportKind::NearMiss {
        Exact::Day
    } else {
        Exact::Moment
    }
}

/// Since when something is there, and how closely the reader is told.
pub(crate) fn told(when: When) -> (Timestamp, Exact) {
    match when {
        When::Moment(at) => (at, Exact::Moment),
        When::Day(begin) => (begin, Exact::Day),
    }
}

/// What the page is made of.
struct Read {
    opened: Opened,
    reviews: Vec<(ReviewId, ReviewStage, Timestamp)>,
    /// `None` at a member, and of a report that was taken back.
    opinions: Option<Vec<Held>>,
    /// The same.
    dialogue: Option<Dialogue>,
    groups: Vec<Listed>,
    existing: Vec<Listed>,
    alike: Vec<Alike>,
    /// `None` while it is open, and above the border.
    closed: Option<Closing>,
}

impl Read {
    /// The report, and nothing that desks do about it.
    fn alone(opened: Opened) -> Self {
        Self {
            opened,
            opinions: None,
            reviews: Vec::new(),
            dialogue: None,
            groups: Vec::new(),
            existing: Vec::new(),
            alike: Vec::new(),
            closed: None,
        }
    }
}

async fn read(state: &AppState, signed: Signed, id: ReportId) -> Result<Read, Problem> {
    let Signed { visit, actor } = signed;
    let desk = desk(&actor);
    state
        .call(move |hub| {
            let call = || Signed::call(&actor, &visit);
            let opened = hub::intake::open(hub, &call(), id)?;
            if desk == Desk::Member {
                return Ok(Read::alone(opened));
            }
            let (opinions, dialogue) = if opened.parts.is_empty() {
                (None, None)
            } else {
                let opinions = hub::triage::opinions(hub, &call(), id)?;
                let dialogue = hub::dialogue::at_desk(hub, &call(), id)?;
                (Some(opinions), Some(dialogue))
            };
            let has_parts = !opened.parts.is_empty();
            Ok::<_, hub::ReadError>(Read {
                groups: if has_parts {
                    hub::incident::of_report(hub, &call(), id)?
                } else {
                    Vec::new()
                },
                existing: hub::incident::list(hub, &call())?,
                alike: if has_parts {
                    hub::incident::alike(hub, &call(), id)?
                } else {
                    Vec::new()
                },
                reviews: hub::release::of_report(hub, &call(), id)?,
                closed: hub::close::closed(hub, &call(), id)?,
                opened,
                opinions,
                dialogue,
            })
        })
        .await
}

/// Where the reader sits.
fn desk(actor: &Actor) -> Desk {
    if permits(actor, Action::Intake) {
        Desk::Relay
    } else if permits(actor, Action::Triage) {
        Desk::Above
    } else {
        Desk::Member
    }
}

/// To whom an opinion can be shown; a choice only for who has originals of something that was
/// released too.
fn reaches(parts: &[OpenedPart], words: Words) -> Vec<Choice> {
    let on = |side| parts.iter().any(|part| part.side == side);
    if on(Side::Original) && on(Side::Outgoing) {
        rate::reaches(words)
    } else {
        Vec::new()
    }
}

/// Address and name of a group.
fn group_link(group: Listed) -> (String, Visible<String>) {
    let name = group.name.map(|name| name.as_str().to_owned());
    (format!("/incidents/{}", group.id), name)
}

/// When and why the report was taken back.
fn taken_back(withdrawal: &Withdrawal, words: Words) -> (Timestamp, String) {
    let why = words.t(&format!("case-withdrawn-{}", withdrawal.reason));
    (withdrawal.withdrawn_at, why.into_owned())
}

/// Kind and pseudonym.
pub(crate) fn title(head: &Head, words: Words) -> String {
    let kind = kind_name(head.kind, words);
    words.tn(
        "case-title",
        &[
            ("kind", kind.into()),
            ("pseudonym", head.pseudonym.as_str().into()),
        ],
    )
}

/// Who can know the source, as far as this reader's side of the border goes; to members nothing, since
/// how it gave its name is a matter between it and the desks.
fn source(desk: Desk, head: &Head, words: Words) -> String {
    let side = match desk {
        Desk::Relay | Desk::Above if head.at_relay.is_some() => "relay",
        Desk::Relay | Desk::Above => "above",
        Desk::Member => return String::new(),
    };
    words
        .t(&format!("case-source-{}-{side}", head.custody.word()))
        .into_owned()
}

/// What a member is told before the report; nothing at a desk, and nothing where there is only a
/// tombstone.
fn lead(desk: Desk, parts: &[OpenedPart], words: Words) -> String {
    match desk {
        Desk::Member if !parts.is_empty() => words.t("case-shared-lead").into_owned(),
        Desk::Relay | Desk::Above | Desk::Member => String::new(),
    }
}

/// The list that the report stands in for this reader.
fn back(desk: Desk) -> &'static str {
    match desk {
        Desk::Relay => "/intake",
        Desk::Above => "/triage",
        Desk::Member => "/shared",
    }
}

/// That a clerk wrote it down, and how it came to him.
fn entered(down: &WrittenDown, words: Words) -> Option<String> {
    let key = match down.channel {
        Channel::Phone => "phone-own-phone",
        Channel::Fax => "phone-own-fax",
        Channel::Web | Channel::Api | Channel::Batch => return None,
    };
    let organization = say_name(words, &down.names);
    Some(words.tn(key, &[("organization", organization.into())]))
}

fn review_name(stage: ReviewStage, words: Words) -> String {
    words
        .t(&format!("case-review-{}", stage.word()))
        .into_owned()
}

fn part_views(
    state: &AppState,
    words: Words,
    desk: Desk,
    head: &Head,
    mut parts: Vec<OpenedPart>,
) -> Vec<PartView> {
    // When an unnamed source wrote is told by the day.
    let exact = match head.custody {
        Custody::Named => Exact::Moment,
        Custody::Unnamed | Custody::Stripped => Exact::Day,
    };
    parts.sort_by_key(|part| {
        let kind = ORDER.iter().position(|kind| *kind == part.kind);
        (part.side != Side::Outgoing, kind)
    });
    parts
        .into_iter()
        .map(|part| {
            let exact = match part.side {
                Side::Original => exact,
                Side::Outgoing => Exact::Moment,
            };
            let mut view = part_view(state, words, exact, part);
            if desk == Desk::Member {
                // Members pass nothing on to the center.
                view.consent.clear();
            }
            view
        })
        .collect()
}

fn part_view(state: &AppState, words: Words, exact: Exact, part: OpenedPart) -> PartView {
    let names = Names {
        reference: state.hub.reference(),
        day: part.written_at.day_in_japan(),
        words,
    };
    let key = match part.side {
        Side::Original => "case-part-original",
        Side::Outgoing => "case-part-outgoing",
    };
    let handling = part.body.handling().clone();
    PartView {
        id: part.id.to_string(),
        title: words.tn(key, &[("part", part_name(part.kind, words).into())]),
        bar: HandlingBar::new(&handling, names.purposes(&handling.purposes), words),
        consent: consent_name(handling.consent, words),
        version: part.version,
        written_at: part.written_at,
        exact,
        lines: lines(part.body, names, &[], Spelling::Defanged),
    }
}
