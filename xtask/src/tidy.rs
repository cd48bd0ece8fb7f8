//! The discipline of the house that neither the compiler nor clippy can hold.
//!
//! One check, one file. Each check is a function from the tree to findings, so that its test is
//! a few lines of sample text. What a check must tolerate stands in `xtask/allow/`, one line per
//! exception with its reason; an exception that nothing needs any more is a finding too.

mod allow;
mod banned_text;
mod clippy_conf;
mod confidential;
mod edges;
mod expose;
mod japanese;
mod length;
mod locales;
mod lock;
mod module_doc;
mod names;
mod routes;
mod serialize;
mod spelling;
mod sql;
mod synonyms;
mod templates;
mod test_mods;
mod words;

use std::fmt;
use std::path::Path;

use anyhow::Result;

use crate::tree::Tree;

pub(crate) use locales::keys as locale_keys;

/// One thing to put right.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Path from the root.
    pub(crate) path: String,
    /// Line from 1; 1 when the whole file is meant.
    pub(crate) line: usize,
    /// What is wrong; what to do instead.
    pub(crate) what: String,
}

/// Runs all checks over the checkout at `root` and returns the findings in path order.
pub(crate) fn run(root: &Path) -> Result<Vec<Finding>> {
    let tree = Tree::read(root)?;
    let mut found: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&tree)).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

type Check = fn(&Tree) -> Vec<Finding>;

const CHECKS: &[Check] = &[
    banned_text::check,
    clippy_conf::check,
    confidential::check,
    edges::check,
    expose::check,
    japanese::check,
    length::check,
    locales::check,
    lock::check,
    module_doc::check,
    names::check,
    routes::check,
    serialize::check,
    spelling::check,
    sql::check,
    synonyms::check,
    templates::check,
    test_mods::check,
];

impl Finding {
    pub(crate) fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// The lines of the findings as `path:line`, for tests.
#[cfg(test)]
fn places(found: &[Finding]) -> Vec<String> {
    found
        .iter()
        .map(|finding| format!("{}:{}", finding.path, finding.line))
        .collect()
}
