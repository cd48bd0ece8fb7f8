//! How things are kept: SQL, per-object encryption, group commit, job leases.
//!
//! This room decides nothing. It writes what the hub decided and reads what an audience join lets a
//! reader have; the reader's keys are bound as parameters and the join is fixed text. Every
//! statement carries its name in its first line.
//!
//! INVARIANT: a write is acknowledged only after the batch it belongs to is durably committed.
//! INVARIANT: confidential columns hold ciphertext bound to hub, table, column and row; the keys
//! live in a database of their own.

pub mod advisory;
pub mod api_token;
pub mod attempt;
pub mod backup;
pub mod ceremony;
pub mod closing;
pub mod count;
pub mod credential;
pub mod custody;
pub mod delivery;
mod destruction;
pub mod draft;
pub mod duty;
pub mod error;
pub mod fact;
pub mod feedback;
pub mod finding;
pub mod incident;
pub mod invitation;
pub mod keyring;
pub mod lease;
pub mod letter;
pub mod log;
pub mod member;
pub mod message;
pub mod network;
pub mod open;
pub mod opinion;
pub mod organization;
pub mod part;
pub mod person;
pub mod question;
pub mod receipt;
pub mod report;
pub mod retention;
pub mod review;
mod row;
pub mod search;
pub mod session;
pub mod situation;
pub mod submission;
mod transaction;
pub mod withdrawal;
mod writer;

pub use error::StoreError;
pub use open::{Location, Store};
pub use transaction::{Reader, Stamp, Tx};
