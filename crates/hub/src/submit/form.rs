//! A form that carries a random key, so that sending it twice makes one report and one receipt.
//!
//! A double press on "send" cancels the first answer, and with it the only showing of the mailbox
//! code; so the same form with the same content gets the same receipt again for a few minutes. The
//! receipt is not kept for that. It is drawn again from the form's key, which only the browser
//! has, and a salt, which only the store has and destroys when the minutes are over.

use std::fmt;
use std::str::FromStr;

use domain::id::OrganizationId;
use domain::time::Timestamp;
use seal::object::SubKey;
use seal::random::Random;
use seal::secret::constant_time_eq;
use store::submission::Submission;

use crate::call::Hub;

/// How long the same form gets the same receipt again, in seconds.
pub const REPEAT_SECONDS: i64 = 600;
/// How long a form is remembered as accepted, in seconds: longer than any session it came in, and
/// longer than a workbook that rows are added to is kept in use.
pub(super) const REMEMBER_SECONDS: i64 = 400 * 86_400;

/// A random key that belongs to one form as it was handed out. It is drawn before anybody is asked
/// anything and tells nothing about the sender.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FormKey([u8; 16]);

/// A text that is no key of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the form carries no key of ours; open it again")]
pub struct FormKeyError;

/// A form as it was sent: its key and what stood in it.
#[derive(Clone, PartialEq, Eq)]
pub struct SentForm {
    key: FormKey,
    content: Vec<u8>,
}

impl FormKey {
    /// Draws the key of a form that is being handed out.
    pub fn draw(random: &mut Random) -> Self {
        Self(random.bytes())
    }

    /// The form with this key, sent with `content`: any bytes that are equal when and only when the
    /// same was sent.
    pub fn sent(self, content: impl Into<Vec<u8>>) -> SentForm {
        SentForm {
            key: self,
            content: content.into(),
        }
    }

    /// The key as it counts for one organization. Keys travel in workbooks, and programs choose their
    /// own: the same key elsewhere is another one, and tells nothing about this.
    pub(crate) fn within(self, hub: &Hub, organization: OrganizationId) -> Self {
        let place = organization.to_string();
        Self::shortened(key(hub, "submit/within").keyed_hash(&[&self.0, place.as_bytes()]))
    }

    /// The form of one row of a file that carries this key: the `nth` of those rows in it that say
    /// `content`. A row sent before, with the same file or after other rows were added to it, is the
    /// same form again.
    pub(crate) fn row(self, hub: &Hub, content: &[u8], nth: u32) -> SentForm {
        let derived = key(hub, "submit/row").keyed_hash(&[&self.0, content, &nth.to_be_bytes()]);
        Self::shortened(derived).sent(content)
    }

    fn shortened(hash: [u8; 32]) -> Self {
        let mut short = [0; 16];
        for (to, from) in short.iter_mut().zip(hash) {
            *to = from;
        }
        Self(short)
    }
}

impl SentForm {
    /// The form as it counts for one organization, like its key.
    pub(super) fn within(&self, hub: &Hub, organization: OrganizationId) -> Self {
        self.key
            .within(hub, organization)
            .sent(self.content.clone())
    }

    /// The row that notes this form as accepted at `now`, with a new salt.
    pub(super) fn accepted(&self, hub: &Hub, salt: [u8; 32], now: Timestamp) -> Submission {
        let minute = now.seconds().div_euclid(60) * 60;
        Submission {
            form_hash: self.form_hash(hub),
            content_hash: self.content_hash(hub),
            salt: Some(salt),
            repeat_until: Timestamp::from_seconds(minute).plus_seconds(REPEAT_SECONDS),
        }
    }

    /// What the store finds the form by.
    pub(super) fn form_hash(&self, hub: &Hub) -> [u8; 32] {
        key(hub, "submit/form").keyed_hash(&[&self.key.0])
    }

    fn content_hash(&self, hub: &Hub) -> [u8; 32] {
        key(hub, "submit/content").keyed_hash(&[&self.key.0, &self.content])
    }

    /// The randomness that this form's receipt was drawn from, if the same was sent and the
    /// receipt is still repeated.
    pub(super) fn repeated(&self, hub: &Hub, found: &Submission, now: Timestamp) -> Option<Random> {
        let same = constant_time_eq(&found.content_hash, &self.content_hash(hub));
        let salt = found.salt.filter(|_| same && now < found.repeat_until)?;
        Some(self.randomness(hub, &salt))
    }

    /// The randomness that a receipt is drawn from.
    pub(super) fn randomness(&self, hub: &Hub, salt: &[u8; 32]) -> Random {
        Random::from_seed(key(hub, "submit/receipt").keyed_hash(&[&self.key.0, salt]))
    }
}

fn key(hub: &Hub, label: &str) -> SubKey {
    hub.store.keyring().master().derive(label)
}

impl fmt::Display for FormKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for FormKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("FormKey(..)")
    }
}

impl FromStr for FormKey {
    type Err = FormKeyError;

    fn from_str(text: &str) -> Result<Self, FormKeyError> {
        let written = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = u128::from_str_radix(text, 16).map_err(|_| FormKeyError)?;
        written
            .then(|| Self(bits.to_be_bytes()))
            .ok_or(FormKeyError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_round_trips_and_nothing_else_does() {
        let key = FormKey([0x0f; 16]);
        assert_eq!(key.to_string().parse(), Ok(key));
        for text in ["", "0f", "+f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"] {
            assert_eq!(text.parse::<FormKey>(), Err(FormKeyError), "{text}");
        }
    }
}
