//! Listening, serving, and ending in order.

use std::net::SocketAddr;

use anyhow::Context as _;
use axum::Router;
use axum::serve::Listener;
use tokio::net::TcpListener;

use crate::patience::{IDLE_MAX, Patient};

/// Takes the address; port 0 lets the system choose one.
///
/// # Errors
/// When the address is taken or not ours.
pub async fn bind(listen: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}; choose another with --listen"))
}

/// Serves until the program is asked to end, then finishes what is running.
///
/// # Errors
/// When the listener fails.
pub async fn serve<L>(listener: L, router: Router) -> anyhow::Result<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    axum::serve(Patient::new(listener, IDLE_MAX), router)
        .with_graceful_shutdown(asked_to_end())
        .await
        .context("the listener failed")
}

/// Resolves on SIGINT or SIGTERM.
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _interrupted = interrupt.await;
        }
    }
}
