//! Groups of reports that a desk takes to be about one incident.

use axum::routing::{get, post};
use domain::policy::Action;

use crate::routes::{Needs, Route};

mod change;
mod group;
mod show;

pub(crate) use group::{alike_views, group_form};

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/incidents",
        needs: Needs::MayAny(&[Action::Intake, Action::Triage]),
        handler: || get(show::list),
    },
    Route {
        method: "GET",
        path: "/incidents/{incident}",
        needs: Needs::MayAny(&[Action::Intake, Action::Triage]),
        handler: || get(show::show),
    },
    Route {
        method: "POST",
        path: "/reports/{id}/group",
        needs: Needs::May(Action::GroupIncident),
        handler: || post(group::group),
    },
    Route {
        method: "POST",
        path: "/incidents/{incident}/remove/{report}",
        needs: Needs::May(Action::GroupIncident),
        handler: || post(change::remove),
    },
    Route {
        method: "POST",
        path: "/incidents/{incident}/merge",
        needs: Needs::May(Action::GroupIncident),
        handler: || post(change::merge),
    },
];
