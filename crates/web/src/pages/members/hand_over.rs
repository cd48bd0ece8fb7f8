//! `GET /members/hand-over`, `GET /members/hand-over/review`, `POST /members/hand-over`.
//!
//! Choosing and looking change nothing, so that both are plain addresses; what is pressed carries
//! the seal of the plan that was seen.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::actor::Actor;
use domain::id::OrganizationId;
use hub::members::{MemberError, Members, PlaceReach, Plan, PlanLine, SuccessorPlace, Turn, WayIn};
use view::form::Choice;
use view::page::members::hand_over::{HandOverPage, MoveRow, PostRow, ReviewPage};
use view::page::members::post_name;
use view::words::Words;

use super::list::Asked;
use super::{asked, back, house, said};
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Most posts that pass at once.
const TURNS_MAX: usize = 200;

/// Shows the posts, each with who could take it over.
pub(crate) async fn choose(
    State(state): State<AppState>,
    Query(query): Query<Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let organization = asked(&query.organization, &actor)?;
    let members = members(&state, &visit, &actor, organization).await?;
    let page = HandOverPage {
        frame: visit.frame(&state),
        house: house(&members.organization, &actor, visit.words),
        rows: rows(&members, &actor, visit.words),
    };
    Ok(Html(page.render()?))
}

async fn members(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
    organization: OrganizationId,
) -> Result<Members, Problem> {
    let (asker, asking) = (actor.clone(), visit.clone());
    state
        .call(move |hub| {
            hub::members::list(hub, &Signed::call(&asker, &asking), Some(organization))
        })
        .await
}

fn rows(members: &Members, actor: &Actor, words: Words) -> Vec<PostRow> {
    let mut rows = Vec::new();
    for holder in &members.people {
        let others = members
            .people
            .iter()
            .filter(|one| one.person != holder.person && one.person != actor.person);
        let successors: Vec<Choice> = others
            .map(|one| Choice::new(one.person.to_string(), one.card.content().name.clone()))
            .collect();
        if successors.is_empty() {
            continue;
        }
        for place in &holder.places {
            if place.reach == PlaceReach::Beyond {
                continue;
            }
            rows.push(PostRow {
                place: place.membership.to_string(),
                post: post_name(place.post, words),
                holder: holder.card.content().name.clone(),
                successors: successors.clone(),
            });
        }
    }
    rows
}

/// Shows what would move.
pub(crate) async fn review(
    State(state): State<AppState>,
    Query(query): Query<Vec<(String, String)>>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let mut organization = "";
    let mut turns = Vec::new();
    for (name, value) in &query {
        if name == "organization" {
            organization = value;
        } else if let Some(place) = name.strip_prefix("to-")
            && !value.is_empty()
        {
            turns.push(turn(place, value)?);
        }
    }
    let organization = asked(organization, &actor)?;
    let page = reviewed(&state, &visit, &actor, organization, turns).await?;
    Ok(Html(page.render()?))
}

fn turn(place: &str, person: &str) -> Result<Turn, Problem> {
    Ok(Turn {
        place: place.parse().map_err(|_| Problem::NotFound)?,
        successor: person.parse().map_err(|_| Problem::NotFound)?,
    })
}

async fn reviewed(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
    organization: OrganizationId,
    turns: Vec<Turn>,
) -> Result<ReviewPage, Problem> {
    let words = visit.words;
    if turns.len() > TURNS_MAX {
        return Err(Problem::TooLarge);
    }
    let (asker, asking) = (actor.clone(), visit.clone());
    let nothing = turns.is_empty();
    let (label, planned) = state
        .call(move |hub| {
            let call = Signed::call(&asker, &asking);
            let label = hub::members::house(hub, &call, organization)?;
            let planned = if nothing {
                Err(MemberError::Changed)
            } else {
                hub::members::plan(hub, &call, organization, turns)
            };
            Ok::<_, Problem>((label, planned))
        })
        .await?;
    let (plan, lack) = match planned {
        Ok(plan) => (plan, None),
        Err(MemberError::Changed) => (Plan::default(), Some("members-hand-over-none")),
        Err(MemberError::Held) => (Plan::default(), Some("members-hand-over-twice")),
        Err(MemberError::Yourself) => (Plan::default(), Some("members-hand-over-yourself")),
        Err(other) => return Err(other.into()),
    };
    Ok(ReviewPage {
        frame: visit.frame(state),
        house: house(&label, actor, words),
        moves: plan
            .lines
            .iter()
            .map(|line| move_row(line, words))
            .collect(),
        seal: plan.seal,
        lack: lack.map(|key| words.t(key).into_owned()),
    })
}

fn move_row(line: &PlanLine, words: Words) -> MoveRow {
    let mut moving = vec![match line.successor_place {
        SuccessorPlace::New => words.t("members-moves-role").into_owned(),
        SuccessorPlace::Held => words.t("members-moves-held").into_owned(),
    }];
    if let Some(order) = line.call_order {
        moving.push(words.tn("members-moves-call", &[("order", i64::from(order).into())]));
    }
    let mut counted = |key: &str, count: u32| {
        if count > 0 {
            moving.push(words.tn(key, &[("count", i64::from(count).into())]));
        }
    };
    counted("members-moves-turns", line.hanging.turn_count);
    counted("members-moves-deputies", line.hanging.deputy_count);
    if line.advisories.is_empty() {
        moving.push(words.t("members-moves-none").into_owned());
    } else {
        let numbers = line.advisories.join(", ");
        let arguments = [
            ("count", line.advisories.len().into()),
            ("numbers", numbers.as_str().into()),
        ];
        moving.push(words.tn("members-moves-advisories", &arguments));
    }
    MoveRow {
        turn: format!("{}:{}", line.turn.place, line.turn.successor),
        post: post_name(line.post, words),
        leaver: line.leaver.content().clone(),
        successor: line.successor.content().clone(),
        moving,
        warning: match line.successor_way_in {
            WayIn::Ready => String::new(),
            WayIn::Missing => words.t("members-successor-no-way-in").into_owned(),
        },
    }
}

/// Hands over what was seen.
pub(crate) async fn press(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let organization = asked(posted.one("organization"), &actor)?;
    let turns = posted
        .all("turn")
        .iter()
        .map(|text| {
            let (place, person) = text.split_once(':').ok_or(Problem::Malformed)?;
            turn(place, person)
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    let seal = posted.one("seal").to_owned();
    let (asker, asking, chosen) = (actor.clone(), visit.clone(), turns.clone());
    let answer = state
        .ask(move |hub| {
            let call = Signed::call(&asker, &asking);
            hub::members::hand_over(hub, &call, organization, chosen, &seal)
        })
        .await?;
    match answer {
        Ok(_) if turns.iter().any(|turn| turn.place == actor.membership) => {
            // Who handed his own post over acts from it no more.
            Ok(Redirect::to("/").into_response())
        }
        Ok(_) => {
            let to = back("/members", organization, &actor, "handed-over");
            Ok(Redirect::to(&to).into_response())
        }
        Err(MemberError::Changed) => {
            let mut page = reviewed(&state, &visit, &actor, organization, turns).await?;
            page.frame.message = Some(view::layout::Message {
                tone: view::layout::Tone::Warning,
                text: visit.words.t("members-said-changed").into_owned(),
            });
            Ok((StatusCode::CONFLICT, Html(page.render()?)).into_response())
        }
        Err(error) => {
            let to = back("/members", organization, &actor, said(error)?);
            Ok(Redirect::to(&to).into_response())
        }
    }
}
