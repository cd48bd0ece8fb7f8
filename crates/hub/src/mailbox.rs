//! The mailbox of a source that is not named: sixteen digits open it, and a pass keeps it open.
//!
//! INVARIANT: no row links the mailbox and who opened it. Wrong tries are counted per person and
//! forgotten by a right one; the pass travels with the browser.

use domain::id::ReportId;
use domain::policy::Action;
use domain::time::Timestamp;
use seal::token::{MailboxCode, StretchError, mailbox_locator};
use store::{StoreError, custody};

use crate::call::{Call, Hub};
use crate::carried::Purse;
use crate::limit::{self, LimitError, Limited, TooMany};
use crate::log::{Attempt, noting};

/// Why a typed text is no mailbox code.
pub use seal::token::MailboxCodeError;

/// How long an opened mailbox stays open, in seconds.
pub const OPEN_SECONDS: i64 = 30 * 60;

/// Proves that the mailbox of a report was opened with its code.
#[derive(Clone, PartialEq, Eq)]
pub struct MailboxPass(ReportId);

/// Why a mailbox stayed shut.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The role has no mailbox, or nothing opens under the digits.
    #[error("nothing is kept under this code")]
    NotFound,
    /// What was typed is no mailbox code.
    #[error(transparent)]
    Code(#[from] MailboxCodeError),
    /// Too many codes that opened nothing.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The code could not be stretched: memory ran out.
    #[error("the hub has no memory left for the mailbox; try again in a minute")]
    Stretch(#[from] StretchError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens the mailbox whose code was typed.
///
/// # Errors
/// [`MailboxError`]; codes that open nothing and codes that were never given look the same.
pub fn open(hub: &Hub, call: &Call<'_>, typed: &str) -> Result<MailboxPass, MailboxError> {
    if !call.may(Action::Submit) {
        return Err(MailboxError::NotFound);
    }
    let code = MailboxCode::parse(typed)?;
    let limited = Limited::Mailbox(call.actor.person);
    let let_in = limit::enter(hub, &limited, call.now, &call.random).map_err(MailboxError::from);
    noting(hub, call, Action::Submit, "mailbox-code", let_in)?;
    let locator = mailbox_locator(&code, &hub.mailbox_pepper(), hub.cost)?;
    let desk = hub.clone();
    let found = hub
        .store
        .write::<_, StoreError>(call.stamp("mailbox.open"), move |tx| {
            let found = custody::mailbox(tx, &locator)?;
            if found.is_some() {
                limit::clear(&desk, tx, &limited)?;
            }
            Ok(found)
        })?;
    found.map(MailboxPass).ok_or(MailboxError::NotFound)
}

impl MailboxPass {
    /// The report whose mailbox is open.
    pub fn report(&self) -> ReportId {
        self.0
    }

    /// The pass for the browser session with the secret `session`, from the time of `call` on.
    pub fn seal(&self, hub: &Hub, call: &Call<'_>, session: &str) -> String {
        let until = call.now.plus_seconds(OPEN_SECONDS);
        let mut random = call.random.derive("mailbox.seal");
        purse(session).put(hub, self.0.to_string().as_bytes(), until, &mut random)
    }

    /// The pass in `sealed`, if it was made for this session and is still open.
    pub fn unseal(hub: &Hub, sealed: &str, session: &str, now: Timestamp) -> Option<Self> {
        let text = purse(session).take(hub, sealed, now)?;
        let id = std::str::from_utf8(&text).ok()?;
        id.parse().ok().map(Self)
    }
}

fn purse(session: &str) -> Purse<'_> {
    Purse {
        name: "mailbox",
        session,
    }
}

impl Attempt for MailboxError {
    /// Single mistakes are not: a code that is typed again and again is.
    fn is_refusal(&self) -> bool {
        matches!(self, Self::TooMany(_))
    }
}

impl From<LimitError> for MailboxError {
    fn from(error: LimitError) -> Self {
        match error {
            LimitError::TooMany(wait) => Self::TooMany(wait),
            LimitError::Store(source) => Self::Store(source),
        }
    }
}
