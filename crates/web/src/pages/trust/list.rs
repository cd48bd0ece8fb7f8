//! `GET /trust`: the entries that are there for the reader.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::Html;
use domain::id::CommitmentId;
use domain::organization::OrganizationKind as Kind;
use domain::time::Timestamp;
use hub::log::{Content, LogCursor, LogRow, entries, head, verifier_key};
use serde::Deserialize;
use view::layout::Checkpoint;
use view::page::trust::{EntryState, TermRow, Trust, TrustRow, readings};
use view::part::{Empty, Pager};
use view::words::Words;

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Where the list goes on.
#[derive(Deserialize)]
pub(crate) struct After {
    /// Microseconds and id of the last row shown, `MICROS.ID`.
    after: Option<String>,
}

/// Shows a page of the log.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<After>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let after = asked.after.as_deref().map(cursor).transpose()?;
    let is_first = after.is_none();
    let inside = visit.clone();
    let custodians = matches!(
        actor.kind,
        Kind::Operator | Kind::Supplier | Kind::Ceptoar | Kind::Isac
    )
    .then(|| "/custodians".to_owned());
    let (page, head, key, terms, weeks) = state
        .call(move |hub| {
            let call = Signed::call(&actor, &inside);
            let weeks = if is_first {
                hub::receipts::weeks(hub, &call)?
            } else {
                None
            };
            Ok::<_, hub::log::LogError>((
                entries(hub, &call, after)?,
                head(hub)?,
                verifier_key(hub)?,
                hub.terms().clone(),
                weeks,
            ))
        })
        .await?;
    let words = visit.words;
    let head = head.map(|head| Checkpoint {
        entry_count: head.size,
        at: head.signed_at,
    });
    let page = Trust {
        frame: visit.frame(&state),
        empty: Empty {
            title: words.t("trust-empty").into_owned(),
            why: words.t("trust-empty-why").into_owned(),
            action: None,
            checked_at: head.as_ref().map(|head| head.at),
        },
        head,
        key,
        weeks: weeks.map(|weeks| readings(&weeks, words)),
        rows: page.rows.iter().map(|entry| row(entry, words)).collect(),
        pager: Pager {
            first_href: (!is_first).then(|| "/trust".to_owned()),
            next_href: page
                .next
                .map(|next| format!("/trust?after={}.{}", next.committed_at.micros(), next.id)),
        },
        terms: terms
            .all()
            .map(|term| TermRow {
                kind: words.t(&format!("trust-kind-{}", term.kind)).into_owned(),
                days: term.days,
            })
            .collect(),
        custodians,
    };
    Ok(Html(page.render()?))
}

fn row(entry: &LogRow, words: Words) -> TrustRow {
    let key = format!("trust-event-{}", entry.event);
    let event = if words.has(&key) {
        words.t(&key)
    } else {
        words.t("trust-event-other")
    };
    TrustRow {
        event: event.into_owned(),
        object: entry.object.clone(),
        at: entry.committed_at,
        proof: entry
            .leaf_index
            .map(|_| format!("/trust/proof/{}", entry.id)),
        state: match entry.content {
            Content::Opens => EntryState::Opens,
            Content::Erased => EntryState::Erased,
        },
    }
}

fn cursor(text: &str) -> Result<LogCursor, Problem> {
    let (micros, id) = text.split_once('.').ok_or(Problem::NotFound)?;
    let committed_at = micros
        .parse()
        .map(Timestamp::from_micros)
        .map_err(|_| Problem::NotFound)?;
    let id: CommitmentId = id.parse().map_err(|_| Problem::NotFound)?;
    Ok(LogCursor { committed_at, id })
}
