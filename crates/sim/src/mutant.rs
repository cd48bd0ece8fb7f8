//! Leaks planted on purpose, as layers around the real pages: the tests must find each of them.
//!
//! They live here and nowhere else, never behind a feature of the program, so that no build of a hub
//! can contain one.

pub mod channel;
pub mod shared;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::id::{AdvisoryId, OrganizationId, ReportId};
use domain::part::field::{Field, Value};
use domain::part::{Side, Subject};
use domain::release::own;
use domain::report::Report;
use store::{Store, StoreError, advisory, organization, part, report};

use self::shared::Breach;
use crate::world::World;

/// Reports of one organization that a mutant looks at.
const REPORTS_MAX: u32 = 100;
/// Pages that list items.
const LISTS: [&str; 5] = ["/intake", "/triage", "/sent", "/advisories", "/duty"];

/// A planted leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutant {
    /// Answers 403 for what is hidden and 404 for what is absent.
    ForbiddenForHidden,
    /// Says in a header how long the original narrative is.
    LengthInHeader,
    /// Puts the original narrative into a comment of every page about the report.
    NarrativeInComment,
    /// Makes the page's `ETag` from the whole store.
    GlobalTag,
    /// Counts on every list all reports there are.
    TotalCount,
    /// Names on every list the newest report there is.
    HiddenIdListed,
    /// Links from every list to the page after the oldest report there is.
    NextLink,
    /// Names the source's organization on every page about a report.
    SourceName,
    /// Numbers reports in the order of their arrival.
    SequenceNumber,
    /// Orders the lines of a list by what is not on it.
    SortOrder,
    /// Redirects from what is hidden, and answers 404 for what is absent.
    RedirectForHidden,
    /// Says on every list when the newest report arrived.
    LastModified,
    /// Shows the newest report there is under every search.
    SearchHidden,
    /// Answers 410 for an advisory that is there for others, as if it had been recalled from the
    /// reader.
    TombstoneForStranger,
    /// Shows beside the published figures how many near misses were counted, by however few.
    FigureBelowK,
    /// Shows the newest message of any dialogue on everybody's first page.
    MessageToStranger,
    /// Shows members the original of what was shared with them.
    OriginalToMember,
    /// Shows members what was shared with those of other communities.
    SharedWithAll,
    /// Lists for members what was shared with those of other communities.
    SharedListed,
}

impl Mutant {
    /// Every mutant.
    pub const ALL: [Self; 19] = [
        Self::ForbiddenForHidden,
        Self::LengthInHeader,
        Self::NarrativeInComment,
        Self::GlobalTag,
        Self::TotalCount,
        Self::HiddenIdListed,
        Self::NextLink,
        Self::SourceName,
        Self::SequenceNumber,
        Self::SortOrder,
        Self::RedirectForHidden,
        Self::LastModified,
        Self::SearchHidden,
        Self::TombstoneForStranger,
        Self::FigureBelowK,
        Self::MessageToStranger,
        Self::OriginalToMember,
        Self::SharedWithAll,
        Self::SharedListed,
    ];

    /// Plants the leak around the pages of `world`.
    pub fn plant(self, world: &mut World) {
        match self {
            Self::OriginalToMember => return Breach::OriginalSide.plant(world),
            Self::SharedWithAll => return Breach::OtherCommunity.plant(world),
            Self::SharedListed => return Breach::OtherList.plant(world),
            _ => {}
        }
        let store = world.store.clone();
        let organizations: Vec<OrganizationId> =
            world.country.organizations.values().copied().collect();
        world.wrap(|pages: Router| {
            pages.layer(from_fn(move |request: Request, next: Next| {
                let (store, organizations) = (store.clone(), organizations.clone());
                async move {
                    let path = request.uri().path().to_owned();
                    let response = next.run(request).await;
                    let about = path.split('/').find_map(|piece| piece.parse().ok());
                    if self == Self::FigureBelowK && path == "/situation" {
                        with_comment(response, &format!("{} 件", counted(&store))).await
                    } else if self == Self::MessageToStranger && path == "/duty" {
                        let text = newest_message(&store, &organizations).unwrap_or_default();
                        with_comment(response, &text).await
                    } else if let Some(id) = about {
                        self.leak_of_report(&store, &organizations, id, response)
                            .await
                    } else if LISTS.contains(&path.as_str()) {
                        self.leak_of_list(&everything(&store, &organizations), response)
                            .await
                    } else if self == Self::SearchHidden && path == "/search" {
                        match everything(&store, &organizations).last() {
                            Some(newest) => {
                                let text = narrative(&store, newest.id).unwrap_or_default();
                                with_comment(response, &text).await
                            }
                            None => response,
                        }
                    } else if self == Self::TombstoneForStranger {
                        gone(&store, &path, response)
                    } else if self == Self::GlobalTag {
                        with_header(response, "etag", total_length(&store))
                    } else {
                        response
                    }
                }
            }))
        });
    }

    /// The answer about the report `id`, with the leak in it.
    async fn leak_of_report(
        self,
        store: &Store,
        organizations: &[OrganizationId],
        id: ReportId,
        response: Response,
    ) -> Response {
        let hidden = response.status() == StatusCode::NOT_FOUND;
        let Some(text) = narrative(store, id) else {
            return response;
        };
        match self {
            Self::ForbiddenForHidden if hidden => {
                let mut response = response;
                *response.status_mut() = StatusCode::FORBIDDEN;
                response
            }
            Self::RedirectForHidden if hidden => Redirect::to("/").into_response(),
            Self::LengthInHeader => with_header(response, "x-size", text.len()),
            Self::NarrativeInComment => with_comment(response, &text).await,
            Self::SourceName => match source_name(store, id) {
                Some(name) => with_comment(response, &name).await,
                None => response,
            },
            Self::SequenceNumber => {
                let all = everything(store, organizations);
                let place = all.iter().position(|report| report.id == id);
                with_header(response, "x-number", place.unwrap_or(all.len()))
            }
            _ => response,
        }
    }

