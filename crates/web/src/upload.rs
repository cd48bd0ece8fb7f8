//! Forms with a file: as strict as [`Posted`], and larger.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use exchange::sheet::FILE_BYTES_MAX;

use crate::form::{Posted, door, is_of_kind};
use crate::problem::Problem;
use crate::state::AppState;

/// Largest body of a form with a file, in bytes: the file, and rows that travel beside it.
const UPLOAD_BYTES_MAX: usize = 2 * FILE_BYTES_MAX;
/// Most fields of such a form.
const UPLOAD_FIELDS_MAX: usize = 20;

/// A form that may hold a file, sent as `file`.
pub(crate) struct Uploaded {
    /// Its other fields.
    pub(crate) posted: Posted,
    /// The file; `None` when none was chosen.
    pub(crate) file: Option<Bytes>,
}

/// The limit that a route for [`Uploaded`] has instead of that of all others.
pub(crate) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(UPLOAD_BYTES_MAX)
}

impl FromRequest<AppState> for Uploaded {
    type Rejection = Problem;

    /// Reads the form; of a signed-in person it must carry the session's token.
    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let visit = door(&request)?;
        if !is_of_kind(request.headers(), "multipart/form-data") {
            return Err(Problem::Malformed);
        }
        let parts = Multipart::from_request(request, state)
            .await
            .map_err(|_| Problem::Malformed)?;
        let uploaded = read(parts).await?;
        uploaded.posted.check(&visit, state)?;
        Ok(uploaded)
    }
}

async fn read(mut parts: Multipart) -> Result<Uploaded, Problem> {
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut file = None;
    let mut left = UPLOAD_FIELDS_MAX;
    while let Some(part) = parts.next_field().await.map_err(|_| Problem::TooLarge)? {
        left = left.checked_sub(1).ok_or(Problem::TooLarge)?;
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            let bytes = part.bytes().await.map_err(|_| Problem::TooLarge)?;
            file = Some(bytes).filter(|bytes| !bytes.is_empty());
        } else {
            let text = part.text().await.map_err(|_| Problem::Malformed)?;
            values.entry(name).or_default().push(text);
        }
    }
    Ok(Uploaded {
        posted: Posted::of(values),
        file,
    })
}
