//! `GET /assets/{name}`: style sheet, scripts and the mark, kept by browsers for ever.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Serves a file whose path carries a hash of its content.
pub(crate) async fn show(Path(name): Path<String>) -> Result<Response, Problem> {
    let path = format!("/assets/{name}");
    let asset = view::asset::assets()
        .iter()
        .find(|asset| asset.path == path)
        .ok_or(Problem::NotFound)?;
    let headers = [
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, asset.bytes).into_response())
}
