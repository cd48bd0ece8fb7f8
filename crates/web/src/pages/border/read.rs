//! The desk's form, read into a revision.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use domain::handling::{Circle, Tlp};
use domain::part::PartKind;
use domain::part::field::{Field, Value};
use domain::release::border::{CROSSING_KINDS, SmallGroup, coded_fields, written_fields};
use domain::text::{BoundedText, fold};
use hub::release::{PartRevision, REASON_CHARS_MAX, Revision};

use super::say::text_name;
use crate::form::Posted;
use crate::problem::Problem;

/// What is wrong with the form: the field, and the key of the sentence.
pub(super) type Wrong = (String, &'static str);

/// The revision that the form describes, or what is wrong with it.
///
/// # Errors
/// [`Problem::Malformed`] for what no form of ours sends.
pub(super) fn revision(posted: &Posted) -> Result<Result<Revision, Vec<Wrong>>, Problem> {
    let mut wrong = Vec::new();
    let mut parts = BTreeMap::new();
    for kind in CROSSING_KINDS {
        if !posted.one(&name(kind, "original")).is_empty() {
            parts.insert(kind, part(posted, kind, &mut wrong)?);
        }
    }
    let confirmed = posted
        .all("confirm")
        .iter()
        .map(|value| {
            let (field, text) = value.split_once(':').ok_or(Problem::Malformed)?;
            Ok((word(field)?, fold(text)))
        })
        .collect::<Result<_, Problem>>()?;
    let small_group = match posted.one("small") {
        "yes" => SmallGroup::Accepted,
        _ => SmallGroup::Open,
    };
    Ok(if wrong.is_empty() {
        Ok(Revision {
            parts,
            confirmed,
            small_group,
        })
    } else {
        Err(wrong)
    })
}

/// The revision number a form was made from.
pub(super) fn made_from(posted: &Posted) -> Result<u32, Problem> {
    word(posted.one("revision"))
}

/// A reason, which must be given.
pub(super) fn reason(posted: &Posted) -> Option<BoundedText<REASON_CHARS_MAX>> {
    BoundedText::parse(posted.one("reason")).ok()
}

fn part(posted: &Posted, kind: PartKind, wrong: &mut Vec<Wrong>) -> Result<PartRevision, Problem> {
    let reason = BoundedText::parse_optional(posted.one(&name(kind, "reason")));
    if reason.is_err() {
        wrong.push((name(kind, "reason"), "border-too-long"));
    }
    let over: BTreeSet<Field> = words(posted.all(&name(kind, "over")))?;
    let crossing = posted.one(&name(kind, "crossing"));
    Ok(PartRevision {
        original: word(posted.one(&name(kind, "original")))?,
        crossing: match crossing {
            "" => None,
            given => Some(word(given)?),
        },
        reason: reason.unwrap_or_default(),
        texts: texts(posted, kind, wrong),
        left_out: coded_fields(kind)
            .filter(|field| !over.contains(field))
            .collect(),
        tlp: tlp(posted.one(&name(kind, "tlp")))?,
        purposes: words(posted.all(&name(kind, "purposes")))?,
        circles: words::<Circle>(posted.all(&name(kind, "circles")))?,
    })
}

fn texts(posted: &Posted, kind: PartKind, wrong: &mut Vec<Wrong>) -> BTreeMap<Field, String> {
    let mut texts = BTreeMap::new();
    for field in written_fields(kind) {
        let name = text_name(field);
        let typed = posted.one(&name);
        if typed.trim().is_empty() {
            continue;
        }
        match Value::text(field, typed) {
            Ok(Value::Text(text)) => {
                texts.insert(field, text);
            }
            _ => wrong.push((name, "border-too-long")),
        }
    }
    texts
}

/// A label that was not sent is the strictest: a forgotten choice must not widen anything.
fn tlp(given: &str) -> Result<Tlp, Problem> {
    match given {
        "" => Ok(Tlp::Red),
        given => word(given),
    }
}

fn name(kind: PartKind, field: &str) -> String {
    format!("{}-{field}", kind.word())
}

fn word<T: FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::Malformed)
}

fn words<T: FromStr + Ord>(texts: &[String]) -> Result<BTreeSet<T>, Problem> {
    texts.iter().map(|text| word(text)).collect()
}
