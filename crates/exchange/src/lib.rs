//! Formats: the bytes of the outside world and the types of the house, both ways.
//!
//! This room parses and prints. It opens no connection and no file and keeps nothing; text comes in
//! as an argument and a parser never panics.
//!
//! INVARIANT: what a format holds and the house does not know is kept or told, never silently lost.

pub mod duty_rows;
pub mod form;
pub mod letter_rows;
pub mod listing;
pub mod moment;
pub mod near_miss_rows;
pub mod organization_rows;
pub mod people_rows;
pub mod reference;
pub mod server_list;
pub mod sheet;
