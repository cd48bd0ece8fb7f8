//! `GET` and `POST /custodians/slots/{slot}`: entering a custodian, in two steps.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use hub::custodians::{CustodianError, SLOTS, appoint, fingerprint};
use hub::set_up::Name;
use view::form::Form;
use view::page::custodian::Appoint;

use super::list::{holder, in_slot, seen};
use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

/// Asks for post and key.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(slot): Path<String>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let slot = slot_of(&slot)?;
    page(&state, signed, slot, Form::new(action(slot)), None).await
}

/// Shows the fingerprint; with the box ticked, puts the custodian into office.
pub(crate) async fn send(
    State(state): State<AppState>,
    Path(slot): Path<String>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let slot = slot_of(&slot)?;
    let words = signed.visit.words;
    let mut form = posted.refill(&action(slot));
    if !posted
        .one("public_key")
        .trim()
        .starts_with(PUBLIC_KEY_BEGIN)
    {
        // It may be the secret key: it is not sent back into the page.
        form = Form::new(action(slot)).with("name", posted.one("name"));
    }
    let name = Name::parse(posted.one("name"));
    if name.is_err() {
        form.reject("name", words.t("custodian-needs-name"));
    }
    let key = posted.one("public_key").trim().to_owned();
    let print = fingerprint(&key);
    if print.is_err() {
        form.reject("public_key", words.t("custodian-not-a-key"));
    }
    let (Ok(name), Ok(print)) = (name, print) else {
        return refused(&state, signed, slot, form, None).await;
    };
    let compare = Some((name.as_str().to_owned(), print));
    if posted.one("step") != "appoint" {
        return Ok(page(&state, signed, slot, form, compare)
            .await?
            .into_response());
    }
    if posted.one("compared") != "yes" {
        form.reject("compared", words.t("custodian-needs-compared"));
        return refused(&state, signed, slot, form, compare).await;
    }
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    let entered = state
        .ask(move |hub| appoint(hub, &Signed::call(&actor, &visit), slot, &name, &key))
        .await?;
    match entered {
        Ok(_) => Ok(Redirect::to("/custodians?said=appointed").into_response()),
        Err(CustodianError::KeyInUse) => {
            form.reject("public_key", words.t("custodian-key-in-use"));
            refused(&state, signed, slot, form, None).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn refused(
    state: &AppState,
    signed: Signed,
    slot: u8,
    form: Form,
    compare: Option<(String, String)>,
) -> Result<Response, Problem> {
    let html = page(state, signed, slot, form, compare).await?;
    Ok((REFUSED, html).into_response())
}

async fn page(
    state: &AppState,
    signed: Signed,
    slot: u8,
    form: Form,
    compare: Option<(String, String)>,
) -> Result<Html<String>, Problem> {
    let frame = signed.visit.frame(state);
    let desk = seen(state, signed).await?;
    let page = Appoint {
        frame,
        slot,
        holder: in_slot(&desk, slot).map(holder),
        form,
        compare,
    };
    Ok(Html(page.render()?))
}

/// What a public key begins with, in its text form.
const PUBLIC_KEY_BEGIN: &str = "noroshi-pk";

fn slot_of(text: &str) -> Result<u8, Problem> {
    text.parse()
        .ok()
        .filter(|slot| (1..=SLOTS).contains(slot))
        .ok_or(Problem::NotFound)
}

fn action(slot: u8) -> String {
    format!("/custodians/slots/{slot}")
}
