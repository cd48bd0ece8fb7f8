//! `GET /roster`: who is on duty, today and for two weeks.

use askama::Template as _;
use axum::extract::State;
use axum::response::Html;
use domain::roster::{Span, TAKE_OVER_SECONDS, Turn};
use domain::time::{DAY_SECONDS, Timestamp};
use hub::roster::{Colleague, Planning, Roster, TakingOver};
use view::form::{Choice, Form};
use view::layout::Tone;
use view::page::roster::{
    BothOnDuty, Day, DayTurn, OnDuty, PersonLine, PlanningChoices, RosterPage,
};
use view::words::Words;

use super::{label, name_of, person_of, roster, turn_label};
use crate::problem::Problem;
use crate::said::Said;
use crate::state::AppState;
use crate::visit::Signed;

/// Where a turn is added.
pub(super) const ADD: &str = "/roster/turns";

/// Why nothing was changed.
const SAID: &[(&str, Tone, &str)] = &[
    ("no-turn", Tone::Warning, "roster-said-no-turn"),
    ("no-deputy", Tone::Warning, "roster-said-no-deputy"),
];

/// Shows the roster.
pub(crate) async fn show(
    State(state): State<AppState>,
    signed: Signed,
    said: Said,
) -> Result<Html<String>, Problem> {
    let roster = roster(&state, &signed).await?;
    let mut page = page(&state, &signed, &roster, Form::new(ADD));
    page.frame.message = said.message(signed.visit.words, SAID);
    Ok(Html(page.render()?))
}

/// The page with `form` in it.
pub(super) fn page(state: &AppState, signed: &Signed, roster: &Roster, form: Form) -> RosterPage {
    let (visit, now) = (&signed.visit, signed.visit.now);
    let words = visit.words;
    let people = roster.people.as_slice();
    let current = roster.turns.iter().filter(|turn| turn.span.covers(now));
    let next = roster.turns.iter().find(|turn| turn.span.starts_at > now);
    let longest = now.plus_seconds(TAKE_OVER_SECONDS);
    let both = roster.overlaps.iter().map(|both| BothOnDuty {
        first: name_of(&both.first, people),
        second: name_of(&both.second, people),
        span: both.span,
    });
    RosterPage {
        frame: visit.frame(state),
        form,
        on_duty: current
            .filter_map(|turn| on_duty(turn, people, signed))
            .collect(),
        can_take_over: roster.taking_over == TakingOver::Possible,
        take_over_until: next.map_or(longest, |turn| turn.span.starts_at.min(longest)),
        gaps: roster.gaps.clone(),
        first_called: people
            .first()
            .map_or(String::new(), |person| person.card.content().name.clone()),
        overlaps: both.collect(),
        days: days(roster),
        people: people
            .iter()
            .map(|person| line(person, roster, words))
            .collect(),
        planning: (roster.planning == Planning::Allowed).then(|| choices(roster, now, words)),
    }
}

fn on_duty(turn: &Turn, people: &[Colleague], signed: &Signed) -> Option<OnDuty> {
    let person = person_of(turn, people)?;
    let card = person.card.content();
    Some(OnDuty {
        turn: turn.id.to_string(),
        name: card.name.clone(),
        tier: person.tier,
        phone: card.phone.clone(),
        until: turn.span.ends_at,
        is_reader: turn.membership == signed.actor.membership,
    })
}

/// The days shown, each with what touches it.
fn days(roster: &Roster) -> Vec<Day> {
    let mut at = roster.shown.starts_at;
    let mut days = Vec::new();
    while let Some(day) = Span::new(at, roster.shown.ends_at.min(at.plus_seconds(DAY_SECONDS))) {
        let turns = roster
            .turns
            .iter()
            .filter(|turn| turn.span.meet(day).is_some());
        days.push(Day {
            at,
            turns: turns
                .filter_map(|turn| {
                    let person = person_of(turn, &roster.people)?;
                    let card = person.card.content();
                    Some(DayTurn {
                        span: turn.span,
                        name: card.name.clone(),
                        tier: person.tier,
                        phone: card.phone.clone(),
                    })
                })
                .collect(),
            gaps: roster.gaps.iter().filter_map(|gap| gap.meet(day)).collect(),
        });
        at = day.ends_at;
    }
    days
}

fn line(person: &Colleague, roster: &Roster, words: Words) -> PersonLine {
    let card = person.card.content();
    let stands_in = |(deputy, place): &(_, _)| {
        let deputy = roster
            .people
            .iter()
            .find(|other| other.membership == *deputy)?;
        (*place == person.membership).then(|| deputy.card.content().name.clone())
    };
    PersonLine {
        name: card.name.clone(),
        tier: person.tier,
        role: words.t(&format!("role-{}", person.role)).into_owned(),
        phone: card.phone.clone(),
        deputies: roster.deputies.iter().filter_map(stands_in).collect(),
    }
}

fn choices(roster: &Roster, now: Timestamp, words: Words) -> PlanningChoices {
    let people = roster.people.as_slice();
    let ahead = roster.turns.iter().filter(|turn| turn.span.ends_at > now);
    PlanningChoices {
        people: people
            .iter()
            .map(|person| Choice::new(person.membership.to_string(), label(person, people, words)))
            .collect(),
        turns: ahead
            .map(|turn| Choice::new(turn.id.to_string(), turn_label(turn, people, words)))
            .collect(),
    }
}
