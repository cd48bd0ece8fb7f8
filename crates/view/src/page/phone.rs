//! The desk that answers the phone: writing down what a member tells, and reading its code out.

use askama::Template;
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::page::near_miss::CustodyLine;
use crate::page::report::{Asked, Control};
use crate::words::{Language, Words};

/// What a clerk says on the phone, in both languages: his own first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// In the reader's language.
    pub own: Vec<String>,
    /// In the other one.
    pub other: Vec<String>,
    /// Tag and own name of the other language.
    pub other_language: (&'static str, &'static str),
}

impl Script {
    /// The script for a reader with `words`.
    pub fn new(words: Words) -> Self {
        let other = Words::new(match words.language() {
            Language::Ja => Language::En,
            Language::En => Language::Ja,
        });
        let lines = |words: Words| -> Vec<String> {
            let keys = [
                "phone-script-greet",
                "phone-script-urgent",
                "phone-script-name",
                "phone-script-ask",
                "phone-script-repeat",
                "phone-script-code",
                "phone-script-end",
            ];
            keys.iter().map(|key| words.t(key).into_owned()).collect()
        };
        Self {
            own: lines(words),
            other: lines(other),
            other_language: (other.language().tag(), other.language().own_name()),
        }
    }
}

/// A near miss told by phone. Fields: `form_key`, `member`, `heard`, and those of the near-miss page.
#[derive(Debug, Template)]
#[template(path = "phone/near_miss.html")]
pub struct PhoneNearMiss {
    /// Around the page.
    pub frame: Frame,
    /// What was typed.
    pub form: Form,
    /// Random key of this form.
    pub form_key: String,
    /// For whom the clerk may enter.
    pub members: Vec<Choice>,
    /// By phone or by fax.
    pub heard: Vec<Choice>,
    /// What nearly happened.
    pub kinds: Vec<Choice>,
    /// When.
    pub whens: Vec<Choice>,
    /// Where.
    pub places: Vec<Choice>,
    /// Why no harm came of it.
    pub reasons: Vec<Choice>,
    /// How far it may travel, and who may know.
    pub scopes: Vec<Choice>,
    /// Who can know what.
    pub custody: Vec<CustodyLine>,
    /// What to say.
    pub script: Script,
}

/// A first report told by phone. Fields: `form_key`, `heard`, and those of the nine questions.
#[derive(Template)]
#[template(path = "phone/report.html")]
pub struct PhoneReport {
    /// Around the page.
    pub frame: Frame,
    /// What was typed.
    pub form: Form,
    /// Random key of this form.
    pub form_key: String,
    /// For whom; `None` while that is being chosen.
    pub member: Option<(String, String)>,
    /// For whom the clerk may enter.
    pub members: Vec<Choice>,
    /// By phone or by fax.
    pub heard: Vec<Choice>,
    /// The questions with their fields and the box "not known yet"; the terms have none.
    pub groups: Vec<PhoneGroup>,
    /// What to say.
    pub script: Script,
}

/// One question of a first report told by phone.
pub struct PhoneGroup {
    /// The question.
    pub title: String,
    /// Its fields.
    pub fields: Vec<Asked>,
    /// Name and label of its box "not known yet".
    pub unknown: Option<(String, String)>,
}

/// A count told by phone. Fields: `member`, `period`, one per kind by its code, `nil`.
#[derive(Debug, Template)]
#[template(path = "phone/count.html")]
pub struct PhoneCount {
    /// Around the page.
    pub frame: Frame,
    /// What was typed.
    pub form: Form,
    /// For whom the clerk may enter.
    pub members: Vec<Choice>,
    /// Periods that can be counted.
    pub periods: Vec<Choice>,
    /// The kinds.
    pub kinds: Vec<Choice>,
    /// Whether a count was just taken.
    pub taken: bool,
}

/// What the clerk reads out.
#[derive(Debug, Template)]
#[template(path = "phone/receipt.html")]
pub struct PhoneReceipt {
    /// Around the page.
    pub frame: Frame,
    /// `None` when it was shown already.
    pub slip: Option<PhoneSlip>,
    /// When.
    pub at: Timestamp,
}

/// A receipt to be read out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneSlip {
    /// The name it is spoken of by.
    pub pseudonym: String,
    /// The same, letter by letter.
    pub pseudonym_spelled: String,
    /// Who can know the source.
    pub custody: String,
    /// The code of its mailbox in four groups, each with its digits as they are said.
    pub code: Vec<(String, String)>,
}

