//! Reference data files: TOML text in, checked [`ReferenceData`] out.
//!
//! The files of `data/` are built in. An installation may replace any of them by its own text; the
//! program reads those files, this module parses and checks the whole set. Every fault is
//! collected, each with file, line, what is wrong and what to do.
//!
//! INVARIANT: no key is ignored. An unknown key, array or file is a fault, never a silent loss.

use std::collections::BTreeMap;
use std::fmt;

use domain::reference::{ReferenceData, names};

mod body;
mod keys;
mod reader;

use reader::Reader;

/// A fault in a reference data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file's name, without a directory.
    pub file: String,
    /// The line, from 1; `None` when the file as a whole is at fault.
    pub line: Option<u32>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub advice: String,
}

impl fmt::Display for Fault {
    /// `sectors.toml:12: what is wrong; what to do`
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        write!(out, ": {}; {}", self.what, self.advice)
    }
}

impl std::error::Error for Fault {}

/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 256 * 1024;
/// The most rows in one array.
pub const ROWS_MAX: usize = 400;
/// The longest text in one language, in characters.
pub const TEXT_CHARS_MAX: usize = 600;
/// The most elements in a list inside a row.
pub const LIST_MAX: usize = 40;
/// The format of the files; it changes when a reader of the old one would misread the new.
pub const FORMAT: u8 = 1;

/// Parses and checks a complete set of files: name without directory, text.
///
/// # Errors
/// Every fault of every file: first what cannot be read; when all can be read, what does not fit
/// together.
pub fn parse_all(files: &[(&str, &str)]) -> Result<ReferenceData, Vec<Fault>> {
    let mut reader = Reader::open(files);
    let data = body::read(&mut reader);
    let (faults, lines) = reader.close();
    if !faults.is_empty() {
        return Err(faults);
    }
    let faults: Vec<Fault> = data
        .check()
        .into_iter()
        .map(|fault| Fault {
            file: fault.table.file.to_owned(),
            line: lines.find(fault.table, fault.position, fault.wrong.field()),
            what: fault.wrong.to_string(),
            advice: fault.wrong.advice().to_owned(),
        })
        .collect();
    if faults.is_empty() {
        Ok(data)
    } else {
        Err(faults)
    }
}

/// The data that ships with the program.
///
/// # Errors
/// None in a released program: a test parses the shipped files.
pub fn shipped() -> Result<ReferenceData, Vec<Fault>> {
    parse_all(SHIPPED)
}

/// The shipped files, each replaced by the text of the same name in `replacements`.
///
/// # Errors
/// As [`parse_all`]; a replacement under a name that is not shipped is a fault.
pub fn with_replacements(replacements: &[(&str, &str)]) -> Result<ReferenceData, Vec<Fault>> {
    let mut files: BTreeMap<&str, &str> = SHIPPED.iter().copied().collect();
    files.extend(replacements.iter().copied());
    let files: Vec<(&str, &str)> = files.into_iter().collect();
    parse_all(&files)
}

/// The names a file may have, in the order of the tables, each once.
pub fn file_names() -> Vec<&'static str> {
    let mut found: Vec<&str> = Vec::new();
    for table in names::ALL {
        if !found.contains(&table.file) {
            found.push(table.file);
        }
    }
    found
}

/// Lists files of `data/` with their texts.
macro_rules! shipped {
    ($($name:literal)+) => {
        /// The shipped files: name and text.
        pub const SHIPPED: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../data/", $name))),)+];
    };
}

shipped! {
    "causes.toml"
    "ceptoars.toml"
    "circles.toml"
    "custody_modes.toml"
    "downward_grades.toml"
    "event_types.toml"
    "legal_statuses.toml"
    "ministries.toml"
    "near_miss_kinds.toml"
    "no_harm_reasons.toml"
    "places.toml"
    "purposes.toml"
    "regimes.toml"
    "regions.toml"
    "sectors.toml"
    "services.toml"
    "severity.toml"
    "sources.toml"
    "tlp.toml"
}

#[cfg(test)]
mod tests;
