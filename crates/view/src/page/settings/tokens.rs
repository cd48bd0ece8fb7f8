//! Tokens of the API: which there are, a new one, and the one just made.

use askama::Template;
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::words::{Language, Words};

/// The page. The form posts `label`, `scope` (several), `purpose`, `days`; the rows post `token` to
/// `/settings/tokens/revoke`.
#[derive(Debug, Template)]
#[template(path = "settings/tokens.html")]
pub struct Tokens {
    /// Around the page.
    pub frame: Frame,
    /// Tokens in force, newest first.
    pub tokens: Vec<TokenRow>,
    /// The form of a new one, posted to `/settings/tokens`.
    pub form: Form,
    /// Actions that a token may be limited to.
    pub scopes: Vec<Choice>,
    /// Purposes that a token may read for.
    pub purposes: Vec<Choice>,
    /// Lengths of life.
    pub days: Vec<Choice>,
    /// The token just made, shown once; `None` otherwise.
    pub made: Option<String>,
}

/// A token in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// What it is limited to, in words.
    pub scope: Vec<String>,
    /// Purpose of use.
    pub purpose: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Tokens {
    /// None yet; several; one just made.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let say = |ja: &str, en: &str| match words.language() {
            Language::Ja => ja.to_owned(),
            Language::En => en.to_owned(),
        };
        let row = TokenRow {
            id: "tok_1".to_owned(),
            label: say("SOCの連携", "SOC connector"),
            scope: vec![words.t("action-submit").into_owned()],
            purpose: say("未然防止", "Prevention"),
            created_at: sample::NOW,
            expires_at: sample::NOW.plus_seconds(90 * 86_400),
        };
        let page = |tokens: Vec<TokenRow>, made: Option<&str>| Self {
            frame: sample::officer(words, "/settings/tokens"),
            tokens,
            form: Form::new("/settings/tokens").with("days", "90"),
            scopes: vec![Choice::new("submit", words.t("action-submit"))],
            purposes: vec![Choice::new("defense", say("未然防止", "Prevention"))],
            days: [30, 90, 365]
                .map(|days: i64| {
                    let label = words.tn("settings-token-days", &[("count", days.into())]);
                    Choice::new(days.to_string(), label)
                })
                .to_vec(),
            made: made.map(str::to_owned),
        };
        let mut wrong = page(vec![], None);
        wrong
            .form
            .reject("label", words.t("settings-token-label-missing"));
        vec![
            ("none", page(vec![], None)),
            ("made", page(vec![row], Some("nrs_api_0123456789abcdef"))),
            ("wrong", wrong),
        ]
    }
}
