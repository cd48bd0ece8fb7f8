//! `POST /advisories/{advisory}/feedback`, and its form below the advisory.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::advisory::feedback::{Feedback, Remark};
use domain::confidential::Confidential;
use domain::id::AdvisoryId;
use domain::statistic::Figure;
use hub::feedback::{Beside, FeedbackError, Given, Stand, Watches};
use view::form::Form;
use view::layout::Frame;
use view::page::feedback::{After, Answers, Asked, FeedbackPage, Said};

use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Takes what an organization says of an advisory.
pub(crate) async fn give(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let href = format!("/advisories/{id}");
    let frame = Frame {
        path: href.clone(),
        ..visit.frame(&state)
    };
    let words = frame.words;
    let mut form = posted.refill(&format!("{href}/feedback"));
    let given = read(&posted, &mut form, |key| words.t(key).into_owned());
    if let Some(feedback) = given {
        let taken = state
            .ask(move |hub| hub::feedback::give(hub, &Signed::call(&actor, &visit), id, feedback))
            .await?;
        match taken {
            Ok(()) => {
                let target = format!("{href}?said=feedback#feedback");
                return Ok(Redirect::to(&target).into_response());
            }
            Err(FeedbackError::NotFound) => return Err(Problem::NotFound),
            Err(FeedbackError::Store(source)) => return Err(Problem::trouble(&source)),
            Err(FeedbackError::NotYet) => form.reject("useful", words.t("feedback-not-yet")),
            Err(FeedbackError::Counted) => form.reject("useful", words.t("feedback-counted")),
        }
    }
    let page = FeedbackPage { frame, href, form };
    Ok((REFUSED, Html(page.render()?)).into_response())
}

/// The feedback that was posted; `None` when something in `form` was rejected.
fn read(posted: &Posted, form: &mut Form, say: impl Fn(&str) -> String) -> Option<Feedback> {
    let (useful, timeliness, matched) = (
        posted.one("useful").parse().ok(),
        posted.one("timeliness").parse().ok(),
        posted.one("matched").parse().ok(),
    );
    let missing = [
        ("useful", useful.is_none()),
        ("timeliness", timeliness.is_none()),
        ("matched", matched.is_none()),
    ];
    for (field, _) in missing.iter().filter(|(_, is_missing)| *is_missing) {
        form.reject(field, say("feedback-missing"));
    }
    let remark = match posted.one("remark").trim() {
        "" => None,
        text => {
            let remark = Remark::parse(text);
            if remark.is_err() {
                form.reject("remark", say("feedback-too-long"));
            }
            Some(remark.ok()?)
        }
    };
    Some(Feedback {
        useful: useful?,
        timeliness: timeliness?,
        matched: matched?,
        remark: remark.map(Confidential::new),
    })
}

/// What stands below the advisory at `href`.
pub(crate) fn after(href: &str, beside: Beside) -> After {
    let form = Form::new(format!("{href}/feedback"));
    let asked = match (beside.stand, beside.given) {
        (Stand::NotAsked, _) | (Stand::Counted, None) => Asked::Not,
        (Stand::Open, None) => Asked::Open(form, Said::No),
        (Stand::Open, Some(given)) => Asked::Open(filled(form, &given), Said::Yes),
        (Stand::Counted, Some(given)) => Asked::Counted(Answers {
            useful: given.row.useful,
            timeliness: given.row.timeliness,
            matched: given.row.matched,
            remark: given.remark,
        }),
    };
    After {
        asked,
        acted_count: match beside.acted {
            Figure::Shown(count) => Some(count),
            Figure::Withheld => None,
        },
        watches: beside.watches == Watches::Yes,
        ..After::nothing(href)
    }
}

fn filled(form: Form, given: &Given) -> Form {
    let remark = given.remark.as_ref().map_or("", |text| text.content());
    form.with("useful", given.row.useful.word())
        .with("timeliness", given.row.timeliness.word())
        .with("matched", given.row.matched.word())
        .with("remark", remark)
}
