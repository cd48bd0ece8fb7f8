//! The log nobody can rewrite: a Merkle tree of commitments, as a tiled transparency log.
//!
//! - [`tree`]: hashes and proofs (RFC 6962, section 2.1).
//! - [`tile`]: the tree as static files (C2SP tlog-tiles).
//! - [`note`]: signed text (C2SP signed-note).
//! - [`checkpoint`]: the signed head of the tree (C2SP tlog-checkpoint).
//! - [`offline`]: what stands in the log, and proofs that are checked without the hub.
//!
//! The tree is our own because it is small and must be read whole: the other parts of this room
//! come from published crates. Nothing here reads or writes storage: the caller passes a closure
//! that fetches a tile, and stores the tiles that it is given.

pub mod checkpoint;
pub mod note;
pub mod offline;
pub mod tile;
pub mod tree;
