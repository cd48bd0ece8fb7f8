//! The front desk: one function per verb, each inside one transaction.
//!
//! A verb checks the table of permissions, lets `domain` decide, and has `store` keep the result
//! together with its commitment. It takes the actor, the time and the randomness as arguments and
//! never reads a clock. What a reader gets back is [`domain::release::Visible`].
//!
//! This room knows no HTTP and no page.

pub mod acknowledge;
pub mod addressing;
pub mod amend;
pub mod backup_test;
pub mod call;
mod carried;
pub mod claim;
pub mod close;
pub mod communities;
pub mod compose;
pub mod count;
pub mod custodians;
pub mod deliver;
pub mod dialogue;
pub mod draft;
pub mod erase;
pub mod escalate;
pub mod feedback;
pub mod finding;
pub mod first_run;
pub mod holders;
pub mod inbox;
pub mod incident;
pub mod intake;
pub mod invite;
pub mod issue;
pub mod limit;
pub mod log;
pub mod mailbox;
pub mod members;
pub mod near_miss;
pub mod networks;
pub mod open_seal;
pub mod phone;
pub mod question;
pub mod reach;
pub mod recall;
pub mod receipts;
pub mod release;
pub mod retention;
pub mod roster;
pub mod search;
pub mod set_up;
pub mod sign_in;
pub mod situation;
pub mod slip;
pub mod submit;
pub mod tighten;
pub mod tokens;
pub mod tombstone;
pub mod triage;
pub mod update;

pub use call::{Call, Hub, ReadError};
pub use seal::random::Random;
