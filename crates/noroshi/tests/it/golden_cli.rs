//! The help texts and a custodian's session, as files in `docs/cli`.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use clap::CommandFactory as _;
use noroshi::cli::Cli;

use crate::custodian::Office;

#[test]
fn golden_help_of_every_command() {
    let root = Cli::command();
    golden("noroshi.txt", &help(&[]));
    let mut files = vec!["noroshi.txt".to_owned()];
    for command in root
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        let name = command.get_name();
        let mut text = help(&[name]);
        for inner in command.get_subcommands() {
            let _ = write!(text, "\n{}", help(&[name, inner.get_name()]));
        }
        if name == "custodian" {
            let _ = write!(text, "\n{}", custodian_session());
        }
        golden(&format!("{name}.txt"), &text);
        files.push(format!("{name}.txt"));
    }
    let mut there: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    files.sort();
    assert_eq!(there, files, "docs/cli has files of commands that are gone");
}

/// Two custodians in two languages, and a hand-over. Keys are drawn from a fixed seed; that of
/// `keygen` is not, so it is left out.
fn custodian_session() -> String {
    let office = Office::new();
    office.write("handover.json", &office.handover(1).to_json());
    let successor = office.run("keygen --out successor.key", "");
    let secret = fs::read_to_string(office.path("successor.key")).unwrap();
    let public = seal::envelope::SecretKey::parse(&secret)
        .unwrap()
        .public_key();
    let (key, fingerprint) = (public.to_string(), public.fingerprint().to_string());
    let masked = |text: &str| {
        text.replace(&key, "noroshi-pk1:(87 letters)")
            .replace(&fingerprint, "(40 digits in ten groups)")
    };
    let mut text = String::from("# A session\n\n");
    let mut note = |arguments: &str, typed: &str, output: &[u8]| {
        let said =
            masked(&String::from_utf8_lossy(output)).replacen(": \n", &format!(": {typed}\n"), 1);
        let _ = write!(text, "$ noroshi custodian {}\n{said}\n", masked(arguments));
    };
    note("keygen --out successor.key", "", &successor.stdout);
    for (arguments, typed) in [
        (
            "approve --key 1.key --request request.json --out 1.approval.json".to_owned(),
            "yes",
        ),
        (
            "approve --language ja --key 2.key --request request.json --out 2.approval.json"
                .to_owned(),
            "yes",
        ),
        (
            format!(
                "rewrap --old-key 2.key --new-public {key} --sealed handover.json --out moved.json"
            ),
            "",
        ),
        (
            "verify --key successor.key --sealed moved.json".to_owned(),
            "",
        ),
    ] {
        let output = office.run(&arguments, &format!("{typed}\n"));
        assert!(output.status.success(), "{arguments}");
        note(&arguments, typed, &output.stdout);
    }
    text
}

/// What `noroshi PATH --help` prints.
fn help(path: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_noroshi"))
        .args(path)
        .arg("--help")
        .output()
        .unwrap();
    assert!(output.status.success(), "{path:?}");
    let mut text = String::from("$ noroshi");
    for word in path {
        let _ = write!(text, " {word}");
    }
    let _ = write!(
        text,
        " --help\n{}",
        String::from_utf8(output.stdout).unwrap()
    );
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli")
}

/// Compares with the file in `docs/cli`, or writes it when `NOROSHI_BLESS` is set.
fn golden(name: &str, text: &str) {
    let path = folder().join(name);
    if std::env::var_os("NOROSHI_BLESS").is_some() {
        fs::create_dir_all(folder()).unwrap();
        fs::write(path, text).unwrap();
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "docs/cli/{name} is not up to date; run `cargo xtask gen` and commit it"
    );
}
