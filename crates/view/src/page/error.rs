//! The page for what went wrong: what it means for the reader, what to do, a number to quote.
//!
//! INVARIANT: never says why inside the hub. Absent and hidden look the same.

use std::borrow::Cow;

use askama::Template;

use crate::layout::{Frame, sample};
use crate::words::Words;

/// What the reader can do about it decides the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// 400: the request makes no sense to us.
    BadRequest,
    /// 403: the page stayed open too long, or the form came from elsewhere.
    StaleForm,
    /// 404: no such page, or not for this reader.
    NotFound,
    /// 409: somebody else changed it first.
    Conflict,
    /// 413: too much was sent.
    TooLarge,
    /// 429: too many attempts.
    TooMany,
    /// 500: our fault.
    Internal,
    /// 503: the store cannot take it now; nothing was saved.
    Unavailable,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "error/error.html")]
pub struct ErrorPage {
    /// Around the page.
    pub frame: Frame,
    /// What happened.
    pub kind: ErrorKind,
    /// Number that the log knows this event by; empty where nothing of it is in the log.
    pub reference: String,
    /// Where to sign in before it can be sent again; empty where that is not what is missing.
    pub sign_in: String,
    /// Seconds to wait before the next try; zero where there is nothing to wait for.
    pub wait_seconds: u32,
    /// Label and text of what was typed and not kept, to be printed; empty where nothing was.
    pub typed: Vec<(String, String)>,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::BadRequest,
        Self::StaleForm,
        Self::NotFound,
        Self::Conflict,
        Self::TooLarge,
        Self::TooMany,
        Self::Internal,
        Self::Unavailable,
    ];

    /// HTTP status code.
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::StaleForm => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// What happened, in a few words.
    pub fn title(self, words: Words) -> Cow<'static, str> {
        match self {
            Self::BadRequest => words.t("error-bad-request-title"),
            Self::StaleForm => words.t("error-stale-form-title"),
            Self::NotFound => words.t("error-not-found-title"),
            Self::Conflict => words.t("error-conflict-title"),
            Self::TooLarge => words.t("error-too-large-title"),
            Self::TooMany => words.t("error-too-many-title"),
            Self::Internal => words.t("error-internal-title"),
            Self::Unavailable => words.t("error-unavailable-title"),
        }
    }

    /// What to do now.
    pub fn advice(self, words: Words) -> Cow<'static, str> {
        match self {
            Self::BadRequest => words.t("error-bad-request-advice"),
            Self::StaleForm => words.t("error-stale-form-advice"),
            Self::NotFound => words.t("error-not-found-advice"),
            Self::Conflict => words.t("error-conflict-advice"),
            Self::TooLarge => words.t("error-too-large-advice"),
            Self::TooMany => words.t("error-too-many-advice"),
            Self::Internal => words.t("error-internal-advice"),
            Self::Unavailable => words.t("error-unavailable-advice"),
        }
    }
}

impl ErrorPage {
    /// How long to wait, in whole minutes, as a sentence; `None` where there is nothing to wait for.
    fn wait(&self) -> Option<String> {
        let minutes = self.wait_seconds.div_ceil(60);
        let told = || {
            self.frame
                .tn("error-too-many-wait", &[("minutes", minutes.into())])
        };
        (minutes > 0).then(told)
    }

    /// One sample per kind.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |kind| Self {
            frame: sample::officer(words, "/reports/rpt_0"),
            kind,
            reference: match kind {
                ErrorKind::Internal | ErrorKind::Unavailable => "err-5f3c9a71e0b24d86".to_owned(),
                _ => String::new(),
            },
            wait_seconds: match kind {
                ErrorKind::TooMany => 90,
                _ => 0,
            },
            sign_in: match kind {
                ErrorKind::StaleForm => "/sign-in".to_owned(),
                _ => String::new(),
            },
            typed: match kind {
                ErrorKind::Unavailable | ErrorKind::StaleForm => vec![(
                    words.t("near-miss-line").into_owned(),
                    "遠隔保守の接続口が外から見えていた\n当日に閉じた".to_owned(),
                )],
                _ => vec![],
            },
        };
        let names = [
            "bad", "stale", "absent", "conflict", "large", "many", "internal", "busy",
        ];
        names.into_iter().zip(ErrorKind::ALL.map(page)).collect()
    }
}
