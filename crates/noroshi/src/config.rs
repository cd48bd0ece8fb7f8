//! Configuration of `noroshi serve`: one TOML file, few keys, no unknown ones.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use domain::retention::{Kept, Terms};
use hub::log::LogSettings;
use serde::Deserialize;

/// The configuration. Whoever can write this file can point the hub at another store, another mail
/// relay and another name; keep it writable for the hub's owner only.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Unchanging short name of the hub; stands in every key and log leaf. Lower-case letters,
    /// digits, dots and hyphens.
    pub hub: String,
    /// Name shown on pages.
    pub name: String,
    /// Address and port to listen on.
    #[serde(default = "listen_default")]
    pub listen: SocketAddr,
    /// How browsers reach the hub: scheme and host, without a slash at the end.
    pub base: String,
    /// Directory of the store.
    pub data: PathBuf,
    /// File of the master key; by default `master.key` in the directory of the store.
    pub master_key_file: Option<PathBuf>,
    /// Telephone number of the hub's desk.
    pub phone: Option<String>,
    /// Our own TLS; left out where a proxy does it.
    pub tls: Option<Tls>,
    /// Mail relay; left out where no mail is sent.
    pub mail: Option<Mail>,
    /// How the log is published; left out for 16 leaves a minute.
    #[serde(default)]
    pub log: Log,
    /// Days for which each kind of item is kept, for the kinds that are to be kept for longer or
    /// shorter than by the rule of the house: `near-miss`, `precursor`, `incident`, `advisory`,
    /// `group`, `count`, `invitation`, `person`.
    #[serde(default)]
    pub retention: BTreeMap<String, i64>,
}

/// How the log is published. A change shows in the log; tell its readers.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Leaves in each batch.
    pub batch_size: u32,
    /// Seconds from one batch to the next.
    pub cadence_seconds: u32,
}

/// Certificate chain and key, PEM files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Certificate chain.
    pub certificate_file: PathBuf,
    /// Private key.
    pub key_file: PathBuf,
}

/// The mail relay.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Address that mail is sent from.
    pub from: String,
    /// How the connection is protected.
    #[serde(default)]
    pub protection: MailProtection,
    /// Account name at the relay, if it wants one.
    pub account: Option<String>,
    /// File with the password of that account.
    pub password_file: Option<PathBuf>,
}

/// How the connection to the mail relay is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailProtection {
    /// TLS from the first byte.
    #[default]
    Tls,
    /// TLS after a greeting; refused if the relay does not offer it.
    StartTls,
    /// None: for a relay on this machine only.
    Plain,
}

impl Config {
    /// Reads the configuration.
    ///
    /// # Errors
    /// With file, line and what to do.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("cannot read the configuration `{}`", file.display()))?;
        let config: Self =
            toml::from_str(&text).with_context(|| format!("in `{}`", file.display()))?;
        let hub_fits = !config.hub.is_empty()
            && config.hub.len() <= 63
            && config
                .hub
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.');
        anyhow::ensure!(
            hub_fits,
            "`hub` in `{}` takes lower-case letters, digits, dots and hyphens",
            file.display()
        );
        anyhow::ensure!(
            !config.base.ends_with('/'),
            "`base` in `{}` ends with a slash; take it off",
            file.display()
        );
        config.terms()?;
        Ok(config)
    }

    /// How long each kind of item is kept.
    ///
    /// # Errors
    /// When a kind is not known, or a term outside its limits.
    pub fn terms(&self) -> anyhow::Result<Terms> {
        let own: Result<BTreeMap<Kept, i64>, _> = self
            .retention
            .iter()
            .map(|(kind, days)| kind.parse().map(|kind| (kind, *days)))
            .collect();
        Terms::with(&own.context("in `[retention]`")?).context("in `[retention]`")
    }
}

impl Default for Log {
    fn default() -> Self {
        let usual = LogSettings::default();
        Self {
            batch_size: usual.batch_size(),
            cadence_seconds: usual.cadence_seconds(),
        }
    }
}

impl Log {
    /// The settings, if a log can have them.
    ///
    /// # Errors
    /// When the batch or the cadence is outside its limits.
    pub fn settings(self) -> anyhow::Result<LogSettings> {
        LogSettings::new(self.batch_size, self.cadence_seconds).context("in `[log]`")
    }
}

fn listen_default() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8470))
}
