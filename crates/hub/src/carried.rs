//! Small texts that travel with the browser, sealed for one session and a few minutes.
//!
//! What must not be kept on the server, since the store would then link it to a person, goes along
//! in a cookie: the slip after sending, the pass of an opened mailbox.
//!
//! INVARIANT: a carried text opens for the use, the session and the time it was made for, and
//! nothing of it is written to the store.

use std::fmt::Write as _;

use domain::time::Timestamp;
use seal::object::{Binding, ObjectKey, decrypt, encrypt};
use seal::random::Random;

use crate::call::Hub;

/// What a carried text is for and for whom.
#[derive(Clone, Copy)]
pub(crate) struct Purse<'a> {
    /// The use: one word.
    pub(crate) name: &'static str,
    /// The secret of the session.
    pub(crate) session: &'a str,
}

impl Purse<'_> {
    /// `text` for the browser to carry until `until`.
    pub(crate) fn put(
        self,
        hub: &Hub,
        text: &[u8],
        until: Timestamp,
        random: &mut Random,
    ) -> String {
        let ring = hub.store.keyring();
        let object = self.object(hub);
        let key = ObjectKey::generate(random);
        let wrapped = ring.master().wrap(&key, ring.hub(), &object);
        let mut dated = until.seconds().to_be_bytes().to_vec();
        dated.extend_from_slice(text);
        let sealed = encrypt(&key, &self.binding(hub, &object), &dated, random);
        format!("{}.{}", hex(&wrapped), hex(&sealed))
    }

    /// The text in `carried`; `None` when it is not whole, not this session's, or too old.
    pub(crate) fn take(self, hub: &Hub, carried: &str, now: Timestamp) -> Option<Vec<u8>> {
        let (wrapped, sealed) = carried.split_once('.')?;
        let ring = hub.store.keyring();
        let object = self.object(hub);
        let key = ring
            .master()
            .unwrap(&unhex(wrapped)?, ring.hub(), &object)
            .ok()?;
        let dated = decrypt(&key, &self.binding(hub, &object), &unhex(sealed)?).ok()?;
        let (until, text) = dated.split_first_chunk::<8>()?;
        (now.seconds() <= i64::from_be_bytes(*until)).then(|| text.to_vec())
    }

    /// The session as the object of the key: without its secret in the text.
    fn object(self, hub: &Hub) -> String {
        let key = hub.store.keyring().master().derive("carried");
        let hash = key.keyed_hash(&[self.name.as_bytes(), self.session.as_bytes()]);
        format!("{}_{}", self.name, hex(&hash))
    }

    fn binding<'b>(self, hub: &'b Hub, object: &'b str) -> Binding<'b> {
        Binding {
            hub: hub.name(),
            table: "carried",
            column: self.name,
            row: object,
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
            _ => None,
        })
        .collect()
}
