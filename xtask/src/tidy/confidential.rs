//! A type that holds something confidential says by hand what its `Debug` shows.
//!
//! A derived `Debug` prints every field that is added later, into every log line that prints the
//! type. Types without a `Confidential` field that must still stay dark are listed in
//! `xtask/allow/confidential.txt`.

use super::Finding;
use super::allow::Allow;
use crate::scan::Source;
use crate::scan::items::{Item, items};
use crate::tree::Tree;

/// Finds derived `Debug` on confidential types outside tests.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let listed = Allow::read(tree, "xtask/allow/confidential.txt");
    let mut found = Vec::new();
    for (file, source) in tree
        .rust()
        .filter(|(file, _)| file.path.starts_with("crates/"))
    {
        for item in items(source) {
            // Asked for every type, so that a name no type bears any more is found.
            let dark = listed.permits(&[file.room(), &item.name]) || is_boxed(source, &item);
            let derived = item.derives.iter().any(|name| name == "Debug");
            if dark && derived && !file.is_test_line(item.line) {
                let what = format!(
                    "`{}` is confidential and derives Debug; write the impl and show only what \
                     may be logged",
                    item.name
                );
                found.push(Finding::new(&file.path, item.line, what));
            }
        }
    }
    found.extend(listed.faults());
    found
}

fn is_boxed(source: &Source, item: &Item) -> bool {
    let (from, to) = item.body;
    (from..to).any(|at| source.spells(at, "Confidential <"))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::places;
    use crate::tree::Tree;

    #[test]
    fn confidential_types_do_not_derive_debug() {
        let tree = Tree::sample(&[
            (
                "crates/domain/src/report.rs",
                "#[derive(Debug)]\nstruct Damage { prose: Confidential<Prose> }\n\
                 #[derive(Clone)]\nstruct Attack { prose: Confidential<Prose> }\n\
                 #[derive(Debug)]\nstruct Kind { name: Name }\n\
                 #[derive(Debug)]\nstruct Mailbox { code: [u8; 16] }\n",
            ),
            (
                "xtask/allow/confidential.txt",
                "domain Mailbox -- the code opens the dialogue\n",
            ),
        ]);
        let path = "crates/domain/src/report.rs";
        assert_eq!(
            places(&check(&tree)),
            [format!("{path}:2"), format!("{path}:8")]
        );
    }

    #[test]
    fn a_listed_type_must_exist() {
        let list = "domain Gone -- was dark\n";
        let tree = Tree::sample(&[("xtask/allow/confidential.txt", list)]);
        assert_eq!(places(&check(&tree)), ["xtask/allow/confidential.txt:1"]);
    }
}
