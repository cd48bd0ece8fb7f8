//! Openings of seals: asking for one, following it, reading what was opened.

use askama::Template;
use domain::handling::Tlp;
use domain::opening::Ask;
use domain::release::{Visible, own};
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, Tone, sample};
use crate::lines::Line;
use crate::part::Empty;
use crate::words::Words;

/// The list.
#[derive(Debug, Template)]
#[template(path = "opening/list.html")]
pub struct OpeningList {
    /// Around the page.
    pub frame: Frame,
    /// Newest first.
    pub rows: Vec<OpeningLine>,
    /// What stands there when nothing was asked for.
    pub empty: Empty,
}

/// One opening on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningLine {
    /// Page of the opening.
    pub href: String,
    /// Pseudonym of the source.
    pub pseudonym: String,
    /// How far it has come, in the reader's language.
    pub stage: String,
    /// How that stands out.
    pub tone: Tone,
    /// Who asked, in the reader's language.
    pub organization: String,
    /// When.
    pub requested_at: Timestamp,
}

/// Asking. Fields of the form: `purpose`, `reason`.
#[derive(Debug, Template)]
#[template(path = "opening/new.html")]
pub struct OpeningNew {
    /// Around the page.
    pub frame: Frame,
    /// Posted to `/openings/new/REPORT`.
    pub form: Form,
    /// Purposes of use.
    pub purposes: Vec<Choice>,
    /// Days after which the source is told.
    pub told_days: u16,
}

/// One opening.
#[derive(Template)]
#[template(path = "opening/show.html")]
pub struct OpeningPage {
    /// Around the page.
    pub frame: Frame,
    /// As in the list.
    pub line: OpeningLine,
    /// What was asked; `None` when the report was erased.
    pub ask: Option<Visible<Ask>>,
    /// Post, fingerprint, and when the agreement was handed in.
    pub custodians: Vec<(String, String, Option<Timestamp>)>,
    /// How many have to agree.
    pub needed: u8,
    /// When custodians refused.
    pub refusals: Vec<Timestamp>,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// When the source is told.
    pub told_at: Timestamp,
    /// The file for custodians; `None` when the opening has ended.
    pub file: Option<String>,
    /// Handing in an agreement, field `agreement`; `None` when none is wanted.
    pub hand_in: Option<Form>,
    /// Refusing, for custodians.
    pub refuse: Option<Form>,
    /// Taking back, for those who ask.
    pub withdraw: Option<Form>,
    /// Reading, for the one who asked, once enough agreed.
    pub read: Option<Form>,
}

/// What was opened, for the eyes of the one who asked.
#[derive(Template)]
#[template(path = "opening/identity.html")]
pub struct IdentityPage {
    /// Around the page.
    pub frame: Frame,
    /// Back to the opening.
    pub back: String,
    /// Pseudonym of the source.
    pub pseudonym: String,
    /// Name of the organization, in the reader's language.
    pub organization: Visible<String>,
    /// Name, mail and telephone of the person who sent it; `None` when he was erased.
    pub person: Option<Visible<(String, String, String)>>,
    /// What the source wrote about itself.
    pub lines: Visible<Vec<Line>>,
    /// Until when it can be read again.
    pub expires_at: Timestamp,
}

impl OpeningList {
    /// With openings, and empty.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |rows| Self {
            frame: sample::officer(words, "/openings"),
            rows,
            empty: Empty {
                title: words.t("opening-empty").into_owned(),
                why: words.t("opening-empty-why").into_owned(),
                action: None,
                checked_at: Some(sample::NOW),
            },
        };
        vec![
            ("full", page(vec![line(words)])),
            ("empty", page(Vec::new())),
        ]
    }
}

impl OpeningNew {
    /// Empty, and without a reason.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::officer(words, "/openings/new/rpt_00000000000000000000000001"),
            form,
            purposes: vec![Choice::new("defense", "未然防止 / Prevention")],
            told_days: 30,
        };
        let form = || Form::new("/openings/new/rpt_00000000000000000000000001");
        let mut wrong = form();
        wrong.reject("reason", words.t("opening-needs-reason"));
        vec![("empty", page(form())), ("wrong", page(wrong))]
    }
}

impl OpeningPage {
    /// Waiting for a second custodian, and ended.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let action = "/openings/opn_00000000000000000000000001";
        let form = |end: &str| Some(Form::new(format!("{action}/{end}")));
        let custodian = |name: &str, at| (name.to_owned(), "00ff-00ff".to_owned(), at);
        let ask = Ask {
            by: "架空セプター / Fictional CEPTOAR".to_owned(),
            purpose: "未然防止 / Prevention".to_owned(),
            reason: "配水の制御端末が今も遠隔操作されている。".to_owned(),
            at: "2026-11-22T03:12:00+09:00".to_owned(),
        };
        let page = |open: bool| Self {
            frame: sample::officer(words, action),
            line: line(words),
            ask: open.then(|| own(domain::confidential::Confidential::new(ask.clone()))),
            custodians: vec![
                custodian("事務局長 / Secretary", Some(sample::NOW)),
                custodian("外部弁護士 / Outside lawyer", None),
            ],
            needed: 2,
            refusals: vec![sample::NOW],
            expires_at: sample::NOW,
            told_at: sample::NOW,
            file: open.then(|| format!("{action}/request.json")),
            hand_in: form("agreements").filter(|_| open),
            refuse: form("refuse").filter(|_| open),
            withdraw: form("withdraw").filter(|_| open),
            read: form("identity").filter(|_| open),
        };
        vec![("waiting", page(true)), ("ended", page(false))]
    }
}

impl IdentityPage {
    /// With a person, and without.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let boxed = domain::confidential::Confidential::new;
        let page = |person: Option<(String, String, String)>| Self {
            frame: sample::officer(words, "/openings"),
            back: "/openings/opn_00000000000000000000000001".to_owned(),
            pseudonym: "S-7KQ2MD".to_owned(),
            organization: own(boxed("架空電力株式会社".to_owned())),
            person: person.map(|person| own(domain::confidential::Confidential::new(person))),
            lines: own(domain::confidential::Confidential::new(Vec::new())),
            expires_at: sample::NOW,
        };
        let person = ("架空 花子", "hanako@power.example", "03-0000-0000");
        let person = (
            person.0.to_owned(),
            person.1.to_owned(),
            person.2.to_owned(),
        );
        vec![("full", page(Some(person))), ("erased", page(None))]
    }

    /// The label it is printed under.
    pub fn tlp(&self) -> Tlp {
        self.organization.handling().tlp
    }
}

fn line(words: Words) -> OpeningLine {
    OpeningLine {
        href: "/openings/opn_00000000000000000000000001".to_owned(),
        pseudonym: "S-7KQ2MD".to_owned(),
        stage: words.t("opening-stage-requested").into_owned(),
        tone: Tone::Hint,
        organization: "架空セプター / Fictional CEPTOAR".to_owned(),
        requested_at: sample::NOW,
    }
}
