//! Each Rust file begins by saying what it is for.

use super::Finding;
use crate::tree::Tree;

/// Finds Rust files outside tests whose first line is no `//!`. An SPDX line may stand before it.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, _) in tree.rust() {
        if file.is_test() {
            continue;
        }
        let mut lines = file
            .text
            .lines()
            .filter(|line| !line.starts_with("// SPDX"));
        if !lines.next().is_some_and(|line| line.starts_with("//! ")) {
            let what = "no module doc; begin with `//! ` and what the file is for";
            found.push(Finding::new(&file.path, 1, what));
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
    fn the_first_line_is_the_doc() {
        let tree = Tree::sample(&[
            ("a.rs", "//! What.\nfn a() {}\n"),
            (
                "b.rs",
                "// SPDX-License-Identifier: Apache-2.0\n//! What.\n",
            ),
            ("c.rs", "fn c() {}\n"),
            ("d/tests.rs", "use super::d;\n"),
        ]);
        assert_eq!(places(&check(&tree)), ["c.rs:1"]);
    }
}
