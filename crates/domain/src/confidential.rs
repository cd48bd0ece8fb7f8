//! A box for what must not leak by accident.
//!
//! [`Confidential`] has no `Serialize`, no `Display` and a `Debug` that shows nothing. There are two
//! ways to its content: [`Confidential::expose_for_storage`], which only the store calls (tidy
//! checks), and the release gate in this crate, which turns it into something that may be shown.

use std::fmt;

/// A value that only the release gate may turn into something visible.
#[derive(Clone, PartialEq, Eq)]
pub struct Confidential<T>(T);

impl<T> Confidential<T> {
    /// Puts `value` into the box.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The content, for encryption and storage only.
    pub const fn expose_for_storage(&self) -> &T {
        &self.0
    }

    /// The content, for the gate and the checks that precede it in this crate.
    pub(crate) const fn content(&self) -> &T {
        &self.0
    }

    /// The content, moved out by the gate.
    pub(crate) fn into_content(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Confidential<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Confidential(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Confidential::new("源")), "Confidential(..)");
    }
}
