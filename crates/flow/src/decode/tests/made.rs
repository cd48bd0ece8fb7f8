//! Datagrams that no fixture holds: made here, field by field.

use super::*;

pub(super) fn v9(sequence: u32, source: u32, sets: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0, 9, 0, 1];
    bytes.extend(600_000_u32.to_be_bytes());
    bytes.extend(1_800_000_000_u32.to_be_bytes());
    bytes.extend(sequence.to_be_bytes());
    bytes.extend(source.to_be_bytes());
    bytes.extend(sets.concat());
    bytes
}

pub(super) fn ipfix(sequence: u32, domain: u32, sets: &[Vec<u8>]) -> Vec<u8> {
    let body = sets.concat();
    let mut bytes = vec![0, 10];
    bytes.extend(u16::try_from(body.len() + 16).unwrap().to_be_bytes());
    bytes.extend(1_800_000_000_u32.to_be_bytes());
    bytes.extend(sequence.to_be_bytes());
    bytes.extend(domain.to_be_bytes());
    bytes.extend(body);
    bytes
}

pub(super) fn set(id: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = id.to_be_bytes().to_vec();
    bytes.extend(u16::try_from(body.len() + 4).unwrap().to_be_bytes());
    bytes.extend(body);
    bytes
}

pub(super) fn shorts(numbers: &[u16]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect()
}

/// Template 256: addresses, ports, protocol, octets in 4 and packets in 3 octets, uptimes.
pub(super) const FIELDS: [u16; 18] = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 1, 4, 2, 3, 22, 4, 21, 4];

pub(super) fn template() -> Vec<u8> {
    [shorts(&[256, 9]), shorts(&FIELDS)].concat()
}

pub(super) fn record(octets: u32, first: u32, last: u32) -> Vec<u8> {
    let mut bytes = vec![198, 51, 100, 7, 203, 0, 113, 9];
    bytes.extend(shorts(&[50_000, 443]));
    bytes.push(6);
    bytes.extend(octets.to_be_bytes());
    bytes.extend([0, 1, 2]);
    bytes.extend(first.to_be_bytes());
    bytes.extend(last.to_be_bytes());
    bytes
}

#[test]
fn a_record_costs_a_template_and_waits_for_none() {
    let records = set(256, &record(4_000, 1_000, 2_500));
    let before = v9(1, 7, std::slice::from_ref(&records));
    let with = v9(2, 7, &[set(0, &template()), records]);
    let (flows, counts, faults) = decoded(&[before, with]);
    assert!(faults.is_empty());
    assert_eq!((counts.unknown_sets, counts.flows, counts.lost), (1, 1, 0));
    let flow = flows[0];
    assert_eq!((flow.bytes, flow.packets), (4_000, 258));
    assert_eq!(flow.start_ms, 1_800_000_000_000 - 599_000);
    assert_eq!(flow.end_ms - flow.start_ms, 1_500);
    assert_eq!((flow.source_port, flow.destination_port), (50_000, 443));
}

#[test]
fn an_uptime_that_wrapped_between_is_no_flow_of_the_future() {
    let late = u32::MAX - 400_000;
    let records = set(256, &record(1, late, 100_000));
    let (flows, ..) = decoded(&[v9(1, 7, &[set(0, &template()), records])]);
    assert_eq!(flows[0].end_ms, 1_800_000_000_000 - 500_000);
    assert_eq!(flows[0].end_ms - flows[0].start_ms, 500_001);
}

#[test]
fn domains_do_not_read_by_each_others_templates() {
    let records = set(256, &record(1, 0, 0));
    let (flows, counts, _) = decoded(&[
        v9(1, 7, &[set(0, &template())]),
        v9(1, 8, std::slice::from_ref(&records)),
        ipfix(0, 7, &[records]),
    ]);
    assert!(flows.is_empty());
    assert_eq!(counts.unknown_sets, 2);
}

#[test]
fn a_template_is_withdrawn_alone_and_all_at_once() {
    let other = [shorts(&[257, 9]), shorts(&FIELDS)].concat();
    let (one, two) = (set(256, &record(1, 0, 0)), set(257, &record(2, 0, 0)));
    let learned = ipfix(
        0,
        7,
        &[
            set(2, &template()),
            set(2, &other),
            one.clone(),
            two.clone(),
        ],
    );
    let (flows, counts, _) = decoded(&[
        learned.clone(),
        ipfix(
            2,
            7,
            &[set(2, &shorts(&[256, 0])), one.clone(), two.clone()],
        ),
    ]);
    assert_eq!((flows.len(), counts.unknown_sets), (3, 1));
    let (flows, counts, _) =
        decoded(&[learned, ipfix(2, 7, &[set(2, &shorts(&[2, 0])), one, two])]);
    assert_eq!((flows.len(), counts.unknown_sets), (2, 2));
}

