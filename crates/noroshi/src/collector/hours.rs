//! Where kept talks lie: a folder an hour and shard, and what becomes of them.
//!
//! ```text
//! talks/hour=2026-11-22T17/shard=03/NAME.parquet     talks with servers
//! among/hour=2026-11-22T17/shard=00/NAME.parquet     talks among subscribers
//! profiles/hour=2026-11-22T17/shard=03/NAME.parquet  what the hour showed of each server
//! findings/2026-11-22T17.jsonl                       what was found until that hour ended
//! restricted/2026-11-22T17.jsonl                     the same of servers on subscribers' lines, by token
//! unfinished/                                        what no reader should see
//! ```
//!
//! The hour is that in which records came, in UTC. `among` and `restricted` can be entered by the
//! collector's own user only; `talks` by its group too. Minutes are merged when their hour has passed, and hours go when
//! their time is over.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use domain::time::Timestamp;
use flow::archive::{Kept, Other, merge};
use flow::column::Address;
use seal::subscriber::SubscriberToken;
use serde::{Deserialize, Serialize};

use super::profiles;

pub(super) use sweep::{Broom, Swept};

const FINDINGS: &str = "findings";

/// Findings of servers on the lines of subscribers: tokens, for the carrier's own desk.
const RESTRICTED: &str = "restricted";

const UNFINISHED: &str = "unfinished";

/// While this file is there, a merge was begun.
const MERGE_FILE: &str = "merge.json";

const SECONDS_PER_HOUR: i64 = 3_600;

const HOURS_PER_DAY: i64 = 24;

/// An hour of Unix time, in which records came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hour(pub(super) i64);

/// What kind of talks: each has its folder.
pub(super) trait Kind: Other {
    /// Name of the folder.
    const FOLDER: &'static str;
    /// Permissions of its folders.
    const FOLDER_MODE: u32;
    /// Permissions of its files.
    const FILE_MODE: u32;
}

impl Kind for Address {
    const FOLDER: &'static str = "talks";
    const FOLDER_MODE: u32 = 0o750;
    const FILE_MODE: u32 = 0o640;
}

impl Kind for SubscriberToken {
    const FOLDER: &'static str = "among";
    const FOLDER_MODE: u32 = 0o700;
    const FILE_MODE: u32 = 0o600;
}

/// The directory of the collector.
#[derive(Clone)]
pub(super) struct Hours {
    directory: PathBuf,
}

/// A file that no reader sees yet.
pub(super) struct Unfinished {
    pub(super) file: fs::File,
    path: PathBuf,
    into: PathBuf,
    folder_mode: u32,
}

/// A merge: once `into` is there, `from` are leftovers.
#[derive(Serialize, Deserialize)]
struct Merge {
    into: PathBuf,
    from: Vec<PathBuf>,
}

impl Hour {
    pub(super) fn of(time: Timestamp) -> Self {
        Self(time.seconds().div_euclid(SECONDS_PER_HOUR))
    }

    /// The first hour of its day (UTC).
    pub(super) fn day(self) -> Self {
        Self(self.0 - self.0.rem_euclid(HOURS_PER_DAY))
    }

    pub(super) fn folder(self) -> String {
        format!("hour={}", self.text())
    }

    /// Like `2026-11-22T17`.
    fn text(self) -> String {
        let begin = Timestamp::from_seconds(self.0 * SECONDS_PER_HOUR).to_jiff();
        let text = begin.to_string();
        // What stands before the minutes.
        text.split(':').next().unwrap_or_default().to_owned()
    }

    fn read(folder: &str) -> Option<Self> {
        Self::parse(folder.strip_prefix("hour=")?)
    }

    fn parse(text: &str) -> Option<Self> {
        let begin: jiff::Timestamp = format!("{text}:00:00Z").parse().ok()?;
        Some(Self(begin.as_second().div_euclid(SECONDS_PER_HOUR)))
    }
}

impl Hours {
    /// Opens the directory: makes what is missing, takes away what an earlier end left half done.
    ///
    /// # Errors
    /// When a folder cannot be made, or leftovers cannot be removed.
    pub(super) fn open(directory: &Path) -> anyhow::Result<Self> {
        let hours = Self {
            directory: directory.to_owned(),
        };
        hours.folder(Address::FOLDER, Address::FOLDER_MODE)?;
        hours.folder(SubscriberToken::FOLDER, SubscriberToken::FOLDER_MODE)?;
        hours.folder(FINDINGS, Address::FOLDER_MODE)?;
        hours.folder(RESTRICTED, SubscriberToken::FOLDER_MODE)?;
        hours.folder(profiles::FOLDER, profiles::FOLDER_MODE)?;
        let unfinished = hours.folder(UNFINISHED, 0o700)?;
        hours.finish_merge()?;
        for path in entries(&unfinished)? {
            fs::remove_file(&path)
                .with_context(|| format!("cannot remove `{}`", path.display()))?;
        }
        Ok(hours)
    }

