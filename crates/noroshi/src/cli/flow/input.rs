//! A file or the standard input, packed or not, in blocks.
//!
//! Whether it is packed is seen by its first octets, not by its name. How far the reading is, is told
//! in octets of the file as it lies there, so that it ends at the file's length.

use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use flate2::read::MultiGzDecoder;

/// Octets that a block may have.
pub(crate) const BLOCK_OCTETS_MAX: usize = 1 << 18;

/// The window that a zst file may ask for, as a power of two: 128 MiB, the most that the format's own
/// tools grant without being told to.
const ZST_WINDOW_LOG_MAX: u32 = 27;

const GZ_MAGIC: [u8; 2] = [0x1f, 0x8b];
const ZST_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// An input that is open.
pub(crate) struct Input {
    reader: Box<dyn Read + Send>,
    block: Vec<u8>,
    position: Arc<AtomicU64>,
    length: Option<u64>,
}

impl Input {
    /// Asks whether the file at `path` can be opened, before others are read for nothing. A pipe is not
    /// touched: what is taken from it does not come again.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) fn check(path: &Path) -> anyhow::Result<()> {
        if path == Path::new("-") {
            return Ok(());
        }
        let checked = std::fs::metadata(path).and_then(|there| {
            if there.is_dir() {
                Err(ErrorKind::IsADirectory.into())
            } else if there.is_file() {
                File::open(path).map(drop)
            } else {
                Ok(())
            }
        });
        checked.with_context(|| format!("cannot read `{}`", path.display()))
    }

    /// Opens the file at `path`; `-` is the standard input.
    ///
    /// # Errors
    /// When it cannot be opened, or its first octets cannot be read.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let opened = if path == Path::new("-") {
            Self::of(io::stdin(), None)
        } else {
            File::open(path).and_then(|file| {
                let there = file.metadata()?;
                if there.is_dir() {
                    return Err(ErrorKind::IsADirectory.into());
                }
                // A pipe has no length.
                Self::of(file, there.is_file().then_some(there.len()))
            })
        };
        opened.with_context(|| format!("cannot read `{}`", path.display()))
    }

    /// An input of `length` octets, if that is known.
    fn of(from: impl Read + Send + 'static, length: Option<u64>) -> io::Result<Self> {
        let position = Arc::new(AtomicU64::new(0));
        let mut counted = Counted {
            from,
            position: Arc::clone(&position),
        };
        let mut beginning = Vec::with_capacity(ZST_MAGIC.len());
        (&mut counted)
            .take(u64::try_from(ZST_MAGIC.len()).unwrap_or(u64::MAX))
            .read_to_end(&mut beginning)?;
        let gz = beginning.starts_with(&GZ_MAGIC);
        let zst = beginning == ZST_MAGIC;
        let whole = Cursor::new(beginning).chain(counted);
        let reader: Box<dyn Read + Send> = if gz {
            // Several packed files that were joined are one.
            Box::new(MultiGzDecoder::new(whole))
        } else if zst {
            let mut decoder = zstd::Decoder::new(whole)?;
            decoder.window_log_max(ZST_WINDOW_LOG_MAX)?;
            Box::new(decoder)
        } else {
            Box::new(whole)
        };
        Ok(Self {
            reader,
            block: vec![0; BLOCK_OCTETS_MAX],
            position,
            length,
        })
    }

    /// The next octets, unpacked; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read on, or what is packed is damaged or cut.
    pub(crate) fn read_block(&mut self) -> io::Result<Option<&[u8]>> {
        loop {
            match self.reader.read(&mut self.block) {
                Ok(0) => return Ok(None),
                Ok(octets) => return Ok(self.block.get(..octets)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Octets of the file that were read, packed as they are there.
    pub(crate) fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }

    /// Octets of the file; `None` of what has no length, as a pipe.
    pub(crate) fn length(&self) -> Option<u64> {
        self.length
    }
}

/// Counts what is read.
struct Counted<R> {
    from: R,
    position: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let octets = self.from.read(into)?;
        let more = u64::try_from(octets).unwrap_or(0);
        self.position.fetch_add(more, Ordering::Relaxed);
        Ok(octets)
    }
}

#[cfg(test)]
mod tests;
