//! Clients over the 24 hours of a day, one bar for each hour, in the hours of Japan.

use super::{Figure, Place, element, label};
use crate::html::Html;
use crate::table::{Cell, Table};
use crate::words::Words;

/// Clients in each hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientHours {
    /// Unique on the page, `[a-z0-9-]+`.
    pub id: String,
    /// What is shown.
    pub title: String,
    /// At least so many in each hour of UTC; `None` where there were too few to be told.
    pub utc: [Option<u32>; 24],
}

const HEIGHT: i64 = 176;
const BASE: i64 = 148;
const TOP: i64 = 24;
/// Hours by which Japan is ahead.
const AHEAD: usize = 9;

impl ClientHours {
    /// The chart.
    pub fn html(&self, words: Words) -> Html {
        let hours = self.in_japan();
        let most = hours.iter().flatten().max().copied().unwrap_or(0);
        let told = hours.iter().flatten().count();
        let description = words.tn(
            "chart-hours",
            &[("told", told.into()), ("most", most.into())],
        );
        Figure {
            id: &self.id,
            title: &self.title,
            description: &description,
            height: HEIGHT,
            drawing: &drawing(&hours, most),
            legend: None,
            table: &self.table(&hours, words),
        }
        .html(words)
    }

    fn in_japan(&self) -> [Option<u32>; 24] {
        let mut hours = self.utc;
        hours.rotate_right(AHEAD);
        hours
    }

    fn table(&self, hours: &[Option<u32>; 24], words: Words) -> Table {
        let rows = hours.iter().zip(0_u32..).map(|(told, hour)| {
            let told = match told {
                Some(count) => words.tn("chart-at-least", &[("count", (*count).into())]),
                None => words.t("chart-too-few").into_owned(),
            };
            vec![Cell::Text(clock(hour)), Cell::Text(told)]
        });
        Table {
            caption: self.title.clone(),
            head: vec![
                words.t("chart-hour").into_owned(),
                words.t("chart-clients").into_owned(),
            ],
            rows: rows.collect(),
        }
    }
}

fn drawing(hours: &[Option<u32>; 24], most: u32) -> Html {
    let mut html = Html::new();
    for (told, slot) in hours.iter().zip(0_i64..) {
        let left = Place::at(20 * slot + 3, 480).text();
        let width = Place::at(14, 480).text();
        let tall = told.map_or(6, |count| height(count, most));
        let (y, size) = ((BASE - tall).to_string(), tall.to_string());
        let class = if told.is_some() { "fill s0" } else { "unknown" };
        element(
            &mut html,
            "rect",
            &[
                ("x", &left),
                ("y", &y),
                ("width", &width),
                ("height", &size),
                ("class", class),
            ],
        );
        if slot % 6 == 0 {
            let hour = clock(u32::try_from(slot).unwrap_or(0));
            label(
                &mut html,
                Place::at(20 * slot, 480),
                BASE + 20,
                "name start",
                &hour,
            );
        }
    }
    label(&mut html, Place(0), 12, "count start", &most.to_string());
    let base = BASE.to_string();
    element(
        &mut html,
        "line",
        &[
            ("x1", "0"),
            ("y1", &base),
            ("x2", "100%"),
            ("y2", &base),
            ("class", "axis"),
        ],
    );
    html
}

fn height(count: u32, most: u32) -> i64 {
    let room = i64::from(count) * (BASE - TOP) / i64::from(most.max(1));
    room.max(8)
}

fn clock(hour: u32) -> String {
    format!("{hour}:00")
}
