//! The signed head of the log: C2SP tlog-checkpoint.

use data_encoding::BASE64;

use super::note::{NoteError, NoteSigner, NoteVerifier, open_note};
use super::tree::Hash;

/// What a log says of itself: its name, how many entries it has, and the root over them.
///
/// INVARIANT of the log, kept by its caller: never sign a checkpoint of which an earlier signed one
/// is not a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log; also the name of its key.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// Reads the text of a checkpoint, without signatures. Extension lines are allowed and passed
    /// over, as the specification has it.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text
            .strip_suffix('\n')
            .ok_or(CheckpointError::NotACheckpoint)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::NotACheckpoint);
        };
        let plain_number = size.bytes().all(|digit| digit.is_ascii_digit())
            && (size == "0" || !size.starts_with('0'));
        if origin.is_empty() || !plain_number || lines.any(str::is_empty) {
            return Err(CheckpointError::NotACheckpoint);
        }
        let size = size.parse().map_err(|_| CheckpointError::NotACheckpoint)?;
        let root = BASE64
            .decode(root.as_bytes())
            .map_err(|_| CheckpointError::NotACheckpoint)?;
        let root = root
            .try_into()
            .map_err(|_| CheckpointError::NotACheckpoint)?;
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
        })
    }

    /// The text that is signed: origin, size, root, each on a line.
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            BASE64.encode(&self.root)
        )
    }

    /// The checkpoint of `root` over `size` entries, signed by the log, whose name is the origin.
    pub fn sign(size: u64, root: Hash, log: &NoteSigner) -> Result<String, NoteError> {
        let origin = log.verifier().name().to_owned();
        log.sign(&Self { origin, size, root }.text())
    }

    /// Reads a signed checkpoint of the log that `log` belongs to. Other signatures are passed
    /// over; [`open_note`] checks those of witnesses.
    pub fn open(note: &str, log: &NoteVerifier) -> Result<Self, CheckpointError> {
        let known = std::slice::from_ref(log);
        let checkpoint = Self::parse(open_note(note, known)?.text)?;
        if checkpoint.origin == log.name() {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::OtherLog(checkpoint.origin))
        }
    }
}

/// Why a checkpoint was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text is not that of a checkpoint.
    #[error("not a checkpoint: expected the lines origin, size and root")]
    NotACheckpoint,
    /// A valid checkpoint, signed by this key for a log of another name.
    #[error("the checkpoint is of the log `{0}`, not of the one whose key you gave")]
    OtherLog(String),
    /// The note around it was refused.
    #[error(transparent)]
    Note(#[from] NoteError),
}

#[cfg(test)]
mod tests {
    use super::{Checkpoint, CheckpointError};
    use crate::random::Random;
    use crate::tlog::note::{NoteError, NoteSigner};

    // The example of tlog-checkpoint.
    const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\n\
                           CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn the_example_of_the_specification_reads_and_prints_back() {
        let checkpoint = Checkpoint::parse(EXAMPLE).unwrap();
        assert_eq!(checkpoint.origin, "example.com/behind-the-sofa");
        assert_eq!(checkpoint.size, 20_852_163);
        assert_eq!(checkpoint.text(), EXAMPLE);
        let extended = format!("{EXAMPLE}extension\n");
        assert_eq!(Checkpoint::parse(&extended).unwrap(), checkpoint);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            String::new(),
            EXAMPLE.trim_end().to_owned(),
            format!("\n{EXAMPLE}"),
            format!("{EXAMPLE}\n"),
            EXAMPLE.replace("20852163", "020852163"),
            EXAMPLE.replace("20852163", "-1"),
            EXAMPLE.replace("20852163", ""),
            EXAMPLE.replace("20852163", "99999999999999999999"),
            EXAMPLE.replace("CsUY", ""),
            EXAMPLE.replace("q2I=", "q2J="),
        ] {
            let refused = Checkpoint::parse(&text).unwrap_err();
            assert_eq!(refused, CheckpointError::NotACheckpoint, "{text:?}");
        }
    }

    #[test]
    fn only_the_log_itself_signs_its_head() {
        let mut random = Random::from_seed([1; 32]);
        let log = NoteSigner::generate("hub.example/log", &mut random).unwrap();
        let other = NoteSigner::generate("hub.example/log", &mut random).unwrap();
        let note = Checkpoint::sign(7, [9; 32], &log).unwrap();
        let opened = Checkpoint::open(&note, &log.verifier()).unwrap();
        assert_eq!((opened.size, opened.root), (7, [9; 32]));
        assert_eq!(
            Checkpoint::open(&note, &other.verifier()).unwrap_err(),
            CheckpointError::Note(NoteError::Unsigned)
        );
        let enlarged = note.replace("\n7\n", "\n8\n");
        assert_eq!(
            Checkpoint::open(&enlarged, &log.verifier()).unwrap_err(),
            CheckpointError::Note(NoteError::WrongSignature("hub.example/log".to_owned()))
        );
        // A witness of another name may sign the same text, and that does not make it his log.
        let witness = NoteSigner::generate("witness.example", &mut random).unwrap();
        let cosigned = witness.cosign(&note).unwrap();
        assert_eq!(
            Checkpoint::open(&cosigned, &log.verifier()).unwrap(),
            opened
        );
        assert_eq!(
            Checkpoint::open(&cosigned, &witness.verifier()).unwrap_err(),
            CheckpointError::OtherLog("hub.example/log".to_owned())
        );
    }
}
