//! `GET /advisories/{advisory}/holders`.

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use domain::id::AdvisoryId;
use domain::organization::Tier;
use hub::holders::HolderRow as Held;
use serde::Deserialize;
use view::layout::{Frame, Message, Tone};
use view::page::duty::tier_name;
use view::page::withdrawal::{HolderRow, Holders};
use view::words::Words;

use crate::names::organization;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// What the last action did.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    said: String,
    #[serde(default)]
    lost: u32,
}

/// Shows everybody the advisory was given to.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let words = visit.words;
    let frame = Frame {
        message: message(&asked, words),
        ..visit.frame(&state)
    };
    let found = state
        .call(move |hub| hub::holders::list(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let page = Holders {
        href: format!("/advisories/{id}"),
        number: found.number,
        rows: found.rows.iter().map(|held| row(held, words)).collect(),
        frame,
    };
    Ok(Html(page.render()?))
}

fn row(held: &Held, words: Words) -> HolderRow {
    let tiers: Vec<String> = held
        .tiers
        .iter()
        .map(|tier: &Tier| tier_name(*tier, words))
        .collect();
    HolderRow {
        name: organization(&held.organization, words),
        tiers: tiers.join(&words.t("part-and")),
        person_count: held.person_count,
        given_at: held.given_at,
        reader_count: held.reader_count,
        opened_at: held.opened_at,
        lost_at: held.lost_at,
        disposal: held.disposal,
    }
}

fn message(asked: &Asked, words: Words) -> Option<Message> {
    let text = match asked.said.as_str() {
        "recalled" => words.t("withdrawal-recalled-said").into_owned(),
        "tightened" => words.tn("withdrawal-tightened-said", &[("count", asked.lost.into())]),
        _ => return None,
    };
    Some(Message {
        tone: Tone::Done,
        text,
    })
}
