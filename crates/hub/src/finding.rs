//! Findings: carriers send in what they found, desks look at it together and say what it is.
//!
//! A finding is a report's sibling: a part with terms of its own, sealed under its own key, read
//! through the gate by its audience. It has crossed the border when it arrives: what a carrier sends
//! is codes, hours and steps, without a text and without a subscriber, and the hub takes nothing else.
//!
//! INVARIANT: no reader learns which carrier found something, but the carrier itself.

mod arrive;
mod campaign;
mod desk;
mod judge;
mod share;
mod turned;

pub use arrive::{
    ArriveError, Fate, FindingTerms, Taken, Understood, WrongLine, default_circles, submit,
    understand,
};
pub(crate) use campaign::cured_after;
pub use campaign::{OwnCampaign, own_campaign, write_campaign};
pub use desk::{Judged, LISTED_MAX, Mention, Opened, Row, Said, Standpoint, list, open};
pub(crate) use share::{note_shared, rest_on};

pub use judge::{JUDGED_DAYS_MAX, JudgeError, judge, note_step};
