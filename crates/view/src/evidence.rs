//! What speaks for and against a finding, in words: one sentence per code, with its number.
//!
//! The codes are those of the flow room, by their fixed words. The pages and the command line ask
//! here, so that both say the same.

use crate::words::{Argument, Words, grouped};

/// Seconds from which a period is told in minutes, and minutes from which in hours.
const LARGER_UNIT_FROM: f64 = 120.0;

/// Hours from which an age is told in days.
const HOURS_TOLD_MAX: f64 = 72.0;

/// The sentence of a piece of evidence: `code` is its fixed word, `value` its number in the unit of
/// the code.
pub fn sentence(words: Words, code: &str, value: f64) -> String {
    let key = format!("evidence-{code}");
    let (key, told) = match code {
        "automation" if value >= LARGER_UNIT_FROM * 60.0 => (
            "evidence-automation-hours".to_owned(),
            short(value / 3_600.0),
        ),
        "automation" if value >= LARGER_UNIT_FROM => (
            "evidence-automation-minutes".to_owned(),
            short(value / 60.0),
        ),
        "novel" if value >= HOURS_TOLD_MAX => {
            ("evidence-novel-days".to_owned(), whole(value / 24.0))
        }
        // Finer numbers stay with the carrier: there would be clients to count.
        "alike" | "scanning-clients" | "popular" if value <= 0.0 => {
            return words.t(&format!("evidence-{code}-some")).into_owned();
        }
        "judged-benign" if value < 1.0 => {
            return words.t("evidence-judged-benign-ends").into_owned();
        }
        "flat" | "uniform" | "failures" | "alike" | "scanning-clients" | "popular" => {
            (key, short(value * 100.0))
        }
        // A port is a name: no separator between its thousands.
        "odd-port" | "polling-port" => (key, format!("{value:.0}")),
        "automation" | "held-open" | "upload" => (key, short(value)),
        _ if words.has(&key) => (key, whole(value)),
        _ => ("evidence-other".to_owned(), short(value)),
    };
    words.tn(&key, &[("value", Argument::from(told))])
}

/// A few words for a piece of evidence, for lists and beside bars.
pub fn name(words: Words, code: &str) -> String {
    let key = format!("evidence-name-{code}");
    let known = if words.has(&key) {
        key.as_str()
    } else {
        "evidence-name-other"
    };
    words.t(known).into_owned()
}

/// What is to be done with a finding: the tier whose fixed word is `tier`.
pub fn tier(words: Words, tier: &str) -> String {
    words.t(&format!("evidence-tier-{tier}")).into_owned()
}

/// A number with at most one decimal, and none from ten on.
fn short(value: f64) -> String {
    let tenths = format!("{value:.1}");
    if value.abs() >= 9.95 || tenths.ends_with(".0") {
        whole(value)
    } else {
        tenths
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float beyond i64 becomes its end"
)]
fn whole(value: f64) -> String {
    grouped(value.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    const JA: Words = Words::new(Language::Ja);
    const EN: Words = Words::new(Language::En);

    #[test]
    fn numbers_are_told_as_people_tell_them() {
        for (code, value, told) in [
            ("automation", 61.0, "約61秒ごとに"),
            ("automation", 2.5, "約2.5秒ごとに"),
            ("automation", 900.0, "約15分ごとに"),
            ("automation", 86_000.0, "約24時間ごとに"),
            ("flat", 0.958, "96%"),
            ("popular", 0.004, "0.4%"),
            ("odd-port", 4_444.0, "ポート4444は"),
            ("small-talk", 1_400.0, "1,400バイト"),
            ("novel", 30.0, "30時間前"),
            ("novel", 96.0, "4日前"),
            ("judged-benign", 0.4, "まもなく期限"),
        ] {
            let sentence = sentence(JA, code, value);
            assert!(sentence.contains(told), "{code} {value}: {sentence}");
        }
        assert_eq!(
            sentence(EN, "odd-port", 48_101.0),
            "No usual service uses port 48101"
        );
    }

    #[test]
    fn a_code_of_a_later_version_is_told_as_such_and_breaks_nothing() {
        assert!(sentence(EN, "astrology", 3.0).contains("no words for"));
        assert_eq!(name(EN, "astrology"), "Another reason");
        let endless = sentence(EN, "small-talk", f64::INFINITY);
        assert!(endless.contains("bytes"), "{endless}");
    }
}
