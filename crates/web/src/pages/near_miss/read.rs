//! Reading a posted near miss: every wrong answer is told at its field.

use std::collections::BTreeSet;

use domain::part::field::LINE_CHARS_MAX;
use domain::report::near_miss::{NearMiss, Scope};
use domain::text::{BoundedText, TextError};
use domain::time::{DAY_SECONDS, Timestamp};
use domain::word::Code;
use exchange::moment::{self, Moment, MomentError};
use view::form::Form;
use view::words::Words;

use crate::form::Posted;

/// The near miss that was posted; `None` when `form` now says what is wrong.
pub(in crate::pages) fn near_miss(
    posted: &Posted,
    now: Timestamp,
    words: Words,
    form: &mut Form,
) -> Option<NearMiss> {
    let kind = posted.one("kind").parse::<Code>();
    if kind.is_err() {
        form.reject("kind", words.t("near-miss-error-kind"));
    }
    let occurred_at = occurred_at(posted, now);
    if let Err((field, key)) = occurred_at {
        form.reject(field, words.t(key));
    }
    let places: Result<BTreeSet<Code>, _> = posted
        .all("place")
        .iter()
        .map(|place| place.parse())
        .collect();
    if places.is_err() {
        form.reject("place", words.t("near-miss-error-place"));
    }
    let reason = match posted.one("reason") {
        "" => Ok(None),
        reason => reason.parse::<Code>().map(Some),
    };
    if reason.is_err() {
        form.reject("reason", words.t("near-miss-error-reason"));
    }
    let line = BoundedText::<LINE_CHARS_MAX>::parse_optional(posted.one("line"));
    match &line {
        Err(TextError::Invisible { .. }) => {
            form.reject("line", words.t("near-miss-error-line-invisible"));
        }
        Err(_) => form.reject("line", words.t("near-miss-error-line")),
        Ok(_) => {}
    }
    let scope = posted.one("scope").parse::<Scope>();
    if scope.is_err() {
        form.reject("scope", words.t("near-miss-error-scope"));
    }
    Some(NearMiss {
        kind: kind.ok()?,
        occurred_at: occurred_at.ok()?,
        places: places.ok()?,
        no_harm_reason: reason.ok()?,
        line: line.ok()?,
        scope: scope.ok()?,
    })
}

/// When it was; the field and key of what is wrong otherwise.
fn occurred_at(
    posted: &Posted,
    now: Timestamp,
) -> Result<Option<Moment>, (&'static str, &'static str)> {
    let typed = posted.one("when_text").trim();
    let day = |days: i64| now.plus_seconds(-days * DAY_SECONDS).day_in_japan();
    // Whoever writes a date beside "today" means the date.
    let on = |days| {
        moment::parse_clock(typed, day(days), now)
            .or_else(|error| moment::parse(typed, now).map_err(|_| error))
    };
    let read = match (posted.one("when"), typed) {
        ("unknown", _) => return Ok(None),
        ("today", _) => on(0),
        ("yesterday", _) => on(1),
        ("", "") => return Err(("when", "near-miss-error-when-choice")),
        (_, "") => return Err(("when_text", "near-miss-error-when-missing")),
        _ => moment::parse(typed, now),
    };
    read.map(Some).map_err(|error| {
        let key = match error {
            MomentError::Unreadable => "near-miss-error-when",
            MomentError::NoSuchDay => "near-miss-error-when-no-such-day",
            MomentError::Future => "near-miss-error-when-future",
            MomentError::TooOld => "near-miss-error-when-old",
        };
        ("when_text", key)
    })
}
