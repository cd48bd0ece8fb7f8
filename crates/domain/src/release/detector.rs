//! Finds strings in a free text that may tell who wrote it.
//!
//! The detector reads names of organizations and of their facilities, host names, internal
//! addresses, mail addresses, phone numbers, ticket numbers and persons with titles, in either
//! width. It is a net for what slips through in haste, no proof of anonymity: who knows the plant
//! knows the story. Every hit is looked at by a person.
//!
//! The work is linear in the length of the text: each scanner reads it once, forward, and looks
//! back or ahead by a bounded number of characters.

mod address;
mod english;
mod family_names;
mod folded;
mod japanese;
mod latin;
mod number;

use std::collections::BTreeMap;
use std::ops::Range;

use folded::Folded;

use crate::text::fold;
use crate::word::words;

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// What it looks like.
    pub label: Label,
}

words! {
    /// What a found string looks like.
    pub enum Label {
        /// A name or domain by which an organization of the register is known.
        KnownName = "known-name",
        /// A name with the form of an organization or facility: 株式会社, 電力, 浄水場.
        Organization = "organization",
        /// The name of a host, or a path to one.
        Host = "host",
        /// An address that is used inside an organization only: RFC 1918, RFC 4193, a MAC address.
        InternalAddress = "internal-address",
        /// A mail address.
        Mail = "mail",
        /// A phone number.
        Phone = "phone",
        /// The number of a ticket, an order or a case.
        Ticket = "ticket",
        /// A person with a title.
        Person = "person",
    }
}

/// Longest known name that is looked for, in characters.
const NAME_CHARS_MAX: usize = 120;
/// Shortest known name that is looked for inside other words, in characters.
const NAME_CHARS_MIN: usize = 2;

/// Knows the names by which texts give a source away.
#[derive(Clone, Default)]
pub struct Detector {
    /// Folded names without blanks, by their first letter, longest first.
    known: BTreeMap<char, Vec<Vec<char>>>,
}

impl Detector {
    /// A detector that knows `names`: of every member of the relay, so that it does not tell which
    /// of them is the source.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known: BTreeMap<char, Vec<Vec<char>>> = BTreeMap::new();
        for name in names {
            let folded = fold(name);
            let mut spellings = vec![folded.clone()];
            spellings.push(japanese::without_form(&folded));
            for spelling in spellings {
                let letters: Vec<char> = spelling
                    .chars()
                    .filter(|letter| !letter.is_whitespace())
                    .collect();
                let fits = (NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&letters.len());
                if let Some(first) = letters.first().copied().filter(|_| fits) {
                    known.entry(first).or_default().push(letters);
                }
            }
        }
        for names in known.values_mut() {
            names.sort_by_key(|name| std::cmp::Reverse(name.len()));
            names.dedup();
        }
        Self { known }
    }

    /// What in `text` may identify its author, in order. Of hits that overlap the first that began
    /// stays, and of those that begin together the longest.
    pub fn hits(&self, text: &str) -> Vec<Hit> {
        let folded = Folded::new(text);
        let mut found = self.known_names(&folded);
        latin::scan(&folded, &mut found);
        number::scan(&folded, &mut found);
        japanese::scan(&folded, &mut found);
        english::scan(&folded, &mut found);
        found.sort_by_key(|hit| (hit.span.start, std::cmp::Reverse(hit.span.end)));
        let mut end = 0;
        found.retain(|hit| {
            let apart = hit.span.start >= end;
            if apart {
                end = hit.span.end;
            }
            apart && !hit.span.is_empty()
        });
        found
    }

    /// Whether `text` holds one of the known names.
    pub fn knows_a_name_in(&self, text: &str) -> bool {
        !self.known_names(&Folded::new(text)).is_empty()
    }

    fn known_names(&self, folded: &Folded) -> Vec<Hit> {
        let mut found = Vec::new();
        for start in 0..folded.len() {
            let Some(names) = folded
                .letter(start)
                .and_then(|first| self.known.get(&first))
            else {
                continue;
            };
            let ends = names.iter().find_map(|name| reads(folded, start, name));
            if let Some(end) = ends {
                found.push(folded.hit(start..end, Label::KnownName));
            }
        }
        found
    }
}

/// Where `name` ends when it stands in the text from `start` on, blanks aside. A name of Latin
/// letters must stand by itself: `ace` is not in `place`.
fn reads(folded: &Folded, start: usize, name: &[char]) -> Option<usize> {
    let mut at = start;
    for (position, letter) in name.iter().enumerate() {
        if position > 0 {
            while folded.letter(at).is_some_and(char::is_whitespace) {
                at += 1;
            }
        }
        if folded.letter(at) != Some(*letter) {
            return None;
        }
        at += 1;
    }
    let latin = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let joined_before = latin(name.first().copied())
        && start
            .checked_sub(1)
            .is_some_and(|before| latin(folded.letter(before)));
    let joined_after = latin(name.last().copied()) && latin(folded.letter(at));
    (!joined_before && !joined_after).then_some(at)
}

#[cfg(test)]
mod tests;
