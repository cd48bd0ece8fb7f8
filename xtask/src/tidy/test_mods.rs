//! The modules of an integration test say that they are tests.
//!
//! Clippy allows `unwrap` in test functions and below `#[cfg(test)]`. An integration test is
//! neither, so its helper functions would need an exception each; the attribute on the module
//! says it once.

use super::Finding;
use crate::tree::Tree;

/// Finds `mod name;` without `#[cfg(test)]` in the root files of integration tests.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, source) in tree.rust() {
        let is_root = file.path.contains("/tests/") && file.path.ends_with("/main.rs");
        if !is_root {
            continue;
        }
        for (index, token) in source.tokens.iter().enumerate() {
            let declares = token.is_word("mod")
                && source
                    .token(index + 2)
                    .is_some_and(|next| next.is_mark(';'));
            let marked = index >= 7 && source.spells(index - 7, "# [ cfg ( test ) ]");
            if declares && !marked {
                let what = "a module of tests is not marked; write #[cfg(test)] above it, so \
                            that its helpers may unwrap";
                found.push(Finding::new(&file.path, token.line, what));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::places;
    use crate::tree::Tree;

    #[test]
    fn modules_of_tests_are_marked() {
        let text = "//! Doc.\n#[cfg(test)]\nmod a;\nmod b;\n";
        let tree = Tree::sample(&[
            ("crates/hub/tests/it/main.rs", text),
            ("crates/noroshi/src/main.rs", text),
        ]);
        assert_eq!(places(&check(&tree)), ["crates/hub/tests/it/main.rs:4"]);
    }
}
