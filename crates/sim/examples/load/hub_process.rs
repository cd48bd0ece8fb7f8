//! The hub in a process of its own, so that its memory and its turns are its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::Context as _;
use serde_json::Value as Json;

/// First argument of the process that is the hub.
pub(crate) const WORD: &str = "be-the-hub";
/// Line that asks the hub to issue its advisory.
pub(crate) const ISSUE: &str = "issue";

/// What the hub's process told about itself.
pub(crate) struct Scene {
    /// Address of the pages.
    pub(crate) base: String,
    /// Address of an empty handler in the same process.
    pub(crate) empty: String,
    /// How often the disk flushes four kilobytes.
    pub(crate) flushes_a_second: f64,
    /// What an indexed SELECT of one row waited in the hub's process, told as people read it.
    pub(crate) bare_select: String,
    pub(crate) people_count: u64,
    /// Tokens that hand in near misses.
    pub(crate) tokens: Vec<String>,
    /// Pages, each with the cookie of somebody who reads it.
    pub(crate) readers: Vec<(String, String)>,
    /// A cookie for each addressee.
    pub(crate) addressees: Vec<String>,
}

/// What became of the advisory.
pub(crate) struct Issued {
    pub(crate) advisory: String,
    pub(crate) deliveries: u64,
    pub(crate) seconds: f64,
}

/// The running hub; it ends when its standard input does.
pub(crate) struct HubProcess {
    child: Child,
    told: ChildStdin,
    says: BufReader<ChildStdout>,
    pub(crate) scene: Scene,
}

impl HubProcess {
    pub(crate) fn start(directory: &Path, addressees: usize) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(WORD)
            .arg(directory)
            .arg(addressees.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let told = child.stdin.take().context("no input")?;
        let mut says = BufReader::new(child.stdout.take().context("no output")?);
        let scene = scene(&line(&mut says)?)?;
        Ok(Self {
            child,
            told,
            says,
            scene,
        })
    }

    /// Issues the advisory.
    pub(crate) fn issue(&mut self) -> anyhow::Result<Issued> {
        writeln!(self.told, "{ISSUE}")?;
        let said = line(&mut self.says)?;
        Ok(Issued {
            advisory: text(&said, "advisory")?,
            deliveries: number(&said, "deliveries")?,
            seconds: fraction(&said, "seconds")?,
        })
    }

    /// Memory of the hub that lies in the machine's, in mebibytes.
    pub(crate) fn resident_mib(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("no VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
        Ok(kib / 1_024)
    }
}

impl Drop for HubProcess {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn line(says: &mut BufReader<ChildStdout>) -> anyhow::Result<Json> {
    let mut line = String::new();
    says.read_line(&mut line)?;
    serde_json::from_str(&line).context("the hub's process ended early")
}

fn text(said: &Json, key: &str) -> anyhow::Result<String> {
    let text = said.get(key).and_then(Json::as_str);
    let text = text.with_context(|| format!("no {key}"))?;
    Ok(text.to_owned())
}

fn texts(said: &Json, key: &str) -> anyhow::Result<Vec<String>> {
    let list = said.get(key).and_then(Json::as_array);
    let list = list.with_context(|| format!("no {key}"))?;
    Ok(list
        .iter()
        .filter_map(Json::as_str)
        .map(str::to_owned)
        .collect())
}

fn number(said: &Json, key: &str) -> anyhow::Result<u64> {
    let number = said.get(key).and_then(Json::as_u64);
    number.with_context(|| format!("no {key}"))
}

fn fraction(said: &Json, key: &str) -> anyhow::Result<f64> {
    let number = said.get(key).and_then(Json::as_f64);
    number.with_context(|| format!("no {key}"))
}

fn scene(said: &Json) -> anyhow::Result<Scene> {
    let paths = texts(said, "reader_paths")?;
    Ok(Scene {
        base: text(said, "base")?,
        empty: text(said, "empty")?,
        flushes_a_second: fraction(said, "flushes_a_second")?,
        bare_select: text(said, "bare_select")?,
        people_count: number(said, "people")?,
        tokens: texts(said, "tokens")?,
        readers: paths
            .into_iter()
            .zip(texts(said, "reader_cookies")?)
            .collect(),
        addressees: texts(said, "addressees")?,
    })
}
