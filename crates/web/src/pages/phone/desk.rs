//! What the pages of the phone desk share: the members, how it came, and where the receipt is.

use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::OrganizationId;
use hub::phone::{Desk, Heard, Untold};
use hub::slip::SLIP_SECONDS;
use hub::submit::{Receipt, SubmitError};
use view::form::{Choice, Form};
use view::words::Words;

use crate::cookie;
use crate::form::Posted;
use crate::guard::transport;
use crate::lists::say_name;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// What stands for a caller who does not say for whom he phones.
pub(super) const NOBODY: &str = "none";

/// The clerk's desk.
pub(super) async fn desk(state: &AppState, signed: &Signed) -> Result<Desk, Problem> {
    let (visit, actor) = (signed.visit.clone(), signed.actor.clone());
    state
        .call(move |hub| hub::phone::desk(hub, &Signed::call(&actor, &visit)))
        .await
}

/// The members, and nobody where that is accepted.
pub(super) fn members(desk: &Desk, words: Words) -> Vec<Choice> {
    let named = desk
        .members
        .iter()
        .map(|member| Choice::new(member.id.to_string(), say_name(words, &member.names)));
    let nobody = (desk.untold == Untold::Accepted)
        .then(|| Choice::new(NOBODY, words.t("phone-member-none")));
    named.chain(nobody).collect()
}

pub(super) fn heard_choices(words: Words) -> Vec<Choice> {
    ["phone", "fax"]
        .iter()
        .map(|heard| Choice::new(*heard, words.t(&format!("phone-heard-{heard}"))))
        .collect()
}

/// The member and the channel that were posted; `None` when `form` now says what is wrong.
pub(super) fn posted_member(
    posted: &Posted,
    form: &mut Form,
    words: Words,
) -> Option<(Option<OrganizationId>, Heard)> {
    let member = match posted.one("member") {
        NOBODY => Some(None),
        text => text.parse().ok().map(Some),
    };
    if member.is_none() {
        form.reject("member", words.t("phone-error-member"));
    }
    let heard = match posted.one("heard") {
        "phone" => Some(Heard::Phone),
        "fax" => Some(Heard::Fax),
        _ => None,
    };
    if heard.is_none() {
        form.reject("heard", words.t("phone-error-heard"));
    }
    member.zip(heard)
}

/// Says at the right field why nothing was accepted; the error when no field can.
pub(super) fn told(
    error: SubmitError,
    scope: &str,
    form: &mut Form,
    words: Words,
) -> Result<(), Problem> {
    let (field, key) = match error {
        SubmitError::NotPermitted => ("member", "phone-error-foreign"),
        SubmitError::Untold => (scope, "phone-error-untold"),
        SubmitError::NoCustodians => (scope, "near-miss-no-seal-why"),
        SubmitError::AlreadyAccepted => ("member", "phone-error-twice"),
        SubmitError::Stretch(_) => (scope, "near-miss-error-memory"),
        other => return Err(other.into()),
    };
    form.reject(field, words.t(key));
    Ok(())
}

/// Leads to the receipt, which travels sealed in a cookie.
pub(super) fn to_receipt(state: &AppState, signed: &Signed, receipt: Receipt) -> Response {
    let session = signed.visit.secret.clone().unwrap_or_default();
    let call = Signed::call(&signed.actor, &signed.visit);
    let sealed = hub::slip::write(&state.hub, &call, &[receipt], &session);
    let header = cookie::slip(transport(state), &sealed, SLIP_SECONDS);
    ([(SET_COOKIE, header)], Redirect::to("/phone/receipt")).into_response()
}
