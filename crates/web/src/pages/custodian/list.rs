//! `GET /custodians`: who keeps the seals of the reader's relay.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use hub::custodians::{CustodianDesk, CustodianStanding, Keeper, Leaver, SLOTS, desk};
use view::layout::Tone;
use view::page::custodian::{Custodians, Holder, LeaverLine, SlotLine};

use crate::names::organization;
use crate::problem::Problem;
use crate::said::Said;
use crate::state::AppState;
use crate::visit::Signed;

const SAID: &[(&str, Tone, &str)] = &[
    ("appointed", Tone::Done, "custodian-appointed"),
    ("moved", Tone::Done, "custodian-moved"),
];

/// Shows the custodians.
pub(crate) async fn show(
    State(state): State<AppState>,
    signed: Signed,
    said: Said,
) -> Result<Html<String>, Problem> {
    let mut frame = signed.visit.frame(&state);
    let words = frame.words;
    frame.message = said.message(words, SAID);
    let desk = seen(&state, signed).await?;
    let appoints = desk.standing == CustodianStanding::Appoints;
    let slot = |slot: u8| SlotLine {
        slot,
        holder: in_slot(&desk, slot).map(holder),
        change: appoints.then(|| format!("/custodians/slots/{slot}")),
    };
    let page = Custodians {
        relay: organization(&desk.relay, words),
        slots: (1..=SLOTS).map(slot).collect(),
        leaving: desk
            .leaving
            .iter()
            .map(|one| leaver(one, desk.standing))
            .collect(),
        frame,
    };
    Ok(Html(page.render()?))
}

/// What the hub shows the reader.
pub(super) async fn seen(
    state: &AppState,
    Signed { visit, actor }: Signed,
) -> Result<CustodianDesk, Problem> {
    state
        .call(move |hub| desk(hub, &Signed::call(&actor, &visit)))
        .await
}

/// Who holds that slot.
pub(super) fn in_slot(desk: &CustodianDesk, slot: u8) -> Option<&Keeper> {
    desk.in_office.iter().find(|keeper| keeper.slot == slot)
}

/// A custodian as pages show him.
pub(super) fn holder(keeper: &Keeper) -> Holder {
    Holder {
        name: keeper.name.clone(),
        fingerprint: keeper.fingerprint.clone(),
        since: keeper.since,
    }
}

/// A leaver as pages show him.
pub(super) fn leaver(one: &Leaver, standing: CustodianStanding) -> LeaverLine {
    let href = format!("/custodians/{}/hand-over", one.keeper.id);
    LeaverLine {
        holder: holder(&one.keeper),
        until: one.until,
        held_count: one.held_count,
        hand_over: (standing == CustodianStanding::Appoints).then_some(href),
    }
}
