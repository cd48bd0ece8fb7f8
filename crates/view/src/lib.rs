//! Words and layout: pages, mail text, tables and charts, in Japanese and English.
//!
//! Takes only what may be shown and decides nothing. A page is one askama struct with a
//! [`Frame`](layout::Frame) and its fields; its words come from `locales/{ja,en}/AREA.ftl`.
//!
//! INVARIANT: no inline script, style or event attribute leaves this crate (the content security
//! policy refuses them); every page works without JavaScript.

pub mod answer;
pub mod asset;
pub mod chart;
pub mod clock;
pub mod evidence;
pub mod form;
pub mod html;
pub mod layout;
pub mod letter;
pub mod lines;
pub mod mail;
pub mod page;
pub mod part;
pub mod qr;
pub mod table;
pub mod words;
