//! Operations, as data: made from a seed, printed one a line, read back to replay what was found.

mod border;
mod down;
pub(crate) mod file;
mod line;
mod talk;

use std::collections::BTreeSet;

use domain::id::{AdvisoryId, ReportId, ReviewId};
use domain::report::Custody;
use domain::report::near_miss::Scope;
use hub::Random;

use crate::leak::Canary;
use crate::world::World;

/// Operators of the country.
pub const OPERATORS: [&str; 3] = ["aokawa", "kitahama", "minamino"];
/// Who writes advisories.
pub const ISSUERS: [&str; 2] = ["center", "ministry"];
/// Reports and advisories that operations draw from; more than a short history makes.
const DRAWN_MAX: usize = 4;

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
    /// A member of an operator's staff tells a near miss.
    NearMiss {
        /// Which operator.
        operator: usize,
        /// How far it may travel.
        scope: Scope,
        /// Number of its canary.
        canary: u64,
    },
    /// The relay of a report lets a rewritten summary cross, by two persons.
    Release {
        /// Which report, counted from the first that was submitted.
        report: usize,
        /// Number of the summary's canary.
        canary: u64,
    },
    /// An authority writes, proposes and issues an advisory to one operator.
    Advise {
        /// Which authority, by its place in [`ISSUERS`].
        issuer: usize,
        /// Which operator.
        operator: usize,
        /// Number of its canary.
        canary: u64,
    },
    /// An operator opens an advisory, whether it is for him or not, and takes it on.
    Answer {
        /// Which operator.
        operator: usize,
        /// Which advisory, counted from the first that was issued.
        advisory: usize,
    },
    /// An operator counts the near misses of the week.
    Count {
        /// Which operator.
        operator: usize,
        /// How many.
        count: u32,
    },
    /// Somebody opens a report, whether he may or not.
    Open {
        /// Who, by his place among everybody.
        person: usize,
        /// Which report.
        report: usize,
    },
    /// The relay of a report puts a question to its source.
    Ask {
        /// Which report.
        report: usize,
        /// Number of the question's canary.
        canary: u64,
    },
    /// The relay of a report asks for the opening of its seal.
    Unseal {
        /// Which report.
        report: usize,
        /// Number of the reason's canary.
        canary: u64,
    },
    /// Somebody without a session tries a wrong password for the duty officer of an operator.
    Knock {
        /// Which operator.
        operator: usize,
    },
    /// Somebody who would have submitted a report does not: the twin of a hidden report.
    Refrain,
    /// Somebody who would have issued an advisory does not: the twin of a hidden advisory.
    Silence,
    /// Nothing happens: the twin of anything else that is hidden.
    Idle,
    /// Time passes.
    Wait {
        /// For so long.
        seconds: i64,
    },
}

/// What a history has left behind: reports, reviews, advisories, and who may have which canary.
#[derive(Default)]
pub struct Trace {
    /// Reports in the order of their submission; `None` where the operation was refused.
    pub reports: Vec<Option<Filed>>,
    /// Reviews in the order of their beginning.
    pub reviews: Vec<ReviewId>,
    /// Advisories in the order of their issue.
    pub advisories: Vec<Option<AdvisoryId>>,
    /// How many reviews came to a release.
    pub released: usize,
    /// Every canary with those who may have it.
    pub canaries: Vec<Canary>,
}

/// A report that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The report.
    pub report: ReportId,
    /// Its relay.
    pub relay: &'static str,
    /// The operator it came from, where its custody names one.
    pub source: Option<&'static str>,
    /// Who may have what leaves after two approvals.
    pub readers: BTreeSet<&'static str>,
}

impl Op {
    /// A history of `length` operations made from `random`.
    pub fn history(random: &mut Random, length: usize, people: usize) -> Vec<Self> {
        (0..length)
            .map(|place| Self::draw(random, place, people))
            .collect()
    }

