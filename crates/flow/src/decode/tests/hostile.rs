//! What a broken exporter or somebody who plays one sends: each has its limit and is counted.

use super::super::exporter::{Exporter, Protocol};
use super::super::{DOMAINS_MAX, EXPORTER_OCTETS_MAX, EXPORTERS_MAX, REFUSED_MAX, TEMPLATES_MAX};
use super::made::{FIELDS, ipfix, record, set, shorts, template, v9};
use super::*;
use crate::prefix::Prefixes;

/// Template `id` with the fields of template 256.
fn numbered(id: u16) -> Vec<u8> {
    [shorts(&[id, 9]), shorts(&FIELDS)].concat()
}

fn records(id: u16) -> Vec<u8> {
    set(id, &record(1, 0, 0))
}

fn address(number: usize) -> IpAddr {
    let number = u32::try_from(number).unwrap();
    IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + number))
}

/// Gives a datagram of [`EXPORTER`] to `decoder` and tells how many flows there were.
fn give(decoder: &mut Decoder, datagram: &[u8]) -> usize {
    let mut columns = Columns::default();
    decoder.datagram(EXPORTER, datagram, &mut columns).unwrap();
    columns.len()
}

fn kept(decoder: &Decoder) -> &Exporter {
    &decoder.exporters[&EXPORTER]
}

#[test]
fn a_length_of_65_535_is_variable_in_ipfix_and_a_number_that_long_is_none() {
    // An address whose length each record tells: 65,535 is no length of its own.
    let variable = shorts(&[256, 3, 8, 65_535, 12, 4, 82, 65_535]);
    let mut told = vec![4, 198, 51, 100, 7, 203, 0, 113, 9, 255, 255, 255];
    told.extend([7; 40]);
    let datagram = ipfix(0, 1, &[set(2, &variable), set(256, &told)]);
    let (flows, counts, faults) = decoded(&[datagram]);
    // The name claims 65,535 octets and has 40: no record, and nothing is taken for one.
    assert_eq!((flows.len(), counts.others, faults.len()), (0, 0, 0));
    for length in [129, 4_096, 65_534] {
        let long = shorts(&[256, 3, 8, 4, 12, 4, 1, length]);
        let (_, _, faults) = decoded(&[v9(1, 7, &[set(0, &long)])]);
        assert_eq!(faults, [Fault::Template(256)], "{length}");
    }
    // A name may be long, and a record as long as no datagram may not.
    let name = shorts(&[256, 3, 8, 4, 12, 4, 82, 4_096]);
    assert!(decoded(&[v9(1, 7, &[set(0, &name)])]).2.is_empty());
    let two = shorts(&[256, 4, 8, 4, 12, 4, 82, 40_000, 83, 40_000]);
    let (_, _, faults) = decoded(&[v9(1, 7, &[set(0, &two)])]);
    assert_eq!(faults, [Fault::Template(256)]);
}

#[test]
fn a_record_without_length_is_none() {
    let nothing = shorts(&[256, 2, 8, 0, 12, 0]);
    let (flows, counts, faults) = decoded(&[v9(1, 7, &[set(0, &nothing), records(256)])]);
    assert_eq!((flows.len(), counts.unknown_sets), (0, 0));
    assert_eq!(faults, [Fault::Template(256)]);
    // Each field of variable length may be empty: the octet that says so is the record.
    let empty = shorts(&[256, 1, 82, 65_535]);
    let (flows, counts, _) = decoded(&[ipfix(0, 1, &[set(2, &empty), set(256, &[0; 100])])]);
    assert_eq!((flows.len(), counts.others), (0, 100));
}

