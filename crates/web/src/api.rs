//! The JSON API under `/api/v1/`, for programs that come with a token.
//!
//! INVARIANT: a cookie is nothing here and a token is nothing on a page, so that no browser can be
//! made to act through the API.
//! INVARIANT: what is answered about a report comes out of `Visible`, like on the pages.

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::policy::Action;
use serde_json::{Value as Json, json};

use crate::problem::Problem;
use crate::routes::{Needs, Route};

mod answered;
mod body;
mod findings;
mod me;
mod near_misses;
mod once;
mod reports;

/// Where the API begins.
const ROOT: &str = "/api/";

/// The API's routes.
pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/api/v1/me",
        needs: Needs::SignedIn,
        handler: || get(me::show),
    },
    Route {
        method: "POST",
        path: "/api/v1/near-misses",
        needs: Needs::May(Action::Submit),
        handler: || post(near_misses::submit),
    },
    Route {
        method: "GET",
        path: "/api/v1/findings/verdicts",
        needs: Needs::May(Action::ReadFindings),
        handler: || get(crate::pages::finding::verdicts::lines),
    },
    Route {
        method: "POST",
        path: "/api/v1/findings",
        needs: Needs::May(Action::SubmitFindings),
        handler: || post(findings::submit),
    },
    Route {
        method: "POST",
        path: "/api/v1/findings/withdraw",
        needs: Needs::May(Action::SubmitFindings),
        handler: || post(findings::withdraw),
    },
    Route {
        method: "POST",
        path: "/api/v1/reports",
        needs: Needs::May(Action::Submit),
        handler: || post(reports::submit),
    },
    Route {
        method: "GET",
        path: "/api/v1/reports",
        needs: Needs::MayAny(&[Action::Intake, Action::Triage]),
        handler: || get(reports::list),
    },
    Route {
        method: "GET",
        path: "/api/v1/reports/{id}",
        needs: Needs::MayAny(&[Action::Intake, Action::Triage]),
        handler: || get(reports::show),
    },
];

/// Whether `path` belongs to the API.
pub(crate) fn covers(path: &str) -> bool {
    path.starts_with(ROOT)
}

/// The token of a request (RFC 6750, section 2.1); the two other ways of that section, in the body
/// and in the address, are not taken: an address stands in logs.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

/// What went wrong as a problem document (RFC 9457), in English for programmers.
pub(crate) fn dressed(problem: &Problem) -> Response {
    let (word, title) = named(problem);
    let mut document = json!({
        "type": format!("about:noroshi#{word}"),
        "title": title,
        "status": problem.status().as_u16(),
    });
    if let (Problem::Trouble(number), Some(fields)) = (problem, document.as_object_mut()) {
        fields.insert("reference".to_owned(), Json::from(number.as_str()));
    }
    let mut response = document_response(problem.status(), &document);
    let headers = response.headers_mut();
    match problem {
        Problem::SignIn | Problem::SignInAgain => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Problem::TooMany(seconds) => {
            headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
        }
        _ => {}
    }
    response
}

fn document_response(status: axum::http::StatusCode, document: &Json) -> Response {
    let kind = [(CONTENT_TYPE, "application/problem+json")];
    (status, kind, document.to_string()).into_response()
}

/// The last word of the problem's type, and its title.
fn named(problem: &Problem) -> (&'static str, &'static str) {
    match problem {
        Problem::NotFound | Problem::FirstWayIn => ("not-found", "nothing is here for this token"),
        Problem::SignIn | Problem::SignInAgain => ("sign-in", "send a token that is in force"),
        Problem::Forged => ("forged", "this came from another site"),
        Problem::TooLarge => ("too-large", "the body is too large; send less at once"),
        Problem::Malformed => (
            "malformed",
            "the body is not the JSON that this address takes",
        ),
        Problem::Changed => ("changed", "this was accepted before, or has changed since"),
        Problem::TooMany(_) => ("too-many", "too many tries; wait and try again"),
        Problem::Trouble(_) => ("trouble", "the hub failed; quote the reference number"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_header_carries_a_token() {
        let mut headers = HeaderMap::new();
        assert_eq!(bearer(&headers), None);
        for (sent, read) in [
            ("Bearer nrs_api_x", Some("nrs_api_x")),
            ("bearer  nrs_api_x ", Some("nrs_api_x")),
            ("Basic nrs_api_x", None),
            ("nrs_api_x", None),
        ] {
            headers.insert(AUTHORIZATION, sent.parse().unwrap());
            assert_eq!(bearer(&headers).as_deref(), read, "{sent}");
        }
    }

    #[test]
    fn the_api_is_what_lies_under_its_root() {
        assert!(covers("/api/v1/me") && covers("/api/"));
        assert!(!covers("/apiary") && !covers("/settings/api/"));
    }
}
