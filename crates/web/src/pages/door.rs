//! The door: signing in and out, the first page, the assets, and whether the hub is up.

use axum::routing::{get, post};

use crate::routes::{Needs, Route};

mod asset;
mod first_run;
mod health;
mod home;
mod join;
mod passkey;
pub(crate) mod sign_in;
mod status;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/",
        needs: Needs::Nothing,
        handler: || get(home::show),
    },
    Route {
        method: "GET",
        path: "/healthz",
        needs: Needs::Nothing,
        handler: || get(health::show),
    },
    Route {
        method: "GET",
        path: "/status",
        needs: Needs::Nothing,
        handler: || get(status::show),
    },
    Route {
        method: "GET",
        path: "/assets/{name}",
        needs: Needs::Nothing,
        handler: || get(asset::show),
    },
    Route {
        method: "GET",
        path: "/sign-in",
        needs: Needs::Nothing,
        handler: || get(sign_in::show),
    },
    Route {
        method: "POST",
        path: "/sign-in",
        needs: Needs::Nothing,
        handler: || post(sign_in::by_password),
    },
    Route {
        method: "POST",
        path: "/sign-in/passkey/begin",
        needs: Needs::Nothing,
        handler: || post(passkey::begin),
    },
    Route {
        method: "POST",
        path: "/sign-in/passkey/finish",
        needs: Needs::Nothing,
        handler: || post(passkey::finish),
    },
    Route {
        method: "GET",
        path: "/sign-in/link/{link}",
        needs: Needs::Nothing,
        handler: || get(sign_in::by_link),
    },
    Route {
        method: "GET",
        path: "/first-run",
        needs: Needs::Nothing,
        handler: || get(first_run::show),
    },
    Route {
        method: "POST",
        path: "/first-run",
        needs: Needs::Nothing,
        handler: || post(first_run::enter),
    },
    Route {
        method: "GET",
        path: "/join/{link}",
        needs: Needs::Nothing,
        handler: || get(join::show),
    },
    Route {
        method: "POST",
        path: "/join",
        needs: Needs::Nothing,
        handler: || post(join::take_up),
    },
    Route {
        method: "POST",
        path: "/sign-out",
        needs: Needs::Session,
        handler: || post(sign_in::end),
    },
];
