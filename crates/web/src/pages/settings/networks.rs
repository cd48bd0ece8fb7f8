//! `GET` and `POST /settings/networks`: the own organization's public networks.

use askama::Template as _;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use domain::network::{ListError, NETWORKS_MAX, NetworkError, read_list};
use domain::time::Timestamp;
use hub::networks::{NetworksError, Own, own_networks, record_networks};
use view::form::Form;
use view::layout::Tone;
use view::page::settings::networks::Networks;
use view::words::Words;

use crate::form::Posted;
use crate::problem::{Problem, REFUSED};
use crate::said::Said;
use crate::state::AppState;
use crate::visit::Signed;

const SAID: &[(&str, Tone, &str)] = &[("recorded", Tone::Done, "settings-networks-recorded")];
/// Wrong lines that are told.
const LINES_TOLD_MAX: usize = 10;

/// The networks as they stand.
pub(crate) async fn show(
    State(state): State<AppState>,
    signed: Signed,
    said: Said,
) -> Result<Html<String>, Problem> {
    let mut page = page(&state, signed, None).await?;
    page.frame.message = said.message(page.frame.words, SAID);
    Ok(Html(page.render()?))
}

/// Writes the networks.
pub(crate) async fn record(
    State(state): State<AppState>,
    signed: Signed,
    posted: Posted,
) -> Result<Response, Problem> {
    let words = signed.visit.words;
    let mut form = posted.refill("/settings/networks");
    let networks = match read_list(posted.one("networks")) {
        Ok(networks) => networks,
        Err(error) => {
            form.reject("networks", refusal(words, &error));
            let page = page(&state, signed, Some(form)).await?;
            return Ok((REFUSED, Html(page.render()?)).into_response());
        }
    };
    let as_of = posted.one("as_of").parse().ok().map(Timestamp::from_micros);
    let (writer, writing) = (signed.actor.clone(), signed.visit.clone());
    let written = state
        .ask(move |hub| {
            let call = Signed::call(&writer, &writing);
            record_networks(hub, &call, as_of, networks)
        })
        .await?;
    match written {
        Ok(()) => Ok(Redirect::to("/settings/networks?said=recorded").into_response()),
        Err(NetworksError::Changed) => {
            form.reject("networks", words.t("settings-networks-changed"));
            let mut page = page(&state, signed, Some(form)).await?;
            // What stands there now is on the page, above the form.
            page.form.replace("as_of", made_from(page.as_of));
            Ok((REFUSED, Html(page.render()?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    state: &AppState,
    Signed { visit, actor }: Signed,
    refused: Option<Form>,
) -> Result<Networks, Problem> {
    let frame = visit.frame(state);
    let Own { networks, as_of } = state
        .call(move |hub| own_networks(hub, &Signed::call(&actor, &visit)))
        .await?;
    let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
    let form = refused.unwrap_or_else(|| {
        Form::new("/settings/networks")
            .with("as_of", made_from(as_of))
            .with("networks", networks.join("\n"))
    });
    Ok(Networks {
        networks,
        as_of,
        form,
        frame,
    })
}

/// What is wrong with a list, each line with its number.
fn refusal(words: Words, error: &ListError) -> String {
    let lines = match error {
        ListError::Lines(lines) => lines,
        ListError::Many => {
            let most = [("most", NETWORKS_MAX.to_string().into())];
            return words.tn("settings-networks-many", &most);
        }
        ListError::Wide => return words.t("settings-networks-wide-all").into_owned(),
    };
    let told = lines.iter().take(LINES_TOLD_MAX).map(|(number, why)| {
        let key = match why {
            NetworkError::Unreadable => "settings-networks-unreadable",
            NetworkError::Inside => "settings-networks-inside",
            NetworkError::NotPublic => "settings-networks-not-public",
            NetworkError::Wide => "settings-networks-wide",
        };
        words.tn(key, &[("line", number.to_string().into())])
    });
    told.collect::<Vec<_>>().join(" ")
}

/// Since when the networks stand that a form was made from; empty while there are none.
fn made_from(as_of: Option<Timestamp>) -> String {
    as_of.map_or_else(String::new, |at| at.micros().to_string())
}
