//! Inviting a person, and the link as it is shown once.

use askama::Template;
use domain::organization::{Post, Role, Tier};
use domain::time::Timestamp;

use super::{House, Whose, post_name, say};
use crate::form::{Choice, Form};
use crate::html::Html;
use crate::layout::{Frame, sample};
use crate::qr::qr;
use crate::words::Words;

/// Posts that one form asks for.
pub const POST_ROWS: usize = 3;

/// The page. Form: `/members/invite` (`name`, `mail`, `language`, `role-1`, `tier-1` and so on).
#[derive(Debug, Template)]
#[template(path = "members/invite.html")]
pub struct InvitePage {
    /// Around the page.
    pub frame: Frame,
    /// The organization.
    pub house: House,
    /// What was typed, with what is wrong with it.
    pub form: Form,
    /// Roles that the reader gives, each with what it is for.
    pub roles: Vec<Choice>,
    /// Layers.
    pub tiers: Vec<Choice>,
    /// Languages to write in.
    pub languages: Vec<Choice>,
    /// Whether a letter can go out.
    pub post: PostOffice,
}

/// Whether the hub sends mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostOffice {
    /// A relay is configured: the link goes to the person alone.
    Open,
    /// None is: the link is shown once, to be handed over.
    Closed,
}

impl InvitePage {
    /// Whether letters go out.
    pub fn has_mail(&self) -> bool {
        self.post == PostOffice::Open
    }

    /// Whether a further post was filled in: its fold is then open.
    pub fn has_further(&self) -> bool {
        (2..=POST_ROWS).any(|row| !self.form.value(&format!("role-{row}")).is_empty())
    }

    /// Numbers of the further posts.
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    pub fn further(&self) -> Vec<usize> {
        (2..=POST_ROWS).collect()
    }

    /// Empty, and rejected.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form, post| Self {
            frame: sample::officer(words, "/members/invite"),
            house: House::sample(words, Whose::Own),
            form,
            roles: [Role::Staff, Role::DutyOfficer]
                .iter()
                .map(|role| {
                    Choice::new(role.word(), words.t(&format!("role-{role}")))
                        .hint(super::role_hint(*role, words))
                })
                .collect(),
            tiers: Tier::ALL
                .iter()
                .map(|tier| Choice::new(tier.word(), words.t(&format!("tier-{tier}"))))
                .collect(),
            languages: vec![
                Choice::new("ja", words.t("members-language-ja")),
                Choice::new("en", words.t("members-language-en")),
            ],
            post,
        };
        let mut wrong = Form::new("/members/invite").with("language", "ja");
        wrong.reject("name", words.t("members-name-missing"));
        wrong.reject("role-1", words.t("members-post-missing"));
        vec![
            (
                "empty",
                page(
                    Form::new("/members/invite").with("language", "ja"),
                    PostOffice::Open,
                ),
            ),
            ("wrong", page(wrong, PostOffice::Closed)),
        ]
    }
}

/// A link just made, as the answer itself: no address ever shows it again.
#[derive(Debug, Template)]
#[template(path = "members/link.html")]
pub struct LinkPage {
    /// Around the page.
    pub frame: Frame,
    /// The organization.
    pub house: House,
    /// Whom it is for.
    pub name: String,
    /// What it leads to, in words; empty for new ways in.
    pub posts: Vec<String>,
    /// The link.
    pub url: String,
    /// The link to scan; `None` when it does not fit into a code.
    pub code: Option<Html>,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

impl LinkPage {
    /// The page of the link `url`.
    pub fn new(
        frame: Frame,
        house: House,
        name: String,
        posts: &[Post],
        url: String,
        expires_at: Timestamp,
    ) -> Self {
        let words = frame.words;
        Self {
            posts: posts.iter().map(|post| post_name(*post, words)).collect(),
            code: qr(&url, &words.t("members-link-code")),
            frame,
            house,
            name,
            url,
            expires_at,
        }
    }

    /// An invitation, and new ways in.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let post = Post {
            role: Role::DutyOfficer,
            tier: Tier::OtStaff,
        };
        let page = |posts: &[Post]| {
            Self::new(
                sample::officer(words, "/members/invite"),
                House::sample(words, Whose::Own),
                say(words, "山﨑 髙", "Taka Yamazaki"),
                posts,
                format!("https://hub.example/join/nrs_inv_{}", "a".repeat(52)),
                sample::NOW.plus_seconds(14 * 86_400),
            )
        };
        vec![("join", page(&[post])), ("reset", page(&[]))]
    }
}
