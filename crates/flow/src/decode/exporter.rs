//! What is remembered of an exporter between its datagrams.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::net::IpAddr;

use super::Counts;
use super::element::Number;
use super::plan::Plan;
use super::record::{Clock, Record};
use super::template::Template;
use crate::column::{Columns, Flow, Opener};

/// Observation domains (source ids) that are kept of an exporter.
pub const DOMAINS_MAX: usize = 1_000;

/// Templates that are kept of an exporter, of all its domains together.
pub const TEMPLATES_MAX: usize = 1_000;

/// Samplers that are kept of a domain; further ones are not learned.
pub const SAMPLERS_MAX: usize = 1_000;

/// Octets that all this may take of an exporter, about.
pub const EXPORTER_OCTETS_MAX: usize = 1 << 20;

/// What a place in a map takes beside what stands there, about.
const PLACE_OCTETS: usize = 32;

/// Above this a jump of the sequence is a restart and no loss.
const GAP_MAX: u32 = 1 << 24;

/// So many datagrams late, one is taken for late; further back, the sequence began anew.
const LATE_MAX: u32 = 32;

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
    /// The datagram of the decoder that was its last.
    pub(super) used: u64,
    /// What it takes, about; 0 before that was first reckoned.
    pub(super) octets: usize,
    domains: BTreeMap<(Protocol, u32), Domain>,
}

/// An observation domain of an exporter.
#[derive(Default)]
pub(super) struct Domain {
    templates: BTreeMap<u16, Kept>,
    /// The datagram of the exporter that was its last.
    used: u64,
    samplers: BTreeMap<u64, u32>,
    sampling: u32,
    pub(super) boot_ms: Option<i64>,
    next: Option<u32>,
    /// Of what was counted as lost, what may still come late.
    missing: u32,
}

/// A template, and the datagram of the exporter that used it last.
struct Kept {
    template: Template,
    used: Cell<u64>,
}

impl Exporter {
    /// The domain of that number, new when it is not known.
    pub(super) fn domain(&mut self, protocol: Protocol, number: u32) -> (&mut Counts, &mut Domain) {
        let domain = self.domains.entry((protocol, number)).or_default();
        domain.used = self.counts.datagrams;
        (&mut self.counts, domain)
    }

    /// What it may have learned, to be compared with later: only who learned has to be fitted.
    pub(super) fn learned(&self) -> (u64, u64, usize) {
        (
            self.counts.templates,
            self.counts.options,
            self.domains.len(),
        )
    }

    /// Puts out what was not used for longest when more is kept than may be; then a quarter goes, so
    /// that not every further template asks for it.
    pub(super) fn fit(&mut self) {
        let mut held = Held::default();
        for domain in self.domains.values() {
            held.add(domain);
        }
        if !held.within(4) {
            let mut oldest = Vec::with_capacity(held.domains + held.templates);
            for (key, domain) in &self.domains {
                oldest.push((domain.used, *key, None));
                let templates = domain.templates.iter();
                oldest.extend(templates.map(|(id, kept)| (kept.used.get(), *key, Some(*id))));
            }
            oldest.sort_unstable();
            for (_, key, template) in oldest {
                if held.within(3) {
                    break;
                }
                self.put_out(key, template, &mut held);
            }
        }
        self.octets = size_of::<Self>() + held.octets;
    }

    /// Templates that are kept.
    #[cfg(test)]
    pub(super) fn templates(&self) -> usize {
        self.domains
            .values()
            .map(|domain| domain.templates.len())
            .sum()
    }

    /// Forgets a domain, or one of its templates.
    fn put_out(&mut self, key: (Protocol, u32), template: Option<u16>, held: &mut Held) {
        let Some(domain) = self.domains.get_mut(&key) else {
            return;
        };
        held.remove(domain);
        let templates = domain.templates.len();
        if let Some(id) = template {
            domain.templates.remove(&id);
            held.add(domain);
            self.counts.put_out += 1;
        } else {
            self.counts.put_out += u64::try_from(templates).unwrap_or(u64::MAX);
            self.domains.remove(&key);
        }
    }
}

