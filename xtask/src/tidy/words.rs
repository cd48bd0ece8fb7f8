//! English words out of identifiers, prose and file names, for the checks of wording.

use crate::tree::{TextFile, Tree};

/// One word with the line it stands on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Lower case.
    pub(crate) text: String,
    /// Line from 1.
    pub(crate) line: usize,
}

/// The files whose English is ours: no license texts, no vendored files, no manifests full of other
/// people's names, no reference data that quotes the titles of laws.
pub(crate) fn worded_files(tree: &Tree) -> impl Iterator<Item = &TextFile> {
    let files = tree.files.iter();
    files.filter(|file| KINDS.iter().any(|kind| file.is(kind)) && !is_foreign(&file.path))
}

/// The words of `file` in order. `AckDueSeconds` and `ack_due_seconds` are three words each.
pub(crate) fn words(file: &TextFile) -> Vec<Word> {
    let mut found = Vec::new();
    for (line, text) in file.lines() {
        let mut word = String::new();
        let mut previous_lower = false;
        for character in text.chars().chain([' ']) {
            let starts = character.is_ascii_uppercase() && previous_lower;
            if (starts || !character.is_ascii_alphabetic()) && !word.is_empty() {
                found.push(Word {
                    text: std::mem::take(&mut word),
                    line,
                });
            }
            if character.is_ascii_alphabetic() {
                word.push(character.to_ascii_lowercase());
            }
            previous_lower = character.is_ascii_lowercase();
        }
    }
    found
}

/// The forms under which a list may hold `word`: itself and its singulars.
pub(crate) fn singulars(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if let Some(stem) = word.strip_suffix("ies") {
        forms.push(format!("{stem}y"));
    }
    forms.extend(word.strip_suffix("es").map(str::to_owned));
    forms.extend(word.strip_suffix('s').map(str::to_owned));
    forms
}

const KINDS: &[&str] = &[
    "rs", "md", "ftl", "html", "sql", "mjs", "css", "js", "toml", "txt",
];

fn is_foreign(path: &str) -> bool {
    const FILES: &[&str] = &["GLOSSARY.md", "Cargo.toml", "deny.toml", "clippy.toml"];
    let name = path.rsplit('/').next().unwrap_or(path);
    path.contains("/vendor/")
        || path.starts_with("data/")
        || path.starts_with("xtask/allow/")
        || path.contains("/fixtures/")
        || FILES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::{singulars, worded_files, words};
    use crate::tree::Tree;

    #[test]
    fn identifiers_fall_into_words() {
        let tree = Tree::sample(&[(
            "a.rs",
            "let ackDue_s = ReportId::new(\"TLP:RED\");\n// it's\n",
        )]);
        let found = words(&tree.files[0]);
        let texts: Vec<&str> = found.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "let", "ack", "due", "s", "report", "id", "new", "tlp", "red", "it", "s"
            ]
        );
        assert_eq!(found.last().map(|word| word.line), Some(2));
    }

    #[test]
    fn plurals_have_their_singular() {
        assert!(singulars("companies").contains(&"company".to_owned()));
        assert!(singulars("notices").contains(&"notice".to_owned()));
    }

    #[test]
    fn foreign_files_are_left_alone() {
        let tree = Tree::sample(&[("a.md", ""), ("b/vendor/c.css", ""), ("LICENSE", "")]);
        assert_eq!(worded_files(&tree).count(), 1);
    }
}
