//! A text folded for comparison, with the way back to the bytes it was read from.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use super::{Hit, Label};

/// Folded letters, each with the span of the original it came from.
pub(super) struct Folded {
    letters: Vec<(char, Range<usize>)>,
    /// Whether the original letter was a capital.
    capitals: Vec<bool>,
}

impl Folded {
    /// NFKC and lower case, cluster by cluster: a letter with the marks that follow it, so that
    /// half-width ｶﾞ becomes ガ. Dashes of every kind become `-`.
    pub(super) fn new(text: &str) -> Self {
        let mut letters = Vec::with_capacity(text.len() / 2);
        let mut cluster: Range<usize> = 0..0;
        for (at, letter) in text.char_indices() {
            if !is_mark(letter) {
                push(&mut letters, text, cluster);
                cluster = at..at;
            }
            cluster.end = at + letter.len_utf8();
        }
        push(&mut letters, text, cluster);
        let is_capital = |(_, span): &(char, Range<usize>)| {
            let original = text
                .get(span.clone())
                .and_then(|piece| piece.chars().next());
            original.is_some_and(char::is_uppercase)
        };
        let capitals = letters.iter().map(is_capital).collect();
        Self { letters, capitals }
    }

    /// Whether the letter at `at` is a capital in the original.
    pub(super) fn is_upper(&self, at: usize) -> bool {
        self.capitals.get(at).copied().unwrap_or(false)
    }

    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    pub(super) fn letter(&self, at: usize) -> Option<char> {
        self.letters.get(at).map(|(letter, _)| *letter)
    }

    /// The letter before `at`.
    pub(super) fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|at| self.letter(at))
    }

    /// Whether `word` stands at `at`.
    pub(super) fn reads(&self, at: usize, word: &str) -> bool {
        word.chars()
            .enumerate()
            .all(|(offset, letter)| self.letter(at + offset) == Some(letter))
    }

    /// The letters of `range` as text.
    pub(super) fn text(&self, range: Range<usize>) -> String {
        self.letters
            .get(range)
            .unwrap_or_default()
            .iter()
            .map(|(letter, _)| *letter)
            .collect()
    }

    /// The end of the run of letters from `start` on for which `belongs` holds.
    pub(super) fn run(&self, start: usize, belongs: impl Fn(char) -> bool) -> usize {
        let rest = self.letters.get(start..).unwrap_or_default();
        start
            + rest
                .iter()
                .position(|(letter, _)| !belongs(*letter))
                .unwrap_or(rest.len())
    }

    /// The end of the run of at most `most` letters from `start` on.
    pub(super) fn run_ahead(
        &self,
        start: usize,
        most: usize,
        belongs: impl Fn(char) -> bool,
    ) -> usize {
        let mut end = start;
        while end - start < most && self.letter(end).is_some_and(&belongs) {
            end += 1;
        }
        end
    }

    /// The start of the run of at most `most` letters that ends before `end`.
    pub(super) fn run_back(
        &self,
        end: usize,
        most: usize,
        belongs: impl Fn(char) -> bool,
    ) -> usize {
        let mut start = end;
        while end - start < most && self.before(start).is_some_and(&belongs) {
            start -= 1;
        }
        start
    }

    /// A hit over the folded letters `range`.
    pub(super) fn hit(&self, range: Range<usize>, label: Label) -> Hit {
        let first = self
            .letters
            .get(range.start)
            .map_or(0, |(_, span)| span.start);
        let last = range
            .end
            .checked_sub(1)
            .and_then(|last| self.letters.get(last))
            .map_or(first, |(_, span)| span.end);
        Hit {
            span: first..last,
            label,
        }
    }
}

fn push(letters: &mut Vec<(char, Range<usize>)>, text: &str, cluster: Range<usize>) {
    let piece = text.get(cluster.clone()).unwrap_or_default();
    for letter in piece.nfkc().flat_map(char::to_lowercase) {
        letters.push((plain_dash(letter), cluster.clone()));
    }
}

/// Combining marks, and the half-width marks of voiced kana.
fn is_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{0300}'..='\u{036F}' | '\u{3099}' | '\u{309A}' | '\u{FF9E}' | '\u{FF9F}'
    )
}

fn plain_dash(letter: char) -> char {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' => '-',
        other => other,
    }
}
