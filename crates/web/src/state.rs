//! What the handlers share: the hub, and the clock and randomness that the program supplies.

use std::sync::Arc;

use domain::time::Timestamp;
use hub::{Hub, Random};

use crate::problem::Problem;

/// The source of time; the program passes the real one, a simulation its own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The source of randomness, one stream per call; the label says what it is for.
pub type Chance = Arc<dyn Fn(&str) -> Random + Send + Sync>;

/// What the installation says of itself on its pages.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Display name of the hub.
    pub name: String,
    /// Scheme, host and port under which browsers reach it, without a slash at the end.
    pub base: String,
    /// Telephone number of the desk.
    pub phone: Option<String>,
    /// The world this store is of.
    pub world: World,
    /// When this process began to answer.
    pub up_since: Timestamp,
}

/// The world a store is of: it stands on every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    /// Real reports.
    Real,
    /// The synthetic nation.
    Demo,
}

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The front desk.
    pub hub: Hub,
    /// The time.
    pub clock: Clock,
    /// The randomness.
    pub chance: Chance,
    /// What the pages say of the installation.
    pub facts: Arc<Facts>,
}

impl AppState {
    /// Runs a call of the hub on a thread that may wait for the disk.
    pub(crate) async fn call<T, E>(
        &self,
        work: impl FnOnce(&Hub) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Send + 'static,
        Problem: From<E>,
    {
        self.ask(work).await?.map_err(Problem::from)
    }

    /// The same for a handler that answers some refusals itself.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Hub) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let hub = self.hub.clone();
        tokio::task::spawn_blocking(move || work(&hub))
            .await
            .map_err(|failure| Problem::trouble(&failure))
    }

    /// Whether cookies may travel over TLS only.
    pub(crate) fn is_tls(&self) -> bool {
        self.facts.base.starts_with("https://")
    }
}
