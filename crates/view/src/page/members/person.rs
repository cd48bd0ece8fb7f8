//! One person's places: changing them, ending them, giving another, renewing the ways in.

use askama::Template;
use domain::time::Timestamp;

use super::{House, Whose, say};
use crate::form::{Answer, Choice, Form};
use crate::layout::{Frame, sample};
use crate::words::Words;

/// The page. Forms: `/members/place/change` (`place`, `role`, `tier`), `/members/place/end`
/// (`place`), `/members/place/give` (`person`, `role`, `tier`), `/members/reset` (`person`).
#[derive(Debug, Template)]
#[template(path = "members/person.html")]
pub struct PersonPage {
    /// Around the page.
    pub frame: Frame,
    /// The organization.
    pub house: House,
    /// The person's id.
    pub person: String,
    /// Name as typed.
    pub name: String,
    /// What is known: mail, telephone, last sign-in.
    pub facts: Vec<Answer>,
    /// The places held here.
    pub places: Vec<PlaceRow>,
    /// Roles that the reader gives.
    pub roles: Vec<Choice>,
    /// Layers.
    pub tiers: Vec<Choice>,
    /// A further post, with what is wrong with it.
    pub give: Form,
    /// What can be done about the ways in.
    pub ways: Ways,
}

/// A place held here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRow {
    /// Its id.
    pub id: String,
    /// The post, in words.
    pub post: String,
    /// Since when.
    pub since: Timestamp,
    /// Values of the change form: role and tier.
    pub form: Form,
    /// What the reader may do with it.
    pub hold: Hold,
}

/// What a reader may do with a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Change and end it.
    Full,
    /// His own: end it.
    Own,
    /// Nothing: it is beyond him.
    None,
}

/// What a reader may do about a person's ways in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ways {
    /// Renew them.
    Renew,
    /// His own: his settings are for that.
    Own,
    /// Nothing: the person holds a place beyond him.
    Beyond,
}

impl PlaceRow {
    /// Whether it can be made another post.
    pub fn is_open(&self) -> bool {
        self.hold == Hold::Full
    }

    /// Whether it can be ended.
    pub fn is_endable(&self) -> bool {
        self.hold != Hold::None
    }
}

impl PersonPage {
    /// Whether the reader may renew the ways in.
    pub fn is_renewable(&self) -> bool {
        self.ways == Ways::Renew
    }

    /// Whether it is the reader himself.
    pub fn is_self(&self) -> bool {
        self.ways == Ways::Own
    }

    /// Somebody else, oneself, and somebody beyond.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let choice = |word: &str, kind: &str| Choice::new(word, words.t(&format!("{kind}-{word}")));
        let roles = ["staff", "duty-officer"].map(|word| choice(word, "role"));
        let tiers = ["ciso", "ot-staff"].map(|word| choice(word, "tier"));
        let page = |whose, hold, ways| Self {
            frame: sample::officer(words, "/members/per_1"),
            house: House::sample(words, whose),
            person: "per_1".to_owned(),
            name: say(words, "山﨑 髙", "Taka Yamazaki"),
            facts: vec![Answer {
                label: words.t("settings-mail").into_owned(),
                value: "yamazaki@kitahama.example".to_owned(),
                change: String::new(),
            }],
            places: vec![PlaceRow {
                id: "mem_1".to_owned(),
                post: say(words, "当番・制御系担当", "Duty officer, OT staff"),
                since: sample::NOW,
                form: Form::new("/members/place/change")
                    .with("role", "duty-officer")
                    .with("tier", "ot-staff"),
                hold,
            }],
            roles: roles.to_vec(),
            tiers: tiers.to_vec(),
            give: Form::new("/members/place/give"),
            ways,
        };
        vec![
            ("other", page(Whose::Own, Hold::Full, Ways::Renew)),
            ("self", page(Whose::Own, Hold::Own, Ways::Own)),
            ("beyond", page(Whose::Other, Hold::None, Ways::Beyond)),
        ]
    }
}
