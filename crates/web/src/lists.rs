//! Rows of the reference data as things to choose, in the reader's language.

use domain::reference::row::{Bilingual, Row};
use view::form::Choice;
use view::words::{Language, Words};

/// The text in the reader's language.
pub(crate) fn say(words: Words, text: &Bilingual) -> String {
    match words.language() {
        Language::Ja => text.ja(),
        Language::En => text.en(),
    }
    .to_owned()
}

/// A name kept in both languages, in the reader's.
pub(crate) fn say_name(words: Words, (ja, en): &(String, String)) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .clone()
}

/// One choice per row.
pub(crate) fn choices<'r, T: 'r>(
    words: Words,
    rows: impl Iterator<Item = &'r Row<T>>,
) -> Vec<Choice> {
    rows.map(|row| Choice::new(row.code.as_str(), say(words, &row.name)))
        .collect()
}

/// One choice per row, with a line of explanation taken from it.
pub(crate) fn explained<'r, T: 'r>(
    words: Words,
    rows: impl Iterator<Item = &'r Row<T>>,
    line: impl Fn(&T) -> &Bilingual,
) -> Vec<Choice> {
    rows.map(|row| {
        Choice::new(row.code.as_str(), say(words, &row.name)).hint(say(words, line(&row.body)))
    })
    .collect()
}
