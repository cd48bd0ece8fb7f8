//! The synthetic nation: everyone in an invented country's sharing system, and two years of its life.
//!
//! One seed gives one nation. It serves the demo, the browser tests, load and attack tests: a plan
//! is made without touching anything, then played through the hub's own verbs, so that what stands
//! in the store went through the same doors as real reports do.
//!
//! INVARIANT: nothing here is real. Organizations and people are invented, names end in `.example`,
//! addresses come from the ranges reserved for documentation, telephone exchanges begin with 0,
//! which no Japanese exchange does. Bodies with a real model say 模擬 / synthetic in their names.
//! INVARIANT: a nation is only ever built into a store marked as a demo.

mod build;
mod catalog;
mod corpus;
mod draw;
mod narrative;
mod plan;
mod slot;

pub use build::{
    BuildError, Built, CustodianKey, HISTORY_DAYS, PlayedReport, Progress, SignIn, Step,
};
pub use corpus::{LabeledText, corpus};
pub use narrative::Language;
pub use plan::{
    Fate, Moment, Nation, Plan, PlannedAdvisory, PlannedAnswer, PlannedClerk, PlannedCommunity,
    PlannedCount, PlannedOrganization, PlannedPerson, PlannedPlace, PlannedReport, Story, Variant,
};
pub use slot::Label;
