use super::{LogEntry, OfflineConsistency, OfflineProof, ProofError};
use crate::commitment::{Salt, commit};
use crate::random::Random;
use crate::tlog::checkpoint::{Checkpoint, CheckpointError};
use crate::tlog::note::{NoteError, NoteSigner};
use crate::tlog::tree::{
    Hash, TreeError, consistency_proof, inclusion_proof, nodes_of_leaves, root_of_leaves,
};

const LABEL: &str = "part.read";
const PAYLOAD: &[u8] = "rpt_7 を 所管省庁 が 閲覧".as_bytes();

struct Log {
    key: NoteSigner,
    salt: Salt,
    entries: Vec<LogEntry>,
}

fn log() -> Log {
    let mut random = Random::from_seed([1; 32]);
    let key = NoteSigner::generate("hub.example/log", &mut random).unwrap();
    let salt = Salt::generate(&mut random);
    let entries = (0..20)
        .map(|number| {
            let commitment = if number == 7 {
                commit(LABEL, PAYLOAD, &salt)
            } else {
                random.bytes()
            };
            LogEntry::new("hub.example", commitment).unwrap()
        })
        .collect();
    Log { key, salt, entries }
}

impl Log {
    fn leaves(&self) -> Vec<Hash> {
        self.entries.iter().map(LogEntry::leaf_hash).collect()
    }

    fn checkpoint(&self, size: usize) -> String {
        let root = root_of_leaves(&self.leaves()[..size]);
        Checkpoint::sign(size as u64, root, &self.key).unwrap()
    }

    fn proof(&self) -> OfflineProof {
        let leaves = self.leaves();
        let path = inclusion_proof(7, 20, &mut nodes_of_leaves(&leaves)).unwrap();
        OfflineProof::new(&self.entries[7], 7, &path, &self.checkpoint(20))
    }
}

#[test]
fn an_entry_is_three_lines_and_reads_back() {
    let entry = LogEntry::new("hub.example", [0xab; 32]).unwrap();
    let expected = format!("noroshi-log-entry-1\nhub.example\n{}\n", "ab".repeat(32));
    assert_eq!(entry.to_bytes(), expected.as_bytes());
    assert_eq!(LogEntry::parse(&entry.to_bytes()).unwrap(), entry);
    for text in [
        String::new(),
        expected.trim_end().to_owned(),
        expected.replace("entry-1", "entry-2"),
        expected.replace("abab", "ABAB"),
        expected.replace("hub.example", ""),
        expected.replace("hub.example", "hub\nexample"),
        format!("{expected}\n"),
    ] {
        assert_eq!(
            LogEntry::parse(text.as_bytes()).unwrap_err(),
            ProofError::NotAnEntry,
            "{text}"
        );
    }
    assert!(LogEntry::parse(&[0xff; 100]).is_err());
    assert!(LogEntry::new(&"h".repeat(256), [0; 32]).is_err());
}

#[test]
fn a_downloaded_proof_holds_without_the_hub() {
    let log = log();
    let verifier = log.key.verifier();
    let proof = OfflineProof::from_json(&log.proof().to_json()).unwrap();
    let proven = proof.verify(&verifier).unwrap();
    assert_eq!(
        (proven.index, &proven.entry, proven.opened),
        (7, &log.entries[7], None)
    );
    assert_eq!(proven.checkpoint.size, 20);

    let opening = log.proof().with_opening(LABEL, PAYLOAD, &log.salt);
    let proven = OfflineProof::from_json(&opening.to_json())
        .unwrap()
        .verify(&verifier)
        .unwrap();
    let opened = proven.opened.unwrap();
    assert_eq!(
        (opened.label.as_str(), opened.payload.as_slice()),
        (LABEL, PAYLOAD)
    );
}

