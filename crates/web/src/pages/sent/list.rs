//! `GET /sent`: reports that the own organization sent under its name.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use domain::report::Report;
use domain::report::stage::Stage;
use view::layout::Tone;
use view::page::sent::{SentLine, SentList};
use view::words::Words;

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the list.
pub(crate) async fn show(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let asking = visit.clone();
    let reports = state
        .call(move |hub| hub::receipts::sent(hub, &Signed::call(&actor, &asking)))
        .await?;
    let words = visit.words;
    let page = SentList {
        frame: visit.frame(&state),
        reports: reports.iter().map(|report| line(words, report)).collect(),
    };
    Ok(Html(page.render()?))
}

fn line(words: Words, report: &Report) -> SentLine {
    SentLine {
        href: format!("/sent/{}", report.id),
        title: words.tn(
            "sent-line",
            &[
                (
                    "kind",
                    words.t(&format!("sent-kind-{}", report.kind)).into(),
                ),
                ("name", report.pseudonym.as_str().into()),
            ],
        ),
        stage: words
            .t(&format!("sent-stage-{}", report.stage))
            .into_owned(),
        tone: match report.stage {
            Stage::Received | Stage::UnderReview | Stage::Withdrawn => Tone::Hint,
            Stage::Released | Stage::Closed => Tone::Done,
            Stage::Withheld => Tone::Warning,
        },
        accepted_at: report.accepted_at,
    }
}
