//! `GET /intake`, `GET /triage`, `GET /shared`: codes and times, never a text.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::Html;
use domain::part::field::Field;
use domain::report::stage::Stage;
use domain::severity::Severity;
use domain::time::Timestamp;
use hub::ReadError;
use hub::intake::{Age, COUNTED_REPORTS_MAX, Counted, IntakeRow};
use serde::Deserialize;
use view::answer::{Names, kind_name, stage_name};
use view::page::intake::ages::{AgeRow, Ages};
use view::page::intake::{Desk, Intake, Row};
use view::part::Pager;
use view::words::Words;

use crate::pages::case::{mark, told};
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Where the page begins.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The last row of the page before; `None` on the first page.
    after: Option<String>,
}

/// The codes a row names, in this order.
pub(crate) const FACETS: [Field; 5] = [
    Field::Sector,
    Field::Region,
    Field::NearMissKind,
    Field::EventTypes,
    Field::Services,
];

/// The relay's list.
pub(crate) async fn intake(
    state: State<AppState>,
    asked: Query<Asked>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    show(state, asked, signed, Desk::Relay, "/intake").await
}

/// The list above the border.
pub(crate) async fn triage(
    state: State<AppState>,
    asked: Query<Asked>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    show(state, asked, signed, Desk::Above, "/triage").await
}

/// What was released to the communities of a member.
pub(crate) async fn shared(
    state: State<AppState>,
    asked: Query<Asked>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    show(state, asked, signed, Desk::Member, "/shared").await
}

async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
    desk: Desk,
    path: &'static str,
) -> Result<Html<String>, Problem> {
    let after = match &asked.after {
        Some(text) => Some(text.parse().map_err(|_| Problem::Malformed)?),
        None => None,
    };
    let is_first = after.is_none();
    let frame = visit.frame(&state);
    let now = visit.now;
    let (page, counted) = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            if desk == Desk::Member {
                return Ok((hub::intake::shared(hub, &call, after.as_ref())?, None));
            }
            let page = hub::intake::list(hub, &call, after.as_ref())?;
            let counted = is_first
                .then(|| hub::intake::ages(hub, &call))
                .transpose()?;
            Ok::<_, ReadError>((page, counted))
        })
        .await?;
    let ages = counted.map(|counted| picture(&state, frame.words, &counted, now));
    let rows = page.rows.iter().map(|row| {
        let mut shown = line(&state, frame.words, row);
        if desk == Desk::Member {
            // Who could know the source is a desk's concern.
            shown.custody.clear();
        }
        shown
    });
    let page = Intake {
        rows: rows.collect(),
        pager: Pager {
            first_href: (!is_first).then(|| path.to_owned()),
            next_href: page.next.map(|next| format!("{path}?after={next}")),
        },
        ages,
        desk,
        frame,
    };
    Ok(Html(page.render()?))
}

/// What was counted, the gravest first and those that nobody rated last.
fn picture(state: &AppState, words: Words, counted: &hub::intake::Ages, now: Timestamp) -> Ages {
    let row = |severity: Option<Severity>| AgeRow {
        mark: severity.map(|severity| mark(state, words, severity, now)),
        counts: Age::ALL.map(|age| counted.count(severity, age)),
    };
    let rated = Severity::all()
        .into_iter()
        .rev()
        .map(|rung| row(Some(rung)));
    Ages {
        rows: rated.chain([row(None)]).collect(),
        newest: match counted.counted {
            Counted::All => None,
            Counted::Newest => Some(u64::from(COUNTED_REPORTS_MAX)),
        },
    }
}

fn line(state: &AppState, words: Words, row: &IntakeRow) -> Row {
    let lists = Names {
        reference: state.hub.reference(),
        day: row.seen_at.begin().day_in_japan(),
        words,
    };
    let (seen_at, exact) = told(row.seen_at);
    let kind = kind_name(row.head.kind, words);
    let facets = FACETS.iter().filter_map(|field| {
        let codes = row.facets.get(field)?;
        let chosen: Vec<String> = codes.iter().map(|code| lists.code(*field, code)).collect();
        Some(chosen.join(words.t("part-and").as_ref()))
    });
    let stage = row.head.at_relay.as_ref().map(|at_relay| at_relay.stage);
    Row {
        href: format!("/reports/{}", row.head.id),
        title: words.tn(
            "case-title",
            &[
                ("kind", kind.into()),
                ("pseudonym", row.head.pseudonym.as_str().into()),
            ],
        ),
        severity: row
            .severity
            .map(|severity| mark(state, words, severity, seen_at)),
        stage: match (stage, row.withdrawal) {
            (Some(stage), _) => stage_name(stage, words),
            (None, Some(_)) => words.t("intake-withdrawn").into_owned(),
            (None, None) => String::new(),
        },
        tone: stage.map_or("still", tone),
        custody: words
            .t(&format!("intake-custody-{}", row.head.custody.word()))
            .into_owned(),
        facets: facets.collect(),
        seen_at,
        exact,
    }
}

fn tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Received => "warning",
        Stage::UnderReview => "hint",
        Stage::Released => "done",
        Stage::Withheld | Stage::Withdrawn | Stage::Closed => "still",
    }
}
