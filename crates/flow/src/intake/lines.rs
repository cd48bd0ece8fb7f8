//! Octets to lines, of which none is kept longer than a line may be.

use crate::text::{LINE_OCTETS_MAX, LineFault};

/// A line, or that it is too long.
pub(super) type Whole<'l> = Result<&'l [u8], LineFault>;

/// Cuts octets into lines.
#[derive(Default)]
pub(super) struct Lines {
    /// The beginning of the line that is not whole yet.
    kept: Vec<u8>,
    /// Octets that this line has; more than are kept when it is too long.
    octets: usize,
}

impl Lines {
    /// Gives each line that is whole to `each`, without its line feed.
    pub(super) fn push(&mut self, mut octets: &[u8], each: &mut dyn FnMut(Whole<'_>)) {
        while let Some(end) = octets.iter().position(|octet| *octet == b'\n') {
            let (piece, rest) = octets.split_at(end);
            if self.octets == 0 && piece.len() <= LINE_OCTETS_MAX {
                each(Ok(piece));
            } else {
                self.keep(piece);
                each(self.whole());
                self.kept.clear();
                self.octets = 0;
            }
            octets = rest.get(1..).unwrap_or_default();
        }
        self.keep(octets);
    }

    /// The line that the end of the input ends; `None` when there is none.
    pub(super) fn end(&self) -> Option<Whole<'_>> {
        (self.octets > 0).then(|| self.whole())
    }

    /// Octets that are kept.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.kept.len()
    }

    fn whole(&self) -> Whole<'_> {
        if self.octets > LINE_OCTETS_MAX {
            return Err(LineFault::Long(self.octets));
        }
        Ok(&self.kept)
    }

    fn keep(&mut self, piece: &[u8]) {
        self.octets = self.octets.saturating_add(piece.len());
        if self.octets <= LINE_OCTETS_MAX {
            self.kept.extend_from_slice(piece);
        } else {
            self.kept.clear();
        }
    }
}
