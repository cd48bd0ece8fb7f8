//! Leaks planted on purpose, as layers around the real pages: the tests must find each of them.
//!
//! They live here and nowhere else, never behind a feature of the program, so that no build of a hub
//! can contain one.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use domain::id::ReportId;
use domain::part::field::{Field, Value};
use domain::part::{Side, Subject};
use store::{Store, StoreError, part, report};

use crate::world::World;

/// A planted leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutant {
    /// Answers 403 for what is hidden and 404 for what is absent.
    ForbiddenForHidden,
    /// Says in a header how long the original narrative is.
    LengthInHeader,
    /// Puts the original narrative into a comment of every page about the report.
    NarrativeInComment,
    /// Makes the page's entity tag from the whole store.
    GlobalTag,
}

impl Mutant {
    /// Every mutant.
    pub const ALL: [Self; 4] = [
        Self::ForbiddenForHidden,
        Self::LengthInHeader,
        Self::NarrativeInComment,
        Self::GlobalTag,
    ];

    /// Plants the leak around the pages of `world`.
    pub fn plant(self, world: &mut World) {
        let store = world.store.clone();
        world.wrap(|pages: Router| {
            pages.layer(from_fn(move |request: Request, next: Next| {
                let store = store.clone();
                async move {
                    let id = report_in(request.uri().path());
                    let response = next.run(request).await;
                    self.leak(&store, id, response).await
                }
            }))
        });
    }

    async fn leak(self, store: &Store, id: Option<ReportId>, mut response: Response) -> Response {
        let narrative = id.and_then(|id| narrative(store, id));
        match (self, narrative) {
            (Self::ForbiddenForHidden, Some(_)) if response.status() == StatusCode::NOT_FOUND => {
                *response.status_mut() = StatusCode::FORBIDDEN;
            }
            (Self::LengthInHeader, Some(text)) => {
                response
                    .headers_mut()
                    .insert("x-size", HeaderValue::from(text.len()));
            }
            (Self::NarrativeInComment, Some(text)) => {
                let (parts, body) = response.into_parts();
                let bytes = axum::body::to_bytes(body, usize::MAX)
                    .await
                    .unwrap_or_default();
                let mut bytes = bytes.to_vec();
                bytes.extend(format!("<!-- {text} -->").into_bytes());
                return Response::from_parts(parts, Body::from(bytes));
            }
            (Self::GlobalTag, _) => {
                response
                    .headers_mut()
                    .insert("etag", HeaderValue::from(total_length(store)));
            }
            _ => {}
        }
        response
    }
}

fn report_in(path: &str) -> Option<ReportId> {
    path.split('/').find_map(|piece| piece.parse().ok())
}

/// The narrative of a report's original, past every gate: only a mutant may do this.
fn narrative(store: &Store, id: ReportId) -> Option<String> {
    let parts = store
        .read::<_, StoreError>(move |reader| {
            if report::find(reader, id)?.is_none() {
                return Ok(vec![]);
            }
            part::latest_for_work(reader, Subject::Report(id), Side::Original)
        })
        .ok()?;
    parts.iter().find_map(
        |part| match part.body.expose_for_storage().value(Field::Narrative) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        },
    )
}

fn total_length(store: &Store) -> u64 {
    store.read(store::backup::text_bytes).unwrap_or(0)
}
