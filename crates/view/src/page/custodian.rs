//! Custodians of a relay's seals: who they are, entering one, moving a leaver's shares; and after how
//! many days sources are told of openings.

use askama::Template;
use domain::time::Timestamp;

use crate::form::Form;
use crate::layout::{Frame, sample};
use crate::words::Words;

/// Who keeps the seals of a relay.
#[derive(Debug, Template)]
#[template(path = "custodian/list.html")]
pub struct Custodians {
    /// Around the page.
    pub frame: Frame,
    /// The relay, in the reader's language.
    pub relay: String,
    /// The slots 1, 2 and 3.
    pub slots: Vec<SlotLine>,
    /// Those who left and still hold shares; empty for those who rely on the custodians.
    pub leaving: Vec<LeaverLine>,
}

/// One slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotLine {
    /// 1, 2 or 3.
    pub slot: u8,
    /// Who holds it; `None` while it is empty.
    pub holder: Option<Holder>,
    /// Where somebody is put into it; `None` for readers who may not.
    pub change: Option<String>,
}

/// A custodian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The post.
    pub name: String,
    /// Short name of the key.
    pub fingerprint: String,
    /// In office since.
    pub since: Timestamp,
}

/// A custodian who has left and still holds shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaverLine {
    /// Who.
    pub holder: Holder,
    /// When he left.
    pub until: Timestamp,
    /// How many shares he still holds.
    pub held_count: usize,
    /// Where they are handed over; `None` for readers who may not.
    pub hand_over: Option<String>,
}

/// Putting somebody into a slot. Fields of the form: `name`, `public_key`, and `compared` on the
/// second page.
#[derive(Debug, Template)]
#[template(path = "custodian/appoint.html")]
pub struct Appoint {
    /// Around the page.
    pub frame: Frame,
    /// The slot.
    pub slot: u8,
    /// Who leaves it.
    pub holder: Option<Holder>,
    /// Posted to `/custodians/slots/SLOT`.
    pub form: Form,
    /// What is to be compared on the phone: post, and fingerprint of the key that was typed; `None`
    /// on the first page.
    pub compare: Option<(String, String)>,
}

/// Moving a leaver's shares. Fields of the form: `hand_over`, `verified`.
#[derive(Debug, Template)]
#[template(path = "custodian/hand_over.html")]
pub struct HandOver {
    /// Around the page.
    pub frame: Frame,
    /// Who has left.
    pub leaver: LeaverLine,
    /// Who follows in the slot; `None` while nobody does.
    pub successor: Option<Holder>,
    /// The file.
    pub file: String,
    /// Posted to `/custodians/ID/hand-over`.
    pub form: Form,
}

/// After how many days sources are told of openings. Field of the form: `days`.
#[derive(Debug, Template)]
#[template(path = "custodian/delay.html")]
pub struct Delay {
    /// Around the page.
    pub frame: Frame,
    /// Posted to `/openings/delay`.
    pub form: Form,
    /// As it is set.
    pub days: u16,
    /// The hard maximum.
    pub days_max: u16,
}

impl Custodians {
    /// Whether all three slots are held: only then a source can be sealed.
    pub fn is_complete(&self) -> bool {
        self.slots.iter().all(|slot| slot.holder.is_some())
    }

    /// For the administrator with a leaver, and for a member of a relay that has none.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let slot = |slot, holder: Option<Holder>, change: bool| SlotLine {
            slot,
            holder,
            change: change.then(|| format!("/custodians/slots/{slot}")),
        };
        let page = |slots, leaving| Self {
            frame: sample::officer(words, "/custodians"),
            relay: "架空電力セプター / Fictional Power CEPTOAR".to_owned(),
            slots,
            leaving,
        };
        let full = page(
            (1..=3)
                .map(|number| slot(number, Some(holder()), true))
                .collect(),
            vec![leaver()],
        );
        let empty = page(
            (1..=3).map(|number| slot(number, None, false)).collect(),
            vec![],
        );
        vec![("full", full), ("empty", empty)]
    }
}

impl Appoint {
    /// Empty, wrong, and to be compared.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let action = "/custodians/slots/2";
        let page = |form, compare| Self {
            frame: sample::officer(words, action),
            slot: 2,
            holder: Some(holder()),
            form,
            compare,
        };
        let mut wrong = Form::new(action).with("public_key", "noroshi-pk1:x");
        wrong.reject("public_key", words.t("custodian-not-a-key"));
        let typed = Form::new(action)
            .with("name", "外部弁護士")
            .with("public_key", "noroshi-pk1:AAAA");
        vec![
            ("empty", page(Form::new(action), None)),
            ("wrong", page(wrong, None)),
            (
                "compare",
                page(typed, Some(("外部弁護士".to_owned(), holder().fingerprint))),
            ),
        ]
    }
}

impl HandOver {
    /// Ready, wrong, and before anybody has followed.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let action = "/custodians/cus_00000000000000000000000001/hand-over";
        let page = |form, successor| Self {
            frame: sample::officer(words, action),
            leaver: leaver(),
            successor,
            file: format!("{action}.json"),
            form,
        };
        let mut wrong = Form::new(action);
        wrong.reject("hand_over", words.t("custodian-not-a-hand-over"));
        vec![
            ("ready", page(Form::new(action), Some(holder()))),
            ("wrong", page(wrong, Some(holder()))),
            ("early", page(Form::new(action), None)),
        ]
    }
}

impl Delay {
    /// As set, and too long.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::officer(words, "/openings/delay"),
            form,
            days: 30,
            days_max: 90,
        };
        let form = |days: &str| Form::new("/openings/delay").with("days", days);
        let mut wrong = form("120");
        wrong.reject(
            "days",
            words.tn("custodian-delay-wrong", &[("most", 90.into())]),
        );
        vec![("set", page(form("30"))), ("wrong", page(wrong))]
    }
}

fn holder() -> Holder {
    Holder {
        name: "事務局長 / Secretary".to_owned(),
        fingerprint: "0123 4567 89ab cdef 0123 4567 89ab cdef 0123 4567".to_owned(),
        since: sample::NOW,
    }
}

fn leaver() -> LeaverLine {
    LeaverLine {
        holder: holder(),
        until: sample::NOW,
        held_count: 12,
        hand_over: Some("/custodians/cus_00000000000000000000000001/hand-over".to_owned()),
    }
}
