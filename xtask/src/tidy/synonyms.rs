//! One idea, one word: the glossary's banned synonyms.
//!
//! `GLOSSARY.md` holds a table with the columns `banned` and `use`. It is read by machine, so a
//! word is banned by writing it there and nowhere else.

use super::Finding;
use super::allow::Allow;
use super::words::{singulars, worded_files, words};
use crate::tree::{TextFile, Tree};

/// Finds banned synonyms in identifiers and English text. Without a glossary nothing is banned.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(glossary) = tree.file(GLOSSARY) else {
        return Vec::new();
    };
    let banned = banned(glossary);
    if banned.is_empty() {
        let what = "no banned words found; keep the table headed `| banned | use |`";
        return vec![Finding::new(GLOSSARY, 1, what)];
    }
    let allow = Allow::read(tree, "xtask/allow/words.txt");
    let mut found = Vec::new();
    for file in worded_files(tree) {
        for word in words(file) {
            let forms = singulars(&word.text);
            let Some((_, ours)) = banned.iter().find(|(theirs, _)| forms.contains(theirs)) else {
                continue;
            };
            let permitted = forms
                .iter()
                .any(|form| allow.permits_under(form, &file.path));
            if !permitted {
                let what = format!("`{}` is not our word; say `{ours}` ({GLOSSARY})", word.text);
                found.push(Finding::new(&file.path, word.line, what));
            }
        }
    }
    found.extend(allow.faults());
    found
}

const GLOSSARY: &str = "GLOSSARY.md";

/// Pairs of banned word and the word to use, from each table headed `| banned | use |`.
fn banned(glossary: &TextFile) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut within = false;
    for line in glossary.text.lines() {
        let cells: Vec<String> = line
            .trim()
            .trim_matches('|')
            .split('|')
            .map(plain)
            .collect();
        let (Some(first), Some(second)) = (cells.first(), cells.get(1)) else {
            within = false;
            continue;
        };
        if first == "banned" && second == "use" {
            within = true;
        } else if within && !first.starts_with("--") {
            let words = first
                .split(',')
                .map(|word| word.trim().to_ascii_lowercase());
            pairs.extend(
                words
                    .filter(|word| !word.is_empty())
                    .map(|word| (word, second.clone())),
            );
        }
    }
    pairs
}

fn plain(cell: &str) -> String {
    cell.replace('`', "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::places;
    use crate::tree::Tree;

    const GLOSSARY: &str = "# Words\n\n| ja | en |\n|---|---|\n| 宛先 | addressee |\n\n\
        | banned | use |\n|---|---|\n| `bulletin`, dispatch | advisory |\n| company | organization |\n";

    #[test]
    fn banned_words_are_found_in_any_form() {
        let tree = Tree::sample(&[
            ("GLOSSARY.md", GLOSSARY),
            (
                "a.rs",
                "struct BulletinId;\n// Both companies.\n// An addressee.\n",
            ),
            ("b.rs", "const SUFFIX: &str = \"company\";\n"),
            (
                "xtask/allow/words.txt",
                "company b.rs -- what firms are called\n",
            ),
        ]);
        assert_eq!(places(&check(&tree)), ["a.rs:1", "a.rs:2"]);
    }

    #[test]
    fn a_glossary_bans_something() {
        assert!(check(&Tree::sample(&[("a.rs", "// bulletin\n")])).is_empty());
        assert_eq!(
            check(&Tree::sample(&[("GLOSSARY.md", "# Words\n")])).len(),
            1
        );
    }
}
