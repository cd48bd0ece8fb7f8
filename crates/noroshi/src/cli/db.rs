//! `noroshi db`: copies of a store, and whether they can be read.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Subcommand;
use seal::secret::password::Cost;
use store::backup;

use crate::{ambient, config::Config, premises};

/// Copies a store, puts a copy back, looks whether a store or a copy is sound.
#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    /// Copy the running hub's store, and read the copy through.
    ///
    /// The copy has two folders. `data` holds ciphertext and may be kept; of `keys` keep the newest
    /// only, since an older one brings erased texts back. The master key is copied to neither.
    Backup {
        /// The hub's configuration.
        #[arg(long, default_value = "noroshi.toml")]
        config: PathBuf,
        /// Directory for the copy.
        #[arg(long)]
        to: PathBuf,
    },
    /// Put a copy back into the configured directory, which must hold no store.
    Restore {
        /// The hub's configuration.
        #[arg(long, default_value = "noroshi.toml")]
        config: PathBuf,
        /// Directory of the copy.
        #[arg(long)]
        from: PathBuf,
    },
    /// Write the search index anew from the texts. The hub does so itself after an upgrade that needs
    /// it; by hand it is for doubt.
    Reindex {
        /// The hub's configuration.
        #[arg(long, default_value = "noroshi.toml")]
        config: PathBuf,
    },
    /// Look whether the store, or a copy of it, is sound: pages, references, every text, the whole log.
    ///
    /// A copy is put back into a directory of its own, looked through there, and removed again. That
    /// it was sound is then noted in the hub's store: the status page shows when a backup was last
    /// tested.
    Verify {
        /// The hub's configuration.
        #[arg(long, default_value = "noroshi.toml")]
        config: PathBuf,
        /// Directory of a copy; without it the hub's own store is looked at.
        #[arg(long)]
        copy: Option<PathBuf>,
    },
}

impl Db {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Backup { config, to } => back_up(&Config::read(&config)?, &to),
            Self::Restore { config, from } => {
                let config = Config::read(&config)?;
                backup::restore(&from, &config.data)?;
                report(faults(&config)?)
            }
            Self::Reindex { config } => reindex(&Config::read(&config)?),
            Self::Verify {
                config,
                copy: Some(copy),
            } => verify_copy(&Config::read(&config)?, &copy),
            Self::Verify { config, copy: None } => {
                let config = Config::read(&config)?;
                report(faults(&config)?)
            }
        }
    }
}

fn back_up(config: &Config, to: &Path) -> anyhow::Result<ExitCode> {
    backup::copy(&config.data, to)?;
    println!("copied {} to {}", config.data.display(), to.display());
    let (data, keys) = (
        to.join("data").join(backup::DATA_FILE),
        to.join("keys").join(backup::KEY_FILE),
    );
    report(backup::faults_of_files(&data, &keys)?)
}

fn reindex(config: &Config) -> anyhow::Result<ExitCode> {
    let store = premises::open(&config.data, config.master_key_file.as_deref(), &config.hub)?;
    // The index needs no reference data.
    let hub = hub::Hub::new(store, Arc::default(), Cost::Production);
    let count = hub::search::rebuild(&hub, ambient::now(), &ambient::random()?)?;
    println!("{count} reports and advisories are on the search index");
    Ok(ExitCode::SUCCESS)
}

/// Puts a copy back beside the store, looks it through, and notes in the store that it was sound.
fn verify_copy(config: &Config, copy: &Path) -> anyhow::Result<ExitCode> {
    let trial = Trial::beside(&config.data)?;
    backup::restore(copy, &trial.0)?;
    // A copy that is older than this program is brought up to date here, never where it lies.
    let key = config
        .master_key_file
        .clone()
        .unwrap_or_else(|| config.data.join(premises::MASTER_KEY_FILE));
    anyhow::ensure!(
        key.exists(),
        "there is no master key `{}`; without it no copy can be read",
        key.display()
    );
    let done = report(faults_at(&trial.0, Some(&key), &config.hub)?)?;
    let store = premises::open(&config.data, config.master_key_file.as_deref(), &config.hub)?;
    let hub = hub::Hub::new(store, Arc::default(), Cost::Production);
    hub::backup_test::note(&hub, ambient::now(), &ambient::random()?)?;
    Ok(done)
}

/// A directory for one trial, removed with everything in it afterwards.
struct Trial(PathBuf);

impl Trial {
    /// Beside the store: on the same disk, under the same protection.
    fn beside(data: &Path) -> anyhow::Result<Self> {
        let directory = data.join(TRIAL_DIRECTORY);
        std::fs::create_dir(&directory).with_context(|| {
            format!(
                "cannot make `{}`; remove it if an earlier trial was broken off",
                directory.display()
            )
        })?;
        Ok(Self(directory))
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if let Err(failure) = std::fs::remove_dir_all(&self.0) {
            println!("remove `{}` by hand: {failure}", self.0.display());
        }
    }
}

/// Where a copy is put back for a trial, in the hub's directory.
const TRIAL_DIRECTORY: &str = "copy-under-test";

/// The faults of the store of `config`.
fn faults(config: &Config) -> anyhow::Result<Vec<String>> {
    faults_at(&config.data, config.master_key_file.as_deref(), &config.hub)
}

/// The faults of the files, of every text, and of the log of the store in `directory`.
fn faults_at(directory: &Path, key: Option<&Path>, name: &str) -> anyhow::Result<Vec<String>> {
    let mut faults = backup::faults_of_files(
        &directory.join(backup::DATA_FILE),
        &directory.join(backup::KEY_FILE),
    )?;
    let store = premises::open(directory, key, name)?;
    let broken = store.read(backup::unreadable_parts)?;
    faults.extend(
        broken
            .into_iter()
            .map(|part| format!("the text of {part} does not open")),
    );
    // The log needs no reference data.
    let hub = hub::Hub::new(store, Arc::default(), Cost::Production);
    let log = hub::log::audit(&hub)?;
    faults.extend(log.iter().map(|fault| format!("log: {fault}")));
    Ok(faults)
}

fn report(faults: Vec<String>) -> anyhow::Result<ExitCode> {
    if faults.is_empty() {
        println!("sound: pages, references, texts and log");
        return Ok(ExitCode::SUCCESS);
    }
    for fault in &faults {
        println!("{fault}");
    }
    anyhow::bail!(
        "{} fault(s) were found; put the newest sound copy back with `noroshi db restore`",
        faults.len()
    )
}
