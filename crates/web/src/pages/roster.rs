//! The duty roster of the reader's organization.

use axum::routing::{get, post};
use domain::policy::Action;
use domain::roster::{Span, Turn};
use exchange::duty_rows::ROWS_MAX;
use exchange::sheet::{Column, Pick};
use hub::roster::{Colleague, Roster};
use view::clock;
use view::page::duty::tier_name;
use view::words::Words;

use crate::problem::Problem;
use crate::routes::{Needs, Route};
use crate::sheets::Plan;
use crate::state::AppState;
use crate::upload;
use crate::visit::Signed;

mod change;
mod import;
mod show;

/// The page.
const PAGE: &str = "/roster";

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/roster",
        needs: Needs::MayAny(&[Action::ReadAdvisory, Action::ManageMembers]),
        handler: || get(show::show),
    },
    Route {
        method: "POST",
        path: "/roster/take-over",
        needs: Needs::May(Action::Acknowledge),
        handler: || post(change::take_over),
    },
    Route {
        method: "POST",
        path: "/roster/turns",
        needs: Needs::May(Action::ManageMembers),
        handler: || post(change::add),
    },
    Route {
        method: "POST",
        path: "/roster/turns/drop",
        needs: Needs::May(Action::ManageMembers),
        handler: || post(change::drop_turn),
    },
    Route {
        method: "POST",
        path: "/roster/deputies",
        needs: Needs::May(Action::ManageMembers),
        handler: || post(change::set_deputy),
    },
    Route {
        method: "GET",
        path: "/roster/roster.xlsx",
        needs: Needs::May(Action::ManageMembers),
        handler: || get(import::export),
    },
    Route {
        method: "GET",
        path: "/roster/import",
        needs: Needs::May(Action::ManageMembers),
        handler: || get(import::show),
    },
    Route {
        method: "POST",
        path: "/roster/import",
        needs: Needs::May(Action::ManageMembers),
        handler: || post(import::check).layer(upload::limit()),
    },
    Route {
        method: "POST",
        path: "/roster/import/marked",
        needs: Needs::May(Action::ManageMembers),
        handler: || post(import::marked).layer(upload::limit()),
    },
    Route {
        method: "POST",
        path: "/roster/import/save",
        needs: Needs::May(Action::ManageMembers),
        handler: || post(import::save).layer(upload::limit()),
    },
];

/// The roster of the caller's organization.
async fn roster(state: &AppState, signed: &Signed) -> Result<Roster, Problem> {
    let (actor, visit) = (signed.actor.clone(), signed.visit.clone());
    state
        .call(move |hub| hub::roster::show(hub, &Signed::call(&actor, &visit)))
        .await
}

/// A person as lists name him: two of one name differ by their tiers or are told by their places.
fn label(person: &Colleague, people: &[Colleague], words: Words) -> String {
    let name = &person.card.content().name;
    let tier = tier_name(person.tier, words);
    let label = words.tn(
        "roster-person",
        &[("name", name.into()), ("tier", tier.into())],
    );
    let twins = people
        .iter()
        .filter(|other| other.tier == person.tier && other.card.content().name == *name);
    let before = twins
        .take_while(|other| other.membership != person.membership)
        .count();
    if before == 0 {
        label
    } else {
        format!("{label} {}", before + 1)
    }
}

/// Name of whoever holds a turn; empty when he cannot be on duty any more.
fn name_of(turn: &Turn, people: &[Colleague]) -> String {
    person_of(turn, people).map_or(String::new(), |person| person.card.content().name.clone())
}

fn person_of<'p>(turn: &Turn, people: &'p [Colleague]) -> Option<&'p Colleague> {
    people
        .iter()
        .find(|person| person.membership == turn.membership)
}

/// A turn as one line.
fn turn_label(turn: &Turn, people: &[Colleague], words: Words) -> String {
    let Span { starts_at, ends_at } = turn.span;
    words.tn(
        "roster-turn-label",
        &[
            ("from", clock::jst(starts_at, words).into()),
            ("until", clock::jst(ends_at, words).into()),
            ("name", name_of(turn, people).into()),
        ],
    )
}

/// The roster as a table of a file.
fn plan(words: Words, people: &[Colleague]) -> Plan {
    let column = |word, width| Column {
        width,
        ..Plan::column(
            words,
            word,
            &format!("roster-column-{word}"),
            &format!("roster-help-{word}"),
        )
    };
    let picks = people.iter().map(|person| {
        let name = &person.card.content().name;
        let namesakes = people
            .iter()
            .filter(|other| other.card.content().name == *name);
        Pick {
            value: person.membership.to_string(),
            label: label(person, people, words),
            // A name alone means somebody only where nobody else is called it.
            also: if namesakes.count() == 1 {
                vec![name.clone()]
            } else {
                Vec::new()
            },
        }
    });
    Plan {
        sheets: ["roster-sheet", "roster-notes"],
        name: "noroshi-roster",
        columns: vec![
            column("day", 14),
            column("start", 10),
            column("end-day", 14),
            column("end", 10),
            Column {
                picks: picks.collect(),
                ..column("person", 32)
            },
        ],
        rows_max: ROWS_MAX,
        notes: ["roster-note-lines", "roster-note-replace"]
            .iter()
            .map(|key| words.t(key).into_owned())
            .collect(),
    }
}
