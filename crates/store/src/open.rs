//! Opening a store: where it lies, how it is set up, which schema it has.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, named_params};

use crate::error::{Named as _, StoreError};
use crate::keyring::Keyring;
use crate::transaction::{Reader, Stamp, Tx};
use crate::writer::Writer;

/// Connections that read at the same time.
const READERS_MAX: usize = 4;
/// How long a reader waits for a lock, in milliseconds.
pub(crate) const BUSY_MILLISECONDS: u64 = 5_000;
/// Statements that each connection keeps prepared: more than there are.
const STATEMENTS_KEPT_MAX: usize = 512;

/// Steps of the data schema, oldest first. Never changed once released; only added to.
const DATA_STEPS: &[(&str, &str)] = &[
    ("0001_people", include_str!("../migrations/0001_people.sql")),
    (
        "0002_reports",
        include_str!("../migrations/0002_reports.sql"),
    ),
    (
        "0003_advisories",
        include_str!("../migrations/0003_advisories.sql"),
    ),
    ("0004_log", include_str!("../migrations/0004_log.sql")),
    (
        "0005_log_tiles",
        include_str!("../migrations/0005_log_tiles.sql"),
    ),
    (
        "0006_advisory_drafts",
        include_str!("../migrations/0006_advisory_drafts.sql"),
    ),
    (
        "0007_review_revision",
        include_str!("../migrations/0007_review_revision.sql"),
    ),
    (
        "0008_submission",
        include_str!("../migrations/0008_submission.sql"),
    ),
    ("0009_doors", include_str!("../migrations/0009_doors.sql")),
    (
        "0010_custody",
        include_str!("../migrations/0010_custody.sql"),
    ),
    (
        "0011_members",
        include_str!("../migrations/0011_members.sql"),
    ),
    (
        "0012_dialogue",
        include_str!("../migrations/0012_dialogue.sql"),
    ),
    (
        "0013_situation",
        include_str!("../migrations/0013_situation.sql"),
    ),
    ("0014_search", include_str!("../migrations/0014_search.sql")),
    (
        "0015_by_phone",
        include_str!("../migrations/0015_by_phone.sql"),
    ),
    (
        "0016_withdrawal",
        include_str!("../migrations/0016_withdrawal.sql"),
    ),
    (
        "0017_narrowing",
        include_str!("../migrations/0017_narrowing.sql"),
    ),
    (
        "0018_incidents",
        include_str!("../migrations/0018_incidents.sql"),
    ),
    (
        "0019_constant_reads",
        include_str!("../migrations/0019_constant_reads.sql"),
    ),
    (
        "0020_key_destruction",
        include_str!("../migrations/0020_key_destruction.sql"),
    ),
    ("0021_salts", include_str!("../migrations/0021_salts.sql")),
    (
        "0022_closing",
        include_str!("../migrations/0022_closing.sql"),
    ),
    (
        "0023_communities",
        include_str!("../migrations/0023_communities.sql"),
    ),
    (
        "0024_questions",
        include_str!("../migrations/0024_questions.sql"),
    ),
    (
        "0025_question_proposals",
        include_str!("../migrations/0025_question_proposals.sql"),
    ),
    (
        "0026_findings",
        include_str!("../migrations/0026_findings.sql"),
    ),
    (
        "0027_campaigns",
        include_str!("../migrations/0027_campaigns.sql"),
    ),
    ("0028_sight", include_str!("../migrations/0028_sight.sql")),
    (
        "0029_outside_lists",
        include_str!("../migrations/0029_outside_lists.sql"),
    ),
    (
        "0030_networks",
        include_str!("../migrations/0030_networks.sql"),
    ),
];

/// Steps of the key schema.
const KEY_STEPS: &[(&str, &str)] = &[
    ("keys_0001", include_str!("../migrations/keys_0001.sql")),
    ("keys_0002", include_str!("../migrations/keys_0002.sql")),
];

/// Where a store lies.
#[derive(Debug, Clone)]
pub enum Location {
    /// Two files in this directory: `noroshi.sqlite` and `keys.sqlite`.
    Directory(PathBuf),
    /// In memory, gone with the store: for simulation and tests.
    Memory,
}

/// A hub's store. Cheap to clone; all clones share one writer.
#[derive(Clone)]
pub struct Store {
    // Dropped before the writer: only the last connection to close folds the write-ahead log into
    // the file, and a reading one cannot.
    readers: Option<Arc<Pool>>,
    writer: Writer,
    ring: Arc<Keyring>,
}

struct Pool {
    idle: Mutex<Vec<(Connection, Connection)>>,
    returned: Condvar,
}

