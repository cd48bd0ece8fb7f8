//! Forms as browsers send them: small, URL-encoded, and made for this session.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use hub::sign_in::form_token_fits;

use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Visit;

/// Largest body of a form, in bytes.
pub(crate) const FORM_BYTES_MAX: usize = 256 * 1024;
/// Most fields of a form.
const FIELDS_MAX: usize = 2_000;

/// The fields of a posted form, by name, in the order they came.
#[derive(Clone, Default)]
pub(crate) struct Posted {
    values: BTreeMap<String, Vec<String>>,
}

impl Posted {
    /// The first value of `name`; empty when it was not sent.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.values
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    /// Every value of `name`.
    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// All names with their values, without the form's own token.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.values
            .iter()
            .filter(|(name, _)| *name != "csrf")
            .map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// All that was sent, without the form's own token, as one text: equal when the same was sent.
    pub(crate) fn fingerprint(&self) -> Vec<u8> {
        let mut text = Vec::new();
        for (name, values) in self.fields() {
            for value in values {
                for piece in [name, value.as_str()] {
                    text.extend_from_slice(&piece.len().to_le_bytes());
                    text.extend_from_slice(piece.as_bytes());
                }
            }
        }
        text
    }

    /// The same values in a view's form, to show again what was typed.
    pub(crate) fn refill(&self, action: &str) -> view::form::Form {
        self.fields()
            .fold(view::form::Form::new(action), |form, (name, values)| {
                values
                    .iter()
                    .fold(form, |form, value| form.with(name, value.as_str()))
            })
    }

    /// A form with these fields.
    pub(crate) fn of(values: BTreeMap<String, Vec<String>>) -> Self {
        Self { values }
    }

    /// Refuses a form that a signed-in person's page did not make in this session.
    pub(crate) fn check(&self, visit: &Visit, state: &AppState) -> Result<(), Problem> {
        match &visit.session {
            Some(session)
                if !form_token_fits(&state.hub, &session.form_secret, self.one("csrf")) =>
            {
                Err(Problem::Forged)
            }
            _ => Ok(()),
        }
    }

    fn parse(body: &[u8]) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_bytes(body).map_err(|_| Problem::Malformed)?;
        if pairs.len() > FIELDS_MAX {
            return Err(Problem::TooLarge);
        }
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            values.entry(name).or_default().push(value);
        }
        Ok(Self { values })
    }
}

/// What was typed into a form, kept beside the request: if it is refused, the answer shows it, so that
/// it can be copied, or printed and told by telephone.
#[derive(Clone, Default)]
pub(crate) struct Typed(Arc<Mutex<Vec<(String, String)>>>);

impl Typed {
    /// How the paths begin to which texts are posted, and no secrets.
    const WRITTEN: [&str; 13] = [
        "/advisories/",
        "/count",
        "/drafts/",
        "/incidents/",
        "/mailbox/",
        "/messages/",
        "/near-miss",
        "/openings/new/",
        "/phone",
        "/questions/",
        "/reports/",
        "/reviews/",
        "/sent/",
    ];

    /// Whether a form posted to `path` holds a text worth keeping, and no secret.
    pub(crate) fn is_kept(path: &str) -> bool {
        path != "/drafts/resume" && Self::WRITTEN.iter().any(|begin| path.starts_with(begin))
    }

