//! `GET /phone`, `POST /phone`: a near miss that a member tells.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::report::near_miss::Scope;
use hub::submit::FormKey;
use view::form::Form;
use view::page::phone::{PhoneNearMiss, Script};

use super::desk::{desk, heard_choices, members, posted_member, to_receipt, told};
use crate::form::Posted;
use crate::lists::{choices, explained};
use crate::pages::near_miss::page::{choice, custody, whens};
use crate::pages::near_miss::read::near_miss;
use crate::problem::{Problem, REFUSED};
use crate::state::AppState;
use crate::visit::Signed;

const ACTION: &str = "/phone";
/// The order in which a clerk reads them out: what he knows anyhow comes first.
const SCOPES: [Scope; 5] = [
    Scope::Named,
    Scope::NamedDesk,
    Scope::Unnamed,
    Scope::UnnamedInside,
    Scope::Stripped,
];

/// Shows the page.
pub(crate) async fn show(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Html<String>, Problem> {
    let form = Form::new(ACTION)
        .with("when", "today")
        .with("heard", "phone")
        .with("scope", Scope::Named.word());
    let key = FormKey::draw(&mut signed.visit.random.derive("phone/form"));
    page(&state, &signed, form, key).await
}

/// Accepts it for the member.
pub(crate) async fn send(
    State(state): State<AppState>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let words = signed.visit.words;
    let key: FormKey = posted
        .one("form_key")
        .parse()
        .map_err(|_| Problem::Malformed)?;
    let mut form = posted.refill(ACTION);
    let member = posted_member(&posted, &mut form, words);
    let near_miss = near_miss(&posted, signed.visit.now, words, &mut form);
    if let (Some((member, heard)), Some(near_miss)) = (member, near_miss) {
        let sent = key.sent(posted.fingerprint());
        let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
        let outcome = state
            .call(move |hub| {
                let call = Signed::call(&actor, &visit);
                let entered =
                    hub::phone::enter_near_miss(hub, &call, member, heard, near_miss, &sent);
                Ok::<_, Problem>(entered)
            })
            .await?;
        match outcome {
            Ok(receipt) => return Ok(to_receipt(&state, &signed, receipt)),
            Err(error) => told(error, "scope", &mut form, words)?,
        }
    }
    let html = page(&state, &signed, form, key).await?;
    Ok((REFUSED, html).into_response())
}

async fn page(
    state: &AppState,
    signed: &Signed,
    form: Form,
    key: FormKey,
) -> Result<Html<String>, Problem> {
    let desk = desk(state, signed).await?;
    let visit = &signed.visit;
    let (words, lists) = (visit.words, state.hub.reference());
    let day = visit.now.day_in_japan();
    let page = PhoneNearMiss {
        frame: visit.frame(state),
        form,
        form_key: key.to_string(),
        members: members(&desk, words),
        heard: heard_choices(words),
        kinds: explained(words, lists.near_miss_kinds.current(day), |kind| {
            &kind.example
        }),
        whens: whens(words),
        places: choices(words, lists.places.current(day)),
        reasons: choices(words, lists.no_harm_reasons.current(day)),
        scopes: SCOPES.iter().map(|scope| choice(words, *scope)).collect(),
        custody: custody(words, lists, visit),
        script: Script::new(words),
    };
    Ok(Html(page.render()?))
}
