//! sFlow v5 (sflow.org, version 5 of July 2004): packets that were picked out of the traffic.
//!
//! A sampled packet is no flow: nothing says what came before or after it. It is taken as one of
//! [`Ending::Sampled`], with one packet, the octets of that packet, and the time at which the datagram
//! came, since sFlow knows only the agent's uptime. Octets are those of the IP packet, as `NetFlow`
//! counts them. Of a frame's header no address of the link is read. Samples of counters are counted.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::exporter::{Exporter, Protocol};
use super::{Counts, Fault};
use crate::column::{Address, Columns, Ending, Flow, Opener};
use crate::packet::{Link, PROTOCOL_TCP, Packet};

/// Formats of samples; the enterprise above the low 12 bits is 0 in those that are read.
const FLOW_SAMPLE: u32 = 1;
const COUNTER_SAMPLE: u32 = 2;
const EXPANDED_FLOW_SAMPLE: u32 = 3;
const EXPANDED_COUNTER_SAMPLE: u32 = 4;

/// Formats of the records of a flow sample.
const RAW_HEADER: u32 = 1;
const SAMPLED_IPV4: u32 = 3;
const SAMPLED_IPV6: u32 = 4;

pub(super) fn read(
    exporter: &mut Exporter,
    datagram: &[u8],
    received_ms: Option<i64>,
    into: &mut Columns,
) -> Result<(), Fault> {
    let received_ms = received_ms.ok_or(Fault::Timeless)?;
    let mut cursor = Cursor(datagram);
    let Some((agent, sub_agent, sequence, samples)) = header(&mut cursor) else {
        return Err(Fault::SflowHeader(datagram.len()));
    };
    let (counts, domain) = exporter.domain(Protocol::Sflow(agent), sub_agent);
    domain.follow(counts, sequence, 1);
    for _ in 0..samples {
        let (Some(kind), Some(octets)) = (cursor.long(), cursor.length()) else {
            return Err(cut(8, cursor.0.len()));
        };
        let held = cursor.0.len();
        let sample = cursor.take(octets).ok_or(cut(octets, held))?;
        match kind {
            FLOW_SAMPLE | EXPANDED_FLOW_SAMPLE => {
                let sample = Sample::read(kind, sample).ok_or(cut(octets, held))?;
                sample.add(received_ms, counts, into);
            }
            COUNTER_SAMPLE | EXPANDED_COUNTER_SAMPLE => counts.options += 1,
            // A vendor's own.
            _ => counts.others += 1,
        }
    }
    Ok(())
}

fn cut(said: usize, held: usize) -> Fault {
    Fault::Cut { said, held }
}

/// Agent, sub-agent, sequence, and the number of samples.
fn header(cursor: &mut Cursor<'_>) -> Option<(IpAddr, u32, u32, u32)> {
    const IPV4: u32 = 1;
    const IPV6: u32 = 2;
    let _version = cursor.long()?;
    let agent = match cursor.long()? {
        IPV4 => IpAddr::V4(Ipv4Addr::from_bits(cursor.long()?)),
        IPV6 => IpAddr::V6(Ipv6Addr::from(*cursor.take(16)?.first_chunk::<16>()?)),
        _ => return None,
    };
    let (sub_agent, sequence) = (cursor.long()?, cursor.long()?);
    let _uptime = cursor.long()?;
    Some((agent, sub_agent, sequence, cursor.long()?))
}

/// What a flow sample says.
struct Sample {
    /// One packet of how many was taken.
    rate: u32,
    /// The packet; `None` when no record of it is of IP.
    packet: Option<Flow>,
}

impl Sample {
    /// Reads a sample; `None` when it is shorter than it says.
    fn read(kind: u32, sample: &[u8]) -> Option<Self> {
        let mut cursor = Cursor(sample);
        // Sequence; kind and index of what was sampled, in one number or two.
        cursor.take(if kind == FLOW_SAMPLE { 8 } else { 12 })?;
        let rate = cursor.long()?;
        // Pool and drops; where it came in and went out, in one number or two each.
        cursor.take(if kind == FLOW_SAMPLE { 16 } else { 24 })?;
        let records = cursor.long()?;
        let mut packet = None;
        for _ in 0..records {
            let (kind, octets) = (cursor.long()?, cursor.length()?);
            let record = cursor.take(octets)?;
            // A sample may hold the same packet in two spellings.
            packet = packet.or_else(|| match kind {
                RAW_HEADER => raw(record),
                SAMPLED_IPV4 => spelled::<4>(record),
                SAMPLED_IPV6 => spelled::<16>(record),
                _ => None,
            });
        }
        Some(Self { rate, packet })
    }

