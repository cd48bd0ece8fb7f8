//! `GET /duty`, `GET /advisories`.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use domain::advisory::Progress;
use domain::advisory::delivery::escalation_at;
use domain::time::{DAY_SECONDS, Timestamp};
use hub::ReadError;
use hub::inbox::{InboxLine, Wanted};
use view::page::duty::{Day, Duty, Item, Received};
use view::words::Words;

use crate::names::organization;
use crate::pages::withdrawal::tombstone::stone;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows what needs the reader now.
pub(crate) async fn duty(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let (frame, words) = (visit.frame(&state), visit.words);
    let tier = actor.tier;
    let person = actor.person;
    let now = visit.now;
    let (lines, all, mut stones) = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            let open = hub::inbox::list(hub, &call, Wanted::Open)?;
            let all = hub::inbox::list(hub, &call, Wanted::All)?;
            Ok::<_, ReadError>((open, all, hub::tombstone::list(hub, &call)?))
        })
        .await?;
    let (own, others): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| {
        line.row.addressee.tier == tier || line.row.addressee.person == Some(person)
    });
    stones.retain(|stone| stone.confirmed.is_none());
    let page = Duty {
        stones: stones.iter().map(|one| stone(one, words)).collect(),
        frame,
        items: items(own, words),
        others: items(others, words),
        day: day(&all, now),
    };
    Ok(Html(page.render()?))
}

/// What came and was answered in the 24 hours before `now`.
fn day(lines: &[InboxLine], now: Timestamp) -> Day {
    let from = now.plus_seconds(-DAY_SECONDS);
    let rows = || lines.iter().map(|line| &line.row.addressee);
    let arrived = rows().filter_map(|row| row.delivered_at);
    let answered = rows().filter(|row| row.settled_at.or(row.accepted_at) >= Some(from));
    Day {
        answered_count: answered.count(),
        last_at: arrived.clone().max(),
        arrived: arrived.filter(|at| *at >= from).collect(),
    }
}

/// Shows everything that was received.
pub(crate) async fn received(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let (frame, words) = (visit.frame(&state), visit.words);
    let (lines, stones) = state
        .call(move |hub| {
            let call = Signed::call(&actor, &visit);
            let stones = hub::tombstone::list(hub, &call)?;
            Ok::<_, ReadError>((hub::inbox::list(hub, &call, Wanted::All)?, stones))
        })
        .await?;
    let page = Received {
        stones: stones.iter().map(|one| stone(one, words)).collect(),
        frame,
        items: items(lines, words),
    };
    Ok(Html(page.render()?))
}

fn items(lines: Vec<InboxLine>, words: Words) -> Vec<Item> {
    lines
        .into_iter()
        .map(|InboxLine { row, issuer }| Item {
            href: format!("/advisories/{}", row.advisory.advisory.id),
            number: row.advisory.number,
            kind: row.advisory.advisory.kind,
            issuer: organization(&issuer, words),
            tier: row.addressee.tier,
            due_at: row.due_at,
            arrived_at: row.addressee.delivered_at,
            escalates_at: next_call(
                row.addressee.progress,
                row.addressee.escalated_at.or(row.addressee.delivered_at),
                row.due_at,
            )
            .filter(|_| row.advisory.closed.is_none()),
            closed_at: row.advisory.closed.map(|closed| closed.at),
            tlp: row.tlp,
            progress: row.addressee.progress,
        })
        .collect()
}

/// When the next contact is told; `None` once somebody took it on.
pub(crate) fn next_call(
    progress: Progress,
    told_at: Option<Timestamp>,
    due_at: Timestamp,
) -> Option<Timestamp> {
    told_at
        .filter(|_| progress < Progress::Accepted)
        .and_then(|told_at| escalation_at(told_at, due_at))
}
