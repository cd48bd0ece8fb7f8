//! `GET /search`: asks, and shows what was found; sentences only when asked for, and noted.

use askama::Template as _;
use axum::extract::{Query as Parameters, State};
use axum::response::Html;
use domain::part::field::Field;
use domain::report::ReportKind;
use domain::search::{Query, QueryError};
use domain::time::Timestamp;
use exchange::moment;
use hub::intake::Page;
use hub::search::{Asked, Excerpts, Found, Hit, Period, Wanted};
use serde::{Deserialize, Serialize};
use view::answer::{Names, field_name, kind_name, part_name};
use view::form::{Choice, Form};
use view::lines::spelled;
use view::page::search::{Noted, Row, Search};
use view::part::Pager;
use view::words::Words;

use crate::names::organization;
use crate::pages::case::{title, told};
use crate::pages::intake::FACETS;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Where a search was asked, as the address says it.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(crate) struct Address {
    /// The terms.
    #[serde(default)]
    q: String,
    /// One kind; empty for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    kind: String,
    /// First day.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    from: String,
    /// Last day.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    to: String,
    /// `yes` when the sentences are shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    texts: String,
    /// Where the page before ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// The word by which the address names advisories among the kinds.
const ADVISORY: &str = "advisory";

/// Asks, and shows what was found.
pub(crate) async fn show(
    State(state): State<AppState>,
    Parameters(address): Parameters<Address>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let frame = visit.frame(&state);
    let words = frame.words;
    let mut form = Form::new("/search")
        .with("q", address.q.as_str())
        .with("kind", address.kind.as_str())
        .with("from", address.from.as_str())
        .with("to", address.to.as_str());
    let asked = read(&address, frame.now, words, &mut form)?;
    let mut page = Search {
        frame,
        form,
        kinds: kinds(words),
        rows: None,
        pager: Pager::default(),
        excerpts: None,
        noted: Noted::Nothing,
    };
    if let Some(asked) = asked {
        let has_terms = !asked.query.is_empty();
        let shows = asked.excerpts == Excerpts::Shown;
        let Page { rows, next } = state
            .call(move |hub| hub::search::search(hub, &Signed::call(&actor, &visit), asked))
            .await?;
        let rows: Vec<Row> = rows
            .into_iter()
            .map(|hit| row(&state, words, hit))
            .collect();
        if rows.iter().any(|row| row.excerpt.is_some()) {
            page.noted = Noted::Excerpts;
        }
        page.excerpts = (has_terms && !shows).then(|| {
            href(&Address {
                texts: "yes".to_owned(),
                ..address.clone()
            })
        });
        page.pager = Pager {
            first_href: address.after.is_some().then(|| {
                href(&Address {
                    after: None,
                    ..address.clone()
                })
            }),
            next_href: next.map(|next| {
                href(&Address {
                    after: Some(next.to_string()),
                    ..address
                })
            }),
        };
        page.rows = Some(rows);
    }
    Ok(Html(page.render()?))
}

/// What is asked; `None` when nothing is, or when it cannot be: then the form says why.
fn read(
    address: &Address,
    now: Timestamp,
    words: Words,
    form: &mut Form,
) -> Result<Option<Asked>, Problem> {
    let query = Query::parse(&address.q).map_err(|error| {
        let key = match error {
            QueryError::TooShort => "search-too-short",
            QueryError::TooLong => "search-too-long",
            QueryError::TooManyTerms => "search-too-many",
        };
        form.reject("q", words.t(key));
    });
    let mut day = |field: &str, typed: &str| match typed.trim() {
        "" => Ok(None),
        typed => {
            if let Ok((at, _)) = moment::parse(typed, now) {
                Ok(Some(at.day_in_japan()))
            } else {
                form.reject(field, words.t("search-no-day"));
                Err(())
            }
        }
    };
    let (from, to) = (day("from", &address.from), day("to", &address.to));
    let (Ok(query), Ok(from), Ok(to)) = (query, from, to) else {
        return Ok(None);
    };
    let kind = match address.kind.as_str() {
        "" => None,
        ADVISORY => Some(Wanted::Advisory),
        kind => Some(Wanted::Report(
            kind.parse().map_err(|_| Problem::Malformed)?,
        )),
    };
    if query.is_empty() && kind.is_none() && from.is_none() && to.is_none() {
        return Ok(None);
    }
    let until = to.and_then(|last| last.tomorrow().ok());
    let after = address.after.as_ref().map(|after| after.parse());
    Ok(Some(Asked {
        query,
        kind,
        period: Period {
            from: from.map(Timestamp::start_of_day_in_japan),
            until: until.map(Timestamp::start_of_day_in_japan),
        },
        after: after.transpose().map_err(|_| Problem::Malformed)?,
        excerpts: if address.texts == "yes" {
            Excerpts::Shown
        } else {
            Excerpts::Hidden
        },
    }))
}

fn row(state: &AppState, words: Words, hit: Hit) -> Row {
    let (seen_at, exact) = told(hit.seen_at);
    let names = Names {
        reference: state.hub.reference(),
        day: seen_at.day_in_japan(),
        words,
    };
    let (href, title) = match &hit.found {
        Found::Report(head) => (format!("/reports/{}", head.id), title(head, words)),
        Found::Own(head) => (format!("/sent/{}", head.id), title(head, words)),
        Found::Advisory {
            id, number, issuer, ..
        } => (
            format!("/advisories/{id}"),
            words.tn(
                "search-advisory",
                &[
                    ("number", number.as_str().into()),
                    ("issuer", organization(issuer, words).into()),
                ],
            ),
        ),
    };
    let excerpt = hit.excerpt.filter(|text| text.content().is_some());
    Row {
        href,
        title,
        parts: hit
            .parts
            .iter()
            .map(|kind| part_name(*kind, words))
            .collect(),
        facets: FACETS
            .iter()
            .filter_map(|field| {
                let codes = hit.facets.get(field)?;
                let chosen: Vec<String> =
                    codes.iter().map(|code| names.code(*field, code)).collect();
                Some(chosen.join(words.t("part-and").as_ref()))
            })
            .collect(),
        seen_at,
        exact,
        excerpt: excerpt.map(|text| {
            text.map(|found| {
                let (field, text) = found.unwrap_or((Field::Narrative, String::new()));
                (field_name(field, words), spelled(field, &text))
            })
        }),
    }
}

fn kinds(words: Words) -> Vec<Choice> {
    let mut kinds: Vec<Choice> = ReportKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.word(), kind_name(*kind, words)))
        .collect();
    kinds.push(Choice::new(ADVISORY, words.t("search-kind-advisory")));
    kinds
}

fn href(address: &Address) -> String {
    serde_urlencoded::to_string(address)
        .map_or_else(|_| "/search".to_owned(), |query| format!("/search?{query}"))
}
