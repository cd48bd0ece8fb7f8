//! Secrets are never logged (promise S8).
//!
//! A hub of its own process serves on a socket; everything that anybody in that process logs, at the
//! finest level and in both formats, is kept with what it prints. Real secrets go through its doors ([`doors`]):
//! first while all is well, then once more while the disk takes no write, when there is most to log.
//! Then all of it is searched for each secret in every spelling that a careless line would give it
//! ([`spelling`]).

mod client;
mod doors;
mod spelling;
mod visit;

use std::path::Path;
use std::process::Command;

use spelling::{found, hex, spellings};

/// Names the directory to a child.
const DIRECTORY: &str = "NOROSHI_LOGGED_HUB";
/// Set for a child whose pages log what a careless access log would.
const CARELESS: &str = "NOROSHI_LOGGED_CARELESS";
/// Its secrets: a line each, a label and the secret in hexadecimal.
const SECRETS: &str = "secrets";

/// Least that has to be searched, so that an empty log or a short list proves nothing.
const SECRETS_MIN: usize = 60;
const LOG_BYTES_MIN: usize = 20_000;

/// A library that prints what it works on when it is asked to trace, the challenge of a passkey among
/// it. `noroshi serve` logs from INFO on and has no setting for more, so that its traces are let pass
/// here, and they alone.
const TRACES: &str = "webauthn_rs";

/// A secret, with what it is.
type Secret = (String, String);

/// The log of a child and its secrets.
fn child(is_careless: bool) -> (String, Vec<Secret>) {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path();
    // The signal that would end a process at its limit is ignored: the write fails as on a full disk.
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "unlogged::doors::goes_through_every_door",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(DIRECTORY, directory);
    if is_careless {
        command.env(CARELESS, "yes");
    }
    let output = command.output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let printed = said(&output.stdout) + &said(&output.stderr);
    assert!(output.status.success(), "{printed}");
    (printed, secrets(directory))
}

fn secrets(directory: &Path) -> Vec<Secret> {
    let lines = std::fs::read_to_string(directory.join(SECRETS)).unwrap();
    let secret = |line: &str| {
        let (label, written) = line.split_once(' ').unwrap();
        (label.to_owned(), hex::read(written))
    };
    lines.lines().map(secret).collect()
}

/// The log without the traces of [`TRACES`].
fn without_traces(log: &str) -> String {
    let is_trace = |line: &&str| {
        ["TRACE", "DEBUG"].iter().any(|level| {
            let plain = format!("{level} {TRACES}");
            let level = format!("{{\"level\":\"{level}\"");
            let target = format!("\"target\":\"{TRACES}");
            line.starts_with(&plain) || (line.starts_with(&level) && line.contains(&target))
        })
    };
    let lines: Vec<&str> = log.lines().filter(|line| !is_trace(line)).collect();
    lines.join("\n")
}

#[test]
fn no_secret_is_ever_logged() {
    let (log, secrets) = child(false);
    // The traces are what they are said to be: the search finds the challenge in them.
    let traced = found(&log, &secrets);
    let is_challenge = |one: &String| one.starts_with("passkey-challenge");
    assert!(
        !traced.is_empty() && traced.iter().all(is_challenge),
        "{traced:?}"
    );
    let log = without_traces(&log);
    let count: usize = secrets
        .iter()
        .map(|(_, secret)| spellings(secret).len())
        .sum();
    println!(
        "{} secrets in {count} spellings, {} bytes of log",
        secrets.len(),
        log.len()
    );
    assert!(secrets.len() >= SECRETS_MIN, "{} secrets", secrets.len());
    assert!(log.len() >= LOG_BYTES_MIN, "{} bytes of log", log.len());
    assert_eq!(found(&log, &secrets), Vec::<String>::new());
    // What must be there for the search to mean anything: failures of requests, of deliveries and of
    // the store, in both formats.
    for line in [
        "a request failed",
        "a delivery failed",
        "the batch was not committed",
        "\"level\":\"ERROR\"",
        "ERROR",
    ] {
        assert!(log.contains(line), "no `{line}` in the log");
    }
    // A line with any of them in any spelling is found.
    let mut planted = 0;
    for (label, secret) in &secrets {
        for (kind, text) in spellings(secret) {
            let line = format!("DEBUG web: a request came body={text} bytes");
            let alone = [(label.clone(), secret.clone())];
            let leaky = found(&line, &alone);
            assert!(!leaky.is_empty(), "{label} as {kind} was overlooked");
            planted += 1;
        }
    }
    println!("{planted} planted lines were found");
}

/// The same hub behind a layer that logs what access logs like to: the address, the headers and the
/// body. Everything that is sent shows.
#[test]
fn a_careless_log_is_found_out() {
    let (log, secrets) = child(true);
    let found = found(&log, &secrets);
    println!("a careless log gives {} secrets away", found.len());
    for label in [
        "api-token",
        "custodian-key",
        "draft-code",
        "first-run-code",
        "invitation",
        "mailbox-code",
        "line",
        "password",
        "recovery-code",
        "session",
        "sign-in-link",
        "totp-code",
    ] {
        let is_found = found.iter().any(|one| one.starts_with(label));
        assert!(is_found, "{label} was overlooked: {found:?}");
    }
}

/// The bytes behind a key as people type it (RFC 4648, section 6).
pub(crate) fn base32(text: &str) -> [u8; 20] {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut bytes = Vec::new();
    for letter in text.bytes() {
        let Some(five) = letters.iter().position(|known| *known == letter) else {
            continue;
        };
        bits = bits << 5 | u32::try_from(five).unwrap();
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    bytes.try_into().unwrap()
}
