//! Whose report a source's page is about: the one its address names, or the one whose mailbox the
//! browser holds open. The same pages serve both; no code and no report stands in a mailbox's
//! addresses.

use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::ReportId;
use hub::claim::Claim;
use hub::mailbox::{MailboxPass, OPEN_SECONDS};

use crate::cookie;
use crate::guard::transport;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::{Signed, Visit};

/// Where a mailbox's pages begin.
pub(in crate::pages) const MAILBOX: &str = "/mailbox";

/// A source's own report.
#[derive(Clone)]
pub(in crate::pages) struct Whose {
    /// What shows that it is the visitor's.
    pub(in crate::pages) claim: Claim,
}

impl Whose {
    /// The address of a page about it, below its own.
    pub(in crate::pages) fn path(&self, below: &str) -> String {
        match &self.claim {
            Claim::Name(id) => format!("/sent/{id}{below}"),
            Claim::Code(_) => format!("{MAILBOX}{below}"),
        }
    }

    /// Whether the report is filed under the organization's name.
    pub(in crate::pages) fn is_named(&self) -> bool {
        matches!(self.claim, Claim::Name(_))
    }

    /// `page` with the mailbox kept open from now on, so that nobody loses what he is writing.
    pub(in crate::pages) fn keep(
        &self,
        state: &AppState,
        signed: &Signed,
        page: impl IntoResponse,
    ) -> Response {
        let Claim::Code(pass) = &self.claim else {
            return page.into_response();
        };
        let Signed { visit, actor } = signed;
        let session = visit.secret.clone().unwrap_or_default();
        let sealed = pass.seal(&state.hub, &Signed::call(actor, visit), &session);
        let header = cookie::mailbox(transport(state), &sealed, OPEN_SECONDS);
        ([(SET_COOKIE, header)], page).into_response()
    }
}

/// The pass of the mailbox that this browser holds open.
pub(super) fn opened(state: &AppState, visit: &Visit, headers: &HeaderMap) -> Option<MailboxPass> {
    let session = visit.secret.clone().unwrap_or_default();
    let sealed = cookie::read(headers, cookie::MAILBOX)?;
    MailboxPass::unseal(&state.hub, sealed, &session, visit.now)
}

impl FromRequestParts<AppState> for Whose {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        if parts.uri.path().starts_with(MAILBOX) {
            return match opened(state, &visit, &parts.headers) {
                Some(pass) => Ok(Self { claim: pass.into() }),
                None => Err(Redirect::to("/mailbox?closed=yes").into_response()),
            };
        }
        let hidden = || Problem::NotFound.into_response();
        let Path(id) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| hidden())?;
        let id: ReportId = id.parse().map_err(|_| hidden())?;
        Ok(Self { claim: id.into() })
    }
}
