//! `noroshi db`: copies of a store, and whether they can be read.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use seal::secret::password::Cost;
use store::backup;

use crate::{config::Config, premises};

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
    /// Look whether the store is sound: pages, references, every text, and the whole log.
    Verify {
        /// The hub's configuration.
        #[arg(long, default_value = "noroshi.toml")]
        config: PathBuf,
    },
}

impl Db {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Backup { config, to } => back_up(&Config::read(&config)?, &to),
            Self::Restore { config, from } => {
                let config = Config::read(&config)?;
                backup::restore(&from, &config.data)?;
                report(faults(
                    &config,
                    &config.data.join(backup::DATA_FILE),
                    &config.data.join(backup::KEY_FILE),
                )?)
            }
            Self::Verify { config } => {
                let config = Config::read(&config)?;
                report(faults(
                    &config,
                    &config.data.join(backup::DATA_FILE),
                    &config.data.join(backup::KEY_FILE),
                )?)
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

/// The faults of the files, of every text, and of the log in the store of `config`.
fn faults(config: &Config, data: &Path, keys: &Path) -> anyhow::Result<Vec<String>> {
    let mut faults = backup::faults_of_files(data, keys)?;
    let store = premises::open(&config.data, config.master_key_file.as_deref(), &config.hub)?;
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
