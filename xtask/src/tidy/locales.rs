//! Words exist in both languages, with the same variables, and each is used.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::scan::Kind;
use crate::tree::{TextFile, Tree};

/// Compares the locale files with each other and with the keys that code and templates use.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let japanese = messages(tree, "ja");
    let english = messages(tree, "en");
    let mut found = Vec::new();
    for (own, other, name) in [(&japanese, &english, "en"), (&english, &japanese, "ja")] {
        for (key, message) in own {
            match other.get(key) {
                None => {
                    let what = format!("`{key}` has no words in {name}; write them");
                    found.push(Finding::new(&message.path, message.line, what));
                }
                Some(twin) if twin.variables != message.variables => {
                    let what = format!("`{key}` has other variables in {name}; use the same ones");
                    found.push(Finding::new(&message.path, message.line, what));
                }
                Some(_) => {}
            }
        }
    }
    if japanese.is_empty() && english.is_empty() {
        return found;
    }
    let used = uses(tree);
    for (key, place) in &used.asked {
        if !japanese.contains_key(key) {
            let what = format!("`{key}` is in no locale; add it to ja and en");
            found.push(Finding::new(&place.0, place.1, what));
        }
    }
    for (key, message) in &japanese {
        if used.files(key).is_empty() {
            let what = format!("`{key}` is used nowhere; remove it from ja and en");
            found.push(Finding::new(&message.path, message.line, what));
        }
    }
    found.extend(twice(tree));
    found
}

/// Where the keys are used.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// Keys that are certainly asked for, with one place: `.t("key")`.
    asked: BTreeMap<String, (String, usize)>,
    /// Any literal that could be a key, with the files that hold it.
    literals: BTreeMap<String, BTreeSet<String>>,
    /// Beginnings of keys that are put together from a stored word: `tlp-{}`.
    prefixes: BTreeMap<String, BTreeSet<String>>,
}

impl Uses {
    /// The files that use `key`, by name or by its beginning.
    pub(crate) fn files(&self, key: &str) -> BTreeSet<&str> {
        let exact = self.literals.get(key).into_iter().flatten();
        let begun = self
            .prefixes
            .iter()
            .filter(|(prefix, _)| key.starts_with(prefix.as_str()));
        exact
            .chain(begun.flat_map(|(_, files)| files))
            .map(String::as_str)
            .collect()
    }
}

/// All keys of the Japanese locale with the files that use them.
pub(crate) fn keys(tree: &Tree) -> BTreeMap<String, BTreeSet<String>> {
    let used = uses(tree);
    let keys = messages(tree, "ja").into_keys();
    let owned = |key: &str| used.files(key).into_iter().map(str::to_owned).collect();
    keys.map(|key| {
        let files = owned(&key);
        (key, files)
    })
    .collect()
}

fn uses(tree: &Tree) -> Uses {
    let mut uses = Uses::default();
    for (file, source) in tree
        .rust()
        .filter(|(file, _)| file.path.starts_with("crates/"))
    {
        for (index, token) in source.tokens.iter().enumerate() {
            if token.kind != Kind::Text || file.is_test_line(token.line) {
                continue;
            }
            let asks = index >= 3
                && ASKING
                    .iter()
                    .any(|verb| source.spells(index - 3, &format!(". {verb} (")));
            note(
                &mut uses,
                &token.text,
                &file.path,
                asks.then_some(token.line),
            );
        }
    }
    let kept = |file: &&TextFile| {
        let is_locale = file.path.starts_with(LOCALES) && file.is("ftl");
        file.path.starts_with("crates/view/templates/") || is_locale
    };
    for file in tree.files.iter().filter(kept) {
        for (line, text) in file.lines() {
            if file.is("ftl") {
                for key in references(text) {
                    note(&mut uses, &key, &file.path, None);
                }
                continue;
            }
            // Quotes nest here (`title="{{ w.t("key") }}"`), so every piece may be a key; what
            // is not spelled like one falls away.
            let mut before = "";
            for part in text.split('"') {
                let asks = ASKING
                    .iter()
                    .any(|verb| before.ends_with(&format!(".{verb}(")));
                note(&mut uses, part, &file.path, asks.then_some(line));
                before = part;
            }
        }
    }
    uses
}

/// Methods that take a key as their first argument.
const ASKING: &[&str] = &["t", "tn"];
const LOCALES: &str = "crates/view/locales/";

fn note(uses: &mut Uses, literal: &str, path: &str, asked_at: Option<usize>) {
    let whole = literal.split('{').next().unwrap_or_default();
    if !whole
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        || whole.is_empty()
    {
        return;
    }
    if whole.ends_with('-') {
        uses.prefixes
            .entry(whole.to_owned())
            .or_default()
            .insert(path.to_owned());
    } else if whole == literal {
        uses.literals
            .entry(literal.to_owned())
            .or_default()
            .insert(path.to_owned());
        if let Some(line) = asked_at {
            uses.asked
                .entry(literal.to_owned())
                .or_insert((path.to_owned(), line));
        }
    }
}

#[derive(Debug)]
struct Message {
    path: String,
    line: usize,
    variables: BTreeSet<String>,
}

/// The messages of one locale by key.
fn messages(tree: &Tree, locale: &str) -> BTreeMap<String, Message> {
    let folder = format!("{LOCALES}{locale}/");
    let mut messages = BTreeMap::new();
    for file in tree
        .files
        .iter()
        .filter(|file| file.path.starts_with(&folder) && file.is("ftl"))
    {
        let mut current: Option<String> = None;
        for (line, text) in file.lines() {
            if let Some(key) = defined(text) {
                let path = file.path.clone();
                let message = Message {
                    path,
                    line,
                    variables: BTreeSet::new(),
                };
                messages.entry(key.to_owned()).or_insert(message);
                current = Some(key.to_owned());
            } else if !text.starts_with([' ', '\t', '}']) {
                current = None;
            }
            let message = current.as_ref().and_then(|key| messages.get_mut(key));
            if let Some(message) = message {
                message.variables.extend(variables(text));
            }
        }
    }
    messages
}

/// Keys that a locale defines more than once: the later one would win, depending on file order.
fn twice(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for locale in ["ja", "en"] {
        let folder = format!("{LOCALES}{locale}/");
        let mut seen = BTreeSet::new();
        let files = tree
            .files
            .iter()
            .filter(|file| file.path.starts_with(&folder));
        for (file, line, text) in files.flat_map(|f| f.lines().map(move |(n, t)| (f, n, t))) {
            if let Some(key) = defined(text).filter(|key| !seen.insert(key.to_string())) {
                let what = format!("`{key}` is defined twice; keep one");
                found.push(Finding::new(&file.path, line, what));
            }
        }
    }
    found
}

/// The key that a line defines. Terms (`-name`) belong to the locale and are not keys.
fn defined(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim_end();
    let starts = key.starts_with(|c: char| c.is_ascii_alphabetic());
    (starts
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)))
    .then_some(key)
}

fn variables(line: &str) -> Vec<String> {
    let parts = line.split('$').skip(1);
    let names = parts.map(|part| {
        let name = part
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c));
        name.collect::<String>()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// Keys of other messages that a message refers to: `{ key }`.
fn references(line: &str) -> Vec<String> {
    let parts = line
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next());
    let keys = parts
        .map(str::trim)
        .filter(|part| defined(&format!("{part}=")).is_some());
    keys.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
