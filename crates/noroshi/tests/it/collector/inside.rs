//! Servers that are inside: on the line of a subscriber, in no prefix but private, or inside since the
//! prefixes were set right.

use std::os::unix::fs::PermissionsExt as _;

use flow::archive::ArchiveError;

use super::*;

/// Addresses of subscribers in any spelling that a file could hold.
fn spellings(addresses: &[u128]) -> Vec<Vec<u8>> {
    let each = addresses.iter().flat_map(|address| {
        let ip = std::net::Ipv6Addr::from_bits(*address).to_canonical();
        let octets = match ip {
            std::net::IpAddr::V4(v4) => v4.octets().to_vec(),
            std::net::IpAddr::V6(v6) => v6.octets().to_vec(),
        };
        [ip.to_string().into_bytes(), octets]
    });
    each.collect()
}

fn is_in_a_file(folder: &Path, parts: &[Vec<u8>]) -> Option<PathBuf> {
    let holds = |path: &PathBuf| {
        let octets = fs::read(path).unwrap();
        let held = |part: &Vec<u8>| octets.windows(part.len()).any(|window| window == part);
        parts.iter().any(held)
    };
    files(folder).into_iter().find(holds)
}

#[test]
fn a_server_on_a_subscribers_line_is_told_to_the_own_desk_alone_and_by_its_token() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    let to = collector.addresses()[0];
    // Six households call one subscriber every ten minutes for half a day.
    let home = |client: u64| CANARY_V6 + (u128::from(client + 1) << 72);
    for client in 0..6_u64 {
        let calls = (0..72_u16).map(|call| {
            let late = (u64::from(call) * 7 + client * 13) % 9 * 300;
            let ago = u64::from(72 - call) * 600_000 - late;
            Record::v6(home(client), 50_000 + call, CANARY_V6, 4_444).before(ago)
        });
        let calls: Vec<Record> = calls.collect();
        for few in calls.chunks(12) {
            scene.send(to, &ipfix(0, few));
        }
    }
    while collector.totals().kept < 6 * 72 {
        collector.flush().unwrap();
    }
    assert_eq!(collector.totals().talks, 0);
    scene.seconds.store(BEGIN + 3_600, Ordering::Release);
    let file = scene.directory().join("restricted/2027-01-15T08.jsonl");
    while !file.exists() {
        collector.flush().unwrap();
    }
    collector.end().unwrap();
    let (among, _) = scene.kept::<SubscriberToken>("among");
    let token = format!("{:032x}", among[0].server.bits());
    let text = fs::read_to_string(&file).unwrap();
    let [line] = text.lines().collect::<Vec<_>>()[..] else {
        panic!("{text}")
    };
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["token"], token);
    assert_eq!(
        (&line["horizon"], &line["port"]),
        (&1.into(), &4_444.into())
    );
    assert_eq!(line["clients"], 5);
    assert!(line.get("server").is_none());
    // Nobody but the collector's own user comes near, and nothing is there for anybody else.
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    for shared in ["findings", "talks"] {
        assert!(
            files(&scene.directory().join(shared)).is_empty(),
            "{shared}"
        );
    }
    let canaries: Vec<u128> = (0..6).map(home).chain([CANARY_V6]).collect();
    assert_eq!(
        is_in_a_file(scene.folder.path(), &spellings(&canaries)),
        None
    );
    // When no key opens the token any more, the finding goes.
    scene.seconds.store(BEGIN + 31 * 86_400, Ordering::Release);
    let collector = scene.start(|_| {});
    while file.exists() {
        collector.flush().unwrap();
    }
    collector.end().unwrap();
}

