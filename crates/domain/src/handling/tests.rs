use super::*;

fn codes(words: &[&str]) -> BTreeSet<Code> {
    words.iter().map(|word| word.parse().unwrap()).collect()
}

fn handling(tlp: Tlp, purposes: &[&str], circles: &[Circle]) -> Handling {
    Handling {
        tlp,
        purposes: codes(purposes),
        circles: circles.iter().copied().collect(),
        expires_at: None,
        consent: Consent::Granted,
    }
}

#[test]
fn meet_takes_the_stricter_of_everything() {
    let a = handling(
        Tlp::Green,
        &["defense", "statistics"],
        &[Circle::Ministry, Circle::Secretariat],
    );
    let mut b = handling(
        Tlp::Amber,
        &["defense"],
        &[Circle::Ministry, Circle::Police],
    );
    b.expires_at = Some(Timestamp::from_seconds(9));
    b.consent = Consent::Undecided;
    let meet = a.meet(&b);
    assert_eq!(meet.tlp, Tlp::Amber);
    assert_eq!(meet.purposes, codes(&["defense"]));
    assert_eq!(meet.circles, [Circle::Ministry].into());
    assert_eq!(meet.expires_at, Some(Timestamp::from_seconds(9)));
    assert_eq!(meet.consent, Consent::Undecided);
    assert_eq!(meet, b.meet(&a));
}

#[test]
fn disjoint_purposes_meet_in_nothing() {
    let a = handling(Tlp::Green, &["defense"], &[Circle::Ministry]);
    let b = handling(Tlp::Green, &["statistics"], &[Circle::Ministry]);
    assert!(a.meet(&b).is_empty());
}

#[test]
fn the_center_needs_consent() {
    let mut h = handling(Tlp::Green, &["defense"], &[Circle::NationalCenter]);
    assert_eq!(h.reach(), [Circle::NationalCenter].into());
    for consent in [Consent::Undecided, Consent::Refused] {
        h.consent = consent;
        assert!(h.reach().is_empty(), "{consent}");
    }
}

#[test]
fn handling_only_tightens() {
    let now = handling(Tlp::Amber, &["defense"], &[Circle::Ministry]);
    assert!(now.tightened(handling(Tlp::Red, &["defense"], &[])).is_ok());
    assert!(
        now.tightened(handling(Tlp::Green, &["defense"], &[]))
            .is_err()
    );
    assert!(
        now.tightened(handling(Tlp::Amber, &["supervision"], &[]))
            .is_err()
    );
    assert!(
        now.tightened(handling(Tlp::Amber, &["defense"], &[Circle::Police]))
            .is_err()
    );
}

/// Rows are labels, columns circles in declared order.
#[test]
fn labels_reach_as_the_table_says() {
    let matrix: String = Tlp::ALL
        .iter()
        .rev()
        .map(|tlp| {
            let row: String = Circle::ALL
                .iter()
                .map(|circle| if tlp.reaches(*circle) { 'o' } else { '-' })
                .collect();
            format!("{row}\n")
        })
        .collect();
    assert_eq!(
        matrix,
        "oo-------\noo-oo----\nooooooo--\noooooooo-\nooooooooo\n"
    );
}
