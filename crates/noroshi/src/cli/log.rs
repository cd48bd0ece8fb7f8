//! `noroshi log`: what the log proves, checked without a hub.
//!
//! The check trusts the key that it is given and nothing else: no hub, no network, no clock.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::time::Timestamp;
use seal::secret::password::Cost;
use seal::tlog::checkpoint::Checkpoint;
use seal::tlog::note::NoteVerifier;
use seal::tlog::offline::{OfflineConsistency, OfflineProof, Proven};

use crate::{config::Config, premises};

/// Checks what the log proves, shows its key.
#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    /// Check a downloaded proof, and that a later log continues an earlier one. Needs no hub.
    Verify(Verify),
    /// Print the key that verifies this hub's log.
    Key {
        /// The hub's configuration.
        #[arg(long, default_value = "noroshi.toml")]
        config: PathBuf,
    },
}

/// What is checked, and with which key.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The downloaded proof: of one entry, a list of them, or all of a mailbox, one on each line.
    #[arg(value_name = "FILE", required_unless_present_any = ["checkpoint", "consistency"])]
    proof: Option<PathBuf>,
    /// A checkpoint that you kept. Give two to compare them.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// The downloaded proof that a later checkpoint continues an earlier one.
    #[arg(long, value_name = "FILE")]
    consistency: Option<PathBuf>,
    /// The key of the log, as `noroshi log key` prints it. Have it from another way than the files.
    #[arg(long, value_name = "KEY")]
    key: String,
}

impl Log {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Verify(verify) => print!("{}", verify.check()?),
            Self::Key { config } => println!("{}", key(&Config::read(&config)?)?),
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Verify {
    /// Checks everything and says what was found.
    ///
    /// # Errors
    /// The first thing that does not hold.
    fn check(&self) -> anyhow::Result<String> {
        let key = NoteVerifier::parse(&self.key)?;
        let mut said = String::new();
        let mut heads = Vec::new();
        if let Some(file) = &self.proof {
            for proof in proofs(&read(file)?).with_context(|| in_file(file))? {
                let proven = proof.verify(&key).with_context(|| in_file(file))?;
                writeln!(said, "{}", told(&proven))?;
                heads.push((file.as_path(), proven.checkpoint));
            }
        }
        for file in &self.checkpoint {
            let head = Checkpoint::open(&read(file)?, &key).with_context(|| in_file(file))?;
            heads.push((file.as_path(), head));
        }
        let ends = match &self.consistency {
            Some(file) => Some(ends(file, &key)?),
            None => None,
        };
        compare(&heads, ends.as_ref())?;
        match ends {
            Some((old, new)) => writeln!(
                said,
                "holds: the log of {} entries is the beginning of the log of {} entries\n  nothing \
                 was removed or rewritten in between",
                old.size, new.size
            )?,
            None if self.checkpoint.len() + usize::from(self.proof.is_some()) > 1 => {
                writeln!(said, "holds: all files speak of the same log")?;
            }
            None => {}
        }
        Ok(said)
    }
}

/// The proofs in the text of a file: one, a list, or several one after another, as a mailbox gives
/// them.
fn proofs(text: &str) -> anyhow::Result<Vec<OfflineProof>> {
    let mut listed = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>() {
        match value.context("not the expected proof file")? {
            serde_json::Value::Array(list) => listed.extend(list),
            one => listed.push(one),
        }
    }
    anyhow::ensure!(
        !listed.is_empty(),
        "there is no proof in it; what was published since the file was made is in a new one"
    );
    Ok(listed
        .iter()
        .map(|value| OfflineProof::from_json(&value.to_string()))
        .collect::<Result<_, _>>()?)
}

fn ends(file: &Path, key: &NoteVerifier) -> anyhow::Result<(Checkpoint, Checkpoint)> {
    OfflineConsistency::from_json(&read(file)?)
        .and_then(|consistency| consistency.verify(key))
        .with_context(|| in_file(file))
}

/// Whether all heads belong to one log: each is one of the ends that were proven to belong
/// together, or, without such a proof, all are the same.
fn compare(
    heads: &[(&Path, Checkpoint)],
    ends: Option<&(Checkpoint, Checkpoint)>,
) -> anyhow::Result<()> {
    let known: Vec<&Checkpoint> = match ends {
        Some((old, new)) => vec![old, new],
        None => heads.iter().take(1).map(|(_, head)| head).collect(),
    };
    for (file, head) in heads {
        if known.contains(&head) {
            continue;
        }
        let file = file.display();
        let size = head.size;
        anyhow::ensure!(
            known.iter().all(|known| known.size != size),
            "`{file}` shows ANOTHER LOG of {size} entries under the same key: the hub signed two \
             histories; keep all files, they prove it, and tell the auditor"
        );
        anyhow::ensure!(
            ends.is_some(),
            "`{file}` speaks of a log of {size} entries, the others of another size; download the \
             consistency proof between them and give it with --consistency"
        );
        anyhow::bail!(
            "`{file}` speaks of a log of {size} entries, which is neither the older nor the newer \
             end of the consistency proof; download it again for this size"
        );
    }
    Ok(())
}

/// What a proof shows, for the person at the console.
fn told(proven: &Proven) -> String {
    let mut said = format!(
        "holds: entry {} of {} is in the log of {}",
        proven.index, proven.checkpoint.size, proven.checkpoint.origin
    );
    let Some(opened) = &proven.opened else {
        said.push_str("\n  content: not in this file; it was erased, or left out");
        return said;
    };
    // Signed or not, a text from outside does not steer the terminal.
    let payload = String::from_utf8_lossy(&opened.payload);
    for line in payload.split('\n') {
        said.extend(["\n  ", &line.escape_debug().to_string()]);
        let micros = line.strip_prefix("at=").and_then(|at| at.parse().ok());
        if let Some(micros) = micros {
            let at = Timestamp::from_micros(micros).to_jiff();
            said.extend([" (", &at.to_string(), ")"]);
        }
    }
    said
}

fn key(config: &Config) -> anyhow::Result<String> {
    let store = premises::open(&config.data, config.master_key_file.as_deref(), &config.hub)?;
    // The log needs no reference data.
    let hub = hub::Hub::new(store, Arc::default(), Cost::Production);
    hub::log::verifier_key(&hub)?.context(
        "the log has no key before its first batch; start the hub and ask again in a minute",
    )
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))
}

fn in_file(file: &Path) -> String {
    format!("`{}` DOES NOT HOLD", file.display())
}

#[cfg(test)]
mod tests;