#[test]
fn of_65_535_templates_those_in_use_are_kept() {
    let mut decoder = Decoder::new();
    give(&mut decoder, &v9(0, 7, &[set(0, &numbered(256))]));
    for first in (257..65_500).step_by(20) {
        let many: Vec<Vec<u8>> = (first..first + 20).map(numbered).collect();
        give(&mut decoder, &v9(0, 7, &[set(0, &many.concat())]));
        assert_eq!(give(&mut decoder, &v9(0, 7, &[records(256)])), 1, "{first}");
        assert!(kept(&decoder).templates() <= TEMPLATES_MAX);
    }
    let counts = decoder.total();
    assert!(
        counts.put_out > 60_000 && counts.templates > 65_000,
        "{counts:?}"
    );
    assert_eq!(
        give(&mut decoder, &v9(0, 7, &[records(65_500)])),
        1,
        "the newest"
    );
    assert_eq!(give(&mut decoder, &v9(0, 7, &[records(300)])), 0, "put out");
    assert_eq!(decoder.total().unknown_sets, 1);
}

#[test]
fn no_exporter_takes_more_than_its_mebibyte() {
    let mut decoder = Decoder::new();
    // 512 fields that are all wanted, in more domains and templates than are kept.
    for domain in 0..u32::try_from(DOMAINS_MAX).unwrap() + 10 {
        let wide = [shorts(&[256, 512]), shorts(&[8, 4].repeat(512))].concat();
        give(&mut decoder, &v9(0, domain, &[set(0, &wide)]));
        // Samplers are learned too.
        let told: Vec<u8> = (0..1_000_u16)
            .flat_map(|sampler| [&[0, 0, 0, 1][..], &shorts(&[sampler, 0, 100])].concat())
            .collect();
        let by_sampler = shorts(&[300, 4, 8, 1, 4, 48, 2, 50, 4]);
        give(
            &mut decoder,
            &v9(0, domain, &[set(1, &by_sampler), set(300, &told)]),
        );
        let kept = kept(&decoder);
        assert!(
            kept.octets <= EXPORTER_OCTETS_MAX,
            "{domain}: {}",
            kept.octets
        );
    }
}

#[test]
fn a_template_that_is_told_anew_is_read_anew() {
    let mut decoder = Decoder::new();
    let mut columns = Columns::default();
    let turned = shorts(&[
        256, 9, 12, 4, 8, 4, 11, 2, 7, 2, 4, 1, 1, 4, 2, 3, 22, 4, 21, 4,
    ]);
    for template in [template(), turned] {
        let datagram = v9(0, 7, &[set(0, &template), records(256)]);
        decoder.datagram(EXPORTER, &datagram, &mut columns).unwrap();
    }
    let flows = flows(&columns);
    assert!(flows[0].source == flows[1].destination);
    assert_eq!((flows[0].source_port, flows[1].source_port), (50_000, 443));
    // Flows become options: nothing of them is a flow any more.
    let options = shorts(&[256, 4, 8, 1, 4, 1, 4, 2, 4]);
    give(&mut decoder, &v9(0, 7, &[set(1, &options)]));
    assert_eq!(give(&mut decoder, &v9(0, 7, &[records(256)])), 0);
}

#[test]
fn options_that_contradict_themselves_are_refused() {
    // Scopes of more octets than the template has, no scopes, no fields, lengths of nothing.
    for wrong in [
        shorts(&[300, 65_532, 8, 1, 4, 34, 4]),
        shorts(&[300, 4, 65_532, 1, 4, 34, 4]),
        shorts(&[300, 0, 0]),
        shorts(&[300, 4, 4, 1, 0, 34, 0]),
    ] {
        let (flows, _, faults) = decoded(&[v9(1, 7, &[set(1, &wrong)])]);
        assert_eq!((flows.len(), &faults[..]), (0, &[Fault::Template(300)][..]));
    }
    // More scopes than fields.
    let scopes = shorts(&[300, 1, 9, 34, 4]);
    let (_, counts, faults) = decoded(&[ipfix(0, 1, &[set(3, &scopes), set(300, &[0; 8])])]);
    assert_eq!((counts.options, faults.len()), (2, 0));
}

