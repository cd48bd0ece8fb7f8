//! `GET /members/invite`, `POST /members/invite`.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::actor::Actor;
use domain::id::OrganizationId;
use domain::organization::Post;
use domain::text::BoundedText;
use hub::ReadError;
use hub::deliver::MailRelay;
use hub::invite::{InviteError, NewInvitation, Way, WrittenIn, invite};
use view::form::{Choice, Form};
use view::page::members::invite::{InvitePage, LinkPage, POST_ROWS, PostOffice};
use view::words::Words;

use super::list::Asked;
use super::{SAID, asked, back, house, roles, tiers};
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::said::Said;
use crate::state::AppState;
use crate::typed::mail;
use crate::visit::{Signed, Visit};

const ACTION: &str = "/members/invite";

/// Shows the form.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(query): Query<Asked>,
    Signed { visit, actor }: Signed,
    word: Said,
) -> Result<Html<String>, Problem> {
    let organization = asked(&query.organization, &actor)?;
    let form = Form::new(ACTION).with("language", visit.words.language().tag());
    let mut page = page(&state, &visit, &actor, organization, form).await?;
    page.frame.message = word.message(visit.words, SAID);
    Ok(Html(page.render()?))
}

async fn page(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
    organization: OrganizationId,
    form: Form,
) -> Result<InvitePage, Problem> {
    let words = visit.words;
    let (asker, asking) = (actor.clone(), visit.clone());
    let (label, relay) = state
        .call(move |hub| {
            let call = Signed::call(&asker, &asking);
            Ok::<_, ReadError>((
                hub::members::house(hub, &call, organization)?,
                hub::deliver::mail_relay(hub)?,
            ))
        })
        .await?;
    let language = |tag: &str, key: &str| Choice::new(tag, words.t(key));
    Ok(InvitePage {
        frame: visit.frame(state),
        house: house(&label, actor, words),
        form,
        roles: roles(actor, organization, words),
        tiers: tiers(words),
        languages: vec![
            language("ja", "members-language-ja"),
            language("en", "members-language-en"),
        ],
        post: match relay {
            MailRelay::Configured => PostOffice::Open,
            MailRelay::Absent => PostOffice::Closed,
        },
    })
}

/// Invites. The link is shown once, as the answer itself, or goes by mail.
pub(crate) async fn send(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let organization = asked(posted.one("organization"), &actor)?;
    let mut form = posted.refill(ACTION);
    let words = visit.words;
    if let Some(new) = typed(&posted, &mut form, organization, words) {
        let (name, posts) = (new.name.as_str().to_owned(), new.posts.clone());
        let (asker, asking) = (actor.clone(), visit.clone());
        let answer = state
            .ask(move |hub| invite(hub, &Signed::call(&asker, &asking), new))
            .await?;
        match answer {
            Ok(made) => {
                let Way::ByHand(secret) = made.way else {
                    let to = back("/members", organization, &actor, "invited");
                    return Ok(Redirect::to(&to).into_response());
                };
                let page = page(&state, &visit, &actor, organization, Form::default()).await?;
                let url = format!("{}/join/{secret}", state.facts.base);
                let shown =
                    LinkPage::new(page.frame, page.house, name, &posts, url, made.expires_at);
                return Ok(Html(shown.render()?).into_response());
            }
            Err(InviteError::Beyond(_)) => form.reject("role-1", words.t("members-said-beyond")),
            Err(InviteError::Posts) => form.reject("role-1", words.t("members-post-twice")),
            Err(InviteError::TooMany) => form.reject("name", words.t("members-too-many")),
            Err(other) => return Err(other.into()),
        }
    }
    let page = page(&state, &visit, &actor, organization, form).await?;
    Ok((REFUSED, Html(page.render()?)).into_response())
}

/// What was typed; every fault is written into the form.
fn typed(
    posted: &Posted,
    form: &mut Form,
    organization: OrganizationId,
    words: Words,
) -> Option<NewInvitation> {
    let name = BoundedText::parse(posted.one("name"));
    if name.is_err() {
        form.reject("name", words.t("members-name-missing"));
    }
    let mail = mail(posted.one("mail"));
    if mail.is_err() {
        form.reject("mail", words.t("members-mail-wrong"));
    }
    let mut posts = Vec::new();
    for row in 1..=POST_ROWS {
        let (role, tier) = (format!("role-{row}"), format!("tier-{row}"));
        let typed = (posted.one(&role), posted.one(&tier));
        if row > 1 && typed == ("", "") {
            continue;
        }
        match (typed.0.parse(), typed.1.parse()) {
            (Ok(role), Ok(tier)) => posts.push(Post { role, tier }),
            (Err(_), _) => form.reject(&role, words.t("members-post-missing")),
            (Ok(_), Err(_)) => form.reject(&tier, words.t("members-post-missing")),
        }
    }
    if !form.errors().is_empty() {
        return None;
    }
    Some(NewInvitation {
        organization,
        name: name.ok()?,
        mail: mail.ok()?,
        language: WrittenIn::from_tag(posted.one("language")),
        posts,
    })
}
