//! The files a custodian carries, and the one question he is asked.

use std::fs;
use std::io::{BufRead as _, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::Context as _;

/// Largest file that is read, in bytes: a hand-over of ten thousand reports.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The permission bits of group and others.
const OTHERS: u32 = 0o077;

/// Refuses a path that is taken, before any work is done.
pub(in crate::cli) fn refuse_existing(path: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(
        !path.exists(),
        "`{}` exists and is not written over; name another file",
        path.display()
    );
    Ok(())
}

/// Writes a new file that only its owner can read, down to the disk.
pub(in crate::cli) fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    refuse_existing(path)?;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot make `{}`", path.display()))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// Reads a text file of bounded size.
pub(in crate::cli) fn read(path: &Path) -> anyhow::Result<String> {
    let file = fs::File::open(path).with_context(|| format!("cannot open `{}`", path.display()))?;
    let mut text = String::new();
    let read = file
        .take(FILE_BYTES_MAX + 1)
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    anyhow::ensure!(
        u64::try_from(read).is_ok_and(|read| read <= FILE_BYTES_MAX),
        "`{}` is larger than {FILE_BYTES_MAX} bytes; it is not one of these files",
        path.display()
    );
    Ok(text)
}

/// Reads a file that nobody but its owner may be able to read.
pub(in crate::cli) fn read_private(path: &Path) -> anyhow::Result<String> {
    let mode = fs::metadata(path)
        .with_context(|| format!("cannot open `{}`", path.display()))?
        .permissions()
        .mode();
    anyhow::ensure!(
        (mode & OTHERS).count_ones() == 0,
        "others can read the key `{0}`; run `chmod 600 {0}` and ask yourself who did",
        path.display()
    );
    read(path)
}

/// Asks on the console; true when the answer is `yes`.
pub(in crate::cli) fn agreed(question: &str) -> anyhow::Result<bool> {
    print!("{question} ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    println!();
    Ok(answer.trim() == "yes")
}

/// `text` with everything invisible spelled out, so that a terminal shows what the file says.
pub(in crate::cli) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        let turns = matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
        if letter != '\n' && (letter.is_control() || turns) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_moves_the_cursor_is_spelled_out() {
        assert_eq!(
            shown("防御\u{1b}[2J\u{202e}x\r\n次"),
            "防御\\u{1b}[2J\\u{202e}x\\u{d}\n次"
        );
    }
}
