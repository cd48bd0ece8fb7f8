mod speed;

use std::path::{Path, PathBuf};

use clap::Parser;
use seal::commitment::{Salt, commit};
use seal::random::Random;
use seal::tlog::checkpoint::Checkpoint;
use seal::tlog::note::NoteSigner;
use seal::tlog::offline::{LogEntry, OfflineConsistency, OfflineProof};
use seal::tlog::tree::{Hash, consistency_proof, inclusion_proof, nodes_of_leaves, root_of_leaves};

use super::{Log, Verify};

const PAYLOAD: &str = "hub=hub.test\nevent=part-read\nobject=rpt_a\nat=1790812800000000\nowner=-";

/// A log of 20 entries whose entry 7 opens; `seed` makes another history after entry 12.
struct Sample {
    directory: tempfile::TempDir,
    signer: NoteSigner,
    entries: Vec<LogEntry>,
}

impl Sample {
    fn new(seed: u8) -> Self {
        let mut random = Random::from_seed([1; 32]);
        let signer = NoteSigner::generate("hub.test", &mut random).unwrap();
        let entries = (0..20_u8)
            .map(|number| match number {
                7 => commit("label", PAYLOAD.as_bytes(), &salt()),
                0..=12 => [number; 32],
                _ => [number ^ seed; 32],
            })
            .map(|hash| LogEntry::new("hub.test", hash).unwrap())
            .collect();
        Self {
            directory: tempfile::tempdir().unwrap(),
            signer,
            entries,
        }
    }

    fn leaves(&self) -> Vec<Hash> {
        self.entries.iter().map(LogEntry::leaf_hash).collect()
    }

    fn note(&self, size: usize) -> String {
        let root = root_of_leaves(&self.leaves()[..size]);
        Checkpoint::sign(size as u64, root, &self.signer).unwrap()
    }

    fn proof(&self, size: usize) -> OfflineProof {
        let leaves = self.leaves();
        let path = inclusion_proof(7, size as u64, &mut nodes_of_leaves(&leaves)).unwrap();
        OfflineProof::new(&self.entries[7], 7, &path, &self.note(size))
    }

    fn opened(&self, size: usize) -> String {
        self.proof(size)
            .with_opening("label", PAYLOAD.as_bytes(), &salt())
            .to_json()
    }

    fn consistency(&self, old: usize, new: usize) -> String {
        let leaves = self.leaves();
        let nodes = &mut nodes_of_leaves(&leaves);
        let path = consistency_proof(old as u64, new as u64, nodes).unwrap();
        OfflineConsistency::new(&self.note(old), &self.note(new), &path).to_json()
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn key(&self) -> String {
        self.signer.verifier().to_string()
    }
}

fn salt() -> Salt {
    Salt::from_bytes([3; 32])
}

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    log: Log,
}

/// Runs `noroshi log verify` with these arguments.
fn verify(sample: &Sample, arguments: &[(&str, &Path)]) -> Result<String, String> {
    let mut line = vec!["noroshi".to_owned(), "verify".to_owned()];
    for (option, file) in arguments {
        if !option.is_empty() {
            line.push((*option).to_owned());
        }
        line.push(file.display().to_string());
    }
    line.extend(["--key".to_owned(), sample.key()]);
    let Log::Verify(verify) = Cli::try_parse_from(line).map_err(|e| e.to_string())?.log else {
        panic!("not verify");
    };
    let verify: Verify = verify;
    verify.check().map_err(|error| format!("{error:#}"))
}

#[test]
fn a_proof_says_what_it_shows() {
    let sample = Sample::new(0);
    let file = sample.write("proof.json", &sample.opened(20));
    assert_eq!(
        verify(&sample, &[("", &file)]).unwrap(),
        "holds: entry 7 of 20 is in the log of hub.test\n  hub=hub.test\n  event=part-read\n  \
         object=rpt_a\n  at=1790812800000000 (2026-10-01T00:00:00Z)\n  owner=-\n"
    );
    let file = sample.write("erased.json", &sample.proof(20).to_json());
    assert_eq!(
        verify(&sample, &[("", &file)]).unwrap(),
        "holds: entry 7 of 20 is in the log of hub.test\n  content: not in this file; it was \
         erased, or left out\n"
    );
    let both = [sample.opened(20), sample.proof(20).to_json()];
    let list = format!("[{}]", both.join(","));
    // As a mailbox gives them: one document on each line.
    let lines: String = both
        .iter()
        .map(|proof| proof.replace('\n', "") + "\n")
        .collect();
    for (name, text) in [("list.json", list), ("proofs.jsonl", lines.clone())] {
        let file = sample.write(name, &text);
        let said = verify(&sample, &[("", &file)]).unwrap();
        assert_eq!(said.matches("holds").count(), 2, "{name}");
    }
    for (name, text) in [
        ("empty.jsonl", ""),
        ("cut.jsonl", lines.strip_suffix("}\n").unwrap()),
    ] {
        let file = sample.write(name, text);
        assert!(verify(&sample, &[("", &file)]).is_err(), "{name}");
    }
}

