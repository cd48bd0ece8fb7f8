//! Export datagrams to columns: `NetFlow` v5, v9 (RFC 3954), IPFIX (RFC 7011) and sFlow v5.
//!
//! A template is compiled once to the places of the elements that are wanted; a record then costs as
//! many copies as it has of these. What came before its template, was cut short or did not come at
//! all is counted, per exporter, and never guessed.

mod element;
mod export;
mod exporter;
mod plan;
mod record;
mod sflow;
mod template;
mod v5;
mod v9;

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::column::{Address, Columns};
use crate::prefix::Prefixes;
use exporter::Exporter;

pub use export::ExportKind;
pub use exporter::{DOMAINS_MAX, EXPORTER_OCTETS_MAX, SAMPLERS_MAX, TEMPLATES_MAX};
pub use template::FIELDS_MAX;

/// Exporters that a decoder keeps templates of; above, those that sent nothing for longest go.
pub const EXPORTERS_MAX: usize = 4_096;

/// Octets that a decoder keeps of all exporters, about.
pub const OCTETS_MAX: usize = 256 << 20;

/// Senders that are refused and named.
pub const REFUSED_MAX: usize = 1_024;

/// What came of the datagrams of an exporter, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Datagrams taken.
    pub datagrams: u64,
    /// Records that were flows; a biflow is one.
    pub flows: u64,
    /// Records of the exporter about itself, and samples of its counters.
    pub options: u64,
    /// Records that name no two ends: of wireless clients, of translations, of packets without IP.
    pub others: u64,
    /// Sets of records whose template is not known.
    pub unknown_sets: u64,
    /// Datagrams with a fault in them.
    pub faults: u64,
    /// What the sequence numbers say did not arrive: flows of v5, datagrams of v9 and sFlow, records of
    /// IPFIX.
    pub lost: u64,
    /// Templates learned, renewals too.
    pub templates: u64,
    /// Templates put out for want of room: those that were not used for longest. Their records are
    /// among the unknown sets until they come again.
    pub put_out: u64,
    /// Datagrams not read, because their exporter is none of those that are listened to.
    pub refused: u64,
}

/// What is wrong with a datagram. What stood before the fault is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is none of `NetFlow` 5, 9, IPFIX and sFlow 5.
    #[error("version {0} is none of 5, 9 and 10; send NetFlow v5, NetFlow v9, IPFIX or sFlow v5")]
    Version(u16),
    /// It ends before its header does.
    #[error("{octets} octets are no header of version {version}; the datagram was cut on its way")]
    Header {
        /// The version it begins with; 0 when not even that is there.
        version: u16,
        /// Its length.
        octets: usize,
    },
    /// It begins as sFlow and has no header of it.
    #[error("{0} octets are no header of sFlow v5; the datagram was cut on its way")]
    SflowHeader(usize),
    /// It is sFlow, which does not say when it was sent, and nobody said when it came.
    #[error(
        "sFlow does not say its time; give the time at which it came, or a capture that has it"
    )]
    Timeless,
    /// Something ends behind the end of the datagram.
    #[error("a part of {said} octets in {held}; the datagram was cut on its way")]
    Cut {
        /// Octets that it should have.
        said: usize,
        /// Octets that are there.
        held: usize,
    },
    /// A template that nothing can be read with.
    #[error("template {0} has no fields, more than {FIELDS_MAX}, or lengths that no record has")]
    Template(u16),
    /// The exporter is none of those that are listened to; nothing of it was read.
    #[error("this exporter is not on the list; add its address if it is one of yours")]
    Unlisted,
}

/// Takes datagrams of many exporters apart.
#[derive(Default)]
pub struct Decoder {
    exporters: BTreeMap<IpAddr, Exporter>,
    /// Who is listened to; `None` is everybody.
    only: Option<Prefixes>,
    /// Datagrams of others, of so many as are named.
    refused: BTreeMap<IpAddr, u64>,
    /// What came of exporters that are no more kept, or not named.
    gone: Counts,
    /// What all exporters take.
    octets: usize,
    datagrams: u64,
}

impl Decoder {
    /// A decoder that knows no template.
    pub fn new() -> Self {
        Self::default()
    }

    /// A decoder that listens to the exporters in these prefixes, and counts the datagrams of others
    /// without a look at them: their sender may be anybody's invention.
    pub fn only(exporters: Prefixes) -> Self {
        Self {
            only: Some(exporters),
            ..Self::default()
        }
    }

