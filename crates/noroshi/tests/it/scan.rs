//! `noroshi flow scan` and its kin, as a program.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A subscriber whose address must be nowhere.
const CANARY: &str = "198.51.100.183";

const SERVER: &str = "203.0.113.9";

/// A connection log: calls of the canary to a server each minute, and a visit to another one.
fn log() -> String {
    let mut log = String::from(
        "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\tduration\torig_bytes\t\
         resp_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\n",
    );
    let mut line = |at: i64, port: u16, server: &str, server_port: u16| {
        let _ = writeln!(
            log,
            "{at}.000000\tC{port}\t{CANARY}\t{port}\t{server}\t{server_port}\ttcp\tSF\t0.5\t100\t120\t\
             ShADadFf\t6\t420\t5\t400"
        );
    };
    for n in 0..60_u16 {
        line(1_800_000_000 + i64::from(n) * 60, 40_000 + n, SERVER, 4_444);
    }
    line(1_800_000_100, 50_000, "192.0.2.44", 443);
    log
}

fn flow(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .arg("flow")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that ends early closes its input; what it says is looked at.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).unwrap()
}

#[test]
fn the_example_shows_its_server_first() {
    let log = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/conn.log");
    let prefixes = ["--subscribers", "198.51.100.0/24"];
    let scan = [&["scan", log, "--format", "json"], &prefixes[..]].concat();
    let told = flow(&scan, "");
    assert!(told.status.success(), "{told:?}");
    let first = text(&told.stdout).lines().next().map(str::to_owned);
    let first: Value = serde_json::from_str(&first.unwrap()).unwrap();
    assert_eq!(
        (first["server"].as_str(), first["port"].as_u64()),
        (Some("203.0.113.77"), Some(4_444))
    );
    assert!(!text(&told.stdout).contains("198.51.100."));
}

#[test]
fn a_sampling_of_none_is_refused_and_a_log_of_everything_is_not_taken_for_sampled() {
    let refused = flow(&["scan", "-", "--sampling", "0"], &log());
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    let list = ["scan", "-", "--all", "--format", "json"];
    let said = |more: &[&str]| text(&flow(&[&list[..], more].concat(), &log()).stdout);
    assert!(said(&[]).contains("automation"));
    assert_eq!(said(&["--sampling", "1000"]), said(&[]));
}

#[test]
fn the_server_is_told_with_its_reasons_and_the_subscriber_in_no_form() {
    for format in ["table", "json", "stix"] {
        for language in ["ja", "en"] {
            for subscribers in [&[][..], &["--subscribers", "198.51.100.0/24"]] {
                let arguments = [
                    "scan",
                    "-",
                    "--all",
                    "--format",
                    format,
                    "--language",
                    language,
                ];
                let scanned = flow(&[&arguments[..], subscribers].concat(), &log());
                assert!(scanned.status.success(), "{scanned:?}");
                let (out, said) = (text(&scanned.stdout), text(&scanned.stderr));
                assert!(out.contains(SERVER), "{format}: {out}");
                for told in [&out, &said] {
                    assert!(!told.contains(CANARY), "{format}: {told}");
                }
                // Without prefixes it says what it assumed.
                let assumed = said.contains("--subscribers");
                assert_eq!(assumed, subscribers.is_empty(), "{said}");
            }
        }
    }
}

