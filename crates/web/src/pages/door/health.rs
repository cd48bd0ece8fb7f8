//! `GET /healthz`: the hub answers.

/// Says that the hub answers; the store has been opened before the first request.
pub(crate) async fn show() -> &'static str {
    "ok\n"
}
