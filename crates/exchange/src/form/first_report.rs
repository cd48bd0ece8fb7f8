//! The nine questions of a first report, read from what was typed.

use std::collections::{BTreeMap, BTreeSet};

use domain::confidential::Confidential;
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::report::draft::Typed;
use domain::report::filing::Filing;
use domain::report::question::{KIND, Question};
use domain::report::{Custody, Edition, ReportKind};
use domain::word::Code;

use super::{Answers, Blank, Setting, Wrong, one, terms};

/// What the hub knows of the reporting organization without asking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Its name, as the register has it.
    pub organization: String,
    /// Its sector; `None` when it has none.
    pub sector: Option<Code>,
    /// The sector of its relay, which every member shares; `None` when the register does not say.
    pub relay_sector: Option<Code>,
}

/// What is wrong with the answers to one question.
pub fn check(question: Question, typed: &Typed, setting: Setting<'_>) -> Vec<Wrong> {
    if question == Question::Terms {
        let mut wrongs = Vec::new();
        terms::custody(typed, &mut wrongs);
        terms::read(typed, setting, &mut wrongs);
        return wrongs;
    }
    let mut answers = Answers::default();
    ask(question, typed, setting, &mut answers);
    answers.wrongs
}

/// Reads all nine.
///
/// # Errors
/// Everything that is wrong, question by question.
pub fn read(
    typed: &Typed,
    setting: Setting<'_>,
    known: &Known,
) -> Result<Filing, Vec<(Question, Wrong)>> {
    let (mut values, mut found) = answers(typed, setting);
    let mut wrongs = Vec::new();
    let custody = terms::custody(typed, &mut wrongs);
    let terms = terms::read(typed, setting, &mut wrongs);
    found.extend(wrongs.into_iter().map(|wrong| (Question::Terms, wrong)));
    match (custody, terms) {
        (Some(custody), Some(terms)) if found.is_empty() => {
            add_known(&mut values, known, custody);
            Ok(Filing {
                kind: kind(typed),
                custody,
                edition: Edition::First,
                answers: Confidential::new(PartBody::new(values)),
                terms,
            })
        }
        _ => Err(found),
    }
}

/// The answers to the questions about the matter, and what is wrong with the others.
pub fn answers(
    typed: &Typed,
    setting: Setting<'_>,
) -> (BTreeMap<Field, Value>, Vec<(Question, Wrong)>) {
    let mut found = Vec::new();
    let mut values = BTreeMap::new();
    for question in Question::ALL {
        let mut answers = Answers::default();
        ask(*question, typed, setting, &mut answers);
        found.extend(answers.wrongs.into_iter().map(|wrong| (*question, wrong)));
        values.extend(answers.values);
    }
    (values, found)
}

/// What is reported: an incident, unless it is said to be a sign of something to come.
pub fn kind(typed: &Typed) -> ReportKind {
    match one(typed, KIND).parse() {
        Ok(ReportKind::Precursor) => ReportKind::Precursor,
        _ => ReportKind::Incident,
    }
}

/// Whether the box "not known yet" of a question is ticked.
pub fn blank(question: Question, typed: &Typed) -> Blank {
    if one(typed, question.unknown_name()) == "yes" {
        Blank::Unknown
    } else {
        Blank::Silence
    }
}

fn ask(question: Question, typed: &Typed, setting: Setting<'_>, answers: &mut Answers) {
    let blank = blank(question, typed);
    for field in question.fields() {
        answers.read(*field, typed, blank, setting);
        if Question::requires(*field) {
            answers.require(*field);
        }
    }
}

/// What the source need not type. For custody that keeps no identity nothing of it is added.
fn add_known(values: &mut BTreeMap<Field, Value>, known: &Known, custody: Custody) {
    if custody != Custody::Stripped
        && let Ok(name) = Value::text(Field::Organization, &known.organization)
    {
        values.insert(Field::Organization, name);
    }
    // An organization may stand in its CEPTOAR with a sector that no other member has.
    let sector = match custody {
        Custody::Named => &known.sector,
        Custody::Unnamed | Custody::Stripped => &known.relay_sector,
    };
    if let Some(sector) = sector {
        values.insert(
            Field::Sector,
            Value::Codes(BTreeSet::from([sector.clone()])),
        );
    }
}
