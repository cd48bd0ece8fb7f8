//! Text from outside, bounded and cleaned once at the door.
//!
//! Names stay as typed (no forced katakana, 﨑 stays 﨑); only line ends and surrounding blanks are
//! normalized. Control characters are refused. Bidirectional controls are kept out, since they
//! make a text read differently from what it says.

use std::fmt;

/// Text of at most `MAX` characters, without control characters; may be empty only if asked for
/// with [`BoundedText::parse_optional`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BoundedText<const MAX: usize>(String);

/// Why a text was refused at the door.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("the text is empty; write something or leave the field out")]
    Empty,
    /// Longer than the limit of its field.
    #[error("the text has {chars} characters and the limit is {chars_max}; shorten it")]
    TooLong {
        /// Characters given.
        chars: usize,
        /// Characters allowed.
        chars_max: usize,
    },
    /// A control or direction-changing character.
    #[error(
        "the text holds the invisible character U+{code:04X} at position {position}; remove it"
    )]
    Invisible {
        /// The character's code point.
        code: u32,
        /// Its position, counted in characters from 1.
        position: usize,
    },
}

impl<const MAX: usize> BoundedText<MAX> {
    /// Parses a text that must not be empty.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        Self::parse_optional(raw)?.ok_or(TextError::Empty)
    }

    /// Parses a text that may be left out; `None` when there are only blanks.
    pub fn parse_optional(raw: &str) -> Result<Option<Self>, TextError> {
        let text = raw.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let chars = text.chars().count();
        if chars > MAX {
            return Err(TextError::TooLong {
                chars,
                chars_max: MAX,
            });
        }
        match text
            .chars()
            .enumerate()
            .find(|(_, letter)| is_refused(*letter))
        {
            Some((index, letter)) => Err(TextError::Invisible {
                code: u32::from(letter),
                position: index + 1,
            }),
            None => Ok(Some(Self(text.to_owned()))),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for BoundedText<MAX> {
    /// Shows the length only: a bounded text is outside text and may be confidential.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "BoundedText({} chars)", self.0.chars().count())
    }
}

fn is_refused(letter: char) -> bool {
    let control = letter.is_control() && letter != '\n' && letter != '\t';
    let direction = matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}');
    // Nobody types these; they split words that a search or a detector should find.
    let hidden = matches!(letter, '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}');
    control || direction || hidden
}

/// The text in the form NFKC, in which full-width and half-width letters are one.
pub fn nfkc(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfkc().collect()
}

/// Folds a text for comparison only: NFKC, lower case. Never stored and never used for sign-in.
pub fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfkc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_as_typed() {
        assert_eq!(
            BoundedText::<10>::parse(" 山﨑 髙 \r\n").unwrap().as_str(),
            "山﨑 髙"
        );
    }

    #[test]
    fn limits_and_invisible_characters_are_refused_with_their_place() {
        assert_eq!(BoundedText::<3>::parse("  "), Err(TextError::Empty));
        assert_eq!(
            BoundedText::<3>::parse("四文字だ"),
            Err(TextError::TooLong {
                chars: 4,
                chars_max: 3
            })
        );
        assert_eq!(
            BoundedText::<9>::parse("ab\u{202E}c"),
            Err(TextError::Invisible {
                code: 0x202E,
                position: 3
            })
        );
        for hidden in ['\0', '\u{200B}', '\u{2060}', '\u{FEFF}', '\u{E0041}'] {
            assert!(BoundedText::<9>::parse(&format!("a{hidden}b")).is_err());
        }
    }

    #[test]
    fn debug_shows_no_text() {
        assert_eq!(
            format!("{:?}", BoundedText::<9>::parse("secret").unwrap()),
            "BoundedText(6 chars)"
        );
    }

    #[test]
    fn folding_makes_full_width_equal() {
        assert_eq!(fold("ＴＬＰ：ＲＥＤ"), "tlp:red");
    }
}
