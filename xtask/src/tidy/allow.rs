//! Exceptions, one per line: the words that name it, then ` -- ` and the reason.
//!
//! INVARIANT: an exception without a reason, or one that nothing uses, is itself a finding, so
//! the lists only hold what is true today.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::Finding;
use crate::tree::Tree;

/// The exceptions of one check.
#[derive(Debug)]
pub(crate) struct Allow {
    path: String,
    entries: Vec<Entry>,
    faults: Vec<Finding>,
    used: RefCell<BTreeSet<usize>>,
}

#[derive(Debug)]
struct Entry {
    line: usize,
    words: Vec<String>,
}

impl Allow {
    /// Reads `path` from the tree. A list that does not exist allows nothing.
    pub(crate) fn read(tree: &Tree, path: &str) -> Self {
        let mut allow = Self {
            path: path.to_owned(),
            entries: Vec::new(),
            faults: Vec::new(),
            used: RefCell::default(),
        };
        let Some(file) = tree.file(path) else {
            return allow;
        };
        for (line, text) in file.lines() {
            if text.trim().is_empty() || text.starts_with('#') {
                continue;
            }
            let (words, reason) = text.split_once(" -- ").unwrap_or((text, ""));
            if reason.trim().is_empty() {
                let what = "an exception has no reason; add ` -- ` and why it must be";
                allow.faults.push(Finding::new(path, line, what));
            }
            let words = words.split_whitespace().map(str::to_owned).collect();
            allow.entries.push(Entry { line, words });
        }
        allow
    }

    /// Whether an entry consists of exactly `words`.
    pub(crate) fn permits(&self, words: &[&str]) -> bool {
        self.any(|entry| entry.len() == words.len() && entry.iter().zip(words).all(|(a, b)| a == b))
    }

    /// Whether an entry names `word` and a path that `path` is or lies below.
    pub(crate) fn permits_under(&self, word: &str, path: &str) -> bool {
        self.any(|entry| {
            entry.first().is_some_and(|first| first == word)
                && entry
                    .get(1)
                    .is_none_or(|prefix| path.starts_with(prefix.as_str()))
        })
    }

    /// Faults of the list itself: missing reasons and entries that nothing used.
    pub(crate) fn faults(self) -> Vec<Finding> {
        let used = self.used.into_inner();
        let unused = self
            .entries
            .iter()
            .enumerate()
            .filter(|(index, _)| !used.contains(index));
        let unused = unused.map(|(_, entry)| {
            let what = format!(
                "`{}` excuses nothing; remove the line",
                entry.words.join(" ")
            );
            Finding::new(&self.path, entry.line, what)
        });
        let mut faults: Vec<Finding> = unused.collect();
        faults.extend(self.faults);
        faults
    }

    fn any(&self, matches: impl Fn(&[String]) -> bool) -> bool {
        let found = self.entries.iter().position(|entry| matches(&entry.words));
        if let Some(index) = found {
            self.used.borrow_mut().insert(index);
        }
        found.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::Allow;
    use crate::tidy::places;
    use crate::tree::Tree;

    #[test]
    fn entries_need_a_reason_and_a_use() {
        let text = "# list\na b -- because\nc d\ne f -- unused\n";
        let allow = Allow::read(&Tree::sample(&[("allow.txt", text)]), "allow.txt");
        assert!(allow.permits(&["a", "b"]) && allow.permits(&["c", "d"]));
        assert!(!allow.permits(&["a"]));
        assert_eq!(places(&allow.faults()), ["allow.txt:4", "allow.txt:3"]);
    }

    #[test]
    fn a_path_entry_reaches_below() {
        let text = "entity crates/view/ -- the HTML word\nanywhere -- everywhere\n";
        let allow = Allow::read(&Tree::sample(&[("allow.txt", text)]), "allow.txt");
        assert!(allow.permits_under("entity", "crates/view/src/a.rs"));
        assert!(!allow.permits_under("entity", "crates/hub/src/a.rs"));
        assert!(allow.permits_under("anywhere", "README.md"));
    }
}
