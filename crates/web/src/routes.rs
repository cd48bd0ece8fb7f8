//! The table of routes: method, path, what it needs, and its handler. The router is made from it.

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::MethodRouter;
use axum::{Extension, Router};
use domain::policy::Action;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::api;
use crate::form::FORM_BYTES_MAX;
use crate::guard;
use crate::pages;
use crate::state::AppState;

/// One way in.
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path with `{names}`.
    pub path: &'static str,
    /// Who may come in.
    pub needs: Needs,
    /// Makes the handler.
    pub handler: fn() -> MethodRouter<AppState>,
}

/// What a route needs before its handler runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: anybody may see it.
    Nothing,
    /// A session, also one that is good for making a first way in alone.
    Session,
    /// A signed-in person.
    SignedIn,
    /// A person recognized not long ago who looks after his ways in, or makes his first.
    WayIn,
    /// A signed-in person who was recognized not long ago.
    Recent,
    /// A role that may take this action.
    May(Action),
    /// The same, of a person who was recognized not long ago.
    MayRecent(Action),
    /// A role that may take one of these actions.
    MayAny(&'static [Action]),
}

impl Needs {
    /// The action that a role has to permit; of several, the first. `None` where no role is asked for.
    pub(crate) const fn action(self) -> Option<Action> {
        match self {
            Self::Nothing | Self::Session | Self::SignedIn | Self::WayIn | Self::Recent => None,
            Self::May(action) | Self::MayRecent(action) => Some(action),
            Self::MayAny(actions) => actions.first().copied(),
        }
    }
}

impl std::fmt::Display for Needs {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => out.write_str("nothing"),
            Self::Session => out.write_str("session"),
            Self::SignedIn => out.write_str("signed-in"),
            Self::WayIn => out.write_str("signed-in recently or invited"),
            Self::Recent => out.write_str("signed-in recently"),
            Self::May(action) => write!(out, "{action}"),
            Self::MayRecent(action) => write!(out, "{action} recently"),
            Self::MayAny(actions) => {
                for (at, action) in actions.iter().enumerate() {
                    let joint = if at == 0 { "" } else { " or " };
                    write!(out, "{joint}{action}")?;
                }
                Ok(())
            }
        }
    }
}

/// Every route of the hub, in the order of the areas.
pub fn table() -> Vec<&'static Route> {
    let areas = pages::AREAS.iter().flat_map(|area| area.iter());
    areas.chain(api::ROUTES).collect()
}

/// The hub's HTTP service.
pub fn router(state: AppState) -> Router {
    let mut router = Router::new();
    for route in table() {
        let handler: MethodRouter<AppState> = (route.handler)()
            .layer::<_, std::convert::Infallible>(from_fn_with_state(state.clone(), guard::admit))
            .layer(Extension(route.needs));
        router = router.route(route.path, handler);
    }
    router
        .fallback(guard::nothing_here)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn_with_state(state.clone(), guard::answer))
        .layer(from_fn(guard::headers))
        .layer(CompressionLayer::new().gzip(true))
        .with_state(state)
}