    fn draw(random: &mut Random, place: usize, people: usize) -> Self {
        let operator = below(random, OPERATORS.len());
        let canary = u64::try_from(place).unwrap_or(0);
        match random.below(19) {
            0..=3 => Self::Submit {
                operator,
                custody: one_of(random, Custody::ALL),
                canary,
            },
            4..=5 => Self::NearMiss {
                operator,
                scope: one_of(random, Scope::ALL),
                canary,
            },
            6..=7 => Self::Release {
                report: below(random, DRAWN_MAX),
                canary,
            },
            8..=9 => Self::Advise {
                issuer: below(random, ISSUERS.len()),
                operator,
                canary,
            },
            10 => Self::Answer {
                operator,
                advisory: below(random, DRAWN_MAX),
            },
            11 => Self::Count {
                operator,
                count: u32::try_from(random.below(50)).unwrap_or(0),
            },
            12..=14 => Self::Open {
                person: below(random, people),
                report: below(random, DRAWN_MAX),
            },
            15 => Self::Ask {
                report: below(random, DRAWN_MAX),
                canary,
            },
            16 => Self::Unseal {
                report: below(random, DRAWN_MAX),
                canary,
            },
            17 => Self::Knock { operator },
            _ => Self::Wait {
                seconds: i64::try_from(random.below(3_600)).unwrap_or(0),
            },
        }
    }

    /// What takes its place when it does not happen; later operations keep their places.
    #[must_use]
    pub fn without(&self) -> Self {
        match self {
            Self::Submit { .. } | Self::NearMiss { .. } | Self::Refrain => Self::Refrain,
            Self::Advise { .. } | Self::Silence => Self::Silence,
            _ => Self::Idle,
        }
    }

    /// Plays the operation in `world`; a refusal is not a failure.
    pub fn play(&self, world: &mut World, trace: &mut Trace) -> anyhow::Result<()> {
        world.next_turn();
        match self {
            Self::Submit {
                operator,
                custody,
                canary,
            } => file::play_submit(world, trace, *operator, *custody, *canary)?,
            Self::NearMiss {
                operator,
                scope,
                canary,
            } => file::play_near_miss(world, trace, *operator, *scope, *canary)?,
            Self::Release { report, canary } => {
                border::play_release(world, trace, *report, *canary)?;
            }
            Self::Advise {
                issuer,
                operator,
                canary,
            } => down::play_advise(world, trace, *issuer, *operator, *canary)?,
            Self::Answer { operator, advisory } => {
                down::play_answer(world, trace, *operator, *advisory)?;
            }
            Self::Count { operator, count } => file::play_count(world, *operator, *count)?,
            Self::Open { person, report } => play_open(world, trace, *person, *report)?,
            Self::Ask { report, canary } => talk::play_ask(world, trace, *report, *canary)?,
            Self::Unseal { report, canary } => talk::play_unseal(world, trace, *report, *canary)?,
            Self::Knock { operator } => talk::play_knock(world, *operator)?,
            Self::Refrain => trace.reports.push(None),
            Self::Silence => trace.advisories.push(None),
            Self::Idle => {}
            Self::Wait { seconds } => world.wait_seconds(*seconds),
        }
        Ok(())
    }
}

/// The relay that an operator reports to.
pub(crate) fn relay_of(operator: &str) -> &'static str {
    if operator == "aokawa" {
        "suido"
    } else {
        "denryoku"
    }
}

fn play_open(world: &mut World, trace: &Trace, person: usize, report: usize) -> anyhow::Result<()> {
    let who = world.country.everybody().nth(person);
    if let (Some(who), Some(Some(filed))) = (who, trace.reports.get(report)) {
        let actor = world.actor(who)?;
        let call = world.call(who, &actor);
        let _refused = hub::intake::open(&world.hub, &call, filed.report);
    }
    Ok(())
}

fn below(random: &mut Random, bound: usize) -> usize {
    let bound = u64::try_from(bound.max(1)).unwrap_or(1);
    usize::try_from(random.below(bound)).unwrap_or(0)
}

fn one_of<T: Copy>(random: &mut Random, all: &[T]) -> T {
    let place = below(random, all.len());
    #[expect(clippy::indexing_slicing, reason = "lists of words are not empty")]
    all[place]
}
