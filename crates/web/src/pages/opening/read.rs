//! `POST /openings/{id}/identity`: who reported, once per press and for one person.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::id::OpeningId;
use view::answer::Names;
use view::lines::{Spelling, lines};
use view::page::opening::IdentityPage;

use crate::form::Posted;
use crate::names::pick;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Logs the reading and shows the identity.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
    _posted: Posted,
) -> Result<Html<String>, Problem> {
    let id: OpeningId = id.parse().map_err(|_| Problem::NotFound)?;
    let mut frame = visit.frame(&state);
    // The language switch would be a GET, which shows no identity.
    frame.path = format!("/openings/{id}");
    let words = frame.words;
    let day = visit.now.day_in_japan();
    let revealed = state
        .call(move |hub| hub::open_seal::read_identity(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let names = Names {
        reference: state.hub.reference(),
        day,
        words,
    };
    let identity = revealed.identity;
    let page = IdentityPage {
        back: format!("/openings/{id}"),
        pseudonym: revealed.pseudonym,
        organization: identity.clone().map(|identity| {
            let (ja, en) = &identity.organization_names;
            pick(words, ja, en)
        }),
        person: revealed
            .person
            .map(|person| person.map(|person| (person.name, person.mail, person.phone))),
        lines: lines(
            identity.map(|identity| identity.answers),
            names,
            &[],
            Spelling::AsTyped,
        ),
        expires_at: revealed.expires_at,
        frame,
    };
    Ok(Html(page.render()?))
}
