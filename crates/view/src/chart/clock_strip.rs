//! Running clocks: from when, until when, how much is left.

use domain::time::Timestamp;

use super::{Figure, Place, element, label};
use crate::clock;
use crate::html::Html;
use crate::table::{Cell, Table};
use crate::words::Words;

/// The clocks of one matter at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockStrip {
    /// Unique on the page, `[a-z0-9-]+`.
    pub id: String,
    /// What the clocks belong to.
    pub title: String,
    /// The moment of drawing.
    pub now: Timestamp,
    /// The next due first.
    pub clocks: Vec<Clock>,
}

/// One clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Whom it is owed to and what.
    pub label: String,
    /// When it began.
    pub starts_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it was met; `None` while it runs.
    pub met_at: Option<Timestamp>,
}

const ROW: i64 = 56;

impl ClockStrip {
    /// The chart.
    pub fn html(&self, words: Words) -> Html {
        let open_count = self
            .clocks
            .iter()
            .filter(|clock| clock.met_at.is_none())
            .count();
        let description = words.tn(
            "chart-clocks",
            &[
                ("count", self.clocks.len().into()),
                ("open", open_count.into()),
            ],
        );
        let mut drawing = Html::new();
        for (clock, row) in self.clocks.iter().zip(0_i64..) {
            draw(&mut drawing, clock, self.now, row * ROW, words);
        }
        Figure {
            id: &self.id,
            title: &self.title,
            description: &description,
            height: ROW * i64::try_from(self.clocks.len()).unwrap_or(1),
            drawing: &drawing,
            legend: None,
            table: &table(self, words),
        }
        .html(words)
    }
}

fn draw(html: &mut Html, clock: &Clock, now: Timestamp, y: i64, words: Words) {
    let until = clock.met_at.unwrap_or(now);
    let whole = clock
        .due_at
        .micros()
        .saturating_sub(clock.starts_at.micros());
    let spent = Place::at(
        until.micros().saturating_sub(clock.starts_at.micros()),
        whole,
    );
    let class = match (clock.met_at, until > clock.due_at) {
        (Some(_), false) => "met",
        (None, false) => "running",
        (_, true) => "late",
    };
    label(html, Place(0), y + 16, "row-name start", &clock.label);
    let (top, width) = ((y + 24).to_string(), spent.text());
    element(
        html,
        "rect",
        &[
            ("x", "0"),
            ("y", &top),
            ("width", "100%"),
            ("height", "10"),
            ("class", "track"),
        ],
    );
    element(
        html,
        "rect",
        &[
            ("x", "0"),
            ("y", &top),
            ("width", &width),
            ("height", "10"),
            ("class", class),
        ],
    );
    label(
        html,
        Place::END,
        y + 50,
        "name end",
        &state(clock, now, words),
    );
}

/// The state in words with the due time as clock time: nobody calculates at three in the morning.
fn state(clock: &Clock, now: Timestamp, words: Words) -> String {
    let due = clock::short_moment(clock.due_at, words);
    match (clock.met_at, now > clock.due_at) {
        (Some(_), _) => words.tn("chart-clock-met", &[("due", due.into())]),
        (None, true) => words.tn("chart-clock-late", &[("due", due.into())]),
        (None, false) => words.tn(
            "chart-clock-running",
            &[
                ("due", due.into()),
                ("left", clock::age(clock.due_at, now, words).into()),
            ],
        ),
    }
}

fn table(chart: &ClockStrip, words: Words) -> Table {
    let row = |clock: &Clock| {
        vec![
            Cell::Text(clock.label.clone()),
            Cell::Html(clock::moment(clock.starts_at, words)),
            Cell::Html(clock::moment(clock.due_at, words)),
            Cell::Text(state(clock, chart.now, words)),
        ]
    };
    let head = [
        "chart-what",
        "chart-clock-from",
        "chart-clock-due",
        "chart-clock-state",
    ];
    Table {
        caption: chart.title.clone(),
        head: head.map(|key| words.t(key).into_owned()).into(),
        rows: chart.clocks.iter().map(row).collect(),
    }
}
