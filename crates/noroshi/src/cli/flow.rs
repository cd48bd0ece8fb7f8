//! `noroshi flow`: C&C servers in flow records.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use view::words::{Language, Words};

use crate::ambient;

mod collect;
mod cured;
mod evaluate;
mod hunt;
pub(super) mod input;
mod kept;
mod knowledge;
mod letter_book;
mod letters;
mod merge;
mod open;
mod openings;
mod print;
mod reading;
mod scan;
mod visible;

/// Finds C&C servers in flow records; subscribers stay sealed.
#[derive(Debug, Subcommand)]
pub(super) enum Flow {
    /// Look at files of flow records and list the servers that look like C&C servers, the worst first.
    Scan(scan::Scan),
    /// Measure detection on files whose C&C servers are known.
    Evaluate(evaluate::Evaluate),
    /// Look for servers in the talks and profiles that collectors kept.
    Hunt(hunt::Hunt),
    /// List the servers that look like C&C servers by the profiles that many collectors kept.
    Merge(merge::Merge),
    /// Show what can be seen at a sampling.
    Visible(visible::Visible),
    /// Receive flow records from exporters, seal the subscribers, and keep the talks of the last hours.
    Collect(collect::Collect),
    /// Ask two custodians whose tokens these are.
    Ask(open::Ask),
    /// Open the tokens of a request that two custodians have approved.
    Open(open::Open),
    /// Look whether the file of openings is as it was written.
    Openings(openings::Look),
    /// Note which users were told and whose devices are cured, and count them for the hub.
    Cured(cured::Cured),
}

impl Flow {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Scan(scan) => scan.run(),
            Self::Evaluate(evaluate) => evaluate.run(),
            Self::Hunt(hunt) => hunt.run(),
            Self::Merge(merge) => merge.run(),
            Self::Visible(visible) => visible.run(),
            Self::Collect(collect) => collect.run(),
            Self::Ask(ask) => ask.run(),
            Self::Open(open) => open.run(),
            Self::Openings(look) => look.run(),
            Self::Cured(cured) => cured.run(),
        }
    }
}

/// A language, as the command line spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Spoken {
    /// Japanese.
    Ja,
    /// English.
    En,
}

/// The words of a language; of the terminal's when none is named.
fn words(spoken: Option<Spoken>) -> Words {
    Words::new(match spoken {
        Some(Spoken::Ja) => Language::Ja,
        Some(Spoken::En) => Language::En,
        None => ambient::language(),
    })
}
