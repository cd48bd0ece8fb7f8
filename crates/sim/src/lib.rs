//! Deterministic simulation of whole hubs, and the two tests that hold the product's promise.
//!
//! A world is a real hub on a real store in memory with the real pages; only the clock and the
//! randomness are ours. A history is a list of operations, drawn from a seed or written down. In a
//! history in which every operation happens, the **leak checker** asks after each of them for the
//! pages it touched, and in the end as everybody for everything, mail, files and the API included, and
//! looks for canaries in the wrong hands.
//! The **two-world test** plays two histories that differ in what one reader may not see, and
//! compares what he receives, byte for byte.
//!
//! Mutants are leaks planted on purpose, as layers around the real pages. Each must be found.
//!
//! Not a failure: a reader who sees less than he may; an operation that is refused. A failure: a
//! canary in the wrong hands; a difference between twins.

pub mod country;
pub mod crawl;
pub mod history;
pub mod leak;
pub mod mail;
pub mod mutant;
pub mod sweep;
pub mod trace;
pub mod trial;
pub mod twins;
pub mod world;
