//! Questions: an addressee asks back, and the issuer answers him alone or every reader.
//!
//! A question belongs to the line that it was asked for: to the organization where a tier is named,
//! to one person where one is. It is between that line and the issuer.
//!
//! INVARIANT: what the asker wrote reaches no other addressee. An answer for everybody stands below
//! the question in the issuer's own words, which [`tells`] reads first.

use crate::confidential::Confidential;
use crate::release::border::copies;
use crate::release::detector::Detector;
use crate::text::BoundedText;
use crate::word::words;

/// Longest question, in characters.
pub const QUESTION_CHARS_MAX: usize = 1_000;
/// Longest answer, in characters.
pub const ANSWER_CHARS_MAX: usize = 4_000;
/// Questions of one line that may wait for an answer at the same time.
pub const OPEN_QUESTIONS_MAX: usize = 5;

/// A question, bounded at the door.
pub type QuestionText = BoundedText<QUESTION_CHARS_MAX>;

/// The issuer's answer, bounded at the door.
pub type AnswerText = BoundedText<ANSWER_CHARS_MAX>;

words! {
    /// Whom an answer is for.
    pub enum AnsweredTo {
        /// Whoever asked.
        Asker = "asker",
        /// Everybody who may read the advisory.
        Everybody = "everybody",
    }
}

/// What an issuer answers.
#[derive(Clone, PartialEq, Eq)]
pub enum Reply {
    /// To the line that asked.
    ToAsker(Confidential<AnswerText>),
    /// To everybody who may read the advisory.
    ToEverybody {
        /// The question in the issuer's own words.
        wording: Confidential<QuestionText>,
        /// The answer.
        text: Confidential<AnswerText>,
    },
}

/// By what an answer for everybody would give the asker away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// It repeats the asker's own words.
    Copied,
    /// It names the asker.
    Named,
}

impl Reply {
    /// Whom it is for.
    pub const fn answered_to(&self) -> AnsweredTo {
        match self {
            Self::ToAsker(_) => AnsweredTo::Asker,
            Self::ToEverybody { .. } => AnsweredTo::Everybody,
        }
    }
}

/// By what `reply` would give away who asked `asked`; `None` when it goes to the asker alone, or
/// tells nothing that can be found. `names` knows how the asker is called.
pub fn tells(reply: &Reply, asked: &Confidential<String>, names: &Detector) -> Option<Tells> {
    let Reply::ToEverybody { wording, text } = reply else {
        return None;
    };
    let texts = [wording.content().as_str(), text.content().as_str()];
    if texts.iter().any(|text| names.knows_a_name_in(text)) {
        return Some(Tells::Named);
    }
    let is_copied = |text: &&str| copies(text, &[asked.content()]);
    texts.iter().any(is_copied).then_some(Tells::Copied)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_everybody(wording: &str, text: &str) -> Reply {
        Reply::ToEverybody {
            wording: Confidential::new(QuestionText::parse(wording).unwrap()),
            text: Confidential::new(AnswerText::parse(text).unwrap()),
        }
    }

    #[test]
    fn the_askers_words_and_name_stay_with_the_issuer() {
        let asked = Confidential::new(
            "北浜の変電所では夜間に更新できません。翌朝でもよいですか。".to_owned(),
        );
        let names = Detector::new(["北浜電力株式会社", "Kitahama Electric"]);
        let told = |wording: &str, text: &str| tells(&to_everybody(wording, text), &asked, &names);
        assert_eq!(
            told("期限までに更新できないときは?", "回避策を先に。"),
            None
        );
        let copied = "変電所では夜間に更新できませんが?";
        assert_eq!(told(copied, "翌朝でよい。"), Some(Tells::Copied));
        assert_eq!(told("期限は?", copied), Some(Tells::Copied));
        assert_eq!(told("北浜電力は?", "翌朝でよい。"), Some(Tells::Named));
        let english = "As Kitahama Electric asked: yes.";
        assert_eq!(told("May it wait?", english), Some(Tells::Named));
        let alone = Reply::ToAsker(Confidential::new(AnswerText::parse(copied).unwrap()));
        assert_eq!(tells(&alone, &asked, &names), None);
    }
}