#[test]
fn samplings_that_lie_make_no_flow_larger_than_it_says() {
    let options = shorts(&[301, 4, 4, 1, 4, 34, 4]);
    let rates = [0, 1, u32::MAX].map(|rate| {
        let told = [vec![0, 0, 0, 1], rate.to_be_bytes().to_vec()].concat();
        let sets = [
            set(0, &template()),
            set(1, &options),
            set(301, &told),
            records(256),
        ];
        let (flows, _, faults) = decoded(&[v9(1, 7, &sets)]);
        assert_eq!(
            (faults.len(), flows[0].bytes, flows[0].packets),
            (0, 1, 258)
        );
        flows[0].sampling
    });
    // None of no packets says nothing, and what is beyond belief stands there as it was said.
    assert_eq!(rates, [0, 1, u32::MAX]);
    let parts = shorts(&[301, 4, 8, 1, 4, 305, 4, 306, 4]);
    let none_of_all = [[0, 0, 0, 1], [0; 4], [255; 4]].concat();
    let sets = [
        set(0, &template()),
        set(1, &parts),
        set(301, &none_of_all),
        records(256),
    ];
    assert_eq!(decoded(&[v9(1, 7, &sets)]).0[0].sampling, 0);
}

#[test]
fn elements_of_unknown_enterprises_are_stepped_over() {
    let mut fields = shorts(&[256, 4, 8, 4, 12, 4]);
    for enterprise in [4_294_967_295_u32, 12_345] {
        // As addresses of IANA they would be read.
        fields.extend(shorts(&[8 | 0x8000, 4]));
        fields.extend(enterprise.to_be_bytes());
    }
    let told = [198, 51, 100, 7, 203, 0, 113, 9, 9, 9, 9, 9, 8, 8, 8, 8];
    let (flows, ..) = decoded(&[ipfix(0, 1, &[set(2, &fields), set(256, &told)])]);
    assert!(flows[0].source.ip() == IpAddr::from([198, 51, 100, 7]));
    // In v9 that bit is none: a field of v9 has no enterprise behind it.
    let own = shorts(&[256, 3, 8, 4, 12, 4, 8 | 0x8000, 4]);
    let (flows, ..) = decoded(&[v9(1, 7, &[set(0, &own), set(256, &told[..12])])]);
    assert!(flows[0].source.ip() == IpAddr::from([198, 51, 100, 7]));
}

#[test]
fn a_sequence_that_wraps_loses_nothing() {
    let with =
        |sequence, records: &[u8]| v9(sequence, 7, &[set(0, &template()), set(256, records)]);
    let (_, counts, _) = decoded(&[with(u32::MAX - 1, &[]), with(u32::MAX, &[]), with(0, &[])]);
    assert_eq!(counts.lost, 0);
    let (_, counts, _) = decoded(&[with(u32::MAX, &[]), with(2, &[])]);
    assert_eq!(counts.lost, 2);
    let three = [record(1, 0, 0), record(2, 0, 0), record(3, 0, 0)].concat();
    let of_ipfix = |sequence| ipfix(sequence, 7, &[set(2, &template()), set(256, &three)]);
    let (_, counts, _) = decoded(&[of_ipfix(u32::MAX - 1), of_ipfix(1), of_ipfix(5)]);
    assert_eq!(counts.lost, 1);
}

#[test]
fn a_datagram_that_comes_late_was_not_lost() {
    let with =
        |sequence, records: &[u8]| v9(sequence, 7, &[set(0, &template()), set(256, records)]);
    let lost = |order: &[u32]| {
        let sent: Vec<_> = order.iter().map(|sequence| with(*sequence, &[])).collect();
        decoded(&sent).1.lost
    };
    assert_eq!(lost(&[1, 2, 4, 3, 5]), 0);
    assert_eq!(lost(&[1, 2, 5, 4, 6]), 1);
    assert_eq!(lost(&[u32::MAX, 1, 0, 2]), 0);
    // One that comes twice fills nothing, and one that begins anew counts from there.
    assert_eq!(lost(&[1, 2, 2, 3, 5]), 1);
    assert_eq!(lost(&[1_000, 1_002, 1, 2, 4]), 2);
}

