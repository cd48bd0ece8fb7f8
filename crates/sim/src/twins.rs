//! The two-world test: what a reader receives does not depend on what he may not see.
//!
//! One history is played twice. In the second world everything that the reader may not see says
//! something else or never happened. Then he asks for everything in both, and every byte must be
//! the same.
//! Excepted, and declared in `is_declared`: what the log publishes of everybody.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::organization::Role;
use domain::reference::ReferenceData;

use crate::country::Who;
use crate::history::{Far, HouseStep, ISSUERS, Leaves, OPERATORS, Op, ReportStep, relay_of};
use crate::leak::{LONG_FROM, has_reports_in_hand};
use crate::sweep::{is_by_secret, paths, receive};
use crate::trace::Trace;
use crate::trial::Trial;
use crate::world::{Received, World};

/// A difference that a reader could see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Who.
    pub who: Who,
    /// For which request.
    pub path: String,
    /// The first place where the bytes differ, with what stands around it in each world.
    pub around: (String, String),
}

/// What is planted around a world's pages, the same in both worlds.
pub type Plant<'a> = &'a dyn Fn(&mut World);

/// Plays `history` in two worlds that differ in what `who` may not see; the first difference he
/// could see.
pub fn difference(
    seed: u64,
    history: &[Op],
    who: Who,
    reference: &Arc<ReferenceData>,
    plant: Plant<'_>,
) -> anyhow::Result<Option<Difference>> {
    let (mut one, mut trace) = played(seed, history, reference, plant)?;
    let (mut other, _) = played(seed, &altered(history, who), reference, plant)?;
    trace.take_stock(&one)?;
    one.give_token(who)?;
    other.give_token(who)?;
    let paths: Vec<String> = paths(&trace)
        .into_iter()
        .filter(|path| !is_by_secret(path) && !is_declared(who, path))
        .collect();
    let received = receive(&one, who, &paths)?;
    let twins = receive(&other, who, &paths)?;
    for ((path, a), b) in paths.into_iter().zip(received).zip(twins) {
        if a != b {
            return Ok(Some(Difference {
                who,
                path,
                around: around(&whole(&a), &whole(&b)),
            }));
        }
    }
    Ok(None)
}

/// The declassification points of the log: roots, proofs and tiles commit to what everybody did, the
/// status page says how far it is published, and an auditor reads kinds and ids of all entries.
fn is_declared(who: Who, path: &str) -> bool {
    path.starts_with("/log/")
        || path == "/status"
        || (who.1 == Role::Auditor && path.starts_with("/trust"))
}

fn played(
    seed: u64,
    history: &[Op],
    reference: &Arc<ReferenceData>,
    plant: Plant<'_>,
) -> anyhow::Result<(World, Trace)> {
    let mut world = World::new(seed, reference)?;
    plant(&mut world);
    let mut trace = Trace::default();
    for op in history {
        // What the log publishes commits to what everybody did, so that it is not compared.
        let publishes = matches!(
            op,
            Op::At {
                step: HouseStep::Publish,
                ..
            }
        );
        if !publishes {
            op.play(&mut world, &mut trace)?;
        }
    }
    Ok((world, trace))
}

/// The history with other texts, or without the operation, wherever `who` may not know of it.
fn altered(history: &[Op], who: Who) -> Vec<Op> {
    let knows = known(history, who);
    let even = |canary: &u64| canary.is_multiple_of(2);
    history
        .iter()
        .map(|op| match op {
            Op::Submit {
                operator, canary, ..
            }
            | Op::NearMiss {
                operator, canary, ..
            }
            | Op::At {
                step: HouseStep::Phone,
                operator,
                canary,
            } if !reads(who, *operator) => match (even(canary), knows.contains(canary)) {
                (true, false) => Op::Refrain,
                _ => renumbered(op),
            },
            Op::Release {
                report,
                canary,
                technique,
            } => released(history, *report, who, [*canary, *technique]),
            Op::Advise {
                issuer,
                operator,
                canary,
            } if !concerns(who, *issuer, *operator) => {
                if even(canary) {
                    Op::Silence
                } else {
                    renumbered(op)
                }
            }
            Op::Answer { operator, advisory }
                if !answered_to(history, *advisory, *operator, who) =>
            {
                Op::Idle
            }
            Op::Count { operator, count } if !is_at(who, *operator) => Op::Count {
                operator: *operator,
                count: count + 1_000,
            },
            Op::Ask { report, .. } if !talks_about(history, *report, who) => Op::Idle,
            Op::Unseal { report, .. } if !keeps(history, *report, who) => Op::Idle,
            Op::OnReport { report, .. } if !released_to(history, *report, who) => Op::Idle,
            // What passes between a source and its relay says something else where it has left.
            Op::OnReport { step, report, .. }
                if !talks_about(history, *report, who) && !tells(*step, who) =>
            {
                renumbered(op)
            }
            Op::OnAdvisory { advisory, .. } if !advised(history, *advisory, who) => Op::Idle,
            Op::At { step, operator, .. } if !learns_of(who, *step, *operator) => Op::Idle,
            // Whoever is knocked for does not see it either.
            Op::Knock { .. } => Op::Idle,
            other => other.clone(),
        })
        .collect()
}