impl Store {
    /// Opens the store at `location`, bringing its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::SchemaVersion`] when a newer program wrote it.
    pub fn open(location: &Location, ring: Keyring) -> Result<Self, StoreError> {
        let ring = Arc::new(ring);
        let (data, keys) = connections(location, OpenFlags::default())?;
        for connection in [&data, &keys] {
            set_up(connection)?;
        }
        migrate(&data, DATA_STEPS)?;
        migrate(&keys, KEY_STEPS)?;
        let readers = match location {
            Location::Memory => None,
            Location::Directory(_) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let idle = (0..READERS_MAX)
                    .map(|_| {
                        let pair = connections(location, flags)?;
                        for connection in [&pair.0, &pair.1] {
                            keep_plans(connection)?;
                        }
                        Ok(pair)
                    })
                    .collect::<Result<Vec<_>, StoreError>>()?;
                Some(Arc::new(Pool {
                    idle: Mutex::new(idle),
                    returned: Condvar::new(),
                }))
            }
        };
        let writer = Writer::start(data, keys, Arc::clone(&ring))?;
        Ok(Self {
            readers,
            writer,
            ring,
        })
    }

    /// Name of the hub and its master key.
    pub fn keyring(&self) -> &Keyring {
        &self.ring
    }

    /// Runs `work` in the writer's next batch; returns once that batch is durable.
    ///
    /// An `Err` of `work` undoes everything it wrote.
    pub fn write<T, E>(
        &self,
        stamp: Stamp,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.write(stamp, work)
    }

    /// Runs `work` on a consistent view of the store.
    pub fn read<T, E>(
        &self,
        work: impl FnOnce(&Reader<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Some(pool) = &self.readers else {
            // In memory there is one connection only: the writer's.
            let stamp = Stamp {
                name: "store.read",
                now: domain::time::Timestamp::from_micros(0),
                random: seal::random::Random::from_seed([0; 32]),
            };
            return self.writer.write(stamp, move |tx| work(tx));
        };
        let pair = pool.take();
        let outcome = begin_read(&pair.0)
            .map_err(E::from)
            .and_then(|()| work(&Reader::new(&pair.0, &pair.1, &self.ring)));
        let _ended = pair.0.execute_batch("ROLLBACK");
        pool.put_back(pair);
        outcome
    }
}

impl Pool {
    fn take(&self) -> (Connection, Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match idle.pop() {
                Some(pair) => return pair,
                None => {
                    idle = self
                        .returned
                        .wait(idle)
                        .unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    fn put_back(&self, pair: (Connection, Connection)) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(pair);
        self.returned.notify_one();
    }
}

fn begin_read(data: &Connection) -> Result<(), StoreError> {
    data.execute_batch("BEGIN DEFERRED").named("store.read")
}

fn connections(
    location: &Location,
    flags: OpenFlags,
) -> Result<(Connection, Connection), StoreError> {
    let open = |directory: &Path, name: &str| {
        Connection::open_with_flags(directory.join(name), flags).named("store.open")
    };
    match location {
        Location::Memory => Ok((
            Connection::open_in_memory().named("store.open")?,
            Connection::open_in_memory().named("store.open")?,
        )),
        Location::Directory(directory) => Ok((
            open(directory, "noroshi.sqlite")?,
            open(directory, "keys.sqlite")?,
        )),
    }
}

/// Durable by default: the write-ahead log is flushed at each commit. Freed pages are overwritten.
fn set_up(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON;
             PRAGMA trusted_schema = OFF;",
        )
        .named("store.open")?;
    keep_plans(connection)
}

/// A statement is planned once per connection. The library would otherwise look at the values that
/// are bound and plan anew whenever they differ, which costs more than most statements do; and how
/// long a statement takes would depend on what is asked for.
fn keep_plans(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT_MAX);
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .and_then(|_| connection.busy_timeout(std::time::Duration::from_millis(BUSY_MILLISECONDS)))
        .named("store.open")
}

/// Applies the steps that the database lacks, each in a transaction of its own.
fn migrate(connection: &Connection, steps: &[(&str, &str)]) -> Result<(), StoreError> {
    const VERSION: &str = "-- schema.version
        SELECT max(version) FROM schema_step";
    const RECORD: &str = "-- schema.record
        INSERT INTO schema_step (version, name) VALUES (:version, :name)";
    let step = "store.migrate";
    connection
        .execute_batch(
            "-- schema.table
             CREATE TABLE IF NOT EXISTS schema_step (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT",
        )
        .named(step)?;
    let found: i64 = connection
        .query_row(VERSION, [], |row| row.get::<_, Option<i64>>(0))
        .optional()
        .named(step)?
        .flatten()
        .unwrap_or(0);
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::SchemaVersion { found, known });
    }
    for (version, (name, sql)) in (1_i64..).zip(steps) {
        if version <= found {
            continue;
        }
        connection.execute_batch("BEGIN IMMEDIATE").named(step)?;
        connection.execute_batch(sql).named(step)?;
        connection
            .execute(RECORD, named_params! {":version": version, ":name": name})
            .named(step)?;
        connection.execute_batch("COMMIT").named(step)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
