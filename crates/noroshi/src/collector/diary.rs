//! What the collector writes down of itself: until when everything is kept, and when nothing was.
//!
//! `collector.json` is written after each minute's files lie on the disk. A start compares it with the
//! clock: the time between is a gap, whether the program was killed or was told to end, and it goes
//! to `gaps.jsonl` and to the log.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

const FILE: &str = "collector.json";
const NEXT_FILE: &str = "collector.next.json";
const GAPS_FILE: &str = "gaps.jsonl";

/// A time of which not everything is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// From when.
    #[serde(with = "moment")]
    pub from: jiff::Timestamp,
    /// Until when.
    #[serde(with = "moment")]
    pub until: jiff::Timestamp,
    /// Why.
    pub why: Why,
}

/// Why something is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The collector ended without being asked to: killed, or the machine went down.
    Killed,
    /// It was told to end, and started again later.
    Stopped,
    /// Files could not be written.
    Unwritten,
    /// More came than could be taken: talks or datagrams were let go, and the rest of that time is kept.
    Shed,
}

/// The diary of a directory.
pub(super) struct Diary {
    directory: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Page {
    /// Until when everything that came is in files.
    #[serde(with = "moment")]
    kept_until: jiff::Timestamp,
    /// Whether it runs, as far as this page knows.
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Running,
    Ended,
}

impl Diary {
    /// Opens the diary in `directory` at `now`, and says what is missing before.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub(super) fn open(directory: &Path, now: Timestamp) -> anyhow::Result<(Self, Option<Gap>)> {
        let diary = Self {
            directory: directory.to_owned(),
        };
        let gap = diary.page()?.map(|page| Gap {
            from: page.kept_until,
            until: now.to_jiff().max(page.kept_until),
            why: match page.state {
                State::Running => Why::Killed,
                State::Ended => Why::Stopped,
            },
        });
        if let Some(gap) = &gap {
            diary.miss(gap)?;
        }
        diary.kept_until(now)?;
        Ok((diary, gap))
    }

    /// Notes that everything that came before `time` is in files.
    pub(super) fn kept_until(&self, time: Timestamp) -> anyhow::Result<()> {
        self.turn(time, State::Running)
    }

    /// Notes that the collector ended at `time`, with everything in files.
    pub(super) fn end(&self, time: Timestamp) -> anyhow::Result<()> {
        self.turn(time, State::Ended)
    }

    /// Adds a gap to the list.
    pub(super) fn miss(&self, gap: &Gap) -> anyhow::Result<()> {
        let path = self.directory.join(GAPS_FILE);
        let mut line = serde_json::to_vec(gap)?;
        line.push(b'\n');
        let mut file = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("cannot open `{}`", path.display()))?;
        file.write_all(&line)
            .and_then(|()| file.sync_all())
            .with_context(|| format!("cannot write `{}`", path.display()))
    }

    fn page(&self) -> anyhow::Result<Option<Page>> {
        let path = self.directory.join(FILE);
        match fs::read(&path) {
            Ok(octets) => serde_json::from_slice(&octets).map(Some).with_context(|| {
                format!(
                    "`{}` is damaged; remove it, and no gap before this start will be told",
                    path.display()
                )
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
        }
    }

    fn turn(&self, time: Timestamp, state: State) -> anyhow::Result<()> {
        let page = Page {
            kept_until: time.to_jiff(),
            state,
        };
        let (path, next) = (self.directory.join(FILE), self.directory.join(NEXT_FILE));
        let written = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&next)
            .and_then(|mut file| {
                file.write_all(&serde_json::to_vec(&page)?)?;
                file.sync_all()
            });
        written
            .and_then(|()| fs::rename(&next, &path))
            .with_context(|| format!("cannot write `{}`", path.display()))
    }
}

/// A moment as RFC 3339 spells it.
mod moment {
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(time)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_seconds(1_800_014_400);

    #[test]
    fn a_start_says_since_when_nothing_was_kept_and_why() {
        let folder = tempfile::tempdir().unwrap();
        let (diary, gap) = Diary::open(folder.path(), NOON).unwrap();
        assert_eq!(gap, None);
        diary.kept_until(NOON.plus_seconds(60)).unwrap();
        drop(diary);
        let killed = Gap {
            from: NOON.plus_seconds(60).to_jiff(),
            until: NOON.plus_seconds(90).to_jiff(),
            why: Why::Killed,
        };
        let (diary, gap) = Diary::open(folder.path(), NOON.plus_seconds(90)).unwrap();
        assert_eq!(gap, Some(killed.clone()));
        diary.end(NOON.plus_seconds(100)).unwrap();
        let (_, gap) = Diary::open(folder.path(), NOON.plus_seconds(200)).unwrap();
        let stopped = Gap {
            from: NOON.plus_seconds(100).to_jiff(),
            until: NOON.plus_seconds(200).to_jiff(),
            why: Why::Stopped,
        };
        assert_eq!(gap, Some(stopped.clone()));
        let lines = fs::read_to_string(folder.path().join(GAPS_FILE)).unwrap();
        let told: Vec<Gap> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(told, [killed, stopped]);
    }
}
