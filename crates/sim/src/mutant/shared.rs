//! Leaks planted on the way by which members of a community read what left for them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use domain::audience::AudienceKey;
use domain::id::ReportId;
use domain::part::field::{Field, Value};
use domain::part::{Part, Side, Subject};
use domain::release::own;
use store::{Reader, Store, StoreError, part};
use tower::ServiceExt as _;

use super::{bytes, with_comment};
use crate::world::World;

/// The list of what was shared with a member.
const LIST: &str = "/shared";

/// A leak to those who read what was shared with their communities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// Shows them the original technique beside the one that left.
    OriginalSide,
    /// Shows them the page of what left for the members of another community.
    OtherCommunity,
    /// Lists what left for the members of every community.
    OtherList,
    /// Answers with the page they received first, whatever has ended since.
    KeptPage,
}

/// Pages of reports as they were received first, by cookie and path.
type Kept = Arc<Mutex<BTreeMap<(String, String), Vec<u8>>>>;

impl Breach {
    /// Every leak.
    pub const ALL: [Self; 4] = [
        Self::OriginalSide,
        Self::OtherCommunity,
        Self::OtherList,
        Self::KeptPage,
    ];

    /// Plants the leak around the pages of `world`.
    pub fn plant(self, world: &mut World) {
        let store = world.store.clone();
        let kept = Kept::default();
        world.wrap(|pages: Router| {
            let inner = pages.clone();
            pages.layer(from_fn(move |request: Request, next: Next| {
                let (store, kept, inner) = (store.clone(), Arc::clone(&kept), inner.clone());
                async move {
                    let path = request.uri().path().to_owned();
                    let headers = request.headers().clone();
                    let response = next.run(request).await;
                    let report = path
                        .strip_prefix("/reports/")
                        .and_then(|id| id.parse().ok());
                    if (path != LIST && report.is_none()) || !is_member(inner, &headers).await {
                        return response;
                    }
                    match (self, report) {
                        (Self::OriginalSide, Some(id)) if response.status() == StatusCode::OK => {
                            let text = technique(&store, id, Side::Original);
                            with_comment(response, &text.unwrap_or_default()).await
                        }
                        (Self::OtherCommunity, Some(id)) => other_page(&store, id, response).await,
                        (Self::OtherList, None) => {
                            with_comment(response, &shared_with_any(&store).join(" ")).await
                        }
                        (Self::KeptPage, Some(_)) => {
                            kept_page(&kept, (cookie(&headers), path), response).await
                        }
                        _ => response,
                    }
                }
            }))
        });
    }
}

/// Whether whoever sends `headers` is let in to the list of what was shared.
async fn is_member(pages: Router, headers: &HeaderMap) -> bool {
    let Ok(mut request) = Request::builder().uri(LIST).body(Body::empty()) else {
        return false;
    };
    request.headers_mut().clone_from(headers);
    let Ok(response) = pages.oneshot(request).await;
    response.status() == StatusCode::OK
}

/// Every report of which something is with a community.
fn shared_with_any(store: &Store) -> Vec<String> {
    let rows = store.read(store::backup::rows).unwrap_or_default();
    let ids = rows.iter().filter_map(|row| {
        let mut columns = row.strip_prefix("report\n")?.split('\n');
        columns.find_map(|column| column.parse::<ReportId>().ok())
    });
    ids.filter(|id| technique(store, *id, Side::Outgoing).is_some())
        .map(|id| id.to_string())
        .collect()
}

/// What is with a community, where it was hidden.
async fn other_page(store: &Store, id: ReportId, response: Response) -> Response {
    let text = technique(store, id, Side::Outgoing);
    let Some(text) = text.filter(|_| response.status() == StatusCode::NOT_FOUND) else {
        return response;
    };
    let mut response = with_comment(response, &text).await;
    *response.status_mut() = StatusCode::OK;
    response
}

/// The page as it was received first.
async fn kept_page(kept: &Kept, key: (String, String), response: Response) -> Response {
    let known = {
        let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&key).cloned()
    };
    if let Some(known) = known {
        return Response::new(Body::from(known));
    }
    if response.status() != StatusCode::OK {
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = bytes(body).await;
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.insert(key, body.clone());
    Response::from_parts(parts, Body::from(body))
}

fn cookie(headers: &HeaderMap) -> String {
    let cookie = headers.get(header::COOKIE);
    let text = cookie.and_then(|cookie| cookie.to_str().ok());
    text.unwrap_or_default().to_owned()
}

/// The technique of a report on one side of the border, past every gate; of what left, if it is with a
/// community now.
fn technique(store: &Store, id: ReportId, side: Side) -> Option<String> {
    let parts: Vec<Part> = store
        .read::<_, StoreError>(move |reader| {
            let mut parts = part::latest_for_work(reader, Subject::Report(id), side)?;
            if side == Side::Outgoing {
                let mut shared = Vec::new();
                for part in parts {
                    if is_shared(reader, &part)? {
                        shared.push(part);
                    }
                }
                parts = shared;
            }
            Ok(parts)
        })
        .ok()?;
    parts.into_iter().find_map(
        |part| match own(part.body).content().value(Field::Technique) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        },
    )
}

fn is_shared(reader: &Reader<'_>, part: &Part) -> Result<bool, StoreError> {
    let grants = part::grants(reader, part.id)?;
    Ok(grants
        .iter()
        .any(|grant| matches!(grant.key, AudienceKey::Community(..))))
}
