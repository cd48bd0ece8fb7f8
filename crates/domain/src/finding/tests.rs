use super::*;

fn finding(score: i32, first: i64, last: i64) -> Finding {
    Finding {
        server: "203.0.113.9 4444/6".parse().unwrap(),
        score: Decibans::from_tenths(score),
        tier: FindingTier::Review,
        clients: Some(10),
        first_at: Timestamp::from_seconds(first * 3_600),
        last_at: Timestamp::from_seconds(last * 3_600),
        hours: [None; 24],
        evidence: vec![Evidence {
            code: EvidenceCode::OddPort,
            value: Measure::nearest(4_444.0),
            weight: Decibans::from_tenths(score),
        }],
    }
}

#[test]
fn one_carrier_is_a_carrier_and_no_number() {
    let one = finding(200, 4, 9);
    let candidate = merge(&[&one]).unwrap();
    assert_eq!(candidate.carriers, None);
    assert_eq!(candidate.score, one.score);
    assert_eq!(candidate.evidence, one.evidence);
    assert_eq!(merge(&[]), None);
}

#[test]
fn two_carriers_make_one_candidate_whatever_their_order() {
    let (mut one, mut other) = (finding(200, 4, 9), finding(260, 2, 7));
    (one.hours[3], other.hours[3], other.hours[5]) = (Some(20), Some(5), Some(10));
    one.tier = FindingTier::Share;
    let candidate = merge(&[&one, &other]).unwrap();
    assert_eq!(Some(&candidate), merge(&[&other, &one]).as_ref());
    assert_eq!(candidate.carriers, Some(2));
    assert_eq!(candidate.score.to_string(), "30.0");
    assert_eq!(candidate.score_without(EvidenceCode::Carriers), other.score);
    assert_eq!(
        (candidate.first_at, candidate.last_at),
        (other.first_at, one.last_at)
    );
    assert_eq!(
        (candidate.hours[3], candidate.hours[5], candidate.hours[0]),
        (Some(20), Some(10), None)
    );
    assert_eq!(candidate.active_hour_count(), 2);
    assert_eq!(candidate.tier, FindingTier::Share);
}

#[test]
fn a_carrier_that_counted_the_others_does_not_count_twice() {
    let mut one = finding(200, 4, 9);
    one.evidence.push(Evidence {
        code: EvidenceCode::Carriers,
        value: Measure::nearest(2.0),
        weight: Decibans::from_tenths(50),
    });
    one.score = Decibans::from_tenths(250);
    let candidate = merge(&[&one, &finding(100, 4, 9)]).unwrap();
    assert_eq!(candidate.score.tenths(), 240);
    let told = candidate
        .evidence
        .iter()
        .filter(|each| each.code == EvidenceCode::Carriers);
    assert_eq!(told.count(), 1);
}

#[test]
fn numbers_and_servers_keep_their_spelling() {
    assert_eq!(Decibans::nearest(-0.46).to_string(), "-0.5");
    assert_eq!(Decibans::nearest(31.2).to_string(), "31.2");
    assert_eq!(Measure::nearest(0.958).value().to_string(), "0.958");
    let server: Server = "2001:db8::9 443/17".parse().unwrap();
    assert_eq!(server.to_string(), "2001:db8::9 443/17");
    assert_eq!(server.defanged(), "2001[:]db8[:][:]9");
    for wrong in [
        "203.0.113.9",
        "203.0.113.9 4444",
        "a 1/6",
        "203.0.113.9 70000/6",
    ] {
        assert!(wrong.parse::<Server>().is_err(), "{wrong}");
    }
}
