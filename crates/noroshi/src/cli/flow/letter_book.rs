//! The letter book: which letters a carrier wrote to users whose devices called a server, and what became of
//! each. It has no address and no token, so it may be kept when the key of the tokens is gone.
//!
//! ```text
//! {"line":"opened","letter":"ltr_…","server":"203.0.113.9:4444","day":"2027-01-15"}
//! {"line":"news","letter":"ltr_…","news":"told","day":"2027-01-16"}
//! ```
//!
//! INVARIANT: lines are added and never changed. A line that a crash cut short was told to nobody; the next
//! program that adds one cuts it off.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use domain::finding::{Campaign, LetterNews, numbers, standing};
use domain::id::LetterId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The book, in the directory of letters.
const NAME: &str = "letters.jsonl";
/// Largest book, in bytes: some hundred thousand letters.
const BOOK_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A book that is open, and held against other programs until it is dropped.
pub(super) struct Book {
    file: File,
    path: PathBuf,
    /// Bytes of whole lines.
    whole: u64,
    letters: BTreeMap<LetterId, Letter>,
}

/// A letter, by its number.
struct Letter {
    server: SocketAddr,
    opened: Date,
    /// In the order in which they were noted.
    news: Vec<(Date, LetterNews)>,
}

/// Something to be added.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry {
    /// A letter was written.
    Opened(LetterId, SocketAddr, Date),
    /// Something became of one.
    News(LetterId, LetterNews, Date),
}

/// A line, as it is written.
#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case", deny_unknown_fields)]
enum Line {
    Opened {
        letter: String,
        server: SocketAddr,
        day: String,
    },
    News {
        letter: String,
        news: String,
        day: String,
    },
}

impl Book {
    /// Opens the book of `directory`, which is made when it is not there.
    pub(super) fn begin(directory: &Path) -> anyhow::Result<Self> {
        let made = fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory);
        made.with_context(|| format!("cannot make the directory `{}`", directory.display()))?;
        Self::read(directory.join(NAME), File::options().create(true))
    }

    /// Opens the book that is in `directory`.
    pub(super) fn open(directory: &Path) -> anyhow::Result<Self> {
        let path = directory.join(NAME);
        anyhow::ensure!(
            path.is_file(),
            "`{}` has no {NAME}; name the directory that was given to noroshi flow open --letters",
            directory.display()
        );
        Self::read(path, &mut File::options())
    }

    fn read(path: PathBuf, options: &mut fs::OpenOptions) -> anyhow::Result<Self> {
        let shown = || format!("cannot read `{}`", path.display());
        let options = options.read(true).append(true).mode(0o600);
        let mut file = options.open(&path).with_context(shown)?;
        file.lock().with_context(shown)?;
        let mut bytes = Vec::new();
        let mut bounded = (&mut file).take(BOOK_BYTES_MAX + 1);
        bounded.read_to_end(&mut bytes).with_context(shown)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n');
        let whole = whole.map_or(0, |last| last + 1);
        let length = u64::try_from(whole).unwrap_or(u64::MAX);
        anyhow::ensure!(
            length <= BOOK_BYTES_MAX,
            "`{}` is larger than {BOOK_BYTES_MAX} bytes; begin another directory",
            path.display()
        );
        let mut book = Self {
            file,
            path,
            whole: length,
            letters: BTreeMap::new(),
        };
        let lines = bytes.get(..whole).unwrap_or_default();
        for (line, number) in lines.split_inclusive(|byte| *byte == b'\n').zip(1_u64..) {
            let entry = serde_json::from_slice(line).ok().and_then(read_line);
            let entry = entry.with_context(|| {
                format!(
                    "line {number} of `{}` is no line of a letter book; put the file back from a copy",
                    book.path.display()
                )
            })?;
            book.take(entry);
        }
        Ok(book)
    }

    /// Adds what is not there yet, down to the disk; says how many lines that were.
    pub(super) fn add(&mut self, entries: &[Entry]) -> anyhow::Result<usize> {
        let mut bytes = Vec::new();
        let mut added = 0;
        for entry in entries.iter().copied() {
            // The same may stand twice in what is added.
            if !self.is_new(&entry) {
                continue;
            }
            serde_json::to_writer(&mut bytes, &written(entry))?;
            bytes.push(b'\n');
            added += 1;
            self.take(entry);
        }
        let done = self.file.set_len(self.whole).and_then(|()| {
            self.file.write_all(&bytes)?;
            self.file.sync_all()
        });
        done.with_context(|| {
            format!(
                "cannot write `{}`; run the command again, what is there already is not added twice",
                self.path.display()
            )
        })?;
        self.whole += u64::try_from(bytes.len()).unwrap_or(0);
        Ok(added)
    }

    /// The day on which a letter was written; `None` when the book has none of that number.
    pub(super) fn opened(&self, letter: LetterId) -> Option<Date> {
        self.letters.get(&letter).map(|letter| letter.opened)
    }

    /// The numbers of each server.
    pub(super) fn numbers(&self) -> BTreeMap<SocketAddr, Campaign> {
        let mut by_server: BTreeMap<SocketAddr, Vec<Option<LetterNews>>> = BTreeMap::new();
        for letter in self.letters.values() {
            let of_server = by_server.entry(letter.server).or_default();
            of_server.push(standing(&letter.news));
        }
        let count = |(server, letters): (SocketAddr, Vec<_>)| (server, numbers(&letters));
        by_server.into_iter().map(count).collect()
    }

    fn is_new(&self, entry: &Entry) -> bool {
        match entry {
            Entry::Opened(id, ..) => !self.letters.contains_key(id),
            Entry::News(id, news, day) => self
                .letters
                .get(id)
                .is_some_and(|letter| !letter.news.contains(&(*day, *news))),
        }
    }

    fn take(&mut self, entry: Entry) {
        match entry {
            Entry::Opened(id, server, opened) => {
                self.letters.entry(id).or_insert(Letter {
                    server,
                    opened,
                    news: Vec::new(),
                });
            }
            Entry::News(id, news, day) => {
                if let Some(letter) = self.letters.get_mut(&id) {
                    letter.news.push((day, news));
                }
            }
        }
    }
}

