//! The form in which texts are compared: one spelling for what people write in several ways.
//!
//! Width and case are folded, defanged addresses are put together again, variants of one kanji and
//! the long sound at the end of a katakana word are made one. For comparison only; what is shown
//! is what was written.

use crate::text::fold;

/// How addresses are written so that nobody clicks on them, and what is meant.
const DEFANGED: &[(&str, &str)] = &[
    ("hxxp", "http"),
    ("[://]", "://"),
    ("[:]//", "://"),
    ("[:]", ":"),
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("[dot]", "."),
    ("(dot)", "."),
    ("[。]", "."),
    ("[/]", "/"),
    ("[@]", "@"),
    ("[at]", "@"),
    ("(at)", "@"),
];

/// Kanji of names that NFKC keeps apart.
const VARIANTS: &[(char, char)] = &[
    ('髙', '高'),
    ('﨑', '崎'),
    ('嵜', '崎'),
    ('德', '徳'),
    ('栁', '柳'),
    ('邉', '辺'),
    ('邊', '辺'),
    ('齋', '斎'),
    ('濵', '浜'),
    ('濱', '浜'),
    ('澤', '沢'),
    ('瀨', '瀬'),
    ('冨', '富'),
    ('廣', '広'),
    ('嶋', '島'),
    ('國', '国'),
];

/// Katakana words from this length on are written with and without a long sound at the end:
/// サーバー, サーバ.
const LONG_WORD_CHARS: usize = 4;

/// What a character is to a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Kana or kanji: words are not parted by blanks.
    Cjk,
    /// A letter or digit of a script with blanks between words.
    Word,
    /// Everything else.
    Other,
}

/// What `letter` is.
pub(super) fn class(letter: char) -> Class {
    match letter {
        '・' => Class::Other,
        '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{309F}'
        | '\u{30A1}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' => Class::Cjk,
        letter if letter.is_alphanumeric() => Class::Word,
        _ => Class::Other,
    }
}

/// `text` as it is compared.
pub(super) fn normal(text: &str) -> String {
    let mut folded: String = fold(text)
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .map(|letter| {
            VARIANTS
                .iter()
                .find(|(variant, _)| *variant == letter)
                .map_or(letter, |(_, usual)| *usual)
        })
        .collect();
    for (written, meant) in DEFANGED {
        if folded.contains(written) {
            folded = folded.replace(written, meant);
        }
    }
    without_long_ends(&folded)
}

const fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}'
    )
}

const fn is_katakana(letter: char) -> bool {
    matches!(letter, '\u{30A1}'..='\u{30FA}' | 'ー')
}

/// Drops the long sound at the end of long katakana words.
fn without_long_ends(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut word_chars = 0_usize;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        word_chars = if is_katakana(letter) {
            word_chars + 1
        } else {
            0
        };
        let ends = letters.peek().is_none_or(|next| !is_katakana(*next));
        if letter == 'ー' && ends && word_chars >= LONG_WORD_CHARS {
            continue;
        }
        kept.push(letter);
    }
    kept
}
