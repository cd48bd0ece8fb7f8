//! Forms that were accepted, so that a form sent twice makes one report and one receipt.

use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, one};
use crate::transaction::{Reader, Tx};

/// A form that was accepted.
#[derive(Clone, PartialEq, Eq)]
pub struct Submission {
    /// Keyed hash of the form's key.
    pub form_hash: [u8; 32],
    /// Hash of what was sent.
    pub content_hash: [u8; 32],
    /// Half of what the receipt was drawn from; `None` once it is not repeated any more.
    pub salt: Option<[u8; 32]>,
    /// Until when the same receipt is given again.
    pub repeat_until: Timestamp,
}

/// The accepted form with that keyed hash.
pub fn find(reader: &Reader<'_>, form_hash: &[u8; 32]) -> Result<Option<Submission>, StoreError> {
    const FIND: &str = "-- submission.find
        SELECT * FROM submission WHERE form_hash = :form";
    one(
        reader.data(),
        "submission.find",
        "submission",
        FIND,
        named_params! {":form": form_hash.as_slice()},
        |row| {
            Ok(Submission {
                form_hash: row.plain("form_hash")?,
                content_hash: row.plain("content_hash")?,
                salt: row.plain("salt")?,
                repeat_until: row.time("repeat_until")?,
            })
        },
    )
}

/// Notes that a form was accepted; false when it had been before.
pub fn note(tx: &Tx<'_>, submission: &Submission) -> Result<bool, StoreError> {
    const NOTE: &str = "-- submission.note
        INSERT INTO submission (form_hash, content_hash, salt, repeat_until, updated_by)
        VALUES (:form, :content, :salt, :until, :by)
        ON CONFLICT (form_hash) DO NOTHING";
    let written = change(
        tx.data(),
        "submission.note",
        NOTE,
        named_params! {
            ":form": submission.form_hash.as_slice(),
            ":content": submission.content_hash.as_slice(),
            ":salt": submission.salt.as_ref().map(<[u8; 32]>::as_slice),
            ":until": submission.repeat_until.micros(),
            ":by": tx.name(),
        },
    )?;
    Ok(written == 1)
}

/// Destroys the salts of receipts that are not repeated any more, and forgets forms whose time
/// ended before `forget`.
pub fn tidy_up(tx: &Tx<'_>, forget: Timestamp) -> Result<(), StoreError> {
    const DESTROY: &str = "-- submission.destroy_salts
        UPDATE submission SET salt = NULL, updated_by = :by
        WHERE repeat_until <= :now AND salt IS NOT NULL";
    const FORGET: &str = "-- submission.forget
        DELETE FROM submission WHERE repeat_until < :forget";
    change(
        tx.data(),
        "submission.destroy_salts",
        DESTROY,
        named_params! {":now": tx.now().micros(), ":by": tx.name()},
    )?;
    change(
        tx.data(),
        "submission.forget",
        FORGET,
        named_params! {":forget": forget.micros()},
    )?;
    Ok(())
}
