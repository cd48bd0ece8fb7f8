//! `noroshi flow openings`, and the file of openings itself: a line each, which nobody changes unseen.
//!
//! Each line tells the checkpoint of all lines before it: how many, and the root of their Merkle tree (RFC
//! 6962, as the hub's log has it). Whoever kept a checkpoint, a custodian for instance, can tell whether one of
//! the lines before it was changed or taken out since. Where no checkpoint was kept elsewhere, whoever writes the
//! whole file anew is not seen.

use std::fmt;
use std::fs;
use std::io::{self, ErrorKind, Read, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::Context as _;
use clap::Args;
use seal::tlog::tree::{Hash, leaf_hash, root_of_leaves};
use serde::{Deserialize, Serialize};

use super::{Spoken, words};

/// Octets of a file of openings that are read.
const OCTETS_MAX: u64 = 256 << 20;

/// Looks whether a file of openings is as it was written.
#[derive(Debug, Args)]
pub(in crate::cli) struct Look {
    /// The file of openings.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A checkpoint that was told at an opening: the lines before it must be those of then. May be given several times.
    #[arg(long, value_name = "CHECKPOINT")]
    checkpoint: Vec<Checkpoint>,
    /// Language of what is said; by default that of the terminal.
    #[arg(long, value_enum)]
    language: Option<Spoken>,
}

/// So many lines, and the root of their tree: `3:` and 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Checkpoint {
    lines: usize,
    root: Hash,
}

/// A file of openings as it lies there.
pub(super) struct Openings {
    path: PathBuf,
    leaves: Vec<Hash>,
    /// Whether an end of the program or of the room broke the last line off.
    is_torn: bool,
}

#[derive(Serialize)]
struct Noted<L> {
    #[serde(flatten)]
    line: L,
    before: String,
}

/// What of a line tells about those before it.
#[derive(Deserialize)]
struct Told {
    before: String,
}

impl Look {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        anyhow::ensure!(self.file.exists(), "there is no `{}`", self.file.display());
        let openings = Openings::read(&self.file)?;
        for checkpoint in &self.checkpoint {
            openings.holds(checkpoint)?;
        }
        let words = words(self.language);
        let said = [("checkpoint", openings.checkpoint().to_string().into())];
        println!("{}", words.tn("flow-cli-openings-whole", &said));
        Ok(ExitCode::SUCCESS)
    }
}

impl Openings {
    /// Reads the file, which need not be there.
    ///
    /// # Errors
    /// When it cannot be read, or its last checkpoint is not that of the lines before.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        match fs::File::open(path) {
            Ok(file) => Self::of(path, file),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::of(path, io::empty()),
            Err(error) => Err(error).with_context(|| unread(path)),
        }
    }

    fn of(path: &Path, file: impl Read) -> anyhow::Result<Self> {
        let mut octets = Vec::new();
        let read = file.take(OCTETS_MAX + 1).read_to_end(&mut octets);
        read.with_context(|| unread(path))?;
        anyhow::ensure!(
            octets.len() as u64 <= OCTETS_MAX,
            "`{}` is full; put it away, and begin another",
            path.display()
        );
        let is_torn = octets.last().is_some_and(|last| *last != b'\n');
        let octets = octets.strip_suffix(b"\n").unwrap_or(&octets);
        let lines: Vec<&[u8]> = match octets {
            [] => Vec::new(),
            octets => octets.split(|octet| *octet == b'\n').collect(),
        };
        let openings = Self {
            path: path.to_owned(),
            leaves: lines.iter().map(|line| leaf_hash(line)).collect(),
            is_torn,
        };
        // It stands for all checkpoints before it, which are in the lines that it covers.
        let last = lines.iter().enumerate().rev().find_map(|(place, line)| {
            let told: Told = serde_json::from_slice(line).ok()?;
            Some((place, told.before))
        });
        if let Some((place, before)) = last {
            let checkpoint = before
                .parse()
                .ok()
                .filter(|checkpoint: &Checkpoint| checkpoint.lines == place);
            let checkpoint = checkpoint.with_context(|| openings.changed(place))?;
            openings.holds(&checkpoint)?;
        }
        Ok(openings)
    }

    /// Of all lines.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            lines: self.leaves.len(),
            root: root_of_leaves(&self.leaves),
        }
    }

    /// Adds a line to the file, down to the disk, and tells the checkpoint with it. Of two at once one waits
    /// for the other.
    ///
    /// # Errors
    /// As for [`Self::read`], and when it cannot be written.
    pub(super) fn note(path: &Path, line: &impl Serialize) -> anyhow::Result<Checkpoint> {
        let unwritten = || format!("cannot write `{}`; nothing was opened", path.display());
        let mut file = fs::OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .with_context(unwritten)?;
        file.lock().with_context(unwritten)?;
        let mut openings = Self::of(path, &file)?;
        let before = openings.checkpoint().to_string();
        let written = serde_json::to_vec(&Noted { line, before })?;
        // What is torn stays, as a line of its own.
        let torn: &[u8] = if openings.is_torn { b"\n" } else { b"" };
        let added = file.write_all(&[torn, &written, b"\n"].concat());
        added
            .and_then(|()| file.sync_all())
            .with_context(unwritten)?;
        openings.leaves.push(leaf_hash(&written));
        Ok(openings.checkpoint())
    }

    fn holds(&self, checkpoint: &Checkpoint) -> anyhow::Result<()> {
        let then = self.leaves.get(..checkpoint.lines);
        let holds = then.is_some_and(|leaves| root_of_leaves(leaves) == checkpoint.root);
        anyhow::ensure!(holds, self.changed(checkpoint.lines));
        Ok(())
    }

    fn changed(&self, lines: usize) -> String {
        format!(
            "the first {lines} lines of `{}` are not those that were written: one was changed or taken out. Keep \
             the file as it is and find out who had it; to open tokens, name another file",
            self.path.display()
        )
    }
}

