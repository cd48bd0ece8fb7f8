//! The two cookies: the session and the language.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// Name of the session cookie where TLS protects it.
const SESSION_TLS: &str = "__Host-noroshi";
/// Name of the session cookie on a plain local address.
const SESSION_PLAIN: &str = "noroshi";
/// Name of the language cookie.
pub(crate) const LANGUAGE: &str = "noroshi-language";
/// Name of the cookie that carries a sealed slip from sending to its receipt.
pub(crate) const SLIP: &str = "noroshi-slip";
/// Name of the cookie that carries the sealed pass of an opened mailbox.
pub(crate) const MAILBOX: &str = "noroshi-mailbox";
/// Longest cookie value that is looked at: browsers keep no longer ones.
const VALUE_CHARS_MAX: usize = 4_000;

/// Whether the connection to the browser is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Tls,
    Plain,
}

/// The value of the cookie `name`.
pub(crate) fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, value)| *found == name && value.len() <= VALUE_CHARS_MAX)
        .map(|(_, value)| value)
}

/// Name of the session cookie.
pub(crate) const fn session_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Tls => SESSION_TLS,
        Transport::Plain => SESSION_PLAIN,
    }
}

/// A header that sets the session cookie for `seconds`; zero removes it.
pub(crate) fn session(transport: Transport, secret: &str, seconds: i64) -> String {
    let name = session_name(transport);
    let secure = match transport {
        Transport::Tls => "; Secure",
        Transport::Plain => "",
    };
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

/// Name of the cookie that ties a ceremony of passkeys to its browser.
const fn ceremony_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Tls => "__Host-noroshi-ceremony",
        Transport::Plain => "noroshi-ceremony",
    }
}

/// A header that ties a ceremony of passkeys to this browser while it lasts.
pub(crate) fn ceremony(transport: Transport, secret: &str) -> String {
    let name = ceremony_name(transport);
    let secure = match transport {
        Transport::Tls => "; Secure",
        Transport::Plain => "",
    };
    let seconds = hub::sign_in::CEREMONY_SECONDS;
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// The secret of the ceremony that this browser began.
pub(crate) fn ceremony_of(headers: &HeaderMap, transport: Transport) -> Option<String> {
    read(headers, ceremony_name(transport)).map(str::to_owned)
}

/// A header that remembers the language for a year.
pub(crate) fn language(tag: &str) -> String {
    format!("{LANGUAGE}={tag}; Path=/; SameSite=Lax; Max-Age=31536000")
}

/// A header that keeps a sealed slip for `seconds`; zero removes it.
pub(crate) fn slip(transport: Transport, sealed: &str, seconds: i64) -> String {
    carried(SLIP, transport, sealed, seconds)
}

/// A header that keeps the sealed pass of a mailbox for `seconds`; zero removes it.
pub(crate) fn mailbox(transport: Transport, sealed: &str, seconds: i64) -> String {
    carried(MAILBOX, transport, sealed, seconds)
}

fn carried(name: &str, transport: Transport, sealed: &str, seconds: i64) -> String {
    let secure = match transport {
        Transport::Tls => "; Secure",
        Transport::Plain => "",
    };
    format!("{name}={sealed}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; noroshi=nrs_ses_x; b=2".parse().unwrap());
        assert_eq!(read(&headers, "noroshi"), Some("nrs_ses_x"));
        assert_eq!(read(&headers, "norosh"), None);
    }
}
