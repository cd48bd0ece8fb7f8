//! Column by column and record by record: the same rows of the same octets.

use super::super::exporter::Domain;
use super::super::record::{Clock, Record};
use super::super::template::{Field, Kind, Scope, Template};
use super::*;

/// Templates that are made up.
const TEMPLATES: usize = 20_000;

/// Elements that a plan may read, with the lengths they come in; some other, some that forbid a plan.
const ELEMENTS: &[(u16, &[u16])] = &[
    (7, &[2]),
    (11, &[2, 4]),
    (4, &[1, 2]),
    (6, &[1, 2]),
    (1, &[4, 8, 3]),
    (2, &[4, 8, 5]),
    (85, &[8]),
    (86, &[4]),
    (231, &[4]),
    (23, &[4]),
    (24, &[8]),
    (22, &[4, 8]),
    (21, &[4, 8]),
    (150, &[4]),
    (151, &[4]),
    (152, &[8]),
    (153, &[8]),
    (154, &[8]),
    (157, &[8]),
    (136, &[1]),
    (48, &[1, 2]),
    (10, &[4]),
    (56, &[6]),
    (82, &[0, 32]),
    (180, &[2]),
    (161, &[4]),
    (232, &[4]),
    (34, &[4]),
    (159, &[4]),
    (160, &[8]),
];

#[test]
fn a_plan_makes_the_rows_that_its_records_make() {
    let mut random = Random::from_seed([71; 32]);
    let (mut planned, mut rows) = (0, 0);
    for _ in 0..TEMPLATES {
        let fields = fields(&mut random);
        let Some(template) = Template::compile(Kind::Flows, &fields) else {
            continue;
        };
        let domain = domain(&mut random);
        let clock = clock(&mut random);
        let set = octets(&mut random, &fields);
        let mut by_column = Columns::default();
        let plan = template.plan();
        let Some(count) = plan.and_then(|plan| domain.read(plan, &set, &clock, &mut by_column))
        else {
            assert!(by_column.is_empty());
            continue;
        };
        let (mut by_record, mut counts) = (Columns::default(), Counts::default());
        template.records(&set, &mut Record::new(), |record| {
            domain.add(record, &clock, &mut counts, &mut by_record);
        });
        assert_eq!((counts.flows, counts.others), (count, 0));
        assert!(flows(&by_column) == flows(&by_record), "{fields:?}");
        planned += 1;
        rows += by_column.len();
    }
    println!("{planned} of {TEMPLATES} templates had a plan, {rows} rows");
    assert!(planned > TEMPLATES / 10, "{planned}");
}

/// Two ends and a time, most of the time, and some of the elements, in any order.
fn fields(random: &mut Random) -> Vec<Field> {
    let octets = if random.below(4) == 0 { 16 } else { 4 };
    let (source, destination) = if octets == 4 { (8, 12) } else { (27, 28) };
    let mut told = vec![(source, octets), (destination, octets)];
    if random.below(8) > 0 {
        let (start, end, octets) =
            [(22, 21, 4), (152, 153, 8), (150, 151, 4), (156, 157, 8)][below(random, 4)];
        told.extend([(start, octets), (end, octets)]);
    }
    for _ in 0..below(random, 8) {
        let (element, lengths) = ELEMENTS[below(random, ELEMENTS.len())];
        told.push((element, lengths[below(random, lengths.len())]));
    }
    for place in 0..told.len() {
        let other = below(random, told.len());
        told.swap(place, other);
    }
    let field = |(id, length)| Field {
        enterprise: 0,
        id,
        length,
        scope: Scope::Element,
    };
    told.into_iter().map(field).collect()
}

fn domain(random: &mut Random) -> Domain {
    let mut domain = Domain::default();
    domain.sampled(u32::from_be_bytes(random.bytes()) >> 16);
    for _ in 0..below(random, 3) {
        let rate = u32::from_be_bytes(random.bytes()) >> 20;
        domain.sampled_by(random.below(256), rate);
    }
    domain
}

fn clock(random: &mut Random) -> Clock {
    let boot_ms = (random.below(3) == 0).then_some(1_700_000_000_000);
    Clock {
        export_ms: 1_800_000_000_000,
        uptime_ms: (random.below(3) > 0).then(|| u32::from_be_bytes(random.bytes())),
        boot_ms,
    }
}

/// Up to 30 records and a rest, of random octets, or with long runs of zeros.
fn octets(random: &mut Random, fields: &[Field]) -> Vec<u8> {
    let length: usize = fields.iter().map(|field| usize::from(field.length)).sum();
    let mut octets = vec![0; below(random, 30 * length + 2)];
    random.fill(&mut octets);
    if random.below(4) == 0 {
        for octet in &mut octets {
            *octet = if *octet < 200 { 0 } else { *octet };
        }
    }
    octets
}
