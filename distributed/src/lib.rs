//! Kept profiles and talks of many collectors, looked at together: by one machine or by many.
//!
//! The plans ([`plan`]) are written once, over tables ([`tables`]) and our own functions
//! ([`functions`]). DataFusion runs them inside the program; [`cluster`] runs the same plans on Ballista.
//!
//! INVARIANT: a plan gives the same answer wherever it runs and whatever dies on the way, since what it
//! adds up may be added in any order.

pub mod answer;
pub mod cluster;
pub mod functions;
pub mod hunt;
pub mod lists;
pub mod plan;
pub mod tables;
pub mod tell;
