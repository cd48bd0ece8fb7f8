//! Copies of a store, and looking whether a copy can be read.
//!
//! The data and the keys are copied apart. A copy of the data may be kept as long as one likes: it
//! holds ciphertext. Of the keys only the newest copy is kept, since an old one would bring erased
//! texts back.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Named as _, StoreError};
use crate::keyring::Place;
use crate::row::collect;
use crate::transaction::Reader;

/// Name of the data file, in a store and in a copy.
pub const DATA_FILE: &str = "noroshi.sqlite";
/// Name of the key file, in a store and in a copy.
pub const KEY_FILE: &str = "keys.sqlite";
/// Pages copied at a time, so that the writer is not held up.
const PAGES_PER_STEP: i32 = 512;
/// Pause between steps.
const PAUSE: Duration = Duration::from_millis(2);

/// Copies the store in `directory` while it runs: the data to `to/data`, the keys to `to/keys`.
///
/// Both copies are whole or not there: each is written beside its place and then moved into it.
pub fn copy(directory: &Path, to: &Path) -> Result<(), StoreError> {
    // Keys after data: a key that is missing in the copy could not be made good.
    for (file, folder) in [(DATA_FILE, "data"), (KEY_FILE, "keys")] {
        let folder = to.join(folder);
        fs::create_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
        let growing = folder.join(format!("{file}.growing"));
        let _old = fs::remove_file(&growing);
        copy_database(&directory.join(file), &growing)?;
        let place = folder.join(file);
        fs::rename(&growing, &place).map_err(|error| unusable(&place, &error))?;
    }
    Ok(())
}

/// Puts a copy back as the store in `directory`, which must hold none.
pub fn restore(from: &Path, directory: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(directory).map_err(|error| unusable(directory, &error))?;
    for (file, folder) in [(DATA_FILE, "data"), (KEY_FILE, "keys")] {
        let place = directory.join(file);
        if place.exists() {
            return Err(StoreError::WrongStore(format!(
                "`{}` holds a store already; restore into an empty directory",
                directory.display()
            )));
        }
        copy_database(&from.join(folder).join(file), &place)?;
    }
    Ok(())
}

/// What is wrong with the two files of a store: one line per fault, none when they are sound.
pub fn faults_of_files(data: &Path, keys: &Path) -> Result<Vec<String>, StoreError> {
    let mut faults = Vec::new();
    for file in [data, keys] {
        let connection = open_to_read(file)?;
        let check = |pragma: &str| -> Result<Vec<String>, StoreError> {
            let mut statement = connection.prepare(pragma).named("backup.verify")?;
            let mut rows = statement.query([]).named("backup.verify")?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().named("backup.verify")? {
                found.push(row.get::<_, String>(0).named("backup.verify")?);
            }
            Ok(found)
        };
        let name = file.display();
        faults.extend(
            check("PRAGMA integrity_check")?
                .into_iter()
                .filter(|line| line != "ok")
                .map(|line| format!("{name}: {line}")),
        );
        faults.extend(
            check("PRAGMA foreign_key_check")?
                .into_iter()
                .map(|table| format!("{name}: a row of `{table}` refers to nothing")),
        );
    }
    Ok(faults)
}

/// Parts whose text does not open although its key is there: bytes were changed. As ids.
pub fn unreadable_parts(reader: &Reader<'_>) -> Result<Vec<String>, StoreError> {
    const BODIES: &str = "-- backup.bodies
        SELECT part_id, subject_id, body FROM part WHERE body IS NOT NULL ORDER BY part_id";
    let rows = collect(reader.data(), "backup.bodies", "part", BODIES, [], |row| {
        Ok((
            row.plain::<String>("part_id")?,
            row.plain::<String>("subject_id")?,
            row.plain::<Vec<u8>>("body")?,
        ))
    })?;
    let broken = rows.into_iter().filter(|(part, subject, body)| {
        let place = Place {
            object: subject,
            table: "part",
            column: "body",
            row: part,
        };
        reader.opened(&place, body).is_err()
    });
    Ok(broken.map(|(part, ..)| part).collect())
}

/// Every row of a file's tables as text, its columns apart: what a thief of the file would see. For
/// attacks on the own store.
pub fn rows_of_file(file: &Path) -> Result<Vec<String>, StoreError> {
    rows_of(&open_to_read(file)?)
}

/// The same of a running store's data: two lists are equal when nothing was changed between.
pub fn rows(reader: &Reader<'_>) -> Result<Vec<String>, StoreError> {
    rows_of(reader.data())
}

fn rows_of(connection: &Connection) -> Result<Vec<String>, StoreError> {
    const TABLES: &str = "-- backup.tables
        SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut tables = connection.prepare(TABLES).named("backup.tables")?;
    let mut names = tables.query([]).named("backup.tables")?;
    let mut all = Vec::new();
    while let Some(name) = names.next().named("backup.tables")? {
        let table: String = name.get(0).named("backup.tables")?;
        let every = format!("-- backup.rows\nSELECT * FROM \"{table}\"");
        let mut every = connection.prepare(&every).named("backup.rows")?;
        let width = every.column_count();
        let mut rows = every.query([]).named("backup.rows")?;
        while let Some(row) = rows.next().named("backup.rows")? {
            let mut text = table.clone();
            for column in 0..width {
                text.push('\n');
                match row.get_ref(column).named("backup.rows")? {
                    ValueRef::Null => {}
                    ValueRef::Integer(number) => text += &number.to_string(),
                    ValueRef::Real(number) => text += &number.to_string(),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                        text += &String::from_utf8_lossy(bytes);
                    }
                }
            }
            all.push(text);
        }
    }
    Ok(all)
}

fn copy_database(from: &Path, to: &PathBuf) -> Result<(), StoreError> {
    let source = open_to_read(from)?;
    let mut target = Connection::open(to).named("backup.copy")?;
    Backup::new(&source, &mut target)
        .and_then(|backup| backup.run_to_completion(PAGES_PER_STEP, PAUSE, None))
        .named("backup.copy")
}

fn open_to_read(file: &Path) -> Result<Connection, StoreError> {
    if !file.exists() {
        return Err(StoreError::WrongStore(format!(
            "there is no `{}`",
            file.display()
        )));
    }
    Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .named("backup.open")
}

fn unusable(place: &Path, error: &std::io::Error) -> StoreError {
    StoreError::WrongStore(format!("cannot write `{}`: {error}", place.display()))
}

/// How many bytes of ciphertext the parts take, for the operator's view of growth.
pub fn text_bytes(reader: &Reader<'_>) -> Result<u64, StoreError> {
    const SIZE: &str = "-- backup.text_bytes
        SELECT coalesce(sum(length(body)), 0) AS bytes FROM part";
    let bytes = collect(
        reader.data(),
        "backup.text_bytes",
        "part",
        SIZE,
        [],
        |row| row.plain::<i64>("bytes"),
    )?;
    Ok(bytes
        .first()
        .copied()
        .and_then(|bytes| u64::try_from(bytes).ok())
        .unwrap_or(0))
}
