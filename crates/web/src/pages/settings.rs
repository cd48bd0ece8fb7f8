//! A person's own settings: purpose, place, sessions, ways to sign in, tokens.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod networks;
mod show;
mod tokens;
mod ways_in;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/settings",
        needs: Needs::SignedIn,
        handler: || get(show::show),
    },
    Route {
        method: "POST",
        path: "/settings/purpose",
        needs: Needs::SignedIn,
        handler: || post(show::set_purpose),
    },
    Route {
        method: "POST",
        path: "/settings/place",
        needs: Needs::SignedIn,
        handler: || post(show::switch_place),
    },
    Route {
        method: "POST",
        path: "/settings/sessions/end",
        needs: Needs::SignedIn,
        handler: || post(show::end_session),
    },
    Route {
        method: "POST",
        path: "/settings/sessions/end-others",
        needs: Needs::SignedIn,
        handler: || post(show::end_other_sessions),
    },
    Route {
        method: "GET",
        path: "/settings/networks",
        needs: Needs::May(Action::RecordNetworks),
        handler: || get(networks::show),
    },
    Route {
        method: "POST",
        path: "/settings/networks",
        needs: Needs::May(Action::RecordNetworks),
        handler: || post(networks::record),
    },
    Route {
        method: "GET",
        path: "/settings/sign-in",
        needs: Needs::WayIn,
        handler: || get(ways_in::show),
    },
    Route {
        method: "POST",
        path: "/settings/sign-in/both",
        needs: Needs::WayIn,
        handler: || post(ways_in::set_both),
    },
    Route {
        method: "POST",
        path: "/settings/sign-in/password",
        needs: Needs::WayIn,
        handler: || post(ways_in::set_password),
    },
    Route {
        method: "POST",
        path: "/settings/sign-in/app",
        needs: Needs::WayIn,
        handler: || post(ways_in::set_app),
    },
    Route {
        method: "POST",
        path: "/settings/sign-in/recovery",
        needs: Needs::WayIn,
        handler: || post(ways_in::renew_recovery_codes),
    },
    Route {
        method: "POST",
        path: "/settings/sign-in/passkey/begin",
        needs: Needs::WayIn,
        handler: || post(ways_in::begin_passkey),
    },
    Route {
        method: "POST",
        path: "/settings/sign-in/passkey/finish",
        needs: Needs::WayIn,
        handler: || post(ways_in::finish_passkey),
    },
    Route {
        method: "POST",
        path: "/settings/sign-in/passkey/remove",
        needs: Needs::WayIn,
        handler: || post(ways_in::remove_passkey),
    },
    Route {
        method: "GET",
        path: "/settings/tokens",
        needs: Needs::Recent,
        handler: || get(tokens::show),
    },
    Route {
        method: "POST",
        path: "/settings/tokens",
        needs: Needs::Recent,
        handler: || post(tokens::make),
    },
    Route {
        method: "POST",
        path: "/settings/tokens/revoke",
        needs: Needs::Recent,
        handler: || post(tokens::revoke),
    },
];
