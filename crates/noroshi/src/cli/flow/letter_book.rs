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
use std::io::{self, ErrorKind, Read as _, Write as _};
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
/// Largest book, in bytes: some hundred thousand letters. What would make it larger is refused.
const BOOK_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A book that is open, and held against other programs until it is dropped.
pub(super) struct Book {
    file: File,
    path: PathBuf,
    /// Bytes of whole lines.
    whole: u64,
    /// Most bytes of whole lines.
    bytes_max: u64,
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

/// What is to be added, once it is known that it may be.
pub(super) struct Staged {
    entries: Vec<Entry>,
    bytes: Vec<u8>,
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

impl Letter {
    /// What was noted of that day, in order.
    fn of(&self, day: Date) -> Vec<LetterNews> {
        let of_day = self.news.iter().filter(|(of, _)| *of == day);
        of_day.map(|(_, news)| *news).collect()
    }
}

impl Book {
    /// Opens the book of `directory`, which is made when it is not there.
    pub(super) fn begin(directory: &Path) -> anyhow::Result<Self> {
        Self::begin_within(directory, BOOK_BYTES_MAX)
    }

    fn begin_within(directory: &Path, bytes_max: u64) -> anyhow::Result<Self> {
        make(directory)
            .with_context(|| format!("cannot make the directory `{}`", directory.display()))?;
        Self::read(
            directory.join(NAME),
            File::options().create(true),
            bytes_max,
        )
    }

    /// Opens the book that is in `directory`.
    pub(super) fn open(directory: &Path) -> anyhow::Result<Self> {
        let path = directory.join(NAME);
        anyhow::ensure!(
            path.is_file(),
            "`{}` has no {NAME}; name the directory that was given to noroshi flow open --letters",
            directory.display()
        );
        Self::read(path, &mut File::options(), BOOK_BYTES_MAX)
    }