#[test]
fn sampling_comes_from_options_by_sampler_and_by_domain() {
    // Options 300 about a system: sampler 48 and interval 50; options 301: interval 34 of all.
    let by_sampler = shorts(&[300, 4, 8, 1, 4, 48, 1, 50, 4]);
    let of_all = shorts(&[301, 4, 4, 1, 4, 34, 4]);
    let told_sampler = [vec![0, 0, 0, 1, 3], 512_u32.to_be_bytes().to_vec()].concat();
    let told_all = [vec![0, 0, 0, 1], 1_000_u32.to_be_bytes().to_vec()].concat();
    let mut fields = FIELDS.to_vec();
    fields.extend([48, 1]);
    let with_sampler = [shorts(&[258, 10]), shorts(&fields)].concat();
    let mut third = record(1, 0, 0);
    third.push(3);
    let mut ninth = record(1, 0, 0);
    ninth.push(9);
    let (flows, counts, faults) = decoded(&[v9(
        1,
        7,
        &[
            set(0, &template()),
            set(0, &with_sampler),
            set(1, &by_sampler),
            set(1, &of_all),
            set(300, &told_sampler),
            set(301, &told_all),
            set(256, &record(1, 0, 0)),
            set(258, &third),
            set(258, &ninth),
        ],
    )]);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(counts.options, 2);
    let sampled: Vec<u32> = flows.iter().map(|flow| flow.sampling).collect();
    assert_eq!(sampled, [1_000, 512, 1_000]);
}

#[test]
fn the_only_sampler_holds_for_records_that_name_none_and_zero_is_no_rate() {
    // Options 300: sampler 48, interval 34 of nothing, interval 50.
    let by_sampler = shorts(&[300, 4, 12, 1, 4, 48, 1, 34, 4, 50, 4]);
    let told = |sampler, rate: u32| {
        let told = [&[0, 0, 0, 1, sampler][..], &[0; 4], &rate.to_be_bytes()].concat();
        set(300, &told)
    };
    let one = [
        set(0, &template()),
        set(1, &by_sampler),
        told(3, 512),
        set(256, &record(1, 0, 0)),
    ];
    let (flows, _, faults) = decoded(&[v9(1, 7, &one)]);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(flows[0].sampling, 512);
    let two = [one[0].clone(), one[1].clone(), told(3, 512), told(4, 100)];
    let two = [&two[..], &one[3..]].concat();
    let (flows, ..) = decoded(&[v9(1, 7, &two)]);
    assert_eq!(flows[0].sampling, 0, "it is not known which of the two");
}

#[test]
fn a_biflow_is_two_ways() {
    let mut fields: Vec<u8> = shorts(&[256, 8, 8, 4, 12, 4, 7, 2, 11, 2, 1, 4, 2, 4]);
    for element in [1_u16, 2] {
        fields.extend(shorts(&[element | 0x8000, 4]));
        fields.extend(29_305_u32.to_be_bytes());
    }
    let mut record = vec![198, 51, 100, 7, 203, 0, 113, 9];
    record.extend(shorts(&[50_000, 443]));
    for number in [700_u32, 7, 9_000, 9] {
        record.extend(number.to_be_bytes());
    }
    let (flows, counts, _) = decoded(&[ipfix(0, 1, &[set(2, &fields), set(256, &record)])]);
    assert_eq!((counts.flows, flows.len()), (1, 2));
    assert_eq!((flows[0].bytes, flows[0].packets), (700, 7));
    assert_eq!((flows[1].bytes, flows[1].packets), (9_000, 9));
    assert_eq!(
        (flows[1].source_port, flows[1].destination_port),
        (443, 50_000)
    );
    assert!(flows[0].source == flows[1].destination);
}

#[test]
fn what_did_not_come_is_counted_by_each_protocols_sequence() {
    let records = || set(256, &[record(1, 0, 0), record(2, 0, 0)].concat());
    let (_, counts, _) = decoded(&[v9(10, 7, &[set(0, &template())]), v9(14, 7, &[records()])]);
    assert_eq!(counts.lost, 3, "datagrams");
    let (_, counts, _) = decoded(&[
        ipfix(0, 7, &[set(2, &template()), records()]),
        ipfix(7, 7, &[records()]),
    ]);
    assert_eq!(counts.lost, 5, "records");
    let (_, counts, _) = decoded(&[
        v9(4_000_000_000, 7, &[set(0, &template())]),
        v9(1, 7, &[records()]),
    ]);
    assert_eq!(counts.lost, 0, "a restart is no loss");
}

#[test]
fn what_is_cut_keeps_what_stands_before_the_cut() {
    let whole = v9(
        1,
        7,
        &[
            set(0, &template()),
            set(256, &record(1, 0, 0)),
            set(256, &record(2, 0, 0)),
        ],
    );
    for cut in 0..whole.len() {
        let (flows, _, faults) = decoded(&[whole[..cut].to_vec()]);
        assert!(flows.len() <= 1 && faults.len() <= 1, "{cut}");
    }
    let (flows, counts, faults) = decoded(&[whole[..whole.len() - 1].to_vec()]);
    assert_eq!((flows.len(), counts.faults), (1, 1));
    assert!(matches!(faults[..], [Fault::Cut { .. }]));
    let (_, _, faults) = decoded(&[vec![0, 8, 1]]);
    assert_eq!(faults, [Fault::Version(8)]);
}

#[test]
fn a_template_without_length_is_refused_and_one_too_long_too() {
    let empty = shorts(&[256, 1, 8, 0]);
    let (_, _, faults) = decoded(&[v9(1, 7, &[set(0, &empty)])]);
    assert_eq!(faults, [Fault::Template(256)]);
    let long = [shorts(&[256, 513]), shorts(&[8, 4].repeat(513))].concat();
    let (_, _, faults) = decoded(&[v9(1, 7, &[set(0, &long)])]);
    assert_eq!(faults, [Fault::Template(256)]);
}
