//! Rows of the reference data as things to choose, in the reader's language.

use domain::reference::row::{Bilingual, Provenance, Row};
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

/// The name of a row that is offered, with the mark of one that a person still has to check.
pub(crate) fn row_name<T>(words: Words, row: &Row<T>) -> String {
    marked(words, say(words, &row.name), &row.provenance)
}

/// `text` with the mark of what a person still has to check, where `provenance` says so. The page of
/// help says what the mark means and which documents the rows rest on.
pub(crate) fn marked(words: Words, text: String, provenance: &Provenance) -> String {
    if provenance.needs_review() {
        words.tn("reference-needs-review", &[("text", text.into())])
    } else {
        text
    }
}

/// One choice per row.
pub(crate) fn choices<'r, T: 'r>(
    words: Words,
    rows: impl Iterator<Item = &'r Row<T>>,
) -> Vec<Choice> {
    rows.map(|row| Choice::new(row.code.as_str(), row_name(words, row)))
        .collect()
}

/// One choice per row, with a line of explanation taken from it.
pub(crate) fn explained<'r, T: 'r>(
    words: Words,
    rows: impl Iterator<Item = &'r Row<T>>,
    line: impl Fn(&T) -> &Bilingual,
) -> Vec<Choice> {
    rows.map(|row| {
        Choice::new(row.code.as_str(), row_name(words, row)).hint(say(words, line(&row.body)))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_still_has_to_check_says_so_where_it_is_offered() {
        let reference = exchange::reference::shipped().unwrap();
        let day = "2026-11-22".parse().unwrap();
        for (language, mark) in [
            (Language::Ja, "（要確認）"),
            (Language::En, "(needs review)"),
        ] {
            let offered = choices(Words::new(language), reference.sectors.current(day));
            let marked: Vec<&str> = offered
                .iter()
                .filter(|choice| choice.label.ends_with(mark))
                .map(|choice| choice.value.as_str())
                .collect();
            let open: Vec<&str> = reference
                .sectors
                .current(day)
                .filter(|row| row.provenance.needs_review())
                .map(|row| row.code.as_str())
                .collect();
            assert_eq!(marked, open);
            assert!(!open.is_empty() && open.len() < offered.len());
        }
    }
}
