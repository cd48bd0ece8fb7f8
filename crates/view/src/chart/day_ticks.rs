//! One line of time with a tick for each thing that happened; the sentence beside it says how many.

use domain::time::Timestamp;

use super::{Place, element};
use crate::html::Html;

/// A line from `from` to `until` with a tick at each of `moments`. It repeats what stands beside it in
/// words, so that it is hidden from readers who see no drawing.
pub fn day_ticks(moments: &[Timestamp], from: Timestamp, until: Timestamp) -> Html {
    let whole = until.micros() - from.micros();
    let mut html = Html::new();
    html.markup("<svg class=\"day\" aria-hidden=\"true\" width=\"100%\" height=\"24\">");
    element(
        &mut html,
        "line",
        &[
            ("x1", "0"),
            ("y1", "20"),
            ("x2", "100%"),
            ("y2", "20"),
            ("class", "axis"),
        ],
    );
    let mut moments = moments.to_vec();
    moments.sort_unstable();
    for at in moments.into_iter().filter(|at| (from..=until).contains(at)) {
        let place = Place::at(at.micros() - from.micros(), whole).text();
        element(
            &mut html,
            "line",
            &[
                ("x1", &place),
                ("y1", "2"),
                ("x2", &place),
                ("y2", "20"),
                ("class", "tick"),
            ],
        );
    }
    html.markup("</svg>");
    html
}
