//! What a start does with files of earlier starts: those of an earlier version, which kept ports of
//! subscribers, go; and where the prefixes of subscribers are others than before, servers that are
//! inside now leave the talks, the profiles and the findings.
//!
//! Talks of the running horizon go over to those among subscribers, where their servers become tokens;
//! of an earlier one no key is left, and they go.

use std::fs;
use std::io::{BufRead as _, BufReader, BufWriter, ErrorKind, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flow::archive::{ArchiveError, Kept, Writer};
use flow::column::Address;
use flow::prefix::Prefixes;
use flow::sealed::{Talk, is_inside};
use seal::subscriber::{HorizonKey, SubscriberToken};

use super::{FINDINGS, Hour, Hours, Kind, entries, profiles};

/// Tells under which prefixes everything that is kept was sealed.
const FILE: &str = "inside.json";

/// What was swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::collector) struct Swept {
    /// Files of an earlier version, and damaged ones, that were removed.
    pub(in crate::collector) files_removed: u64,
    /// Talks whose server became a token.
    pub(in crate::collector) talks_sealed: u64,
    /// Talks that were removed: no key is left to seal their server.
    pub(in crate::collector) talks_removed: u64,
    /// Findings that were removed.
    pub(in crate::collector) findings_removed: u64,
}

/// What a sweep goes by.
pub(in crate::collector) struct Broom {
    pub(in crate::collector) subscribers: Prefixes,
    /// Number of the running horizon.
    pub(in crate::collector) horizon: u64,
    /// Its key.
    pub(in crate::collector) key: HorizonKey,
}

impl Broom {
    /// Stands for the prefixes without telling one of them to whoever has no key.
    fn mark(&self) -> String {
        let mut mark = self.key.token(0);
        for (first, last) in self.subscribers.ranges() {
            mark = self.key.token(mark.bits() ^ first.bits());
            mark = self.key.token(mark.bits() ^ last.bits());
        }
        format!("{:032x}", mark.bits())
    }
}

impl Hours {
    /// Sweeps everything that lies there.
    ///
    /// # Errors
    /// When a file cannot be read, written or removed; the next start sweeps again.
    pub(in crate::collector) fn sweep(&self, broom: &Broom) -> anyhow::Result<Swept> {
        let mut swept = Swept::default();
        self.sweep_old::<Address>(&mut swept)?;
        self.sweep_old::<SubscriberToken>(&mut swept)?;
        let (path, mark) = (self.directory.join(FILE), broom.mark());
        if fs::read_to_string(&path).is_ok_and(|before| before == mark) {
            return Ok(swept);
        }
        for (hour, file) in self.all::<Address>()? {
            if let Err(error) = self.sweep_talks(hour, &file, broom, &mut swept) {
                unswept(&file, &error, &mut swept)?;
            }
        }
        for (_, file) in self.files_in(profiles::FOLDER)? {
            if let Err(error) = profiles::sweep(self, &file, &broom.subscribers) {
                unswept(&file, &error, &mut swept)?;
            }
        }
        for file in entries(&self.directory.join(FINDINGS))? {
            if let Err(error) = self.sweep_findings(&file, &broom.subscribers, &mut swept) {
                unswept(&file, &error, &mut swept)?;
            }
        }
        let mut unfinished = self.unfinished(path, 0o600)?;
        unfinished.file.write_all(mark.as_bytes())?;
        unfinished.finish()?;
        Ok(swept)
    }

    /// Removes files of an earlier version.
    fn sweep_old<S: Kind>(&self, swept: &mut Swept) -> anyhow::Result<()> {
        for (_, path) in self.all::<S>()? {
            let Some(file) = opened(&path)? else { continue };
            if let Err(ArchiveError::Old(_)) = Kept::<S, _>::open(file) {
                fs::remove_file(&path)
                    .with_context(|| format!("cannot remove `{}`", path.display()))?;
                swept.files_removed += 1;
            }
        }
        Ok(())
    }

