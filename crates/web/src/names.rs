//! Names that the register keeps in both languages, in the reader's.

use hub::addressing::OrganizationLabel;
use view::words::{Language, Words};

/// The organization's name.
pub(crate) fn organization(label: &OrganizationLabel, words: Words) -> String {
    pick(words, &label.name_ja, &label.name_en)
}

/// The one of two texts that is in the reader's language.
pub(crate) fn pick(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}
