//! Reads TOML arrays of tables row by row and remembers on which line each key stands.
//!
//! A fault does not stop the reading: the row is dropped and the next one is read, so that one run
//! tells everything that is wrong.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::reference::row::Row;
use domain::reference::{TableName, names};
use jiff::civil::Date;
use toml::de::DeTable;

use super::keys::{Keys, SourceKey};
use super::{FILE_BYTES_MAX, FORMAT, Fault, ROWS_MAX, file_names};

/// All files of one set while they are read.
pub(super) struct Reader<'a> {
    files: BTreeMap<&'a str, File<'a>>,
    faults: Vec<Fault>,
    lines: Lines,
}

/// Where rows and keys stand, for faults that are found after reading.
#[derive(Default)]
pub(super) struct Lines {
    rows: BTreeMap<(TableName, usize), u32>,
    keys: BTreeMap<(TableName, usize, String), u32>,
}

impl Lines {
    /// The line of a key, else of its row; for a table as a whole, the line of its first row.
    pub(super) fn find(
        &self,
        table: TableName,
        position: Option<usize>,
        field: Option<&str>,
    ) -> Option<u32> {
        let position = position.unwrap_or(0);
        field
            .and_then(|field| self.keys.get(&(table, position, field.to_owned())))
            .or_else(|| self.rows.get(&(table, position)))
            .copied()
    }
}

pub(super) struct File<'a> {
    pub(super) name: &'a str,
    line_starts: Vec<usize>,
    root: DeTable<'a>,
}

impl File<'_> {
    /// The line, from 1, on which a span begins.
    pub(super) fn line(&self, span: &Range<usize>) -> u32 {
        line_of(&self.line_starts, span.start)
    }
}

/// The byte offsets at which the lines of `text` begin.
fn line_starts(text: &str) -> Vec<usize> {
    let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0)
        .chain(newlines.map(|(at, _)| at + 1))
        .collect()
}

/// The line, from 1, that holds a byte offset.
fn line_of(line_starts: &[usize], offset: usize) -> u32 {
    let line = line_starts.partition_point(|start| *start <= offset);
    u32::try_from(line).unwrap_or(u32::MAX)
}

impl<'a> Reader<'a> {
    /// Opens a set of files; faults of single files are kept for [`Reader::close`].
    pub(super) fn open(files: &[(&'a str, &'a str)]) -> Self {
        let mut reader = Self {
            files: BTreeMap::new(),
            faults: Vec::new(),
            lines: Lines::default(),
        };
        for (name, text) in files {
            if let Err(fault) = reader.open_one(name, text) {
                reader.faults.push(fault);
            }
        }
        for name in file_names() {
            if !files.iter().any(|(given, _)| *given == name) {
                reader.faults.push(Fault {
                    file: name.to_owned(),
                    line: None,
                    what: "the file is missing".to_owned(),
                    advice: "put the shipped file back".to_owned(),
                });
            }
        }
        reader
    }

    fn open_one(&mut self, name: &'a str, text: &'a str) -> Result<(), Fault> {
        let fault = |line, what: String, advice: &str| Fault {
            file: name.to_owned(),
            line,
            what,
            advice: advice.to_owned(),
        };
        if !file_names().contains(&name) {
            let advice = format!("remove it; the files are {}", file_names().join(", "));
            let what = "no such reference data file is known".to_owned();
            return Err(fault(None, what, &advice));
        }
        if text.len() > FILE_BYTES_MAX {
            let what = format!("{} bytes, and the limit is {FILE_BYTES_MAX}", text.len());
            return Err(fault(None, what, "shorten the file"));
        }
        let line_starts = line_starts(text);
        let root = DeTable::parse(text).map_err(|error| {
            let line = error.span().map(|span| line_of(&line_starts, span.start));
            let what = format!("not TOML: {}", error.message().trim().replace('\n', " "));
            fault(line, what, "correct the spelling of this line")
        })?;
        let root = root.into_inner();
        let arrays: Vec<&str> = names::ALL
            .iter()
            .filter(|table| table.file == name)
            .map(|table| table.array)
            .collect();
        for key in root.keys() {
            let key_name: &str = key.get_ref();
            if !(["format", "revised"].contains(&key_name) || arrays.contains(&key_name)) {
                let allowed = arrays.join("]], [[");
                self.faults.push(fault(
                    Some(line_of(&line_starts, key.span().start)),
                    format!("unknown key `{key_name}`"),
                    &format!("remove it or use format, revised, [[{allowed}]]"),
                ));
            }
        }
        self.files.insert(
            name,
            File {
                name,
                line_starts,
                root,
            },
        );
        Ok(())
    }

    /// All faults, sorted by file and line, and the lines of what was read.
    pub(super) fn close(mut self) -> (Vec<Fault>, Lines) {
        self.faults
            .sort_by(|one, two| (&one.file, one.line).cmp(&(&two.file, two.line)));
        (self.faults, self.lines)
    }

    /// The day on which each file was last revised; also checks its format.
    pub(super) fn revisions(&mut self) -> BTreeMap<&'static str, Date> {
        let mut found = BTreeMap::new();
        for name in file_names() {
            let Some(file) = self.files.get(name) else {
                continue;
            };
            let mut keys = Keys::new(file, &file.root, 1, &mut self.faults);
            if keys.number("format").is_some_and(|format| format != FORMAT) {
                let what = format!("this program reads format {FORMAT} only");
                keys.fault(
                    "format",
                    what,
                    "convert the file, or use the program it came with",
                );
            }
            if let Some(revised) = keys.date("revised") {
                found.insert(name, revised);
            }
        }
        found
    }

    /// Reads one array of rows; `body` reads what is particular to the kind.
    pub(super) fn rows<T>(
        &mut self,
        table: TableName,
        body: impl Fn(&mut Keys<'_>) -> Option<T>,
    ) -> Vec<Row<T>> {
        let Some(file) = self.files.get(table.file) else {
            return Vec::new();
        };
        let fault = |line, what: String, advice: &str| Fault {
            file: table.file.to_owned(),
            line,
            what,
            advice: advice.to_owned(),
        };
        let Some(value) = file.root.get(table.array) else {
            let what = format!("there is no `[[{}]]`", table.array);
            self.faults
                .push(fault(None, what, "write at least one row"));
            return Vec::new();
        };
        let line = Some(file.line(&value.span()));
        let Some(array) = value.get_ref().as_array() else {
            let what = format!("`{}` is not a list of rows", table.array);
            let advice = format!("begin each row with [[{}]]", table.array);
            self.faults.push(fault(line, what, &advice));
            return Vec::new();
        };
        if array.len() > ROWS_MAX {
            let what = format!("{} rows, and the limit is {ROWS_MAX}", array.len());
            self.faults.push(fault(line, what, "leave rows out"));
            return Vec::new();
        }
        let mut rows = Vec::new();
        for (position, value) in array.iter().enumerate() {
            let line = file.line(&value.span());
            let Some(keys) = value.get_ref().as_table() else {
                let advice = format!("begin it with [[{}]]", table.array);
                self.faults.push(fault(
                    Some(line),
                    "this row is not a table".to_owned(),
                    &advice,
                ));
                continue;
            };
            let mut keys = Keys::new(file, keys, line, &mut self.faults);
            let source = if table == names::documents {
                SourceKey::Own
            } else {
                SourceKey::Written
            };
            rows.extend(keys.row(source, &body));
            self.lines.rows.insert((table, position), line);
            for (key, line) in keys.finish() {
                self.lines.keys.insert((table, position, key), line);
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests;
