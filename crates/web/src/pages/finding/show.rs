//! `GET /findings`, `GET /findings/{candidate}`.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use domain::finding::LifeStep;
use domain::id::CandidateId;
use domain::policy::{Action, permits};
use hub::finding::{Happened, Mention, Said, Standpoint};
use hub::search::Found;
use serde::Deserialize;
use view::answer::Names;
use view::form::Form;
use view::layout::Tone;
use view::page::duty::kind_name;
use view::page::finding::candidate::{CandidatePage, HappenedRow, MentionRow, SaidRow};
use view::page::finding::{FindingList, FindingRow};
use view::part::{HandlingBar, Pager};
use view::words::Words;

use crate::names::pick;
use crate::pages::case::title;
use crate::problem::Problem;
use crate::said;
use crate::state::AppState;
use crate::visit::Signed;

/// Days for which a judgment is in force where the analyst says nothing else.
const JUDGED_DAYS_PRESET: &str = "30";

/// Where the list goes on.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    after: String,
}

impl Asked {
    /// After which candidate; `None` on the first page.
    fn place(&self) -> Result<Option<CandidateId>, Problem> {
        if self.after.is_empty() {
            return Ok(None);
        }
        self.after.parse().map(Some).map_err(|_| Problem::NotFound)
    }
}

/// The list.
pub(crate) async fn list(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    Query(asked): Query<Asked>,
    said: said::Said,
) -> Result<Html<String>, Problem> {
    let after = asked.place()?;
    let is_first = after.is_none();
    let mut frame = visit.frame(&state);
    let words = frame.words;
    let known = [
        ("sent", Tone::Done, "finding-sent"),
        ("full", Tone::Warning, "finding-full"),
    ];
    frame.message = said.message(words, &known);
    let sends = permits(&actor, Action::SubmitFindings);
    let found = state
        .call(move |hub| hub::finding::list(hub, &Signed::call(&actor, &visit), after))
        .await?;
    let rows = found.rows.into_iter().map(|row| FindingRow {
        href: format!("/findings/{}", row.id),
        found: row.found,
        own: row.own,
        ended: row.ended,
        judgments: row
            .judgments
            .into_iter()
            .map(|one| (who(one.standpoint, words), one.judgment))
            .collect(),
        step: row.steps.last().map(|happened| happened.step),
        list_count: row.list_count,
    });
    let page = FindingList {
        rows: rows.collect(),
        most: hub::finding::LISTED_MAX,
        pager: Pager {
            first_href: (!is_first).then(|| "/findings".to_owned()),
            next_href: found.next.map(|next| format!("/findings?after={next}")),
        },
        sends,
        frame,
    };
    Ok(Html(page.render()?))
}

/// One candidate.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
    said: said::Said,
) -> Result<Html<String>, Problem> {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let mut page = page(&state, signed, id).await?;
    let known = [
        ("judged", Tone::Done, "finding-judged"),
        ("noted", Tone::Done, "finding-noted"),
        ("withdrawn", Tone::Done, "finding-withdrawn"),
    ];
    page.frame.message = said.message(page.frame.words, &known);
    Ok(Html(page.render()?))
}

/// The page of the candidate, for this visit.
pub(super) async fn page(
    state: &AppState,
    Signed { visit, actor }: Signed,
    id: CandidateId,
) -> Result<CandidatePage, Problem> {
    let frame = visit.frame(state);
    let words = frame.words;
    let judges = permits(&actor, Action::JudgeFindings);
    let tells = permits(&actor, Action::NotifyUsers);
    let writes = permits(&actor, Action::ComposeAdvisory);
    let steps_noted = LifeStep::noted_by(actor.kind).to_vec();
    let opened = state
        .call(move |hub| hub::finding::open(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let names = Names {
        reference: state.hub.reference(),
        day: frame.now.day_in_japan(),
        words,
    };
    let handling = opened.found.handling();
    let bar = HandlingBar::new(handling, names.purposes(&handling.purposes), words);
    let judge = Form::new(format!("/findings/{id}/judge")).with("days", JUDGED_DAYS_PRESET);
    let note = Form::new(format!("/findings/{id}/steps"));
    let withdraw = Form::new(format!("/findings/{id}/withdraw"));
    Ok(CandidatePage {
        bar,
        own: opened.own.is_some(),
        ended: opened.ended,
        withdraw: opened.withdrawable.then_some(withdraw),
        outside: opened.outside,
        said: opened.said.into_iter().map(|one| row(one, words)).collect(),
        steps: opened
            .steps
            .iter()
            .map(|one| happened(one, words))
            .collect(),
        mentions: opened
            .mentions
            .iter()
            .map(|one| mention(one, words))
            .collect(),
        judge: judges.then_some(judge),
        note: judges.then_some(note),
        steps_noted,
        users_href: tells.then(|| format!("/findings/{id}/users")),
        advise_href: writes.then(|| format!("/advisories/new?finding={id}")),
        holders: opened
            .holders
            .iter()
            .map(|held| {
                (
                    pick(words, &held.name_ja, &held.name_en),
                    held.network.to_string(),
                )
            })
            .collect(),
        found: opened.found,
        frame,
    })
}

fn row(said: Said, words: Words) -> SaidRow {
    SaidRow {
        who: who(said.standpoint, words),
        judgment: said.judgment,
        reason: said
            .reason
            .map(|reason| reason.map(|reason| reason.as_str().to_owned())),
        given_at: said.given_at,
        expires_at: said.expires_at,
    }
}

fn happened(happened: &Happened, words: Words) -> HappenedRow {
    HappenedRow {
        who: who(happened.standpoint, words),
        step: happened.step,
        happened_at: happened.happened_at,
    }
}

fn mention(mention: &Mention, words: Words) -> MentionRow {
    let (href, title) = match &mention.found {
        Found::Report(head) => (format!("/reports/{}", head.id), title(head, words)),
        Found::Own(head) => (format!("/sent/{}", head.id), title(head, words)),
        Found::Advisory {
            id, kind, number, ..
        } => (
            format!("/advisories/{id}"),
            format!("{} {number}", kind_name(*kind, words)),
        ),
    };
    MentionRow {
        href,
        title,
        seen_at: mention.seen_at.begin(),
    }
}

/// Whose word something is.
fn who(standpoint: Standpoint, words: Words) -> String {
    let key = match standpoint {
        Standpoint::Own => "finding-by-own".to_owned(),
        Standpoint::Other(kind) => format!("finding-by-{kind}"),
    };
    words.t(&key).into_owned()
}
