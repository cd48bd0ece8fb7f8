//! What in `domain` can turn into bytes is on a list.
//!
//! The release gate is worth nothing if a type behind it serializes by itself. The list
//! (`xtask/allow/serialize.txt`) holds the released views and plain words, each with its reason.

use super::Finding;
use super::allow::Allow;
use crate::scan::items::items;
use crate::scan::{Kind, Source};
use crate::tree::Tree;

/// Finds `Serialize`, derived or written, on types of `domain` outside the list.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let allow = Allow::read(tree, "xtask/allow/serialize.txt");
    let mut found = Vec::new();
    for (file, source) in tree.rust().filter(|(file, _)| file.room() == "domain") {
        if file.is_test() {
            continue;
        }
        let derived = items(source).into_iter();
        let derived = derived.filter(|item| item.derives.iter().any(|name| name == "Serialize"));
        let mut types: Vec<(String, usize)> = derived.map(|item| (item.name, item.line)).collect();
        types.extend(written(source));
        let inside = file
            .path
            .strip_prefix("crates/domain/src/")
            .unwrap_or(&file.path);
        for (name, line) in types {
            if !allow.permits(&[inside, &name]) {
                let what = format!(
                    "`{name}` serializes past the release gate; release it as Visible or \
                     Released, or list it in xtask/allow/serialize.txt"
                );
                found.push(Finding::new(&file.path, line, what));
            }
        }
    }
    found.extend(allow.faults());
    found
}

/// Types with a written `impl Serialize for …`.
fn written(source: &Source) -> Vec<(String, usize)> {
    let mut types = Vec::new();
    for at in 0..source.tokens.len() {
        if !source.spells(at, "Serialize for") {
            continue;
        }
        let subject = source
            .token(at + 2)
            .filter(|token| token.kind == Kind::Word);
        types.extend(subject.map(|token| (token.text.clone(), token.line)));
    }
    types
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::places;
    use crate::tree::Tree;

    #[test]
    fn only_listed_types_serialize() {
        let domain = "#[derive(Debug, Serialize)]\npub struct Tlp;\n\
            #[derive(serde::Serialize)]\npub struct Report {}\n\
            impl serde::Serialize for Source {}\n#[derive(Deserialize)]\nenum Kind {}\n";
        let tree = Tree::sample(&[
            ("crates/domain/src/handling/tlp.rs", domain),
            (
                "crates/store/src/report.rs",
                "#[derive(Serialize)]\nstruct Row;\n",
            ),
            (
                "xtask/allow/serialize.txt",
                "handling/tlp.rs Tlp -- a label names no one\n",
            ),
        ]);
        let path = "crates/domain/src/handling/tlp.rs";
        assert_eq!(
            places(&check(&tree)),
            [format!("{path}:4"), format!("{path}:5")]
        );
    }
}
