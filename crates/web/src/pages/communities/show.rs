//! `GET /communities/{community}`, `POST /communities/join`.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use domain::id::{CommunityId, OrganizationId};
use domain::policy::{Action, permits};
use hub::communities::{CommunityError, Entry, Leave, MEMBER_ROWS, MemberRow as Member};
use serde::Deserialize;
use view::form::Form;
use view::page::communities::{CommunityPage, EntryBox, MemberRow};
use view::part::Pager;
use view::words::Words;

use super::{SAID, note, row, rules};
use crate::form::Posted;
use crate::names;
use crate::problem::Problem;
use crate::said::Said;
use crate::state::AppState;
use crate::visit::Signed;

/// Longest text that is searched for, in characters.
const FIND_CHARS_MAX: usize = 120;

/// Which of the members, and what is searched for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: String,
    #[serde(default)]
    find: String,
}

/// Shows one community with its members, and what can be put in.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(community): Path<String>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
    word: Said,
) -> Result<Html<String>, Problem> {
    let words = visit.words;
    let id: CommunityId = community.parse().map_err(|_| Problem::NotFound)?;
    let page: usize = match asked.page.as_str() {
        "" => 0,
        text => text.parse().map_err(|_| Problem::NotFound)?,
    };
    let find: String = asked.find.trim().chars().take(FIND_CHARS_MAX).collect();
    let (asker, asking, searched) = (actor.clone(), visit.clone(), find.clone());
    let found = state
        .call(move |hub| {
            let call = Signed::call(&asker, &asking);
            hub::communities::show(hub, &call, id, page, &searched)
        })
        .await?;
    let mut frame = visit.frame(&state);
    frame.message = word.message(words, SAID);
    let href = format!("/communities/{id}");
    let shown = MEMBER_ROWS.saturating_mul(page.saturating_add(1));
    let has_more = found.card.member_count.is_some_and(|count| count > shown);
    let leave = |label: OrganizationId| format!("{href}/leave?organization={label}");
    let member = |one: &Member| MemberRow {
        name: names::organization(&one.label, words),
        kind: kind(&one.label, words),
        leave_href: (one.leave == Leave::Open).then(|| leave(one.label.id)),
    };
    let hint = if permits(&actor, Action::ManageHub) {
        "communities-enter-keeper"
    } else {
        "communities-enter-secretariat"
    };
    let page = CommunityPage {
        frame,
        id: id.to_string(),
        row: row(
            &state,
            &found.card,
            &actor.organization.to_string(),
            visit.now,
            words,
        ),
        rules: rules(&state, found.card.kind, visit.now, words),
        note: note(&state, found.card.kind, visit.now, words),
        secretariat: found
            .card
            .secretariat
            .as_ref()
            .map(|label| names::organization(label, words))
            .unwrap_or_default(),
        members: found
            .members
            .map(|members| members.iter().map(member).collect()),
        pager: Pager {
            first_href: (page > 0).then(|| href.clone()),
            next_href: has_more.then(|| format!("{href}?page={}", page.saturating_add(1))),
        },
        leave_href: (found.own_leave == Leave::Open).then(|| leave(actor.organization)),
        entry: entry_box(&found.entry, &href, &find, hint, words),
    };
    Ok(Html(page.render()?))
}

fn kind(label: &hub::addressing::OrganizationLabel, words: Words) -> String {
    words
        .t(&format!("members-kind-{}", label.kind))
        .into_owned()
}

fn entry_box(entry: &Entry, href: &str, find: &str, hint: &str, words: Words) -> Option<EntryBox> {
    let Entry::Open {
        candidates,
        more_count,
    } = entry
    else {
        return None;
    };
    let candidate = |label: &hub::addressing::OrganizationLabel| {
        let name = names::organization(label, words);
        (label.id.to_string(), name, kind(label, words))
    };
    Some(EntryBox {
        form: Form::new(href).with("find", find),
        hint: words.t(hint).into_owned(),
        candidates: candidates.iter().map(candidate).collect(),
        more_count: *more_count,
    })
}

/// Puts an organization in.
pub(crate) async fn join(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let (id, organization) = super::membership(&posted)?;
    let answer = state
        .ask(move |hub| {
            hub::communities::join(hub, &Signed::call(&actor, &visit), id, organization)
        })
        .await?;
    let said = match answer {
        Ok(()) => "joined",
        Err(CommunityError::Changed) => "old",
        Err(other) => return Err(other.into()),
    };
    Ok(Redirect::to(&format!("/communities/{id}?said={said}")))
}