#[test]
fn two_checkpoints_are_compared() {
    let sample = Sample::new(0);
    let old = sample.write("old", &sample.note(13));
    let new = sample.write("new", &sample.note(20));
    let between = sample.write("between.json", &sample.consistency(13, 20));
    let proof = sample.write("proof.json", &sample.opened(20));
    let all = [
        ("", proof.as_path()),
        ("--checkpoint", &old),
        ("--checkpoint", &new),
        ("--consistency", &between),
    ];
    let said = verify(&sample, &all).unwrap();
    assert!(
        said.contains("the log of 13 entries is the beginning of the log of 20 entries"),
        "{said}"
    );
    let said = verify(&sample, &[("", &proof), ("--checkpoint", &new)]).unwrap();
    assert!(said.contains("all files speak of the same log"), "{said}");

    let without = verify(&sample, &all[..3]).unwrap_err();
    assert!(without.contains("give it with --consistency"), "{without}");
    let early = sample.write("early.json", &sample.opened(15));
    let apart = verify(&sample, &[("", &early), ("--consistency", &between)]).unwrap_err();
    assert!(apart.contains("neither the older nor the newer"), "{apart}");
}

#[test]
fn a_second_history_is_found() {
    let (sample, fork) = (Sample::new(0), Sample::new(0xff));
    let kept = sample.write("kept", &sample.note(20));
    let between = fork.write("between.json", &fork.consistency(13, 20));
    for other in [
        ("", fork.write("proof.json", &fork.opened(20))),
        ("--consistency", between),
        ("--checkpoint", fork.write("other", &fork.note(20))),
    ] {
        let found = verify(&sample, &[("--checkpoint", &kept), (other.0, &other.1)]).unwrap_err();
        assert!(found.contains("ANOTHER LOG of 20 entries"), "{found}");
    }
}

#[test]
fn what_does_not_hold_is_refused() {
    let sample = Sample::new(0);
    let opened = sample.opened(20);
    let proof: serde_json::Value = serde_json::from_str(&opened).unwrap();
    for (field, wrong) in [
        ("index", serde_json::json!(6)),
        ("hub", serde_json::json!("other.test")),
        ("checkpoint", serde_json::json!(sample.note(19))),
        (
            "checkpoint",
            serde_json::json!(sample.note(20).replace("\n20\n", "\n21\n")),
        ),
    ] {
        let mut changed = proof.clone();
        changed[field] = wrong;
        let file = sample.write("changed.json", &changed.to_string());
        let found = verify(&sample, &[("", &file)]).unwrap_err();
        assert!(found.contains("DOES NOT HOLD"), "{field}: {found}");
    }
    for text in ["", "[]", "{}", "not a proof"] {
        let file = sample.write("no-proof.json", text);
        assert!(verify(&sample, &[("", &file)]).is_err(), "{text:?}");
    }
    let file = sample.write("proof.json", &opened);
    let stranger = NoteSigner::generate("hub.test", &mut Random::from_seed([2; 32])).unwrap();
    let other_key = Sample {
        signer: stranger,
        ..Sample::new(0)
    };
    assert!(verify(&other_key, &[("", &file)]).is_err());
    assert!(verify(&sample, &[]).unwrap_err().contains("<FILE"));
}

#[test]
fn a_payload_does_not_steer_the_terminal() {
    let mut sample = Sample::new(0);
    let wild = "event=\u{1b}[2J\rholds";
    sample.entries[7] =
        LogEntry::new("hub.test", commit("label", wild.as_bytes(), &salt())).unwrap();
    let proof = sample
        .proof(20)
        .with_opening("label", wild.as_bytes(), &salt())
        .to_json();
    let file = sample.write("wild.json", &proof);
    let said = verify(&sample, &[("", &file)]).unwrap();
    assert!(!said.contains('\u{1b}') && !said.contains('\r'), "{said:?}");
}

/// The sample beside `docs/log/verify.py`, so that the files it was written for stay what they are.
#[test]
fn golden_sample() {
    let sample = Sample::new(0);
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/log");
    for (name, text) in [
        ("sample-proof.json", sample.opened(20)),
        ("sample-consistency.json", sample.consistency(13, 20)),
        ("sample-key.txt", sample.key()),
    ] {
        let path = place.join(name);
        let text = format!("{text}\n");
        if std::env::var_os("NOROSHI_BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(golden, text, "{name} differs; run `cargo xtask gen`");
    }
}
