//! What is wrong with an answer, in the reader's words.

use domain::part::field::CODES_MAX;
use exchange::form::{Why, Wrong};
use exchange::moment::MomentError;
use view::words::{Argument, Words};

use super::choices::label;

/// One sentence that says what to do about `wrong`.
pub(in crate::pages) fn sentence(wrong: &Wrong, words: Words) -> String {
    let field = label(wrong.name, words);
    let say = |key: &str, more: &[(&str, Argument<'_>)]| {
        let mut arguments = vec![("field", Argument::from(field.as_str()))];
        arguments.extend(more.iter().cloned());
        words.tn(key, &arguments)
    };
    match wrong.why {
        Why::Missing => say("report-wrong-missing", &[]),
        Why::NotChosen => say("report-wrong-not-chosen", &[]),
        Why::NotOffered => say("report-wrong-not-offered", &[]),
        Why::TooLong { chars, chars_max } => say(
            "report-wrong-too-long",
            &[("count", chars.into()), ("most", chars_max.into())],
        ),
        Why::Invisible { position } => {
            say("report-wrong-invisible", &[("position", position.into())])
        }
        Why::TooMany { count } => say(
            "report-wrong-too-many",
            &[("count", count.into()), ("most", CODES_MAX.into())],
        ),
        Why::Moment(MomentError::Unreadable) => say("report-wrong-moment", &[]),
        Why::Moment(MomentError::NoSuchDay) => say("report-wrong-no-such-day", &[]),
        Why::Moment(MomentError::Future) => say("report-wrong-future", &[]),
        Why::Moment(MomentError::TooOld) => say("report-wrong-too-old", &[]),
    }
}
