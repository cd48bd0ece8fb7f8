//! The text of a carrier's letter to a user whose device called a C&C server.
//!
//! It says what was seen, what that does not mean, what to do and whom to ask, in words of nobody's trade.

use domain::id::LetterId;
use domain::time::Timestamp;

use crate::clock::day_text;
use crate::words::Words;

/// The paragraphs for a letter of any carrier; `seen_at` is the last call that it saw.
pub fn paragraphs(words: Words, seen_at: Option<Timestamp>) -> Vec<String> {
    let day = match seen_at {
        Some(at) => day_text(at, words),
        None => words.t("finding-letter-day").into_owned(),
    };
    let what = words.tn("finding-letter-what", &[("day", day.into())]);
    let others = [
        words.t("finding-letter-why"),
        words.t("finding-letter-not"),
        words.t("finding-letter-do"),
        words.t("finding-letter-ask"),
    ];
    let mut all = vec![what];
    all.extend(others.map(std::borrow::Cow::into_owned));
    all
}

/// The whole letter of one number: the paragraphs, where to ask, and the number to name there.
pub fn letter(words: Words, id: LetterId, seen_at: Option<Timestamp>, contact: &str) -> String {
    let mut all = paragraphs(words, seen_at);
    all.push(words.tn("finding-letter-contact", &[("contact", contact.into())]));
    all.push(words.tn(
        "finding-letter-number",
        &[("number", id.to_string().into())],
    ));
    // The marks around what was filled in are for screens. On paper and in a form they would be in the way.
    let isolates = ['\u{2068}', '\u{2069}'];
    all.join("\n\n").replace(isolates, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_letter_says_the_day_whom_to_ask_and_its_number_and_nothing_invisible() {
        let id = LetterId::from_random([3; 16]);
        let at = Timestamp::from_seconds(1_800_000_000);
        for (language, day) in [
            (Language::Ja, "2027年1月15日"),
            (Language::En, "15 Jan 2027"),
        ] {
            let text = letter(Words::new(language), id, Some(at), "0120-000-000");
            for said in [day, "0120-000-000", &id.to_string()] {
                assert!(text.contains(said), "{said} in {text}");
            }
            let plain = |letter: char| letter == '\n' || !letter.is_control();
            assert!(text.chars().all(plain), "{text:?}");
            assert!(!text.contains(['\u{2068}', '\u{2069}', '[']), "{text:?}");
        }
    }
}
