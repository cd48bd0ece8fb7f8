//! Handing posts over: choosing who takes which post, and looking at what would move.

use askama::Template;

use super::{House, Whose, say};
use crate::form::Choice;
use crate::layout::{Frame, sample};
use crate::words::Words;

/// Choosing. Form: GET `/members/hand-over/review` (`to-PLACE` = person).
#[derive(Debug, Template)]
#[template(path = "members/hand_over.html")]
pub struct HandOverPage {
    /// Around the page.
    pub frame: Frame,
    /// The organization.
    pub house: House,
    /// The posts that the reader may pass on.
    pub rows: Vec<PostRow>,
}

/// A post and who could take it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostRow {
    /// The place's id.
    pub place: String,
    /// The post, in words.
    pub post: String,
    /// Who holds it.
    pub holder: String,
    /// Who could take it over.
    pub successors: Vec<Choice>,
}

impl HandOverPage {
    /// Two posts; nobody else there.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let row = |place: &str, post: String, holder: String| PostRow {
            place: place.to_owned(),
            post,
            holder,
            successors: vec![Choice::new("per_2", say(words, "﨑山 澪", "Mio Sakiyama"))],
        };
        let page = |rows| Self {
            frame: sample::officer(words, "/members/hand-over"),
            house: House::sample(words, Whose::Own),
            rows,
        };
        let rows = vec![
            row(
                "mem_1",
                say(words, "当番・制御系担当", "Duty officer, OT staff"),
                say(words, "山﨑 髙", "Taka Yamazaki"),
            ),
            row(
                "mem_2",
                say(words, "管理者・CISO", "Administrator, CISO"),
                say(words, "髙田 彩", "Aya Takada"),
            ),
        ];
        vec![("some", page(rows)), ("nobody", page(vec![]))]
    }
}

/// What would move. Form: `/members/hand-over` (`turn` = place:person for each post, `seal`).
#[derive(Debug, Template)]
#[template(path = "members/hand_over_review.html")]
pub struct ReviewPage {
    /// Around the page.
    pub frame: Frame,
    /// The organization.
    pub house: House,
    /// A card for each post.
    pub moves: Vec<MoveRow>,
    /// Names exactly this plan.
    pub seal: String,
    /// What is wrong with the choice; `None` when it can be pressed.
    pub lack: Option<String>,
}

/// One post that passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveRow {
    /// Place and person, as the form sends them.
    pub turn: String,
    /// The post, in words.
    pub post: String,
    /// Who leaves it.
    pub leaver: String,
    /// Who takes it over.
    pub successor: String,
    /// What moves, one sentence each.
    pub moving: Vec<String>,
    /// What to think of; empty when nothing.
    pub warning: String,
}

impl ReviewPage {
    /// A plan, and a choice that cannot be.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let moves = vec![MoveRow {
            turn: "mem_1:per_2".to_owned(),
            post: say(words, "当番・制御系担当", "Duty officer, OT staff"),
            leaver: say(words, "山﨑 髙", "Taka Yamazaki"),
            successor: say(words, "﨑山 澪", "Mio Sakiyama"),
            moving: vec![
                words.tn(
                    "members-moves-advisories",
                    &[
                        ("count", 2.into()),
                        ("numbers", "A-7KQ2XM, A-9PD1RT".into()),
                    ],
                ),
                words.tn("members-moves-turns", &[("count", 3.into())]),
            ],
            warning: words.t("members-successor-no-way-in").into_owned(),
        }];
        let page = |moves, lack| Self {
            frame: sample::officer(words, "/members/hand-over/review"),
            house: House::sample(words, Whose::Own),
            moves,
            seal: "0123".to_owned(),
            lack,
        };
        let lack = words.t("members-hand-over-none").into_owned();
        vec![
            ("plan", page(moves, None)),
            ("lacking", page(vec![], Some(lack))),
        ]
    }
}
