//! `GET /openings/{id}`: how far it has come, and what the reader can do.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::id::OpeningId;
use domain::opening::OpeningStage;
use hub::open_seal::Standing;
use view::form::Form;
use view::page::opening::OpeningPage;

use super::list::line;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the opening.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let id: OpeningId = id.parse().map_err(|_| Problem::NotFound)?;
    let form = Form::new(format!("/openings/{id}/agreements"));
    page(&state, signed, id, form).await
}

/// The page, with the form for agreements as it stands.
pub(super) async fn page(
    state: &AppState,
    Signed { visit, actor }: Signed,
    id: OpeningId,
    hand_in: Form,
) -> Result<Html<String>, Problem> {
    let frame = visit.frame(state);
    let words = frame.words;
    let desk = state
        .call(move |hub| hub::open_seal::desk(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let (stage, standing) = (desk.row.stage, desk.standing);
    let form = |end: &str| Form::new(format!("/openings/{id}/{end}"));
    let waits = stage == OpeningStage::Requested;
    let unread = waits || stage == OpeningStage::Approved;
    let can_read = matches!(stage, OpeningStage::Approved | OpeningStage::Opened);
    let page = OpeningPage {
        line: line(&desk.row, words),
        ask: desk.ask,
        custodians: desk
            .custodians
            .into_iter()
            .map(|custodian| (custodian.name, custodian.fingerprint, custodian.agreed_at))
            .collect(),
        needed: desk.needed,
        refusals: desk.refusals,
        expires_at: desk.row.expires_at,
        told_at: desk.told_at,
        file: unread.then(|| format!("/openings/{id}/request.json")),
        hand_in: unread.then_some(hand_in),
        refuse: (waits && standing == Standing::Keeper).then(|| form("refuse")),
        withdraw: (unread && standing != Standing::Keeper).then(|| form("withdraw")),
        read: (can_read && standing == Standing::Asker).then(|| form("identity")),
        frame,
    };
    Ok(Html(page.render()?))
}
