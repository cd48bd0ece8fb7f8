//! Kept profiles judged by the same evidence with the same weights as those of a running engine.

use std::collections::BTreeSet;

use super::{Case, behavior, surroundings, usual_day, weighed};
use crate::engine::clients::Clients;
use crate::engine::profile::{Profile, fitted};
use crate::engine::rhythm::TICKS_PER_SECOND;
use crate::engine::{Engine, Settings};
use crate::finding::{Finding, Server};
use crate::knowledge::Knowledge;
use crate::profile::{KeptProfile, RANK_MAX, pooled};

const SECONDS_PER_HOUR: u64 = 3_600;

/// What kept profiles are judged beside.
pub struct Surroundings<'k> {
    knowledge: &'k Knowledge,
    /// It has no servers: how many clients there are, and how they spend the day.
    engine: Engine,
    usual_day: [f64; 24],
    nobody: BTreeSet<u32>,
}

impl<'k> Surroundings<'k> {
    /// `all` is the profile of all servers together
    /// ([`EVERYTHING`](crate::archive::profiles::EVERYTHING)) over the same time.
    pub fn new(all: &KeptProfile, knowledge: &'k Knowledge) -> Self {
        let mut engine = Engine::new(Settings::default());
        engine.clients = clients(all);
        engine.hours = all.hours;
        Self {
            knowledge,
            usual_day: usual_day(&engine),
            engine,
            nobody: BTreeSet::new(),
        }
    }
}

impl KeptProfile {
    /// Judges the server of this profile. What needs clients one by one is taken from what was said
    /// of them in its time; the rest is weighed anew.
    pub fn judge(&self, server: &Server, beside: &Surroundings<'_>) -> Finding {
        let profile = self.unfolded();
        let case = Case {
            server,
            profile: &profile,
            pairs: &[],
            engine: &beside.engine,
            knowledge: beside.knowledge,
            searching: &beside.nobody,
            ports_in_vain: 0,
            usual_day: &beside.usual_day,
        };
        let mut evidence = Vec::new();
        behavior::look(&case, &mut evidence);
        surroundings::look(&case, &mut evidence);
        let said = pooled(&self.said);
        evidence.retain(|found| said.iter().all(|said| said.code != found.code));
        evidence.extend(said);
        let (evidence, score, tier) = weighed(evidence);
        Finding {
            server: *server,
            score,
            tier,
            flows: self.calls.saturating_add(self.answers),
            clients: self.clients(),
            first_ms: case.first_ms(self.first_ms().unwrap_or(0)),
            last_ms: self.last_ms().unwrap_or(0),
            hours: self.clients_by_hour.map(u64::from),
            evidence,
        }
    }

    /// The profile as an engine has it, with ticks from the first call on.
    fn unfolded(&self) -> Profile {
        let short = |sum: u64| u32::try_from(sum).unwrap_or(u32::MAX);
        let ticks = SECONDS_PER_HOUR * u64::from(TICKS_PER_SECOND);
        let span = if self.is_none() {
            0
        } else {
            self.last.abs_diff(self.first)
        };
        Profile {
            last: short(span.saturating_mul(ticks)),
            calls: short(self.calls),
            answers: short(self.answers),
            failed: short(self.failed),
            tried: short(self.tried),
            opened: short(self.opened),
            sampling: self.sampling,
            longest: self.longest,
            octets: self.octets,
            packets: self.packets,
            octets_back: self.octets_back,
            hours: fitted(&self.hours),
            sizes: fitted(&self.sizes),
            sizes_back: fitted(&self.sizes_back),
            clients: clients(self),
            ..Profile::new(0)
        }
    }
}

/// The largest set of clients under one key; where the profile counted more than its sets reach, a set
/// that stands for as many.
fn clients(kept: &KeptProfile) -> Clients {
    let largest = kept.clients.values().max_by_key(|clients| clients.count());
    let Some(largest) = largest else {
        return Clients::none();
    };
    let count = kept.clients();
    if count <= largest.count().saturating_mul(3) / 2 {
        return Clients::Many(*largest.ranks());
    }
    // Registers of one rank r stand for 45 * 2^r clients.
    let rank = (count / 45).max(1).ilog2();
    Clients::Many([u8::try_from(rank).unwrap_or(RANK_MAX).min(RANK_MAX); 64])
}
