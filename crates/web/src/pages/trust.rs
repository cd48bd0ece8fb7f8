//! Trust: the log as its readers see it, its proofs, tiles and checkpoints.

use axum::routing::get;
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod list;
mod proof;
mod raw;

/// Whoever acts for an organization, and auditors.
const READERS: Needs = Needs::MayAny(&[Action::Acknowledge, Action::AuditLog]);

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/trust",
        needs: READERS,
        handler: || get(list::show),
    },
    Route {
        method: "GET",
        path: "/trust/proof/{commitment}",
        needs: READERS,
        handler: || get(proof::download),
    },
    Route {
        method: "GET",
        path: "/log/checkpoint",
        needs: READERS,
        handler: || get(raw::checkpoint),
    },
    Route {
        method: "GET",
        path: "/log/consistency/{size}",
        needs: READERS,
        handler: || get(raw::consistency),
    },
    Route {
        method: "GET",
        path: "/log/{*tile}",
        needs: READERS,
        handler: || get(raw::tile),
    },
];