impl Domain {
    /// Counts what is missing between the last datagram and one that begins at `sequence` and holds
    /// `held` of what the sequence counts. One that comes late, behind others that were sent after it,
    /// fills what was missing.
    pub(super) fn follow(&mut self, counts: &mut Counts, sequence: u32, held: u32) {
        let next = self.next.unwrap_or(sequence);
        let gap = sequence.wrapping_sub(next);
        let late = next.wrapping_sub(sequence);
        if gap < GAP_MAX {
            counts.lost += u64::from(gap);
            self.missing = self.missing.saturating_add(gap);
        } else if late <= held.max(1).saturating_mul(LATE_MAX) && self.missing > 0 {
            let filled = held.min(self.missing);
            self.missing -= filled;
            counts.lost = counts.lost.saturating_sub(u64::from(filled));
            return;
        } else {
            self.missing = 0;
        }
        self.next = Some(sequence.wrapping_add(held));
    }

    /// What follows cannot be told from the sequence.
    pub(super) fn lose_count(&mut self) {
        self.next = None;
        self.missing = 0;
    }

    /// The template of that id, which is in use now.
    pub(super) fn template(&self, id: u16) -> Option<&Template> {
        let kept = self.templates.get(&id)?;
        kept.used.set(self.used);
        Some(&kept.template)
    }

    /// Keeps a template in place of the one of that id.
    pub(super) fn keep(&mut self, id: u16, template: Template) {
        let used = Cell::new(self.used);
        self.templates.insert(id, Kept { template, used });
    }

    /// Forgets a template; with `None` all of that kind are withdrawn.
    pub(super) fn withdraw(&mut self, kind: super::template::Kind, id: Option<u16>) {
        self.templates
            .retain(|known, kept| kept.template.kind != kind || id.is_some_and(|id| id != *known));
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

    /// Octets of memory that it takes, about.
    fn octets(&self) -> usize {
        let templates = self.templates.values();
        let templates: usize = templates.map(|kept| kept.template.octets()).sum();
        let places = 1 + self.templates.len() + self.samplers.len();
        size_of::<Self>() + places * PLACE_OCTETS + templates
    }

    /// How the flow of `record` was sampled; 0 when it is not known.
    fn sampling(&self, record: &Record) -> u32 {
        let of_sampler = match record.number(Number::Sampler) {
            Some(sampler) => self.samplers.get(&sampler).copied(),
            None => Some(self.unnamed()),
        };
        record.sampling().or(of_sampler).unwrap_or(self.sampling)
    }

    /// How a flow is sampled that names no sampler: as is told of everything, or by the only sampler that
    /// there is.
    fn unnamed(&self) -> u32 {
        match self.samplers.first_key_value() {
            Some((_, only)) if self.sampling == 0 && self.samplers.len() == 1 => *only,
            _ => self.sampling,
        }
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
        let sampling = if plan.names_sampler() {
            self.sampling
        } else {
            self.unnamed()
        };
        let count = plan.read(set, clock, &self.samplers, sampling, into)?;
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

/// How much is kept of an exporter.
#[derive(Default)]
struct Held {
    domains: usize,
    templates: usize,
    octets: usize,
}

impl Held {
    fn add(&mut self, domain: &Domain) {
        self.domains += 1;
        self.templates += domain.templates.len();
        self.octets += domain.octets();
    }

    fn remove(&mut self, domain: &Domain) {
        self.domains -= 1;
        self.templates -= domain.templates.len();
        self.octets -= domain.octets();
    }

    /// Whether this is within so many quarters of what may be.
    fn within(&self, quarters: usize) -> bool {
        self.domains <= DOMAINS_MAX * quarters / 4
            && self.templates <= TEMPLATES_MAX * quarters / 4
            && self.octets <= (EXPORTER_OCTETS_MAX - size_of::<Exporter>()) * quarters / 4
    }
}
