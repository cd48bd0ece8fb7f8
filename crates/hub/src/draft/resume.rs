//! Going on with a draft by the sixteen digits its author kept.

use domain::policy::Action;
use seal::token::{MailboxCode, mailbox_key, mailbox_locator};
use store::StoreError;
use store::draft::find_by_code;

use super::{DraftError, DraftKey, Opened, read};
use crate::call::{Call, Hub};
use crate::limit::{self, LimitError, Limited};
use crate::log::refused;

/// Finds a draft by the sixteen digits its author kept, on any machine. Digits that open nothing are
/// counted together with wrong mailbox codes: they are of one kind.
///
/// # Errors
/// [`DraftError::NoSuchCode`] when nothing of the caller's organization is kept under them;
/// [`DraftError::TooManyCodes`] after too many of these.
pub fn resume(hub: &Hub, call: &Call<'_>, typed: &str) -> Result<Opened, DraftError> {
    if !call.may(Action::Submit) {
        return Err(DraftError::NotFound);
    }
    let code = MailboxCode::parse(typed)?;
    let limited = Limited::Mailbox(call.actor.person);
    match limit::enter(hub, &limited, call.now, &call.random) {
        Ok(()) => {}
        Err(LimitError::TooMany(wait)) => {
            refused(hub, call, Action::Submit, "draft-code")?;
            return Err(wait.into());
        }
        Err(LimitError::Store(failure)) => return Err(failure.into()),
    }
    let opened = open(hub, call, &code)?;
    let desk = hub.clone();
    hub.store
        .write::<_, StoreError>(call.stamp("draft.resume"), move |tx| {
            limit::clear(&desk, tx, &limited)
        })?;
    Ok(opened)
}

fn open(hub: &Hub, call: &Call<'_>, code: &MailboxCode) -> Result<Opened, DraftError> {
    let locator = mailbox_locator(code, &hub.mailbox_pepper(), hub.cost)?;
    let now = call.now;
    let found = hub
        .store
        .read::<_, StoreError>(move |reader| find_by_code(reader, &locator, now))?;
    let Some((closed, salt)) = found.and_then(|found| found.salt.map(|salt| (found, salt))) else {
        return Err(DraftError::NoSuchCode);
    };
    let key = DraftKey::new(mailbox_key(code, &salt, hub.cost)?);
    let id = closed.id;
    read(hub, call, id, Some(&key)).map_err(|error| match error {
        DraftError::NotFound => DraftError::NoSuchCode,
        other => other,
    })?;
    Ok(Opened {
        id,
        key: Some(key),
        code: Some(code.expose_grouped().to_string()),
    })
}
