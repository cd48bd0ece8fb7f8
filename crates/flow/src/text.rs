//! Flows as lines of text.

pub mod zeek;
