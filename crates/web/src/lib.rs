//! HTTP in: routes and handlers for pages and the JSON API.
//!
//! A handler is extract, hub call, view; it decides nothing. Every route stands in the table of
//! [`routes`], with the permission it needs; the router is made from that table and from nothing
//! else.

mod api;
mod cookie;
mod form;
mod guard;
mod lists;
mod names;
pub mod pages;
mod passkey;
mod posted_json;
mod problem;
pub mod routes;
mod said;
mod sheets;
mod state;
mod typed;
mod upload;
mod visit;

pub use routes::router;
pub use state::{AppState, Chance, Clock, Facts, World};
