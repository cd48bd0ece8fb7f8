//! `GET /members/{person}` and what it changes: places and ways in.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::actor::Actor;
use domain::id::{MembershipId, OrganizationId, PersonId};
use domain::organization::Post;
use hub::invite::Way;
use hub::members::{HeldPost, Member, MemberError, PlaceReach, RESET_SECONDS, Renewal};
use view::form::{Answer, Form};
use view::page::members::invite::LinkPage;
use view::page::members::person::{Hold, PersonPage, PlaceRow, Ways};
use view::page::members::post_name;
use view::words::Words;

use super::list::Asked;
use super::{SAID, asked, back, house, roles, said, tiers};
use crate::form::Posted;
use crate::problem::Problem;
use crate::said::Said;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Shows the person.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(person): Path<String>,
    Query(query): Query<Asked>,
    Signed { visit, actor }: Signed,
    word: Said,
) -> Result<Html<String>, Problem> {
    let organization = asked(&query.organization, &actor)?;
    let id: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let mut page = page(&state, &visit, &actor, organization, id).await?;
    page.frame.message = word.message(visit.words, SAID);
    Ok(Html(page.render()?))
}

async fn page(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
    organization: OrganizationId,
    id: PersonId,
) -> Result<PersonPage, Problem> {
    let words = visit.words;
    let (asker, asking) = (actor.clone(), visit.clone());
    let (label, member) = state
        .call(move |hub| {
            hub::members::person(hub, &Signed::call(&asker, &asking), organization, id)
        })
        .await?;
    let card = member.card.content();
    Ok(PersonPage {
        frame: visit.frame(state),
        house: house(&label, actor, words),
        person: id.to_string(),
        name: card.name.clone(),
        facts: facts(&member, words),
        places: member
            .places
            .iter()
            .map(|held| place_row(held, words))
            .collect(),
        roles: roles(actor, organization, words),
        tiers: tiers(words),
        give: Form::new("/members/place/give"),
        ways: match member.renewal {
            Renewal::Possible => Ways::Renew,
            Renewal::Own => Ways::Own,
            Renewal::Beyond => Ways::Beyond,
        },
    })
}

fn facts(member: &Member, words: Words) -> Vec<Answer> {
    let card = member.card.content();
    let answer = |key: &str, value: String| Answer {
        label: words.t(key).into_owned(),
        value: if value.is_empty() {
            words.t("members-not-given").into_owned()
        } else {
            value
        },
        change: String::new(),
    };
    let signed_in = member.last_sign_in.map_or_else(
        || words.t("members-never-signed-in").into_owned(),
        |at| view::clock::day_text(at, words),
    );
    vec![
        answer("settings-mail", card.mail.clone()),
        answer("settings-phone", card.phone.clone()),
        answer("members-last-sign-in", signed_in),
    ]
}

fn place_row(held: &HeldPost, words: Words) -> PlaceRow {
    PlaceRow {
        id: held.membership.to_string(),
        post: post_name(held.post, words),
        since: held.since,
        form: Form::new("/members/place/change")
            .with("role", held.post.role.word())
            .with("tier", held.post.tier.word()),
        hold: match held.reach {
            PlaceReach::Within => Hold::Full,
            PlaceReach::Own => Hold::Own,
            PlaceReach::Beyond => Hold::None,
        },
    }
}

/// Whom a form is about.
struct Subject {
    organization: OrganizationId,
    person: PersonId,
}

impl Subject {
    fn of(posted: &Posted, actor: &Actor) -> Result<Self, Problem> {
        Ok(Self {
            organization: asked(posted.one("organization"), actor)?,
            person: posted
                .one("person")
                .parse()
                .map_err(|_| Problem::NotFound)?,
        })
    }

    /// Back to the person's page with a word of what was done.
    fn page(&self, actor: &Actor, word: &str) -> Redirect {
        let path = format!("/members/{}", self.person);
        Redirect::to(&back(&path, self.organization, actor, word))
    }

