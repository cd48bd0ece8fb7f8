//! `noroshi data`: the reference data.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use domain::reference::ReferenceData;

/// Looks at the reference data.
#[derive(Debug, Subcommand)]
pub(crate) enum Data {
    /// Check the reference data, and list the rows that a person still has to review.
    Check {
        /// Directory with files that replace the shipped ones of the same name.
        #[arg(long)]
        directory: Option<PathBuf>,
    },
}

impl Data {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Check { directory } = self;
        let data = load(directory.as_deref())?;
        let waiting = data.needing_review();
        println!(
            "The reference data is in order. Rows that a person still has to review: {}",
            waiting.len()
        );
        for row in waiting {
            println!(
                "  {} {}: {} / {}",
                row.table.file,
                row.code,
                row.name.ja(),
                row.name.en()
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The shipped reference data, with the files of `directory` in place of those of the same name.
///
/// # Errors
/// Every fault with file, line, what is wrong and what to do.
pub(super) fn load(directory: Option<&Path>) -> anyhow::Result<ReferenceData> {
    let mut replacements = Vec::new();
    if let Some(directory) = directory {
        let entries = fs::read_dir(directory)
            .with_context(|| format!("cannot read `{}`", directory.display()))?;
        for entry in entries {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            if path.extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read `{}`", path.display()))?;
            replacements.push((name.to_owned(), text));
        }
    }
    let borrowed: Vec<(&str, &str)> = replacements
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    exchange::reference::with_replacements(&borrowed).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        anyhow::anyhow!(
            "the reference data has {} fault(s):\n{}",
            lines.len(),
            lines.join("\n")
        )
    })
}
