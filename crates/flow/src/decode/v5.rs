//! `NetFlow` v5: a header of 24 octets and records of 48, without templates.

use super::exporter::{Exporter, Protocol};
use super::{Fault, record::Clock};
use crate::column::{Address, Columns, Ending, Flow, Opener};

const HEADER_OCTETS: usize = 24;
const RECORD_OCTETS: usize = 48;

/// The low bits of the sampling field are the interval, the two above the way of sampling.
const INTERVAL_MASK: u16 = 0x3fff;

pub(super) fn read(
    exporter: &mut Exporter,
    datagram: &[u8],
    into: &mut Columns,
) -> Result<(), Fault> {
    let short = Fault::Header {
        version: 5,
        octets: datagram.len(),
    };
    let (header, body) = datagram.split_first_chunk::<HEADER_OCTETS>().ok_or(short)?;
    let [
        _,
        _,
        c0,
        c1,
        u0,
        u1,
        u2,
        u3,
        s0,
        s1,
        s2,
        s3,
        n0,
        n1,
        n2,
        n3,
        q0,
        q1,
        q2,
        q3,
        kind,
        engine,
        i0,
        i1,
    ] = *header;
    let said = usize::from(u16::from_be_bytes([c0, c1]));
    let seconds = i64::from(u32::from_be_bytes([s0, s1, s2, s3]));
    let nanos = i64::from(u32::from_be_bytes([n0, n1, n2, n3]));
    let clock = Clock {
        export_ms: seconds * 1_000 + nanos / 1_000_000,
        uptime_ms: Some(u32::from_be_bytes([u0, u1, u2, u3])),
        boot_ms: None,
    };
    let engine = u32::from(u16::from_be_bytes([kind, engine]));
    let (counts, domain) = exporter.domain(Protocol::V5, engine)?;
    let interval = u16::from_be_bytes([i0, i1]) & INTERVAL_MASK;
    domain.sampled(u32::from(interval));
    let mut held = 0;
    for bytes in body.chunks_exact(RECORD_OCTETS).take(said) {
        let Some(bytes) = bytes.first_chunk::<RECORD_OCTETS>() else {
            break;
        };
        into.push(flow(bytes, &clock, u32::from(interval)));
        held += 1;
    }
    counts.flows += u64::from(held);
    let sequence = u32::from_be_bytes([q0, q1, q2, q3]);
    domain.follow(counts, sequence, held);
    if usize::try_from(held) != Ok(said) {
        return Err(Fault::Cut {
            said: HEADER_OCTETS + said * RECORD_OCTETS,
            held: datagram.len(),
        });
    }
    Ok(())
}

fn flow(bytes: &[u8; RECORD_OCTETS], clock: &Clock, sampling: u32) -> Flow {
    let long = |at: usize| {
        let found = bytes.get(at..).and_then(<[u8]>::first_chunk::<4>);
        found.map_or(0, |four| u32::from_be_bytes(*four))
    };
    let short = |at: usize| {
        let found = bytes.get(at..).and_then(<[u8]>::first_chunk::<2>);
        found.map_or(0, |two| u16::from_be_bytes(*two))
    };
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let at = |uptime: u32| clock.at(uptime).unwrap_or(clock.export_ms);
    let (start_ms, end_ms) = (at(long(24)), at(long(28)));
    Flow {
        source: Address::v4(long(0)),
        destination: Address::v4(long(4)),
        source_port: short(32),
        destination_port: short(34),
        protocol: byte(38),
        flags: byte(37),
        packets: u64::from(long(16)),
        bytes: u64::from(long(20)),
        start_ms,
        end_ms: end_ms.max(start_ms),
        sampling,
        ending: Ending::Unsaid,
        opener: Opener::Unsaid,
    }
}