fn written(entry: Entry) -> Line {
    match entry {
        Entry::Opened(letter, server, day) => Line::Opened {
            letter: letter.to_string(),
            server,
            day: day.to_string(),
        },
        Entry::News(letter, news, day) => Line::News {
            letter: letter.to_string(),
            news: news.to_string(),
            day: day.to_string(),
        },
    }
}

fn read_line(line: Line) -> Option<Entry> {
    Some(match line {
        Line::Opened {
            letter,
            server,
            day,
        } => Entry::Opened(letter.parse().ok()?, server, day.parse().ok()?),
        Line::News { letter, news, day } => {
            Entry::News(letter.parse().ok()?, news.parse().ok()?, day.parse().ok()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = "203.0.113.9:4444";

    fn day(of_month: i8) -> Date {
        Date::new(2027, 1, of_month).unwrap()
    }

    fn letter(number: u8) -> LetterId {
        LetterId::from_random([number; 16])
    }

    fn opened(number: u8) -> Entry {
        Entry::Opened(letter(number), SERVER.parse().unwrap(), day(15))
    }

    fn told(number: u8) -> Entry {
        Entry::News(letter(number), LetterNews::Told, day(16))
    }

    #[test]
    fn what_was_added_is_read_back_and_added_once() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("letters");
        let entries = [opened(1), opened(2), told(1), told(1), told(9)];
        assert_eq!(Book::begin(&directory).unwrap().add(&entries).unwrap(), 3);
        let before = fs::read(directory.join(NAME)).unwrap();
        let mut book = Book::open(&directory).unwrap();
        assert_eq!(book.add(&entries).unwrap(), 0);
        assert_eq!(fs::read(directory.join(NAME)).unwrap(), before);
        let numbers = book.numbers();
        assert_eq!(numbers.len(), 1);
        assert_eq!(
            numbers.values().next().copied(),
            Campaign::new(2, 1, 0, 0).ok()
        );
        assert_eq!(
            (book.opened(letter(1)), book.opened(letter(9))),
            (Some(day(15)), None)
        );
    }

    #[test]
    fn cut_anywhere_by_a_crash_the_book_is_whole_again_after_the_same_command() {
        let folder = tempfile::tempdir().unwrap();
        let (directory, path) = (folder.path(), folder.path().join(NAME));
        let entries = [opened(1), opened(2), told(1), told(2)];
        Book::begin(directory).unwrap().add(&entries).unwrap();
        let whole = fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            Book::begin(directory).unwrap().add(&entries).unwrap();
            assert_eq!(fs::read(&path).unwrap(), whole, "cut after {cut} bytes");
        }
    }

    #[test]
    fn a_line_that_is_none_is_named_by_its_number_and_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        Book::begin(folder.path())
            .unwrap()
            .add(&[opened(1)])
            .unwrap();
        let path = folder.path().join(NAME);
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str("{\"line\":\"opened\",\"address\":\"198.51.100.7\"}\n");
        fs::write(&path, text).unwrap();
        let error = Book::open(folder.path()).err().unwrap();
        let error = format!("{error:#}");
        assert!(error.contains("line 2 of"), "{error}");
        assert!(!error.contains("198.51"), "{error}");
    }
}
