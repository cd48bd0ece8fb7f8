//! Fixed words and codes: how a choice is spelled in tables, URLs and files.
//!
//! A choice that a government can change is a [`Code`] of the reference data; a choice that is our
//! own is an enum made by `words!`.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

/// A word that is not in the list of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not one of {allowed}")]
pub struct UnknownWord {
    /// What was given, cut to 40 characters.
    pub given: String,
    /// The allowed words, separated by commas.
    pub allowed: String,
}

/// Makes an enum whose variants have one fixed word each, for tables, URLs and files.
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in declared order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The fixed word of this value, as in tables and URLs.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::word::UnknownWord;

            fn from_str(text: &str) -> Result<Self, $crate::word::UnknownWord> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::word::UnknownWord {
                        given: text.chars().take(40).collect(),
                        allowed: [$($word,)+].join(", "),
                    }),
                }
            }
        }
    };
}
pub(crate) use words;

/// A code of the reference data (sector, purpose, cause …): lower-case ASCII letters, digits and
/// hyphens, at most [`CODE_CHARS_MAX`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

/// Longest code.
pub const CODE_CHARS_MAX: usize = 48;

impl Code {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// Lets a table keyed by `Code` be asked with a `&str`.
impl Borrow<str> for Code {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Code {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let fits = (1..=CODE_CHARS_MAX).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(UnknownWord {
                given: text.chars().take(40).collect(),
                allowed: "codes of lower-case letters, digits and hyphens".to_owned(),
            })
        }
    }
}
