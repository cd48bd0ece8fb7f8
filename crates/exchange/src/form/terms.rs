//! The terms a source sets, as a form asks them.

use std::collections::BTreeSet;

use domain::handling::{Circle, Consent, Tlp};
use domain::report::Custody;
use domain::report::draft::Typed;
use domain::report::filing::Terms;
use domain::word::Code;

use super::{Setting, Why, Wrong, all, one};

/// Circles a source may choose from; itself and its secretariat are always inside.
pub const CIRCLES: [Circle; 6] = [
    Circle::Ministry,
    Circle::NationalCenter,
    Circle::Coordination,
    Circle::Police,
    Circle::CeptoarMembers,
    Circle::CrossSector,
];

/// Labels a source may choose from; nothing in a report is public.
pub const LABELS: [Tlp; 4] = [Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red];

/// Reads who may know the source.
pub fn custody(typed: &Typed, wrongs: &mut Vec<Wrong>) -> Option<Custody> {
    word(typed, "custody", wrongs)
}

/// Reads the terms; consent has no preset and has to be chosen.
pub fn read(typed: &Typed, setting: Setting<'_>, wrongs: &mut Vec<Wrong>) -> Option<Terms> {
    let tlp = label(typed, wrongs);
    let consent: Option<Consent> = word(typed, "consent", wrongs);
    let purposes = purposes(typed, setting, wrongs);
    let circles = circles(typed, wrongs);
    Some(Terms {
        tlp: tlp?,
        purposes: purposes?,
        circles: circles?,
        consent: consent?,
    })
}

/// Reads the label.
pub fn label(typed: &Typed, wrongs: &mut Vec<Wrong>) -> Option<Tlp> {
    let tlp: Tlp = word(typed, "tlp", wrongs)?;
    if LABELS.contains(&tlp) {
        Some(tlp)
    } else {
        reject("tlp", Why::NotOffered, wrongs)
    }
}

/// Reads the purposes of use; at least one has to be chosen.
pub fn purposes(
    typed: &Typed,
    setting: Setting<'_>,
    wrongs: &mut Vec<Wrong>,
) -> Option<BTreeSet<Code>> {
    let day = setting.now.day_in_japan();
    let mut purposes = BTreeSet::new();
    for word in all(typed, "purposes") {
        let offered = setting.reference.purposes.selectable(word, day);
        let Some(row) = offered else {
            return reject("purposes", Why::NotOffered, wrongs);
        };
        purposes.insert(row.code.clone());
    }
    if purposes.is_empty() {
        return reject("purposes", Why::NotChosen, wrongs);
    }
    Some(purposes)
}

/// Reads the circles; none is an answer: then it stays with the secretariat.
pub fn circles(typed: &Typed, wrongs: &mut Vec<Wrong>) -> Option<BTreeSet<Circle>> {
    let chosen: Result<BTreeSet<Circle>, _> = all(typed, "circles")
        .iter()
        .map(|word| word.parse::<Circle>())
        .collect();
    match chosen {
        Ok(circles) if circles.iter().all(|circle| CIRCLES.contains(circle)) => Some(circles),
        _ => reject("circles", Why::NotOffered, wrongs),
    }
}

/// Reads one word of a fixed list.
pub fn word<T: std::str::FromStr>(
    typed: &Typed,
    name: &'static str,
    wrongs: &mut Vec<Wrong>,
) -> Option<T> {
    match one(typed, name) {
        "" => reject(name, Why::NotChosen, wrongs),
        text => match text.parse() {
            Ok(found) => Some(found),
            Err(_) => reject(name, Why::NotOffered, wrongs),
        },
    }
}

fn reject<T>(name: &'static str, why: Why, wrongs: &mut Vec<Wrong>) -> Option<T> {
    wrongs.push(Wrong { name, why });
    None
}
