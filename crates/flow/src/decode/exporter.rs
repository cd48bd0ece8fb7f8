//! What is remembered of an exporter between its datagrams.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::element::Number;
use super::plan::Plan;
use super::record::{Clock, Record};
use super::template::Template;
use super::{Counts, Fault};
use crate::column::{Columns, Flow, Opener};

/// Observation domains (source ids) of an exporter.
pub const DOMAINS_MAX: usize = 1_024;

/// Templates of a domain.
pub const TEMPLATES_MAX: usize = 1_024;

/// Samplers of a domain.
pub const SAMPLERS_MAX: usize = 1_024;

/// Above this a jump of the sequence is a restart and no loss.
const GAP_MAX: u32 = 1 << 24;

/// Which export protocol: the templates of v9 and IPFIX are kept apart, and the agents of sFlow, of
/// which one may send for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Protocol {
    V5,
    V9,
    Ipfix,
    Sflow(IpAddr),
}

/// An exporter.
#[derive(Default)]
pub(super) struct Exporter {
    pub(super) counts: Counts,
    domains: BTreeMap<(Protocol, u32), Domain>,
}

/// An observation domain of an exporter.
#[derive(Default)]
pub(super) struct Domain {
    templates: BTreeMap<u16, Template>,
    samplers: BTreeMap<u64, u32>,
    sampling: u32,
    pub(super) boot_ms: Option<i64>,
    next: Option<u32>,
}

impl Exporter {
    /// The domain of that number, new when it is not known.
    pub(super) fn domain(
        &mut self,
        protocol: Protocol,
        number: u32,
    ) -> Result<(&mut Counts, &mut Domain), Fault> {
        let key = (protocol, number);
        if self.domains.len() >= DOMAINS_MAX && !self.domains.contains_key(&key) {
            return Err(Fault::TooMany("domains"));
        }
        Ok((&mut self.counts, self.domains.entry(key).or_default()))
    }
}

impl Domain {
    /// Counts what is missing between the last datagram and one that begins at `sequence` and holds
    /// `held` of what the sequence counts.
    pub(super) fn follow(&mut self, counts: &mut Counts, sequence: u32, held: u32) {
        if let Some(next) = self.next {
            let gap = sequence.wrapping_sub(next);
            if gap < GAP_MAX {
                counts.lost += u64::from(gap);
            }
        }
        self.next = Some(sequence.wrapping_add(held));
    }

    /// What follows cannot be told from the sequence.
    pub(super) fn lose_count(&mut self) {
        self.next = None;
    }

    pub(super) fn template(&self, id: u16) -> Option<&Template> {
        self.templates.get(&id)
    }

    /// Keeps a template in place of the one of that id.
    pub(super) fn keep(&mut self, id: u16, template: Template) -> Result<(), Fault> {
        if self.templates.len() >= TEMPLATES_MAX && !self.templates.contains_key(&id) {
            return Err(Fault::TooMany("templates"));
        }
        self.templates.insert(id, template);
        Ok(())
    }

    /// Forgets a template; with `None` all of that kind are withdrawn.
    pub(super) fn withdraw(&mut self, kind: super::template::Kind, id: Option<u16>) {
        self.templates
            .retain(|known, template| template.kind != kind || id.is_some_and(|id| id != *known));
    }

    /// Learns what an options record tells.
    pub(super) fn learn(&mut self, record: &Record) {
        if let Some(boot) = record.number(Number::BootMillis) {
            self.boot_ms = i64::try_from(boot).ok();
        }
        let Some(rate) = record.sampling() else {
            return;
        };
        match record.number(Number::Sampler) {
            Some(sampler) => self.sampled_by(sampler, rate),
            None => self.sampled(rate),
        }
    }

    /// Sets what an options record says of a sampler.
    pub(super) fn sampled_by(&mut self, sampler: u64, rate: u32) {
        if self.samplers.len() < SAMPLERS_MAX || self.samplers.contains_key(&sampler) {
            self.samplers.insert(sampler, rate);
        }
    }

    /// Sets how everything of no known sampler is sampled.
    pub(super) fn sampled(&mut self, rate: u32) {
        self.sampling = rate;
    }

    /// How the flow of `record` was sampled; 0 when it is not known.
    fn sampling(&self, record: &Record) -> u32 {
        let of_sampler = record
            .number(Number::Sampler)
            .and_then(|sampler| self.samplers.get(&sampler).copied());
        record.sampling().or(of_sampler).unwrap_or(self.sampling)
    }

    /// Adds the records of `set` to `into`, by `plan`, and tells how many there were; `None` when
    /// they have to be read one by one.
    pub(super) fn read(
        &self,
        plan: &Plan,
        set: &[u8],
        clock: &Clock,
        into: &mut Columns,
    ) -> Option<u64> {
        let count = plan.read(set, clock, &self.samplers, self.sampling, into)?;
        u64::try_from(count).ok()
    }

    /// Adds what `record` tells to `into`.
    pub(super) fn add(
        &self,
        record: &Record,
        clock: &Clock,
        counts: &mut Counts,
        into: &mut Columns,
    ) {
        let Some(flow) = record.flow(clock, self.sampling(record)) else {
            counts.others += 1;
            return;
        };
        counts.flows += 1;
        let back = record.back(&flow);
        // Of a biflow the first direction is that of whoever opened it (RFC 5103, section 2), and
        // octets of an initiator have one also where nobody answered.
        let opened = back.is_some() || record.number(Number::BytesInitiator).is_some();
        into.push(Flow {
            opener: if opened {
                Opener::Source
            } else {
                Opener::Unsaid
            },
            ..flow
        });
        if let Some(back) = back {
            into.push(back);
        }
    }
}