    /// Adds the flows of `datagram`, sent by `exporter`, to `into`.
    ///
    /// # Errors
    /// [`Fault`]; what stood before it was added. [`Fault::Timeless`] of sFlow.
    pub fn datagram(
        &mut self,
        exporter: IpAddr,
        datagram: &[u8],
        into: &mut Columns,
    ) -> Result<(), Fault> {
        self.received(exporter, datagram, None, into)
    }

    /// Adds the flows of `datagram`, sent by `exporter` and received at `received_ms` of Unix time, to
    /// `into`. Only sFlow needs the time: the others say theirs.
    ///
    /// # Errors
    /// [`Fault`]; what stood before it was added.
    pub fn received(
        &mut self,
        exporter: IpAddr,
        datagram: &[u8],
        received_ms: Option<i64>,
        into: &mut Columns,
    ) -> Result<(), Fault> {
        if let Some(only) = &self.only
            && !only.contains(Address::from(exporter))
        {
            self.refuse(exporter);
            return Err(Fault::Unlisted);
        }
        self.datagrams += 1;
        let exporter = self.exporters.entry(exporter).or_default();
        exporter.used = self.datagrams;
        exporter.counts.datagrams += 1;
        let before = (exporter.learned(), exporter.octets);
        let read = match datagram
            .first_chunk::<2>()
            .map(|two| u16::from_be_bytes(*two))
        {
            Some(5) => v5::read(exporter, datagram, into),
            Some(9) => v9::read_v9(exporter, datagram, into),
            Some(10) => v9::read_ipfix(exporter, datagram, into),
            Some(0) if datagram.starts_with(&[0, 0, 0, 5]) => {
                sflow::read(exporter, datagram, received_ms, into)
            }
            Some(version) => Err(Fault::Version(version)),
            None => Err(Fault::Header {
                version: 0,
                octets: datagram.len(),
            }),
        };
        if read.is_err() {
            exporter.counts.faults += 1;
        }
        if exporter.learned() != before.0 || exporter.octets == 0 {
            exporter.fit();
            self.octets = self.octets + exporter.octets - before.1;
            self.fit();
        }
        read
    }

    /// Puts out the exporters that sent nothing for longest when more is kept than may be.
    fn fit(&mut self) {
        let within = |exporters: usize, octets: usize, quarters: usize| {
            exporters <= EXPORTERS_MAX * quarters / 4 && octets <= OCTETS_MAX / 4 * quarters
        };
        if within(self.exporters.len(), self.octets, 4) {
            return;
        }
        let kept = self.exporters.iter();
        let mut oldest: Vec<_> = kept.map(|(address, kept)| (kept.used, *address)).collect();
        oldest.sort_unstable();
        for (_, address) in oldest {
            if within(self.exporters.len(), self.octets, 3) {
                break;
            }
            if let Some(exporter) = self.exporters.remove(&address) {
                self.octets -= exporter.octets;
                self.gone.add(&exporter.counts);
            }
        }
    }

    fn refuse(&mut self, exporter: IpAddr) {
        if let Some(count) = self.refused.get_mut(&exporter) {
            *count += 1;
        } else if self.refused.len() < REFUSED_MAX {
            self.refused.insert(exporter, 1);
        } else {
            self.gone.refused += 1;
        }
    }

    /// What came of the datagrams of each exporter that is kept, and how many of others were refused,
    /// of the first [`REFUSED_MAX`] of these.
    pub fn counts(&self) -> impl Iterator<Item = (IpAddr, Counts)> {
        let kept = self.exporters.iter();
        let kept = kept.map(|(address, exporter)| (*address, exporter.counts));
        let refused = self.refused.iter().map(|(address, refused)| {
            let counts = Counts {
                refused: *refused,
                ..Counts::default()
            };
            (*address, counts)
        });
        kept.chain(refused)
    }

    /// What came of all datagrams, those of exporters that are no more kept or not named too.
    pub fn total(&self) -> Counts {
        let mut total = self.gone;
        for (_, counts) in self.counts() {
            total.add(&counts);
        }
        total
    }
}

impl Counts {
    /// Adds what came of others.
    pub fn add(&mut self, other: &Self) {
        self.datagrams += other.datagrams;
        self.flows += other.flows;
        self.options += other.options;
        self.others += other.others;
        self.unknown_sets += other.unknown_sets;
        self.faults += other.faults;
        self.lost += other.lost;
        self.templates += other.templates;
        self.put_out += other.put_out;
        self.refused += other.refused;
    }
}

#[cfg(test)]
mod tests;
