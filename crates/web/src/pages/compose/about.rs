//! An advisory begun from a C&C candidate: the form with what is known, for the author to change.

use domain::actor::Actor;
use domain::finding::{Candidate, EvidenceCode};
use domain::handling::{Consent, Tlp};
use domain::id::CandidateId;
use domain::organization::Tier;
use domain::part::field::Field;
use domain::release::Visible;
use domain::time::{DAY_SECONDS, Timestamp};
use exchange::moment;
use serde::Deserialize;
use view::evidence;
use view::form::Form;
use view::page::finding::place;
use view::words::{Language, Words};

use super::typed::due_field;
use crate::form::Posted;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Tiers that are asked, and by when: days from today, to the end of office hours.
const ASKED: [(Tier, i64); 3] = [
    (Tier::SystemStaff, 1),
    (Tier::Ciso, 3),
    (Tier::Executive, 7),
];
/// Second of the day in Japan at which office hours end.
const CLOSING_SECOND: i64 = 17 * 3_600;
/// Reasons that the advisory tells.
const REASONS_TOLD: usize = 5;

/// What the new advisory is about.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    finding: String,
}

impl Asked {
    /// The candidate; `None` when it is about none.
    pub(super) fn candidate(&self) -> Result<Option<CandidateId>, Problem> {
        if self.finding.is_empty() {
            return Ok(None);
        }
        self.finding
            .parse()
            .map(Some)
            .map_err(|_| Problem::NotFound)
    }
}

/// The candidates that a posted form rests on.
pub(super) fn candidates(posted: &Posted) -> Result<Vec<CandidateId>, Problem> {
    let all = posted.all("finding").iter();
    all.map(|id| id.parse().map_err(|_| Problem::Malformed))
        .collect()
}

/// `form` with text, addressees and times for the candidate.
pub(super) async fn prefilled(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
    form: Form,
    id: CandidateId,
) -> Result<Form, Problem> {
    let (opener, opening) = (actor.clone(), visit.clone());
    let opened = state
        .call(move |hub| hub::finding::open(hub, &Signed::call(&opener, &opening), id))
        .await?;
    let found = opened.found.content();
    let mut form = form
        .with("finding", id.to_string())
        .with(Field::Title.word(), title(found))
        .with(Field::Gist.word(), both(found, "gist"))
        .with(Field::Background.word(), background(found))
        .with(Field::Detail.word(), both(found, "detail"));
    // No wider than what was found may go.
    let handling = opened.found.handling();
    form.replace("tlp", handling.tlp.max(Tlp::Amber).word());
    let preset = form.all("purposes").iter();
    let kept = preset.filter(|preset| {
        handling
            .purposes
            .iter()
            .any(|kept| kept.as_str() == *preset)
    });
    let kept = kept.cloned().collect();
    form.replace_all("purposes", kept);
    for community in &opened.communities {
        form = form.with("who", community.to_string());
    }
    for (tier, days) in ASKED {
        let due = due(visit.now, days);
        form = form
            .with("tier", tier.word())
            .with(&due_field(tier), moment::due_text(due))
            .with(Field::action_of(tier).word(), both(found, tier.word()));
    }
    Ok(form)
}

/// What to know of the terms of what an advisory rests on, each a sentence: what was found may not go
/// further in it than its carriers said.
pub(super) fn cautions(found: &[Visible<Candidate>], words: Words) -> Vec<String> {
    let mut cautions = Vec::new();
    for found in found {
        let handling = found.handling();
        let server = place(found.content().server, words);
        let label = handling.tlp.label();
        cautions.push(words.tn(
            "compose-rests-on",
            &[("server", server.as_str().into()), ("label", label.into())],
        ));
        if handling.consent != Consent::Granted {
            let told = [("server", server.as_str().into())];
            cautions.push(words.tn("compose-rests-on-refused", &told));
        }
    }
    cautions
}

/// The title in both languages, on one line.
fn title(found: &Candidate) -> String {
    in_both(|words| say(words, found, "title")).join(" / ")
}

/// A paragraph in both languages.
fn both(found: &Candidate, part: &str) -> String {
    in_both(|words| say(words, found, part)).join("\n\n")
}

/// What speaks for it, in both languages.
fn background(found: &Candidate) -> String {
    in_both(|words| {
        let reasons = found
            .evidence
            .iter()
            .filter(|each| each.weight.tenths() > 0)
            // How many carriers found it is for those who read the findings.
            .filter(|each| each.code != EvidenceCode::Carriers);
        let told = reasons
            .take(REASONS_TOLD)
            .map(|each| evidence::sentence(words, each.code.word(), each.value.value()));
        let lead = words.t("finding-advice-background").into_owned();
        std::iter::once(lead)
            .chain(told)
            .collect::<Vec<_>>()
            .join("\n")
    })
    .join("\n\n")
}

fn in_both(say: impl Fn(Words) -> String) -> [String; 2] {
    Language::ALL.map(|language| say(Words::new(language)))
}

fn say(words: Words, found: &Candidate, part: &str) -> String {
    let server = place(found.server, words);
    words.tn(
        &format!("finding-advice-{part}"),
        &[("server", server.into())],
    )
}

fn due(now: Timestamp, days: i64) -> Timestamp {
    let today = Timestamp::start_of_day_in_japan(now.day_in_japan());
    today.plus_seconds(days * DAY_SECONDS + CLOSING_SECOND)
}
