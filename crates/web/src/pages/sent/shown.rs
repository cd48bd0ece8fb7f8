//! Receipts in the reader's language.

use std::collections::BTreeSet;

use domain::handling::{Circle, Tlp};
use domain::organization::OrganizationKind;
use domain::part::{PartKind, Side};
use domain::report::receipt::{Event, Reading, ToldOpening, What, When};
use domain::statistic::{Figure, Figures};
use domain::time::Timestamp;
use domain::word::Code;
use hub::receipts::{Became, Told};
use view::answer::part_name;
use view::clock::day_text;
use view::page::close::close_reason_name;
use view::page::dialogue::Dialogue;
use view::page::sent::{EventLine, SentReport};
use view::part::circle_name;
use view::words::{Words, grouped};

use crate::lists::say;
use crate::state::AppState;
use crate::visit::Visit;

/// The page of what became of a report.
pub(super) fn page(state: &AppState, visit: &Visit, became: &Became) -> SentReport {
    let words = visit.words;
    let day = visit.now.day_in_japan();
    let mode = state
        .hub
        .reference()
        .custody_modes
        .naming(became.custody.word(), day);
    SentReport {
        frame: visit.frame(state),
        pseudonym: became.pseudonym.clone(),
        kind: words.t(&format!("sent-kind-{}", became.kind)).into_owned(),
        custody: mode.map_or(String::new(), |row| say(words, &row.name)),
        events: became
            .events
            .iter()
            .map(|event| line(state, visit, event))
            .collect(),
        done: "",
        batch_until: became.batch_until,
        readings_hidden: became.readings == Told::No,
        terms: None,
        history: None,
        promote: None,
        question: None,
        dialogue: Dialogue::default(),
        proofs: None,
        close: None,
    }
}

fn line(state: &AppState, visit: &Visit, event: &Event) -> EventLine {
    let (text, detail) = said(state, visit, &event.what);
    let (moment, day) = match event.at {
        When::Moment(at) => (Some(at), None),
        When::Day(day) => (None, Some(Timestamp::start_of_day_in_japan(day))),
    };
    EventLine {
        text,
        detail,
        moment,
        day,
    }
}

fn said(state: &AppState, visit: &Visit, what: &What) -> (String, String) {
    let words = visit.words;
    let organization = |kind| words.t(&format!("sent-organization-{kind}"));
    let purpose = |code: &Code| {
        let rows = &state.hub.reference().purposes;
        rows.naming(code.as_str(), visit.now.day_in_japan())
            .map_or(code.to_string(), |row| say(words, &row.name))
    };
    match what {
        What::Accepted => (words.t("sent-event-accepted").into_owned(), String::new()),
        What::Withheld => (words.t("sent-event-withheld").into_owned(), String::new()),
        What::Closed(reason) => (
            words.t("sent-event-closed").into_owned(),
            close_reason_name(*reason, words),
        ),
        What::Reopened => (words.t("sent-event-reopened").into_owned(), String::new()),
        What::Read(reading) => {
            let text = words.tn(
                if is_member(reading.organization) {
                    "sent-event-read-member"
                } else {
                    "sent-event-read"
                },
                &[
                    ("organization", organization(reading.organization).into()),
                    ("role", words.t(&format!("role-{}", reading.role)).into()),
                    ("purpose", purpose(&reading.purpose).into()),
                ],
            );
            (text, side(words, reading))
        }
        What::Released {
            kinds,
            tlp,
            circles,
        } => released(words, kinds, *tlp, circles),
        What::LedTo {
            number,
            issuer,
            useful,
        } => {
            let text = words.tn(
                "sent-event-led",
                &[
                    ("number", number.into()),
                    ("organization", organization(*issuer).into()),
                ],
            );
            (text, useful_line(words, useful))
        }
        What::Opening(opening) => {
            let text = words.tn(
                &format!("sent-event-opening-{}", opening.stage),
                &[
                    ("organization", organization(opening.organization).into()),
                    ("purpose", purpose(&opening.purpose).into()),
                ],
            );
            (text, opening_days(words, opening))
        }
    }
}

/// Which parts left under which label, and whom they reach.
fn released(
    words: Words,
    kinds: &BTreeSet<PartKind>,
    tlp: Tlp,
    circles: &BTreeSet<Circle>,
) -> (String, String) {
    let and = words.t("part-and");
    let parts: Vec<String> = kinds.iter().map(|kind| part_name(*kind, words)).collect();
    let circles: Vec<String> = circles.iter().map(|c| circle_name(*c, words)).collect();
    let facts = [
        ("parts", parts.join(and.as_ref()).into()),
        ("tlp", tlp.label().into()),
    ];
    (
        words.tn("sent-event-released", &facts),
        words.tn(
            "sent-event-released-to",
            &[("circles", circles.join(and.as_ref()).into())],
        ),
    )
}

/// Whether it reads reports as a member of the communities they were released to.
const fn is_member(kind: OrganizationKind) -> bool {
    matches!(
        kind,
        OrganizationKind::Operator | OrganizationKind::Supplier
    )
}

fn side(words: Words, reading: &Reading) -> String {
    match reading.side {
        Side::Original => words.t("sent-event-read-original"),
        Side::Outgoing if is_member(reading.organization) => words.t("sent-event-read-by-member"),
        Side::Outgoing => words.t("sent-event-read-outgoing"),
    }
    .into_owned()
}

/// When an opening was asked for, and when the identity was read.
fn opening_days(words: Words, opening: &ToldOpening) -> String {
    let day = |day| day_text(Timestamp::start_of_day_in_japan(day), words);
    let asked = day(opening.asked_on);
    if opening.read_on.is_empty() {
        return words.tn("sent-event-opening-asked", &[("asked", asked.into())]);
    }
    let read: Vec<String> = opening.read_on.iter().copied().map(day).collect();
    let read = read.join(words.t("part-and").as_ref());
    words.tn(
        "sent-event-opening-read",
        &[("asked", asked.into()), ("read", read.into())],
    )
}

/// Yes, partly, no; what is withheld is a dash.
fn useful_line(words: Words, useful: &Figures) -> String {
    let figure = |place: usize| match useful.cells.get(place) {
        Some(Figure::Shown(count)) => grouped(i64::try_from(*count).unwrap_or(i64::MAX)),
        Some(Figure::Withheld) | None => "-".to_owned(),
    };
    words.tn(
        "sent-event-led-useful",
        &[
            ("yes", figure(0).into()),
            ("partly", figure(1).into()),
            ("no", figure(2).into()),
        ],
    )
}
