//! One idea, one word, in Japanese: what a page calls a thing, every page calls it.
//!
//! Japanese has no spaces, so a word is found wherever it stands, in whatever file. Which words are
//! refused stands in the glossary's table with the columns 使わない and 使う.

use super::Finding;
use super::synonyms::{GLOSSARY, pairs};
use crate::tree::Tree;

/// Finds Japanese words that the glossary refuses, in every file but the glossary itself.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(glossary) = tree.file(GLOSSARY) else {
        return Vec::new();
    };
    let refused = pairs(glossary, ["使わない", "使う"]);
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| file.path != GLOSSARY) {
        for (line, text) in file.lines() {
            if text.is_ascii() {
                continue;
            }
            for (theirs, ours) in refused.iter().filter(|(theirs, _)| text.contains(theirs)) {
                let what = format!("「{theirs}」 is not our word; say 「{ours}」 ({GLOSSARY})");
                found.push(Finding::new(&file.path, line, what));
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
    fn a_refused_word_is_found_within_a_sentence() {
        let tree = Tree::sample(&[
            (
                "GLOSSARY.md",
                "| 使わない | 使う |\n|---|---|\n| 送信者, 差出人 | 報告元 |\n",
            ),
            ("a.ftl", "a = 報告元の名前\nb = その送信者の名前\n"),
            ("b.md", "差出人です。\n"),
        ]);
        assert_eq!(places(&check(&tree)), ["a.ftl:2", "b.md:1"]);
    }
}
