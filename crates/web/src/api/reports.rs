//! `POST /api/v1/reports`, `GET /api/v1/reports`, `GET /api/v1/reports/{id}`.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::confidential::Confidential;
use domain::part::field::{Field, Value};
use domain::part::{PartBody, PartKind};
use domain::report::draft::Typed;
use domain::report::filing::{Filing, Terms};
use domain::report::{Edition, ReportKind};
use domain::word::Code;
use exchange::form::{Answers, Blank, Setting, all, one};
use serde::Deserialize;
use serde_json::{Map, Value as JsonValue, json};

use super::body::{Refusal, Sent, typed, unknown};
use super::{answered, once};
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

const FIELDS: &[&str] = &[
    "kind", "custody", "answers", "tlp", "purposes", "circles", "consent",
];

/// Accepts a precursor or an incident. Near misses have an address of their own. The same
/// `Idempotency-Key` with the same body gets the same receipt.
pub(crate) async fn submit(
    State(state): State<AppState>,
    Signed { visit, actor }: Signed,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Refusal> {
    sent.only(FIELDS)?;
    let setting = Setting {
        reference: state.hub.reference(),
        now: visit.now,
    };
    let form = once::form(&headers, &visit, &actor, &sent.0)?;
    let filing = filing(sent, setting)?;
    let receipt = state
        .ask(move |hub| {
            let call = Signed::call(&actor, &visit);
            hub::submit::submit_once(hub, &call, filing, &form)
        })
        .await??;
    Ok((StatusCode::CREATED, Json(answered::receipt(&receipt))).into_response())
}

fn filing(mut sent: Sent, setting: Setting<'_>) -> Result<Filing, Refusal> {
    let Some(JsonValue::Object(answers)) = sent.0.remove("answers") else {
        return Err(wrong("answers", &"send an object of answers by field"));
    };
    let values = values(answers, setting)?;
    let told = sent.typed()?;
    let kind = word::<ReportKind>(&told, "kind")?;
    if kind == ReportKind::NearMiss {
        return Err(wrong("kind", &"send near misses to /api/v1/near-misses"));
    }
    let day = setting.now.day_in_japan();
    let purposes: BTreeSet<Code> = words(&told, "purposes")?;
    let offered = |code: &Code| {
        setting
            .reference
            .purposes
            .selectable(code.as_str(), day)
            .is_some()
    };
    if !purposes.iter().all(offered) {
        return Err(wrong("purposes", &"not in the list of purposes"));
    }
    Ok(Filing {
        kind,
        custody: word(&told, "custody")?,
        edition: Edition::First,
        answers: Confidential::new(PartBody::new(values)),
        terms: Terms {
            tlp: word(&told, "tlp")?,
            purposes,
            circles: words(&told, "circles")?,
            consent: word(&told, "consent")?,
        },
    })
}

/// The answers; `null` is "the source does not know".
fn values(
    answers: Map<String, JsonValue>,
    setting: Setting<'_>,
) -> Result<std::collections::BTreeMap<Field, Value>, Refusal> {
    let of_a_report = |field: &&Field| {
        !matches!(field.part(), PartKind::Advisory | PartKind::Message | PartKind::Finding)
            // A near miss has an address of its own.
            && !matches!(field, Field::NearMissKind | Field::NoHarmReason)
    };
    let fields: Vec<Field> = Field::ALL.iter().filter(of_a_report).copied().collect();
    let names: Vec<&str> = fields.iter().map(|field| field.word()).collect();
    unknown(&answers, &names)?;
    let typed = typed(&answers)?;
    let mut read = Answers::default();
    for field in fields {
        let blank = match answers.get(field.word()) {
            Some(JsonValue::Null) => Blank::Unknown,
            _ => Blank::Silence,
        };
        read.read(field, &typed, blank, setting);
    }
    if read.wrongs.is_empty() {
        Ok(read.values)
    } else {
        Err(read.wrongs.into())
    }
}

fn word<T: std::str::FromStr<Err: std::fmt::Display>>(
    told: &Typed,
    name: &str,
) -> Result<T, Refusal> {
    one(told, name).parse().map_err(|error| wrong(name, &error))
}

fn words<T: std::str::FromStr<Err: std::fmt::Display> + Ord>(
    told: &Typed,
    name: &str,
) -> Result<BTreeSet<T>, Refusal> {
    all(told, name)
        .iter()
        .map(|text| text.parse())
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(name, &error))
}

fn wrong(name: &str, why: &dyn std::fmt::Display) -> Refusal {
    Refusal::Wrong(vec![(name.to_owned(), why.to_string())])
}

/// Where a page of the list begins.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
}

/// Lists the reports that are there for the token's place, newest first.
pub(crate) async fn list(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    Signed { visit, actor }: Signed,
) -> Result<Json<JsonValue>, Problem> {
    let after = asked
        .after
        .map(|text| text.parse().map_err(|_| Problem::NotFound))
        .transpose()?;
    let page = state
        .call(move |hub| hub::intake::list(hub, &Signed::call(&actor, &visit), after.as_ref()))
        .await?;
    Ok(Json(json!({
        "reports": page.rows.iter().map(answered::row).collect::<Vec<_>>(),
        "next": page.next.map(|cursor| cursor.to_string()),
    })))
}

/// Opens a report; the reading is noted.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Json<JsonValue>, Problem> {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    let opened = state
        .call(move |hub| hub::intake::open(hub, &Signed::call(&actor, &visit), id))
        .await?;
    Ok(Json(answered::opened(&opened)))
}
