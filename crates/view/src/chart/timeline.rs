//! What happened when: numbered marks on a line, the words in the table.

use domain::time::Timestamp;

use super::{Place, element, label};
use crate::clock;
use crate::html::Html;
use crate::table::{Cell, Table};
use crate::words::Words;

/// Events between two moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Unique on the page, `[a-z0-9-]+`.
    pub id: String,
    /// What the events belong to.
    pub title: String,
    /// Left end.
    pub begins_at: Timestamp,
    /// Right end.
    pub ends_at: Timestamp,
    /// Oldest first; those outside the two ends are drawn at the ends.
    pub events: Vec<Event>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub text: String,
}

/// Marks closer than this would cover each other on a phone (24 px of 290).
const NEAR: i64 = 900;
const LEVELS: usize = 4;
const LEVEL_HEIGHT: i64 = 26;

impl Timeline {
    /// The chart. The table stands open: marks alone tell too little.
    pub fn html(&self, words: Words) -> Html {
        let levels = levels(self);
        let used = levels.iter().map(|(_, level)| level + 1).max().unwrap_or(1);
        let base = LEVEL_HEIGHT * i64::try_from(used).unwrap_or(1) + 8;
        let description = words.tn(
            "chart-timeline",
            &[
                ("count", self.events.len().into()),
                ("from", clock::jst(self.begins_at, words).into()),
                ("to", clock::jst(self.ends_at, words).into()),
            ],
        );
        let mut html = Html::new();
        html.markup("<figure class=\"chart\"><figcaption id=\"")
            .text(&self.id)
            .markup("-title\">");
        html.text(&self.title)
            .markup("</figcaption><svg role=\"img\" aria-labelledby=\"")
            .text(&self.id);
        html.markup("-title ")
            .text(&self.id)
            .markup("-desc\" width=\"100%\" height=\"")
            .number(base + 24);
        html.markup("\"><desc id=\"")
            .text(&self.id)
            .markup("-desc\">")
            .text(&description)
            .markup("</desc>");
        draw(&mut html, self, &levels, base, words);
        html.markup("</svg>")
            .html(&table(self, words).html(words))
            .markup("</figure>");
        html
    }
}

fn draw(html: &mut Html, chart: &Timeline, levels: &[(Place, usize)], base: i64, words: Words) {
    let y = base.to_string();
    element(
        html,
        "line",
        &[
            ("x1", "0"),
            ("y1", &y),
            ("x2", "100%"),
            ("y2", &y),
            ("class", "axis"),
        ],
    );
    for (number, (place, level)) in (1_i64..).zip(levels) {
        let center = base - 18 - LEVEL_HEIGHT * i64::try_from(*level).unwrap_or(0);
        let (x, cy) = (place.text(), center.to_string());
        element(
            html,
            "line",
            &[
                ("x1", &x),
                ("y1", &cy),
                ("x2", &x),
                ("y2", &y),
                ("class", "stem"),
            ],
        );
        element(
            html,
            "circle",
            &[("cx", &x), ("cy", &cy), ("r", "11"), ("class", "mark")],
        );
        label(html, *place, center + 4, "mark-number", &number.to_string());
    }
    label(
        html,
        Place(0),
        base + 20,
        "name start",
        &clock::short_moment(chart.begins_at, words),
    );
    label(
        html,
        Place::END,
        base + 20,
        "name end",
        &clock::short_moment(chart.ends_at, words),
    );
}

/// Where each event stands, and how high, so that near marks do not cover each other.
fn levels(chart: &Timeline) -> Vec<(Place, usize)> {
    let whole = chart
        .ends_at
        .micros()
        .saturating_sub(chart.begins_at.micros());
    let mut last_at: [Option<Place>; LEVELS] = [None; LEVELS];
    let mut found = Vec::new();
    for event in &chart.events {
        let part = event.at.micros().saturating_sub(chart.begins_at.micros());
        let at = Place::at(part, whole);
        // Marks stay inside the drawing.
        let place = Place(at.0.clamp(NEAR / 2, 10_000 - NEAR / 2));
        let free = |last: &Option<Place>| last.is_none_or(|last| place.0 - last.0 >= NEAR);
        let level = last_at.iter().position(free).unwrap_or(LEVELS - 1);
        if let Some(last) = last_at.get_mut(level) {
            *last = Some(place);
        }
        found.push((place, level));
    }
    found
}

fn table(chart: &Timeline, words: Words) -> Table {
    let row = |(number, event): (u64, &Event)| {
        vec![
            Cell::Text(number.to_string()),
            Cell::Html(clock::moment(event.at, words)),
            Cell::Text(event.text.clone()),
        ]
    };
    Table {
        caption: words.t("chart-events").into_owned(),
        head: vec![
            words.t("chart-number").into_owned(),
            words.t("chart-when").into_owned(),
            words.t("chart-what").into_owned(),
        ],
        rows: (1_u64..).zip(&chart.events).map(row).collect(),
    }
}
