use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use seal::random::Random;
use serde_json::Value;

use super::{Counts, Decoder, Fault};
use crate::column::{Columns, Flow};

mod compare;
mod hostile;
mod made;
mod plan;
mod real;
mod sflow;
mod wrong;

const EXPORTER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

fn flows(columns: &Columns) -> Vec<Flow> {
    (0..columns.len())
        .map(|row| columns.flow(row).unwrap())
        .collect()
}

/// What a decoder that knows nothing makes of `datagrams`.
fn decoded(datagrams: &[Vec<u8>]) -> (Vec<Flow>, Counts, Vec<Fault>) {
    let mut decoder = Decoder::new();
    let mut columns = Columns::default();
    let mut faults = Vec::new();
    for datagram in datagrams {
        faults.extend(decoder.datagram(EXPORTER, datagram, &mut columns).err());
    }
    let counts = decoder.counts().next().unwrap().1;
    (flows(&columns), counts, faults)
}

fn below(random: &mut Random, bound: usize) -> usize {
    usize::try_from(random.below(u64::try_from(bound.max(1)).unwrap())).unwrap()
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/netflow")
        .join(name)
}

fn json(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(fixture(name)).unwrap()).unwrap()
}
