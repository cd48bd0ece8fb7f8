//! Datagrams of real exporters: the records that others read in them, and each value that is kept.

use super::*;

/// What the files of a group hold, datagram by datagram: a file of IPFIX may hold several.
pub(super) fn datagrams(files: &[Value]) -> Vec<Vec<u8>> {
    let mut parted = Vec::new();
    for file in files {
        let bytes = std::fs::read(fixture(file.as_str().unwrap())).unwrap();
        let mut rest = bytes.as_slice();
        // IPFIX says how long it is.
        while rest.len() >= 4 && rest[..2] == [0, 10] {
            let length = usize::from(u16::from_be_bytes([rest[2], rest[3]]));
            if length < 16 || length >= rest.len() {
                break;
            }
            parted.push(rest[..length].to_vec());
            rest = &rest[length..];
        }
        parted.push(rest.to_vec());
    }
    parted
}

/// The values of a golden event by what they are called here.
fn expected(event: &Value) -> Vec<(&'static str, Value)> {
    const NAMES: [(&str, &[&str]); 10] = [
        (
            "source",
            &[
                "ipv4_src_addr",
                "ipv6_src_addr",
                "sourceIPv4Address",
                "sourceIPv6Address",
            ],
        ),
        (
            "destination",
            &[
                "ipv4_dst_addr",
                "ipv6_dst_addr",
                "destinationIPv4Address",
                "destinationIPv6Address",
            ],
        ),
        ("source_port", &["l4_src_port", "sourceTransportPort"]),
        (
            "destination_port",
            &["l4_dst_port", "destinationTransportPort"],
        ),
        ("protocol", &["protocol", "protocolIdentifier"]),
        ("flags", &["tcp_flags", "tcpControlBits"]),
        (
            "bytes",
            &[
                "in_bytes",
                "octetDeltaCount",
                "octetTotalCount",
                "fwd_flow_delta_bytes",
            ],
        ),
        (
            "packets",
            &["in_pkts", "packetDeltaCount", "packetTotalCount"],
        ),
        ("start_of_uptime", &["first_switched"]),
        (
            "start_ms",
            &[
                "flow_start_msec",
                "flowStartMilliseconds",
                "flowStartSeconds",
            ],
        ),
    ];
    let read = &event["netflow"];
    let mut found = Vec::new();
    for (name, spelled) in NAMES {
        let value = spelled
            .iter()
            .map(|key| &read[*key])
            .find(|value| !value.is_null());
        found.extend(value.map(|value| (name, value.clone())));
    }
    found
}

/// Whether `flow` has the value that is expected under `name`.
fn agrees(flow: &Flow, name: &str, value: &Value) -> bool {
    let number = |held: u64| value.as_u64() == Some(held);
    let address = |held: std::net::IpAddr| {
        value
            .as_str()
            .unwrap()
            .parse::<std::net::IpAddr>()
            .unwrap()
            .to_canonical()
            == held
    };
    match name {
        "source" => address(flow.source.ip()),
        "destination" => address(flow.destination.ip()),
        "source_port" => number(u64::from(flow.source_port)),
        "destination_port" => number(u64::from(flow.destination_port)),
        "protocol" => number(u64::from(flow.protocol)),
        // Nine bits since RFC 7125; the eight of RFC 9293 are kept.
        "flags" => value.as_u64().map(|flags| flags & 0xff) == Some(u64::from(flow.flags)),
        "bytes" => number(flow.bytes),
        "packets" => number(flow.packets),
        "start_ms" => match value {
            Value::String(text) => {
                let said = text.parse::<jiff::Timestamp>().unwrap();
                said.as_millisecond() == flow.start_ms
            }
            said => {
                let said = said.as_i64().unwrap();
                said == flow.start_ms || said * 1_000 == flow.start_ms
            }
        },
        "start_of_uptime" => {
            let text = value.as_str().unwrap();
            let said = text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
            // The golden events subtract two uptimes without regard to a wrap, and take the rest of the
            // milliseconds from a second that they do not give back; two of one datagram with one
            // uptime differ, the first of them in a fraction of .999.
            let late = (said - flow.start_ms).rem_euclid(1 << 32);
            late == 0 || late == 1_000 || (late < 2_000 && text.contains(".999"))
        }
        other => panic!("{other}"),
    }
}

#[test]
fn every_group_has_the_records_that_others_count() {
    let groups = json("groups-and-expected-record-counts.json");
    let mut wrong = Vec::new();
    let mut counted = 0;
    for group in groups.as_array().unwrap() {
        let (name, files) = (group[0].as_str().unwrap(), group[1].as_array().unwrap());
        let Some(said) = group[2].as_u64() else {
            continue;
        };
        counted += 1;
        let mut held = datagrams(files);
        // Three messages lie in this file, of which the others read the first.
        if name == "IPFIX" {
            held.truncate(1);
        }
        let (_, counts, faults) = decoded(&held);
        let held = counts.flows + counts.options + counts.others;
        if held != said {
            wrong.push(format!("{name}: {held} of {said}, {counts:?}, {faults:?}"));
        }
    }
    assert!(counted >= 43, "{counted}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_golden_event_is_read_value_by_value() {
    let groups = json("groups-and-expected-record-counts.json");
    let golden = json("golden-events.json");
    let mut wrong = Vec::new();
    let mut compared = 0;
    for group in groups.as_array().unwrap() {
        let (name, files) = (group[0].as_str().unwrap(), group[1].as_array().unwrap());
        let Some(events) = golden.get(name.trim()).or_else(|| golden.get(name)) else {
            continue;
        };
        let (flows, _, faults) = decoded(&datagrams(files));
        for event in events.as_array().unwrap() {
            let values = expected(event);
            if !values.iter().any(|(name, _)| *name == "source") {
                continue;
            }
            compared += 1;
            let matching =
                |flow: &&Flow| values.iter().all(|(name, value)| agrees(flow, name, value));
            if flows.iter().find(matching).is_none() {
                let but_time = |flow: &&Flow| {
                    let mut values = values.iter().filter(|(name, _)| !name.starts_with("start"));
                    values.all(|(name, value)| agrees(flow, name, value))
                };
                let near = flows.iter().find(but_time).map(|flow| flow.start_ms);
                wrong.push(format!(
                    "{name}: {values:?} in none of {}, but for a start of {near:?}, {faults:?}",
                    flows.len()
                ));
            }
        }
    }
    assert!(compared > 45, "{compared}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
