//! Why the store could not do what was asked.

/// A failure of the store. Its text is for the hub's own log, never for a page.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed; the cause is the driver's.
    #[error("the database failed in `{transaction}`")]
    Database {
        /// Name of the transaction or step.
        transaction: &'static str,
        /// What the driver said.
        #[source]
        source: rusqlite::Error,
    },
    /// A stored value is not of the form this program writes.
    #[error(
        "table `{table}` holds a value in `{column}` that this program never writes; run `noroshi db verify`"
    )]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A ciphertext did not open, or its key was destroyed.
    #[error(
        "a stored text of table `{table}` does not open: its key was destroyed or it was changed"
    )]
    Unreadable {
        /// The table.
        table: &'static str,
    },
    /// The store was written by another version of this program.
    #[error(
        "the store has schema version {found} and this program knows up to {known}; use the program that wrote it, or a newer one"
    )]
    SchemaVersion {
        /// Version found in the store.
        found: i64,
        /// Latest version known here.
        known: i64,
    },
    /// Another program holds the store's files for writing. Nothing was written; the next write is
    /// tried again.
    #[error("another program holds the store's files; end it, or try again in a minute")]
    Busy,
    /// The writer has stopped: the commit failed or the program is ending. Nothing was
    /// acknowledged.
    #[error("the store accepts no writes any more; restart the program and try again")]
    Stopped,
    /// The transaction's code failed in an unforeseen way; its writes were undone.
    #[error("the transaction `{0}` failed in an unforeseen way and was undone")]
    Panicked(&'static str),
    /// The file is not a store of the kind asked for.
    #[error("{0}")]
    WrongStore(String),
}

/// Adds the transaction's name to a driver error.
pub(crate) trait Named<T> {
    /// The result with the name of the step it happened in.
    fn named(self, transaction: &'static str) -> Result<T, StoreError>;
}

impl<T> Named<T> for Result<T, rusqlite::Error> {
    fn named(self, transaction: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database {
            transaction,
            source,
        })
    }
}
