//! One spelling: American, because the identifiers of the standards we speak are.

use super::Finding;
use super::allow::Allow;
use super::words::{singulars, worded_files, words};
use crate::tree::Tree;

/// Finds British spellings in identifiers and English text.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let allow = Allow::read(tree, "xtask/allow/spelling.txt");
    let mut found = Vec::new();
    for file in worded_files(tree).filter(|file| file.path != HERE) {
        for word in words(file) {
            let Some(american) = american(&word.text) else {
                continue;
            };
            if !allow.permits_under(&word.text, &file.path) {
                let what = format!("`{}` is British; write `{american}`", word.text);
                found.push(Finding::new(&file.path, word.line, what));
            }
        }
    }
    found.extend(allow.faults());
    found
}

/// This file spells what it bans.
const HERE: &str = "xtask/src/tidy/spelling.rs";

/// The American spelling, or `None` when the word is fine.
fn american(word: &str) -> Option<String> {
    // The plural of a noun, not the British verb.
    if word == "analyses" {
        return None;
    }
    for form in singulars(word) {
        let plural = word.get(form.len()..).unwrap_or_default();
        if let Some((_, ours)) = WORDS.iter().find(|(british, _)| *british == form) {
            return Some(format!("{ours}{plural}"));
        }
    }
    let (stem, ending) = ENDINGS.iter().find_map(|ending| {
        let stem = word.strip_suffix(ending)?;
        STEMS.contains(&stem).then_some((stem, *ending))
    })?;
    Some(format!("{stem}{}", ending.replacen('s', "z", 1)))
}

const ENDINGS: &[&str] = &[
    "ise", "ised", "ises", "ising", "iser", "isers", "isation", "isations", "isable",
];

const STEMS: &[&str] = &[
    "anonym",
    "apolog",
    "author",
    "capital",
    "categor",
    "central",
    "character",
    "critic",
    "custom",
    "deserial",
    "digit",
    "emphas",
    "external",
    "final",
    "formal",
    "general",
    "initial",
    "internal",
    "itemi",
    "local",
    "material",
    "maxim",
    "memor",
    "minim",
    "modern",
    "neutral",
    "normal",
    "optim",
    "organ",
    "parameter",
    "prior",
    "pseudonym",
    "random",
    "real",
    "recogn",
    "serial",
    "special",
    "stabil",
    "standard",
    "summar",
    "symbol",
    "synchron",
    "token",
    "util",
    "visual",
];

const WORDS: &[(&str, &str)] = &[
    ("ageing", "aging"),
    ("analyse", "analyze"),
    ("analysed", "analyzed"),
    ("analysing", "analyzing"),
    ("artefact", "artifact"),
    ("behaviour", "behavior"),
    ("cancelled", "canceled"),
    ("cancelling", "canceling"),
    ("catalogue", "catalog"),
    ("centre", "center"),
    ("colour", "color"),
    ("coloured", "colored"),
    ("defence", "defense"),
    ("enrol", "enroll"),
    ("enrolment", "enrollment"),
    ("favour", "favor"),
    ("favourite", "favorite"),
    ("fulfil", "fulfill"),
    ("grey", "gray"),
    ("honour", "honor"),
    ("labelled", "labeled"),
    ("labelling", "labeling"),
    ("licence", "license"),
    ("modelled", "modeled"),
    ("modelling", "modeling"),
    ("neighbour", "neighbor"),
    ("offence", "offense"),
    ("practise", "practice"),
    ("programme", "program"),
    ("signalled", "signaled"),
    ("signalling", "signaling"),
    ("travelled", "traveled"),
    ("travelling", "traveling"),
    ("whilst", "while"),
];

#[cfg(test)]
mod tests {
    use super::{american, check};
    use crate::tidy::places;
    use crate::tree::Tree;

    #[test]
    fn british_words_have_an_american_form() {
        assert_eq!(american("organisations").as_deref(), Some("organizations"));
        assert_eq!(american("anonymised").as_deref(), Some("anonymized"));
        assert_eq!(american("centres").as_deref(), Some("centers"));
        for fine in [
            "organization",
            "exercise",
            "advise",
            "otherwise",
            "analyses",
            "revised",
        ] {
            assert_eq!(american(fine), None, "{fine}");
        }
    }

    #[test]
    fn identifiers_and_prose_are_read_and_exceptions_hold() {
        let tree = Tree::sample(&[
            (
                "a.rs",
                "// The colour.\nfn anonymise() {}\nx.is_cancelled();\n",
            ),
            (
                "xtask/allow/spelling.txt",
                "cancelled a.rs -- tokio's name\n",
            ),
        ]);
        assert_eq!(places(&check(&tree)), ["a.rs:1", "a.rs:2"]);
    }
}
