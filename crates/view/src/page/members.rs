//! Members: who holds which post, who was invited, what changed.

use askama::Template;
use domain::organization::{MemberChange, Post, Role};
use domain::time::Timestamp;

use crate::layout::{Frame, sample};
use crate::part::Pager;
use crate::words::{Language, Words};

pub mod brought_in;
pub mod hand_over;
pub mod import;
pub mod invite;
pub mod organizations;
pub mod person;

/// The members of an organization. Form: `/members/invitations/revoke` (`invitation`).
#[derive(Debug, Template)]
#[template(path = "members/members.html")]
pub struct MembersPage {
    /// Around the page.
    pub frame: Frame,
    /// Where it stands among the pages of members.
    pub house: House,
    /// The people: the call list first.
    pub people: Vec<PersonRow>,
    /// Invitations that wait, newest first.
    pub waiting: Vec<WaitingRow>,
    /// What changed, newest first.
    pub changes: Vec<ChangeRow>,
}

/// Whose members a page is about, and who looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct House {
    /// The organization's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether the reader belongs to it.
    pub whose: Whose,
    /// Whether the reader sets up the hub and reaches all organizations.
    pub office: Office,
}

/// Whether a reader belongs to an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// It is his own.
    Own,
    /// It is another: whatever he does there is shown there.
    Other,
}

/// Whether a reader runs one organization or the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Office {
    /// His own organization.
    Organization,
    /// The hub.
    Hub,
}

/// A person in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Page of the person.
    pub href: String,
    /// Name as typed.
    pub name: String,
    /// The posts, in words.
    pub posts: Vec<String>,
    /// Position on the call list; `None` when not on it.
    pub call_order: Option<u16>,
    /// What stands out: word and tone.
    pub marks: Vec<(String, &'static str)>,
    /// When the person last signed in; `None` when never.
    pub last_sign_in: Option<Timestamp>,
}

/// An invitation that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingRow {
    /// Its id.
    pub id: String,
    /// Whom it is for.
    pub name: String,
    /// What it leads to, in words.
    pub posts: Vec<String>,
    /// Who made it, in words.
    pub by: String,
    /// How it travels, in words, and the tone of that.
    pub way: (String, &'static str),
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// A change among the members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    /// What changed, in words.
    pub what: String,
    /// Whom or which community it is about; empty when that was erased.
    pub name: String,
    /// The post, in words; empty when it is about none.
    pub post: String,
    /// Who did it, in words.
    pub by: String,
    /// Whether it came from outside the organization.
    pub from: Whose,
    /// When.
    pub at: Timestamp,
}

impl House {
    /// `path` about this organization.
    pub fn path(&self, path: &str) -> String {
        match self.whose {
            Whose::Own => path.to_owned(),
            Whose::Other => format!("{path}?organization={}", self.id),
        }
    }

    /// Whether the reader belongs to another organization.
    pub fn is_other(&self) -> bool {
        self.whose == Whose::Other
    }

    /// Whether the reader reaches all organizations.
    pub fn is_hub_office(&self) -> bool {
        self.office == Office::Hub
    }

    /// The house of samples.
    pub fn sample(words: Words, whose: Whose) -> Self {
        Self {
            id: "org_1".to_owned(),
            name: say(words, "北浜電力（架空）", "Kitahama Electric (fictional)"),
            whose,
            office: match whose {
                Whose::Own => Office::Organization,
                Whose::Other => Office::Hub,
            },
        }
    }
}

impl ChangeRow {
    /// Whether it came from outside.
    pub fn is_from_outside(&self) -> bool {
        self.from == Whose::Other
    }
}

/// A post in words: role and layer.
pub fn post_name(post: Post, words: Words) -> String {
    let role = words.t(&format!("role-{}", post.role));
    let tier = words.t(&format!("tier-{}", post.tier));
    words.tn(
        "members-post",
        &[
            ("role", role.as_ref().into()),
            ("tier", tier.as_ref().into()),
        ],
    )
}

/// What a role is there for, in one line.
pub fn role_hint(role: Role, words: Words) -> String {
    words.t(&format!("members-role-hint-{role}")).into_owned()
}

/// What changed, in words.
pub fn change_name(change: MemberChange, words: Words) -> String {
    words.t(&format!("members-change-{change}")).into_owned()
}

pub(crate) fn say(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}

impl MembersPage {
    /// One's own with everything; another's; with nobody but oneself.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let person = |ja: &str, en: &str, post: &str, signed_in| PersonRow {
            href: "/members/per_1".to_owned(),
            name: say(words, ja, en),
            posts: vec![post.to_owned()],
            call_order: Some(1),
            marks: vec![(words.t("members-on-duty").into_owned(), "done")],
            last_sign_in: signed_in,
        };
        let duty = say(words, "当番・制御系担当", "Duty officer, OT staff");
        let mut missing = person("山﨑 髙", "Taka Yamazaki", &duty, None);
        missing.marks = vec![(words.t("members-no-way-in").into_owned(), "warning")];
        let waiting = WaitingRow {
            id: "inv_1".to_owned(),
            name: say(words, "﨑山 澪", "Mio Sakiyama"),
            posts: vec![duty.clone()],
            by: say(words, "髙田 彩", "Aya Takada"),
            way: (words.t("members-way-hand").into_owned(), "still"),
            expires_at: sample::NOW.plus_seconds(14 * 86_400),
        };
        let change = |change, from| ChangeRow {
            what: change_name(change, words),
            name: say(words, "山﨑 髙", "Taka Yamazaki"),
            post: duty.clone(),
            by: say(words, "髙田 彩", "Aya Takada"),
            from,
            at: sample::NOW,
        };
        let page = |whose, people, waiting, changes| Self {
            frame: sample::officer(words, "/members"),
            house: House::sample(words, whose),
            people,
            waiting,
            changes,
        };
        let one = person("髙田 彩", "Aya Takada", &duty, Some(sample::NOW));
        let people = vec![one.clone(), missing];
        let changes = vec![
            change(MemberChange::WaysRenewed, Whose::Other),
            change(MemberChange::Joined, Whose::Own),
        ];
        vec![
            (
                "own",
                page(
                    Whose::Own,
                    people.clone(),
                    vec![waiting.clone()],
                    changes.clone(),
                ),
            ),
            ("other", page(Whose::Other, people, vec![waiting], changes)),
            ("alone", page(Whose::Own, vec![one], vec![], vec![])),
        ]
    }
}

/// Older pages of a list that is read in one direction.
pub(crate) fn pager(first: Option<String>, next: Option<String>) -> Pager {
    Pager {
        first_href: first,
        next_href: next,
    }
}