    fn read(path: PathBuf, options: &mut fs::OpenOptions, bytes_max: u64) -> anyhow::Result<Self> {
        let shown = || format!("cannot read `{}`", path.display());
        let options = options.read(true).append(true).mode(0o600);
        let mut file = options.open(&path).with_context(shown)?;
        file.lock().with_context(shown)?;
        let mut bytes = Vec::new();
        let mut bounded = (&mut file).take(bytes_max.saturating_add(1));
        bounded.read_to_end(&mut bytes).with_context(shown)?;
        // What lies behind the limit was not read: nothing may be added, and nothing cut off.
        anyhow::ensure!(
            u64::try_from(bytes.len()).is_ok_and(|length| length <= bytes_max),
            "`{}` is larger than {bytes_max} bytes and was left as it is; begin another directory",
            path.display()
        );
        let whole = bytes.iter().rposition(|byte| *byte == b'\n');
        let whole = whole.map_or(0, |last| last + 1);
        let mut book = Self {
            file,
            path,
            whole: u64::try_from(whole).unwrap_or(u64::MAX),
            bytes_max,
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
        let staged = self.stage(entries)?;
        self.write(staged)
    }

    /// What of `entries` is not there yet, if the book can take it.
    pub(super) fn stage(&self, entries: &[Entry]) -> anyhow::Result<Staged> {
        let entries = self.fresh(entries)?;
        let mut bytes = Vec::new();
        for entry in entries.iter().copied() {
            serde_json::to_writer(&mut bytes, &written(entry))?;
            bytes.push(b'\n');
        }
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        anyhow::ensure!(
            bytes.is_empty() || self.whole.saturating_add(more) <= self.bytes_max,
            "`{}` would grow larger than {} bytes, and nothing was added; begin another directory",
            self.path.display(),
            self.bytes_max
        );
        Ok(Staged { entries, bytes })
    }

    /// Writes what was staged, down to the disk; says how many lines that were.
    pub(super) fn write(&mut self, staged: Staged) -> anyhow::Result<usize> {
        let mut write = || {
            if !staged.bytes.is_empty() {
                self.file.set_len(self.whole)?;
                self.file.write_all(&staged.bytes)?;
            }
            self.file.sync_all()
        };
        write().with_context(|| {
            format!(
                "cannot write `{}`; run the command again, what is there already is not added twice",
                self.path.display()
            )
        })?;
        self.whole += u64::try_from(staged.bytes.len()).unwrap_or(0);
        let added = staged.entries.len();
        for entry in staged.entries {
            self.take(entry);
        }
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

    /// What of `entries` is not known: letters first, then news. Of one letter and day, what was noted last
    /// counts; so news is known only as far as it is what stands at the end of that day.
    fn fresh(&self, entries: &[Entry]) -> anyhow::Result<Vec<Entry>> {
        let mut letters = BTreeMap::new();
        let mut fresh = Vec::new();
        let mut news: BTreeMap<(LetterId, Date), Vec<LetterNews>> = BTreeMap::new();
        for entry in entries.iter().copied() {
            match entry {
                Entry::Opened(id, server, _) => {
                    let stands = self.letters.get(&id).map(|letter| letter.server);
                    let stands = stands.or_else(|| letters.insert(id, server));
                    anyhow::ensure!(
                        stands.is_none_or(|stands| stands == server),
                        "`{}` has {id} with another server, {}; name that one, or another directory",
                        self.path.display(),
                        stands.unwrap_or(server)
                    );
                    if stands.is_none() {
                        fresh.push(entry);
                    }
                }
                Entry::News(id, one, day) => {
                    let of_day = news.entry((id, day)).or_default();
                    if of_day.last() != Some(&one) {
                        of_day.push(one);
                    }
                }
            }
        }
        news.retain(|(id, _), _| self.letters.contains_key(id) || letters.contains_key(id));
        for ((id, day), of_day) in news {
            let letter = self.letters.get(&id);
            let noted = letter.map_or_else(Vec::new, |letter| letter.of(day));
            let is_end = |known: &usize| of_day.get(..*known).is_some_and(|of| noted.ends_with(of));
            let known = (0..=of_day.len()).rev().find(is_end).unwrap_or(0);
            let rest = of_day.into_iter().skip(known);
            fresh.extend(rest.map(|one| Entry::News(id, one, day)));
        }
        Ok(fresh)
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

/// Makes a directory, and sees to it that its name is on the disk, and those above it that were made: else a
/// power cut could take the letters after their key was removed. Returns what was seen to.
fn make(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let directory = std::path::absolute(directory)?;
    let above = directory.ancestors();
    let missing = above.take_while(|folder| !folder.exists()).count();
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&directory)?;
    let mut synced = Vec::new();
    // Of one that is there already, its name too: a program that was stopped may just have made it.
    for folder in directory.ancestors().take(missing.max(1) + 1) {
        match File::open(folder).and_then(|folder| folder.sync_all()) {
            Err(error) if missing == 0 && error.kind() == ErrorKind::PermissionDenied => {}
            done => {
                done?;
                synced.push(folder.to_owned());
            }
        }
    }
    Ok(synced)
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
    fn of_one_day_what_was_noted_last_counts_and_what_stands_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let mut book = Book::begin(folder.path()).unwrap();
        book.add(&[opened(1)]).unwrap();
        let news = |news| Entry::News(letter(1), news, day(15));
        let cured = |book: &Book| book.numbers().values().next().unwrap().cured();
        let (yes, no) = (news(LetterNews::Cured), news(LetterNews::Uncured));
        for (one, added, stands) in [(yes, 1, 1), (yes, 0, 1), (no, 1, 0), (yes, 1, 1)] {
            assert_eq!(book.add(&[one]).unwrap(), added);
            assert_eq!(cured(&book), stands);
        }
        // One file that says several things of a day is known when it is read again, and ends as it says.
        let file = [no, news(LetterNews::Told), yes, yes];
        assert_eq!(book.add(&file).unwrap(), 3);
        let mut book = {
            drop(book);
            Book::open(folder.path()).unwrap()
        };
        assert_eq!(book.add(&file).unwrap(), 0);
        assert_eq!(cured(&book), 1);
    }

    #[test]
    fn a_book_grows_to_its_limit_and_is_never_cut() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let entries = [opened(1), opened(2)];
        Book::begin(folder.path()).unwrap().add(&entries).unwrap();
        let whole = fs::read(&path).unwrap();
        let length = u64::try_from(whole.len()).unwrap();
        let mut full = Book::begin_within(folder.path(), length).unwrap();
        assert_eq!(full.add(&entries).unwrap(), 0);
        let error = full.add(&[told(1)]).unwrap_err().to_string();
        assert!(error.contains("would grow larger than"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), whole);
        drop(full);
        for less in 1..length {
            let refused = Book::begin_within(folder.path(), length - less).err();
            let error = refused.unwrap().to_string();
            assert!(error.contains("is larger than"), "{error}");
        }
        assert_eq!(fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn a_letter_keeps_its_server() {
        let folder = tempfile::tempdir().unwrap();
        let mut book = Book::begin(folder.path()).unwrap();
        book.add(&[opened(1)]).unwrap();
        let other = Entry::Opened(letter(1), "203.0.113.10:443".parse().unwrap(), day(15));
        let error = book.add(&[other]).unwrap_err().to_string();
        assert!(error.contains("203.0.113.9:4444"), "{error}");
    }

    #[test]
    fn a_new_directory_is_on_the_disk_with_all_that_was_made_above_it() {
        let folder = tempfile::tempdir().unwrap();
        let (above, directory) = (folder.path().join("a"), folder.path().join("a/letters"));
        let expected = [directory.clone(), above.clone(), folder.path().to_owned()];
        assert_eq!(make(&directory).unwrap(), expected);
        assert_eq!(make(&directory).unwrap(), [directory, above]);
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
