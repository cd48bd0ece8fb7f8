use std::path::PathBuf;

use super::*;
use crate::column::Flow;

mod wrong;

const ZEEK: &str = "\
#separator \\x09
#path\tconn
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\torig_pkts\tresp_pkts
1800000000.5\tC1\t198.51.100.7\t50000\t203.0.113.9\t443\ttcp\tSF\t6\t5
1800000001.5\tC2\t198.51.100.7\t50001\t203.0.113.9\t443\ttcp\tS0\t1\t0
#close\t2027-01-15-08-00-00
";

const BINETFLOW: &str = "\
StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label
2027/01/15 08:00:00.5,1.5,tcp,198.51.100.7,50000,   ->,203.0.113.9,443,FSPA_FSPA,0,0,11,2680,420,x
2027/01/15 08:00:01.5,0.0,arp,198.51.100.7,,   who,203.0.113.9,,CON,,,2,120,60,x
";

const EVE: &str = r#"{"event_type":"stats","stats":{"uptime":7}}
{"event_type":"netflow","src_ip":"198.51.100.7","src_port":50000,"dest_ip":"203.0.113.9","dest_port":53,"proto":"UDP","netflow":{"pkts":2,"bytes":180,"start":"2027-01-15T08:00:00Z","end":"2027-01-15T08:00:01Z"}}
"#;

const ZEEK_JSON: &str = r#"{"ts":1800000000.5,"id.orig_h":"198.51.100.7","id.orig_p":50000,"id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp","conn_state":"S0","orig_pkts":1}"#;

/// What came of an input.
struct Taken {
    flows: Vec<Flow>,
    totals: Totals,
    kind: Option<InputKind>,
    faults: Vec<Placed>,
    end: Result<(), IntakeFault>,
}

fn take(octets: &[u8], piece: usize) -> Taken {
    take_by(Intake::new(), octets, piece).0
}

/// Reads `octets` in pieces, and takes the flows out after each, as a program does.
fn take_by(mut intake: Intake, octets: &[u8], piece: usize) -> (Taken, Intake) {
    let (mut columns, mut flows) = (Columns::default(), Vec::new());
    let mut drain = |columns: &mut Columns| {
        flows.extend((0..columns.len()).map(|row| columns.flow(row).unwrap()));
        columns.clear();
    };
    let mut end = Ok(());
    for piece in octets.chunks(piece) {
        end = intake.push(piece, &mut columns);
        drain(&mut columns);
        if end.is_err() {
            break;
        }
    }
    if end.is_ok() {
        end = intake.end(&mut columns);
        drain(&mut columns);
    }
    let taken = Taken {
        flows,
        totals: intake.totals(),
        kind: intake.kind(),
        faults: intake.faults().to_vec(),
        end,
    };
    (taken, intake)
}

fn fixtures(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn capture() -> Vec<u8> {
    let file = std::fs::File::open(fixtures("capture/ipfix.pcap.zst")).unwrap();
    zstd::decode_all(file).unwrap()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixtures("netflow").join(name)).unwrap()
}

#[test]
fn each_kind_is_known_by_its_beginning_in_pieces_of_any_size() {
    let ipfix = fixture("ipfix.dat");
    let joined = [fixture("netflow5.dat"), ipfix.clone(), ipfix].concat();
    let nine = fixture("netflow9_test_softflowd_tpl_data.dat");
    let kinds = [
        (ZEEK.as_bytes().to_vec(), InputKind::Zeek),
        (ZEEK_JSON.as_bytes().to_vec(), InputKind::Zeek),
        (BINETFLOW.as_bytes().to_vec(), InputKind::Binetflow),
        (EVE.as_bytes().to_vec(), InputKind::Eve),
        (capture()[..1_500_000].to_vec(), InputKind::Capture),
        (joined, InputKind::Exports),
        ([nine.clone(), nine].concat(), InputKind::Exports),
    ];
    for (octets, kind) in kinds {
        let whole = take(&octets, octets.len());
        assert_eq!((whole.kind, whole.end), (Some(kind), Ok(())));
        assert!(!whole.flows.is_empty(), "{kind:?}");
        assert_eq!(
            whole.totals.octets,
            u64::try_from(octets.len()).unwrap(),
            "{kind:?}"
        );
        assert_eq!(
            whole.totals.flows,
            u64::try_from(whole.flows.len()).unwrap()
        );
        for piece in [1, 7, 1_500, 65_536] {
            let pieces = take(&octets, piece);
            assert!(pieces.flows == whole.flows, "{kind:?} {piece}");
            assert_eq!(pieces.totals, whole.totals, "{kind:?} {piece}");
            assert_eq!(pieces.faults, whole.faults, "{kind:?} {piece}");
        }
    }
}

