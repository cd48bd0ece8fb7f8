//! The program: command line, configuration, wiring, job loop, mail.
//!
//! This room alone reads the clock, draws randomness, and touches files and the network outward.
//! It decides nothing: it opens the store, hands the hub to `web`, and runs what is due.

pub mod ambient;
pub mod cli;
pub mod collector;
pub mod config;
pub mod jobs;
pub mod mail;
pub mod patience;
pub mod premises;
pub mod server;
pub mod tls;
