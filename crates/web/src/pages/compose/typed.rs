//! What an author typed, read once at the door.

use std::collections::{BTreeMap, BTreeSet};

use domain::advisory::chosen::Chosen;
use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::id::OrganizationId;
use domain::organization::Tier;
use domain::part::field::{Field, FieldError, PROSE_CHARS_MAX, Value};
use domain::part::{PartBody, PartKind};
use domain::text::TextError;
use domain::time::Timestamp;
use exchange::moment;
use hub::compose::Writing;
use view::form::Form;
use view::page::duty::tier_name;
use view::words::Words;

use crate::form::Posted;
use crate::problem::Problem;

/// Reads the form; what cannot be read is rejected beside its field.
///
/// # Errors
/// [`Problem::Malformed`] for what no form of ours sends.
pub(super) fn read(
    posted: &Posted,
    form: &mut Form,
    words: Words,
    now: Timestamp,
) -> Result<Writing, Problem> {
    let malformed = |_| Problem::Malformed;
    let tlp = posted.one("tlp").parse().map_err(malformed)?;
    let asked = asked(posted)?;
    Ok(Writing {
        kind: posted.one("kind").parse().map_err(malformed)?,
        grade: posted.one("grade").parse().map_err(malformed)?,
        body: body(posted, form, words, &asked),
        chosen: chosen(posted, tlp)?,
        dues: dues(posted, form, words, now, &asked),
        tlp,
        purposes: all(posted, "purposes")?,
        reports: all(posted, "reports")?,
    })
}

/// Whom a form shows as chosen; what is not a choice falls away.
pub(super) fn marked(form: &Form) -> BTreeSet<Chosen> {
    let tiers = form.all("tier");
    let by_tier = form.all("who").iter().flat_map(|who| {
        tiers
            .iter()
            .filter_map(move |tier| format!("{who}/{tier}").parse().ok())
    });
    let named = form.all("to").iter().filter_map(|value| value.parse().ok());
    if form.value("tlp") == Tlp::Red.word() {
        named.collect()
    } else {
        by_tier.chain(named).collect()
    }
}

/// Organizations whose people the form lists by name: those chosen for a RED advisory, and those of
/// whom somebody is named already.
pub(super) fn names_of(form: &Form) -> BTreeSet<OrganizationId> {
    let named = form.all("to").iter().filter_map(|value| value.parse().ok());
    let mut organizations: BTreeSet<OrganizationId> = named
        .filter_map(|choice| match choice {
            Chosen::Person(_, organization, _) => Some(organization),
            Chosen::Community(..) | Chosen::Organization(..) => None,
        })
        .collect();
    if form.value("tlp") == Tlp::Red.word() {
        organizations.extend(
            form.all("who")
                .iter()
                .filter_map(|who| who.parse::<OrganizationId>().ok()),
        );
    }
    organizations
}

/// Tiers that are asked for something: those ticked, and those of persons who are named.
pub(super) fn asked(posted: &Posted) -> Result<BTreeSet<Tier>, Problem> {
    let named: BTreeSet<Chosen> = all(posted, "to")?;
    let mut tiers: BTreeSet<Tier> = all(posted, "tier")?;
    tiers.extend(named.into_iter().map(Chosen::tier));
    Ok(tiers)
}

/// Whom the author chose: every tier that is ticked in every organization and community that is, and
/// the persons who are named. A RED advisory is for named persons alone.
fn chosen(posted: &Posted, tlp: Tlp) -> Result<BTreeSet<Chosen>, Problem> {
    let mut chosen: BTreeSet<Chosen> = all(posted, "to")?;
    if tlp == Tlp::Red {
        return Ok(chosen);
    }
    let tiers: BTreeSet<Tier> = all(posted, "tier")?;
    for who in posted.all("who") {
        for tier in &tiers {
            let choice = format!("{who}/{tier}").parse();
            chosen.insert(choice.map_err(|_| Problem::Malformed)?);
        }
    }
    Ok(chosen)
}