#[test]
fn a_capture_is_counted_with_what_could_not_be_read() {
    let (taken, intake) = take_by(Intake::new(), &capture(), 1 << 20);
    assert_eq!(taken.end, Ok(()));
    let totals = taken.totals;
    assert_eq!((totals.datagrams, totals.lost), (6_666, 0));
    assert_eq!((totals.faults, totals.passed), (0, 0));
    assert_eq!(totals.unknown_sets, 940);
    assert_eq!(intake.capture_counts().unwrap().packets, 6_666);
}

#[test]
fn packets_that_are_no_exports_are_counted_as_passed() {
    let mut file = 0xa1b2_c3d4_u32.to_le_bytes().to_vec();
    file.extend([
        2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0,
    ]);
    // A frame without IP, and a datagram of some other service.
    let other = [[0; 12].as_slice(), &[0x08, 0x06], &[0; 28]].concat();
    let datagram = [
        [0; 12].as_slice(),
        &[0x08, 0, 0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0],
        &[
            192, 0, 2, 7, 198, 51, 100, 1, 0, 53, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4,
        ],
    ]
    .concat();
    for packet in [other, datagram] {
        let length = u32::try_from(packet.len()).unwrap().to_le_bytes();
        file.extend([[0; 4], [0; 4], length, length].concat());
        file.extend(packet);
    }
    let taken = take(&file, 10);
    assert_eq!((taken.end, taken.kind), (Ok(()), Some(InputKind::Capture)));
    assert_eq!((taken.totals.passed, taken.totals.datagrams), (2, 0));
}

#[test]
fn the_next_input_knows_the_templates_of_the_last() {
    let whole = capture();
    let (header, packets) = whole.split_at(24);
    // Cut between two packets in the middle.
    let mut cut = 0;
    while cut < packets.len() / 2 {
        let length = u32::from_le_bytes(packets[cut + 8..cut + 12].try_into().unwrap());
        cut += 16 + usize::try_from(length).unwrap();
    }
    let second = [header, &packets[cut..]].concat();
    let (first, intake) = take_by(Intake::new(), &whole[..24 + cut], 1 << 16);
    let (then, _) = take_by(intake.next_input(), &second, 1 << 16);
    let all = take(&whole, 1 << 16);
    assert_eq!(first.flows.len() + then.flows.len(), all.flows.len());
    let sets = first.totals.unknown_sets + then.totals.unknown_sets;
    assert_eq!(sets, all.totals.unknown_sets);
    let alone = take(&second, 1 << 16);
    assert!(alone.totals.unknown_sets > then.totals.unknown_sets);
}

#[test]
fn every_file_of_datagrams_gives_what_its_datagrams_give() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(fixtures("netflow"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "dat"))
        .collect();
    files.sort();
    let (mut datagrams, mut unread) = (0, Vec::new());
    for path in files {
        let octets = std::fs::read(&path).unwrap();
        let taken = take(&octets, 64);
        datagrams += taken.totals.datagrams;
        if taken.end.is_err() {
            unread.push(path.file_name().unwrap().to_owned());
        }
    }
    println!("{datagrams} {unread:?}");
    assert!(datagrams > 92);
    assert!(unread.is_empty(), "{unread:?}");
}
