//! Lines of values below a line that names them.

use super::{COLUMNS_MAX, LineFault};

/// Which column is which of `N` that are wanted.
pub(super) struct Table<const N: usize> {
    separator: u8,
    quoting: Quoting,
    /// Which wanted value each column is; `None` of a column that nobody wants.
    wanted: Vec<Option<usize>>,
}

/// What quotation marks mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Themselves.
    Never,
    /// A separator between them is part of the value (RFC 4180).
    Marks,
}

impl<const N: usize> Table<N> {
    /// The table below the line `names`.
    ///
    /// # Errors
    /// [`LineFault::Columns`].
    pub(super) fn of(
        names: &[u8],
        separator: u8,
        quoting: Quoting,
        wanted: &[&str; N],
    ) -> Result<Self, LineFault> {
        let mut columns = Vec::new();
        for name in names.split(|octet| *octet == separator) {
            if columns.len() >= COLUMNS_MAX {
                return Err(LineFault::Columns);
            }
            let name = unquoted(name);
            columns.push(wanted.iter().position(|wanted| wanted.as_bytes() == name));
        }
        Ok(Self {
            separator,
            quoting,
            wanted: columns,
        })
    }

    /// Whether it has the wanted column at that place.
    pub(super) fn has(&self, place: usize) -> bool {
        self.wanted.contains(&Some(place))
    }

    /// The wanted values of a line; `None` of one that is not there, or not text.
    pub(super) fn values<'l>(&self, mut line: &'l [u8]) -> [Option<&'l str>; N] {
        let mut values = [None; N];
        for wanted in &self.wanted {
            let end = self.end(line);
            let value = line.get(..end).unwrap_or(line);
            if let Some(held) = wanted.and_then(|place| values.get_mut(place)) {
                *held = std::str::from_utf8(unquoted(value)).ok();
            }
            let Some(rest) = line.get(end + 1..) else {
                break;
            };
            line = rest;
        }
        values
    }

    /// Where the first value of `line` ends.
    fn end(&self, line: &[u8]) -> usize {
        let mut within = false;
        let marks = self.quoting == Quoting::Marks && line.first() == Some(&b'"');
        let ends = |octet: &u8| {
            within ^= marks && *octet == b'"';
            !within && *octet == self.separator
        };
        line.iter().position(ends).unwrap_or(line.len())
    }
}

/// Whether `line` names all of `names`, between separators.
pub(super) fn names(line: &[u8], separator: u8, names: &[&str]) -> bool {
    names.iter().all(|name| {
        let mut found = line.split(|octet| *octet == separator).take(COLUMNS_MAX);
        found.any(|found| unquoted(found) == name.as_bytes())
    })
}

fn unquoted(value: &[u8]) -> &[u8] {
    let inner = value.strip_prefix(b"\"");
    let inner = inner.and_then(|inner| inner.strip_suffix(b"\""));
    inner.unwrap_or(value)
}
