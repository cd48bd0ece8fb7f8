//! `GET` and `POST /findings/new`, `POST /findings/send`.

use std::collections::BTreeSet;

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::finding::{FINDINGS_MAX, SHARED_DAYS, SHARED_DAYS_MAX};
use domain::handling::{Circle, Consent, Tlp};
use domain::word::Code;
use hub::finding::{ArriveError, Fate, FindingTerms, Understood, WrongLine, default_circles};
use view::form::Form;
use view::page::finding::send::{SendCheck, SendPage};
use view::words::Words;

use crate::form::Posted;
use crate::pages::report::choices::{circles, labels, purposes};
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::upload::Uploaded;
use crate::visit::{Signed, Visit};

/// What a finding may be used for where its carrier chooses nothing else.
const PURPOSES_PRESET: &[&str] = &["defense", "recovery", "statistics"];

/// The empty page.
pub(crate) async fn new(
    State(state): State<AppState>,
    Signed { visit, .. }: Signed,
) -> Result<Html<String>, Problem> {
    let page = start(&state, &visit, Form::new("/findings/new"), vec![]);
    Ok(Html(page.render()?))
}

/// Shows what was understood; nothing is taken yet.
pub(crate) async fn check(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    uploaded: Uploaded,
) -> Result<Response, Problem> {
    let text = match uploaded.file {
        None => uploaded.posted.one("text").to_owned(),
        Some(file) => {
            let Ok(text) = String::from_utf8(file.to_vec()) else {
                let mut form = Form::new("/findings/new");
                form.reject("text", visit.words.t("finding-not-text"));
                return refused(&start(&state, &visit, form, vec![]));
            };
            text
        }
    };
    let understood = hub::finding::understand(&Signed::call(&actor, &visit), &text);
    match understood {
        Ok(understood) => {
            let mut form = Form::new("/findings/send")
                .with("text", text)
                .with("tlp", Tlp::Amber.word())
                .with("days", SHARED_DAYS.to_string());
            for circle in default_circles() {
                form = form.with("circles", circle.word());
            }
            for purpose in PURPOSES_PRESET {
                form = form.with("purposes", *purpose);
            }
            let page = terms(&state, &visit, form, understood);
            Ok(Html(page.render()?).into_response())
        }
        Err(error) => wrong(&state, &visit, text, error),
    }
}

/// Takes what was understood, under the chosen terms.
pub(crate) async fn send(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    Uploaded { posted, .. }: Uploaded,
) -> Result<Response, Problem> {
    let text = posted.one("text").to_owned();
    let chosen = read(&state, &visit, &posted)?;
    let (sender, sending, sent) = (actor.clone(), visit.clone(), text.clone());
    let outcome = match chosen {
        Some(chosen) => {
            state
                .ask(move |hub| {
                    let call = Signed::call(&sender, &sending);
                    hub::finding::submit(hub, &call, &sent, chosen)
                })
                .await?
        }
        None => Err(ArriveError::Terms),
    };
    let key = match outcome {
        Ok(taken) => {
            let is_full = taken.iter().any(|one| one.fate == Fate::Full);
            let said = if is_full { "full" } else { "sent" };
            return Ok(Redirect::to(&format!("/findings?said={said}")).into_response());
        }
        Err(ArriveError::Terms) => "finding-terms-wrong",
        Err(ArriveError::NoRelay) => "finding-no-relay",
        Err(error) => return wrong(&state, &visit, text, error),
    };
    let understood = hub::finding::understand(&Signed::call(&actor, &visit), &text)?;
    let mut form = posted.refill("/findings/send");
    form.reject("tlp", visit.words.t(key));
    let page = terms(&state, &visit, form, understood);
    Ok((REFUSED, Html(page.render()?)).into_response())
}

/// The page with what is wrong with a text.
fn wrong(
    state: &AppState,
    visit: &Visit,
    text: String,
    error: ArriveError,
) -> Result<Response, Problem> {
    let words = visit.words;
    let mut form = Form::new("/findings/new").with("text", text);
    let mut lines = Vec::new();
    match error {
        ArriveError::Wrong(wrong) => {
            form.reject("text", words.t("finding-wrong-lines"));
            lines.extend(wrong.iter().map(|one| (one.line, fault(one, words))));
        }
        ArriveError::Nothing => form.reject("text", words.t("finding-nothing")),
        ArriveError::Many => form.reject("text", words.t("finding-many")),
        error @ (ArriveError::NotPermitted
        | ArriveError::NoRelay
        | ArriveError::Terms
        | ArriveError::Store(_)) => return Err(error.into()),
    }
    refused(&start(state, visit, form, lines))
}

fn refused(page: &SendPage) -> Result<Response, Problem> {
    Ok((REFUSED, Html(page.render()?)).into_response())
}

fn start(state: &AppState, visit: &Visit, form: Form, wrong: Vec<(usize, String)>) -> SendPage {
    SendPage {
        frame: visit.frame(state),
        form,
        wrong,
        most: FINDINGS_MAX,
    }
}

fn terms(state: &AppState, visit: &Visit, form: Form, understood: Understood) -> SendCheck {
    let (lists, words) = (state.hub.reference(), visit.words);
    SendCheck {
        frame: visit.frame(state),
        form,
        findings: understood.findings,
        labels: labels(words),
        circles: circles(lists, visit.now, words),
        purposes: purposes(lists, visit.now, words),
    }
}

/// The terms that were chosen; `None` when some are missing or not offered.
fn read(state: &AppState, visit: &Visit, posted: &Posted) -> Result<Option<FindingTerms>, Problem> {
    let malformed = |_| Problem::Malformed;
    let all = posted.all("circles").iter().map(|circle| circle.parse());
    let circles: BTreeSet<Circle> = all.collect::<Result<_, _>>().map_err(malformed)?;
    let all = posted.all("purposes").iter().map(|purpose| purpose.parse());
    let purposes: BTreeSet<Code> = all.collect::<Result<_, _>>().map_err(malformed)?;
    let tlp = posted.one("tlp").parse().map_err(malformed)?;
    let lists = state.hub.reference();
    let day = visit.now.day_in_japan();
    let offered = |code: &Code| lists.purposes.selectable(code.as_str(), day).is_some();
    let days = days(posted.one("days"), SHARED_DAYS_MAX);
    Ok(days
        .filter(|_| purposes.iter().all(offered))
        .map(|days| FindingTerms {
            tlp,
            purposes,
            consent: consent(&circles),
            circles,
            days,
        }))
}

/// To name the national center among the circles is to agree to passing it on; the page says so.
pub(crate) fn consent(circles: &BTreeSet<Circle>) -> Consent {
    if circles.contains(&Circle::NationalCenter) {
        Consent::Granted
    } else {
        Consent::Refused
    }
}

/// A number of days as somebody typed it, also in full-width digits; `None` beyond 1 to `most`.
pub(crate) fn days(typed: &str, most: i64) -> Option<i64> {
    let digits: String = typed
        .trim()
        .chars()
        .map(|letter| match letter {
            '０'..='９' => {
                char::from_digit(u32::from(letter) - u32::from('０'), 10).unwrap_or(letter)
            }
            other => other,
        })
        .collect();
    let days = digits.parse().ok()?;
    (1..=most).contains(&days).then_some(days)
}

/// What is wrong with a line, in the reader's language.
pub(crate) fn fault(wrong: &WrongLine, words: Words) -> String {
    words
        .t(&format!("finding-wrong-{}", wrong.fault))
        .into_owned()
}
