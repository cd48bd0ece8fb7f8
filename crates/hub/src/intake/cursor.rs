//! Where a list goes on, as its reader carries it: sealed.
//!
//! A place in a list is a moment in microseconds and the item last shown. Of an item whose source
//! has no name the reader is told the day alone, so the place is sealed for him and says nothing.
//!
//! INVARIANT: a cursor opens for the person, place and purpose that it was made for.

use std::fmt;
use std::str::FromStr;

use domain::actor::Actor;
use domain::time::Timestamp;
use seal::object::{Binding, ObjectKey, decrypt, encrypt};
use seal::random::Random;
use store::part::Cursor as Position;

use crate::call::{Hub, ReadError};
use crate::carried::{hex, unhex};

/// Where the next page of a list begins: up to [`CURSOR_CHARS_MAX`] hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

/// Longest text of a cursor, in characters.
pub const CURSOR_CHARS_MAX: usize = 256;

/// A text that no list gave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in a list; begin at its first page")]
pub struct CursorError;

impl Cursor {
    /// Seals `position` for `actor`. The same place gives the same text, so that what a reader
    /// receives depends on what he may see alone.
    pub(crate) fn seal(hub: &Hub, actor: &Actor, position: &Position) -> Self {
        let mut text = position.seen_at.micros().to_be_bytes().to_vec();
        text.extend_from_slice(position.subject.as_bytes());
        let whose = Whose::of(hub, actor);
        // A nonce computed from the text meets no other text under the same key.
        let mut nonce = whose.stream(b"nonce", &text);
        let sealed = encrypt(&whose.key(), &whose.binding(), &text, &mut nonce);
        Self(hex(&sealed))
    }

    /// The place that was sealed for `actor`.
    ///
    /// # Errors
    /// [`ReadError::NotFound`] when it was made for somebody else, or changed.
    pub(crate) fn open(&self, hub: &Hub, actor: &Actor) -> Result<Position, ReadError> {
        let read = || {
            let whose = Whose::of(hub, actor);
            let text = decrypt(&whose.key(), &whose.binding(), &unhex(&self.0)?).ok()?;
            let (micros, subject) = text.split_first_chunk::<8>()?;
            Some(Position {
                seen_at: Timestamp::from_micros(i64::from_be_bytes(*micros)),
                subject: String::from_utf8(subject.to_vec()).ok()?,
            })
        };
        read().ok_or(ReadError::NotFound)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    /// Reads what `Display` wrote; whose it is shows when it is used.
    fn from_str(text: &str) -> Result<Self, CursorError> {
        if text.len() <= CURSOR_CHARS_MAX && unhex(text).is_some_and(|bytes| !bytes.is_empty()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(CursorError)
        }
    }
}

/// The reader of a cursor.
struct Whose<'h> {
    hub: &'h Hub,
    row: String,
}

impl<'h> Whose<'h> {
    fn of(hub: &'h Hub, actor: &Actor) -> Self {
        let row = format!("{} {} {}", actor.person, actor.membership, actor.purpose);
        Self { hub, row }
    }

    fn key(&self) -> ObjectKey {
        ObjectKey::generate(&mut self.stream(b"key", b""))
    }

    fn stream(&self, what: &[u8], text: &[u8]) -> Random {
        let key = self.hub.store.keyring().master().derive("list/cursor");
        Random::from_seed(key.keyed_hash(&[what, self.row.as_bytes(), text]))
    }

    fn binding(&self) -> Binding<'_> {
        Binding {
            hub: self.hub.name(),
            table: "list",
            column: "cursor",
            row: &self.row,
        }
    }
}
