//! Inputs that are cut, changed, endless or nothing that is read here.

use seal::random::Random;

use super::*;

#[test]
fn what_is_nothing_of_ours_is_refused_by_name() {
    let unknown: [&[u8]; 6] = [
        b"PAR1 and the rest of a table\n",
        b"\x28\xb5\x2f\xfd packed twice\n",
        b"key,value\n1,2\n",
        b"hello",
        b"a",
        b"\n\n\n",
    ];
    for octets in unknown {
        let taken = take(octets, 3);
        assert_eq!(taken.end, Err(IntakeFault::Unknown), "{octets:?}");
        assert_eq!(taken.kind, None);
    }
    assert_eq!(take(b"", 1).end, Ok(()));
    let sflow = take(&[0, 0, 0, 5, 0, 0, 0, 1], 8);
    assert_eq!(sflow.end, Err(IntakeFault::Timeless));
}

#[test]
fn an_endless_line_is_counted_and_nothing_is_kept_of_it() {
    let mut intake = Intake::new();
    let mut columns = Columns::default();
    intake.push(ZEEK.as_bytes(), &mut columns).unwrap();
    for _ in 0..100 {
        intake.push(&vec![b'x'; 65_536], &mut columns).unwrap();
    }
    let Way::Lines(lines, _) = &intake.way else {
        panic!("no lines")
    };
    assert!(lines.held() == 0);
    intake.push(b"\n", &mut columns).unwrap();
    let before = columns.len();
    intake.push(ZEEK.as_bytes(), &mut columns).unwrap();
    intake.end(&mut columns).unwrap();
    assert_eq!(columns.len(), 2 * before);
    let long = Wrong::Line(LineFault::Long(6_553_600));
    let expected = Placed {
        place: 7,
        wrong: long,
    };
    assert_eq!(intake.faults(), [expected]);
    let mut intake = Intake::new();
    let beginning = (0..40).try_for_each(|_| intake.push(&vec![b'x'; 65_536], &mut columns));
    assert_eq!(beginning, Err(IntakeFault::Unknown));
}

#[test]
fn faults_say_where_and_never_what() {
    let secret = "198.51.100.77";
    let broken = format!("1800000000\tC3\t{secret}\tnoport\t203.0.113.9\t443\ttcp\tSF\t1\t1\n");
    let taken = take((ZEEK.to_owned() + &broken.repeat(30)).as_bytes(), 50);
    assert_eq!(taken.totals.faults, 30);
    assert_eq!(taken.faults.len(), FAULTS_KEPT_MAX);
    let said: String = taken.faults.iter().map(ToString::to_string).collect();
    assert!(said.starts_with("line 7: `id.orig_p` is absent or unreadable"));
    assert!(!said.contains(secret) && !said.contains("noport"));
}

#[test]
fn a_file_that_was_cut_gives_what_stands_before_the_cut() {
    let ipfix = fixture("ipfix.dat");
    let texts = [ZEEK, BINETFLOW, EVE].map(str::as_bytes);
    for whole in [texts[0], texts[1], texts[2], &ipfix, &capture()[..3_000]] {
        let all = take(whole, 128).flows;
        for cut in 0..whole.len() {
            let taken = take(&whole[..cut], 128);
            assert!(taken.flows.len() <= all.len());
            if taken.end.is_err() {
                assert!(taken.kind.is_none() && cut < 100, "{cut} {:?}", taken.end);
            }
        }
    }
}

#[test]
fn changed_inputs_are_survived() {
    let mut random = Random::from_seed([36; 32]);
    let samples = [
        ZEEK.as_bytes().to_vec(),
        BINETFLOW.as_bytes().to_vec(),
        EVE.as_bytes().to_vec(),
        fixture("ipfix.dat"),
        fixture("netflow9_test_softflowd_tpl_data.dat").repeat(3),
        capture()[..6_000].to_vec(),
    ];
    let mut faults = 0;
    for whole in samples {
        for _ in 0..800 {
            let mut copy = whole.clone();
            for _ in 0..6 {
                let place = random.below(u64::try_from(copy.len()).unwrap());
                let [octet] = random.bytes();
                copy[usize::try_from(place).unwrap()] = octet;
            }
            let taken = take(&copy, 512);
            faults += taken.totals.faults + u64::from(taken.end.is_err());
        }
    }
    assert!(faults > 1_000, "{faults}");
}
