//! The room of seals: every piece of cryptography in the house, and nothing else.
//!
//! What this room never does:
//! - It never reads a clock, a file, a socket or an environment variable. Time, where a rule needs
//!   it, is an argument.
//! - It never draws ambient randomness: every function that needs it takes a [`random::Random`].
//! - It never decides who may see what. It makes keys, seals, tokens and proofs; `domain` decides.
//! - It never prints a secret: each type that holds one has a hand-written `Debug` and is wiped
//!   when dropped. Working memory inside the crates below it (cipher schedules, the state of the
//!   generator, the polynomial of a split) is not wiped: a memory image of a live process may show
//!   it.
//! - It never invents a primitive: AES-256-GCM, HPKE (RFC 9180), HKDF, Argon2id, Ed25519 and
//!   Shamir's scheme come from their crates. Only the tree of the log (RFC 6962) is our own.
//!
//! It depends on no other room.

pub mod commitment;
pub mod envelope;
pub mod identity;
pub mod object;
pub mod random;
pub mod secret;
pub mod split;
pub mod subscriber;
pub mod tlog;
pub mod token;

mod cipher;
mod derivation;
mod encoding;
mod typed;
