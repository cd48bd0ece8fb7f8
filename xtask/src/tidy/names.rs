//! Names that say nothing: a function is the verb a person does, a type the thing itself.

use super::Finding;
use crate::scan::{Kind, Source};
use crate::tree::Tree;

/// Finds empty words in the names that our code declares.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, source) in tree.rust() {
        for index in 0..source.tokens.len() {
            let Some((name, line)) = declared(source, index) else {
                continue;
            };
            if let Some(instead) = empty_word(name) {
                let what = format!("`{name}` says nothing of what it is; {instead}");
                found.push(Finding::new(&file.path, line, what));
            }
        }
    }
    found
}

const KEYWORDS: &[&str] = &[
    "fn", "struct", "enum", "trait", "mod", "type", "const", "static",
];

fn declared(source: &Source, index: usize) -> Option<(&str, usize)> {
    let keyword = source
        .token(index)
        .filter(|token| token.kind == Kind::Word)?;
    let name = source
        .token(index + 1)
        .filter(|token| token.kind == Kind::Word)?;
    KEYWORDS
        .contains(&keyword.text.as_str())
        .then_some((name.text.as_str(), name.line))
}

fn empty_word(name: &str) -> Option<&'static str> {
    let plain = name.to_ascii_lowercase();
    for prefix in ["get_", "process_", "handle_", "manage_"] {
        if plain.starts_with(prefix) {
            return Some("name the thing it returns, or the verb that a person does");
        }
    }
    for word in [
        "util", "utils", "helper", "helpers", "misc", "common", "process", "handle",
    ] {
        if plain == word {
            return Some("name the noun or the verb that it holds");
        }
    }
    for suffix in ["Util", "Utils", "Helper", "Manager", "Impl", "Dto", "Base"] {
        if name.len() > suffix.len() && name.ends_with(suffix) {
            return Some("name the thing without the suffix");
        }
    }
    for suffix in ["_util", "_utils", "_helper", "_helpers", "_impl"] {
        if plain.ends_with(suffix) {
            return Some("name the thing without the suffix");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::places;
    use crate::tree::Tree;

    #[test]
    fn empty_names_are_found() {
        let text = "mod utils;\nfn get_report() {}\nstruct SealManager;\nfn process() {}\n\
            fn report() {}\nstruct Handling;\nuse axum::handler;\nfn handled() {}\n";
        let found = places(&check(&Tree::sample(&[("a.rs", text)])));
        assert_eq!(found, ["a.rs:1", "a.rs:2", "a.rs:3", "a.rs:4"]);
    }
}
