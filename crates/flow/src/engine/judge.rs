//! From what was kept of a server to evidence, score and tier.
//!
//! A weight is in decibans: how much likelier the number is with a C&C server than with another one,
//! ten times the decimal logarithm. The weights were set by hand from what is known of such servers
//! and looked at on labeled captures (docs/flow.md says which); none was fitted.

mod behavior;
mod kept;
mod surroundings;

use std::collections::{BTreeMap, BTreeSet};

use super::Engine;
use super::pair::Pair;
use super::profile::Profile;
use crate::column::Address;
use crate::finding::{Evidence, EvidenceCode, EvidenceGroup, Finding, Server, Tier};
use crate::knowledge::Knowledge;
use crate::profile::hour_of;

pub use kept::Surroundings;

/// Scores from which the tiers begin, in decibans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// From here a server is watched.
    pub watch: f64,
    /// From here an analyst should look.
    pub review: f64,
    /// From here it may be shared, if two groups of evidence speak for it.
    pub share: f64,
}

/// The thresholds of this program: ten, a hundred and a thousand times likelier than without the
/// evidence.
pub const THRESHOLDS: Thresholds = Thresholds {
    watch: 10.0,
    review: 20.0,
    share: 30.0,
};

/// A group of evidence counts for sharing from this weight on, decibans.
const GROUP_MIN: f64 = 3.0;

/// Clients that a popular server has at least, and their share of all.
const POPULAR_CLIENTS_MIN: u64 = 50;
const POPULAR_PER_MILLE: u64 = 5;

/// From so many clients on a server is popular, when there are `population` clients in all.
pub(super) fn popular_min(population: u64) -> u64 {
    POPULAR_CLIENTS_MIN.max(population * POPULAR_PER_MILLE / 1_000)
}

/// One server while it is judged.
struct Case<'e> {
    server: &'e Server,
    profile: &'e Profile,
    pairs: &'e [&'e Pair],
    engine: &'e Engine,
    knowledge: &'e Knowledge,
    searching: &'e BTreeSet<u32>,
    /// Ports of the same address that were tried, most of them in vain.
    ports_in_vain: u32,
    /// Share of all talks in each hour of the day.
    usual_day: &'e [f64; 24],
}

/// Judges every server.
pub(super) fn all<'e>(
    engine: &'e Engine,
    knowledge: &'e Knowledge,
) -> impl Iterator<Item = Finding> + 'e {
    let searching: BTreeSet<u32> = engine.sprays.searching().collect();
    let mut pairs: BTreeMap<u32, Vec<&Pair>> = BTreeMap::new();
    for pair in engine.pairs.iter() {
        pairs.entry(pair.server).or_default().push(pair);
    }
    let in_vain = ports_in_vain(engine);
    let usual_day = usual_day(engine);
    (0_u32..)
        .zip(&engine.servers)
        .map(move |(place, (server, profile))| {
            let case = Case {
                server,
                profile,
                pairs: pairs.get(&place).map_or(&[], Vec::as_slice),
                engine,
                knowledge,
                searching: &searching,
                ports_in_vain: in_vain.get(&server.address).copied().unwrap_or(0),
                usual_day: &usual_day,
            };
            case.finding()
        })
}

/// Share of all talks in each hour of the day, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "numbers of talks, as shares")]
fn usual_day(engine: &Engine) -> [f64; 24] {
    let all = engine.hours.iter().sum::<u64>().max(1) as f64;
    engine.hours.map(|talks| talks as f64 / all)
}

/// On how many ports each address was tried in vain: one that is searched from outside, or whose
/// doors somebody inside searches, is no server on each of them.
fn ports_in_vain(engine: &Engine) -> BTreeMap<Address, u32> {
    let mut ports: BTreeMap<Address, u32> = BTreeMap::new();
    for (server, profile) in &engine.servers {
        if profile.failed * 2 > profile.calls {
            *ports.entry(server.address).or_default() += 1;
        }
    }
    ports
}

impl Case<'_> {
    fn finding(&self) -> Finding {
        let mut evidence: Vec<Evidence> = Vec::new();
        behavior::look(self, &mut evidence);
        surroundings::look(self, &mut evidence);
        let (evidence, score, tier) = weighed(evidence);
        Finding {
            server: *self.server,
            score,
            tier,
            flows: u64::from(self.profile.calls) + u64::from(self.profile.answers),
            clients: self.profile.clients.count(),
            first_ms: self.first_ms(self.engine.ms(self.profile.first)),
            last_ms: self.engine.ms(self.profile.last),
            hours: self
                .profile
                .watch
                .as_ref()
                .map_or([0; 24], |watch| watch.hours()),
            evidence,
        }
    }

    /// The first call that is known: also before the first one at hand.
    fn first_ms(&self, here: i64) -> i64 {
        let before = self.knowledge.past(self.server).map(|past| past.first);
        let before = before.filter(|hour| *hour < hour_of(here));
        before.map_or(here, |hour| hour.saturating_mul(super::MILLIS_PER_HOUR))
    }

    /// Whether only some of the packets were looked at.
    fn is_sampled(&self) -> bool {
        self.profile.sampling > 1
    }

    /// How long it was called, in seconds.
    fn span_seconds(&self) -> f64 {
        let ticks = self.profile.last.saturating_sub(self.profile.first);
        f64::from(ticks) / f64::from(super::TICKS_PER_SECOND)
    }
}

/// The evidence that counts, the heaviest first, with score and tier.
fn weighed(mut evidence: Vec<Evidence>) -> (Vec<Evidence>, f64, Tier) {
    evidence.retain(|evidence| evidence.weight.abs() >= 0.05);
    evidence.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    let score = evidence.iter().map(|evidence| evidence.weight).sum();
    let tier = tier(score, &evidence);
    (evidence, score, tier)
}

/// What is to be done at a score with such evidence.
fn tier(score: f64, evidence: &[Evidence]) -> Tier {
    let mut groups: BTreeMap<EvidenceGroup, f64> = BTreeMap::new();
    for evidence in evidence {
        let group = evidence.code.group();
        // A new server is no reason to think ill of it; it only adds to one.
        let is_reason = evidence.code != EvidenceCode::Novel;
        if is_reason && group != EvidenceGroup::Against {
            *groups.entry(group).or_default() += evidence.weight;
        }
    }
    let independent = groups
        .values()
        .filter(|weight| **weight >= GROUP_MIN)
        .count();
    if score >= THRESHOLDS.share && independent >= 2 {
        Tier::Share
    } else if score >= THRESHOLDS.review {
        Tier::Review
    } else if score >= THRESHOLDS.watch {
        Tier::Watch
    } else {
        Tier::Low
    }
}

/// How much of a weight `count` observations carry: half of it at `half` of them.
fn carried(count: u32, half: f64) -> f64 {
    let count = f64::from(count);
    count / (count + half)
}

/// `value` from 0 at `low` to 1 at `high`.
fn ramp(value: f64, low: f64, high: f64) -> f64 {
    ((value - low) / (high - low)).clamp(0.0, 1.0)
}

fn evidence(code: EvidenceCode, value: f64, weight: f64) -> Evidence {
    Evidence {
        code,
        value,
        weight,
    }
}
