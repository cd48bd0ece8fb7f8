//! `noroshi flow cured`: what became of the letters to users, and the numbers for the hub.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use exchange::letter_rows::{self, ROWS_MAX, Told};
use exchange::sheet::{self, FILE_BYTES_MAX};
use view::words::{Argument, Words};

use super::letter_book::{Book, Entry};
use super::letters::{read_columns, remove_parts};
use super::{Spoken, words};
use crate::ambient;

/// Faults of a file that are told.
const FAULTS_TOLD_MAX: usize = 20;

/// Notes who was told and whose device is cured, from the file that the customer system gave back, and prints
/// for each server the numbers to write into the hub.
#[derive(Debug, Args)]
pub(in crate::cli) struct Cured {
    /// Directory that was given to noroshi flow open --letters.
    #[arg(long = "in", value_name = "DIRECTORY")]
    directory: PathBuf,
    /// Language of what is said; by default that of the terminal.
    #[arg(long, value_enum)]
    language: Option<Spoken>,
    /// CSV or .xlsx with the number of each letter, what became of it (told, cured, not cured, no such line) and since
    /// which day. Other columns are passed over. Without a file the numbers are printed as they stand.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Cured {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let words = words(self.language);
        let mut book = Book::open(&self.directory)?;
        remove_parts(&self.directory)?;
        let mut out = io::stdout().lock();
        if let Some(path) = &self.file {
            let (told, silent) = read(path, words, &book)?;
            let entries: Vec<Entry> = told
                .iter()
                .map(|one| Entry::News(one.letter, one.news, one.day))
                .collect();
            let added = book.add(&entries)?;
            let counts = [
                ("added", Argument::from(added.to_string())),
                ("known", Argument::from((told.len() - added).to_string())),
                ("silent", Argument::from(silent.to_string())),
            ];
            writeln!(out, "{}", words.tn("flow-cli-letters-noted", &counts))?;
        }
        writeln!(out, "{}", words.t("flow-cli-letters-lead"))?;
        for (server, numbers) in book.numbers() {
            writeln!(out, "{server}")?;
            for (key, number) in [
                ("finding-users-concerned", numbers.concerned()),
                ("finding-users-told", numbers.told()),
                ("finding-users-cured", numbers.cured()),
                ("finding-users-uncured", numbers.uncured()),
                ("finding-users-open", numbers.open()),
            ] {
                writeln!(out, "  {}: {number}", words.t(key))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What the file says, and how many of its rows say nothing yet; or all that is wrong with it.
fn read(path: &Path, words: Words, book: &Book) -> anyhow::Result<(Vec<Told>, usize)> {
    let shown = || format!("cannot read `{}`", path.display());
    let file = File::open(path).with_context(shown)?;
    let limit = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.with_context(shown)?;
    let columns = read_columns(words);
    let table = sheet::read(&bytes, &columns, ROWS_MAX)
        .with_context(|| format!("`{}` was not read, and nothing was noted", path.display()))?;
    let now = ambient::now();
    let (mut told, mut silent, mut faults) = (Vec::new(), 0, Vec::new());
    for row in &table.rows {
        match letter_rows::told(row, &columns, now) {
            Ok(Some(one)) => match book.opened(one.letter) {
                None => faults.push((one.row, "letter", NO_LETTER.to_owned())),
                Some(opened) if one.day < opened => {
                    faults.push((
                        one.row,
                        "day",
                        format!("the letter is of {opened}; check the year"),
                    ));
                }
                Some(_) => told.push(one),
            },
            Ok(None) => silent += 1,
            Err(wrong) => {
                let wrong = wrong.into_iter();
                faults.extend(wrong.map(|one| (one.row, one.column, one.why.to_string())));
            }
        }
    }
    if faults.is_empty() {
        return Ok((told, silent));
    }
    let mut text = format!("`{}` has faults, and nothing was noted", path.display());
    for (row, word, why) in faults.iter().take(FAULTS_TOLD_MAX) {
        let column = columns.iter().find(|column| column.word == *word);
        let heading = column.map_or(*word, |column| &column.heading);
        // To write into a text in memory does not fail.
        let _written = write!(text, "\n  line {row}, {heading}: {why}");
    }
    let more = faults.len().saturating_sub(FAULTS_TOLD_MAX);
    if more > 0 {
        let _written = write!(text, "\n  and {more} more");
    }
    anyhow::bail!(text)
}

/// Said of a number that the book does not have.
const NO_LETTER: &str = "this directory has no letter of that number; is the file of another directory, or did noroshi flow open \
     --letters not end? Run it again then";