    fn keep(&self, posted: &Posted) {
        let texts = posted.fields().flat_map(|(name, values)| {
            values
                .iter()
                .filter(|value| !value.trim().is_empty())
                .map(move |value| (name.to_owned(), value.clone()))
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = texts.collect();
    }

    /// The fields that hold something, in the order of their names.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl FromRequest<AppState> for Posted {
    type Rejection = Problem;

    /// Reads the form; of a signed-in person it must carry the session's token.
    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let visit = door(&request)?;
        let typed = request.extensions().get::<Typed>().cloned();
        if !is_of_kind(request.headers(), "application/x-www-form-urlencoded") {
            return Err(Problem::Malformed);
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Problem::TooLarge)?;
        let posted = Self::parse(&body)?;
        // Kept before the token is asked for: whoever has signed in anew meanwhile sends an old one.
        if let Some(typed) = typed {
            typed.keep(&posted);
        }
        posted.check(&visit, state)?;
        Ok(posted)
    }
}

/// What everything that our own pages send passes first: it comes from this hub, and from somebody.
pub(crate) fn door(request: &Request) -> Result<Visit, Problem> {
    if is_foreign(request.headers()) {
        return Err(Problem::Forged);
    }
    let visit = request.extensions().get::<Visit>();
    visit.cloned().ok_or(Problem::NotFound)
}

/// Whether the body is of that content type, whatever its parameters.
pub(crate) fn is_of_kind(headers: &HeaderMap, kind: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|sent| sent.trim().eq_ignore_ascii_case(kind))
}

/// Whether another site's page made the browser send this. Browsers say so in one of two headers;
/// a program that sends neither has no session of somebody else's to misuse.
pub(crate) fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    text("origin").is_some_and(|origin| {
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        Some(host) != text("host")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_this_hub_sends_its_forms() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            headers.insert("host", "hub.example".parse().unwrap());
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            headers
        };
        for own in [
            vec![],
            vec![("sec-fetch-site", "same-origin")],
            vec![("sec-fetch-site", "none")],
            vec![("origin", "https://hub.example")],
        ] {
            assert!(!is_foreign(&headers(&own)), "{own:?}");
        }
        for foreign in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("origin", "https://evil.example")],
            vec![("origin", "null")],
            vec![("origin", "https://hub.example.evil.example")],
            vec![
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://hub.example"),
            ],
        ] {
            assert!(is_foreign(&headers(&foreign)), "{foreign:?}");
        }
    }

    #[test]
    fn texts_are_kept_where_they_are_written_and_secrets_nowhere() {
        let posts: Vec<&str> = crate::routes::table()
            .iter()
            .filter(|route| route.method == "POST")
            .map(|route| route.path)
            .collect();
        for begin in Typed::WRITTEN {
            assert!(posts.iter().any(|path| path.starts_with(begin)), "{begin}");
        }
        // Passwords, one-time codes, codes of drafts and mailboxes, shares of a key, names of tokens.
        let doors = [
            "/sign-in",
            "/join",
            "/first-run",
            "/settings/",
            "/custodians/",
            "/members/",
            "/openings/{id}/",
        ];
        let mut secret_count = 0;
        for path in posts {
            let is_exact = ["/drafts/resume", "/mailbox"].contains(&path);
            if is_exact || doors.iter().any(|door| path.starts_with(door)) {
                secret_count += 1;
                assert!(!Typed::is_kept(path), "{path}");
            }
        }
        assert!(
            secret_count > doors.len(),
            "the doors are no routes any more"
        );
    }

    #[test]
    fn a_content_type_is_recognized_as_a_whole() {
        let sent = |kind: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            headers
        };
        for kind in ["application/json", "Application/JSON ; charset=utf-8"] {
            assert!(is_of_kind(&sent(kind), "application/json"), "{kind}");
        }
        for kind in ["application/jsonp", "text/plain; application/json", ""] {
            assert!(!is_of_kind(&sent(kind), "application/json"), "{kind}");
        }
        assert!(!is_of_kind(&HeaderMap::new(), "application/json"));
    }

    #[test]
    fn repeated_fields_are_kept_in_order() {
        let posted = Posted::parse("a=1&b=%E5%81%9C&a=2".as_bytes()).unwrap();
        assert_eq!(posted.all("a"), ["1", "2"]);
        assert_eq!(posted.one("b"), "停");
        assert_eq!(posted.one("c"), "");
    }

    #[test]
    fn a_flood_of_fields_is_refused() {
        let body = "a=1&".repeat(FIELDS_MAX + 1);
        assert!(matches!(
            Posted::parse(body.as_bytes()),
            Err(Problem::TooLarge)
        ));
    }
}