/// The release with other texts in the parts that do not go to `who`.
fn released(history: &[Op], report: usize, who: Who, [canary, technique]: [u64; 2]) -> Op {
    let filed = filing_at(history, report);
    let other = |number, goes_to: fn(&Filing, Who) -> bool| match &filed {
        Some(filed) if goes_to(filed, who) => number,
        _ => number + LONG_FROM,
    };
    Op::Release {
        report,
        canary: other(canary, Filing::summary_to),
        technique: other(technique, Filing::technique_to),
    }
}

/// Whether `who` may learn what began at that operator. Turns show to those who have to reach it.
fn learns_of(who: Who, step: HouseStep, operator: usize) -> bool {
    let at = |names: &[&str]| names.contains(&who.0) || is_at(who, operator);
    match step {
        HouseStep::Phone => reads(who, operator),
        HouseStep::Draft => is_at(who, operator),
        HouseStep::Turn => reads(who, operator) || at(&ISSUERS),
        HouseStep::Invite | HouseStep::Compose => at(&["center"]),
        HouseStep::Whisper => at(&["center", "coordination"]),
        HouseStep::Deliver | HouseStep::Publish => true,
    }
}

/// Whether `who` may read what that step on a report says, at neither its source nor its relay.
fn tells(step: ReportStep, who: Who) -> bool {
    step == ReportStep::AskAbove && who.0 == "ministry"
}

/// Operators of the reports of the history by their places; `None` where none was sent.
fn operators(history: &[Op]) -> Vec<Option<usize>> {
    let places = filings(history).into_iter();
    places
        .map(|filed| filed.map(|filed| filed.operator))
        .collect()
}

/// Whether `who` is at the operator or the relay of that report, and so may know of a question.
fn talks_about(history: &[Op], report: usize, who: Who) -> bool {
    let operator = operators(history).get(report).copied().flatten();
    operator.is_some_and(|operator| reads(who, operator))
}

/// Whether `who` is at the relay of that report, and so may know that its seal is to be opened.
fn keeps(history: &[Op], report: usize, who: Who) -> bool {
    let operator = operators(history).get(report).copied().flatten();
    let name = operator.and_then(|operator| OPERATORS.get(operator));
    name.is_some_and(|name| who.0 == relay_of(name))
}

/// The same operation with other texts.
fn renumbered(op: &Op) -> Op {
    let mut other = op.clone();
    if let Op::Submit { canary, .. }
    | Op::NearMiss { canary, .. }
    | Op::OnReport { canary, .. }
    | Op::At { canary, .. }
    | Op::Advise { canary, .. } = &mut other
    {
        *canary += LONG_FROM;
    }
    other
}

/// Canary numbers of reports whose outgoing text `who` receives: he knows that they exist.
fn known(history: &[Op], who: Who) -> BTreeSet<u64> {
    let released: BTreeSet<usize> = history
        .iter()
        .filter_map(|op| match op {
            Op::Release { report, .. } => Some(*report),
            _ => None,
        })
        .collect();
    let filed = filings(history).into_iter().enumerate();
    filed
        .filter_map(|(place, filed)| Some((place, filed?)))
        .filter(|(place, filed)| released.contains(place) && filed.reaches(who))
        .map(|(_, filed)| filed.canary)
        .collect()
}

/// A report of a history.
struct Filing {
    operator: usize,
    /// Number of its canary.
    canary: u64,
    /// Whom its release reaches.
    leaves: Leaves,
}

impl Filing {
    /// Whether `who` receives the technique that leaves.
    fn technique_to(&self, who: Who) -> bool {
        reads(who, self.operator) || receives(who, &self.leaves.technique)
    }

    /// The same of the summary.
    fn summary_to(&self, who: Who) -> bool {
        reads(who, self.operator) || receives(who, &self.leaves.summary)
    }

