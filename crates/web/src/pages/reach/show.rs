//! `GET /advisories/{advisory}/reach`.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use domain::advisory::Progress;
use domain::advisory::delivery::Hop;
use domain::id::AdvisoryId;
use domain::organization::Tier;
use domain::time::Timestamp;
use hub::ReadError;
use hub::addressing::OrganizationLabel;
use hub::deliver::MailRelay;
use hub::reach::{AdvisoryRow, ReachLine, Reached, Scope as Seen};
use serde::Deserialize;
use view::form::Form;
use view::layout::{Frame, Message, Tone};
use view::page::reach::{FailedMail, Head, Mails, Named, Reach, ReachItem, Scope};
use view::part::Pager;
use view::words::Words;

use crate::names::organization;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Lines on one page.
const LINES_MAX: usize = 50;

/// What is asked of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// What the last action did.
    #[serde(default)]
    said: String,
    /// With how many.
    #[serde(default)]
    count: u32,
    /// Place of the first line, from 0.
    #[serde(default)]
    from: usize,
}

/// Shows the reach of an advisory.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let frame = frame(&state, &visit, &asked, id);
    let (reached, waiting) = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            let reached = hub::reach::of(hub, &call, id)?;
            Ok::<_, ReadError>((reached, hub::question::waiting(hub, &call)?))
        })
        .await?;
    let mut page = dressed(frame, &reached, asked.from);
    page.question_count = waiting.get(&id).copied().unwrap_or(0);
    Ok(Html(page.render()?))
}

fn frame(state: &AppState, visit: &Visit, asked: &Asked, id: AdvisoryId) -> Frame {
    let words = visit.words;
    let told = |key| Message {
        tone: if asked.count == 0 {
            Tone::Hint
        } else {
            Tone::Done
        },
        text: words.tn(key, &[("count", asked.count.into())]),
    };
    let message = match asked.said.as_str() {
        "nudged" => Some(told("reach-nudged")),
        "retried" => Some(told("reach-retried")),
        "nobody" => Some(Message {
            tone: Tone::Hint,
            text: words.t("reach-nudge-none").into_owned(),
        }),
        _ => None,
    };
    Frame {
        message,
        path: format!("/advisories/{id}/reach"),
        ..visit.frame(state)
    }
}

fn dressed(frame: Frame, reached: &Reached, from: usize) -> Reach {
    let words = frame.words;
    let href = format!("/advisories/{}", reached.row.advisory.id);
    let shown = reached.lines.iter().skip(from).take(LINES_MAX);
    let tiers = Tier::ALL
        .iter()
        .map(|tier| (*tier, reached.tally_of_tier(*tier)));
    let hops = Hop::ALL
        .iter()
        .map(|hop| (*hop, reached.tally_of_hop(*hop)));
    let open = reached
        .lines
        .iter()
        .filter(|line| line.urgency.has_not_acted());
    let nudgeable = reached.lines.iter().filter(|line| line.may_be_nudged);
    let next = from.saturating_add(LINES_MAX);
    Reach {
        whole: reached.tally(),
        hops: hops.filter(|(_, tally)| tally.total() > 0).collect(),
        tiers: tiers.filter(|(_, tally)| tally.total() > 0).collect(),
        lines: shown.map(|line| item(line, words)).collect(),
        open_count: open.count(),
        nudgeable_count: nudgeable.count(),
        question_count: 0,
        pager: Pager {
            first_href: (from > 0).then(|| format!("{href}/reach#lines")),
            next_href: (next < reached.lines.len())
                .then(|| format!("{href}/reach?from={next}#lines")),
        },
        mails: mails(reached, words),
        form: Form::new(format!("{href}/nudge")),
        head: head(&reached.row, &reached.issuer, words),
        scope: match reached.scope {
            Seen::Whole => Scope::Whole,
            Seen::Below => Scope::Below,
        },
        frame,
    }
}

/// The advisory as the pages around it name it.
pub(crate) fn head(row: &AdvisoryRow, issuer: &OrganizationLabel, words: Words) -> Head {
    Head {
        href: format!("/advisories/{}", row.advisory.id),
        number: row.number.clone(),
        kind: row.advisory.kind,
        stage: row.advisory.stage,
        issuer: organization(issuer, words),
        issued_at: row.advisory.issued_at.unwrap_or(row.created_at),
    }
}

fn item(line: &ReachLine, words: Words) -> ReachItem {
    ReachItem {
        id: line.row.id.to_string(),
        organization: organization(&line.organization, words),
        tier: line.row.tier,
        named: match line.row.person {
            Some(_) => Named::Person,
            None => Named::Tier,
        },
        progress: line.row.progress,
        urgency: line.urgency,
        due_at: line.due_at,
        since: since(line),
        nudged_at: line.row.nudged_at,
        escalated_at: line.row.escalated_at,
        may_be_nudged: line.may_be_nudged,
    }
}

/// When the line came as far as it is.
fn since(line: &ReachLine) -> Option<Timestamp> {
    match line.row.progress {
        Progress::Waiting => None,
        Progress::Delivered => line.row.delivered_at,
        Progress::Opened => line.row.opened_at,
        Progress::Accepted => line.row.accepted_at,
        Progress::Done | Progress::NotApplicable | Progress::Cannot => line.row.settled_at,
    }
}

fn mails(reached: &Reached, words: Words) -> Mails {
    let deliveries = &reached.deliveries;
    Mails {
        sent_count: deliveries.sent_count,
        waiting_count: deliveries.waiting_count,
        failed: deliveries
            .failed
            .iter()
            .map(|failed| FailedMail {
                organization: organization(&failed.organization, words),
                failure: failed.failure,
                attempts: failed.attempts,
                next_at: failed.next_at,
            })
            .collect(),
        is_configured: reached.relay == MailRelay::Configured,
    }
}
