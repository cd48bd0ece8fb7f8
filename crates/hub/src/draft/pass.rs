//! The key of a draft that a code keeps, in the hands of a browser.
//!
//! The browser holds the key wrapped under the hub's master key for one session and one draft. Once
//! the session has ended, or in another one, the wrapped text opens nothing.

use domain::id::DraftId;
use seal::object::ObjectKey;

use crate::call::Hub;

/// Opens a draft that a code keeps.
#[derive(Clone)]
pub struct DraftKey(ObjectKey);

impl DraftKey {
    pub(super) fn new(key: ObjectKey) -> Self {
        Self(key)
    }

    pub(super) fn object_key(&self) -> &ObjectKey {
        &self.0
    }

    /// The key wrapped for the session with `session_secret`, as hexadecimal digits.
    pub fn pass(&self, hub: &Hub, id: DraftId, session_secret: &str) -> String {
        let ring = hub.store.keyring();
        let wrapped = ring
            .master()
            .wrap(&self.0, ring.hub(), &binding(id, session_secret));
        wrapped.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The key in `pass`, if it was wrapped for this draft and session.
    pub fn from_pass(hub: &Hub, pass: &str, id: DraftId, session_secret: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> = pass
            .bytes()
            .map(|letter| {
                char::from(letter)
                    .to_digit(16)
                    .and_then(|d| u8::try_from(d).ok())
            })
            .collect();
        let wrapped: Vec<u8> = digits?
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [high, low] => Some(high << 4 | low),
                _ => None,
            })
            .collect();
        let ring = hub.store.keyring();
        ring.master()
            .unwrap(&wrapped, ring.hub(), &binding(id, session_secret))
            .ok()
            .map(Self)
    }
}

fn binding(id: DraftId, session_secret: &str) -> String {
    format!("draft-pass/{id}/{session_secret}")
}
