use super::*;

const HEADER: &str = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label";
const TALK: &str = "2027/01/15 08:00:00.987654,1.500000,tcp,198.51.100.7,50000,   ->,203.0.113.9,443,FSPA_FSPA,0,0,11,2680,420,flow=From-Botnet";
const REFUSED: &str = "2027/01/15 08:00:01.000000,0.000000,tcp,198.51.100.7,0xc351,   ->,203.0.113.9,443,S_,0,,3,186,186,flow=Background";

fn read(lines: &[&str]) -> (Vec<Flow>, Vec<Result<Line, LineFault>>) {
    let (mut reader, mut columns) = (BinetflowReader::new(), Columns::default());
    let read = lines
        .iter()
        .map(|line| reader.line(line.as_bytes(), &mut columns))
        .collect();
    let flows = (0..columns.len()).map(|row| columns.flow(row).unwrap());
    (flows.collect(), read)
}

fn one(line: &str) -> Vec<Flow> {
    let (flows, read) = read(&[HEADER, line]);
    assert_eq!(read, [Ok(Line::Header), Ok(Line::Flows)], "{line}");
    flows
}

#[test]
fn a_talk_is_a_flow_each_way_with_the_flags_of_that_way() {
    let [forth, back] = one(TALK)[..] else {
        panic!("not two")
    };
    assert_eq!(
        (forth.start_ms, forth.end_ms),
        (1_800_000_000_987, 1_800_000_002_487)
    );
    assert_eq!((forth.bytes, back.bytes), (420, 2_260));
    assert_eq!((forth.packets, back.packets), (5, 6));
    assert_eq!((forth.flags, back.flags), (0x1b, 0x1b));
    assert_eq!((back.source_port, back.destination_port), (443, 50_000));
    assert!(forth.source == back.destination);
    assert!(forth.opener == Opener::Source && back.opener == Opener::Destination);
    assert!(forth.ending == Ending::Ended);
}

#[test]
fn what_nobody_answered_has_no_way_back() {
    let flows = one(REFUSED);
    assert_eq!(flows.len(), 1);
    assert_eq!((flows[0].packets, flows[0].bytes), (3, 186));
    assert_eq!((flows[0].flags, flows[0].source_port), (0x02, 50_001));
    assert!(flows[0].ending == Ending::Unsaid);
    let reset = one(&REFUSED.replace("S_", "S_RA").replace("186,186", "246,186"));
    assert_eq!((reset[0].flags, reset[1].flags), (0x02, 0x14));
    assert_eq!((reset[0].packets, reset[1].packets), (2, 1));
    let turned = one(&REFUSED.replace("186,186", "186,0"));
    assert!(turned.len() == 1 && turned[0].source_port == 443);
}

#[test]
fn packets_go_each_way_by_half_as_far_as_octets_allow() {
    let cases = [
        ((10, 1_000, 1_000), 5),
        // Forth there is room for three frames.
        ((10, 180, 3_000), 3),
        // Back there are at least eight full ones.
        ((10, 600, 12_000), 2),
        ((10, 0, 600), 0),
        ((10, 600, 0), 10),
        ((2, 60, 9_000), 1),
        ((0, 60, 60), 0),
        ((1, 60, 60), 0),
    ];
    for ((packets, forth, back), expected) in cases {
        assert_eq!(
            forth_of(packets, forth, back),
            expected,
            "{packets} {forth} {back}"
        );
    }
    let header = format!("{HEADER},SrcPkts,DstPkts");
    let (flows, _) = read(&[&header, &format!("{TALK},9,2")]);
    assert_eq!((flows[0].packets, flows[1].packets), (9, 2));
}

#[test]
fn who_opened_is_what_argus_saw() {
    let of = |way: &str| one(&TALK.replace("   ->", way))[0].opener;
    assert_eq!(of("  <->"), Opener::Source);
    assert_eq!(of("   <-"), Opener::Destination);
    for way in ["  <?>", "   ?>", "  <?", ""] {
        assert_eq!(of(way), Opener::Unsaid);
    }
}

#[test]
fn protocols_without_ports_and_without_ip() {
    let ping = TALK.replace("tcp", "icmp").replace("50000", "0x0008");
    let ping = ping.replace("443,FSPA_FSPA", "0x1234,ECO");
    let flows = one(&ping);
    assert_eq!((flows[0].protocol, flows[0].source_port), (1, 0));
    assert_eq!((flows[0].destination_port, flows[0].flags), (0, 0));
    assert_eq!(one(&TALK.replace("tcp", "rtp"))[0].protocol, 17);
    let (flows, read) = read(&[HEADER, &TALK.replace("tcp", "arp")]);
    assert!(flows.is_empty() && read[1] == Ok(Line::Passed));
}

#[test]
fn a_wrong_line_says_what_is_wrong_and_adds_nothing() {
    let wrong = [
        TALK.replace("2027/01/15", "someday"),
        TALK.replace("203.0.113.9", "host.example"),
        TALK.replace("50000", "70000"),
        TALK.replace("2680,420", "420,2680"),
        TALK.replace("2680,420", ","),
        TALK.replace(",11,", ",many,"),
    ];
    let names = [
        "StartTime",
        "DstAddr",
        "Sport",
        "SrcBytes",
        "TotBytes",
        "TotPkts",
    ];
    for (line, name) in wrong.iter().zip(names) {
        let (flows, read) = read(&[HEADER, line]);
        assert!(flows.is_empty());
        assert_eq!(read[1], Err(LineFault::Field(name)), "{line}");
    }
    assert_eq!(read(&[TALK]).1, [Err(LineFault::NoFields)]);
    for end in 0..TALK.len() {
        let (flows, _) = read(&[HEADER, TALK.get(..end).unwrap()]);
        assert!(flows.len() <= 2);
    }
}
