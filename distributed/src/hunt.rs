//! Hunts: which servers are looked for, and the record that is written before talks are read.

use std::fs::{self, File};
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use serde_json::json;

use crate::plan::Indicator;

/// Servers that are looked for at once.
const INDICATORS_MAX: usize = 1_000;

/// Where hunts are written down, beside those of `noroshi flow hunt`.
const RECORD: &str = "hunts.jsonl";

/// Reads servers as they are written: `203.0.113.9`, `203.0.113.9:4444`, `[2001:db8::9]:4444`.
///
/// # Errors
/// When one is no server, or there are more than a thousand.
pub fn read(texts: &[String]) -> anyhow::Result<Vec<Indicator>> {
    ensure!(
        texts.len() <= INDICATORS_MAX,
        "more than {INDICATORS_MAX} servers; ask in several hunts"
    );
    texts.iter().map(|text| one(text)).collect()
}

fn one(text: &str) -> anyhow::Result<Indicator> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok((address, None));
    }
    let at: SocketAddr = text.parse().with_context(|| {
        format!("`{text}` is no server; write 203.0.113.9, 203.0.113.9:4444 or [2001:db8::9]:4444")
    })?;
    Ok((at.ip(), Some(at.port())))
}

/// Writes a hunt down at each collector whose talks it reads, so that it is there before they are read.
///
/// # Errors
/// When nothing is said of its purpose, or it cannot be written.
pub fn record(
    collectors: &[PathBuf],
    purpose: Option<&str>,
    servers: &[String],
) -> anyhow::Result<()> {
    let purpose = purpose.map(str::trim).filter(|purpose| !purpose.is_empty());
    let purpose = purpose.context("say what the hunt is for with --purpose")?;
    let line = json!({
        "at": Timestamp::now().to_string(),
        "by": user()?,
        "purpose": purpose, "indicators": servers,
    });
    for collector in collectors {
        let path = collector.join(RECORD);
        let named = || format!("cannot write the hunt to `{}`", path.display());
        let mut options = File::options();
        let opened = options.append(true).create(true).mode(0o600).open(&path);
        let mut file = opened.with_context(named)?;
        writeln!(file, "{line}").with_context(named)?;
        file.sync_all().with_context(named)?;
    }
    Ok(())
}

/// Who runs this program: the name of the user, or his number where the machine's list has none.
fn user() -> anyhow::Result<String> {
    let number = fs::metadata("/proc/self")?.uid().to_string();
    let list = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let mut users = list.lines().map(|line| line.split(':'));
    let name = users.find_map(|mut columns| {
        let name = columns.next()?;
        (columns.nth(1)? == number).then(|| name.to_owned())
    });
    Ok(name.unwrap_or(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hunt_is_written_down_with_its_purpose_or_does_not_begin() {
        let folder = tempfile::tempdir().unwrap();
        let collectors = [folder.path().to_owned()];
        let servers = ["203.0.113.9:4444".to_owned()];
        assert!(record(&collectors, None, &servers).is_err());
        assert!(record(&collectors, Some(" "), &servers).is_err());
        assert!(!folder.path().join(RECORD).exists());
        record(&collectors, Some("report 12"), &servers).unwrap();
        let written = std::fs::read_to_string(folder.path().join(RECORD)).unwrap();
        let line: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(line["purpose"], "report 12");
        assert_eq!(line["indicators"][0], "203.0.113.9:4444");
    }

    #[test]
    fn servers_are_read_with_and_without_a_port() {
        let read = read(&["203.0.113.9".into(), "[2001:db8::9]:4444".into()]).unwrap();
        assert_eq!(read[0], ("203.0.113.9".parse().unwrap(), None));
        assert_eq!(read[1], ("2001:db8::9".parse().unwrap(), Some(4444)));
        assert!(super::read(&["server".into()]).is_err());
    }
}
