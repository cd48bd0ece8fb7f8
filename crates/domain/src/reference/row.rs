//! What every reference row carries: code, names, validity, where it comes from, and whether a
//! person still has to check it.

use jiff::civil::Date;

use crate::word::{Code, words};

/// One version of one reference entry. Several versions of one code may follow each other in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<T> {
    /// The stored word. Unique in its table on any one day.
    pub code: Code,
    /// The name shown, in both languages.
    pub name: Bilingual,
    /// What a reader of the row must know about its limits; `None` when there is nothing to say.
    pub note: Option<Bilingual>,
    /// Whether people may choose the row.
    pub standing: Standing,
    /// The days on which the row holds.
    pub validity: Validity,
    /// Where the row comes from and how sure that is.
    pub provenance: Provenance,
    /// What this kind of row says beyond that.
    pub body: T,
}

impl<T> Row<T> {
    /// Whether people may choose this row on `day`.
    pub fn is_selectable(&self, day: Date) -> bool {
        self.standing == Standing::Adopted && self.validity.contains(day)
    }
}

/// A text in both languages of the house.
///
/// INVARIANT: neither is blank.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bilingual {
    ja: String,
    en: String,
}

/// A text lacks one of the two languages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the text in `{language}` is blank; write it in both languages")]
pub struct LanguageMissing {
    /// The language that lacks, `ja` or `en`.
    pub language: &'static str,
}

impl Bilingual {
    /// The text in both languages.
    ///
    /// # Errors
    /// [`LanguageMissing`] when one is blank.
    pub fn parse(ja: &str, en: &str) -> Result<Self, LanguageMissing> {
        for (language, text) in [("ja", ja), ("en", en)] {
            if text.trim().is_empty() {
                return Err(LanguageMissing { language });
            }
        }
        Ok(Self {
            ja: ja.trim().to_owned(),
            en: en.trim().to_owned(),
        })
    }

    /// The Japanese text.
    pub fn ja(&self) -> &str {
        &self.ja
    }

    /// The English text.
    pub fn en(&self) -> &str {
        &self.en
    }
}

words! {
    /// Whether people may choose a row.
    pub enum Standing {
        /// In force (while valid).
        Adopted = "adopted",
        /// Known to be coming, with its particulars not confirmed: shown in explanations, never
        /// offered for choice and never stored in an item.
        Announced = "announced",
    }
}

/// The days on which a row holds, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validity {
    /// First day; `None` when the row held before anything this data tells.
    pub from: Option<Date>,
    /// Last day; `None` while no end is known.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether `day` lies inside.
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether the last day lies before the first, so that no day is inside.
    pub fn is_reversed(self) -> bool {
        matches!((self.from, self.to), (Some(from), Some(to)) if to < from)
    }

    /// Whether some day lies inside both.
    pub fn overlaps(self, other: Self) -> bool {
        let begins_by_end = |one: Self, two: Self| match (one.from, two.to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        begins_by_end(self, other) && begins_by_end(other, self)
    }
}

/// Where a statement comes from and how sure that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Code of the document, a row of `sources.toml`.
    pub source: Code,
    /// How the statement was checked against that document.
    pub confidence: Confidence,
    /// Whether a person has to check it before it becomes a hard rule.
    pub review: Review,
}

impl Provenance {
    /// Whether pages show "needs review" beside the row.
    pub fn needs_review(&self) -> bool {
        self.review == Review::Needed
    }
}

words! {
    /// How a statement was checked.
    pub enum Confidence {
        /// Read in the document itself or on an official page.
        Verified = "verified",
        /// Read in a secondary account of the document: press, law office, public repository.
        Secondary = "secondary",
        /// Written from memory of the public document, not re-read.
        Memory = "memory",
        /// Noroshi's own choice; there is no outside document to agree with.
        Ours = "ours",
    }
}

/// Whether a person has to check a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// Pages show "needs review".
    Needed,
    /// Nothing open.
    Settled,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn days(from: Option<Date>, to: Option<Date>) -> Validity {
        Validity { from, to }
    }

    #[test]
    fn both_ends_of_a_validity_are_inside() {
        let year = days(Some(date(2024, 4, 1)), Some(date(2025, 3, 31)));
        assert!(year.contains(date(2024, 4, 1)) && year.contains(date(2025, 3, 31)));
        assert!(!year.contains(date(2024, 3, 31)) && !year.contains(date(2025, 4, 1)));
        assert!(Validity::default().contains(date(1970, 1, 1)));
        assert!(!year.is_reversed());
        assert!(days(year.to, year.from).is_reversed());
    }

    #[test]
    fn a_text_has_both_languages() {
        assert_eq!(
            Bilingual::parse("港湾", " "),
            Err(LanguageMissing { language: "en" })
        );
        assert_eq!(Bilingual::parse("港湾 ", "Ports").unwrap().ja(), "港湾");
    }

    #[test]
    fn windows_that_follow_each_other_do_not_overlap() {
        let before = days(None, Some(date(2024, 3, 31)));
        let after = days(Some(date(2024, 4, 1)), None);
        assert!(!before.overlaps(after) && !after.overlaps(before));
        assert!(before.overlaps(days(Some(date(2024, 3, 31)), None)));
        assert!(before.overlaps(Validity::default()));
    }
}
