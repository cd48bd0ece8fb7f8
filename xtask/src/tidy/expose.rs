//! Confidential content comes out of its box in `store` alone.

use super::Finding;
use crate::tree::Tree;

/// Finds calls of `expose_for_storage` outside `store`. Where it is defined, `domain`, its own
/// file may name it.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, source) in tree.rust() {
        // Mutants of the simulation leak on purpose; no build of a hub contains them.
        let mutant = file.path.starts_with("crates/sim/src/mutant");
        if file.room() == "store" || mutant || file.path == "crates/domain/src/confidential.rs" {
            continue;
        }
        for token in source
            .tokens
            .iter()
            .filter(|token| token.is_word("expose_for_storage"))
        {
            let what = "only `store` may expose confidential content; release it through the gate";
            found.push(Finding::new(&file.path, token.line, what));
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
    fn exposing_outside_the_store_is_found() {
        let call = "fn a(x: Confidential<u8>) { x.expose_for_storage(); }\n";
        let tree = Tree::sample(&[
            ("crates/store/src/report.rs", call),
            ("crates/hub/src/submit.rs", call),
            (
                "crates/web/src/a.rs",
                "// expose_for_storage is not for us\n",
            ),
        ]);
        assert_eq!(places(&check(&tree)), ["crates/hub/src/submit.rs:1"]);
    }
}
