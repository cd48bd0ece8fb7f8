//! Charts with made-up figures.

use domain::time::Timestamp;

use super::chosen;
use crate::chart::{
    Bar, Bars, Clock, ClockStrip, Event, Heat, HeatRow, Segment, Stacked, Timeline,
};
use crate::clock::short_day;
use crate::layout::sample::NOW;
use crate::table::Cell;
use crate::words::Words;

const HOUR: i64 = 3600;
const WEEK: i64 = 7 * 24 * HOUR;

fn before(seconds: i64) -> Timestamp {
    NOW.plus_seconds(-seconds)
}

pub(super) fn weeks(words: Words) -> Bars {
    let counts = [3, 0, 1, 4, 2, 0, 7, 12, 5, 3, 0, 2];
    let bar = |(ago, count): (i64, u64)| Bar {
        label: short_day(before(ago * WEEK), words),
        count: (ago != 6).then_some(count),
    };
    Bars {
        id: "weeks".to_owned(),
        title: chosen(
            words,
            "この12週間に知らせた件数",
            "What you reported in the last 12 weeks",
        ),
        axis: chosen(words, "週", "Week"),
        counts: (0..12).rev().zip(counts).map(bar).collect(),
    }
}

pub(super) fn reach(words: Words) -> Stacked {
    let part = |ja: &str, en: &str, count| Segment {
        label: chosen(words, ja, en),
        count,
    };
    Stacked {
        id: "reach".to_owned(),
        title: chosen(words, "到達状況（62組織）", "Reach (62 organizations)"),
        axis: chosen(words, "状態", "State"),
        segments: vec![
            part("実施済み", "Done", 21),
            part("引き受け", "Accepted", 14),
            part("開封", "Opened", 13),
            part("配信済み", "Delivered", 10),
            part("該当なし", "Not applicable", 3),
            part("配信失敗", "Not delivered", 1),
        ],
    }
}

pub(super) fn sectors_by_week(words: Words) -> Heat {
    let row = |ja: &str, en: &str, cells: [Option<u64>; 6]| HeatRow {
        label: chosen(words, ja, en),
        cells: cells
            .map(|count| count.map_or(Cell::Withheld, Cell::Number))
            .into(),
        hrefs: vec![],
    };
    Heat {
        id: "sectors".to_owned(),
        title: chosen(words, "分野ごとのヒヤリハット", "Near misses by sector"),
        axis: chosen(words, "分野", "Sector"),
        columns: (0..6)
            .rev()
            .map(|ago| short_day(before(ago * WEEK), words))
            .collect(),
        rows: vec![
            row(
                "電力",
                "Electricity",
                [Some(6), Some(7), Some(6), Some(9), Some(14), Some(22)],
            ),
            row(
                "水道",
                "Water",
                [None, None, Some(5), Some(6), None, Some(8)],
            ),
            row(
                "鉄道",
                "Railways",
                [Some(5), Some(0), None, Some(11), Some(17), Some(18)],
            ),
        ],
    }
}

pub(super) fn case(words: Words) -> Timeline {
    let event = |hours: i64, ja: &str, en: &str| Event {
        at: before(hours * HOUR),
        text: chosen(words, ja, en),
    };
    Timeline {
        id: "case".to_owned(),
        title: chosen(words, "事案の経過", "Course of the incident"),
        begins_at: before(72 * HOUR),
        ends_at: NOW,
        events: vec![
            event(
                70,
                "委託先の保守用VPNに不審なログイン",
                "Unknown login on the supplier's maintenance VPN",
            ),
            event(26, "最初の報告を受け付け", "First report received"),
            event(
                25,
                "同じ委託先を使う2組織目の報告",
                "Second organization with the same supplier reports",
            ),
            event(22, "注意喚起を発出", "Advisory issued"),
            event(
                3,
                "通信先のサーバを停止",
                "The contacted server was taken down",
            ),
        ],
    }
}

pub(super) fn clocks(words: Words) -> ClockStrip {
    let clock = |ja: &str, en: &str, began: i64, hours: i64, met: Option<i64>| Clock {
        label: chosen(words, ja, en),
        starts_at: before(began * HOUR),
        due_at: before((began - hours) * HOUR),
        met_at: met.map(|ago| before(ago * HOUR)),
    };
    ClockStrip {
        id: "clocks".to_owned(),
        title: chosen(words, "届出の期限", "Statutory deadlines"),
        now: NOW,
        clocks: vec![
            clock(
                "所管省庁への速報",
                "Preliminary notification to the ministry",
                20,
                24,
                None,
            ),
            clock(
                "個人情報保護委員会への速報",
                "Preliminary notification on personal data",
                20,
                120,
                None,
            ),
            clock(
                "セプターへの第一報",
                "First report to the CEPTOAR",
                20,
                6,
                Some(17),
            ),
            clock("取引先への連絡", "Contract partner", 30, 24, None),
        ],
    }
}
