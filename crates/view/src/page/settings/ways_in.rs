//! What a person signs in with: passkeys, password with authenticator app, recovery codes.

use askama::Template;
use domain::time::Timestamp;

use crate::form::Form;
use crate::html::Html;
use crate::layout::{Frame, sample};
use crate::qr::qr;
use crate::words::{Language, Words};

/// The page. Forms: `/settings/sign-in/password` (`password`), `/settings/sign-in/app` (`code`),
/// `/settings/sign-in/both` (`password`, `code`), `/settings/sign-in/recovery`,
/// `/settings/sign-in/passkey/remove` (`passkey`).
#[derive(Debug, Template)]
#[template(path = "settings/ways_in.html")]
pub struct WaysIn {
    /// Around the page.
    pub frame: Frame,
    /// Whether this is the first time, after an invitation.
    pub occasion: Occasion,
    /// The form that was sent, with what is wrong with it; empty otherwise.
    pub form: Form,
    /// Passkeys, oldest first.
    pub passkeys: Vec<PasskeyRow>,
    /// Address under which passkeys work, when this one cannot have any; `None` when it can.
    pub passkeys_at: Option<String>,
    /// Since when there is a password; `None` when there is none.
    pub password_since: Option<Timestamp>,
    /// Since when there is an authenticator app; `None` when there is none.
    pub app_since: Option<Timestamp>,
    /// Recovery codes left.
    pub recovery_count: usize,
    /// The key that an app is about to learn.
    pub key: KeyShown,
}

/// Whether somebody makes his first way in or looks after those he has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// After an invitation: nothing else can be done before.
    First,
    /// From the settings.
    Later,
}

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Its id.
    pub id: String,
    /// What the person calls it.
    pub label: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used; `None` before the first time.
    pub used_at: Option<Timestamp>,
}

/// The key of an authenticator app, shown to its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyShown {
    /// To scan; `None` when it does not fit into a code.
    pub code: Option<Html>,
    /// To type, in groups of four.
    pub typed: String,
    /// For an app on this very device.
    pub uri: String,
}

impl KeyShown {
    /// The key `base32` whose address is `uri`.
    pub fn new(base32: &str, uri: &str, words: Words) -> Self {
        let letters: Vec<char> = base32.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(String::from_iter).collect();
        Self {
            code: qr(uri, &words.t("settings-app-code-label")),
            typed: groups.join(" "),
            uri: uri.to_owned(),
        }
    }
}

impl WaysIn {
    /// The form as it was sent to `action`, or an empty one.
    pub fn form(&self, action: &str) -> Form {
        if self.form.action == action {
            self.form.clone()
        } else {
            Form::new(action)
        }
    }

    /// Whether this is the first way in.
    pub fn is_first(&self) -> bool {
        self.occasion == Occasion::First
    }

    /// Whether somebody can sign in by password: both halves are there.
    pub fn has_password(&self) -> bool {
        self.password_since.is_some() && self.app_since.is_some()
    }

    /// The first time; with everything; with a rejected password.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let key = KeyShown::new(
            "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
            "otpauth://totp/hub.example:takada%40kitahama.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=hub.example",
            words,
        );
        let page = |occasion, form| Self {
            frame: sample::officer(words, "/settings/sign-in"),
            occasion,
            form,
            passkeys: vec![],
            passkeys_at: None,
            password_since: None,
            app_since: None,
            recovery_count: 0,
            key: key.clone(),
        };
        let passkey = PasskeyRow {
            id: "crd_1".to_owned(),
            label: match words.language() {
                Language::Ja => "当番用のスマートフォン",
                Language::En => "Duty phone",
            }
            .to_owned(),
            created_at: sample::NOW,
            used_at: None,
        };
        let full = Self {
            passkeys: vec![passkey],
            password_since: Some(sample::NOW),
            app_since: Some(sample::NOW),
            recovery_count: 7,
            ..page(Occasion::Later, Form::default())
        };
        let mut wrong = Form::new("/settings/sign-in/both");
        wrong.reject(
            "password",
            words.tn("settings-password-short", &[("least", 15.into())]),
        );
        let elsewhere = Self {
            passkeys_at: Some("http://localhost:8470".to_owned()),
            ..page(Occasion::First, wrong)
        };
        vec![
            ("first", page(Occasion::First, Form::default())),
            ("full", full),
            ("wrong", elsewhere),
        ]
    }
}

/// Ten recovery codes, shown once.
#[derive(Debug, Template)]
#[template(path = "settings/recovery.html")]
pub struct RecoveryCodes {
    /// Around the page.
    pub frame: Frame,
    /// The codes, in groups.
    pub codes: Vec<String>,
    /// Where to go on.
    pub next: String,
}

impl RecoveryCodes {
    /// The page as it is shown.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = Self {
            frame: sample::officer(words, "/settings/sign-in"),
            codes: vec!["7QK2-0DMX-4R9T-VW3E".to_owned(); 10],
            next: "/".to_owned(),
        };
        vec![("shown", page)]
    }
}