fn unread(path: &Path) -> String {
    format!("cannot read `{}`", path.display())
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:", self.lines)?;
        self.root
            .iter()
            .try_for_each(|octet| write!(out, "{octet:02x}"))
    }
}

impl FromStr for Checkpoint {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "this is no checkpoint: a number, a colon and 64 hexadecimal digits";
        let (lines, digits) = text.trim().split_once(':').ok_or(WRONG)?;
        let mut root = Hash::default();
        if digits.len() != 2 * root.len() || !digits.is_ascii() {
            return Err(WRONG);
        }
        for (octet, pair) in root.iter_mut().zip(digits.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| WRONG)?;
            *octet = u8::from_str_radix(pair, 16).map_err(|_| WRONG)?;
        }
        let lines = lines.parse().map_err(|_| WRONG)?;
        Ok(Self { lines, root })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn note(path: &Path, reason: &str) -> Checkpoint {
        Openings::note(path, &json!({ "reason": reason })).unwrap()
    }

    fn checkpoints(path: &Path) -> [Checkpoint; 3] {
        ["one", "two", "three"].map(|reason| note(path, reason))
    }

    #[test]
    fn a_line_that_is_changed_or_taken_out_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openings.jsonl");
        let [_, second, third] = checkpoints(&path);
        let whole = fs::read_to_string(&path).unwrap();
        let read = || Openings::read(&path).map(|openings| openings.checkpoint());
        assert_eq!(read().unwrap(), third);
        assert_eq!(third.to_string().parse(), Ok(third));
        let lines: Vec<&str> = whole.lines().collect();
        for changed in [
            whole.replace("one", "One"),
            whole.replace("two", "new"),
            format!("{}\n{}\n", lines[0], lines[2]),
            format!("{}\n{}\n", lines[1], lines[2]),
        ] {
            fs::write(&path, changed).unwrap();
            let error = read().unwrap_err().to_string();
            assert!(error.contains("was changed or taken out"), "{error}");
        }
        // Without its end the file is as it was then: only a checkpoint that was kept tells.
        fs::write(&path, format!("{}\n{}\n", lines[0], lines[1])).unwrap();
        assert_eq!(read().unwrap(), second);
        assert!(Openings::read(&path).unwrap().holds(&third).is_err());
    }

    #[test]
    fn lines_without_checkpoints_and_a_torn_one_are_kept_and_covered() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openings.jsonl");
        fs::write(&path, "{\"reason\":\"old\"}\n{\"reason\":\"to").unwrap();
        let checkpoint = note(&path, "new");
        assert_eq!(checkpoint.lines, 3);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 3);
        assert_eq!(Openings::read(&path).unwrap().checkpoint(), checkpoint);
        fs::write(&path, text.replace("old", "new")).unwrap();
        assert!(Openings::read(&path).is_err());
    }

    #[test]
    fn desks_that_open_at_once_do_not_make_each_other_suspect() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openings.jsonl");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..8).for_each(|_| _ = note(&path, "at once")));
            }
        });
        assert_eq!(Openings::read(&path).unwrap().checkpoint().lines, 32);
    }
}
