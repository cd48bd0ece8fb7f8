//! Small things that people type in several places, read once.

use domain::text::BoundedText;
use exchange::people_rows::address;
use hub::invite::MAIL_CHARS_MAX;

/// A mail address as typed; `None` when the field is empty.
pub(crate) fn mail(raw: &str) -> Result<Option<BoundedText<MAIL_CHARS_MAX>>, NoAddress> {
    address(raw).map_err(|_| NoAddress)
}

/// A text that is no mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoAddress;