    fn add(self, received_ms: i64, counts: &mut Counts, into: &mut Columns) {
        let Some(packet) = self.packet else {
            counts.others += 1;
            return;
        };
        counts.flows += 1;
        into.push(Flow {
            start_ms: received_ms,
            end_ms: received_ms,
            sampling: self.rate,
            ..packet
        });
    }
}

/// The first octets of a frame as they were on the link.
fn raw(record: &[u8]) -> Option<Flow> {
    const ETHERNET: u32 = 1;
    const IPV4: u32 = 11;
    const IPV6: u32 = 12;
    let mut cursor = Cursor(record);
    let link = match cursor.long()? {
        ETHERNET => Link::ETHERNET,
        IPV4 | IPV6 => Link::RAW,
        _ => return None,
    };
    let frame_octets = u64::from(cursor.long()?);
    let _stripped = cursor.long()?;
    let octets = cursor.length()?;
    let packet = Packet::of(link, cursor.0.get(..octets).unwrap_or(cursor.0)).ok()?;
    let (source_port, destination_port) = packet.ports();
    let octets = match packet.octets {
        0 => frame_octets,
        said => said,
    };
    Some(Flow {
        source_port,
        destination_port,
        ..flow(
            packet.source,
            packet.destination,
            packet.protocol,
            packet.flags(),
            octets,
        )
    })
}

/// A packet as an agent spells it that cannot give its octets, with addresses of `LENGTH` octets.
fn spelled<const LENGTH: usize>(record: &[u8]) -> Option<Flow> {
    let mut cursor = Cursor(record);
    let octets = u64::from(cursor.long()?);
    let protocol = u8::try_from(cursor.long()?).ok()?;
    let mut address = || {
        let bytes = cursor.take(LENGTH)?;
        if let Ok(four) = <[u8; 4]>::try_from(bytes) {
            return Some(Address::v4(u32::from_be_bytes(four)));
        }
        let sixteen = <[u8; 16]>::try_from(bytes).ok()?;
        Some(Address::v6(u128::from_be_bytes(sixteen)))
    };
    let (source, destination) = (address()?, address()?);
    let mut port = || u16::try_from(cursor.long()?).ok();
    let (source_port, destination_port) = (port()?, port()?);
    let flags = cursor.long()?.to_be_bytes()[3];
    Some(Flow {
        source_port,
        destination_port,
        ..flow(source, destination, protocol, flags, octets)
    })
}

fn flow(source: Address, destination: Address, protocol: u8, flags: u8, bytes: u64) -> Flow {
    Flow {
        source,
        destination,
        source_port: 0,
        destination_port: 0,
        protocol,
        flags: if protocol == PROTOCOL_TCP { flags } else { 0 },
        packets: 1,
        bytes,
        start_ms: 0,
        end_ms: 0,
        sampling: 0,
        ending: Ending::Sampled,
        opener: opener(protocol, flags),
    }
}

/// A handshake says who opened; any other packet does not.
fn opener(protocol: u8, flags: u8) -> Opener {
    const SYN: u8 = 0x02;
    const ACK: u8 = 0x10;
    match (protocol, flags & (SYN | ACK)) {
        (PROTOCOL_TCP, SYN) => Opener::Source,
        (PROTOCOL_TCP, both) if both == SYN | ACK => Opener::Destination,
        _ => Opener::Unsaid,
    }
}

/// Numbers and runs of octets from the front of octets.
struct Cursor<'b>(&'b [u8]);

impl<'b> Cursor<'b> {
    fn take(&mut self, octets: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(octets)?;
        self.0 = rest;
        Some(taken)
    }

    fn long(&mut self) -> Option<u32> {
        let (four, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*four))
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.long()?).ok()
    }
}
