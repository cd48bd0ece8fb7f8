//! The phone list: a sheet of paper for whoever calls those who have not acted.

use askama::Template;
use domain::advisory::Progress;
use domain::advisory::reach::Urgency;
use domain::organization::{Role, Tier};
use domain::release::Visible;
use domain::time::Timestamp;

use super::{Head, sampled};
use crate::layout::{Frame, sample};
use crate::part::Empty;
use crate::words::Words;

/// The phone list of an advisory.
#[derive(Debug, Template)]
#[template(path = "reach/phones.html")]
pub struct Phones {
    /// Around the page.
    pub frame: Frame,
    /// What it is about.
    pub head: Head,
    /// The lines, the most urgent first.
    pub lines: Vec<PhoneItem>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneItem {
    /// The organization, in the reader's language.
    pub organization: String,
    /// The tier.
    pub tier: Tier,
    /// How far it has come.
    pub progress: Progress,
    /// How much it needs a call.
    pub urgency: Urgency,
    /// By when.
    pub due_at: Timestamp,
    /// Whom to call, in order.
    pub contacts: Vec<ContactItem>,
}

/// Somebody to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactItem {
    /// Name as typed.
    pub name: Visible<String>,
    /// Telephone number; empty when none is known.
    pub phone: Visible<String>,
    /// The role held there.
    pub role: Role,
    /// Whether the hub has written to this person.
    pub was_told: bool,
}

impl ContactItem {
    fn role_name(&self, words: Words) -> String {
        words.t(&format!("role-{}", self.role.word())).into_owned()
    }
}

impl Phones {
    fn is_overdue(&self, line: &PhoneItem) -> bool {
        line.due_at < self.frame.now
    }

    fn lead(&self) -> String {
        let count = self.lines.len();
        self.frame.tn("phones-lead", &[("count", count.into())])
    }

    fn script_first(&self) -> String {
        let organization = self
            .frame
            .actor
            .as_ref()
            .map_or("", |actor| &actor.organization);
        let words = self.frame.words;
        self.frame.tn(
            "phones-script-1",
            &[
                ("organization", organization.into()),
                ("title", self.head.title(words).into()),
            ],
        )
    }

    /// When everybody has acted.
    fn empty(&self) -> Empty {
        let words = self.frame.words;
        Empty {
            title: words.t("phones-empty").into_owned(),
            why: words.t("phones-empty-why").into_owned(),
            action: None,
            checked_at: Some(self.frame.now),
        }
    }

    /// Two organizations to call, and none.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |lines| Self {
            frame: sample::officer(words, "/advisories/adv_1/phones"),
            head: sampled::head(words),
            lines,
        };
        let contact = |ja: &str, en: &str, phone: &str, role, was_told| ContactItem {
            name: sampled::seen(sampled::say(words, ja, en)),
            phone: sampled::seen(phone.to_owned()),
            role,
            was_told,
        };
        let item = |ja: &str, en: &str, progress, due_in, contacts| PhoneItem {
            organization: sampled::say(words, ja, en),
            tier: Tier::SystemStaff,
            progress,
            urgency: Urgency::Waits,
            due_at: sample::NOW.plus_seconds(due_in),
            contacts,
        };
        let lines = vec![
            item(
                "北浜電力（架空）",
                "Kitahama Electric (fictional)",
                Progress::Delivered,
                -1_200,
                vec![
                    contact(
                        "髙田 彩",
                        "Aya Takada",
                        "06-0123-4567",
                        Role::DutyOfficer,
                        true,
                    ),
                    contact(
                        "江﨑 陸",
                        "Riku Ezaki",
                        "06-0123-4568",
                        Role::Officer,
                        false,
                    ),
                ],
            ),
            item(
                "青川水道（架空）",
                "Aokawa Water (fictional)",
                Progress::Waiting,
                7_000,
                vec![],
            ),
        ];
        vec![("two", page(lines)), ("none", page(Vec::new()))]
    }
}