#[test]
fn no_server_inside_leaves_in_a_bundle_and_a_guess_is_told() {
    let mut input = log();
    for inside in ["10.9.8.7", "100.64.9.8"] {
        for line in log().lines().filter(|line| line.contains(SERVER)) {
            let _ = writeln!(input, "{}", line.replace(SERVER, inside));
        }
    }
    let scanned = |format: &str, language: &str, more: &[&str]| {
        let arguments = [
            "scan",
            "-",
            "--all",
            "--format",
            format,
            "--language",
            language,
        ];
        let scanned = flow(&[&arguments[..], more].concat(), &input);
        assert!(scanned.status.success(), "{scanned:?}");
        (text(&scanned.stdout), text(&scanned.stderr))
    };
    let named = ["--subscribers", "198.51.100.0/24"];
    let (table, said) = scanned("table", "en", &named);
    assert!(table.contains("10.9.8.7") && table.contains("100.64.9.8"));
    assert!(!said.contains("stay here"), "{said}");
    for (language, stay, guessed) in [
        (
            "en",
            "(private, carrier-grade translation, link): 2.",
            "was guessed",
        ),
        ("ja", "外に出さない検知結果: 2件", "推測したもの"),
    ] {
        let (bundle, said) = scanned("stix", language, &named);
        assert!(bundle.contains(SERVER), "{bundle}");
        assert!(!bundle.contains("10.9.8.7") && !bundle.contains("100.64.9.8"));
        assert!(said.contains(stay) && !said.contains(guessed), "{said}");
        let (_, said) = scanned("stix", language, &[]);
        assert!(said.contains(guessed), "{said}");
    }
}

#[test]
fn lines_of_json_are_as_they_are_promised() {
    let scanned = flow(
        &["scan", "-", "--format", "json", "--language", "en"],
        &log(),
    );
    let out = text(&scanned.stdout);
    let [line] = out.lines().collect::<Vec<_>>()[..] else {
        panic!("{out}")
    };
    let finding: Value = serde_json::from_str(line).unwrap();
    assert_eq!(finding["server"], SERVER);
    assert_eq!(finding["port"], 4_444);
    assert_eq!(finding["proto"], "tcp");
    assert_eq!(finding["tier"], "review");
    assert_eq!(finding["clients"], 1);
    assert_eq!(finding["first"], "2027-01-15T08:00:00Z");
    assert_eq!(finding["last"], "2027-01-15T08:59:00Z");
    let evidence = finding["evidence"].as_array().unwrap();
    let sum: f64 = evidence
        .iter()
        .map(|reason| reason["weight"].as_f64().unwrap())
        .sum();
    assert!(
        (sum - finding["score"].as_f64().unwrap()).abs() < 0.5,
        "{line}"
    );
    let clock = evidence
        .iter()
        .find(|reason| reason["code"] == "automation")
        .unwrap();
    assert_eq!(clock["text"], "It is called again about every 60 s");
}

#[test]
fn what_is_known_changes_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let known = write("known.csv", "ip,port,trail\n203.0.113.9,4444,mirai\n");
    let told = |arguments: &[&str]| {
        let arguments = [&["scan", "-", "--format", "json"], arguments].concat();
        text(&flow(&arguments, &log()).stdout)
    };
    assert!(told(&["--known", &known]).contains("\"tier\":\"share\""));
    let benign = write(
        "verdicts.jsonl",
        "{\"server\":\"203.0.113.9\",\"port\":4444,\"protocol\":6,\"verdict\":\"benign\",\
         \"expires\":\"2099-01-01T00:00:00Z\"}\n",
    );
    assert_eq!(told(&["--verdicts", &benign]), "");
    let wrong = write("wrong.csv", "203.0.113.9,4444\nhost.example\n");
    let refused = flow(&["scan", "-", "--known", &wrong], &log());
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("line 2"), "{refused:?}");
}

#[test]
fn what_cannot_be_read_is_told_and_makes_no_list() {
    for (input, told) in [
        ("root:x:0:0:root:/root:/bin/bash\n", "begins like nothing"),
        ("", "Not one flow"),
        ("#fields\tts\n", "Not one flow"),
    ] {
        let refused = flow(&["scan", "-", "--language", "en"], input);
        assert!(!refused.status.success(), "{input}");
        assert!(text(&refused.stderr).contains(told), "{refused:?}");
        assert!(refused.stdout.is_empty());
    }
    // A broken line costs that line, and its words are not told again.
    let broken = log().replacen(SERVER, "secret.example", 1);
    let scanned = flow(&["scan", "-", "--all", "--language", "en"], &broken);
    let said = text(&scanned.stderr);
    assert!(scanned.status.success());
    assert!(
        said.contains("line 2") && said.contains("id.resp_h"),
        "{said}"
    );
    assert!(!said.contains("secret") && !said.contains(CANARY), "{said}");
}

