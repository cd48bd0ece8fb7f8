//! Takes the keys of one row, one by one.
//!
//! Each taker records the key's line, tells its own faults, and then gives `None`; a body reader
//! takes everything first and builds the row at the end, so that one run tells every fault of a row.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use domain::reference::row::{Bilingual, Confidence, Provenance, Review, Row, Standing, Validity};
use domain::word::Code;
use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::File;
use super::{Fault, LIST_MAX, TEXT_CHARS_MAX};

/// The keys of one row, or of one table inside a row.
pub(super) struct Keys<'f> {
    file: &'f File<'f>,
    table: &'f DeTable<'f>,
    line: u32,
    /// Keys asked for so far: what the row may hold.
    asked: Vec<&'static str>,
    lines: BTreeMap<String, u32>,
    faults: &'f mut Vec<Fault>,
}

/// A fault stands already among the faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told;

/// Where a row's source is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SourceKey {
    /// In the key `source`.
    Written,
    /// The row is a document and so its own source.
    Own,
}

impl<'f> Keys<'f> {
    /// The keys of `table`, which begins on `line`.
    pub(super) fn new(
        file: &'f File<'f>,
        table: &'f DeTable<'f>,
        line: u32,
        faults: &'f mut Vec<Fault>,
    ) -> Self {
        Self {
            file,
            table,
            line,
            asked: Vec::new(),
            lines: BTreeMap::new(),
            faults,
        }
    }

    /// Reads the keys every row has, and the body.
    pub(super) fn row<T>(
        &mut self,
        source: SourceKey,
        body: impl Fn(&mut Self) -> Option<T>,
    ) -> Option<Row<T>> {
        let code = self.code("code");
        let name = self.bilingual("name");
        let note = self.optional("note", Self::bilingual);
        let standing = self.optional("standing", Self::word::<Standing>);
        let from = self.optional("valid_from", Self::date);
        let to = self.optional("valid_to", Self::date);
        let provenance = match source {
            SourceKey::Written => self.provenance(),
            SourceKey::Own => {
                self.trust()
                    .zip(code.clone())
                    .map(|((confidence, review), source)| Provenance {
                        source,
                        confidence,
                        review,
                    })
            }
        };
        let body = body(self);
        Some(Row {
            code: code?,
            name: name?,
            note: note.ok()?,
            standing: standing.ok()?.unwrap_or(Standing::Adopted),
            validity: Validity {
                from: from.ok()?,
                to: to.ok()?,
            },
            provenance: provenance?,
            body: body?,
        })
    }

    /// `source`, `confidence` and `needs_review`.
    pub(super) fn provenance(&mut self) -> Option<Provenance> {
        let source = self.code("source");
        let trust = self.trust();
        let ((confidence, review), source) = trust.zip(source)?;
        Some(Provenance {
            source,
            confidence,
            review,
        })
    }

    fn trust(&mut self) -> Option<(Confidence, Review)> {
        let confidence = self.word::<Confidence>("confidence");
        let review = self.review("needs_review");
        confidence.zip(review)
    }

