//! Letters to users whose devices called a server: the file for the carrier's customer system, the texts, and
//! the columns by which the file is read back.
//!
//! The customer system gets addresses, since nobody else knows whose they are. The texts go to whoever prints
//! or sends them, by number. The book keeps numbers and servers.
//!
//! INVARIANT: numbers are drawn from the key of the request, in the order of the request, so that a command
//! that is run again after a crash writes the same letters and not others. The key is destroyed at the end.
//!
//! INVARIANT: whatever is written is in the order of the numbers, which are random. In that of the request, the
//! nth letter would be the nth token in the file of openings, for good.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use domain::finding::LetterNews;
use domain::id::LetterId;
use domain::time::Timestamp;
use exchange::letter_rows::{MARK, READ_WORDS, WORDS};
use exchange::sheet::{Column, Pick, Row, comma_separated};
use jiff::tz::Offset;
use seal::random::Random;
use view::letter::letter;
use view::words::{Language, Words};

use super::letter_book::{Book, Entry};
use crate::ambient;

/// Longest text of where to ask, in characters.
const CONTACT_CHARS_MAX: usize = 200;
/// Columns of the file of texts.
const TEXT_WORDS: [&str; 3] = ["letter", "text-ja", "text-en"];
/// How the name of a file ends that is not whole yet.
const PART: &str = "part";
/// Japan's offset from UTC, in hours.
const JAPAN: Offset = Offset::constant(9);

/// A line that is to get a letter.
pub(super) struct Line {
    /// Its address.
    pub(super) address: String,
    /// Where lines share the address: the ports that it can be.
    pub(super) ports: Vec<u16>,
    /// The server that it called.
    pub(super) server: SocketAddr,
    /// When it last did.
    pub(super) at: Option<jiff::Timestamp>,
}

/// Where letters lie that were written.
pub(super) struct Written {
    /// For the customer system, with addresses.
    pub(super) customers: PathBuf,
    /// The texts, by number.
    pub(super) texts: PathBuf,
}

/// Takes the text of where to ask.
pub(super) fn contact(typed: &str) -> anyhow::Result<&str> {
    let text = typed.trim();
    anyhow::ensure!(
        !text.is_empty() && !text.contains(char::is_control),
        "say on one line where users can ask, with --contact"
    );
    anyhow::ensure!(
        text.chars().count() <= CONTACT_CHARS_MAX,
        "--contact has more than {CONTACT_CHARS_MAX} characters; shorten it"
    );
    Ok(text)
}

/// Writes the letters of a request: both files first, then the book.
pub(super) fn write(
    directory: &Path,
    words: Words,
    lines: &[Line],
    contact: &str,
    mut numbers: Random,
) -> anyhow::Result<Written> {
    let mut book = Book::begin(directory)?;
    remove_parts(directory)?;
    let name = format!("{:08x}", u32::from_be_bytes(numbers.bytes()));
    let today = ambient::now().day_in_japan();
    let (mut rows, mut texts, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    let numbered = lines
        .iter()
        .map(|line| (LetterId::from_random(numbers.bytes()), line));
    let numbered: BTreeMap<LetterId, &Line> = numbered.collect();
    for ((id, line), row) in numbered.into_iter().zip(2_u32..) {
        let cells = [
            ("letter", id.to_string()),
            ("address", line.address.clone()),
            ("port", ports(&line.ports)),
            ("time", line.at.map_or_else(String::new, moment)),
            ("server", line.server.to_string()),
        ];
        rows.push(row_of(row, cells));
        let at = line.at.map(|at| Timestamp::from_seconds(at.as_second()));
        let text = |language| letter(Words::new(language), id, at, contact);
        let cells = [
            ("letter", id.to_string()),
            ("text-ja", text(Language::Ja)),
            ("text-en", text(Language::En)),
        ];
        texts.push(row_of(row, cells));
        entries.push(Entry::Opened(id, line.server, today));
    }
    let written = Written {
        customers: directory.join(format!("customers-{name}.csv")),
        texts: directory.join(format!("texts-{name}.csv")),
    };
    let staged = book.stage(&entries)?;
    let rows = comma_separated(&columns(words, &WORDS), MARK, &rows);
    let texts = comma_separated(&columns(words, &TEXT_WORDS), "", &texts);
    let files = [(&written.customers, rows), (&written.texts, texts)];
    for (path, bytes) in &files {
        refuse_other(path, bytes)?;
    }
    for (path, bytes) in &files {
        put(path, bytes)?;
    }
    book.write(staged)?;
    Ok(written)
}

/// The columns by which a file is read back, recognized in both languages.
pub(super) fn read_columns(words: Words) -> Vec<Column> {
    columns(words, &READ_WORDS)
}

fn columns(words: Words, of: &[&'static str]) -> Vec<Column> {
    let spelled = |key: &str| -> Vec<String> {
        let all = Language::ALL.into_iter();
        all.map(|language| Words::new(language).t(key).into_owned())
            .collect()
    };
    let column = |word: &'static str| {
        let key = format!("flow-cli-letter-{word}");
        let mut column = Column::text(word, words.t(&key), spelled(&key));
        if word == "news" {
            column.picks = LetterNews::ALL
                .iter()
                .map(|news| {
                    let key = format!("flow-cli-letter-news-{news}");
                    let more = spelled(&format!("{key}-also"));
                    let more = more.iter().flat_map(|text| text.split('/'));
                    let mut also: Vec<String> = more.map(str::to_owned).collect();
                    also.extend(spelled(&key));
                    Pick {
                        value: news.to_string(),
                        label: words.t(&key).into_owned(),
                        also,
                    }
                })
                .collect();
        }
        column
    };
    of.iter().copied().map(column).collect()
}

fn row_of<const N: usize>(number: u32, cells: [(&str, String); N]) -> Row {
    let cells = cells.into_iter().filter(|(_, text)| !text.is_empty());
    Row {
        number,
        cells: cells.map(|(word, text)| (word.to_owned(), text)).collect(),
    }
}

/// One port, and hardly ever two: then the translator's own log tells which.
fn ports(ports: &[u16]) -> String {
    let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
    ports.join(" / ")
}

/// A moment to the second, in Japan time, with its offset.
fn moment(at: jiff::Timestamp) -> String {
    at.display_with_offset(JAPAN).to_string()
}

/// Removes what a program that was stopped had half written: it holds addresses. Whoever calls this holds the book.
pub(super) fn remove_parts(directory: &Path) -> anyhow::Result<()> {
    let removed = || {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_ours = name.starts_with("customers-") || name.starts_with("texts-");
            if is_ours && path.extension().is_some_and(|end| end == PART) {
                fs::remove_file(&path)?;
            }
        }
        io::Result::Ok(())
    };
    removed().with_context(|| {
        format!(
            "cannot remove half written files from `{}`",
            directory.display()
        )
    })
}