#[test]
fn a_cut_file_is_told_and_costs_what_it_lacks_alone() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, octets: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, octets).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(log().as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let cut = write("cut.log.gz", &packed[..packed.len() - 20]);
    let other = write(
        "other.log",
        log().replace(SERVER, "203.0.113.77").as_bytes(),
    );
    for (language, near, incomplete) in [
        ("en", "`, near octet", "of 3 inputs 2"),
        ("ja", "」の", "入力 3件のうち 2件"),
    ] {
        let strange = write("strange.txt", b"root:x:0:0:root:/root:/bin/bash\n");
        let arguments = ["scan", &cut, &strange, &other, "--language", language];
        let scanned = flow(&arguments, "");
        assert_eq!(scanned.status.code(), Some(1), "{scanned:?}");
        let (out, said) = (text(&scanned.stdout), text(&scanned.stderr));
        assert!(
            out.contains(SERVER) && out.contains("203.0.113.77"),
            "{out}"
        );
        for told in ["cut.log.gz", "strange.txt"] {
            assert!(said.contains(&format!("{told}{near}")), "{told}: {said}");
        }
        assert!(said.contains(incomplete), "{said}");
    }
    // What cannot be opened is told before anything is read.
    let refused = flow(&["scan", &other, "/no/such/file", "--language", "en"], "");
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(refused.stdout.is_empty());
    let said = text(&refused.stderr);
    assert!(said.contains("cannot read `/no/such/file`") && !said.contains("Read "));
}

#[test]
fn labeled_servers_that_are_not_judged_are_missed_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let input = write("conn.log", &log());
    let labels = write(
        "labels.csv",
        "203.0.113.9,4444,tcp,mirai\n203.0.113.9,4445,tcp,torii\n203.0.113.9,4446,tcp,-\n\
         192.0.2.44,443,tcp,remcos\n",
    );
    let evaluated = |language: &str| {
        let arguments = ["evaluate", &input, "--labels", &labels];
        let evaluated = flow(&[&arguments[..], &["--language", language]].concat(), "");
        assert!(evaluated.status.success(), "{evaluated:?}");
        text(&evaluated.stdout)
    };
    let measured = evaluated("en");
    let line = |beginning: &str| {
        let line = measured.lines().find(|line| line.starts_with(beginning));
        line.unwrap_or_else(|| panic!("{beginning}: {measured}"))
    };
    assert!(line("C&C servers: 3 of 3 families; harmless servers: 0.").contains("Wilson"));
    assert!(line("C&C servers of --labels that no").contains("missed: 1 (203.0.113.9 tcp/4445)"));
    assert!(line("C&C servers of --labels with fewer").contains("missed: 1 (192.0.2.44 tcp/443)"));
    assert!(line("evidence ").contains(" 0.33 ("), "{measured}");
    let measured = evaluated("ja");
    for told in ["1台（203.0.113.9 tcp/4445）", "1台（192.0.2.44 tcp/443）"] {
        assert!(measured.contains(told), "{measured}");
    }
}

#[test]
fn evaluation_finds_the_named_server_and_claims_nothing_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let (input, labels) = (
        folder.path().join("conn.log"),
        folder.path().join("labels.csv"),
    );
    fs::write(&input, log()).unwrap();
    fs::write(
        &labels,
        "server,port,proto,family\n203.0.113.9,4444,tcp,mirai\n",
    )
    .unwrap();
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let run = |labels: &Path| {
        let arguments = [
            "evaluate",
            &path(&input),
            "--labels",
            &path(labels),
            "--language",
            "en",
        ];
        flow(&[&arguments[..], &["--flows-min", "1"]].concat(), "")
    };
    let measured = text(&run(&labels).stdout);
    assert!(
        measured.contains("C&C servers: 1 of 1 families; harmless servers: 1."),
        "{measured}"
    );
    assert!(measured.contains("settle nothing"), "{measured}");
    assert!(measured.contains("evidence          1.000"), "{measured}");
    fs::write(&labels, "203.0.113.9,4444,tcp\n").unwrap();
    let refused = run(&labels);
    assert!(text(&refused.stderr).contains("line 1"), "{refused:?}");
}
