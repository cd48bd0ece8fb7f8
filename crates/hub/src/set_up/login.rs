//! Sign-in names: one spelling per account.

use std::fmt;

/// Longest sign-in name, in characters.
pub const LOGIN_CHARS_MAX: usize = 120;
const LOGIN_CHARS_MIN: usize = 3;

/// A sign-in name in its canonical spelling, often a mail address.
///
/// Full-width letters as a Japanese keyboard gives them become ASCII, capitals become small. Only
/// ASCII letters, digits and `.@_+-` remain possible, so that two names which look alike are one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoginName(String);

/// A text that is no sign-in name. The text is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// Too short or too long.
    #[error(
        "a sign-in name has {LOGIN_CHARS_MIN} to {LOGIN_CHARS_MAX} characters, this one has {0}"
    )]
    Length(usize),
    /// Another character.
    #[error("a sign-in name consists of letters a to z, digits and . @ _ + -; remove `{0}`")]
    Character(char),
}

impl LoginName {
    /// The canonical spelling of what was typed.
    pub fn parse(raw: &str) -> Result<Self, LoginError> {
        let name: String = raw.trim().chars().map(half_width).collect();
        let name = name.trim().to_ascii_lowercase();
        let chars = name.chars().count();
        if !(LOGIN_CHARS_MIN..=LOGIN_CHARS_MAX).contains(&chars) {
            return Err(LoginError::Length(chars));
        }
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || ".@_+-".contains(letter);
        match name.chars().find(|letter| !allowed(*letter)) {
            Some(other) => Err(LoginError::Character(other)),
            None => Ok(Self(name)),
        }
    }

    /// The canonical spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LoginName {
    /// Shows the length only: a sign-in name names a person.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "LoginName({} chars)", self.0.len())
    }
}

/// ASCII for its full-width form; everything else as it is.
fn half_width(letter: char) -> char {
    match letter {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(letter) - 0xFF01 + 0x21).unwrap_or(letter)
        }
        '\u{3000}' => ' ',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_has_one_spelling() {
        for typed in [
            "sato@kitahama.example",
            " Sato@KITAHAMA.example\n",
            "ＳＡＴＯ＠kitahama．example",
        ] {
            assert_eq!(
                LoginName::parse(typed).unwrap().as_str(),
                "sato@kitahama.example"
            );
        }
    }

    #[test]
    fn letters_that_only_look_alike_are_refused() {
        // Cyrillic а.
        assert_eq!(
            LoginName::parse("s\u{430}to"),
            Err(LoginError::Character('\u{430}'))
        );
        assert_eq!(LoginName::parse("ab cd"), Err(LoginError::Character(' ')));
        assert_eq!(LoginName::parse(" x "), Err(LoginError::Length(1)));
        assert!(LoginName::parse(&"a".repeat(LOGIN_CHARS_MAX + 1)).is_err());
    }
}
