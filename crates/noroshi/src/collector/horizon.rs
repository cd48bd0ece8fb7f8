//! The key of the linking horizon: drawn, kept wrapped, renewed, destroyed.
//!
//! While it lives, all talks of a subscriber have one token. At the end of the horizon the next key is
//! drawn and the old one is gone: from the memory of the program, and from its file, which is written
//! over before its name goes; so is the copy that is sealed to custodians. With it the wrapping key is
//! drawn anew: what a disk, a snapshot or a backup still holds of the old file is ciphertext under a key
//! that was written over as well. All of it happens while a collector runs, or at its next start: one
//! that stays stopped keeps its key.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use domain::time::Timestamp;
use seal::envelope::PublicKey;
use seal::identity::seal_identity;
use seal::object::{Binding, MasterKey, ObjectKey, decrypt, encrypt};
use seal::random::Random;
use seal::subscriber::HorizonKey;
use serde::{Deserialize, Serialize};

/// Days that a horizon lasts at most, and when nobody sets fewer.
pub const HORIZON_DAYS_MAX: u16 = 30;

/// File of the wrapped key, in the directory of the collector.
const FILE: &str = "horizon.json";

/// The next one, while it takes the place of the old.
const NEXT_FILE: &str = "horizon.next.json";

/// Stands for the hub in what the ciphertext is bound to.
const BOUND_TO: &str = "noroshi flow collect";

/// Custodians who open a key together.
const CUSTODIANS_NEEDED: u8 = 2;

/// The permission bits of group and others.
const OTHERS: u32 = 0o077;

const SECONDS_PER_DAY: i64 = 86_400;

const SECONDS_PER_HOUR: i64 = 3_600;

/// A running horizon.
pub(super) struct Horizon {
    /// Its number, counted from 1 in a directory.
    pub(super) number: u64,
    /// When it began.
    begun: Timestamp,
    /// When it ends, at a full hour, so that an hour has tokens of one key.
    pub(super) ends: Timestamp,
    key: HorizonKey,
}

/// Where the key of the horizon is kept.
pub(super) struct KeyRoom {
    directory: PathBuf,
    key_file: PathBuf,
    wrapping: MasterKey,
    days: u16,
    custodians: Vec<PublicKey>,
}

/// The file of a horizon.
#[derive(Serialize, Deserialize)]
struct Kept {
    number: u64,
    /// Seconds of Unix time.
    begun: i64,
    /// The object key that encrypts the key, wrapped; hexadecimal.
    wrapped: String,
    /// The key, encrypted; hexadecimal.
    sealed: String,
}

impl Horizon {
    /// The key, for one more sealer.
    pub(super) fn key(&self) -> HorizonKey {
        HorizonKey::from_bytes(*self.key.as_bytes())
    }

    /// Whether its time is over at `now`. One that began in time to come was begun by a wrong clock,
    /// and would outlive its days.
    pub(super) fn has_ended(&self, now: Timestamp) -> bool {
        now >= self.ends || self.begun > now.plus_seconds(SECONDS_PER_HOUR)
    }

    /// Before this, in milliseconds of Unix time, no talk of it may be told to have begun: another
    /// horizon was then. `None` of the first.
    pub(super) fn since_ms(&self) -> Option<i64> {
        (self.number > 1).then(|| self.begun.micros() / 1_000)
    }
}

impl KeyRoom {
    /// Opens the wrapping key in `key_file`, or draws it when there is no such file.
    ///
    /// # Errors
    /// When the file lies in `directory`, can be read by others, or is no key; or `days` are none or
    /// too many.
    pub(super) fn open(
        directory: &Path,
        key_file: &Path,
        days: u16,
        random: &mut Random,
    ) -> anyhow::Result<Self> {
        anyhow::ensure!(
            (1..=HORIZON_DAYS_MAX).contains(&days),
            "a horizon lasts from 1 to {HORIZON_DAYS_MAX} days, not {days}"
        );
        let folder = match key_file.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let folder = fs::canonicalize(folder)
            .with_context(|| format!("the folder of `{}` is not there", key_file.display()))?;
        anyhow::ensure!(
            !folder.starts_with(fs::canonicalize(directory)?),
            "the key file `{}` lies beside what it protects; name one outside of `{}`",
            key_file.display(),
            directory.display()
        );
        Ok(Self {
            directory: directory.to_owned(),
            key_file: key_file.to_owned(),
            wrapping: wrapping_key(key_file, random)?,
            days,
            custodians: Vec::new(),
        })
    }

    /// Seals the key of each horizon to these custodians, two of whom open it together.
    ///
    /// # Errors
    /// When there is one alone: nobody opens anything alone.
    pub(super) fn sealed_to(mut self, custodians: Vec<PublicKey>) -> anyhow::Result<Self> {
        anyhow::ensure!(
            custodians.len() != 1,
            "tokens are opened by two custodians together; name another, or none"
        );
        self.custodians = custodians;
        Ok(self)
    }

