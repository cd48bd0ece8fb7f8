use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use domain::finding::TRAIL_CHARS_MAX;

use super::*;
use crate::server_list::pattern::PatternFault;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const RED: &str = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";
const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";

fn csv(text: &str) -> ServerList {
    read(ListFormat::Csv, text, NOW).unwrap()
}

fn bundle(objects: &str) -> ServerList {
    let text = format!(r#"{{"type":"bundle","id":"bundle--1","objects":[{objects}]}}"#);
    read(ListFormat::Stix, &text, NOW).unwrap()
}

/// An indicator of its own.
fn indicator(pattern: &str, more: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (pattern, more).hash(&mut hasher);
    let id = format!("indicator--{}", hasher.finish());
    version(&id, pattern, more)
}

fn version(id: &str, pattern: &str, more: &str) -> String {
    format!(
        r#"{{"type":"indicator","id":"{id}","name":"mirai","pattern_type":"stix","pattern":"{pattern}"{more}}}"#
    )
}

/// The servers, one a line: address, port, trail.
fn spelled(list: &ServerList) -> Vec<String> {
    let each = |server: &ListedServer| {
        let port = server.port.map_or("-".to_owned(), |port| port.to_string());
        let trail = server.trail.as_ref().map_or("-", BoundedText::as_str);
        format!("{} {port} {trail}", server.address)
    };
    list.servers.iter().map(each).collect()
}

fn faults(list: ServerList) -> Vec<(Place, LineFault)> {
    let refused = list.refused.into_iter();
    refused.map(|one| (one.place, one.fault)).collect()
}

#[test]
fn lines_name_servers_with_and_without_port_and_trail() {
    let list = csv(
        "\u{FEFF}ip,port,trail\n203.0.113.9,4444,mirai\r\n# seen in May\n\n\
         203.0.113.9,4444,mirai\n203.0.113.9,4444,gafgyt\n198.51.100.7\n\
         \"2001:db8::1\",\"0\",\"one, two\"\n203.0.113.10:8080\n[2001:db8::2]:443,emotet\n",
    );
    assert_eq!(
        spelled(&list),
        [
            "198.51.100.7 - -",
            "203.0.113.9 4444 gafgyt",
            "203.0.113.9 4444 mirai",
            "203.0.113.10 8080 -",
            "2001:db8::1 - one, two",
            "2001:db8::2 443 emotet",
        ]
    );
    assert_eq!((list.repeated_count, list.refused_count), (1, 0));
}

#[test]
fn each_line_that_names_none_is_told_and_the_others_are_taken() {
    let long = "x".repeat(TRAIL_CHARS_MAX + 1);
    let text = format!(
        "host.example,80\n203.0.113.9\n192.168.1.4\n203.0.113.0/24\n203.0.113.9,70000\n\
         203.0.113.9,80,{long}\n"
    );
    let list = csv(&text);
    assert_eq!(spelled(&list), ["203.0.113.9 - -"]);
    let too_long = TextError::TooLong {
        chars: TRAIL_CHARS_MAX + 1,
        chars_max: TRAIL_CHARS_MAX,
    };
    assert_eq!(
        faults(list),
        [
            (Place::Line(1), LineFault::NoAddress),
            (
                Place::Line(3),
                LineFault::NotPublic("192.168.1.4".parse().unwrap())
            ),
            (Place::Line(4), LineFault::Network),
            (Place::Line(5), LineFault::Port),
            (Place::Line(6), LineFault::Trail(too_long)),
        ]
    );
    let many = csv(&"x.example\n".repeat(REFUSED_TOLD_MAX + 5));
    assert_eq!(many.refused.len(), REFUSED_TOLD_MAX);
    assert_eq!(many.refused_count, 25);
}

#[test]
fn a_bundle_names_servers_by_observables_and_by_patterns() {
    let list = bundle(&[
        r#"{"type":"identity","id":"identity--1","name":"x"}"#,
        r#"{"type":"ipv4-addr","id":"ipv4-addr--1","value":"203.0.113.1"}"#,
        r#"{"type":"ipv4-addr","id":"ipv4-addr--2","value":"203.0.113.2"}"#,
        r#"{"type":"ipv4-addr","id":"ipv4-addr--3","value":"192.168.1.4"}"#,
        r#"{"type":"network-traffic","id":"network-traffic--1","src_ref":"ipv4-addr--3","dst_ref":"ipv4-addr--2","dst_port":443,"protocols":["tcp"]}"#,
        &indicator("[ipv4-addr:value = '203.0.113.3']", ""),
        &indicator(
            "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '203.0.113.4' AND network-traffic:dst_port = 8080]",
            &format!(r#","object_marking_refs":["{GREEN}"]"#),
        ),
        &indicator("[ipv6-addr:value IN ('2001:db8::1','2001:db8::2')] OR [ipv4-addr:value='203.0.113.5' OR domain-name:value='x.example']", ""),
        &indicator("[file:hashes.'SHA-256' = 'aa']", ""),
        &indicator("[ipv4-addr:value = '203.0.113.6']", r#","revoked":true"#),
        &indicator("[ipv4-addr:value = '203.0.113.7']", r#","valid_until":"2027-01-15T07:59:59Z""#),
        &indicator("[ipv4-addr:value = '203.0.113.8']", r#","valid_until":"2027-01-15T08:00:01Z""#),
    ]
    .join(","));
    assert_eq!(
        spelled(&list),
        [
            "203.0.113.1 - -",
            "203.0.113.2 443 -",
            "203.0.113.3 - mirai",
            "203.0.113.4 8080 mirai",
            "203.0.113.5 - mirai",
            "203.0.113.8 - mirai",
            "2001:db8::1 - mirai",
            "2001:db8::2 - mirai",
        ]
    );
    // The identity, both sides of the traffic, the hash, what was revoked and what is over.
    assert_eq!((list.passed_count, list.refused_count), (6, 0));
}

#[test]
fn objects_that_are_closed_or_too_clever_are_told() {
    let red = format!(r#","object_marking_refs":["{RED}"]"#);
    let own = r#","object_marking_refs":["marking-definition--x"]"#;
    let list = bundle(
        &[
            indicator("[ipv4-addr:value = '203.0.113.3']", &red),
            indicator("[ipv4-addr:value = '203.0.113.3']", own),
            indicator("[ipv4-addr:value = '203.0.113.0/24']", ""),
            indicator("[ipv4-addr:value != '203.0.113.3']", ""),
            indicator(
                "[ipv4-addr:value = '203.0.113.3' AND url:value = 'http://x']",
                "",
            ),
            indicator(
                "[ipv4-addr:value = '203.0.113.3' AND ipv4-addr:value = '203.0.113.4']",
                "",
            ),
            indicator(
                "[network-traffic:dst_ref.value = '203.0.113.3' AND network-traffic:dst_port = 0]",
                "",
            ),
            indicator(
                "[ipv4-addr:value = '203.0.113.3'] FOLLOWEDBY [ipv4-addr:value = '203.0.113.4']",
                "",
            ),
            r#"{"type":"network-traffic","id":"network-traffic--1","dst_ref":"ipv4-addr--9"}"#
                .to_owned(),
            format!(r#"{{"type":"ipv4-addr","id":"ipv4-addr--1","value":"203.0.113.1"{red}}}"#),
            r#"{"type":"network-traffic","id":"network-traffic--2","dst_ref":"ipv4-addr--1"}"#
                .to_owned(),
        ]
        .join(","),
    );
    assert!(list.servers.is_empty());
    let told: Vec<LineFault> = faults(list).into_iter().map(|(_, fault)| fault).collect();
    assert_eq!(
        told,
        [
            LineFault::Marked("TLP:RED"),
            LineFault::Marked("one that this program does not know"),
            LineFault::Network,
            LineFault::Pattern(PatternFault::Unread(18)),
            LineFault::Pattern(PatternFault::Beside("url:value".to_owned())),
            LineFault::Pattern(PatternFault::Twice),
            LineFault::Pattern(PatternFault::Port),
            LineFault::Pattern(PatternFault::Unread(35)),
            LineFault::NoReference,
            LineFault::Marked("TLP:RED"),
        ]
    );
}

#[test]
fn of_several_versions_the_latest_counts_and_none_of_what_was_revoked() {
    let of = |id: &str, last: u8, month: u8, more: &str| {
        let pattern = format!("[ipv4-addr:value = '203.0.113.{last}']");
        let modified = format!(r#","modified":"2026-{month:02}-01T00:00:00Z"{more}"#);
        version(&format!("indicator--{id}"), &pattern, &modified)
    };
    let red = format!(r#","object_marking_refs":["{RED}"]"#);
    let list = bundle(
        &[
            // The order in the file says nothing.
            of("moved", 2, 3, ""),
            of("moved", 1, 2, ""),
            of("taken-back", 3, 1, ""),
            of("taken-back", 3, 2, r#","revoked":true"#),
            of("harmless", 4, 1, ""),
            of("harmless", 4, 2, r#","indicator_types":["benign"]"#),
            of(
                "doubted",
                5,
                2,
                r#","indicator_types":["benign","anomalous-activity"]"#,
            ),
            of("closed", 6, 1, ""),
            of("closed", 6, 2, &red),
            of("ended", 7, 1, ""),
            of("ended", 7, 2, r#","valid_until":"2026-03-01T00:00:00Z""#),
            of("unsure", 8, 1, ""),
            version(
                "indicator--unsure",
                "[ipv4-addr:value = '203.0.113.8']",
                r#","modified":"lately""#,
            ),
            version("indicator--unsaid", "[ipv4-addr:value = '203.0.113.9']", ""),
            of("unsaid", 10, 1, ""),
        ]
        .join(","),
    );
    let named = [
        "203.0.113.2 - mirai",
        "203.0.113.5 - mirai",
        "203.0.113.10 - mirai",
    ];
    assert_eq!(spelled(&list), named);
    assert_eq!(list.passed_count, 10);
    let told: Vec<LineFault> = faults(list).into_iter().map(|(_, fault)| fault).collect();
    assert_eq!(told, [LineFault::Marked("TLP:RED"), LineFault::Modified]);
}

#[test]
fn until_when_an_indicator_holds_is_kept() {
    let until = r#","valid_until":"2027-01-15T08:00:01.5+00:00""#;
    let list = bundle(&indicator("[ipv4-addr:value = '203.0.113.8']", until));
    let kept: Vec<Option<Timestamp>> = list.servers.iter().map(|server| server.until).collect();
    assert_eq!(
        kept,
        [Some(Timestamp::from_micros(
            NOW.plus_seconds(1).micros() + 500_000
        ))]
    );
}

#[test]
fn a_statement_stands_for_no_tlp_and_is_told() {
    let statement = r#"{"type":"marking-definition","id":"marking-definition--c","definition_type":"statement","definition":{"statement":"Members of X alone\u001b"}}"#;
    let under = |last: u8, markings: &str| {
        indicator(
            &format!("[ipv4-addr:value = '203.0.113.{last}']"),
            &format!(r#","object_marking_refs":[{markings}]"#),
        )
    };
    let alone = under(3, r#""marking-definition--c""#);
    let list = bundle(&[statement, &alone].join(","));
    assert_eq!(spelled(&list), ["203.0.113.3 - mirai"]);
    let told = list.statements.iter().map(String::as_str);
    assert_eq!(told.collect::<Vec<_>>(), ["Members of X alone"]);
    assert_eq!(list.under_statement_count, 1);
    // Where others are marked by TLP, what is not marked so was left out or forgotten.
    let both = under(4, &format!(r#""marking-definition--c","{GREEN}""#));
    let list = bundle(&[statement, &alone, &both].join(","));
    assert_eq!(spelled(&list), ["203.0.113.4 - mirai"]);
    assert_eq!((list.under_statement_count, list.refused_count), (0, 1));
    let marked = LineFault::Marked("a statement without TLP");
    assert_eq!(faults(list)[0].1, marked);
}

#[test]
fn a_port_of_traffic_that_is_none_does_not_become_every_port() {
    let to = |port: &str| {
        bundle(&format!(
            r#"{{"type":"ipv4-addr","id":"ipv4-addr--1","value":"203.0.113.1"}},
               {{"type":"network-traffic","id":"network-traffic--1","dst_ref":"ipv4-addr--1"{port}}}"#
        ))
    };
    assert_eq!(spelled(&to("")), ["203.0.113.1 - -"]);
    assert_eq!(
        spelled(&to(r#","dst_port":65535"#)),
        ["203.0.113.1 65535 -"]
    );
    for port in ["70000", "0", "-1", "\"443\"", "443.5", "null"] {
        let list = to(&format!(r#","dst_port":{port}"#));
        assert!(list.servers.is_empty(), "{port}");
        assert_eq!(faults(list)[0].1, LineFault::TrafficPort, "{port}");
    }
}

#[test]
fn quotes_inside_of_a_field_stand_twice() {
    let list = csv(
        "203.0.113.1,80,\"a \"\"b\"\", c\"\n203.0.113.2,80,\"\"\"x\"\"\" , more\n\
         203.0.113.3,80,\"open\n203.0.113.4,80,\"a\" b\n203.0.113.5,\"\",\"\"\n",
    );
    assert_eq!(
        spelled(&list),
        [
            "203.0.113.1 80 a \"b\", c",
            "203.0.113.2 80 \"x\"",
            "203.0.113.5 - -"
        ]
    );
    let told = [
        (Place::Line(3), LineFault::Quote),
        (Place::Line(4), LineFault::Quote),
    ];
    assert_eq!(faults(list), told);
}

#[test]
fn a_network_of_one_address_is_a_server() {
    let list = csv("203.0.113.1/32,80\n2001:db8::1/128\n203.0.113.0/31\n2001:db8::1/32\nx/32\n");
    assert_eq!(spelled(&list), ["203.0.113.1 80 -", "2001:db8::1 - -"]);
    let told: Vec<LineFault> = faults(list).into_iter().map(|(_, fault)| fault).collect();
    assert_eq!(
        told,
        [LineFault::Network, LineFault::Network, LineFault::NoAddress]
    );
    let list = bundle(&indicator("[ipv4-addr:value = '203.0.113.3/32']", ""));
    assert_eq!(spelled(&list), ["203.0.113.3 - mirai"]);
}

#[test]
fn what_is_no_bundle_or_too_deep_is_refused_as_a_whole() {
    let whole = |text: &str| read(ListFormat::Stix, text, NOW).unwrap_err();
    for text in [
        "",
        "[]",
        r#"{"type":"indicator"}"#,
        r#"{"type":"bundle","objects":{}}"#,
    ] {
        assert!(matches!(whole(text), ListFault::NoBundle(_)), "{text}");
    }
    let deep = format!(
        r#"{{"type":"bundle","objects":[{}{}]}}"#,
        "[".repeat(NESTING_MAX),
        "]".repeat(NESTING_MAX)
    );
    assert_eq!(whole(&deep), ListFault::Nested);
    // Brackets inside a text are none.
    let text = format!(
        r#"{{"type":"bundle","objects":[{{"type":"x","name":"\"{}"}}]}}"#,
        "[".repeat(NESTING_MAX + 1)
    );
    assert_eq!(read(ListFormat::Stix, &text, NOW).unwrap().passed_count, 1);
}
