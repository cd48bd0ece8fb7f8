//! `NetFlow` v5: a header of 24 octets and records of 48, without templates.

use super::exporter::{Exporter, Protocol};
use super::record::Clock;
use super::{Fault, plan};
use crate::column::Columns;

const HEADER_OCTETS: usize = 24;
const RECORD_OCTETS: usize = plan::V5.length;

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
    let (counts, domain) = exporter.domain(Protocol::V5, engine);
    let interval = u16::from_be_bytes([i0, i1]) & INTERVAL_MASK;
    domain.sampled(u32::from(interval));
    let whole = body.get(..said * RECORD_OCTETS).unwrap_or(body);
    let held = domain.read(&plan::V5, whole, &clock, into).unwrap_or(0);
    counts.flows += held;
    let sequence = u32::from_be_bytes([q0, q1, q2, q3]);
    domain.follow(counts, sequence, u32::try_from(held).unwrap_or(u32::MAX));
    if usize::try_from(held) != Ok(said) {
        return Err(Fault::Cut {
            said: HEADER_OCTETS + said * RECORD_OCTETS,
            held: datagram.len(),
        });
    }
    Ok(())
}
