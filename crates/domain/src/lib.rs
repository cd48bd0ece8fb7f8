//! What things are, and who may see them: the pure floor of the house.
//!
//! This room decides. It knows no clock, no randomness, no storage, no network and no
//! cryptography: what is sealed is an opaque block of bytes here, and time and random bytes arrive
//! as arguments. "May" and "must not" live in this crate and nowhere else.
//!
//! INVARIANT: confidential text is readable only through [`release`]; see [`confidential`].

pub mod actor;
pub mod advisory;
pub mod audience;
pub mod confidential;
pub mod count;
pub mod dialogue;
pub mod finding;
pub mod handling;
pub mod id;
pub mod network;
pub mod opening;
pub mod organization;
pub mod part;
pub mod policy;
pub mod reference;
pub mod release;
pub mod report;
pub mod retention;
pub mod roster;
pub mod search;
pub mod severity;
pub mod statistic;
pub mod text;
pub mod time;
pub mod word;
