//! The checkout as the checks see it: every tracked or new text file, read once.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::scan::{Source, scan};

/// All text files of the checkout, in path order.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<TextFile>,
}

/// One text file. Files that are not UTF-8 (images, databases) are not in the tree.
#[derive(Debug)]
pub(crate) struct TextFile {
    /// Path from the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The file taken apart; `None` when it is not Rust.
    pub(crate) source: Option<Source>,
}

impl Tree {
    /// Reads what git tracks and what is new but not ignored, so that a check also sees the file
    /// that somebody forgot to add.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let listed = Command::new("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(root)
            .output()
            .context("cannot run `git ls-files`")?;
        if !listed.status.success() {
            bail!("`git ls-files` failed; run this inside the checkout");
        }
        let mut paths: Vec<String> = String::from_utf8(listed.stdout)?
            .split('\0')
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect();
        paths.sort();
        paths.dedup();
        // A file that git still lists but that is gone from the disk is a deletion in progress.
        let files = paths.into_iter().filter_map(|path| {
            let text = std::fs::read_to_string(root.join(&path)).ok()?;
            Some(TextFile::new(path, text))
        });
        Ok(Self {
            files: files.collect(),
        })
    }

    /// The file at `path`, or `None` when the checkout has none.
    pub(crate) fn file(&self, path: &str) -> Option<&TextFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Rust files with their tokens.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&TextFile, &Source)> {
        let files = self.files.iter();
        files.filter_map(|file| Some((file, file.source.as_ref()?)))
    }

    /// A tree for tests: pairs of path and text.
    #[cfg(test)]
    pub(crate) fn sample(files: &[(&str, &str)]) -> Self {
        let files = files.iter();
        let files = files.map(|(path, text)| TextFile::new((*path).into(), (*text).into()));
        Self {
            files: files.collect(),
        }
    }
}

impl TextFile {
    fn new(path: String, text: String) -> Self {
        let source = has_extension(&path, "rs").then(|| scan(&text));
        Self { path, text, source }
    }

    /// The room this file lives in: `hub` for `crates/hub/src/submit.rs`.
    pub(crate) fn room(&self) -> &str {
        let inside = self.path.strip_prefix("crates/");
        let room = inside.and_then(|path| path.split('/').next());
        room.unwrap_or_else(|| self.path.split('/').next().unwrap_or_default())
    }

    pub(crate) fn is(&self, extension: &str) -> bool {
        has_extension(&self.path, extension)
    }

    /// Whether the whole file is test code.
    pub(crate) fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// Whether `line` is test code: in a test file or an inline test module.
    pub(crate) fn is_test_line(&self, line: usize) -> bool {
        let inside = |source: &Source| {
            let ranges = source.test_lines();
            ranges
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&line))
        };
        self.is_test() || self.source.as_ref().is_some_and(inside)
    }

    /// Lines with their number, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }
}

/// The root of the checkout that this task is called in.
///
/// Sought when it runs, not fixed when it is built: several checkouts may share a target directory,
/// and the tool of one then runs for another. Cargo names the manifest of the checkout it is called
/// in; a tool that is started by hand goes by where it stands.
pub(crate) fn root() -> Result<PathBuf> {
    let begin = match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(manifest) => PathBuf::from(manifest),
        None => std::env::current_dir().context("the working directory is gone")?,
    };
    root_above(&begin)
}

/// The nearest folder from `begin` upwards whose manifest is a workspace that this tool belongs to.
fn root_above(begin: &Path) -> Result<PathBuf> {
    let found = begin.ancestors().find(|folder| {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        let manifest: toml::Table = manifest.parse().unwrap_or_default();
        manifest.contains_key("workspace") && folder.join("xtask/Cargo.toml").is_file()
    });
    let found = found.with_context(|| {
        let begin = begin.display();
        format!("no checkout at `{begin}` or above it; run this inside one")
    })?;
    Ok(found.to_path_buf())
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == extension)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_root_is_the_checkout_that_one_stands_in() {
        let scratch = tempfile::tempdir().unwrap();
        for checkout in ["one", "two"] {
            let root = scratch.path().join(checkout);
            for (folder, manifest) in [
                (
                    "xtask",
                    "[package]\nname = \"xtask\"\nversion.workspace = true\n",
                ),
                ("crates/hub/src", "not a manifest"),
                // A workspace of its own inside is no checkout.
                ("fuzz", "[workspace]\n"),
            ] {
                fs::create_dir_all(root.join(folder)).unwrap();
                fs::write(root.join(folder).join("Cargo.toml"), manifest).unwrap();
            }
            let members = "[workspace]\nmembers = [\"crates/*\", \"xtask\"]\n";
            fs::write(root.join("Cargo.toml"), members).unwrap();
            for place in ["", "xtask", "crates/hub/src", "fuzz"] {
                assert_eq!(root_above(&root.join(place)).unwrap(), root, "{place}");
            }
        }
        assert!(root_above(scratch.path()).is_err());
    }
}
