//! The cookie by which a browser keeps a draft of sixteen digits open during a session.
//!
//! It holds the draft's id and its key, wrapped for this session: after signing out it opens
//! nothing. It goes when the browser is closed.

use axum::http::HeaderMap;
use domain::id::DraftId;
use hub::draft::{DraftKey, Opened};

use crate::cookie::{Transport, read};
use crate::guard::transport;
use crate::state::AppState;
use crate::visit::Visit;

pub(super) const NAME: &str = "noroshi-draft";

/// The key of draft `id`, if this browser holds it for this session.
pub(super) fn key(
    state: &AppState,
    visit: &Visit,
    headers: &HeaderMap,
    id: DraftId,
) -> Option<DraftKey> {
    let session = visit.session.as_ref()?;
    let (draft, pass) = read(headers, NAME)?.split_once('.')?;
    if draft.parse() != Ok(id) {
        return None;
    }
    DraftKey::from_pass(&state.hub, pass, id, &session.form_secret)
}

/// The header that keeps `opened` open; `None` for a draft under its author's name.
pub(in crate::pages) fn keep(state: &AppState, visit: &Visit, opened: &Opened) -> Option<String> {
    let session = visit.session.as_ref()?;
    let key = opened.key.as_ref()?;
    let pass = key.pass(&state.hub, opened.id, &session.form_secret);
    Some(header(state, &format!("{}.{pass}", opened.id), ""))
}

/// The header that forgets the draft.
pub(super) fn forget(state: &AppState) -> String {
    header(state, "", "; Max-Age=0")
}

fn header(state: &AppState, value: &str, age: &str) -> String {
    let secure = match transport(state) {
        Transport::Tls => "; Secure",
        Transport::Plain => "",
    };
    format!("{NAME}={value}; Path=/drafts; HttpOnly; SameSite=Lax{age}{secure}")
}
