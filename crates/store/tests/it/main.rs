//! The store suite: what must hold on every database it runs on.

#[cfg(test)]
mod backups;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod writer;

#[cfg(test)]
pub(crate) use fixture::{in_memory, keyring, on_disk, stamp};
