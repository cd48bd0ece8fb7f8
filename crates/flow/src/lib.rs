//! The room of flow records: what carriers export, to findings about servers.
//!
//! What this room never does:
//! - It never stores, and never reads a file, a socket or a clock: octets and times are arguments.
//! - It never lets a record out. Other rooms hold [`column::Columns`] and cannot look into them; what
//!   [`sealed::Sealer`] makes of them has tokens for subscribers. No type of a record is `Debug` or
//!   serialized; a [`finding::SharedFinding`] is, which names a server and no subscriber.
//! - It never writes a sentence: findings carry codes and numbers, and the pages put them in words.

mod packet;

pub mod archive;
pub mod capture;
pub mod column;
pub mod decode;
pub mod draw;
pub mod engine;
pub mod evaluate;
pub mod finding;
pub mod intake;
pub mod knowledge;
pub mod order;
pub mod prefix;
pub mod profile;
pub mod sealed;
pub mod service;
pub mod text;
pub mod visible;
