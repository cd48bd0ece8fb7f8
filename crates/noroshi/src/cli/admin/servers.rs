//! `noroshi admin import-servers` and `outside-lists`: lists of known C&C servers from outside, to be
//! shown beside candidates.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use domain::finding::ListFormat;
use domain::text::BoundedText;
use domain::word::Code;
use exchange::server_list::{LIST_OCTETS_MAX, ListFault, ServerList, read};
use hub::finding::{NewList, outside_lists, remove_list, write_list};

use super::super::flow::input::Input;
use super::{At, with_set_up};
use crate::ambient;

/// Between two writes. `SQLite` looks every 100 milliseconds whether it may write: a shorter pause could
/// pass between two looks of the serving hub.
const GIVE_WAY_MILLISECONDS: u64 = 150;

/// A list to be brought in.
#[derive(Debug, Args)]
pub(crate) struct ImportServers {
    #[command(flatten)]
    at: At,
    /// Name of the list, in lower-case letters, digits and hyphens; the list of that name is replaced.
    #[arg(long)]
    name: Code,
    /// How it is spelled: csv (an address a line, or address, port and trail with commas between) or
    /// stix (a bundle of STIX 2.1).
    #[arg(long)]
    format: ListFormat,
    /// Where it is from, for its readers: a publisher, an address of the web, a license.
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Say what would be taken, and change nothing.
    #[arg(long)]
    check: bool,
    /// The list, packed with gzip or zstd or not; `-` is the standard input.
    file: PathBuf,
}

/// The lists that are there.
#[derive(Debug, Args)]
pub(crate) struct OutsideLists {
    #[command(flatten)]
    at: At,
    /// Take this list out, with all its servers.
    #[arg(long, value_name = "NAME")]
    remove: Option<Code>,
}

impl ImportServers {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let source = self.source.as_deref().unwrap_or("");
        let source = BoundedText::parse_optional(source).context("in --source")?;
        let (_, hub) = self.at.open(None)?;
        let named = || format!("`{}`; nothing was changed", self.file.display());
        let text = text(&self.file).with_context(named)?;
        let list = read(self.format, &text, ambient::now()).with_context(named)?;
        show(&list);
        if self.check {
            println!("nothing was changed; leave out --check to bring the list in");
            return Ok(());
        }
        let new = NewList {
            name: self.name.clone(),
            format: self.format,
            source,
            servers: list.servers.into_iter().collect(),
            refused_count: list.refused_count,
        };
        let before = with_set_up(|set_up| Ok(write_list(&hub, set_up, new, give_way)?))?;
        match before {
            Some(count) => println!("replaced: {} ({count} entries before)", self.name),
            None => println!("new: {}", self.name),
        }
        Ok(())
    }
}

impl OutsideLists {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let (_, hub) = self.at.open(None)?;
        if let Some(name) = self.remove {
            let count = with_set_up(|set_up| Ok(remove_list(&hub, set_up, &name, give_way)?))?;
            println!("taken out: {name} ({count} entries)");
            return Ok(());
        }
        for list in with_set_up(|set_up| Ok(outside_lists(&hub, set_up)?))? {
            let day = list.imported_at.day_in_japan();
            let source = list.source.as_ref().map_or("", BoundedText::as_str);
            println!(
                "{:<24} {day} {:>7} {:<4} {source}",
                list.name, list.server_count, list.format
            );
        }
        Ok(())
    }
}

/// Leaves the store to the serving hub between two writes. Another program tells no event to wait for.
fn give_way() {
    std::thread::park_timeout(Duration::from_millis(GIVE_WAY_MILLISECONDS));
}

/// The whole of a file as text, as far as a list may be long.
fn text(path: &Path) -> anyhow::Result<String> {
    let mut input = Input::open(path)?;
    let mut whole = Vec::new();
    while let Some(block) = input.read_block()? {
        whole.extend_from_slice(block);
        if whole.len() > LIST_OCTETS_MAX {
            return Err(ListFault::Octets.into());
        }
    }
    String::from_utf8(whole).context("it is no UTF-8 text; save it as UTF-8")
}

/// Says what was read of a list, and each line that cannot be taken.
fn show(list: &ServerList) {
    println!("entries: {}", list.servers.len());
    for (what, count) in [
        ("said again", list.repeated_count),
        (
            "passed over: no server or harmless, over, revoked or written anew",
            list.passed_count,
        ),
        ("refused", list.refused_count),
    ] {
        if count > 0 {
            println!("{what}: {count}");
        }
    }
    if list.under_statement_count > 0 {
        let count = list.under_statement_count;
        println!(
            "taken under a statement, without TLP: {count}; read whether everybody may see them"
        );
        for statement in &list.statements {
            println!("  \"{statement}\"");
        }
    }
    for one in &list.refused {
        println!("  {}: {}", one.place, one.fault);
    }
    let told = u64::try_from(list.refused.len()).unwrap_or(u64::MAX);
    if list.refused_count > told {
        println!("  and {} more", list.refused_count - told);
    }
}