    /// The horizon that runs at `now`: the kept one, or a new one when there is none or its end has
    /// come.
    ///
    /// # Errors
    /// When the kept key does not open, or a file cannot be written.
    pub(super) fn at(&mut self, now: Timestamp, random: &mut Random) -> anyhow::Result<Horizon> {
        // A file of the next one is whole: the program ended while it took the place of the old.
        if self.path(NEXT_FILE).exists() {
            self.replace()?;
        }
        self.settle_key()?;
        let horizon = match self.kept()? {
            Some(horizon) if !horizon.has_ended(now) => horizon,
            Some(ended) => self.begin(ended.number + 1, now, random)?,
            None => self.begin(self.first_number(now)?, now, random)?,
        };
        self.destroy_sealed_but(horizon.number)?;
        self.seal(&horizon, random)?;
        Ok(horizon)
    }

    /// Seals the key to the custodians, where that was not done.
    fn seal(&self, horizon: &Horizon, random: &mut Random) -> anyhow::Result<()> {
        let path = self.sealed_path(horizon.number);
        if self.custodians.is_empty() || path.exists() {
            return Ok(());
        }
        let sealed = seal_identity(
            horizon.key.as_bytes(),
            &self.custodians,
            CUSTODIANS_NEEDED,
            BOUND_TO,
            &format!("horizon-{}", horizon.number),
            random,
        )?;
        write_new(&path, sealed.to_json().as_bytes())
    }

    /// Number of the first horizon: 1 in a new directory. Where a horizon was lost, one that none had: its
    /// tokens lie there under its number.
    fn first_number(&self, now: Timestamp) -> anyhow::Result<u64> {
        let lies = |name: &str| self.path(name).exists();
        let is_new = !lies("talks") && !lies("among") && self.sealed_copies()?.is_empty();
        Ok(if is_new {
            1
        } else {
            now.seconds().unsigned_abs().max(2)
        })
    }

    /// Destroys the sealed copies of all horizons but that of `number`.
    fn destroy_sealed_but(&self, number: u64) -> anyhow::Result<()> {
        let stays = self.sealed_path(number);
        for path in self.sealed_copies()? {
            if path != stays {
                destroy(&path)?;
            }
        }
        Ok(())
    }

