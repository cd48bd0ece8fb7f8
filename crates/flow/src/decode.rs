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

use crate::column::Columns;
use exporter::Exporter;

pub use export::ExportKind;
pub use exporter::{DOMAINS_MAX, SAMPLERS_MAX, TEMPLATES_MAX};
pub use template::FIELDS_MAX;

/// Exporters that a decoder keeps templates of.
pub const EXPORTERS_MAX: usize = 4_096;

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
    #[error("template {0} has no fields, no length, or more than {FIELDS_MAX} fields")]
    Template(u16),
    /// The exporter has more templates or domains, or there are more exporters, than are kept.
    #[error("more {0} than this decoder keeps")]
    TooMany(&'static str),
}

/// Takes datagrams of many exporters apart.
#[derive(Default)]
pub struct Decoder {
    exporters: BTreeMap<IpAddr, Exporter>,
}

impl Decoder {
    /// A decoder that knows no template.
    pub fn new() -> Self {
        Self::default()
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
        if self.exporters.len() >= EXPORTERS_MAX && !self.exporters.contains_key(&exporter) {
            return Err(Fault::TooMany("exporters"));
        }
        let exporter = self.exporters.entry(exporter).or_default();
        exporter.counts.datagrams += 1;
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
        read
    }

    /// What came of the datagrams of each exporter.
    pub fn counts(&self) -> impl Iterator<Item = (IpAddr, Counts)> {
        self.exporters
            .iter()
            .map(|(address, exporter)| (*address, exporter.counts))
    }
}

#[cfg(test)]
mod tests;
