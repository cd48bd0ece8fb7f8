//! `GET /communities/new`, `POST /communities`.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::actor::Actor;
use domain::organization::CommunityKind;
use domain::text::BoundedText;
use hub::set_up::{Authority, Foundable, Founding, SetUp, SetUpError, found_community, foundable};
use serde::Deserialize;
use view::form::{Choice, Form};
use view::page::communities::{FoundPage, FoundingBox, Office};

use super::{regime_name, rules};
use crate::form::Posted;
use crate::names;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Where the form goes.
const FOUND: &str = "/communities";

/// Which kind; the first that can be founded when empty.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    kind: String,
}

/// Shows what can be founded.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let offered = offered(&state, &visit, &actor).await?;
    let chosen = match asked.kind.as_str() {
        "" => offered.first(),
        word => {
            let kind: CommunityKind = word.parse().map_err(|_| Problem::NotFound)?;
            offered.iter().find(|one| one.kind == kind)
        }
    };
    let form = chosen.and_then(|one| {
        let day = visit.now.day_in_japan();
        let row = state.hub.reference().regime(one.kind, day)?;
        let form = Form::new(FOUND).with("name_ja", row.name.ja());
        Some(form.with("name_en", row.name.en()))
    });
    let page = page(
        &state,
        &visit,
        chosen,
        form.unwrap_or_else(|| Form::new(FOUND)),
    );
    Ok(Html(page.render()?))
}

async fn offered(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
) -> Result<Vec<Foundable>, Problem> {
    let (asker, asking) = (actor.clone(), visit.clone());
    state
        .call(move |hub| {
            let set_up = SetUp {
                authority: Authority::Member(&asker),
                now: asking.now,
                random: asking.random.derive("communities.foundable"),
            };
            foundable(hub, &set_up)
        })
        .await
}

fn page(state: &AppState, visit: &Visit, chosen: Option<&Foundable>, form: Form) -> FoundPage {
    let words = visit.words;
    let founding = chosen.map(|one| {
        let regime = state
            .hub
            .reference()
            .regime(one.kind, visit.now.day_in_japan());
        let has_office = regime.is_some_and(|row| !row.body.secretariat.is_empty());
        FoundingBox {
            form,
            kind: one.kind.word().to_owned(),
            regime: regime_name(state, one.kind, visit.now, words),
            rules: rules(state, one.kind, visit.now, words),
            members: words.tn(
                "communities-found-members",
                &[("count", one.member_count.into())],
            ),
            secretariats: one
                .secretariats
                .iter()
                .map(|label| Choice::new(label.id.to_string(), names::organization(label, words)))
                .collect(),
            office: if has_office {
                Office::Needed
            } else {
                Office::None
            },
        }
    });
    FoundPage {
        frame: visit.frame(state),
        founding,
    }
}

/// Founds it.
pub(crate) async fn found(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let words = visit.words;
    let kind: CommunityKind = posted.one("kind").parse().map_err(|_| Problem::Malformed)?;
    let mut form = posted.refill(FOUND);
    let mut name = |field: &str| {
        let name = BoundedText::parse(posted.one(field)).ok();
        if name.is_none() {
            form.reject(field, words.t("members-organization-name-missing"));
        }
        name
    };
    let (name_ja, name_en) = (name("name_ja"), name("name_en"));
    let secretariat = posted.one("secretariat").parse().ok();
    if form.errors().is_empty() {
        let (asker, asking) = (actor.clone(), visit.clone());
        let new = Founding {
            kind,
            name_ja,
            name_en,
            secretariat,
        };
        let answer = state
            .ask(move |hub| {
                let set_up = SetUp {
                    authority: Authority::Member(&asker),
                    now: asking.now,
                    random: asking.random.derive("communities.found"),
                };
                found_community(hub, &set_up, new)
            })
            .await?;
        match answer {
            Ok(id) => {
                return Ok(Redirect::to(&format!("{FOUND}/{id}?said=founded")).into_response());
            }
            Err(SetUpError::Secretariat { .. } | SetUpError::NoOrganization(_)) => {
                form.reject("secretariat", words.t("communities-secretariat-missing"));
            }
            Err(SetUpError::Founded(_)) => {
                return Ok(Redirect::to(&format!("{FOUND}?said=founded-already")).into_response());
            }
            Err(other) => return Err(other.into()),
        }
    }
    let offered = offered(&state, &visit, &actor).await?;
    let chosen = offered.iter().find(|one| one.kind == kind);
    let page = page(&state, &visit, chosen, form);
    Ok((REFUSED, Html(page.render()?)).into_response())
}