    fn sealed_copies(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut copies = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("horizon-") && name.ends_with(".sealed.json") {
                copies.push(path);
            }
        }
        Ok(copies)
    }

    fn sealed_path(&self, number: u64) -> PathBuf {
        self.path(&format!("horizon-{number}.sealed.json"))
    }

    /// Draws the key of horizon `number` and the key that wraps it, and destroys those before.
    fn begin(
        &mut self,
        number: u64,
        now: Timestamp,
        random: &mut Random,
    ) -> anyhow::Result<Horizon> {
        let key = HorizonKey::generate(random);
        let object = ObjectKey::generate(random);
        let row = number.to_string();
        let fresh = self.stage_key(random);
        let wrapping = fresh.as_ref().unwrap_or(&self.wrapping);
        let kept = Kept {
            number,
            begun: now.seconds(),
            wrapped: hex(&wrapping.wrap(&object, BOUND_TO, &row)),
            sealed: hex(&encrypt(&object, &bound_to(&row), key.as_bytes(), random)),
        };
        let next = self.path(NEXT_FILE);
        // What stands in a torn file of that name was never used.
        remove(&next)?;
        write_new(&next, &serde_json::to_vec(&kept)?)?;
        self.replace()?;
        if let Some(fresh) = fresh {
            self.take_key(fresh)?;
        }
        Ok(Horizon {
            number,
            begun: Timestamp::from_seconds(kept.begun),
            ends: self.end(kept.begun),
            key,
        })
    }

    /// Draws the next wrapping key and writes it beside the one in use. `None` where that cannot be
    /// written: whoever keeps the key file for the collector has to renew it.
    fn stage_key(&self, random: &mut Random) -> Option<MasterKey> {
        let fresh = MasterKey::generate(random);
        let next = self.next_key_file();
        let staged = destroy(&next).and_then(|()| write_new(&next, fresh.expose_text().as_bytes()));
        match staged {
            Ok(()) => Some(fresh),
            Err(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "the key file cannot be renewed; the key in it stays in use"
                );
                None
            }
        }
    }

    /// Puts the next wrapping key in the place of the old, which is written over.
    fn take_key(&mut self, fresh: MasterKey) -> anyhow::Result<()> {
        let next = self.next_key_file();
        let renew = || -> std::io::Result<()> {
            let mut old = fs::OpenOptions::new().write(true).open(&self.key_file)?;
            if fs::rename(&next, &self.key_file).is_ok() {
                return write_over(&mut old);
            }
            // A file that is mounted by itself cannot be replaced, but written.
            let text = fresh.expose_text();
            old.write_all(text.as_bytes())?;
            old.set_len(text.len() as u64)?;
            old.sync_all()
        };
        renew().with_context(|| format!("cannot renew `{}`", self.key_file.display()))?;
        destroy(&next)?;
        self.wrapping = fresh;
        Ok(())
    }

    /// Finishes a change of wrapping keys that an end of the program broke off.
    fn settle_key(&mut self) -> anyhow::Result<()> {
        let next = self.next_key_file();
        if !next.exists() {
            return Ok(());
        }
        let text = fs::read_to_string(&next)
            .with_context(|| format!("cannot read the key file `{}`", next.display()))?;
        let fresh = MasterKey::parse(text.trim()).ok();
        let kept = parsed(&self.path(FILE))?;
        match (fresh, kept) {
            (Some(fresh), Some(kept)) if opened(&kept, &fresh).is_some() => self.take_key(fresh),
            // It was never used.
            _ => destroy(&next),
        }
    }

    fn next_key_file(&self) -> PathBuf {
        let mut name = self.key_file.clone().into_os_string();
        name.push(".next");
        name.into()
    }

    /// Puts the next file in the place of the old, after writing over that one.
    fn replace(&self) -> anyhow::Result<()> {
        let (old, next) = (self.path(FILE), self.path(NEXT_FILE));
        if parsed(&next)?.is_none() {
            return remove(&next);
        }
        match fs::OpenOptions::new().write(true).open(&old) {
            Ok(mut file) => write_over(&mut file)
                .with_context(|| format!("cannot write over `{}`", old.display()))?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot open `{}`", old.display()));
            }
        }
        fs::rename(&next, &old)
            .with_context(|| format!("cannot put `{}` in its place", next.display()))?;
        Ok(fs::File::open(&self.directory)?.sync_all()?)
    }

    fn kept(&self) -> anyhow::Result<Option<Horizon>> {
        let path = self.path(FILE);
        let Some(kept) = parsed(&path)? else {
            anyhow::ensure!(
                !path.exists(),
                "`{}` is damaged; remove it, and what was kept cannot be linked to what comes",
                path.display()
            );
            return Ok(None);
        };
        let key = opened(&kept, &self.wrapping).with_context(|| {
            format!(
                "the key in `{}` does not open; name the key file that it was made with, or remove \
                 it, and what was kept cannot be linked to what comes",
                path.display()
            )
        })?;
        Ok(Some(Horizon {
            number: kept.number,
            begun: Timestamp::from_seconds(kept.begun),
            ends: self.end(kept.begun),
            key,
        }))
    }

    /// The full hour at or before which `days` have passed; at least one hour later.
    fn end(&self, begun_seconds: i64) -> Timestamp {
        let end = begun_seconds + i64::from(self.days) * SECONDS_PER_DAY;
        Timestamp::from_seconds(end - end.rem_euclid(SECONDS_PER_HOUR))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// The key of a horizon, if this is what wraps it.
fn opened(kept: &Kept, wrapping: &MasterKey) -> Option<HorizonKey> {
    let row = kept.number.to_string();
    let object = wrapping
        .unwrap(&unhex(&kept.wrapped)?, BOUND_TO, &row)
        .ok()?;
    let key = decrypt(&object, &bound_to(&row), &unhex(&kept.sealed)?).ok()?;
    Some(HorizonKey::from_bytes(key.as_slice().try_into().ok()?))
}

fn bound_to(row: &str) -> Binding<'_> {
    Binding {
        hub: BOUND_TO,
        table: "horizon",
        column: "key",
        row,
    }
}

/// `None` where there is no such file, or it is torn.
fn parsed(path: &Path) -> anyhow::Result<Option<Kept>> {
    match fs::read(path) {
        Ok(octets) => Ok(serde_json::from_slice(&octets).ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    }
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove `{}`", path.display()))
        }
        _ => Ok(()),
    }
}

/// Writes a file over and removes it.
fn destroy(path: &Path) -> anyhow::Result<()> {
    match fs::OpenOptions::new().write(true).open(path) {
        Ok(mut file) => write_over(&mut file)
            .with_context(|| format!("cannot write over `{}`", path.display()))?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot open `{}`", path.display()));
        }
    }
    remove(path)
}

fn write_over(file: &mut fs::File) -> std::io::Result<()> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    file.write_all(&vec![0; length])?;
    file.sync_all()
}

fn wrapping_key(file: &Path, random: &mut Random) -> anyhow::Result<MasterKey> {
    match fs::metadata(file) {
        Ok(about) => {
            let mode = about.permissions().mode() & 0o777;
            anyhow::ensure!(
                mode & OTHERS == 0,
                "others can read the key file `{}` (mode {mode:o}); take that away with chmod 600",
                file.display()
            );
            let text = fs::read_to_string(file)
                .with_context(|| format!("cannot read the key file `{}`", file.display()))?;
            MasterKey::parse(text.trim())
                .with_context(|| format!("`{}` holds no key", file.display()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let key = MasterKey::generate(random);
            write_new(file, key.expose_text().as_bytes())?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("cannot look at `{}`", file.display())),
    }
}

/// Writes a new file that only its owner can read, down to the disk.
fn write_new(path: &Path, octets: &[u8]) -> anyhow::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot make `{}`", path.display()))?;
    file.write_all(octets)
        .and_then(|()| file.sync_all())
        .with_context(|| format!("cannot write `{}`", path.display()))
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests;
