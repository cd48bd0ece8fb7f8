//! What an invitation's link leads to: what it says, and that it leads nowhere.

use askama::Template;
use domain::time::Timestamp;

use crate::form::Form;
use crate::layout::{Frame, sample};
use crate::words::{Language, Words};

/// The page. Form: `/join` (`link`, `name`, `login`).
#[derive(Debug, Template)]
#[template(path = "join/join.html")]
pub struct JoinPage {
    /// Around the page.
    pub frame: Frame,
    /// What was typed, with what is wrong with it.
    pub form: Form,
    /// The secret of the link, which the form sends on.
    pub link: String,
    /// The organization that invites.
    pub organization: String,
    /// What the link leads to.
    pub errand: JoinErrand,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// What a link leads to, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinErrand {
    /// Places for somebody without an account: the posts, in words.
    Newcomer(Vec<String>),
    /// Places for somebody who is signed in: the posts, and his name.
    Member(Vec<String>, String),
    /// A first way in, for somebody who stopped half-way.
    GoOn,
    /// New ways in.
    Reset,
}

impl JoinPage {
    /// The posts that the link leads to; empty when it leads to none.
    pub fn posts(&self) -> &[String] {
        match &self.errand {
            JoinErrand::Newcomer(posts) | JoinErrand::Member(posts, _) => posts,
            JoinErrand::GoOn | JoinErrand::Reset => &[],
        }
    }

    /// Name of the member who is signed in; `None` for everybody else.
    pub fn member(&self) -> Option<&str> {
        match &self.errand {
            JoinErrand::Member(_, name) => Some(name),
            _ => None,
        }
    }

    /// Whether a name and a sign-in name are asked for.
    pub fn is_newcomer(&self) -> bool {
        matches!(self.errand, JoinErrand::Newcomer(_))
    }

    /// Whether it leads to new ways in.
    pub fn is_reset(&self) -> bool {
        self.errand == JoinErrand::Reset
    }

    /// A newcomer, one whose name is taken, a member, and a reset.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let say = |ja: &str, en: &str| match words.language() {
            Language::Ja => ja.to_owned(),
            Language::En => en.to_owned(),
        };
        let page = |errand, form| Self {
            frame: sample::public(words, "/join/sample"),
            form,
            link: "nrs_inv_sample".to_owned(),
            organization: say("北浜電力（架空）", "Kitahama Electric (fictional)"),
            errand,
            expires_at: sample::NOW.plus_seconds(14 * 86_400),
        };
        let posts = vec![say("当番・制御系担当", "Duty officer, OT staff")];
        let filled = Form::new("/join")
            .with("name", say("山﨑 髙", "Taka Yamazaki"))
            .with("login", "yamazaki@kitahama.example");
        let mut taken = filled.clone();
        taken.reject("login", words.t("join-login-taken"));
        let newcomer = JoinErrand::Newcomer(posts.clone());
        let member = JoinErrand::Member(posts, say("髙田 彩", "Aya Takada"));
        vec![
            ("newcomer", page(newcomer.clone(), filled)),
            ("taken", page(newcomer, taken)),
            ("member", page(member, Form::new("/join"))),
            ("reset", page(JoinErrand::Reset, Form::new("/join"))),
        ]
    }
}

/// A link that leads nowhere: unknown, used, expired or withdrawn, which are the same to a reader.
#[derive(Debug, Template)]
#[template(path = "join/nowhere.html")]
pub struct NowherePage {
    /// Around the page.
    pub frame: Frame,
}

impl NowherePage {
    /// The page as it is shown.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = Self {
            frame: sample::public(words, "/join/sample"),
        };
        vec![("shown", page)]
    }
}
