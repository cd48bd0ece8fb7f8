//! Communities: which there are, who is in one, putting in, taking out, founding.
//!
//! Every administrator finds those that concern his organization; the desk says which these are and
//! what is his to change.

use axum::routing::{get, post};
use domain::id::{CommunityId, OrganizationId};
use domain::organization::CommunityKind;
use domain::policy::Action;
use domain::time::Timestamp;
use hub::communities::{CommunityCard, CommunityError, Standing};
use view::layout::Tone;
use view::page::communities::CommunityRow;
use view::words::Words;

use crate::form::Posted;
use crate::lists::{row_name, say, say_name};
use crate::problem::Problem;
use crate::routes::{Needs, Route};
use crate::state::AppState;

mod found;
mod leave;
mod list;
mod show;

const RUNS: Needs = Needs::May(Action::ManageMembers);
const RUNS_RECENT: Needs = Needs::MayRecent(Action::ManageMembers);

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/communities",
        needs: RUNS,
        handler: || get(list::show),
    },
    Route {
        method: "GET",
        path: "/communities/new",
        needs: Needs::MayRecent(Action::ManageHub),
        handler: || get(found::ask),
    },
    Route {
        method: "POST",
        path: "/communities",
        needs: Needs::MayRecent(Action::ManageHub),
        handler: || post(found::found),
    },
    Route {
        method: "GET",
        path: "/communities/{community}",
        needs: RUNS,
        handler: || get(show::show),
    },
    Route {
        method: "GET",
        path: "/communities/{community}/leave",
        needs: RUNS_RECENT,
        handler: || get(leave::ask),
    },
    Route {
        method: "POST",
        path: "/communities/join",
        needs: RUNS_RECENT,
        handler: || post(show::join),
    },
    Route {
        method: "POST",
        path: "/communities/leave",
        needs: RUNS_RECENT,
        handler: || post(leave::leave),
    },
];

/// What the last action did.
const SAID: &[(&str, Tone, &str)] = &[
    ("joined", Tone::Done, "communities-joined"),
    ("left", Tone::Done, "communities-left"),
    ("founded", Tone::Done, "communities-founded"),
    (
        "founded-already",
        Tone::Failure,
        "communities-found-already",
    ),
    ("old", Tone::Warning, "communities-said-changed"),
];

/// What a list says of a community.
fn row(
    state: &AppState,
    card: &CommunityCard,
    own: &str,
    now: Timestamp,
    words: Words,
) -> CommunityRow {
    let mut marks = Vec::new();
    if card.standing == Standing::In {
        marks.push((words.t("communities-own").into_owned(), "done"));
    }
    let leads = |label: &hub::addressing::OrganizationLabel| label.id.to_string() == own;
    if card.secretariat.as_ref().is_some_and(leads) {
        marks.push((words.t("communities-run").into_owned(), "hint"));
    }
    CommunityRow {
        href: format!("/communities/{}", card.id),
        name: say_name(words, &card.names),
        regime: regime_name(state, card.kind, now, words),
        marks,
        member_count: card.member_count,
    }
}

/// The community and the organization that a form is about.
fn membership(posted: &Posted) -> Result<(CommunityId, OrganizationId), Problem> {
    let community = posted.one("community").parse();
    let organization = posted.one("organization").parse();
    match (community, organization) {
        (Ok(community), Ok(organization)) => Ok((community, organization)),
        _ => Err(Problem::NotFound),
    }
}

/// The regime's rules in words.
fn rules(state: &AppState, kind: CommunityKind, now: Timestamp, words: Words) -> String {
    let regime = state.hub.reference().regime(kind, now.day_in_japan());
    regime.map_or(String::new(), |row| say(words, &row.body.rules))
}

/// What a reader must know about the rules' limits; empty when nothing.
fn note(state: &AppState, kind: CommunityKind, now: Timestamp, words: Words) -> String {
    let regime = state.hub.reference().regime(kind, now.day_in_japan());
    let note = regime.and_then(|row| row.note.as_ref());
    note.map(|note| say(words, note)).unwrap_or_default()
}

/// The regime's name, with the mark of a row that a person still has to check.
fn regime_name(state: &AppState, kind: CommunityKind, now: Timestamp, words: Words) -> String {
    let regime = state.hub.reference().regime(kind, now.day_in_japan());
    regime.map_or_else(|| kind.word().to_owned(), |row| row_name(words, row))
}

impl From<CommunityError> for Problem {
    fn from(error: CommunityError) -> Self {
        match error {
            CommunityError::NotFound => Self::NotFound,
            CommunityError::Changed => Self::Changed,
            CommunityError::Store(source) => Self::trouble(&source),
        }
    }
}
