//! Sentences that stand in the original word for word.
//!
//! A run of characters or words shared with the original is a copy from a certain length on. Names
//! of files, addresses and hashes are single words however long, so that they can be passed on.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::text::fold;

/// Weight from which a shared run is a copy: 12 Japanese characters or 6 words of Latin letters.
const RUN_WEIGHT: u32 = 12;
/// Weight of one word of Latin letters; a Japanese character weighs 1.
const WORD_WEIGHT: u32 = 2;

/// One character of a script without spaces, or one word.
struct Token {
    /// Folded.
    text: String,
    weight: u32,
    /// Bytes in the text it was read from.
    span: Range<usize>,
}

/// The first run of `outgoing` that is a copy from `originals`, as a span of bytes; `None` when
/// there is none.
///
/// Linear in the length of the texts: runs of the originals are put in a set once.
pub(super) fn copied(outgoing: &str, originals: &[&str]) -> Option<Range<usize>> {
    let known: BTreeSet<String> = originals
        .iter()
        .flat_map(|text| {
            let tokens = tokens(text);
            runs(&tokens).map(spelled).collect::<Vec<_>>()
        })
        .collect();
    let tokens = tokens(outgoing);
    runs(&tokens)
        .find(|run| known.contains(&spelled(run)))
        .and_then(|run| Some(run.first()?.span.start..run.last()?.span.end))
}

/// Whether `outgoing` holds a copy from `originals`.
pub(crate) fn copies(outgoing: &str, originals: &[&str]) -> bool {
    copied(outgoing, originals).is_some()
}

/// The shortest run from each token on that is heavy enough to be a copy.
fn runs(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    (0..tokens.len()).filter_map(|start| {
        let rest = tokens.get(start..)?;
        let mut weight = 0;
        let length = rest.iter().position(|token| {
            weight += token.weight;
            weight >= RUN_WEIGHT
        })?;
        rest.get(..=length)
    })
}

fn spelled(run: &[Token]) -> String {
    let words: Vec<&str> = run.iter().map(|token| token.text.as_str()).collect();
    words.join("\u{1f}")
}

/// Words and characters, without blanks and punctuation: a copy with other commas is a copy.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word: Option<Range<usize>> = None;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        if is_latin(letter) {
            word = Some(word.map_or(at, |word| word.start)..end);
            continue;
        }
        push_word(&mut tokens, text, word.take());
        if letter.is_alphanumeric() {
            tokens.push(Token {
                text: fold(&letter.to_string()),
                weight: 1,
                span: at..end,
            });
        }
    }
    push_word(&mut tokens, text, word);
    tokens
}

fn push_word(tokens: &mut Vec<Token>, text: &str, word: Option<Range<usize>>) {
    let Some(span) = word else { return };
    let spelled = text.get(span.clone()).unwrap_or_default();
    let folded = fold(spelled);
    let folded = folded.trim_matches(|letter: char| !letter.is_alphanumeric());
    if !folded.is_empty() {
        tokens.push(Token {
            text: folded.to_owned(),
            weight: WORD_WEIGHT,
            span,
        });
    }
}

/// Letters that a word of Latin script, an address or a hash is made of, in either width.
fn is_latin(letter: char) -> bool {
    letter.is_ascii_graphic()
        || matches!(letter, '\u{FF01}'..='\u{FF5E}')
        || matches!(letter, '\u{C0}'..='\u{24F}')
}

#[cfg(test)]
mod tests {
    use super::copied;

    fn copy<'a>(outgoing: &'a str, original: &str) -> Option<&'a str> {
        copied(outgoing, &[original]).and_then(|span| outgoing.get(span))
    }

    #[test]
    fn a_copied_sentence_is_found_and_a_rewritten_one_is_not() {
        let original = "変電所の監視端末が夜間に外部と通信しているのを当直が見つけた。";
        assert_eq!(
            copy("概要:監視端末が夜間に、外部と通信している疑い。", original),
            Some("監視端末が夜間に、外部と通")
        );
        assert_eq!(
            copy("監視用の端末から、夜に外への通信があった。", original),
            None
        );
    }

    #[test]
    fn six_english_words_in_a_row_are_a_copy() {
        let original = "The maintenance VPN was left open after the vendor had gone home.";
        let outgoing = "It seems the Maintenance VPN was left open after work.";
        assert_eq!(
            copy(outgoing, original),
            Some("the Maintenance VPN was left open")
        );
        assert_eq!(
            copy("A vendor left the maintenance VPN open.", original),
            None
        );
    }

    #[test]
    fn addresses_and_hashes_may_be_passed_on() {
        let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let original = format!("通信先は 198.51.100.7 で、検体は {hash} だった。");
        assert_eq!(copy(&format!("198.51.100.7 / {hash}"), &original), None);
    }

    #[test]
    fn width_and_case_do_not_hide_a_copy() {
        let original = "ＶＰＮ装置の管理画面に見知らぬ利用者が";
        assert!(copy("vpn装置の管理画面に見知らぬ利用者が居た", original).is_some());
    }

    #[test]
    fn long_texts_are_read_once() {
        let original = "あ".repeat(8_000);
        assert!(copied(&"い".repeat(8_000), &[&original]).is_none());
        assert!(copied(&original, &[&original]).is_some());
    }
}
