use domain::time::Timestamp;

use super::*;
use crate::table::Cell;
use crate::words::Language;

const JA: Words = Words::new(Language::Ja);

fn week(label: &str, count: Option<u64>) -> Bar {
    Bar {
        label: label.to_owned(),
        count,
    }
}

fn weeks() -> Bars {
    Bars {
        id: "weeks".to_owned(),
        title: "週ごとの件数".to_owned(),
        axis: "週".to_owned(),
        counts: vec![
            week("11/7", Some(4)),
            week("11/14", None),
            week("11/21", Some(0)),
        ],
    }
}

#[test]
fn a_bar_chart_tells_unknown_from_zero() {
    let html = weeks().html(JA).to_string();
    assert!(html.contains("class=\"count\">4</text>"), "{html}");
    assert!(
        html.contains("class=\"count\">?</text>")
            && html.contains("<td class=\"number\">不明</td>")
    );
    assert!(
        html.contains("class=\"count\">0</text>") && html.contains("<td class=\"number\">0</td>")
    );
    assert!(html.contains("合計4件、最大4件"), "{html}");
    assert_eq!(html, weeks().html(JA).to_string());
}

#[test]
fn segments_fill_the_bar_exactly() {
    let part = |label: &str, count| Segment {
        label: label.to_owned(),
        count,
    };
    let chart = Stacked {
        id: "reach".to_owned(),
        title: "到達状況".to_owned(),
        axis: "状態".to_owned(),
        segments: vec![
            part("実施済み", 1),
            part("引き受け", 1),
            part("なし", 0),
            part("未達", 1),
        ],
    };
    let html = chart.html(JA).to_string();
    for (x, width) in [
        ("0.00%", "33.33%"),
        ("33.33%", "33.33%"),
        ("66.66%", "33.34%"),
    ] {
        assert!(
            html.contains(&format!("x=\"{x}\" y=\"0\" width=\"{width}\"")),
            "{x} {html}"
        );
    }
    assert!(
        html.contains("<td class=\"number\">3</td>"),
        "the total stands in the table"
    );
    assert!(html.contains("全体3件のうち「実施済み」1件"));
}

#[test]
fn a_heat_map_withholds_in_words_and_tints_by_share() {
    let chart = Heat {
        id: "sectors".to_owned(),
        title: "分野と週".to_owned(),
        axis: "分野".to_owned(),
        columns: vec!["11/7".to_owned(), "11/14".to_owned(), "11/21".to_owned()],
        rows: vec![HeatRow {
            label: "水道<b>".to_owned(),
            cells: vec![Cell::Number(10), Cell::Withheld, Cell::Number(5)],
            hrefs: vec![],
        }],
    };
    let html = chart.html(JA).to_string();
    assert!(
        html.contains("heat-5\">10<") && html.contains("heat-3\">5<"),
        "{html}"
    );
    assert!(
        html.contains("heat-none\"><span aria-hidden=\"true\">-</span>"),
        "{html}"
    );
    assert!(html.contains("水道&lt;b&gt;"), "names are escaped");
}

#[test]
fn events_that_are_close_stand_on_different_levels() {
    let at = |minutes: i64| Timestamp::from_seconds(1_795_198_320 + minutes * 60);
    let event = |minutes| Event {
        at: at(minutes),
        text: "検知".to_owned(),
    };
    let chart = Timeline {
        id: "case".to_owned(),
        title: "経過".to_owned(),
        begins_at: at(0),
        ends_at: at(1000),
        events: vec![event(500), event(510), event(900), event(2000)],
    };
    let html = chart.html(JA).to_string();
    let centers: Vec<&str> = html
        .split("<circle cx=\"")
        .skip(1)
        .filter_map(|rest| rest.split("\" r=").next())
        .collect();
    assert_eq!(
        centers,
        [
            "50.00%\" cy=\"42",
            "51.00%\" cy=\"16",
            "90.00%\" cy=\"42",
            "95.50%\" cy=\"16"
        ]
    );
    assert_eq!(html.matches("<tr><th scope=\"row\">").count(), 4);
}

#[test]
fn a_clock_says_its_state_and_its_due_time() {
    let at = |hours: i64| Timestamp::from_seconds(1_795_198_320 + hours * 3600);
    let clock = |due, met| Clock {
        label: "所管省庁への速報".to_owned(),
        starts_at: at(0),
        due_at: at(due),
        met_at: met,
    };
    let chart = ClockStrip {
        id: "clocks".to_owned(),
        title: "期限".to_owned(),
        now: at(12),
        clocks: vec![clock(24, None), clock(6, None), clock(24, Some(at(1)))],
    };
    let html = chart.html(JA).to_string();
    assert!(
        html.contains("width=\"50.00%\" height=\"10\" class=\"running\""),
        "{html}"
    );
    assert!(
        html.contains("width=\"100.00%\" height=\"10\" class=\"late\""),
        "{html}"
    );
    assert!(
        html.contains("width=\"4.16%\" height=\"10\" class=\"met\""),
        "{html}"
    );
    assert!(html.contains("期限 11/22 03:12（あと12時間）"), "{html}");
    assert!(html.contains("期限超過（期限 11/21 09:12）"), "{html}");
}

#[test]
fn every_chart_has_its_class_its_title_and_a_table() {
    for sample in crate::page::samples(JA) {
        let figures = sample.html.matches("<figure").count();
        assert_eq!(
            sample.html.matches("<figure class=\"chart").count(),
            figures,
            "{}",
            sample.name
        );
        assert!(
            sample.html.matches("<table>").count() >= figures,
            "{}",
            sample.name
        );
    }
}
