//! Another decoder reads the same: `netflow_parser`, on every group of fixtures and on changed copies.
//!
//! Where both read a datagram without a fault, the records are as many, and those with two ends have
//! equal addresses, ports and octets.

use netflow_parser::variable_versions::ipfix::lookup::{IANAIPFixField, IPFixField};
use netflow_parser::variable_versions::{ipfix, v9};
use netflow_parser::{FieldValue, NetflowPacket, NetflowParser};

use super::real::datagrams;
use super::*;
use crate::column::Opener;

/// Changed copies of each group.
const COPIES: usize = 400;

/// What the other reads wrongly: tests that are red when it no longer does.
const WRONG: &[(&str, &str)] = &[
    (
        "Netflow 9 Palo Alto 1 flowset in large zero filled packet",
        "zeros behind the last set lose the whole datagram",
    ),
    (
        "Netflow 9 H3C Netstream with varstring",
        "a name of variable length, which v9 does not have and this exporter sends",
    ),
    (
        "IPFIX from IXIA something something",
        "no record, and no fault",
    ),
    ("IPFIX Procera", "no record of eight, and no fault"),
];

/// Groups with fields of variable length.
const VARIABLE: &[&str] = &[
    "IPFIX Barracuda extended uniflow template 256",
    "IPFIX Netscaler with variable length fields",
    "IPFIX Netscaler with variable length fields, missing templates",
];

/// What both can tell of a record with two ends.
type Told = (IpAddr, IpAddr, u64, u64, u64);

/// What a decoder read of a datagram; `None` when it found a fault.
type Reading = Option<(u64, Vec<Told>)>;

#[test]
fn the_other_decoder_reads_the_same_records() {
    let mut differ = Vec::new();
    let mut records = 0;
    for (name, held) in groups() {
        let mut both = Both::default();
        for datagram in &held {
            let (ours, other) = both.read(datagram);
            records += other.as_ref().map_or(0, |(count, _)| *count);
            // A fault of theirs loses what we read.
            let lost = other.is_none() && ours.as_ref().is_some_and(|(count, _)| *count > 0);
            if lost || other.is_some() && ours != other {
                differ.push(name.clone());
            }
        }
    }
    differ.dedup();
    println!("{records} records were read by both");
    let known: Vec<&str> = WRONG.iter().map(|(name, _)| *name).collect();
    assert_eq!(differ, known);
}

#[test]
fn the_other_decoder_reads_changed_values_the_same() {
    let mut random = Random::from_seed([44; 32]);
    let (mut compared, mut records) = (0, 0);
    for (name, held) in groups() {
        // A changed length in front of a name moves all behind it, and the two give up elsewhere.
        let skipped = WRONG.iter().any(|(known, _)| *known == name) || VARIABLE.contains(&&*name);
        if skipped {
            continue;
        }
        for _ in 0..COPIES {
            let mut both = Both::default();
            for datagram in &held {
                let changed = changed(&mut random, datagram);
                if let (Some(ours), Some(other)) = both.read(&changed) {
                    assert!(ours == other, "{name}: {} and {}", ours.0, other.0);
                    compared += 1;
                    records += other.0;
                }
            }
        }
    }
    println!("{compared} changed datagrams were read by both, with {records} records");
    assert!(
        compared > 10_000 && records > 50_000,
        "{compared}, {records}"
    );
}

fn groups() -> Vec<(String, Vec<Vec<u8>>)> {
    let groups = json("groups-and-expected-record-counts.json");
    let of = |group: &Value| {
        let name = group[0].as_str().unwrap().trim().to_owned();
        (name, datagrams(group[1].as_array().unwrap()))
    };
    groups.as_array().unwrap().iter().map(of).collect()
}

#[derive(Default)]
struct Both {
    ours: Decoder,
    other: NetflowParser,
}

impl Both {
    fn read(&mut self, datagram: &[u8]) -> (Reading, Reading) {
        let mut columns = Columns::default();
        let before = self.ours.total();
        let read = self.ours.datagram(EXPORTER, datagram, &mut columns);
        let now = self.ours.total();
        let count = |counts: Counts| counts.flows + counts.options + counts.others;
        let rows = flows(&columns).into_iter();
        // The way back of a biflow is in the record of the way forth.
        let forth = rows.filter(|flow| flow.opener != Opener::Destination);
        let told = forth.map(|flow| {
            let (source, destination) = (flow.source.ip(), flow.destination.ip());
            let ports = (flow.source_port.into(), flow.destination_port.into());
            (source, destination, ports.0, ports.1, flow.bytes)
        });
        let ours = (count(now) - count(before), told.collect());
        let parsed = self.other.parse_bytes(datagram);
        let other = parsed
            .error
            .is_none()
            .then(|| read_by_other(&parsed.packets));
        (read.is_ok().then_some(ours), other)
    }
}

