//! Phone numbers as Japan writes them, extensions, and numbers after words such as 受付番号.

use super::folded::Folded;
use super::{Hit, Label};

/// Fewest and most digits of a phone number: 03-1234-5678 has 10, 090-1234-5678 has 11.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 10..=11;
/// Most blanks between a word and its number.
const BLANKS_MAX: usize = 2;

/// Most characters of a number behind a word.
const NUMBER_CHARS_MAX: usize = 40;

/// Words before an extension.
const EXTENSION: &[&str] = &["内線番号", "内線", "ext.", "ext"];
/// Words before a number that an organization gave to a case.
const NUMBERED: &[&str] = &[
    "チケット番号",
    "チケット",
    "受付番号",
    "管理番号",
    "整理番号",
    "案件番号",
    "起票番号",
    "伝票番号",
    "発注番号",
    "契約番号",
    "機番",
    "製造番号",
    "資産番号",
    "お客様番号",
    "ticket",
    "case",
    "incident no",
    "ref",
];

/// Finds them.
pub(super) fn scan(folded: &Folded, found: &mut Vec<Hit>) {
    let mut at = 0;
    while at < folded.len() {
        let next = [
            (phone(folded, at), Label::Phone),
            (after(folded, at, EXTENSION, 2), Label::Phone),
            (after(folded, at, NUMBERED, 3), Label::Ticket),
        ]
        .into_iter()
        .find_map(|(end, label)| end.map(|end| (end, label)));
        match next {
            Some((end, label)) => {
                found.push(folded.hit(at..end, label));
                at = end;
            }
            None => at += 1,
        }
    }
}

/// The end of a phone number that begins at `start`: 0 or +81, then digits in two or three groups,
/// with hyphens, blanks or parentheses between them.
fn phone(folded: &Folded, start: usize) -> Option<usize> {
    let joined = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    if folded.before(start).is_some_and(joined) {
        return None;
    }
    let first = folded.letter(start)?;
    let (mut at, mut digits) = match first {
        '0' => (start, 0),
        '+' if folded.reads(start, "+81") => (start + 3, 1),
        '(' if folded.letter(start + 1) == Some('0') => (start + 1, 0),
        _ => return None,
    };
    let mut end = at;
    while let Some(letter) = folded.letter(at) {
        if letter.is_ascii_digit() {
            digits += 1;
            end = at + 1;
        } else if !is_joint(folded, at) {
            break;
        }
        at += 1;
        if digits > *PHONE_DIGITS.end() {
            return None;
        }
    }
    let ends = !folded
        .letter(end)
        .is_some_and(|letter| letter.is_ascii_alphanumeric());
    // +81 takes the place of the leading zero; +81 (0)3 has both.
    let fits =
        PHONE_DIGITS.contains(&digits) || (first == '+' && PHONE_DIGITS.contains(&(digits - 1)));
    (ends && fits).then_some(end)
}

/// Whether the letter at `at` may stand between two groups of digits.
fn is_joint(folded: &Folded, at: usize) -> bool {
    let joint = |letter: char| matches!(letter, '-' | '(' | ')' | ' ' | '\u{30FC}' | '.');
    let Some(letter) = folded.letter(at) else {
        return false;
    };
    let followed = folded
        .letter(at + 1)
        .is_some_and(|next| next.is_ascii_digit() || (letter != next && joint(next)));
    joint(letter) && followed
}

/// The end of one of `words` with a number of at least `digits_min` digits after it.
fn after(folded: &Folded, start: usize, words: &[&str], digits_min: usize) -> Option<usize> {
    let word = words.iter().find(|word| folded.reads(start, word))?;
    let mut at = start + word.chars().count();
    let gap = folded.run_ahead(at, BLANKS_MAX + 2, |letter| {
        letter.is_whitespace()
            || matches!(letter, ':' | '#' | '.' | 'は' | 'が' | '番' | '「' | '(')
    });
    if gap - at > BLANKS_MAX + 1 {
        return None;
    }
    at = gap;
    let end = folded.run_ahead(at, NUMBER_CHARS_MAX, |letter| {
        letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '/')
    });
    let digits = (at..end)
        .filter(|at| {
            folded
                .letter(*at)
                .is_some_and(|letter| letter.is_ascii_digit())
        })
        .count();
    (digits >= digits_min).then_some(end)
}
