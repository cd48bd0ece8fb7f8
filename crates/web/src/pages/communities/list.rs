//! `GET /communities`.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use domain::policy::{Action, permits};
use hub::set_up::{Authority, SetUp, foundable};
use view::page::communities::{Communities, Extent, RegimeGroup};

use super::{SAID, regime_name, row, rules};
use crate::problem::Problem;
use crate::said::Said;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the communities that concern the reader, and what he can found.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    word: Said,
) -> Result<Html<String>, Problem> {
    let words = visit.words;
    let keeps = permits(&actor, Action::ManageHub);
    let (asker, asking) = (actor.clone(), visit.clone());
    let (cards, offered) = state
        .call(move |hub| {
            let cards = hub::communities::list(hub, &Signed::call(&asker, &asking))?;
            if !keeps {
                return Ok((cards, Vec::new()));
            }
            let set_up = SetUp {
                authority: Authority::Member(&asker),
                now: asking.now,
                random: asking.random.derive("communities.foundable"),
            };
            Ok::<_, Problem>((cards, foundable(hub, &set_up)?))
        })
        .await?;
    let mut frame = visit.frame(&state);
    frame.message = word.message(words, SAID);
    let own = actor.organization.to_string();
    let label = |kind| {
        let regime = regime_name(&state, kind, visit.now, words);
        words.tn("communities-found", &[("regime", regime.into())])
    };
    let page = Communities {
        frame,
        extent: if keeps {
            Extent::Hub
        } else {
            Extent::Organization
        },
        groups: cards
            .chunk_by(|one, other| one.kind == other.kind)
            .filter_map(|group| Some((group.first()?.kind, group)))
            .map(|(kind, group)| RegimeGroup {
                regime: regime_name(&state, kind, visit.now, words),
                rules: rules(&state, kind, visit.now, words),
                rows: group
                    .iter()
                    .map(|card| row(&state, card, &own, visit.now, words))
                    .collect(),
            })
            .collect(),
        foundable: offered
            .iter()
            .map(|one| {
                (
                    format!("/communities/new?kind={}", one.kind),
                    label(one.kind),
                )
            })
            .collect(),
    };
    Ok(Html(page.render()?))
}
