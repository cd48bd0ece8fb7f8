//! A custodian's work from key to approval, with the program and files alone.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use seal::envelope::{KeyPair, PublicKey};
use seal::identity::{
    Approval, Asked, Handover, OpeningRequest, SealedIdentity, combine, seal_identity,
};
use seal::random::Random;
use tempfile::TempDir;

/// A hub's desk, three custodians with their key files, and one sealed report.
pub(crate) struct Office {
    pub(crate) folder: TempDir,
    pub(crate) desk: KeyPair,
    pub(crate) custodians: Vec<KeyPair>,
    pub(crate) sealed: SealedIdentity,
    pub(crate) request: OpeningRequest,
}

const BLOCK: &[u8] = b"who";

impl Office {
    pub(crate) fn new() -> Self {
        let mut random = Random::from_seed([21; 32]);
        let custodians: Vec<_> = (0..3).map(|_| KeyPair::generate(&mut random)).collect();
        let keys: Vec<_> = custodians.iter().map(|pair| pair.public.clone()).collect();
        let report = "rpt_3h5k2m8q4w7x9y1z6v3t5r2p4n";
        let sealed =
            seal_identity(BLOCK, &keys, 2, "hub.noroshi.example", report, &mut random).unwrap();
        let desk = KeyPair::generate(&mut random);
        let asked = Asked {
            by: "架空水道セプター事務局 / Fictional Water CEPTOAR".to_owned(),
            purpose: "防御 / Defense".to_owned(),
            reason: "配水の制御端末が今も遠隔操作されている。\n当直に電話をつなぎたい。".to_owned(),
            at: "2026-11-22T03:12:00+09:00".to_owned(),
        };
        let request = OpeningRequest::new(&sealed, desk.public.clone(), asked);
        let office = Self {
            folder: tempfile::tempdir().unwrap(),
            desk,
            custodians,
            sealed,
            request,
        };
        for (number, pair) in office.custodians.iter().enumerate() {
            office.write(&format!("{}.key", number + 1), &pair.secret.expose_text());
        }
        office.write("request.json", &office.request.to_json());
        office
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Runs `noroshi custodian` in the folder, in English, and types `typed`.
    pub(crate) fn run(&self, arguments: &str, typed: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_noroshi"))
            .arg("custodian")
            .args(arguments.split(' '))
            .current_dir(self.folder.path())
            .env("LC_ALL", "en_US.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        // A command that refuses before it asks has closed the pipe already.
        let _written = input.write_all(typed.as_bytes());
        drop(input);
        child.wait_with_output().unwrap()
    }

    fn approval(&self, name: &str) -> Approval {
        Approval::from_json(&fs::read_to_string(self.path(name)).unwrap()).unwrap()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn two_approvals_made_offline_open_the_block() {
    let office = Office::new();
    let first = office.run(
        "approve --key 1.key --request request.json --out 1.json",
        "yes\n",
    );
    assert!(first.status.success(), "{}", said(&first));
    let reason = said(&first);
    for bound in [
        "hub.noroshi.example",
        "rpt_3h5k2m8q4w7x9y1z6v3t5r2p4n",
        "架空水道セプター事務局",
        "防御 / Defense",
        "遠隔操作されている",
        "2026-11-22T03:12:00+09:00",
    ] {
        assert!(reason.contains(bound), "{bound} in {reason}");
    }
    let second = office.run(
        "approve --yes --key 3.key --request request.json --out 3.json",
        "",
    );
    assert!(second.status.success(), "{}", said(&second));
    assert_eq!(mode(&office.path("1.json")), 0o600);
    let approvals = [office.approval("1.json"), office.approval("3.json")];
    let opened = combine(
        &office.desk.secret,
        &office.request,
        &office.sealed,
        &approvals,
    );
    assert_eq!(*opened.unwrap().block, BLOCK);
}

#[test]
fn without_a_yes_nothing_is_written() {
    let office = Office::new();
    for typed in ["", "no\n", "y\n", "YES\n"] {
        let refused = office.run(
            "approve --key 1.key --request request.json --out 1.json",
            typed,
        );
        assert!(!refused.status.success(), "{typed:?}");
        assert!(said(&refused).contains("Nothing was written"), "{typed:?}");
        assert!(!office.path("1.json").exists(), "{typed:?}");
    }
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let office = Office::new();
    office.write("taken", "mine");
    office.write("handover.json", &office.handover(1).to_json());
    let new = office.custodians[0].public.to_string();
    for arguments in [
        "keygen --out taken".to_owned(),
        "approve --yes --key 1.key --request request.json --out taken".to_owned(),
        format!("rewrap --old-key 2.key --new-public {new} --sealed handover.json --out taken"),
    ] {
        let refused = office.run(&arguments, "yes\n");
        assert!(!refused.status.success(), "{arguments}");
        assert!(
            said(&refused).contains("is not written over"),
            "{}",
            said(&refused)
        );
        assert_eq!(fs::read_to_string(office.path("taken")).unwrap(), "mine");
    }
}

#[test]
fn a_drawn_key_is_its_owners_alone_and_is_never_printed() {
    let office = Office::new();
    let drawn = office.run("keygen --out new.key", "");
    assert!(drawn.status.success(), "{}", said(&drawn));
    assert_eq!(mode(&office.path("new.key")), 0o600);
    let secret = fs::read_to_string(office.path("new.key")).unwrap();
    let pair = seal::envelope::SecretKey::parse(&secret).unwrap();
    assert!(!said(&drawn).contains(secret.trim()));
    assert!(said(&drawn).contains(&pair.public_key().to_string()));
    assert!(said(&drawn).contains(&pair.public_key().fingerprint().to_string()));
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let office = Office::new();
    let readable = fs::Permissions::from_mode(0o640);
    fs::set_permissions(office.path("1.key"), readable).unwrap();
    let refused = office.run(
        "approve --yes --key 1.key --request request.json --out 1.json",
        "",
    );
    assert!(!refused.status.success());
    assert!(said(&refused).contains("chmod 600"), "{}", said(&refused));
    assert!(!office.path("1.json").exists());
}

#[test]
fn tampered_and_foreign_requests_are_refused() {
    let office = Office::new();
    // Under another report's name the share does not open.
    let renamed = office.request.to_json().replace(
        "rpt_3h5k2m8q4w7x9y1z6v3t5r2p4n",
        "rpt_0h5k2m8q4w7x9y1z6v3t5r2p4n",
    );
    office.write("renamed.json", &renamed);
    office.write("sealed.json", &office.sealed.to_json());
    let stranger = KeyPair::generate(&mut Random::from_seed([22; 32]));
    office.write("stranger.key", &stranger.secret.expose_text());
    for (key, request) in [
        ("1.key", "renamed.json"),
        ("1.key", "sealed.json"),
        ("1.key", "1.key"),
        ("stranger.key", "request.json"),
        ("request.json", "request.json"),
    ] {
        let arguments = format!("approve --yes --key {key} --request {request} --out x.json");
        let refused = office.run(&arguments, "");
        assert!(!refused.status.success(), "{key} {request}");
        assert!(!office.path("x.json").exists(), "{key} {request}");
        assert!(
            !said(&refused).contains(office.custodians[0].secret.expose_text().as_str()),
            "{}",
            said(&refused)
        );
    }
}

// Somebody else's file must not be able to paint over the question.
#[test]
fn escapes_in_a_request_are_spelled_out() {
    let office = Office::new();
    let asked = Asked {
        by: "\u{1b}[2J\u{1b}[Hbackup test".to_owned(),
        purpose: "\u{202e}esnefed".to_owned(),
        reason: "x".to_owned(),
        at: "t".to_owned(),
    };
    let request = OpeningRequest::new(&office.sealed, office.desk.public.clone(), asked);
    office.write("odd.json", &request.to_json());
    let shown = office.run(
        "approve --key 1.key --request odd.json --out 1.json",
        "no\n",
    );
    let text = said(&shown);
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text}"
    );
    assert!(text.contains("\\u{1b}[2J"), "{text}");
}

#[test]
fn shares_move_to_the_successor_who_can_see_that_they_did() {
    let office = Office::new();
    office.write("handover.json", &office.handover(1).to_json());
    office.run("keygen --out new.key", "");
    let secret = fs::read_to_string(office.path("new.key")).unwrap();
    let public: PublicKey = seal::envelope::SecretKey::parse(&secret)
        .unwrap()
        .public_key();
    let moved = office.run(
        &format!(
            "rewrap --old-key 2.key --new-public {public} --sealed handover.json --out moved.json"
        ),
        "",
    );
    assert!(moved.status.success(), "{}", said(&moved));
    let seen = office.run("verify --key new.key --sealed moved.json", "");
    assert!(seen.status.success(), "{}", said(&seen));
    assert!(said(&seen).contains("1 of 1"), "{}", said(&seen));
    // The predecessor's key opens nothing any more, and the program says so.
    let gone = office.run("verify --key 2.key --sealed moved.json", "");
    assert!(!gone.status.success());
    assert!(said(&gone).contains("Do not take over"), "{}", said(&gone));

    // A key that already holds a share would open alone with it.
    let twice = office.run(
        &format!(
            "rewrap --old-key 2.key --new-public {} --sealed handover.json --out twice.json",
            office.custodians[0].public
        ),
        "",
    );
    assert!(!twice.status.success());
    assert!(!office.path("twice.json").exists());
}

impl Office {
    pub(crate) fn handover(&self, custodian: usize) -> Handover {
        let leaving = self.custodians[custodian].public.fingerprint();
        Handover::new("hub.noroshi.example", leaving, vec![self.sealed.clone()])
    }
}