    /// The same, or why nothing changed.
    fn answer<T>(
        &self,
        actor: &Actor,
        answer: Result<T, MemberError>,
        done: &str,
    ) -> Result<Redirect, Problem> {
        match answer {
            Ok(_) => Ok(self.page(actor, done)),
            Err(error) => Ok(self.page(actor, said(error)?)),
        }
    }
}

fn post(posted: &Posted) -> Result<Post, Problem> {
    Ok(Post {
        role: posted.one("role").parse().map_err(|_| Problem::Malformed)?,
        tier: posted.one("tier").parse().map_err(|_| Problem::Malformed)?,
    })
}

fn place(posted: &Posted) -> Result<MembershipId, Problem> {
    posted.one("place").parse().map_err(|_| Problem::NotFound)
}

/// Makes a place another post.
pub(crate) async fn change(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let subject = Subject::of(&posted, &actor)?;
    let (place, post) = (place(&posted)?, post(&posted)?);
    let (asker, asking) = (actor.clone(), visit.clone());
    let answer = state
        .ask(move |hub| {
            hub::members::change_place(hub, &Signed::call(&asker, &asking), place, post)
        })
        .await?;
    subject.answer(&actor, answer, "changed")
}

/// Ends a place; back to the list when it was the person's last here.
pub(crate) async fn end(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Redirect, Problem> {
    let subject = Subject::of(&posted, &actor)?;
    let place = place(&posted)?;
    let (asker, asking) = (actor.clone(), visit.clone());
    let answer = state
        .ask(move |hub| hub::members::end_place(hub, &Signed::call(&asker, &asking), place))
        .await?;
    match answer {
        // Who ended his own place acts from it no more: the first page knows where he stands.
        Ok(()) if place == actor.membership => Ok(Redirect::to("/")),
        Ok(()) => {
            let to = back("/members", subject.organization, &actor, "ended");
            Ok(Redirect::to(&to))
        }
        Err(error) => Ok(subject.page(&actor, said(error)?)),
    }
}

/// Gives the person a further place.
pub(crate) async fn give(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let subject = Subject::of(&posted, &actor)?;
    let Ok(post) = post(&posted) else {
        let mut page = page(&state, &visit, &actor, subject.organization, subject.person).await?;
        page.give = posted.refill("/members/place/give");
        let message = visit.words.t("members-post-missing");
        page.give.reject("role", message);
        return Ok((crate::problem::REFUSED, Html(page.render()?)).into_response());
    };
    let (asker, asking) = (actor.clone(), visit.clone());
    let (organization, person) = (subject.organization, subject.person);
    let answer = state
        .ask(move |hub| {
            let call = Signed::call(&asker, &asking);
            hub::members::give_place(hub, &call, organization, person, post)
        })
        .await?;
    Ok(subject.answer(&actor, answer, "given")?.into_response())
}

/// Takes the person's ways in and makes a link to new ones.
pub(crate) async fn reset(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let subject = Subject::of(&posted, &actor)?;
    let before = page(&state, &visit, &actor, subject.organization, subject.person).await?;
    let (asker, asking, person) = (actor.clone(), visit.clone(), subject.person);
    let answer = state
        .ask(move |hub| hub::members::reset(hub, &Signed::call(&asker, &asking), person))
        .await?;
    match answer {
        Ok(Way::ByMail) => Ok(subject.page(&actor, "mailed").into_response()),
        Ok(Way::ByHand(secret)) => {
            let url = format!("{}/join/{secret}", state.facts.base);
            let until = visit.now.plus_seconds(RESET_SECONDS);
            let page = LinkPage::new(before.frame, before.house, before.name, &[], url, until);
            Ok(Html(page.render()?).into_response())
        }
        Err(error) => Ok(subject.page(&actor, said(error)?).into_response()),
    }
}
