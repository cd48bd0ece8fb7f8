//! A person's own settings: language, place, purpose of use, sessions; ways in and tokens have
//! pages of their own.

use askama::Template;
use domain::time::Timestamp;

use crate::form::{Answer, Choice, Form};
use crate::layout::{Frame, sample};
use crate::words::{Language, Words};

pub mod networks;
pub mod tokens;
pub mod ways_in;

/// The page. Forms post to `/settings/place`, `/settings/purpose`, `/settings/sessions/end` and
/// `/settings/sessions/end-others`.
#[derive(Debug, Template)]
#[template(path = "settings/settings.html")]
pub struct Settings {
    /// Around the page.
    pub frame: Frame,
    /// Who the person is, as the organization's administrator entered it.
    pub person: Vec<Answer>,
    /// The form of the place; its field is `place`.
    pub place_form: Form,
    /// The places held.
    pub places: Vec<Choice>,
    /// The form of the purpose; its field is `purpose`.
    pub purpose_form: Form,
    /// The purposes that may be chosen, each with its meaning.
    pub purposes: Vec<Choice>,
    /// Running sessions, newest first.
    pub sessions: Vec<SessionRow>,
    /// Where the organization's public networks are named; `None` of whoever names none.
    pub networks_href: Option<&'static str>,
}

/// A running session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Names it in the form that ends it; `None` for the one that looks.
    pub handle: Option<String>,
    /// Organization and role.
    pub place: String,
    /// How the person was recognized.
    pub assurance: String,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Settings {
    /// One place and one session; several of each.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let say = |ja: &str, en: &str| match words.language() {
            Language::Ja => ja.to_owned(),
            Language::En => en.to_owned(),
        };
        let session = |handle: Option<&str>| SessionRow {
            handle: handle.map(str::to_owned),
            place: say("北浜電力（架空） 当番", "Kitahama Electric, duty officer"),
            assurance: words.t("settings-assurance-passkey").into_owned(),
            begun_at: sample::NOW,
            expires_at: sample::NOW.plus_seconds(8 * 3_600),
        };
        let place = |value: &str, ja: &str, en: &str| Choice::new(value, say(ja, en));
        let page = |places: Vec<Choice>, sessions: Vec<SessionRow>| Self {
            frame: sample::officer(words, "/settings"),
            person: vec![Answer {
                label: words.t("settings-name").into_owned(),
                value: say("髙田 彩", "Aya Takada"),
                change: String::new(),
            }],
            place_form: Form::new("/settings/place").with("place", "mem_1"),
            purpose_form: Form::new("/settings/purpose").with("purpose", "defense"),
            purposes: vec![
                place("defense", "未然防止", "Prevention")
                    .hint(say("同じ攻撃から守る", "To protect")),
                place("recovery", "拡大防止・復旧", "Containment and recovery"),
            ],
            networks_href: (places.len() > 1).then_some("/settings/networks"),
            places,
            sessions,
        };
        let one = vec![place(
            "mem_1",
            "北浜電力 当番",
            "Kitahama Electric, duty officer",
        )];
        let mut two = one.clone();
        two.push(place(
            "mem_2",
            "電力セプター 分析担当",
            "Power CEPTOAR, analyst",
        ));
        vec![
            ("one", page(one, vec![session(None)])),
            (
                "several",
                page(two, vec![session(None), session(Some("0123456789abcdef"))]),
            ),
        ]
    }
}
