//! Profiles that collectors kept, as files in their directories.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flow::archive::profiles::{Profiles, Row, Seen};
use flow::column::Address;
use flow::finding::Server;
use flow::profile::KeptProfile;

/// A file of profiles.
pub(super) struct Kept {
    /// Hours of Unix time.
    pub(super) hour: i64,
    /// Which shard of servers.
    pub(super) shard: usize,
    path: PathBuf,
}

/// The files of profiles in the directory of a collector, the earliest hour first; none where it keeps
/// none.
pub(super) fn files(directory: &Path) -> anyhow::Result<Vec<Kept>> {
    let folder = directory.join("profiles");
    let mut files = Vec::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for (hour, folder) in named(&folder, "hour=")? {
        let begin: Option<jiff::Timestamp> = format!("{hour}:00:00Z").parse().ok();
        let Some(begin) = begin else {
            continue;
        };
        for (shard, folder) in named(&folder, "shard=")? {
            let Ok(shard) = shard.parse() else {
                continue;
            };
            let kept = |path| Kept {
                hour: begin.as_second().div_euclid(3_600),
                shard,
                path,
            };
            files.extend(entries(&folder)?.into_iter().map(kept));
        }
    }
    Ok(files)
}

impl Kept {
    /// Tells `tell` the rows of the servers that `wanted` names; where their addresses are given, what cannot
    /// hold one of them is not read.
    pub(super) fn rows(
        &self,
        addresses: &[Address],
        wanted: impl Fn(&Server) -> bool,
        mut tell: impl FnMut(Row),
    ) -> anyhow::Result<()> {
        let Some(kept) = self.open()? else {
            return Ok(());
        };
        for group in 0..kept.groups() {
            let may_hold = |address: &Address| kept.may_hold(group, *address);
            if addresses.is_empty() || addresses.iter().any(may_hold) {
                kept.group(group, &wanted, &mut tell)
                    .with_context(|| self.name())?;
            }
        }
        Ok(())
    }

    /// Tells which servers were seen in it.
    pub(super) fn seen(&self, tell: impl FnMut(Seen)) -> anyhow::Result<()> {
        match self.open()? {
            Some(kept) => kept.seen(tell).with_context(|| self.name()),
            None => Ok(()),
        }
    }

    fn open(&self) -> anyhow::Result<Option<Profiles<File>>> {
        let opened = match File::open(&self.path) {
            // Removed since the folder was read: its time was over.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.with_context(|| self.name())?,
        };
        Profiles::open(opened)
            .map(Some)
            .with_context(|| self.name())
    }

    fn name(&self) -> String {
        format!("`{}`", self.path.display())
    }
}

/// Profiles of many servers, each in its few octets.
#[derive(Default)]
pub(super) struct Merged(BTreeMap<Server, Vec<u8>>);

impl Merged {
    /// Joins a profile to that of its server.
    pub(super) fn join(&mut self, server: Server, profile: KeptProfile) {
        let held = self.0.entry(server).or_default();
        let mut merged = profile;
        // What stands there was written here.
        if let Ok(before) = KeptProfile::from_bytes(held) {
            merged.merge(&before);
        }
        *held = merged.to_bytes();
    }

    /// The servers, in order.
    pub(super) fn servers(&self) -> impl Iterator<Item = (Server, KeptProfile)> {
        let profile = |octets: &Vec<u8>| KeptProfile::from_bytes(octets).ok();
        self.0
            .iter()
            .filter_map(move |(server, octets)| Some((*server, profile(octets)?)))
    }
}

/// Folders whose names begin with `prefix`, by what stands behind it.
fn named(folder: &Path, prefix: &str) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let name = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.strip_prefix(prefix)?.to_owned();
        Some((name, path))
    };
    Ok(entries(folder)?.into_iter().filter_map(name).collect())
}

/// What lies in a folder, by name.
pub(super) fn entries(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let named = || format!("cannot read `{}`", directory.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).with_context(named)? {
        paths.push(entry.with_context(named)?.path());
    }
    paths.sort();
    Ok(paths)
}
