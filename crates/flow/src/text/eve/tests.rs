use super::*;

const FLOW: &str = r#"{"timestamp":"2027-01-15T17:00:10.000000+0900","flow_id":1,"event_type":"flow","src_ip":"198.51.100.7","src_port":50000,"dest_ip":"203.0.113.9","dest_port":443,"proto":"TCP","app_proto":"tls","flow":{"pkts_toserver":6,"pkts_toclient":5,"bytes_toserver":420,"bytes_toclient":2260,"start":"2027-01-15T17:00:00.987654+0900","end":"2027-01-15T17:00:02.487000+0900","age":2,"state":"closed","reason":"timeout","alerted":false},"tcp":{"tcp_flags":"1b","tcp_flags_ts":"1a","tcp_flags_tc":"1b","syn":true}}"#;
const NETFLOW: &str = r#"{"event_type":"netflow","src_ip":"2001:db8::7","src_port":50000,"dest_ip":"2001:db8::9","dest_port":53,"proto":"UDP","netflow":{"pkts":2,"bytes":180,"start":"2027-01-15T08:00:00Z","end":"2027-01-15T08:00:01Z","age":1,"min_ttl":64,"max_ttl":64}}"#;
const ALERT: &str = r#"{"event_type":"alert","src_ip":"198.51.100.7","flow":{"pkts_toserver":1}}"#;

fn read(line: &str) -> (Vec<Flow>, Result<Line, LineFault>) {
    let mut columns = Columns::default();
    let read = EveReader::new().line(line.as_bytes(), &mut columns);
    let flows = (0..columns.len()).map(|row| columns.flow(row).unwrap());
    (flows.collect(), read)
}

#[test]
fn an_event_of_a_flow_has_both_ways() {
    let (flows, read) = read(FLOW);
    assert_eq!(read, Ok(Line::Flows));
    let [forth, back] = flows[..] else {
        panic!("{}", flows.len())
    };
    assert_eq!((forth.packets, forth.bytes, forth.flags), (6, 420, 0x1a));
    assert_eq!((back.packets, back.bytes, back.flags), (5, 2_260, 0x1b));
    assert_eq!(
        (forth.start_ms, forth.end_ms),
        (1_800_000_000_987, 1_800_000_002_487)
    );
    assert!(forth.ending == Ending::Ended && forth.opener == Opener::Source);
    assert!(back.opener == Opener::Destination && back.source_port == 443);
}

#[test]
fn an_event_of_netflow_has_one_way_and_nobody_who_opened() {
    let (flows, read) = read(NETFLOW);
    assert_eq!((read, flows.len()), (Ok(Line::Flows), 1));
    let flow = flows[0];
    assert_eq!((flow.packets, flow.bytes, flow.protocol), (2, 180, 17));
    assert_eq!(flow.end_ms - flow.start_ms, 1_000);
    assert!(flow.opener == Opener::Unsaid);
}

#[test]
fn a_talk_that_was_under_way_and_one_that_was_not_answered() {
    let (flows, _) = read(&FLOW.replace("\"1b\",\"tcp_flags_ts\"", "\"18\",\"tcp_flags_ts\""));
    assert!(flows.iter().all(|flow| flow.opener == Opener::Unsaid));
    let dead = FLOW
        .replace("\"pkts_toclient\":5", "\"pkts_toclient\":0")
        .replace("\"bytes_toclient\":2260", "\"bytes_toclient\":0")
        .replace("closed", "new");
    let (flows, _) = read(&dead);
    assert_eq!(flows.len(), 1);
    assert!(flows[0].ending == Ending::Idle);
}

#[test]
fn other_events_are_passed_over_and_wrong_ones_named() {
    assert_eq!(read(ALERT).1, Ok(Line::Passed));
    assert_eq!(read("").1, Ok(Line::Header));
    let wrong = [
        (
            FLOW.replace("203.0.113.9", "host.example"),
            LineFault::Field("dest_ip"),
        ),
        (
            FLOW.replace("\"start\"", "\"begin\""),
            LineFault::Field("start"),
        ),
        (
            FLOW.replace("\"flow\":{", "\"talk\":{"),
            LineFault::Field("flow"),
        ),
        (FLOW.replace("event_type", "kind"), LineFault::OtherLog),
        (FLOW.replace("\"tcp\":{", "\"tcp\":["), LineFault::Json),
    ];
    for (line, fault) in wrong {
        let (flows, read) = read(&line);
        assert!(flows.is_empty());
        assert_eq!(read, Err(fault), "{line}");
    }
    for end in 1..FLOW.len() {
        assert_eq!(read(FLOW.get(..end).unwrap()).1, Err(LineFault::Json));
    }
}
