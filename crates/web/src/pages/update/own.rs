//! `GET /sent/{report}/history`, `GET /mailbox/history`: what it says now, and how it came to say so.

use std::collections::BTreeMap;

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, Response};
use domain::part::PartKind;
use domain::part::field::{Field, Value};
use domain::report::Channel;
use domain::report::Custody;
use domain::report::stage::Stage;
use domain::report::update::WithdrawReason;
use hub::ReadError;
use hub::triage::Held;
use hub::update::{self, Holder, OwnReport, OwnVersion};
use view::answer::{
    Names, custody_name, edition_name, field_name, kind_name, part_name, stage_name,
};
use view::form::{Answer, Choice, Form};
use view::page::case::Exact;
use view::page::update::{FieldChange, OwnPart, OwnReportPage};
use view::part::HandlingBar;
use view::words::Words;

use crate::lists::say_name;
use crate::pages::case::{blank, opinion_view, reaches};
use crate::pages::sent::whose::Whose;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the report with the history of each field.
pub(crate) async fn show(
    State(state): State<AppState>,
    whose: Whose,
    signed: Signed,
) -> Result<Response, Problem> {
    let page = page(&state, &signed, &whose, Form::new(whose.path("/withdraw"))).await?;
    Ok(whose.keep(&state, &signed, page))
}

/// Reads the report back.
pub(super) async fn read(
    state: &AppState,
    signed: &Signed,
    whose: &Whose,
) -> Result<OwnReport, Problem> {
    let (visit, actor) = (signed.visit.clone(), signed.actor.clone());
    let claim = whose.claim.clone();
    state
        .call(move |hub| update::read(hub, &Signed::call(&actor, &visit), claim))
        .await
}

/// Who would be told of a withdrawal.
async fn holders(state: &AppState, signed: &Signed, whose: &Whose) -> Result<Vec<String>, Problem> {
    let (visit, actor) = (signed.visit.clone(), signed.actor.clone());
    let claim = whose.claim.clone();
    let told = state
        .call(move |hub| update::holders(hub, &Signed::call(&actor, &visit), claim))
        .await?;
    let words = signed.visit.words;
    let say = |holder| match holder {
        Holder::Organization(kind) => words.t(&format!("sent-organization-{kind}")).into_owned(),
        Holder::Community(ja, en) => {
            let name = say_name(words, &(ja, en));
            words.tn("update-withdraw-members", &[("name", name.into())])
        }
    };
    Ok(told.into_iter().map(say).collect())
}

/// The opinions on the report that are shown to its source; none to a mailbox, which no opinion is
/// asked of.
async fn opinions(
    state: &AppState,
    signed: &Signed,
    own: &OwnReport,
) -> Result<Vec<Held>, Problem> {
    if own.report.custody != Custody::Named {
        return Ok(Vec::new());
    }
    let (visit, actor, id) = (signed.visit.clone(), signed.actor.clone(), own.report.id);
    state
        .call(move |hub| {
            match hub::triage::opinions(hub, &Signed::call(&actor, &visit), id) {
                // Of a report that was taken back nothing can be read any more.
                Err(ReadError::NotFound) => Ok(Vec::new()),
                other => other,
            }
        })
        .await
}

