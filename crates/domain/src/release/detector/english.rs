//! Names of organizations, facilities and persons in English text: capital letters and what
//! follows them.

use super::family_names::FAMILY_NAMES;
use super::folded::Folded;
use super::{Hit, Label};

/// Forms of organizations, folded.
const FORMS: &[&str] = &[
    "co., ltd.",
    "co., ltd",
    "co.,ltd.",
    "co.,ltd",
    "co. ltd",
    "k.k.",
    "kk",
    "g.k.",
    "inc.",
    "inc",
    "llc",
    "l.l.c.",
    "ltd.",
    "ltd",
    "corp.",
    "corp",
    "corporation",
    "plc",
    "gmbh",
    "limited",
];

/// What names of facilities and organizations end in, folded.
const ENDINGS: &[&str] = &[
    "substation",
    "transmitter",
    "relay station",
    "exchange",
    "reservoir",
    "tank farm",
    "booking office",
    "harbor",
    "quay",
    "berth",
    "branch",
    "branch office",
    "office",
    "plant",
    "hospital",
    "power station",
    "treatment plant",
    "purification plant",
    "pumping station",
    "waterworks",
    "depot",
    "terminal",
    "airport",
    "station",
    "works",
    "center",
    "data center",
    "refinery",
    "factory",
    "electric power",
    "electric",
    "railway",
    "gas",
    "bank",
    "university",
    "clinic",
    "city hall",
    "distribution center",
    "warehouse",
    "yard",
    "dispatch center",
    "control center",
    "machi",
    "service center",
];

/// Capitalized words that make no name of what follows: they begin sentences or are general.
const GENERAL: &[&str] = &[
    "the",
    "a",
    "an",
    "our",
    "this",
    "that",
    "one",
    "no",
    "in",
    "at",
    "from",
    "each",
    "any",
    "all",
    "their",
    "its",
    "his",
    "her",
    "on",
    "to",
    "and",
    "security",
    "national",
    "coordination",
    "microsoft",
    "windows",
    "open",
    "libre",
    "remote",
    "active",
    "home",
    "head",
    "main",
    "data",
    "call",
    "help",
    "domain",
    "natural",
    "it",
    "ot",
    "usb",
    "tcp",
    "udp",
    "serial",
    "serial",
];

/// Most words of a name.
const WORDS_MAX: usize = 4;

/// Finds them.
pub(super) fn scan(folded: &Folded, found: &mut Vec<Hit>) {
    for at in 0..folded.len() {
        let begins = !folded
            .before(at)
            .is_some_and(|letter| letter.is_ascii_alphanumeric());
        if !begins {
            continue;
        }
        for (words, label) in [(FORMS, Label::Organization), (ENDINGS, Label::Organization)] {
            let longest = words
                .iter()
                .filter(|word| stands(folded, at, word))
                .max_by_key(|word| word.len());
            if let Some(word) = longest
                && let Some(start) = name_before(folded, at)
            {
                found.push(folded.hit(start..at + word.len(), label));
            }
        }
        if let Some(range) = person(folded, at) {
            found.push(folded.hit(range, Label::Person));
        }
    }
}

/// Whether `word` stands at `at` and ends there.
fn stands(folded: &Folded, at: usize, word: &str) -> bool {
    folded.reads(at, word)
        && !folded
            .letter(at + word.len())
            .is_some_and(|letter| letter.is_ascii_alphanumeric())
}

/// Where the capitalized words before `at` begin; `None` when there are none that name.
fn name_before(folded: &Folded, at: usize) -> Option<usize> {
    let mut start = at;
    for _ in 0..WORDS_MAX {
        let Some(end) = start
            .checked_sub(1)
            .filter(|end| folded.letter(*end) == Some(' '))
        else {
            break;
        };
        let word_end = if folded.before(end) == Some(',') {
            end - 1
        } else {
            end
        };
        let word = folded.run_back(word_end, 24, |letter| {
            letter.is_ascii_alphanumeric() || matches!(letter, '-' | '&' | '\'')
        });
        let general = GENERAL.contains(&folded.text(word..word_end).as_str());
        if word == word_end || !folded.is_upper(word) || general {
            break;
        }
        start = word;
    }
    (start < at).then_some(start)
}

/// A given name and a family name, both capitalized: `Risa Kaneko`.
fn person(folded: &Folded, at: usize) -> Option<std::ops::Range<usize>> {
    if !folded.is_upper(at) {
        return None;
    }
    let given = folded.run_ahead(at, 16, |letter| letter.is_ascii_alphabetic());
    if given - at < 2 || folded.letter(given) != Some(' ') || !folded.is_upper(given + 1) {
        return None;
    }
    let end = folded.run_ahead(given + 1, 16, |letter| letter.is_ascii_alphabetic());
    let family = folded.text(given + 1..end);
    FAMILY_NAMES
        .iter()
        .any(|(_, romanized)| *romanized == family)
        .then_some(at..end)
}