    /// Takes a key that may be absent; [`Told`] when it is there and wrong.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        take: impl FnOnce(&mut Self, &'static str) -> Option<T>,
    ) -> Result<Option<T>, Told> {
        if self.table.contains_key(key) {
            take(self, key).map(Some).ok_or(Told)
        } else {
            self.asked.push(key);
            Ok(None)
        }
    }

    /// A text in both languages.
    pub(super) fn bilingual(&mut self, key: &'static str) -> Option<Bilingual> {
        let value = self.value(key)?;
        self.read_bilingual(key, value)
    }

    /// A list of texts in both languages.
    pub(super) fn bilinguals(&mut self, key: &'static str) -> Option<Vec<Bilingual>> {
        self.list(key, Self::read_bilingual)
    }

    /// A code.
    pub(super) fn code(&mut self, key: &'static str) -> Option<Code> {
        self.word(key)
    }

    /// A list of codes.
    pub(super) fn codes(&mut self, key: &'static str) -> Option<Vec<Code>> {
        self.words(key)
    }

    /// One word of a closed list, or a code.
    pub(super) fn word<T: FromStr<Err: Display>>(&mut self, key: &'static str) -> Option<T> {
        let value = self.value(key)?;
        self.read_word(key, value)
    }

    /// A list of words.
    pub(super) fn words<T: FromStr<Err: Display>>(&mut self, key: &'static str) -> Option<Vec<T>> {
        self.list(key, Self::read_word)
    }

    /// A whole number, 0 to 255.
    pub(super) fn number(&mut self, key: &'static str) -> Option<u8> {
        let value = self.value(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| u8::from_str_radix(number.as_str(), number.radix()).ok());
        self.or_fault(
            number,
            key,
            "is not a whole number from 0 to 255",
            "write digits only",
        )
    }

    /// A day.
    pub(super) fn date(&mut self, key: &'static str) -> Option<Date> {
        let value = self.value(key)?;
        let date = value.get_ref().as_datetime().and_then(|datetime| {
            let date = datetime.date.filter(|_| datetime.time.is_none())?;
            let year = i16::try_from(date.year).ok()?;
            Date::new(year, date.month.try_into().ok()?, date.day.try_into().ok()?).ok()
        });
        self.or_fault(
            date,
            key,
            "is not a day",
            "write it without quotes: 2026-10-01",
        )
    }

    /// Reads a table inside the row; its keys are checked like the row's own.
    pub(super) fn inside<T>(
        &mut self,
        key: &'static str,
        body: impl FnOnce(&mut Keys<'_>) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            return self.or_fault(None, key, "is not a table", "write its keys below a header");
        };
        let line = self.file.line(&value.span());
        let mut keys = Keys::new(self.file, table, line, self.faults);
        let found = body(&mut keys);
        let lines = keys.finish();
        self.lines.extend(
            lines
                .into_iter()
                .map(|(inner, line)| (format!("{key}.{inner}"), line)),
        );
        found
    }

    /// Tells a fault on the line of `key`, or of the row when the key is absent.
    pub(super) fn fault(&mut self, key: &str, what: String, advice: &str) {
        self.faults.push(Fault {
            file: self.file.name.to_owned(),
            line: Some(self.lines.get(key).copied().unwrap_or(self.line)),
            what,
            advice: advice.to_owned(),
        });
    }

    /// Refuses the keys nobody asked for and gives the lines of the others.
    pub(super) fn finish(self) -> BTreeMap<String, u32> {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !self.asked.contains(&name) {
                self.faults.push(Fault {
                    file: self.file.name.to_owned(),
                    line: Some(self.file.line(&key.span())),
                    what: format!("unknown key `{name}`"),
                    advice: format!("remove it or use one of {}", self.asked.join(", ")),
                });
            }
        }
        self.lines
    }

    fn review(&mut self, key: &'static str) -> Option<Review> {
        let value = self.value(key)?;
        let review = value.get_ref().as_bool().map(|needed| {
            if needed {
                Review::Needed
            } else {
                Review::Settled
            }
        });
        self.or_fault(
            review,
            key,
            "is not true or false",
            "write true or false without quotes",
        )
    }

    /// The value of a key that must be there.
    fn value(&mut self, key: &'static str) -> Option<&'f Spanned<DeValue<'f>>> {
        self.asked.push(key);
        let table: &'f DeTable<'f> = self.table;
        let found = table.get_key_value(key);
        if let Some((written, value)) = found {
            let line = self.file.line(&written.span());
            self.lines.insert(key.to_owned(), line);
            Some(value)
        } else {
            let advice = format!("add `{key} = …` to this row");
            self.fault(key, format!("`{key}` is missing"), &advice);
            None
        }
    }

    fn list<T>(
        &mut self,
        key: &'static str,
        one: impl Fn(&mut Self, &str, &'f Spanned<DeValue<'f>>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let value = self.value(key)?;
        let Some(array) = value.get_ref().as_array() else {
            return self.or_fault(None, key, "is not a list", "write it in brackets: [ … ]");
        };
        if array.len() > LIST_MAX {
            let what = format!(
                "`{key}` has {} elements, and the limit is {LIST_MAX}",
                array.len()
            );
            self.fault(key, what, "leave some out");
            return None;
        }
        // Every element is read before the first missing one ends it, so that all faults are told.
        let elements: Vec<Option<T>> = array.iter().map(|value| one(self, key, value)).collect();
        elements.into_iter().collect()
    }

    fn read_bilingual(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Bilingual> {
        let line = self.file.line(&value.span());
        let Some(table) = value.get_ref().as_table() else {
            let what = format!("`{key}` is not a text in two languages");
            self.fault(key, what, "write { ja = \"…\", en = \"…\" }");
            return None;
        };
        let mut keys = Keys::new(self.file, table, line, self.faults);
        let ja = keys.text("ja");
        let en = keys.text("en");
        keys.finish();
        match Bilingual::parse(&ja?, &en?) {
            Ok(text) => Some(text),
            Err(error) => {
                self.fault(key, format!("`{key}`: {error}"), "fill in both texts");
                None
            }
        }
    }

    fn text(&mut self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        let text = self.or_fault(text, key, "is not a text", "write it in quotes")?;
        let chars = text.chars().count();
        if chars > TEXT_CHARS_MAX {
            let what = format!("`{key}` has {chars} characters, and the limit is {TEXT_CHARS_MAX}");
            self.fault(key, what, "shorten the text");
            return None;
        }
        if text.chars().any(char::is_control) {
            self.fault(
                key,
                format!("`{key}` holds a control character"),
                "write one plain line",
            );
            return None;
        }
        Some(text)
    }

    fn read_word<T: FromStr<Err: Display>>(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<T> {
        let Some(text) = value.get_ref().as_str() else {
            self.fault(key, format!("`{key}` is not a word"), "write it in quotes");
            return None;
        };
        match text.parse() {
            Ok(word) => Some(word),
            Err(error) => {
                self.fault(key, format!("`{key}`: {error}"), "write one of these words");
                None
            }
        }
    }

    fn or_fault<T>(&mut self, found: Option<T>, key: &str, what: &str, advice: &str) -> Option<T> {
        if found.is_none() {
            self.fault(key, format!("`{key}` {what}"), advice);
        }
        found
    }
}