/// Letters and digits as they are said on the phone, so that none is mistaken for another.
pub fn spelled(text: &str, words: Words) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| {
            let key = format!("phone-spell-{}", letter.to_ascii_lowercase());
            words.t(&key).into_owned()
        })
        .collect::<Vec<_>>()
        .join(words.t("phone-spell-pause").as_ref())
}

impl PhoneSlip {
    /// The slip of a receipt.
    pub fn new(pseudonym: String, custody: String, code: Option<&str>, words: Words) -> Self {
        Self {
            pseudonym_spelled: spelled(&pseudonym, words),
            pseudonym,
            custody,
            code: code
                .unwrap_or_default()
                .split([' ', '-'])
                .filter(|group| !group.is_empty())
                .map(|group| (group.to_owned(), spelled(group, words)))
                .collect(),
        }
    }
}

fn say(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}

fn members(words: Words) -> Vec<Choice> {
    vec![Choice::new(
        "org_1",
        say(words, "北浜電力", "Kitahama Power"),
    )]
}

fn heard(words: Words) -> Vec<Choice> {
    ["phone", "fax"]
        .iter()
        .map(|heard| Choice::new(*heard, words.t(&format!("phone-heard-{heard}"))))
        .collect()
}

impl PhoneNearMiss {
    /// Empty, and refused.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let one = |ja, en| vec![Choice::new("a", say(words, ja, en))];
        let page = |form| Self {
            frame: sample::officer(words, "/phone"),
            form,
            form_key: "00".repeat(16),
            members: members(words),
            heard: heard(words),
            kinds: one("不審なメール", "Suspicious mail"),
            whens: one("今日", "Today"),
            places: one("制御系", "Control systems"),
            reasons: one("気づいた", "Somebody noticed"),
            scopes: one("事務局には名前を知らせる", "Named to the secretariat"),
            custody: vec![],
            script: Script::new(words),
        };
        let mut wrong = Form::new("/phone");
        wrong.reject("member", words.t("phone-error-member"));
        vec![("empty", page(Form::new("/phone"))), ("wrong", page(wrong))]
    }
}

impl PhoneReport {
    /// Choosing the member, and asking.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |member| Self {
            frame: sample::officer(words, "/phone/report"),
            form: Form::new("/phone/report"),
            form_key: "00".repeat(16),
            member,
            members: members(words),
            heard: heard(words),
            groups: vec![PhoneGroup {
                title: say(words, "何が起きましたか", "What happened?"),
                fields: vec![Asked {
                    name: "headline".to_owned(),
                    label: say(words, "ひとこと", "In one line"),
                    hint: String::new(),
                    need: "required",
                    control: Control::Line("text"),
                }],
                unknown: None,
            }],
            script: Script::new(words),
        };
        let member = ("org_1".to_owned(), say(words, "北浜電力", "Kitahama Power"));
        vec![("choose", page(None)), ("ask", page(Some(member)))]
    }
}

impl PhoneCount {
    /// Empty, and just taken.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |taken| Self {
            frame: sample::officer(words, "/phone/count"),
            form: Form::new("/phone/count"),
            members: members(words),
            periods: vec![Choice::new(
                "week:2026-11-16",
                say(words, "今週", "This week"),
            )],
            kinds: vec![Choice::new("slip", say(words, "うっかり", "Slip"))],
            taken,
        };
        vec![("empty", page(false)), ("taken", page(true))]
    }
}

impl PhoneReceipt {
    /// With a code, without, and shown already.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let custody = say(words, "名前を知らせない", "Unnamed");
        let slip = |code| PhoneSlip::new("S-7KQ2MX".to_owned(), custody.clone(), code, words);
        let page = |slip| Self {
            frame: sample::officer(words, "/phone/receipt"),
            slip,
            at: sample::NOW,
        };
        vec![
            ("unnamed", page(Some(slip(Some("1234 5678 9012 3456"))))),
            ("named", page(Some(slip(None)))),
            ("gone", page(None)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_and_digit_has_a_word_of_its_own() {
        for language in [Language::Ja, Language::En] {
            let words = Words::new(language);
            let all: Vec<String> = ('0'..='9')
                .chain('A'..='Z')
                .map(|letter| spelled(&letter.to_string(), words))
                .collect();
            let mut unique = all.clone();
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), 36);
            assert!(all.iter().all(|word| !word.is_empty()));
        }
    }
}