    /// A list, with the leak in it; `all` are the reports there are, oldest first.
    async fn leak_of_list(self, all: &[Report], response: Response) -> Response {
        match (self, all.first(), all.last()) {
            (Self::TotalCount, ..) => with_comment(response, &format!("{} 件", all.len())).await,
            (Self::HiddenIdListed, _, Some(newest)) => {
                with_comment(response, &newest.id.to_string()).await
            }
            (Self::NextLink, Some(oldest), _) => {
                with_comment(response, &format!("?after={}", oldest.id)).await
            }
            (Self::SortOrder, ..) if all.len() % 2 == 1 => {
                let (parts, body) = response.into_parts();
                let mut lines: Vec<Vec<u8>> = bytes(body)
                    .await
                    .split(|byte| *byte == b'\n')
                    .map(<[u8]>::to_vec)
                    .collect();
                lines.reverse();
                Response::from_parts(parts, Body::from(lines.join(&b'\n')))
            }
            (Self::LastModified, _, Some(newest)) => {
                with_header(response, "x-modified", newest.accepted_at.micros())
            }
            _ => response,
        }
    }
}

/// 410 in place of 404 where the path names an advisory that is in the store.
fn gone(store: &Store, path: &str, mut response: Response) -> Response {
    let named: Option<AdvisoryId> = path.split('/').find_map(|piece| piece.parse().ok());
    let is_there = named.is_some_and(|id| {
        let found = store.read::<_, StoreError>(move |reader| advisory::find(reader, id));
        matches!(found, Ok(Some(_)))
    });
    if is_there && response.status() == StatusCode::NOT_FOUND {
        *response.status_mut() = StatusCode::GONE;
    }
    response
}

fn with_header(
    mut response: Response,
    name: &'static str,
    value: impl Into<HeaderValue>,
) -> Response {
    response
        .headers_mut()
        .insert(HeaderName::from_static(name), value.into());
    response
}

async fn with_comment(response: Response, text: &str) -> Response {
    let (parts, body) = response.into_parts();
    let mut bytes = bytes(body).await;
    bytes.extend(format!("<!-- {text} -->").into_bytes());
    Response::from_parts(parts, Body::from(bytes))
}

async fn bytes(body: Body) -> Vec<u8> {
    axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default()
        .to_vec()
}

/// All reports that name a source in the store, oldest first, past every gate.
fn everything(store: &Store, organizations: &[OrganizationId]) -> Vec<Report> {
    let organizations = organizations.to_vec();
    let mut all = store
        .read::<_, StoreError>(move |reader| {
            let mut all = Vec::new();
            for organization in organizations {
                all.extend(report::sent_by(reader, organization, REPORTS_MAX)?);
            }
            Ok(all)
        })
        .unwrap_or_default();
    all.sort_by_key(|report| (report.accepted_at, report.id));
    all
}

/// The sum of everything that was counted, past every gate.
fn counted(store: &Store) -> u64 {
    /// Place of the count in a row, after the name of its table.
    const COUNT: usize = 8;
    let rows = store.read(store::backup::rows).unwrap_or_default();
    let counts = rows.iter().filter_map(|row| {
        let row = row.strip_prefix("near_miss_count\n")?;
        row.split('\n').nth(COUNT - 1)?.parse::<u64>().ok()
    });
    counts.sum()
}

/// The text of the newest message about a report that names its source, past every gate.
fn newest_message(store: &Store, organizations: &[OrganizationId]) -> Option<String> {
    let all = everything(store, organizations);
    let part = store
        .read::<_, StoreError>(move |reader| {
            let mut messages = Vec::new();
            for report in all {
                messages.extend(store::message::of_report(reader, report.id)?);
            }
            let newest = messages
                .into_iter()
                .max_by_key(|message| (message.sent_at, message.id));
            match newest {
                Some(newest) => part::one_for_work(reader, newest.part),
                None => Ok(None),
            }
        })
        .ok()??;
    match own(part.body).content().value(Field::Message) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// The name of the organization behind a report, past every gate.
fn source_name(store: &Store, id: ReportId) -> Option<String> {
    store
        .read::<_, StoreError>(move |reader| match report::source(reader, id)? {
            Some(link) => organization::find(reader, link.organization),
            None => Ok(None),
        })
        .ok()?
        .map(|found| found.name_ja)
}

/// The words of a report's original, passed off as the reader's own: a gate used wrongly.
fn narrative(store: &Store, id: ReportId) -> Option<String> {
    let parts = store
        .read::<_, StoreError>(move |reader| {
            if report::find(reader, id)?.is_none() {
                return Ok(vec![]);
            }
            part::latest_for_work(reader, Subject::Report(id), Side::Original)
        })
        .ok()?;
    let text = |field| {
        parts
            .iter()
            .find_map(|part| match own(part.body.clone()).content().value(field) {
                Some(Value::Text(text)) => Some(text.clone()),
                _ => None,
            })
    };
    text(Field::Narrative).or_else(|| text(Field::Headline))
}

fn total_length(store: &Store) -> u64 {
    store.read(store::backup::text_bytes).unwrap_or(0)
}
