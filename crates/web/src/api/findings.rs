//! `POST /api/v1/findings`, `POST /api/v1/findings/withdraw`: a carrier's program sends in
//! what it found, and takes it back.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::finding::SHARED_DAYS;
use domain::handling::{Circle, Tlp};
use domain::id::CandidateId;
use domain::word::Code;
use hub::finding::{ArriveError, Fate, FindingTerms, Taken, WrongLine};
use serde_json::{Value, json};

use super::body::{Refusal, Sent};
use crate::pages::finding::send::consent;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

const FIELDS: &[&str] = &["findings", "tlp", "purposes", "circles", "days"];

/// Takes findings, all of them or none. The same again changes nothing, so that a program that got no
/// answer sends them once more.
pub(crate) async fn submit(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    sent: Sent,
) -> Result<Response, Refusal> {
    sent.only(FIELDS)?;
    let Some(Value::Array(findings)) = sent.0.get("findings") else {
        return Err(wrong("findings", &"send a list of findings"));
    };
    let lines: Vec<String> = findings.iter().map(Value::to_string).collect();
    let terms = terms(&sent)?;
    let reference = state.hub.reference();
    let day = visit.now.day_in_japan();
    let offered = |code: &Code| reference.purposes.selectable(code.as_str(), day).is_some();
    if !terms.purposes.iter().all(offered) {
        return Err(wrong("purposes", &"not in the list of purposes"));
    }
    let taken = state
        .ask(move |hub| {
            let call = Signed::call(&actor, &visit);
            hub::finding::submit(hub, &call, &lines.join("\n"), terms)
        })
        .await??;
    let taken: Vec<Value> = taken.iter().map(told).collect();
    Ok(Json(json!({ "findings": taken })).into_response())
}

/// Takes back what the token's organization found about a candidate.
pub(crate) async fn withdraw(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    sent: Sent,
) -> Result<Response, Refusal> {
    sent.only(&["candidate"])?;
    let Some(id) = sent.0.get("candidate") else {
        return Err(wrong("candidate", &"say which candidate"));
    };
    let id: CandidateId = read("candidate", id)?;
    state
        .call(move |hub| hub::finding::withdraw(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Json(json!({ "candidate": id.to_string(), "fate": "withdrawn" })).into_response())
}

fn told(taken: &Taken) -> Value {
    let fate = match taken.fate {
        Fate::New => "new",
        Fate::Newer => "newer",
        Fate::Tightened => "tightened",
        Fate::Known => "known",
        // Nothing was kept of it that an id could lead to.
        Fate::Full => return json!({ "fate": "full" }),
    };
    json!({
        "finding": taken.finding.to_string(),
        "candidate": taken.candidate.to_string(),
        "fate": fate,
    })
}

/// The terms; label and days are preset when they are left out.
fn terms(sent: &Sent) -> Result<FindingTerms, Refusal> {
    let tlp = match sent.0.get("tlp") {
        None => Tlp::Amber,
        Some(label) => read("tlp", label)?,
    };
    let circles: BTreeSet<Circle> = match sent.0.get("circles") {
        // Who reads it is decided by whoever sends it, and never by leaving it out.
        None => return Err(wrong("circles", &"say who may read the findings")),
        Some(list) => all("circles", list)?,
    };
    let purposes: BTreeSet<Code> = match sent.0.get("purposes") {
        None => return Err(wrong("purposes", &"say what the findings may be used for")),
        Some(list) => all("purposes", list)?,
    };
    let days = match sent.0.get("days") {
        None => SHARED_DAYS,
        Some(days) => days
            .as_i64()
            .ok_or_else(|| wrong("days", &"send a whole number"))?,
    };
    Ok(FindingTerms {
        tlp,
        purposes,
        consent: consent(&circles),
        circles,
        days,
    })
}

fn all<T: std::str::FromStr<Err: std::fmt::Display> + Ord>(
    name: &str,
    list: &Value,
) -> Result<BTreeSet<T>, Refusal> {
    let items = list.as_array().ok_or_else(|| wrong(name, &"send a list"))?;
    items.iter().map(|item| read(name, item)).collect()
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(
    name: &str,
    value: &Value,
) -> Result<T, Refusal> {
    let text = value.as_str().ok_or_else(|| wrong(name, &"send a text"))?;
    text.parse().map_err(|error| wrong(name, &error))
}

fn wrong(name: &str, why: &dyn std::fmt::Display) -> Refusal {
    Refusal::Wrong(vec![(name.to_owned(), why.to_string())])
}

impl From<ArriveError> for Refusal {
    fn from(error: ArriveError) -> Self {
        let text = error.to_string();
        match error {
            ArriveError::Wrong(lines) => {
                let told = |line: &WrongLine| {
                    (
                        format!("findings/{}", line.line.saturating_sub(1)),
                        line.detail.clone(),
                    )
                };
                Self::Wrong(lines.iter().map(told).collect())
            }
            ArriveError::Nothing | ArriveError::Many => {
                Self::Wrong(vec![("findings".to_owned(), text)])
            }
            ArriveError::Terms => Self::Wrong(vec![("circles".to_owned(), text)]),
            ArriveError::NoRelay => Self::Wrong(vec![("organization".to_owned(), text)]),
            other => Self::Problem(Problem::from(other)),
        }
    }
}
