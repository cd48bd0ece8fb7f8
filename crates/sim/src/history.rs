//! Operations, as data: made from a seed, printed one a line, read back to replay what was found.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use domain::confidential::Confidential;
use domain::handling::{Circle, Consent, Tlp};
use domain::id::ReportId;
use domain::organization::Role;
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::report::filing::{Filing, Terms};
use domain::report::{Custody, Edition, ReportKind};
use hub::Random;
use hub::submit::submit;

use crate::country::Who;
use crate::leak::Canary;
use crate::world::World;

/// Operators of the country.
pub const OPERATORS: [&str; 3] = ["aokawa", "kitahama", "minamino"];

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// The duty officer of an operator submits an incident.
    Submit {
        /// Which operator, by its place in [`OPERATORS`].
        operator: usize,
        /// Who may know the source.
        custody: Custody,
        /// Number of the report's canaries; different numbers, different texts.
        canary: u64,
    },
    /// Somebody opens a report, whether he may or not.
    Open {
        /// Who, by his place among everybody.
        person: usize,
        /// Which report, counted from the first that was submitted.
        report: usize,
    },
    /// Somebody who would have submitted a report does not: the twin of a hidden report.
    Refrain,
    /// Time passes.
    Wait {
        /// For so long.
        seconds: i64,
    },
}

/// What a history has left behind: the reports, and who may have which canary.
#[derive(Default)]
pub struct Trace {
    /// Reports in the order of their submission; `None` where the operation was refused.
    pub reports: Vec<Option<ReportId>>,
    /// Every canary with those who may have it.
    pub canaries: Vec<Canary>,
}

impl Op {
    /// A history of `length` operations made from `random`.
    pub fn history(random: &mut Random, length: usize, people: usize) -> Vec<Self> {
        (0..length)
            .map(|place| Self::draw(random, place, people))
            .collect()
    }

    fn draw(random: &mut Random, place: usize, people: usize) -> Self {
        let below = |random: &mut Random, bound: usize| {
            usize::try_from(random.below(u64::try_from(bound.max(1)).unwrap_or(1))).unwrap_or(0)
        };
        match random.below(10) {
            0..=4 => Self::Submit {
                operator: below(random, OPERATORS.len()),
                custody: match random.below(3) {
                    0 => Custody::Named,
                    1 => Custody::Unnamed,
                    _ => Custody::Stripped,
                },
                canary: u64::try_from(place).unwrap_or(0),
            },
            5..=8 => Self::Open {
                person: below(random, people),
                report: below(random, 8),
            },
            _ => Self::Wait {
                seconds: i64::try_from(random.below(3_600)).unwrap_or(0),
            },
        }
    }

    /// Plays the operation in `world`; a refusal is not a failure.
    pub fn play(&self, world: &mut World, trace: &mut Trace) -> anyhow::Result<()> {
        match self {
            Self::Submit {
                operator,
                custody,
                canary,
            } => play_submit(world, trace, *operator, *custody, *canary),
            Self::Open { person, report } => {
                let who = world.country.everybody().nth(*person);
                if let (Some(who), Some(Some(report))) = (who, trace.reports.get(*report)) {
                    let actor = world.actor(who)?;
                    let call = world.call(who, &actor);
                    let _refused = hub::intake::open(&world.hub, &call, *report);
                }
                Ok(())
            }
            Self::Refrain => {
                trace.reports.push(None);
                Ok(())
            }
            Self::Wait { seconds } => {
                world.wait_seconds(*seconds);
                Ok(())
            }
        }
    }
}

fn play_submit(
    world: &mut World,
    trace: &mut Trace,
    operator: usize,
    custody: Custody,
    number: u64,
) -> anyhow::Result<()> {
    let Some(name) = OPERATORS.get(operator) else {
        return Ok(());
    };
    let who: Who = (name, Role::DutyOfficer);
    let relay = if *name == "aokawa" {
        "suido"
    } else {
        "denryoku"
    };
    let narrative = Canary::original(
        number,
        "narrative",
        relay,
        (custody == Custody::Named).then_some(*name),
    );
    let technique = Canary::original(
        number,
        "technique",
        relay,
        (custody == Custody::Named).then_some(*name),
    );
    let contact = match custody {
        Custody::Named => Canary::original(number, "contact", relay, Some(name)),
        // Sealed: nobody reads it on any page.
        Custody::Unnamed | Custody::Stripped => Canary::nobodys(number, "contact"),
    };
    let text = |field, text: &str| Ok::<_, anyhow::Error>((field, Value::text(field, text)?));
    let answers = BTreeMap::from([
        text(Field::ContactName, &contact.text)?,
        text(Field::Systems, "監視端末")?,
        text(Field::Technique, &technique.text)?,
        text(Field::Narrative, &narrative.text)?,
        (
            Field::EventTypes,
            Value::Codes(["malware-infection".parse()?].into()),
        ),
        (Field::DetectedAt, Value::Unknown),
    ]);
    let filing = Filing {
        kind: ReportKind::Incident,
        custody,
        edition: Edition::First,
        answers: Confidential::new(PartBody::new(answers)),
        terms: Terms {
            tlp: Tlp::Amber,
            purposes: ["defense".parse()?].into(),
            circles: [Circle::Ministry, Circle::NationalCenter].into(),
            consent: Consent::Granted,
        },
    };
    let actor = world.actor(who)?;
    let call = world.call(who, &actor);
    let accepted = submit(&world.hub, &call, filing).ok();
    trace.reports.push(accepted.map(|receipt| receipt.report));
    trace.canaries.extend([narrative, technique, contact]);
    Ok(())
}

impl fmt::Display for Op {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Submit {
                operator,
                custody,
                canary,
            } => write!(out, "submit {operator} {custody} {canary}"),
            Self::Open { person, report } => write!(out, "open {person} {report}"),
            Self::Refrain => out.write_str("refrain"),
            Self::Wait { seconds } => write!(out, "wait {seconds}"),
        }
    }
}

impl FromStr for Op {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> anyhow::Result<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["submit", operator, custody, canary] => Ok(Self::Submit {
                operator: operator.parse()?,
                custody: custody.parse()?,
                canary: canary.parse()?,
            }),
            ["open", person, report] => Ok(Self::Open {
                person: person.parse()?,
                report: report.parse()?,
            }),
            ["refrain"] => Ok(Self::Refrain),
            ["wait", seconds] => Ok(Self::Wait {
                seconds: seconds.parse()?,
            }),
            _ => Err(anyhow::anyhow!("`{line}` is no operation")),
        }
    }
}
