//! Signing in: a passkey, or a password with a one-time code.

use askama::Template;

use crate::form::Form;
use crate::layout::{Frame, sample};
use crate::words::{Language, Words};

/// The page. Fields of the form: `account`, `password`, `code`, `next`.
#[derive(Debug, Template)]
#[template(path = "sign_in/sign_in.html")]
pub struct SignIn {
    /// Around the page.
    pub frame: Frame,
    /// The password form, posted to `/sign-in`.
    pub form: Form,
    /// Path to go to afterwards.
    pub next: String,
}

impl SignIn {
    /// Empty, and after a wrong password.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |form| Self {
            frame: sample::public(words, "/sign-in?next=/duty"),
            form,
            next: "/duty".to_owned(),
        };
        let mut wrong = Form::new("/sign-in").with("account", "takada@kitahama-power.example");
        let message = match words.language() {
            Language::Ja => "サインイン名、パスワード、コードのどれかが違います",
            Language::En => "The sign-in name, the password or the code is wrong",
        };
        wrong.reject("account", message);
        vec![
            ("empty", page(Form::new("/sign-in"))),
            ("wrong", page(wrong)),
        ]
    }
}
