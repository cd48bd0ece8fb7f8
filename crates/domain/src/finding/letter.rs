//! Letters to users whose devices called a server: what a carrier keeps of each, without whom it went to.

use jiff::civil::Date;

use crate::finding::Campaign;
use crate::word::words;

words! {
    /// What a carrier learned of the user of a letter.
    pub enum LetterNews {
        /// The user was told.
        Told = "told",
        /// The device is clean again.
        Cured = "cured",
        /// The device still calls, or the user does nothing.
        Uncured = "uncured",
        /// The letter counts no more: no line of the carrier was found, or the same line has another letter.
        Void = "void",
    }
}

/// What is known of a letter when all of its news are taken together; `None` while there are none.
///
/// `news` come in the order in which they were noted. The later day counts, and of one day what was
/// noted last; that a user was told says nothing about a device of which more is known.
pub fn standing(news: &[(Date, LetterNews)]) -> Option<LetterNews> {
    let mut ordered = news.to_vec();
    // Stable, so that what was noted last stays last of its day.
    ordered.sort_by_key(|(day, _)| *day);
    let mut standing = None;
    for (_, one) in ordered {
        let is_known = matches!(standing, Some(LetterNews::Cured | LetterNews::Uncured));
        if !(is_known && one == LetterNews::Told) {
            standing = Some(one);
        }
    }
    standing
}

/// The numbers of one server, from what is known of each of its letters. Whoever is cured or not was told.
pub fn numbers(letters: &[Option<LetterNews>]) -> Campaign {
    let count = |wanted: &[LetterNews]| {
        let all = letters.iter().flatten();
        let found = all.filter(|news| wanted.contains(news)).count();
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    let all = u32::try_from(letters.len()).unwrap_or(u32::MAX);
    let void = count(&[LetterNews::Void]);
    let told = count(&[LetterNews::Told, LetterNews::Cured, LetterNews::Uncured]);
    let (cured, uncured) = (count(&[LetterNews::Cured]), count(&[LetterNews::Uncured]));
    // A part of letters is never more than all of them.
    Campaign::new(all.saturating_sub(void), told, cured, uncured).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use LetterNews::{Cured, Told, Uncured, Void};

    fn on(news: &[(i8, LetterNews)]) -> Option<LetterNews> {
        let dated = news
            .iter()
            .map(|(day, one)| (Date::new(2026, 11, *day).unwrap(), *one));
        standing(&dated.collect::<Vec<_>>())
    }

    #[test]
    fn the_later_day_counts_and_of_one_day_what_was_noted_last() {
        for (news, expected) in [
            (&[][..], None),
            (&[(2, Told)], Some(Told)),
            (&[(5, Cured), (2, Told)], Some(Cured)),
            (&[(5, Cured), (9, Uncured)], Some(Uncured)),
            (&[(9, Uncured), (5, Cured)], Some(Uncured)),
            (&[(5, Cured), (5, Uncured)], Some(Uncured)),
            (&[(5, Cured), (6, Told)], Some(Cured)),
            (&[(5, Void), (6, Told)], Some(Told)),
            (&[(5, Told), (6, Void)], Some(Void)),
        ] {
            assert_eq!(on(news), expected, "{news:?}");
        }
    }

    #[test]
    fn whoever_is_cured_or_not_was_told_and_what_is_void_is_nobody() {
        let letters = [
            None,
            Some(Told),
            Some(Cured),
            Some(Cured),
            Some(Uncured),
            Some(Void),
        ];
        let counted = numbers(&letters);
        assert_eq!(Campaign::new(5, 4, 2, 1), Ok(counted));
        assert_eq!(counted.open(), 1);
    }
}
