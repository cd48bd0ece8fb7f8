//! A reference table: rows in the order people see them, found by code and day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::row::{Row, Standing};
use crate::word::Code;

/// All versions of all rows of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<T> {
    rows: Vec<Row<T>>,
    by_code: BTreeMap<Code, Vec<usize>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl<T> Table<T> {
    /// A table of `rows` in shown order. Whether they agree with each other is `check`'s matter.
    pub fn new(rows: Vec<Row<T>>) -> Self {
        let mut by_code: BTreeMap<Code, Vec<usize>> = BTreeMap::new();
        for (position, row) in rows.iter().enumerate() {
            by_code.entry(row.code.clone()).or_default().push(position);
        }
        Self { rows, by_code }
    }

    /// Every version of every row, in shown order.
    pub fn rows(&self) -> &[Row<T>] {
        &self.rows
    }

    /// Every version of the row with that code, in file order; empty when there is none.
    pub fn versions(&self, code: &str) -> impl Iterator<Item = &Row<T>> {
        self.by_code
            .get(code)
            .into_iter()
            .flatten()
            .filter_map(|position| self.rows.get(*position))
    }

    /// The version of the row that held on `day`, whatever its standing; `None` when none did.
    pub fn at(&self, code: &str, day: Date) -> Option<&Row<T>> {
        self.versions(code).find(|row| row.validity.contains(day))
    }

    /// The row people may choose on `day` under that code; `None` when it is unknown, expired, not
    /// yet valid, or only announced.
    pub fn selectable(&self, code: &str, day: Date) -> Option<&Row<T>> {
        self.at(code, day).filter(|row| row.is_selectable(day))
    }

    /// The rows people may choose on `day`, in shown order.
    pub fn current(&self, day: Date) -> impl Iterator<Item = &Row<T>> {
        self.rows.iter().filter(move |row| row.is_selectable(day))
    }

    /// The rows that are announced for `day` and may not be chosen, in shown order.
    pub fn announced(&self, day: Date) -> impl Iterator<Item = &Row<T>> {
        self.rows
            .iter()
            .filter(move |row| row.standing == Standing::Announced && row.validity.contains(day))
    }

    /// The version that names an old item today: the one that held on `day`, else the newest one,
    /// so that a stored code always has a name while its row is in the file.
    pub fn naming(&self, code: &str, day: Date) -> Option<&Row<T>> {
        self.at(code, day).or_else(|| {
            self.versions(code)
                .max_by_key(|row| (row.validity.from, row.validity.to))
        })
    }

    /// Whether any version of the code is in the table.
    pub fn knows(&self, code: &str) -> bool {
        self.by_code.contains_key(code)
    }

    /// The codes, alphabetically, whatever their validity.
    pub fn codes(&self) -> impl Iterator<Item = &Code> {
        self.by_code.keys()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::row::{Bilingual, Confidence, Provenance, Review, Validity};
    use super::*;

    fn row(code: &str, validity: Validity, standing: Standing, body: u8) -> Row<u8> {
        Row {
            code: code.parse().unwrap(),
            name: Bilingual::parse("名", "name").unwrap(),
            note: None,
            standing,
            validity,
            provenance: Provenance {
                source: "noroshi".parse().unwrap(),
                confidence: Confidence::Ours,
                review: Review::Settled,
            },
            body,
        }
    }

    fn water() -> Table<u8> {
        let handover = date(2024, 4, 1);
        let until = Validity {
            from: None,
            to: Some(handover.yesterday().unwrap()),
        };
        let since = Validity {
            from: Some(handover),
            to: None,
        };
        Table::new(vec![
            row("water", until, Standing::Adopted, 1),
            row("water", since, Standing::Adopted, 2),
            row("coming", since, Standing::Announced, 3),
        ])
    }

    #[test]
    fn the_day_picks_the_version() {
        let table = water();
        let body = |day| table.at("water", day).map(|row| row.body);
        assert_eq!(body(date(2024, 3, 31)), Some(1));
        assert_eq!(body(date(2024, 4, 1)), Some(2));
        assert_eq!(table.at("gas", date(2024, 4, 1)), None);
        assert_eq!(table.current(date(2026, 1, 1)).count(), 1);
    }

    #[test]
    fn announced_rows_are_named_and_never_offered() {
        let table = water();
        let day = date(2026, 11, 1);
        assert_eq!(table.selectable("coming", day), None);
        assert_eq!(table.announced(day).count(), 1);
        assert!(table.at("coming", day).is_some());
        assert!(table.current(day).all(|row| row.code.as_str() != "coming"));
    }

    #[test]
    fn a_stored_code_keeps_its_name_outside_its_window() {
        let table = water();
        let early = date(2020, 1, 1);
        assert_eq!(table.at("coming", early), None);
        assert_eq!(table.naming("coming", early).map(|row| row.body), Some(3));
    }
}