    fn sweep_talks(
        &self,
        hour: Hour,
        path: &Path,
        broom: &Broom,
        swept: &mut Swept,
    ) -> anyhow::Result<()> {
        let Some(file) = opened(path)? else {
            return Ok(());
        };
        let kept = Kept::<Address, _>::open(file)?;
        let is_in = |talk: &Talk<Address>| is_inside(&broom.subscribers, talk.server);
        let mut inside: Vec<Talk<Address>> = Vec::new();
        let mut group = Vec::new();
        for number in 0..kept.groups() {
            group.clear();
            kept.group(number, &mut group)?;
            inside.extend(group.iter().filter(|talk| is_in(talk)));
        }
        if inside.is_empty() {
            return Ok(());
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let count = inside.len() as u64;
        if kept.horizon() == broom.horizon {
            let mut among = inside
                .iter()
                .map(|talk| talk.with_server(broom.key.token(talk.server.bits())))
                .collect();
            let unfinished =
                self.begin::<SubscriberToken>(hour, 0, &format!("{name}-sealed.parquet"))?;
            let out = BufWriter::new(unfinished.file.try_clone()?);
            let mut writer = Writer::new(out, kept.horizon())?;
            writer.group(&mut among)?;
            writer.finish()?.into_inner()?;
            unfinished.finish()?;
            swept.talks_sealed += count;
        } else {
            swept.talks_removed += count;
        }
        let unfinished = self.unfinished(path.to_owned(), Address::FILE_MODE)?;
        let mut writer = Writer::new(BufWriter::new(unfinished.file.try_clone()?), kept.horizon())?;
        for number in 0..kept.groups() {
            group.clear();
            kept.group(number, &mut group)?;
            group.retain(|talk| !is_in(talk));
            writer.group(&mut group)?;
        }
        writer.finish()?.into_inner()?;
        unfinished.finish()
    }

    fn sweep_findings(
        &self,
        path: &Path,
        subscribers: &Prefixes,
        swept: &mut Swept,
    ) -> anyhow::Result<()> {
        let lines: Vec<String> = BufReader::new(fs::File::open(path)?)
            .lines()
            .collect::<Result<_, _>>()?;
        let stays = |line: &&String| !names_inside(line, subscribers);
        let staying: Vec<&String> = lines.iter().filter(stays).collect();
        if staying.len() == lines.len() {
            return Ok(());
        }
        swept.findings_removed += (lines.len() - staying.len()) as u64;
        let mut unfinished = self.unfinished(path.to_owned(), Address::FILE_MODE)?;
        for line in staying {
            writeln!(unfinished.file, "{line}")?;
        }
        unfinished.finish()
    }

    /// All files of a kind, with the hour of each.
    fn all<S: Kind>(&self) -> anyhow::Result<Vec<(Hour, PathBuf)>> {
        let mut all = Vec::new();
        for (hour, _) in self.hours(S::FOLDER)? {
            all.extend(self.files::<S>(hour)?.into_iter().map(|path| (hour, path)));
        }
        Ok(all)
    }
}

/// Removes a file that cannot be swept: it may name who is inside now.
fn unswept(path: &Path, error: &anyhow::Error, swept: &mut Swept) -> anyhow::Result<()> {
    tracing::error!(
        file.path = %path.display(),
        error = format!("{error:#}"),
        "a file that cannot be swept is removed"
    );
    fs::remove_file(path).with_context(|| format!("cannot remove `{}`", path.display()))?;
    swept.files_removed += 1;
    Ok(())
}

/// `None` when it has gone since the folder was listed.
fn opened(path: &Path) -> anyhow::Result<Option<fs::File>> {
    match fs::File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    }
}

fn names_inside(line: &str, subscribers: &Prefixes) -> bool {
    let server = || -> Option<IpAddr> {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        line.get("server")?.as_str()?.parse().ok()
    };
    server().is_some_and(|server| is_inside(subscribers, Address::of(server.to_canonical())))
}