#[test]
fn what_no_prefix_names_but_no_network_routes_is_sealed_all_the_same() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    // Behind carrier-grade translation, and a management network.
    let [hidden, managed] = [0x6447_b7d9, 0x0ad9_b76b];
    let records = [
        Record::v4(CANARY_V4, 50_000, hidden, 7_547),
        Record::v4(hidden, 50_001, SERVER_V4, 443),
        Record::v4(CANARY_V4, 50_002, managed, 7_547),
    ];
    scene.send(collector.addresses()[0], &v9(1, &records));
    let totals = collector.end().unwrap();
    assert_eq!((totals.talks, totals.among, totals.passing), (1, 2, 0));
    let mapped = |v4: u32| 0xffff_0000_0000 | u128::from(v4);
    let canaries = [mapped(hidden), mapped(managed), mapped(CANARY_V4)];
    assert_eq!(
        is_in_a_file(scene.folder.path(), &spellings(&canaries)),
        None
    );
}

#[test]
fn a_start_with_more_prefixes_takes_their_servers_out_of_talks_and_findings() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    for datagram in some() {
        scene.send(collector.addresses()[0], &datagram);
    }
    collector.end().unwrap();
    let findings = scene.directory().join("findings/2027-01-15T07.jsonl");
    let line = |server: &str| format!("{{\"server\":\"{server}\",\"port\":443}}\n");
    fs::write(&findings, [line("203.0.113.9"), line("192.0.2.1")].concat()).unwrap();
    assert_eq!(scene.kept::<Address>("talks").0.len(), 3);
    // The network of the first server was forgotten.
    let all = [datagram::SUBSCRIBERS, "203.0.113.0/24"];
    let more = |settings: &mut Settings| settings.subscribers = Prefixes::parse(all).unwrap();
    scene.start(more).end().unwrap();
    let (talks, _) = scene.kept::<Address>("talks");
    assert!(talks.len() == 1 && talks[0].server.bits() == SERVER_V6);
    let (among, _) = scene.kept::<SubscriberToken>("among");
    assert_eq!(among.len(), 3);
    assert_eq!(fs::read_to_string(&findings).unwrap(), line("192.0.2.1"));
    let server = 0xffff_0000_0000 | u128::from(SERVER_V4);
    assert_eq!(
        is_in_a_file(&scene.directory(), &spellings(&[server])),
        None
    );
    // Behind a change of keys nothing seals them any more: they go.
    fs::write(&findings, line("192.0.2.1")).unwrap();
    scene.seconds.store(BEGIN + 31 * 86_400, Ordering::Release);
    let also = [all[0], all[1], "2001:db8:1::/48"];
    scene
        .start(|settings| {
            settings.subscribers = Prefixes::parse(also).unwrap();
            settings.keep_hours = 40 * 24;
        })
        .end()
        .unwrap();
    assert!(scene.kept::<Address>("talks").0.is_empty());
    assert_eq!(scene.kept::<SubscriberToken>("among").0.len(), 3);
}

#[test]
fn files_with_ports_of_an_earlier_version_are_refused_by_name_and_gone_after_a_start() {
    let scene = Scene::new();
    let collector = scene.start(|_| {});
    for datagram in some() {
        scene.send(collector.addresses()[0], &datagram);
    }
    collector.end().unwrap();
    let (_, paths) = scene.kept::<Address>("talks");
    let before = paths.len();
    // The version stands in the foot, as a text of one letter.
    let octets = fs::read(&paths[0]).unwrap();
    let version = b"noroshi.version\x18\x012";
    let at = octets
        .windows(version.len())
        .position(|part| part == version);
    let mut old = octets.clone();
    old[at.unwrap() + version.len() - 1] = b'1';
    fs::write(&paths[0], &old).unwrap();
    let opened = Kept::<Address, _>::open(fs::File::open(&paths[0]).unwrap());
    let error = opened.err().unwrap();
    assert!(matches!(error, ArchiveError::Old(_)));
    assert!(
        error.to_string().contains("an earlier version wrote this"),
        "{error}"
    );
    scene.start(|_| {}).end().unwrap();
    assert_eq!(scene.kept::<Address>("talks").1.len(), before - 1);
}
