//! `GET /members`, `POST /members/invitations/revoke`.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use domain::advisory::delivery::DeliveryState;
use domain::id::InvitationId;
use hub::members::{Change, Doer, Duty, Member, Waiting, WayIn};
use serde::Deserialize;
use view::page::members::{
    ChangeRow, House, MembersPage, PersonRow, WaitingRow, Whose, change_name, post_name,
};
use view::words::Words;

use super::{SAID, asked, back, house};
use crate::form::Posted;
use crate::lists::say_name;
use crate::names;
use crate::problem::Problem;
use crate::said::Said;
use crate::state::AppState;
use crate::visit::Signed;

/// Which organization's members.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(super) organization: String,
}

/// Shows the members.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(query): Query<Asked>,
    Signed { visit, actor }: Signed,
    word: Said,
) -> Result<Html<String>, Problem> {
    let words = visit.words;
    let organization = asked(&query.organization, &actor)?;
    let (asker, asking) = (actor.clone(), visit.clone());
    let found = state
        .call(move |hub| {
            hub::members::list(hub, &Signed::call(&asker, &asking), Some(organization))
        })
        .await?;
    let mut frame = visit.frame(&state);
    frame.message = word.message(words, SAID);
    let house = house(&found.organization, &actor, words);
    let page = MembersPage {
        frame,
        people: found
            .people
            .iter()
            .map(|one| person_row(one, &house, words))
            .collect(),
        waiting: found
            .waiting
            .iter()
            .map(|one| waiting_row(one, words))
            .collect(),
        changes: found
            .changes
            .iter()
            .map(|one| change_row(one, words))
            .collect(),
        house,
    };
    Ok(Html(page.render()?))
}

fn person_row(one: &Member, house: &House, words: Words) -> PersonRow {
    let mut marks = Vec::new();
    if one.places.iter().any(|place| place.duty == Duty::On) {
        marks.push((words.t("members-on-duty").into_owned(), "done"));
    }
    if one.way_in == WayIn::Missing {
        marks.push((words.t("members-no-way-in").into_owned(), "warning"));
    }
    PersonRow {
        href: house.path(&format!("/members/{}", one.person)),
        name: one.card.content().name.clone(),
        posts: one
            .places
            .iter()
            .map(|place| post_name(place.post, words))
            .collect(),
        call_order: one.places.iter().filter_map(|place| place.call_order).min(),
        marks,
        last_sign_in: one.last_sign_in,
    }
}

fn waiting_row(one: &Waiting, words: Words) -> WaitingRow {
    let (key, tone) = match one.letter {
        None => ("members-way-hand", "still"),
        Some(DeliveryState::Waiting) => ("members-way-waiting", "still"),
        Some(DeliveryState::Sent) => ("members-way-sent", "done"),
        Some(DeliveryState::Failed) => ("members-way-failed", "failure"),
    };
    let mut posts: Vec<String> = one
        .posts
        .iter()
        .map(|post| post_name(*post, words))
        .collect();
    if posts.is_empty() {
        posts.push(words.t("members-for-reset").into_owned());
    }
    WaitingRow {
        id: one.id.to_string(),
        name: one.name.content().clone(),
        posts,
        by: doer_name(&one.by, words),
        way: (words.t(key).into_owned(), tone),
        expires_at: one.expires_at,
    }
}

fn change_row(one: &Change, words: Words) -> ChangeRow {
    ChangeRow {
        what: change_name(one.change, words),
        name: match (&one.name, &one.community) {
            (Some(name), _) => name.content().clone(),
            (None, Some(community)) => say_name(words, community),
            (None, None) => String::new(),
        },
        post: one
            .post
            .map(|post| post_name(post, words))
            .unwrap_or_default(),
        by: doer_name(&one.by, words),
        from: match one.by {
            Doer::Within(_) => Whose::Own,
            Doer::Console | Doer::Outside(_) => Whose::Other,
        },
        at: one.at,
    }
}

fn doer_name(by: &Doer, words: Words) -> String {
    match by {
        Doer::Console => words.t("members-by-console").into_owned(),
        Doer::Within(Some(name)) => name.content().clone(),
        Doer::Within(None) => words.t("members-by-erased").into_owned(),
        Doer::Outside(label) => names::organization(label, words),
    }
}

/// Withdraws an invitation.
pub(crate) async fn revoke(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let organization = asked(posted.one("organization"), &actor)?;
    let id: InvitationId = posted
        .one("invitation")
        .parse()
        .map_err(|_| Problem::NotFound)?;
    let to = back("/members", organization, &actor, "revoked");
    state
        .call(move |hub| hub::invite::revoke(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Redirect::to(&to))
}