/// The page.
pub(super) async fn page(
    state: &AppState,
    signed: &Signed,
    whose: &Whose,
    withdraw: Form,
) -> Result<Html<String>, Problem> {
    let own = &read(state, signed, whose).await?;
    let opinions = opinions(state, signed, own).await?;
    let words = signed.visit.words;
    let report = &own.report;
    let names = Names {
        reference: state.hub.reference(),
        day: report.accepted_at.day_in_japan(),
        words,
    };
    let is_open = report.stage != Stage::Withdrawn
        && domain::policy::permits(&signed.actor, domain::policy::Action::Submit);
    let rates = report.custody == Custody::Named
        && report.stage != Stage::Withdrawn
        && domain::policy::permits(&signed.actor, domain::policy::Action::RateSeverity);
    let fact = |key: &str, value: String| Answer {
        label: words.t(key).into_owned(),
        value,
        change: String::new(),
    };
    let page = OwnReportPage {
        frame: signed.visit.frame(state),
        became: whose.path(""),
        pseudonym: report.pseudonym.clone(),
        facts: vec![
            fact("update-number", report.id.to_string()),
            fact("update-relay", say_name(words, &own.relay_names)),
        ]
        .into_iter()
        .chain(channel(own, words))
        .collect(),
        chips: vec![
            kind_name(report.kind, words),
            edition_name(report.edition, words),
            stage_name(report.stage, words),
            custody_name(report.custody, words),
        ],
        accepted_at: report.accepted_at,
        parts: parts(own, names),
        history: history(own, names),
        opinions: opinions
            .iter()
            .map(|held| opinion_view(state, words, held))
            .collect(),
        rate: rates.then(|| blank(state, words, report.id, signed.visit.now)),
        reaches: if report.stage == Stage::Released {
            reaches(words)
        } else {
            Vec::new()
        },
        update: is_open.then(|| whose.path("/update")),
        exact: match report.custody {
            Custody::Named => Exact::Moment,
            Custody::Unnamed | Custody::Stripped => Exact::Day,
        },
        holders: holders(state, signed, whose).await?,
        withdraw,
        reasons: reasons(words),
    };
    Ok(Html(page.render()?))
}

/// The newest version of each part.
pub(super) fn newest(own: &OwnReport) -> BTreeMap<PartKind, &OwnVersion> {
    // Oldest first: a later version takes the place of an earlier one.
    own.versions
        .iter()
        .map(|version| (version.kind, version))
        .collect()
}

fn parts(own: &OwnReport, names: Names<'_>) -> Vec<OwnPart> {
    newest(own)
        .into_values()
        .map(|version| OwnPart {
            title: part_name(version.kind, names.words),
            bar: HandlingBar::new(
                &version.handling,
                names.purposes(&version.handling.purposes),
                names.words,
            ),
            answers: version
                .body
                .content()
                .fields()
                .map(|(field, value)| Answer {
                    label: field_name(field, names.words),
                    value: names.value(field, value),
                    change: String::new(),
                })
                .collect(),
        })
        .collect()
}

/// Every change of a field after the first report, oldest first.
fn history(own: &OwnReport, names: Names<'_>) -> Vec<FieldChange> {
    let mut now: BTreeMap<Field, &Value> = BTreeMap::new();
    let mut changes = Vec::new();
    for version in &own.versions {
        for (field, value) in version.body.content().fields() {
            let before = now.insert(field, value);
            let is_first = version.written_at == own.report.accepted_at;
            if is_first || before == Some(value) {
                continue;
            }
            changes.push(FieldChange {
                at: version.written_at,
                field: field_name(field, names.words),
                before: before
                    .map(|before| names.value(field, before))
                    .unwrap_or_default(),
                after: names.value(field, value),
            });
        }
    }
    changes
}

/// That a clerk wrote it down, and how it came to him; nothing when the source sent it itself.
fn channel(own: &OwnReport, words: Words) -> Option<Answer> {
    let key = match own.channel {
        Channel::Phone => "phone-own-phone",
        Channel::Fax => "phone-own-fax",
        Channel::Web | Channel::Api | Channel::Batch => return None,
    };
    let organization = say_name(words, own.written_by.as_ref()?);
    Some(Answer {
        label: words.t("phone-own-channel").into_owned(),
        value: words.tn(key, &[("organization", organization.into())]),
        change: String::new(),
    })
}

fn reasons(words: Words) -> Vec<Choice> {
    WithdrawReason::ALL
        .iter()
        .map(|reason| {
            let label = words.t(&format!("update-withdraw-reason-{reason}"));
            Choice::new(reason.word(), label)
        })
        .collect()
}