#[test]
fn every_false_claim_is_refused() {
    let log = log();
    let verifier = log.key.verifier();
    let refused = |proof: OfflineProof| proof.verify(&verifier).unwrap_err();

    let other_content = log
        .proof()
        .with_opening(LABEL, b"nobody read it", &log.salt);
    assert_eq!(refused(other_content), ProofError::WrongOpening);
    let other_label = log.proof().with_opening("part.hidden", PAYLOAD, &log.salt);
    assert_eq!(refused(other_label), ProofError::WrongOpening);

    let wrong_proof = ProofError::Tree(TreeError::WrongProof);
    assert_eq!(
        refused(OfflineProof {
            index: 6,
            ..log.proof()
        }),
        wrong_proof
    );
    let other_hub = OfflineProof {
        hub: "other.example".to_owned(),
        ..log.proof()
    };
    assert_eq!(refused(other_hub), wrong_proof);
    let smaller = OfflineProof {
        checkpoint: log.checkpoint(19),
        ..log.proof()
    };
    assert_eq!(refused(smaller), wrong_proof);
    let beyond = OfflineProof {
        index: 20,
        ..log.proof()
    };
    assert_eq!(
        refused(beyond),
        ProofError::Tree(TreeError::NotInTree {
            index: 20,
            size: 20
        })
    );

    let forged = log.checkpoint(20).replace("\n20\n", "\n21\n");
    let forged = OfflineProof {
        checkpoint: forged,
        ..log.proof()
    };
    let wrong = NoteError::WrongSignature("hub.example/log".to_owned());
    assert_eq!(
        refused(forged),
        ProofError::Checkpoint(CheckpointError::Note(wrong))
    );
    let mut short = log.proof();
    short.path[0].0.pop();
    assert_eq!(refused(short), ProofError::NotAHash);

    let stranger = NoteSigner::generate("hub.example/log", &mut Random::from_seed([2; 32]));
    assert!(log.proof().verify(&stranger.unwrap().verifier()).is_err());
}

#[test]
fn two_checkpoints_are_compared_offline() {
    let log = log();
    let leaves = log.leaves();
    let path = consistency_proof(13, 20, &mut nodes_of_leaves(&leaves)).unwrap();
    let proof = OfflineConsistency::new(&log.checkpoint(13), &log.checkpoint(20), &path);
    let proof = OfflineConsistency::from_json(&proof.to_json()).unwrap();
    let (old, new) = proof.verify(&log.key.verifier()).unwrap();
    assert_eq!((old.size, new.size), (13, 20));

    // The log signs a second history over the same first checkpoint.
    let mut fork = self::log();
    fork.entries[3] = LogEntry::new("hub.example", [9; 32]).unwrap();
    let forked_leaves = fork.leaves();
    let forked_path = consistency_proof(13, 20, &mut nodes_of_leaves(&forked_leaves)).unwrap();
    let forked = OfflineConsistency::new(&log.checkpoint(13), &fork.checkpoint(20), &forked_path);
    assert_eq!(
        forked.verify(&log.key.verifier()).unwrap_err(),
        ProofError::Tree(TreeError::WrongProof)
    );
    let backward = OfflineConsistency::new(&log.checkpoint(20), &log.checkpoint(13), &path);
    assert_eq!(
        backward.verify(&log.key.verifier()).unwrap_err(),
        ProofError::Tree(TreeError::Shrunk { old: 20, new: 13 })
    );
}

#[test]
fn the_files_keep_their_form() {
    let log = log();
    let proof: serde_json::Value = serde_json::from_str(&log.proof().to_json()).unwrap();
    assert_eq!(proof["format"], "noroshi-log-proof-1");
    assert_eq!(proof["index"], 7);
    assert_eq!(proof["path"].as_array().unwrap().len(), 5);
    assert_eq!(proof["checkpoint"], log.checkpoint(20));
    assert!(proof.get("opening").is_none());
    let with = log
        .proof()
        .with_opening(LABEL, PAYLOAD, &log.salt)
        .to_json();
    let with: serde_json::Value = serde_json::from_str(&with).unwrap();
    assert_eq!(with["opening"]["label"], LABEL);
    let newer = log.proof().to_json().replace("proof-1", "proof-2");
    assert!(matches!(
        OfflineProof::from_json(&newer),
        Err(ProofError::NotTheFile(_))
    ));
    assert!(OfflineConsistency::from_json(&log.proof().to_json()).is_err());
}

#[test]
fn debug_shows_nothing_of_the_content() {
    let log = log();
    let proof = log.proof().with_opening(LABEL, PAYLOAD, &log.salt);
    let proven = proof.verify(&log.key.verifier()).unwrap();
    let shown = format!("{proof:?} {proven:?}");
    assert!(!shown.contains("所管省庁"), "{shown}");
    assert!(!shown.contains(&format!("{:?}", &PAYLOAD[..4])), "{shown}");
    assert!(
        !shown.contains(&format!("{:?}", &log.salt.as_bytes()[..4])),
        "{shown}"
    );
}
