//! Frames for samples: the gallery and the page tests show every page in them.

use super::{ActorLine, Banner, Checkpoint, Frame, HubLine, NavItem};
use crate::words::{Language, Words};
use domain::time::Timestamp;

/// 2026-11-21 03:12 in Japan, the hour the pages are designed for.
pub const NOW: Timestamp = Timestamp::from_micros(1_795_198_320_000_000);

/// A page that anybody sees, in the demo world.
pub fn public(words: Words, path: &str) -> Frame {
    let japanese = words.language() == Language::Ja;
    Frame {
        words,
        path: path.to_owned(),
        hub: HubLine {
            name: if japanese {
                "架空の国のハブ"
            } else {
                "Hub of a fictional nation"
            }
            .to_owned(),
            checkpoint: Some(Checkpoint {
                entry_count: 48_112,
                at: NOW.plus_seconds(-41),
            }),
            phone: Some("03-5550-0100".to_owned()),
        },
        banners: vec![Banner::Demo],
        actor: None,
        nav: Vec::new(),
        message: None,
        csrf: "sample".to_owned(),
        now: NOW,
    }
}

/// A page of a duty officer, in the demo world.
pub fn officer(words: Words, path: &str) -> Frame {
    let item = |href: &str, ja: &str, en: &str, waiting_count| NavItem {
        href: href.to_owned(),
        label: if words.language() == Language::Ja {
            ja
        } else {
            en
        }
        .to_owned(),
        waiting_count,
    };
    let japanese = words.language() == Language::Ja;
    let say = |ja: &str, en: &str| if japanese { ja } else { en }.to_owned();
    Frame {
        actor: Some(ActorLine {
            organization: say("北浜電力（架空）", "Kitahama Electric (fictional)"),
            person: say("髙田 彩", "Aya Takada"),
            role: say("当番", "Duty officer"),
            purpose: say("防御", "Defense"),
        }),
        nav: vec![
            item("/duty", "当番", "Duty", Some(2)),
            item("/near-miss", "ヒヤリハット", "Near miss", None),
            item("/count", "件数だけ", "Count only", None),
            item("/reports", "報告", "Reports", None),
            item("/advisories", "注意喚起", "Advisories", Some(1)),
            item("/trust", "記録簿", "Trust", None),
        ],
        ..public(words, path)
    }
}

/// The same person while an exercise runs.
pub fn drill(words: Words, path: &str) -> Frame {
    let name = match words.language() {
        Language::Ja => "分野横断演習2026（第2部）",
        Language::En => "Cross-sector exercise 2026, part 2",
    };
    Frame {
        banners: vec![Banner::Drill(name.to_owned())],
        ..officer(words, path)
    }
}
