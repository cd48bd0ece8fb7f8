//! What a reader and a writer hold while they work.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Deref;

use domain::part::Subject;
use domain::time::Timestamp;
use rusqlite::Connection;
use seal::object::ObjectKey;
use seal::random::Random;

use crate::destruction;
use crate::error::StoreError;
use crate::keyring::{Keyring, Place};

/// A view of the store at one moment.
pub struct Reader<'a> {
    data: &'a Connection,
    keys: &'a Connection,
    ring: &'a Keyring,
}

/// A write in progress: everything in it is kept or undone together.
pub struct Tx<'a> {
    reader: Reader<'a>,
    name: &'static str,
    now: Timestamp,
    random: RefCell<Random>,
    /// Subjects whose texts or readers changed: they are shelved anew before the write ends.
    touched: RefCell<BTreeSet<Subject>>,
    /// How many keys it has destroyed.
    destroyed_count: Cell<u32>,
}

/// Who writes, when, and with which randomness.
pub struct Stamp {
    /// Name of the transaction: metric label and `updated_by`.
    pub name: &'static str,
    /// The time of the write.
    pub now: Timestamp,
    /// Randomness for ids, keys, nonces and salts.
    pub random: Random,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(data: &'a Connection, keys: &'a Connection, ring: &'a Keyring) -> Self {
        Self { data, keys, ring }
    }

    /// What stands for `fields` in the log: [`Keyring::mark`].
    pub fn mark(&self, label: &str, fields: &[&[u8]]) -> String {
        self.ring.mark(label, fields)
    }

    /// Name of this hub.
    pub fn hub(&self) -> &str {
        self.ring.hub()
    }

    pub(crate) fn data(&self) -> &'a Connection {
        self.data
    }

    pub(crate) fn ring(&self) -> &'a Keyring {
        self.ring
    }

    /// Opens what stands at `place`; `None` when its key was destroyed.
    pub(crate) fn opened(
        &self,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, StoreError> {
        match self.key(place.object)? {
            Some(key) => self.opened_with(&key, place, sealed).map(Some),
            None => Ok(None),
        }
    }

    /// The key of `object`, for several texts of it; `None` when it was destroyed.
    pub(crate) fn key(&self, object: &str) -> Result<Option<ObjectKey>, StoreError> {
        self.ring.key(self.keys, object)
    }

    /// Opens what stands at `place` with the key of its object.
    pub(crate) fn opened_with(
        &self,
        key: &ObjectKey,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        self.ring.decrypt(key, place, sealed)
    }
}

impl<'a> Tx<'a> {
    pub(crate) fn new(reader: Reader<'a>, stamp: Stamp) -> Self {
        Self {
            reader,
            name: stamp.name,
            now: stamp.now,
            random: RefCell::new(stamp.random),
            touched: RefCell::default(),
            destroyed_count: Cell::new(0),
        }
    }

    /// Name of the transaction, written to `updated_by`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The time of the write.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Fresh random bytes.
    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        self.random.borrow_mut().bytes()
    }

    /// Seals `text` for `place`, under the object's key, which is made if there is none.
    pub(crate) fn sealed(&self, place: &Place<'_>, text: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut random = self.random.borrow_mut();
        let key = self
            .reader
            .ring
            .key_or_new(self.reader.keys, place.object, &mut random)?;
        Ok(self.reader.ring.encrypt(&key, place, text, &mut random))
    }

    /// Seals `text` for `place` under a key that the store does not keep.
    pub(crate) fn sealed_under(&self, key: &ObjectKey, place: &Place<'_>, text: &[u8]) -> Vec<u8> {
        let mut random = self.random.borrow_mut();
        self.reader.ring.encrypt(key, place, text, &mut random)
    }

    /// Notes that the texts of `subject`, or who may read them, have changed.
    pub(crate) fn touch(&self, subject: Subject) {
        self.touched.borrow_mut().insert(subject);
    }

    /// Brings the search index up to what this write changed.
    pub(crate) fn settle(&self) -> Result<(), StoreError> {
        let touched = std::mem::take(&mut *self.touched.borrow_mut());
        for subject in touched {
            crate::search::shelve(self, subject)?;
        }
        Ok(())
    }

    /// Destroys the key of `object`: what was sealed under it is erased once this write is
    /// committed, and not before.
    pub fn destroy_key(&self, object: &str) -> Result<(), StoreError> {
        let count = self.destroyed_count.get();
        let mut drawn = self
            .random
            .borrow()
            .derive(&format!("destruction {count} {object}"));
        let id = u128::from_be_bytes(drawn.bytes());
        let reader = &self.reader;
        let id = format!("{id:032x}");
        if destruction::begin(reader.data, reader.keys, object, &id, self.name)? {
            self.destroyed_count.set(count + 1);
        }
        Ok(())
    }

    /// How many keys this write has destroyed.
    pub(crate) fn destroyed_count(&self) -> u32 {
        self.destroyed_count.get()
    }
}

impl<'a> Deref for Tx<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}
