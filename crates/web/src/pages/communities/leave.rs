//! `GET /communities/{community}/leave`, `POST /communities/leave`.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use domain::id::CommunityId;
use hub::communities::{CommunityError, Ending, Standing, Staying};
use serde::Deserialize;
use view::page::communities::LeavePage;

use crate::form::Posted;
use crate::lists::say_name;
use crate::names;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Who would leave; the reader's own organization when empty.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    organization: String,
}

/// Says what ends and what stays, and asks.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(community): Path<String>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let words = visit.words;
    let id: CommunityId = community.parse().map_err(|_| Problem::NotFound)?;
    let member = match asked.organization.as_str() {
        "" => actor.organization,
        text => text.parse().map_err(|_| Problem::NotFound)?,
    };
    let frame = visit.frame(&state);
    let found = state
        .call(move |hub| hub::communities::leaving(hub, &Signed::call(&actor, &visit), id, member))
        .await?;
    let name = say_name(words, &found.card.names);
    let (title, press) = match found.own {
        Standing::In => (
            words.tn("communities-leave-own-title", &[("community", name.into())]),
            "communities-leave-own-press",
        ),
        Standing::Out => {
            let member = names::organization(&found.member, words);
            let named = [("community", name.into()), ("member", member.into())];
            (
                words.tn("communities-leave-title", &named),
                "communities-leave-press",
            )
        }
    };
    let again = if found.stays.contains(&Staying::Reporting) {
        "communities-leave-again-secretariat"
    } else {
        "communities-leave-again"
    };
    let page = LeavePage {
        frame,
        community: id.to_string(),
        organization: member.to_string(),
        title,
        ends: found
            .ends
            .iter()
            .map(|one| words.t(ending(*one)).into_owned())
            .collect(),
        stays: found
            .stays
            .iter()
            .map(|one| words.t(staying(*one)).into_owned())
            .collect(),
        again: words.t(again).into_owned(),
        press: words.t(press).into_owned(),
    };
    Ok(Html(page.render()?))
}

const fn ending(one: Ending) -> &'static str {
    match one {
        Ending::Members => "communities-ends-members",
        Ending::CrossSector => "communities-ends-cross-sector",
        Ending::Clerk => "communities-ends-clerk",
        Ending::Addressed => "communities-ends-addressed",
    }
}

const fn staying(one: Staying) -> &'static str {
    match one {
        Staying::Advisories => "communities-stays-advisories",
        Staying::OwnReports => "communities-stays-own-reports",
        Staying::Shared => "communities-stays-shared",
        Staying::Reporting => "communities-stays-reporting",
    }
}

/// Takes an organization out. Whoever took out his own may not see the community any more, so he is
/// led to the list.
pub(crate) async fn leave(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let (id, member) = super::membership(&posted)?;
    let to = if member == actor.organization {
        "/communities".to_owned()
    } else {
        format!("/communities/{id}")
    };
    let answer = state
        .ask(move |hub| hub::communities::leave(hub, &Signed::call(&actor, &visit), id, member))
        .await?;
    let said = match answer {
        Ok(()) => "left",
        Err(CommunityError::Changed) => "old",
        Err(other) => return Err(other.into()),
    };
    Ok(Redirect::to(&format!("{to}?said={said}")))
}