/// Refuses to write over a file in which people may have filled something in.
fn refuse_other(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    match fs::read(path) {
        Ok(there) => anyhow::ensure!(
            there == bytes,
            "`{}` is there already and says something else: it may have been filled in, or the command was another. \
             It was left as it is; move it to another place, and run the command again",
            path.display()
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", path.display()));
        }
    }
    Ok(())
}

/// Writes a file that only its owner can read: all of it or, after a crash, none.
fn put(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let part = path.with_extension(PART);
    let put = || {
        let mut file = File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        path.parent()
            .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    put().with_context(|| format!("cannot write `{}`; run the command again", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many() -> Vec<Line> {
        let line = |host: u8| Line {
            address: format!("198.51.100.{host}"),
            ports: vec![],
            server: "203.0.113.9:4444".parse().unwrap(),
            at: None,
        };
        (1..=20).map(line).collect()
    }

    fn write_many(directory: &Path) -> anyhow::Result<Written> {
        let numbers = Random::from_seed([7; 32]);
        write(
            directory,
            Words::new(Language::En),
            &many(),
            "desk",
            numbers,
        )
    }

    /// The numbers of letters in a file, in its order.
    fn ids(path: &Path) -> Vec<String> {
        let text = fs::read_to_string(path).unwrap();
        let row = |line: &str| {
            let from = line.find("\"ltr_")?;
            line.get(from + 1..from + 31).map(str::to_owned)
        };
        text.lines().filter_map(row).collect()
    }

    #[test]
    fn nothing_that_is_written_is_in_the_order_of_the_request() {
        let folder = tempfile::tempdir().unwrap();
        let written = write_many(folder.path()).unwrap();
        let book = folder.path().join("letters.jsonl");
        let ids = [&written.customers, &written.texts, &book].map(|path| ids(path));
        assert_eq!(ids[0].len(), 20);
        for of_file in &ids {
            assert!(of_file.is_sorted(), "{of_file:?}");
            assert_eq!(*of_file, ids[0]);
        }
        let customers = fs::read_to_string(&written.customers).unwrap();
        let place = |line: &Line| customers.find(&format!("\"{}\"", line.address)).unwrap();
        assert!(!many().iter().map(place).is_sorted(), "{customers}");
    }

    #[test]
    fn what_people_filled_in_stays_and_what_is_half_written_goes() {
        let folder = tempfile::tempdir().unwrap();
        let written = write_many(folder.path()).unwrap();
        let whole = fs::read(&written.customers).unwrap();
        let part = written.customers.with_extension(PART);
        let other = folder.path().join("notes.part");
        for path in [&part, &other] {
            fs::write(path, "198.51.100.7").unwrap();
        }
        write_many(folder.path()).unwrap();
        assert!(!part.exists() && other.exists());
        let filled = [&whole[..], b"filled in"].concat();
        fs::write(&written.customers, &filled).unwrap();
        fs::remove_file(&written.texts).unwrap();
        let error = write_many(folder.path()).err().unwrap().to_string();
        assert!(error.contains("customers-"), "{error}");
        assert_eq!(fs::read(&written.customers).unwrap(), filled);
        assert!(!written.texts.exists());
        fs::remove_file(&written.customers).unwrap();
        write_many(folder.path()).unwrap();
        assert_eq!(fs::read(&written.customers).unwrap(), whole);
    }
}