    fn reaches(&self, who: Who) -> bool {
        self.technique_to(who) || self.summary_to(who)
    }
}

/// Whether `who` receives what leaves for those organizations.
fn receives(who: Who, organizations: &BTreeSet<&'static str>) -> bool {
    has_reports_in_hand(who) && organizations.contains(who.0)
}

/// The reports of the history by their places; `None` where none was sent.
fn filings(history: &[Op]) -> Vec<Option<Filing>> {
    history
        .iter()
        .filter_map(|op| match op {
            Op::Submit {
                operator,
                canary,
                far,
                ..
            } => Some(filing(*operator, *canary, |relay| far.leaves(relay))),
            Op::At {
                step: HouseStep::Phone,
                operator,
                canary,
            } => Some(filing(*operator, *canary, |relay| {
                Far::Authorities.leaves(relay)
            })),
            Op::NearMiss {
                operator,
                scope,
                canary,
            } => Some(filing(*operator, *canary, |relay| {
                Leaves::of_near_miss(relay, *scope)
            })),
            Op::Refrain => Some(None),
            _ => None,
        })
        .collect()
}

fn filing(operator: usize, canary: u64, leaves: impl FnOnce(&str) -> Leaves) -> Option<Filing> {
    let relay = relay_of(OPERATORS.get(operator)?);
    Some(Filing {
        operator,
        canary,
        leaves: leaves(relay),
    })
}

fn filing_at(history: &[Op], report: usize) -> Option<Filing> {
    filings(history).into_iter().nth(report).flatten()
}

fn released_to(history: &[Op], report: usize, who: Who) -> bool {
    filing_at(history, report).is_some_and(|filed| filed.reaches(who))
}

/// Whether an answer to the advisory at that place is `who`'s own or for his eyes.
fn answered_to(history: &[Op], advisory: usize, operator: usize, who: Who) -> bool {
    is_at(who, operator) || advised(history, advisory, who)
}

/// Whether the advisory at that place is `who`'s own or for him.
fn advised(history: &[Op], advisory: usize, who: Who) -> bool {
    let issued = history.iter().filter_map(|op| match op {
        Op::Advise {
            issuer, operator, ..
        } => Some(Some((*issuer, *operator))),
        Op::Silence => Some(None),
        _ => None,
    });
    issued
        .into_iter()
        .nth(advisory)
        .flatten()
        .is_some_and(|(issuer, operator)| concerns(who, issuer, operator))
}

fn concerns(who: Who, issuer: usize, operator: usize) -> bool {
    is_at(who, operator) || ISSUERS.get(issuer) == Some(&who.0)
}

fn is_at(who: Who, operator: usize) -> bool {
    OPERATORS.get(operator) == Some(&who.0)
}

/// Whether `who` may read anything of a report by that operator before it leaves.
fn reads(who: Who, operator: usize) -> bool {
    OPERATORS
        .get(operator)
        .is_some_and(|name| who.0 == *name || who.0 == relay_of(name))
}

/// Status, headers and body in one.
fn whole(received: &Received) -> Vec<u8> {
    let mut bytes = format!("{} {:?} ", received.status, received.headers).into_bytes();
    bytes.extend(&received.body);
    bytes
}

/// What stands around the first difference.
fn around(one: &[u8], other: &[u8]) -> (String, String) {
    let at = one
        .iter()
        .zip(other)
        .position(|(a, b)| a != b)
        .unwrap_or(one.len().min(other.len()));
    let cut = |bytes: &[u8]| {
        let from = at.saturating_sub(60);
        let to = (at + 60).min(bytes.len());
        String::from_utf8_lossy(bytes.get(from..to).unwrap_or_default()).into_owned()
    };
    (cut(one), cut(other))
}

/// How many trials were played, and the first difference found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Trials.
    pub trials: u64,
    /// The first difference, with its trial.
    pub found: Option<(Trial, Difference)>,
}

/// Plays trials from `first_seed` on until `go_on` says no or a difference is found.
pub fn search(
    first_seed: u64,
    reference: &Arc<ReferenceData>,
    plant: Plant<'_>,
    mut go_on: impl FnMut(u64) -> bool,
) -> anyhow::Result<Verdict> {
    let mut trials = 0;
    while go_on(trials) {
        let trial = Trial::drawn(first_seed + trials)?;
        trials += 1;
        if let Some(difference) = trial.play(reference, plant)? {
            return Ok(Verdict {
                trials,
                found: Some((trial, difference)),
            });
        }
    }
    Ok(Verdict {
        trials,
        found: None,
    })
}
