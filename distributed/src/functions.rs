//! Our own functions for SQL: `profile_merge` and `profile_score`.
//!
//! A plan that is sent to another machine names a function and does not carry it. So each program that
//! meets such a plan (client, scheduler, executor) is linked with this module: [`state`] for what plans
//! queries, [`registry`] for what runs pieces of them.

mod profile_merge;
mod profile_score;

use std::sync::{Arc, LazyLock};

use ballista_core::registry::BallistaFunctionRegistry;
use ballista_core::utils::default_session_builder;
use datafusion::error::Result;
use datafusion::execution::SessionState;
use datafusion::logical_expr::{AggregateUDF, ScalarUDF};
use datafusion::prelude::{SessionConfig, SessionContext};

/// The merge of kept profiles as an aggregate: states of one server in, one state out.
pub fn profile_merge() -> Arc<AggregateUDF> {
    static MERGE: LazyLock<Arc<AggregateUDF>> =
        LazyLock::new(|| Arc::new(AggregateUDF::from(profile_merge::ProfileMerge::new())));
    Arc::clone(&MERGE)
}

/// The score of a server by its profile: see the module for what it takes.
pub fn profile_score() -> Arc<ScalarUDF> {
    static SCORE: LazyLock<Arc<ScalarUDF>> =
        LazyLock::new(|| Arc::new(ScalarUDF::from(profile_score::ProfileScore::new())));
    Arc::clone(&SCORE)
}

/// What plans queries, with our functions.
///
/// # Errors
/// When the machine gives no room for a session's files.
pub fn state(config: SessionConfig) -> Result<SessionState> {
    let state = default_session_builder(config)?;
    let context = SessionContext::new_with_state(state);
    register(&context);
    Ok(context.state())
}

/// Adds our functions to a session.
pub fn register(context: &SessionContext) {
    context.register_udaf(profile_merge().as_ref().clone());
    context.register_udf(profile_score().as_ref().clone());
}

/// What an executor finds functions in: those of DataFusion, and ours.
pub fn registry() -> Arc<BallistaFunctionRegistry> {
    let mut registry = BallistaFunctionRegistry::default();
    let merge = profile_merge();
    registry
        .aggregate_functions
        .insert(merge.name().to_owned(), merge);
    let score = profile_score();
    registry
        .scalar_functions
        .insert(score.name().to_owned(), score);
    Arc::new(registry)
}
