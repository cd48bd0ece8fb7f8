//! Operations, as data: made from a seed, printed one a line, read back to replay what was found.

mod border;
mod desk;
mod down;
mod far;
pub(crate) mod file;
mod house;
mod line;
mod lower;
mod source;
mod step;
mod story;
mod talk;

use domain::report::Custody;
use domain::report::near_miss::Scope;
use hub::Random;

use crate::country::SEALS;
use crate::trace::Trace;
use crate::world::World;

pub use border::ready_review;
pub use far::{Far, Leaves};
pub use step::{AdvisoryStep, HouseStep, ReportStep};
pub use story::{STORY, play_lines};

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
        /// How far it may travel.
        far: Far,
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
    /// The relay of a report lets its technique and its summary cross rewritten, each as far as its
    /// source lets it, by two persons.
    Release {
        /// Which report, counted from the first that was submitted.
        report: usize,
        /// Number of the summary's canary.
        canary: u64,
        /// Number of the technique's canary.
        technique: u64,
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
    /// Something follows on a report.
    OnReport {
        /// What.
        step: ReportStep,
        /// Which report.
        report: usize,
        /// Number of its canary.
        canary: u64,
    },
    /// Something follows on an advisory.
    OnAdvisory {
        /// What.
        step: AdvisoryStep,
        /// Which advisory.
        advisory: usize,
        /// Number of its canary.
        canary: u64,
    },
    /// Something begins at an operator.
    At {
        /// What.
        step: HouseStep,
        /// Which operator.
        operator: usize,
        /// Number of its canary.
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

impl Op {
    /// A history of `length` operations made from `random`.
    pub fn history(random: &mut Random, length: usize, people: usize) -> Vec<Self> {
        (0..length)
            .map(|place| Self::draw(random, place, people))
            .collect()
    }

    /// Operations after which something of the first report has left for members of a community.
    pub fn sharing(random: &mut Random) -> [Self; 2] {
        // Numbers beyond those of the drawn operations, even and odd.
        let canary = 1_000 + random.below(2);
        let operator = below(random, OPERATORS.len());
        let submit = Self::Submit {
            operator,
            custody: one_of(random, custodies(operator)),
            canary,
            far: one_of(random, &Far::TO_MEMBERS),
        };
        let release = Self::Release {
            report: 0,
            canary: canary + 2,
            technique: canary + 4,
        };
        [submit, release]
    }

    fn draw(random: &mut Random, place: usize, people: usize) -> Self {
        let operator = below(random, OPERATORS.len());
        let canary = u64::try_from(place).unwrap_or(0);
        match random.below(26) {
            0..=3 => Self::Submit {
                operator,
                custody: one_of(random, Custody::ALL),
                canary,
                far: one_of(random, Far::ALL),
            },
            4..=5 => Self::NearMiss {
                operator,
                scope: one_of(random, Scope::ALL),
                canary,
            },
            6..=7 => Self::Release {
                report: below(random, DRAWN_MAX),
                canary,
                technique: canary,
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
            18..=20 => Self::OnReport {
                step: one_of(random, ReportStep::ALL),
                report: below(random, DRAWN_MAX),
                canary,
            },
            21..=22 => Self::OnAdvisory {
                step: one_of(random, AdvisoryStep::ALL),
                advisory: below(random, DRAWN_MAX),
                canary,
            },
            23..=24 => Self::At {
                step: one_of(random, HouseStep::ALL),
                operator,
                canary,
            },
            _ => Self::Wait {
                seconds: i64::try_from(random.below(3_600)).unwrap_or(0),
            },
        }
    }

    /// What takes its place when it does not happen; later operations keep their places.
    #[must_use]
    pub fn without(&self) -> Self {
        match self {
            Self::Submit { .. }
            | Self::NearMiss { .. }
            | Self::At {
                step: HouseStep::Phone,
                ..
            }
            | Self::Refrain => Self::Refrain,
            Self::Advise { .. } | Self::Silence => Self::Silence,
            _ => Self::Idle,
        }
    }

    /// Plays the operation in `world`; a refusal is not a failure. `trace` says what it left behind.
    pub fn play(&self, world: &mut World, trace: &mut Trace) -> anyhow::Result<()> {
        world.next_turn();
        trace.touched.clear();
        if let Some(filed) = self.report().and_then(|place| trace.filed(place)) {
            trace.touched.insert(filed.report.to_string());
        }
        match self {
            Self::OnReport {
                step,
                report,
                canary,
            } => play_on_report(*step, world, trace, *report, *canary)?,
            Self::OnAdvisory {
                step,
                advisory,
                canary,
            } => lower::play(*step, world, trace, *advisory, *canary)?,
            Self::At {
                step,
                operator,
                canary,
            } => house::play(*step, world, trace, *operator, *canary)?,
            Self::Refrain => trace.reports.push(None),
            Self::Silence => trace.advisories.push(None),
            Self::Idle => {}
            Self::Wait { seconds } => world.wait_seconds(*seconds),
            other => other.play_first(world, trace)?,
        }
        Ok(())
    }

    /// The operations that begin something.
    fn play_first(&self, world: &mut World, trace: &mut Trace) -> anyhow::Result<()> {
        match self {
            Self::Submit {
                operator,
                custody,
                canary,
                far,
            } => file::play_submit(world, trace, *operator, *custody, *far, *canary),
            Self::NearMiss {
                operator,
                scope,
                canary,
            } => file::play_near_miss(world, trace, *operator, *scope, *canary),
            Self::Release {
                report,
                canary,
                technique,
            } => border::play_release(world, trace, *report, *canary, *technique),
            Self::Advise {
                issuer,
                operator,
                canary,
            } => down::play_advise(world, trace, *issuer, *operator, *canary),
            Self::Answer { operator, advisory } => {
                down::play_answer(world, trace, *operator, *advisory)
            }
            Self::Count { operator, count } => file::play_count(world, trace, *operator, *count),
            Self::Open { person, report } => play_open(world, trace, *person, *report),
            Self::Ask { report, canary } => talk::play_ask(world, trace, *report, *canary),
            Self::Unseal { report, canary } => talk::play_unseal(world, trace, *report, *canary),
            Self::Knock { operator } => talk::play_knock(world, trace, *operator),
            _ => Ok(()),
        }
    }

    /// The place of the report that it is about.
    fn report(&self) -> Option<usize> {
        match self {
            Self::Release { report, .. }
            | Self::Open { report, .. }
            | Self::Ask { report, .. }
            | Self::Unseal { report, .. }
            | Self::OnReport { report, .. } => Some(*report),
            _ => None,
        }
    }

    /// Its word, as in a line of a history; of a step the step's own.
    pub fn word(&self) -> String {
        let line = self.to_string();
        let mut words = line.split(' ');
        let first = words.next().unwrap_or_default();
        let word = match first {
            "on-report" | "on-advisory" | "at" => words.next().unwrap_or_default(),
            first => first,
        };
        word.to_owned()
    }
}

fn play_on_report(
    step: ReportStep,
    world: &World,
    trace: &mut Trace,
    report: usize,
    number: u64,
) -> anyhow::Result<()> {
    let Some(filed) = trace.filed(report) else {
        return Ok(());
    };
    match step {
        ReportStep::Consult => border::play_consult(world, trace, &filed, number),
        ReportStep::Group | ReportStep::Rate | ReportStep::AskAbove | ReportStep::Forward => {
            desk::play(step, world, trace, &filed, number)
        }
        _ => source::play(step, world, trace, &filed, number),
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

/// What a report of that operator can be sent under: an identity is sealed where somebody keeps seals.
fn custodies(operator: usize) -> &'static [Custody] {
    let relay = OPERATORS.get(operator).map(|name| relay_of(name));
    if relay == Some(SEALS) {
        Custody::ALL
    } else {
        &[Custody::Named, Custody::Stripped]
    }
}

fn play_open(
    world: &mut World,
    trace: &mut Trace,
    person: usize,
    report: usize,
) -> anyhow::Result<()> {
    let who = world.country.everybody().nth(person);
    if let (Some(who), Some(Some(filed))) = (who, trace.reports.get(report)) {
        let actor = world.actor(who)?;
        let call = world.call(who, &actor);
        if hub::intake::open(&world.hub, &call, filed.report).is_ok() {
            trace.did("open");
        }
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
