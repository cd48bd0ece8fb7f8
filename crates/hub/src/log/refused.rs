//! Attempts that were refused are history too.

use domain::policy::Action;
use store::StoreError;
use store::log::refusal::{Refusal, note};
use store::log::{Entry, record};

use crate::call::{Call, Hub, ReadError};

/// Longest object that is written as it was given; ids of ours are shorter.
const OBJECT_CHARS_MAX: usize = 40;

/// Records that the caller was refused `action` on `object`, which is the id as he gave it. Once per
/// person, action, object and day, and no more than a fixed number of them per person and day: the
/// one beyond says so and is the last.
///
/// Whether the object exists changes nothing here: hidden and absent leave the same entry.
pub fn refused(hub: &Hub, call: &Call<'_>, action: Action, object: &str) -> Result<(), StoreError> {
    let object = tame(object).to_owned();
    let actor = call.actor.clone();
    hub.store.write(call.stamp("log.refused"), move |tx| {
        let limit = match note(tx, actor.person, action.word(), &object)? {
            Refusal::Known => return Ok(()),
            Refusal::First => "not-reached",
            Refusal::Limit => "reached",
        };
        let entry = Entry {
            event: "attempt-refused",
            object,
            owner: None,
            facts: vec![
                ("action", action.word().to_owned()),
                ("person", actor.person.to_string()),
                ("organization", actor.organization.to_string()),
                ("role", actor.role.word().to_owned()),
                ("limit", limit.to_owned()),
            ],
        };
        record(tx, &entry)
    })
}

/// Whether a verb's failure is a refused attempt: the caller set out to do what he may not.
pub(crate) trait Attempt {
    /// True when the caller was refused; false when something else went wrong.
    fn is_refusal(&self) -> bool;
}

impl Attempt for ReadError {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// `outcome`, after a refusal in it was recorded as by [`refused`].
///
/// # Errors
/// Those of `outcome`, and of recording.
pub(crate) fn noting<T, E: Attempt + From<StoreError>>(
    hub: &Hub,
    call: &Call<'_>,
    action: Action,
    object: &str,
    outcome: Result<T, E>,
) -> Result<T, E> {
    if outcome.as_ref().is_err_and(E::is_refusal) {
        refused(hub, call, action, object)?;
    }
    outcome
}

/// Ids only: a text from outside has no place in the log.
fn tame(object: &str) -> &str {
    let is_id = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_' || letter == b'-';
    if !object.is_empty() && object.len() <= OBJECT_CHARS_MAX && object.bytes().all(is_id) {
        object
    } else {
        "not-an-id"
    }
}
