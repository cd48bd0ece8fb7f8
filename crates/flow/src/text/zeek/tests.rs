use super::*;

const HEADER: &str = "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes";
const LINE: &str = "1800000000.987654\tC1\t198.51.100.7\t50000\t203.0.113.9\t443\ttcp\t-\t1.500000\t100\t2000\tSF\tShADadFf\t6\t420\t5\t2260";
const REFUSED: &str = "1800000001.000000\tC2\t198.51.100.7\t50001\t203.0.113.9\t443\ttcp\t-\t-\t-\t-\tS0\tS\t1\t60\t0\t0";
const JSON: &str = r#"{"ts":1800000000.987654,"uid":"C1","id.orig_h":"198.51.100.7","id.orig_p":50000,"id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp","duration":1.5,"orig_bytes":100,"resp_bytes":2000,"conn_state":"SF","history":"ShADadFf","orig_pkts":6,"orig_ip_bytes":420,"resp_pkts":5,"resp_ip_bytes":2260}"#;

fn read(lines: &[&str]) -> (Vec<Flow>, Vec<LineFault>) {
    let (mut reader, mut columns) = (ZeekReader::new(), Columns::default());
    let faults = lines
        .iter()
        .filter_map(|line| reader.line(line.as_bytes(), &mut columns).err())
        .collect();
    let flows = (0..columns.len()).map(|row| columns.flow(row).unwrap());
    (flows.collect(), faults)
}

#[test]
fn a_connection_is_a_flow_each_way() {
    let (flows, faults) = read(&[HEADER, LINE]);
    assert!(faults.is_empty(), "{faults:?}");
    let [forth, back] = flows[..] else {
        panic!("{}", flows.len())
    };
    assert_eq!((forth.packets, forth.bytes), (6, 420));
    assert_eq!((back.packets, back.bytes), (5, 2_260));
    assert_eq!(
        (forth.start_ms, forth.end_ms),
        (1_800_000_000_987, 1_800_000_002_487)
    );
    assert_eq!((forth.flags, back.flags), (0x1b, 0x1b));
    assert!(forth.source == back.destination && forth.destination == back.source);
    assert_eq!((back.source_port, back.destination_port), (443, 50_000));
}

#[test]
fn what_nobody_answered_has_no_way_back() {
    let (flows, _) = read(&[HEADER, REFUSED]);
    assert_eq!(flows.len(), 1);
    assert_eq!(flows[0].flags, 0x02);
    assert_eq!(flows[0].start_ms, flows[0].end_ms);
}

#[test]
fn json_says_the_same() {
    let (tabs, _) = read(&[HEADER, LINE]);
    let (json, faults) = read(&[JSON]);
    assert!(faults.is_empty(), "{faults:?}");
    assert!(tabs == json);
}

#[test]
fn a_wrong_line_says_what_is_wrong_and_adds_nothing() {
    let broken = LINE.replace("203.0.113.9", "host.example");
    let (flows, faults) = read(&[LINE, HEADER, &broken, "{\"ts\":", "", REFUSED]);
    assert_eq!(flows.len(), 1);
    assert_eq!(
        faults,
        [
            LineFault::NoFields,
            LineFault::Field(DESTINATION),
            LineFault::Json
        ]
    );
}

#[test]
fn tables_with_a_line_of_names_say_the_same() {
    let (tabs, _) = read(&[HEADER, LINE, REFUSED]);
    let names = HEADER.trim_start_matches("#fields\t");
    for separator in ["\t", ",", ";"] {
        let table = [names, LINE, names, REFUSED].map(|line| line.replace('\t', separator));
        let (flows, faults) = read(&table.each_ref().map(String::as_str));
        assert!(faults.is_empty(), "{faults:?}");
        assert!(flows == tabs, "{separator:?}");
    }
    let quoted = [names, &LINE.replace("\t-\t", "\t\"http,ssl\"\t")];
    let quoted = quoted.map(|line| line.replace('\t', ","));
    let (flows, _) = read(&quoted.each_ref().map(String::as_str));
    assert!(flows == tabs[..2]);
}

#[test]
fn zeeks_own_header_may_say_another_separator_and_change_on_the_way() {
    let (tabs, _) = read(&[HEADER, LINE]);
    let comma = [HEADER, LINE].map(|line| line.replace('\t', ","));
    let turned = "#fields\tproto\tid.resp_p\tid.resp_h\tid.orig_p\tid.orig_h\tts\tconn_state";
    let values = "udp\t53\t203.0.113.9\t50000\t2001:db8::7\t1800000002.5\tS0";
    let (flows, faults) = read(&[
        "#separator \\x2c",
        &comma[0],
        &comma[1],
        "#separator \\x09",
        turned,
        values,
        "#close\t2027-01-15-08-00-00",
    ]);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(flows.len(), 3);
    assert!(flows[..2] == tabs);
    assert_eq!((flows[2].protocol, flows[2].destination_port), (17, 53));
    let (_, faults) = read(&["#separator ||"]);
    assert_eq!(faults, [LineFault::Separator]);
}

#[test]
fn labels_behind_three_spaces_do_no_harm() {
    let labeled = [
        format!("{HEADER}\ttunnel_parents   label   detailed-label"),
        format!("{LINE}\t(empty)   Malicious   C&C"),
    ];
    let (flows, faults) = read(&labeled.each_ref().map(String::as_str));
    assert!(faults.is_empty(), "{faults:?}");
    assert!(flows == read(&[HEADER, LINE]).0);
}

#[test]
fn another_log_is_named_once_and_passed_over() {
    let other = "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery";
    let values = "1800000000.0\tC1\t198.51.100.7\t5\t203.0.113.9\t53\tudp\thost.example";
    let (flows, faults) = read(&[other, values, values, HEADER, REFUSED]);
    assert_eq!((flows.len(), faults), (1, vec![LineFault::OtherLog]));
    let dns = JSON.replace("conn_state", "query");
    let many = dns.replace("{\"ts\"", "{\"_path\":\"dns\",\"ts\"");
    let (flows, faults) = read(&[&dns, &many, JSON, &dns]);
    assert_eq!((flows.len(), faults), (2, vec![LineFault::OtherLog]));
}

#[test]
fn times_are_read_in_the_three_spellings_of_json() {
    let (seconds, _) = read(&[JSON]);
    for spelling in ["1800000000987", "\"2027-01-15T08:00:00.987654Z\""] {
        let line = JSON.replace("1800000000.987654", spelling);
        let (flows, faults) = read(&[&line]);
        assert!(faults.is_empty(), "{faults:?}");
        assert!(flows == seconds, "{spelling}");
    }
    let short = JSON.replace("\"duration\":1.5", "\"duration\":1.9e-05");
    assert_eq!(read(&[&short]).0[0].end_ms, 1_800_000_000_987);
}

#[test]
fn a_log_is_known_by_its_first_line() {
    let table = HEADER.trim_start_matches("#fields\t").replace('\t', ",");
    for line in ["#separator \\x09", HEADER, &table, JSON] {
        assert!(ZeekReader::begins(line.as_bytes()), "{line}");
    }
    for line in ["", "# a comment", "StartTime,SrcAddr", "{}"] {
        assert!(!ZeekReader::begins(line.as_bytes()), "{line}");
    }
}
