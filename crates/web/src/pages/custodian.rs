//! Custodians of the seals: who they are, entering one, moving a leaver's shares, and when sources
//! are told of openings.

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod appoint;
mod delay;
mod hand_over;
mod list;

/// Largest hand-over that is posted, in bytes: a thousand shares, spelled for a form.
const HANDOVER_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/custodians",
        needs: Needs::SignedIn,
        handler: || get(list::show),
    },
    Route {
        method: "GET",
        path: "/custodians/slots/{slot}",
        needs: Needs::MayRecent(Action::AppointCustodian),
        handler: || get(appoint::show),
    },
    Route {
        method: "POST",
        path: "/custodians/slots/{slot}",
        needs: Needs::MayRecent(Action::AppointCustodian),
        handler: || post(appoint::send),
    },
    Route {
        method: "GET",
        path: "/custodians/{id}/hand-over",
        needs: Needs::MayRecent(Action::AppointCustodian),
        handler: || get(hand_over::show),
    },
    Route {
        method: "GET",
        path: "/custodians/{id}/hand-over.json",
        needs: Needs::MayRecent(Action::AppointCustodian),
        handler: || get(hand_over::download),
    },
    Route {
        method: "POST",
        path: "/custodians/{id}/hand-over",
        needs: Needs::MayRecent(Action::AppointCustodian),
        handler: || post(hand_over::send).layer(DefaultBodyLimit::max(HANDOVER_BYTES_MAX)),
    },
    Route {
        method: "GET",
        path: "/openings/delay",
        needs: Needs::MayRecent(Action::ManageHub),
        handler: || get(delay::show),
    },
    Route {
        method: "POST",
        path: "/openings/delay",
        needs: Needs::MayRecent(Action::ManageHub),
        handler: || post(delay::send),
    },
];