#[test]
fn two_thousand_exporters_read_by_their_own_templates() {
    let mut decoder = Decoder::new();
    let turned = shorts(&[
        256, 9, 12, 4, 8, 4, 11, 2, 7, 2, 4, 1, 1, 4, 2, 3, 22, 4, 21, 4,
    ]);
    let mut columns = Columns::default();
    for number in 0..2_000 {
        let told = if number % 2 == 0 {
            &template()
        } else {
            &turned
        };
        let datagram = v9(1, 7, &[set(0, told)]);
        decoder
            .datagram(address(number), &datagram, &mut columns)
            .unwrap();
    }
    for number in 0..2_000 {
        let datagram = v9(2, 7, &[records(256)]);
        decoder
            .datagram(address(number), &datagram, &mut columns)
            .unwrap();
    }
    let ports: Vec<u16> = flows(&columns)
        .iter()
        .map(|flow| flow.source_port)
        .collect();
    assert_eq!(ports, [50_000, 443].repeat(1_000));
    let counts = decoder.total();
    assert_eq!(
        (counts.flows, counts.unknown_sets, counts.put_out),
        (2_000, 0, 0)
    );
    assert!(decoder.octets < 2_000 * 4_096, "{}", decoder.octets);
}

#[test]
fn invented_exporters_put_out_no_exporter_that_goes_on_sending() {
    let mut decoder = Decoder::new();
    give(&mut decoder, &v9(0, 7, &[set(0, &template())]));
    let mut columns = Columns::default();
    for number in 0..3 * EXPORTERS_MAX {
        // Rubbish is remembered no longer than a template is.
        let _fault = decoder.datagram(address(number), &[0, 8, 1], &mut columns);
        if number % 1_000 == 0 {
            assert_eq!(give(&mut decoder, &v9(0, 7, &[records(256)])), 1);
        }
        assert!(decoder.exporters.len() <= EXPORTERS_MAX);
    }
    let all = u64::try_from(3 * EXPORTERS_MAX).unwrap();
    assert_eq!(decoder.total().faults, all, "also of those put out");
}

#[test]
fn who_is_not_on_the_list_is_counted_and_not_read() {
    let mut decoder = Decoder::only(Prefixes::parse(["192.0.2.0/28"]).unwrap());
    let datagram = v9(0, 7, &[set(0, &template()), records(256)]);
    assert_eq!(give(&mut decoder, &datagram), 1);
    let mut columns = Columns::default();
    for number in 0..REFUSED_MAX + 100 {
        for _ in 0..2 {
            let read = decoder.datagram(address(number), &datagram, &mut columns);
            assert_eq!(read, Err(Fault::Unlisted));
        }
    }
    assert!(columns.is_empty());
    assert_eq!(
        (decoder.exporters.len(), decoder.refused.len()),
        (1, REFUSED_MAX)
    );
    let of_one = decoder
        .counts()
        .find(|(who, _)| *who == address(3))
        .unwrap()
        .1;
    assert_eq!((of_one.refused, of_one.datagrams), (2, 0));
    let total = decoder.total();
    assert_eq!(total.refused, 2 * u64::try_from(REFUSED_MAX + 100).unwrap());
    assert_eq!((total.datagrams, total.flows), (1, 1));
}

#[test]
fn loss_is_told_by_exporter() {
    let mut decoder = Decoder::new();
    let mut columns = Columns::default();
    for (number, sequences) in [(1, [1, 2]), (2, [1, 9])] {
        for sequence in sequences {
            let datagram = v9(sequence, 7, &[set(0, &template())]);
            decoder
                .datagram(address(number), &datagram, &mut columns)
                .unwrap();
        }
    }
    let lost: Vec<u64> = decoder.counts().map(|(_, counts)| counts.lost).collect();
    assert_eq!(lost, [0, 7]);
    let (_, domain) = decoder
        .exporters
        .get_mut(&address(1))
        .unwrap()
        .domain(Protocol::V9, 7);
    assert!(domain.template(256).is_some());
}
