//! `GET /sent/{report}`: what became of a report sent under the organization's name.

use askama::Template as _;
use axum::extract::{Query, State};
use axum::response::Html;
use domain::policy::{Action, permits};
use domain::release::border::AuthorAnswer;
use domain::report::ReportKind;
use hub::claim::Claim;
use hub::dialogue::Asking;
use serde::Deserialize;
use view::form::Form;
use view::page::sent::SentReport;

use super::shown;
use super::whose::Whose;
use crate::pages::dialogue::section::of_source;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// What was just done.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// What the source answered about the outgoing text.
    #[serde(default)]
    pub(crate) answered: String,
}

impl Asked {
    /// Key of the words that confirm it; empty when nothing was answered.
    pub(crate) fn done(&self) -> &'static str {
        match self.answered.parse() {
            Ok(AuthorAnswer::Approved) => "sent-done-approved",
            Ok(AuthorAnswer::Refused) => "sent-done-refused",
            Ok(_) | Err(_) => "",
        }
    }
}

/// Shows the receipts and the dialogue.
pub(crate) async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    whose: Whose,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let page = SentReport {
        done: asked.done(),
        ..page(&state, &signed, &whose).await?
    };
    Ok(Html(page.render()?))
}

/// The page of a report, with everything its source can do about it.
pub(in crate::pages) async fn page(
    state: &AppState,
    signed: &Signed,
    whose: &Whose,
) -> Result<SentReport, Problem> {
    let (claim, actor, visit) = (
        whose.claim.clone(),
        signed.actor.clone(),
        signed.visit.clone(),
    );
    let (became, asked, dialogue) = state
        .call(move |hub| {
            let call = || Signed::call(&actor, &visit);
            let became = match &claim {
                Claim::Name(id) => hub::receipts::of(hub, &call(), *id)?,
                Claim::Code(pass) => hub::receipts::of_mailbox(hub, &call(), pass)?,
            };
            let asked = hub::release::author_pending(hub, &call(), claim.clone())?;
            let dialogue = hub::dialogue::of_source(hub, &call(), claim)?;
            Ok::<_, Problem>((became, asked, dialogue))
        })
        .await?;
    let mut page = shown::page(state, &signed.visit, &became);
    page.history = Some(whose.path("/history"));
    if permits(&signed.actor, Action::Submit) {
        page.terms = Some(whose.path("/terms"));
    }
    page.question = asked.map(|_| whose.path("/outgoing"));
    let stands = dialogue.asking == Asking::Source;
    if became.kind == ReportKind::NearMiss && stands && permits(&signed.actor, Action::Submit) {
        page.promote = Some(Form::new(match &whose.claim {
            Claim::Name(id) => format!("/near-miss/{id}/promote"),
            Claim::Code(_) => whose.path("/promote"),
        }));
    }
    page.dialogue = of_source(signed.visit.words, whose, dialogue);
    if !whose.is_named() {
        page.proofs = Some(whose.path("/proofs"));
        page.close = Some(Form::new(whose.path("/close")));
    }
    Ok(page)
}