fn read_by_other(packets: &[NetflowPacket]) -> (u64, Vec<Told>) {
    let (mut count, mut told) = (0, Vec::new());
    // Of v5 it takes what lies behind the datagram for another.
    for packet in packets.iter().take(1) {
        match packet {
            NetflowPacket::V5(read) => {
                count += read.flowsets.len();
                told.extend(read.flowsets.iter().map(|flow| {
                    let (source, destination) = (flow.src_addr.into(), flow.dst_addr.into());
                    let ports = (flow.src_port.into(), flow.dst_port.into());
                    (source, destination, ports.0, ports.1, flow.d_octets.into())
                }));
            }
            NetflowPacket::V9(read) => {
                for set in &read.flowsets {
                    match &set.body {
                        v9::FlowSetBody::Data(held) => {
                            count += held.fields.len();
                            let told_of =
                                |record: &Vec<_>| record_of(record, |field| u16::from(*field));
                            told.extend(held.fields.iter().filter_map(told_of));
                        }
                        v9::FlowSetBody::OptionsData(held) => count += held.fields.len(),
                        _ => {}
                    }
                }
            }
            NetflowPacket::IPFix(read) => {
                for set in &read.flowsets {
                    match &set.body {
                        ipfix::FlowSetBody::Data(held) => {
                            count += held.fields.len();
                            let told_of =
                                |record: &Vec<_>| record_of(record, |field| of_iana(*field));
                            told.extend(held.fields.iter().filter_map(told_of));
                        }
                        ipfix::FlowSetBody::OptionsData(held) => count += held.fields.len(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    (u64::try_from(count).unwrap(), told)
}

/// Elements of which the values are compared.
const COMPARED: [u16; 14] = [8, 27, 12, 28, 7, 180, 182, 11, 181, 183, 1, 231, 85, 23];

fn of_iana(field: IPFixField) -> u16 {
    let is = |id: &u16| field == IPFixField::IANA(IANAIPFixField::from(*id));
    COMPARED.into_iter().find(is).unwrap_or(0)
}

/// `None` when the record names no two ends.
fn record_of<F>(record: &[(F, FieldValue)], element: impl Fn(&F) -> u16) -> Option<Told> {
    let values = |ids: &'static [u16]| {
        let of = record
            .iter()
            .filter(|(field, _)| ids.contains(&element(field)));
        of.map(|(_, value)| value)
    };
    let address = |ids| {
        let mut told = values(ids).filter_map(|value| IpAddr::try_from(value).ok());
        let none = IpAddr::from([0; 16]);
        told.rfind(|address| *address != none)
    };
    let number = |id| values(id).find_map(number);
    // A port is told once, or twice and zero where it is of the other protocol; octets are told in
    // spellings of which the first counts.
    let port = |ids: [&'static [u16]; 3]| {
        let told = ids.into_iter().filter_map(number);
        told.into_iter().find(|port| *port > 0).unwrap_or(0)
    };
    let octets: [&[u16]; 4] = [&[1], &[231], &[85], &[23]];
    Some((
        address(&[8, 27])?.to_canonical(),
        address(&[12, 28])?.to_canonical(),
        port([&[7], &[180], &[182]]),
        port([&[11], &[181], &[183]]),
        octets.into_iter().find_map(number).unwrap_or(0),
    ))
}

/// A number, also of an element that the other knows no type of.
fn number(value: &FieldValue) -> Option<u64> {
    let FieldValue::Vec(octets) = value else {
        return value.as_u64();
    };
    let fold = |number, octet: &u8| number << 8 | u64::from(*octet);
    (octets.len() <= 8).then(|| octets.iter().fold(0, fold))
}

/// A copy with some octets of its records changed.
fn changed(random: &mut Random, datagram: &[u8]) -> Vec<u8> {
    let mut copy = datagram.to_vec();
    let places = places_of_records(datagram);
    for _ in 0..below(random, 1 + places.len().min(40)) {
        let [octet] = random.bytes();
        copy[places[below(random, places.len())]] = octet;
    }
    copy
}

/// Where in a datagram the octets of records are.
fn places_of_records(datagram: &[u8]) -> Vec<usize> {
    let short = |at: usize| u16::from_be_bytes([datagram[at], datagram[at + 1]]);
    let mut at = match short(0) {
        5 => return (24..datagram.len()).collect(),
        9 => 20,
        _ => 16,
    };
    let mut places = Vec::new();
    while at + 4 <= datagram.len() {
        let (id, length) = (short(at), usize::from(short(at + 2)));
        if length < 4 || at + length > datagram.len() {
            break;
        }
        if id > 255 {
            places.extend(at + 4..at + length);
        }
        at += length;
    }
    places
}
