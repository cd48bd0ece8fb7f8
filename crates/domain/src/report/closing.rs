//! Why a relay settles a report.

use crate::word::words;

words! {
    /// Why nothing more is done about a report.
    pub enum CloseReason {
        /// The final report is here, and what was to be passed on was.
        Complete = "complete",
        /// Nothing more is to come, although no final report was sent.
        NothingMore = "nothing-more",
        /// Another report says the same.
        Duplicate = "duplicate",
        /// It is not a matter for this desk.
        OutOfScope = "out-of-scope",
    }
}
