use super::*;

#[test]
fn seconds_are_read_without_losing_a_millisecond() {
    let cases = [
        ("1800000000.987654", Some(1_800_000_000_987)),
        ("1800000000", Some(1_800_000_000_000)),
        ("0.000999", Some(0)),
        ("-0.5", Some(-500)),
        ("1.5e-05", Some(0)),
        ("1.8e9", Some(1_800_000_000_000)),
        ("2e3", Some(2_000_000)),
        ("99999999999999999999", None),
        ("inf", None),
        ("", None),
        ("-", None),
        (".5", Some(500)),
        ("1.2.3", None),
    ];
    for (text, expected) in cases {
        let found = millis(text).filter(|millis| millis.abs() < i64::MAX / 2);
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn times_that_no_clock_shows_are_none() {
    assert_eq!(instant("1800000000.5"), Some(1_800_000_000_500));
    assert_eq!(instant("1800000000500"), Some(1_800_000_000_500));
    assert_eq!(
        instant("2027-01-15T17:00:00.5+0900"),
        Some(1_800_000_000_500)
    );
    assert_eq!(instant("99999999999999999999"), None);
    assert_eq!(instant("-1"), None);
    assert_eq!(span(Some("1e300")), SPAN_MAX);
    assert_eq!((span(Some("-3")), span(Some("-")), span(None)), (0, 0, 0));
}

#[test]
fn numbers_and_addresses_have_several_spellings() {
    assert_eq!(number::<u16>("443.0"), Some(443));
    assert_eq!(number::<u16>("65536"), None);
    assert!(address("fe80::1%eth0") == address("fe80::1"));
    assert!(address("fe80::1").is_some() && address("host.example").is_none());
    assert_eq!(protocol_number("TCP"), Some(6));
    assert_eq!(protocol_number("IPv6-ICMP"), Some(58));
    assert_eq!(protocol_number("132"), Some(132));
    assert_eq!(protocol_number("arp"), None);
}
