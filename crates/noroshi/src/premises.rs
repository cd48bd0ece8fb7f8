//! The directory a hub lives in: two databases and the master key.
//!
//! `noroshi.sqlite` holds everything, confidential texts as ciphertext. `keys.sqlite` holds the
//! objects' keys, wrapped. `master.key` unwraps them: whoever can read all three can read
//! everything; whoever has the first alone has ciphertext and routing.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use seal::object::MasterKey;
use store::keyring::Keyring;
use store::{Location, Store};

use crate::ambient;

/// File of the master key, unless the configuration names another.
pub const MASTER_KEY_FILE: &str = "master.key";

/// Opens the store in `directory`, making directory and master key when they are not there.
///
/// # Errors
/// When a file cannot be read or made, or the store is of another version.
pub fn open(directory: &Path, master_key: Option<&Path>, hub: &str) -> anyhow::Result<Store> {
    fs::create_dir_all(directory)
        .with_context(|| format!("cannot make the directory `{}`", directory.display()))?;
    let key_file = master_key.map_or_else(|| directory.join(MASTER_KEY_FILE), PathBuf::from);
    let master = if key_file.exists() {
        read_key(&key_file)?
    } else {
        make_key(directory, &key_file)?
    };
    let location = Location::Directory(directory.to_owned());
    Store::open(&location, Keyring::new(hub, master))
        .with_context(|| format!("cannot open the store in `{}`", directory.display()))
}

fn read_key(file: &Path) -> anyhow::Result<MasterKey> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("cannot read the master key `{}`", file.display()))?;
    MasterKey::parse(text.trim())
        .with_context(|| format!("`{}` holds no master key", file.display()))
}

/// Makes a master key, but never beside databases that were written with another one.
fn make_key(directory: &Path, file: &Path) -> anyhow::Result<MasterKey> {
    anyhow::ensure!(
        !directory.join("keys.sqlite").exists(),
        "the store in `{}` has lost its master key `{}`; put it back from its backup",
        directory.display(),
        file.display()
    );
    let master = MasterKey::generate(&mut ambient::random()?);
    let mut out = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("cannot write the master key `{}`", file.display()))?;
    out.write_all(master.expose_text().as_bytes())?;
    out.sync_all()?;
    Ok(master)
}
