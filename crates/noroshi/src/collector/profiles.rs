//! Kept profiles of servers: where they lie, and what is remembered of them.
//!
//! ```text
//! profiles/hour=2026-11-22T17/shard=03/KEY.parquet   what each hour showed of each server
//! collector.id                                       which collector this is
//! ```
//!
//! A file has the number of its key for a name, so that an hour that is looked at again takes the place
//! of what was written before. `profiles` can be entered by the collector's group too: no client is
//! named there, but a number of few may be guessed from it.

use std::fs;
use std::io::{BufWriter, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flow::archive::profiles::{EVERYTHING, Profiles, Row, Writer};
use flow::archive::{SHARDS, shard};
use flow::finding::Server;
use flow::prefix::Prefixes;
use flow::profile::{Linking, Past};
use flow::sealed::is_inside;
use seal::random::Random;

use super::hours::{Hour, Hours, Unfinished};

/// Name of the folder.
pub(super) const FOLDER: &str = "profiles";

/// Permissions of its folders and files.
pub(super) const FOLDER_MODE: u32 = 0o750;
const FILE_MODE: u32 = 0o640;

/// File of the number that was drawn for this collector.
const ID_FILE: &str = "collector.id";

const HOURS_PER_DAY: u32 = 24;

/// The number of a collector: no other has it.
#[derive(Clone, Copy)]
pub(super) struct CollectorId(u64);

impl CollectorId {
    /// Reads the number in `directory`, or draws it when there is none.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is damaged.
    pub(super) fn open(directory: &Path, random: &mut Random) -> anyhow::Result<Self> {
        let path = directory.join(ID_FILE);
        let named = || format!("cannot write `{}`", path.display());
        match fs::read_to_string(&path) {
            Ok(text) => u64::from_str_radix(text.trim(), 16)
                .map(Self)
                .with_context(|| {
                    format!(
                        "`{}` is damaged; remove it, and clients are counted anew",
                        path.display()
                    )
                }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let id = u64::from_be_bytes(random.bytes());
                let next = directory.join("collector.next.id");
                let mut file = fs::OpenOptions::new()
                    .write(true)
                    .create(true)
                    .truncate(true)
                    .mode(0o600)
                    .open(&next)
                    .with_context(named)?;
                writeln!(file, "{id:016x}").with_context(named)?;
                file.sync_all().with_context(named)?;
                fs::rename(&next, &path).with_context(named)?;
                Ok(Self(id))
            }
            Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
        }
    }

    /// The number of the key of that horizon.
    pub(super) fn linking(self, horizon: u64) -> Linking {
        Linking(self.0 ^ horizon.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

/// The files of an hour while they are written, one a shard.
pub(super) struct Shelf {
    hours: Hours,
    hour: Hour,
    linking: Linking,
    files: Vec<Option<Open>>,
    rows: u64,
}

struct Open {
    writer: Writer<BufWriter<fs::File>>,
    unfinished: Unfinished,
}

impl Shelf {
    pub(super) fn new(hours: &Hours, hour: Hour, linking: Linking) -> Self {
        Self {
            hours: hours.clone(),
            hour,
            linking,
            files: (0..SHARDS).map(|_| None).collect(),
            rows: 0,
        }
    }

    /// Writes a row to the file of its shard.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn row(&mut self, row: &Row) -> anyhow::Result<()> {
        let place = shard(row.server.address);
        let file = self.files.get_mut(place).context("a shard has a place")?;
        let open = match file {
            Some(open) => open,
            None => file.insert(begin(&self.hours, self.hour, place, self.linking)?),
        };
        self.rows += 1;
        Ok(open.writer.row(row)?)
    }

    /// Brings the files to their places, and says how many rows there are.
    ///
    /// # Errors
    /// When one cannot be written; those before it are in their places.
    pub(super) fn finish(self) -> anyhow::Result<u64> {
        for open in self.files.into_iter().flatten() {
            let out = open.writer.finish()?;
            out.into_inner().context("cannot write profiles")?;
            open.unfinished.finish()?;
        }
        Ok(self.rows)
    }
}

fn begin(hours: &Hours, hour: Hour, shard: usize, linking: Linking) -> anyhow::Result<Open> {
    let folder = format!("{FOLDER}/{}/shard={shard:02}", hour.folder());
    let name = format!("{folder}/{:016x}.parquet", linking.0);
    let unfinished = hours.unfinished_at(Path::new(&name), FILE_MODE)?;
    let out = BufWriter::with_capacity(1 << 16, unfinished.file.try_clone()?);
    Ok(Open {
        writer: Writer::new(out, linking)?,
        unfinished,
    })
}

/// Removes the profiles of hours that began `days` or more before `now`.
///
/// # Errors
/// When some cannot be removed.
pub(super) fn forget(hours: &Hours, now: Hour, days: u16) -> anyhow::Result<()> {
    let keep = i64::from(u32::from(days) * HOURS_PER_DAY);
    hours.remove(FOLDER, |hour| hour.0 + keep <= now.0)
}

/// Leaves out of a file the servers that are inside now: they are subscribers. A file that cannot be read
/// may name them, and is removed.
///
/// # Errors
/// When it cannot be written or removed.
pub(super) fn sweep(hours: &Hours, path: &Path, inside: &Prefixes) -> anyhow::Result<()> {
    let swept = sweep_file(hours, path, inside);
    swept.or_else(|error| {
        tracing::error!(
            file.path = %path.display(),
            error = format!("{error:#}"),
            "a file of profiles cannot be swept, and is removed"
        );
        Ok(fs::remove_file(path)?)
    })
}

fn sweep_file(hours: &Hours, path: &Path, inside: &Prefixes) -> anyhow::Result<()> {
    let kept = Profiles::open(fs::File::open(path)?)?;
    let mut is_clean = true;
    kept.seen(|seen| is_clean &= !is_inside(inside, seen.server.address))?;
    if is_clean {
        return Ok(());
    }
    let unfinished = hours.unfinished(path.to_owned(), FILE_MODE)?;
    let mut writer = Writer::new(BufWriter::new(unfinished.file.try_clone()?), kept.linking())?;
    let mut written = Ok(());
    for group in 0..kept.groups() {
        let stays = |server: &Server| *server == EVERYTHING || !is_inside(inside, server.address);
        kept.group(group, stays, |row| {
            if written.is_ok() {
                written = writer.row(&row);
            }
        })?;
    }
    written?;
    writer.finish()?.into_inner()?;
    unfinished.finish()
}

/// Adds to `past` what the profiles of hours until `now` say of when servers were seen: what a clock
/// that was ahead left is none of it. A file that cannot be read is told of and passed over.
///
/// # Errors
/// When a folder cannot be listed.
pub(super) fn remember(hours: &Hours, now: Hour, mut past: Past) -> anyhow::Result<Past> {
    for (hour, path) in hours.files_in(FOLDER)? {
        if hour > now {
            continue;
        }
        if let Err(error) = read(&path, &mut past) {
            tracing::error!(
                file.path = %path.display(),
                error = format!("{error:#}"),
                "a file of profiles is passed over"
            );
        }
    }
    Ok(past)
}

fn read(path: &PathBuf, past: &mut Past) -> anyhow::Result<()> {
    let kept = Profiles::open(fs::File::open(path)?)?;
    Ok(kept.seen(|seen| past.note(seen))?)
}