    /// Begins a file `name` for that hour and shard.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn begin<S: Kind>(
        &self,
        hour: Hour,
        shard: usize,
        name: &str,
    ) -> anyhow::Result<Unfinished> {
        let folder = format!("{}/{}/shard={shard:02}", S::FOLDER, hour.folder());
        let into = self.directory.join(folder).join(name);
        self.unfinished(into, S::FILE_MODE)
    }

    /// Begins the file of findings of that hour.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn findings(&self, hour: Hour) -> anyhow::Result<Unfinished> {
        let name = format!("{}.jsonl", hour.text());
        let into = self.directory.join(FINDINGS).join(name);
        self.unfinished(into, Address::FILE_MODE)
    }

    /// Begins the file of findings of that hour about servers on the lines of subscribers.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn restricted(&self, hour: Hour) -> anyhow::Result<Unfinished> {
        let name = format!("{}.jsonl", hour.text());
        let into = self.directory.join(RESTRICTED).join(name);
        self.unfinished(into, SubscriberToken::FILE_MODE)
    }

    /// Removes the restricted findings of hours that began `hours` or more before `now`.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub(super) fn remove_restricted(&self, now: Hour, hours: i64) -> anyhow::Result<()> {
        self.remove_restricted_of(|hour| hour.0 + hours <= now.0)
    }

    fn remove_restricted_of(&self, is_over: impl Fn(Hour) -> bool) -> anyhow::Result<()> {
        for path in entries(&self.directory.join(RESTRICTED))? {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            if Hour::parse(&name).is_some_and(&is_over) {
                fs::remove_file(&path)
                    .with_context(|| format!("cannot remove `{}`", path.display()))?;
            }
        }
        Ok(())
    }

    /// The files of an hour, in the order in which they were written.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub(super) fn files<S: Kind>(&self, hour: Hour) -> anyhow::Result<Vec<PathBuf>> {
        let folder = self.directory.join(S::FOLDER).join(hour.folder());
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        for shard in entries(&folder)? {
            for path in entries(&shard)? {
                files.push((fs::metadata(&path)?.modified()?, path));
            }
        }
        files.sort();
        Ok(files.into_iter().map(|(_, path)| path).collect())
    }

    /// Merges what was written in hours before `now`, where there is more than one file.
    ///
    /// # Errors
    /// When a file cannot be read or written; the files then stay as they are.
    pub(super) fn merge_before(&self, now: Hour) -> anyhow::Result<()> {
        self.merge_kind::<Address>(now)?;
        self.merge_kind::<SubscriberToken>(now)
    }

    /// Removes the hours that began `keep_hours` or more before `now`.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub(super) fn remove_old(&self, now: Hour, keep_hours: u32) -> anyhow::Result<()> {
        let is_over = |hour: Hour| hour.0 + i64::from(keep_hours) <= now.0;
        self.remove(Address::FOLDER, is_over)?;
        self.remove(SubscriberToken::FOLDER, is_over)
    }

    /// Removes the hours that begin a day or more behind `now`: a wrong clock kept them, and their time
    /// would not come.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub(super) fn remove_ahead(&self, now: Hour) -> anyhow::Result<()> {
        let is_ahead = |hour: Hour| hour.0 >= now.0 + HOURS_PER_DAY;
        for kind in [Address::FOLDER, SubscriberToken::FOLDER, profiles::FOLDER] {
            self.remove(kind, is_ahead)?;
        }
        self.remove_restricted_of(is_ahead)
    }

    /// Removes the hours of one kind of which `is_over` holds.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub(super) fn remove(&self, kind: &str, is_over: impl Fn(Hour) -> bool) -> anyhow::Result<()> {
        for (_, path) in self.hours(kind)?.iter().filter(|(hour, _)| is_over(*hour)) {
            fs::remove_dir_all(path)
                .with_context(|| format!("cannot remove `{}`", path.display()))?;
        }
        Ok(())
    }

    /// The files of one kind, of all hours, the earliest hour first.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub(super) fn files_in(&self, kind: &str) -> anyhow::Result<Vec<(Hour, PathBuf)>> {
        let mut files = Vec::new();
        for (hour, folder) in self.hours(kind)? {
            for shard in entries(&folder)? {
                files.extend(entries(&shard)?.into_iter().map(|path| (hour, path)));
            }
        }
        Ok(files)
    }

    /// Begins a file that will lie at `path` under the directory.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn unfinished_at(&self, path: &Path, mode: u32) -> anyhow::Result<Unfinished> {
        self.unfinished(self.directory.join(path), mode)
    }

    fn merge_kind<S: Kind>(&self, now: Hour) -> anyhow::Result<()> {
        for (_, folder) in self
            .hours(S::FOLDER)?
            .iter()
            .filter(|(hour, _)| *hour < now)
        {
            for shard in entries(folder)? {
                self.merge_shard::<S>(&shard)?;
            }
        }
        Ok(())
    }

    /// Merges the files of a shard, those of each horizon by themselves.
    fn merge_shard<S: Kind>(&self, shard: &Path) -> anyhow::Result<()> {
        let mut by_horizon: BTreeMap<u64, Vec<PathBuf>> = BTreeMap::new();
        for path in entries(shard)? {
            let kept = Kept::<S, _>::open(fs::File::open(&path)?)
                .with_context(|| format!("cannot read `{}`", path.display()))?;
            by_horizon.entry(kept.horizon()).or_default().push(path);
        }
        for (horizon, from) in by_horizon {
            let [first, _, ..] = &from[..] else {
                continue;
            };
            // A name of one of its parts with a mark behind is the name of no other.
            let stem = first.file_stem().unwrap_or_default().to_string_lossy();
            let into = shard.join(format!("{stem}-merged.parquet"));
            let files = from
                .iter()
                .map(fs::File::open)
                .collect::<Result<Vec<_>, _>>()?;
            let unfinished = self.unfinished(into.clone(), S::FILE_MODE)?;
            let file = std::io::BufWriter::new(unfinished.file.try_clone()?);
            let merged = merge::<S, _, _>(files, file, horizon)?;
            merged.into_inner().context("cannot write a merged file")?;
            let note = self.directory.join(MERGE_FILE);
            fs::write(&note, serde_json::to_vec(&Merge { into, from })?)?;
            fs::File::open(&note)?.sync_all()?;
            unfinished.finish()?;
            self.finish_merge()?;
        }
        Ok(())
    }

    /// Removes the parts of a merge whose result is there.
    fn finish_merge(&self) -> anyhow::Result<()> {
        let note = self.directory.join(MERGE_FILE);
        let octets = match fs::read(&note) {
            Ok(octets) => octets,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read `{}`", note.display()));
            }
        };
        // A torn note was written before its merge had a result.
        if let Ok(merge) = serde_json::from_slice::<Merge>(&octets)
            && merge.into.exists()
        {
            for part in merge.from.iter().filter(|part| part.exists()) {
                fs::remove_file(part)
                    .with_context(|| format!("cannot remove `{}`", part.display()))?;
            }
        }
        fs::remove_file(&note).with_context(|| format!("cannot remove `{}`", note.display()))
    }

    pub(super) fn unfinished(&self, into: PathBuf, mode: u32) -> anyhow::Result<Unfinished> {
        let name: PathBuf = into
            .strip_prefix(&self.directory)
            .unwrap_or(&into)
            .to_string_lossy()
            .replace('/', ".")
            .into();
        let path = self.directory.join(UNFINISHED).join(name);
        let file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(&path)
            .with_context(|| format!("cannot make `{}`", path.display()))?;
        // Who may enter a folder may read its files' names.
        let folder_mode = mode | (mode >> 2 & 0o111);
        Ok(Unfinished {
            file,
            path,
            into,
            folder_mode,
        })
    }

    fn hours(&self, kind: &str) -> anyhow::Result<Vec<(Hour, PathBuf)>> {
        let hour = |path: PathBuf| Some((Hour::read(path.file_name()?.to_str()?)?, path));
        Ok(entries(&self.directory.join(kind))?
            .into_iter()
            .filter_map(hour)
            .collect())
    }

    fn folder(&self, name: &str, mode: u32) -> anyhow::Result<PathBuf> {
        let path = self.directory.join(name);
        make(&path, mode)?;
        Ok(path)
    }
}

impl Unfinished {
    /// Brings the file down to the disk and to its place.
    ///
    /// # Errors
    /// When the disk does not take it; the file is removed then.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        self.place().inspect_err(|_| {
            // It is reported as not written; a leftover is removed at the next start.
            let _removed = fs::remove_file(&self.path);
        })
    }

    fn place(&self) -> anyhow::Result<()> {
        let folder = self.into.parent().context("a file lies in a folder")?;
        make(folder, self.folder_mode)?;
        self.file.sync_all()?;
        fs::rename(&self.path, &self.into)?;
        for folder in folder.ancestors().take(2) {
            fs::File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

fn make(path: &Path, mode: u32) -> anyhow::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(path)
        .with_context(|| format!("cannot make the folder `{}`", path.display()))
}

/// What lies in a folder, by name.
fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect()
    };
    let mut paths = read().with_context(|| format!("cannot list `{}`", folder.display()))?;
    paths.sort();
    Ok(paths)
}

mod sweep;

#[cfg(test)]
mod tests;