/// Whether a draft addresses different tiers in different organizations, which the form cannot show.
pub(super) fn is_uneven(chosen: &BTreeSet<Chosen>) -> bool {
    let mut tiers: BTreeMap<String, BTreeSet<Tier>> = BTreeMap::new();
    for choice in chosen {
        let who = match choice {
            Chosen::Community(id, _) => id.to_string(),
            Chosen::Organization(id, _) => id.to_string(),
            Chosen::Person(..) => continue,
        };
        tiers.entry(who).or_default().insert(choice.tier());
    }
    let first = tiers.values().next().cloned();
    tiers.values().any(|other| Some(other) != first.as_ref())
}

/// The form as it shows what was saved.
pub(super) fn filled(
    form: Form,
    body: &PartBody,
    chosen: &BTreeSet<Chosen>,
    dues: &BTreeMap<Tier, Timestamp>,
) -> Form {
    let mut form = form;
    for (field, value) in body.fields() {
        if let Value::Text(text) = value {
            form = form.with(field.word(), text);
        }
    }
    let mut who: BTreeSet<String> = BTreeSet::new();
    let mut tiers: BTreeSet<Tier> = dues.keys().copied().collect();
    for choice in chosen {
        tiers.insert(choice.tier());
        match choice {
            Chosen::Community(id, _) => _ = who.insert(id.to_string()),
            Chosen::Organization(id, _) => _ = who.insert(id.to_string()),
            Chosen::Person(..) => form = form.with("to", choice.to_string()),
        }
    }
    for id in who {
        form = form.with("who", id);
    }
    for tier in tiers {
        form = form.with("tier", tier.word());
    }
    for (tier, due_at) in dues {
        form = form.with(&due_field(*tier), moment::due_text(*due_at));
    }
    form
}

pub(super) fn due_field(tier: Tier) -> String {
    format!("due-{tier}")
}

fn all<T: std::str::FromStr + Ord>(posted: &Posted, name: &str) -> Result<BTreeSet<T>, Problem> {
    posted
        .all(name)
        .iter()
        .map(|value| value.parse().map_err(|_| Problem::Malformed))
        .collect()
}

/// The text, without what was written for tiers that are not asked.
fn body(
    posted: &Posted,
    form: &mut Form,
    words: Words,
    asked: &BTreeSet<Tier>,
) -> Confidential<PartBody> {
    let mut fields = BTreeMap::new();
    let unasked = Tier::ALL.iter().filter(|tier| !asked.contains(tier));
    let unasked: BTreeSet<Field> = unasked.map(|tier| Field::action_of(*tier)).collect();
    for field in Field::ALL {
        let raw = posted.one(field.word());
        let is_ours = field.part() == PartKind::Advisory && !unasked.contains(field);
        if !is_ours || raw.trim().is_empty() {
            continue;
        }
        match Value::text(*field, raw) {
            Ok(value) => {
                fields.insert(*field, value);
            }
            Err(error) => form.reject(field.word(), text_fault(&error, words)),
        }
    }
    Confidential::new(PartBody::new(fields))
}

fn text_fault(error: &FieldError, words: Words) -> String {
    match error {
        FieldError::Text(TextError::TooLong { chars_max, .. }) => {
            words.tn("compose-text-too-long", &[("count", (*chars_max).into())])
        }
        FieldError::Text(_) => words.t("compose-text-bad").into_owned(),
        FieldError::TooMany { .. } | FieldError::WrongShape { .. } => words.tn(
            "compose-text-too-long",
            &[("count", PROSE_CHARS_MAX.into())],
        ),
    }
}

fn dues(
    posted: &Posted,
    form: &mut Form,
    words: Words,
    now: Timestamp,
    asked: &BTreeSet<Tier>,
) -> BTreeMap<Tier, Timestamp> {
    let mut dues = BTreeMap::new();
    for tier in asked {
        let name = due_field(*tier);
        let raw = posted.one(&name);
        if raw.trim().is_empty() {
            continue;
        }
        if let Ok(due_at) = moment::parse_due(raw, now) {
            dues.insert(*tier, due_at);
        } else {
            let tier = tier_name(*tier, words);
            let text = words.tn("compose-due-unreadable", &[("tier", tier.into())]);
            form.reject(&name, text);
        }
    }
    dues
}
