//! Search: what words a text has, what a query asks for, and whether a text meets it.
//!
//! Kana and kanji are cut into overlapping pairs, other scripts into words; addresses, domain
//! names, hashes and numbers of vulnerabilities are kept whole, however they were defanged. The
//! words lead to candidates; whether one really meets the query is decided on the text itself, by
//! [`Query::is_met_by`], after it passed the gate. Nothing here weighs one text against another:
//! an order that depends on a whole collection tells of what its reader may not see.

mod indicator;
mod normal;

use std::collections::{BTreeMap, BTreeSet};

use crate::part::PartBody;
use crate::part::field::{Field, Value};
use crate::report::ReportKind;
use crate::word::Code;
use indicator::{indicator, scan};
use normal::{Class, class, normal};

/// Longest query, in characters.
pub const QUERY_CHARS_MAX: usize = 200;
/// Most terms in one query.
pub const TERMS_MAX: usize = 8;
/// Most words that one query looks up; the text itself decides the rest.
const LOOKUPS_MAX: usize = 24;
/// Length of an excerpt, in characters.
const EXCERPT_CHARS: usize = 120;

/// The word that every subject has: what a query without terms looks up.
pub const EVERYTHING: &str = "*";

/// What somebody looks for: terms that must all be met. Shows nothing in `Debug`, since what is
/// asked can tell as much as what is answered.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Query {
    terms: Vec<Term>,
}

#[derive(Clone, PartialEq, Eq)]
struct Term {
    needle: Needle,
    /// Codes of the reference data whose name holds the term.
    codes: BTreeSet<Code>,
}

#[derive(Clone, PartialEq, Eq)]
enum Needle {
    /// An indicator, met as a whole.
    Indicator(String),
    /// A text in normal form, met where it stands; words of other scripts than kana and kanji are
    /// met as whole words.
    Text(String),
}

/// Why a query cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(
    clippy::enum_variant_names,
    reason = "each says of what there is too much or too little"
)]
pub enum QueryError {
    /// Longer than [`QUERY_CHARS_MAX`].
    #[error("the query is longer than {QUERY_CHARS_MAX} characters; shorten it")]
    TooLong,
    /// More terms than [`TERMS_MAX`].
    #[error("the query has more than {TERMS_MAX} terms; leave some out")]
    TooManyTerms,
    /// A term is a single kana or kanji, or has no letter at all.
    #[error("a term of one character finds too much; write at least two")]
    TooShort,
}

/// What to look up: every element must be there, each by one of its ways, each way being words that
/// are all there.
pub type Wanted = Vec<Vec<BTreeSet<String>>>;

impl Query {
    /// Reads what somebody typed: terms between blanks, all of which must be met; quotation marks
    /// keep blanks inside a term.
    ///
    /// # Errors
    /// [`QueryError`] when it is too long, has too many terms, or a term is too short.
    pub fn parse(raw: &str) -> Result<Self, QueryError> {
        if raw.chars().count() > QUERY_CHARS_MAX {
            return Err(QueryError::TooLong);
        }
        let mut terms = Vec::new();
        for written in split(raw) {
            let text = normal(&written);
            let text = text.trim();
            let needle = match indicator(text) {
                Some(found) => Needle::Indicator(found.whole),
                None if words(text).is_empty() => return Err(QueryError::TooShort),
                None => Needle::Text(text.to_owned()),
            };
            terms.push(Term {
                needle,
                codes: BTreeSet::new(),
            });
        }
        if terms.len() > TERMS_MAX {
            return Err(QueryError::TooManyTerms);
        }
        Ok(Self { terms })
    }

    /// This query with each term met also by the codes whose name, in `names`, holds it.
    #[must_use]
    pub fn named_by<'a>(mut self, names: impl IntoIterator<Item = (&'a Code, &'a str)>) -> Self {
        for (code, name) in names {
            let name = normal(name);
            for term in &mut self.terms {
                if let Needle::Text(text) = &term.needle
                    && holds(&name, text)
                {
                    term.codes.insert(code.clone());
                }
            }
        }
        self
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The words by which candidates are found.
    pub fn wanted(&self) -> Wanted {
        let share = LOOKUPS_MAX / self.terms.len().max(1);
        let mut wanted = vec![vec![BTreeSet::from([EVERYTHING.to_owned()])]];
        if !self.terms.is_empty() {
            wanted.clear();
        }
        for term in &self.terms {
            let own: BTreeSet<String> = match &term.needle {
                Needle::Indicator(whole) => BTreeSet::from([whole.clone()]),
                Needle::Text(text) => words(text).into_iter().take(share.max(2)).collect(),
            };
            let mut ways = vec![own];
            ways.extend(term.codes.iter().map(|code| BTreeSet::from([coded(code)])));
            wanted.push(ways);
        }
        wanted
    }

    /// Whether the parts of one subject, taken together, meet every term.
    pub fn is_met_by(&self, bodies: &[&PartBody]) -> bool {
        self.met_in(bodies).is_some()
    }

    /// Places of the `bodies` that meet at least one term, where those of one subject, taken
    /// together, meet every term; `None` where they do not. Each does when nothing is asked.
    pub fn met_in(&self, bodies: &[&PartBody]) -> Option<BTreeSet<usize>> {
        let mut met_in = BTreeSet::new();
        if self.terms.is_empty() {
            met_in.extend(0..bodies.len());
            return Some(met_in);
        }
        let indicators = self.looks_for_indicators();
        let texts: Vec<Read> = bodies
            .iter()
            .map(|body| Read::of(body, indicators))
            .collect();
        for term in &self.terms {
            let read = texts.iter().enumerate();
            let met: Vec<usize> = read
                .filter(|(_, read)| term.is_met_by(read))
                .map(|(place, _)| place)
                .collect();
            if met.is_empty() {
                return None;
            }
            met_in.extend(met);
        }
        Some(met_in)
    }

    /// Whether the indicators of a text have to be found.
    fn looks_for_indicators(&self) -> Indicators {
        let is_one = |term: &Term| matches!(term.needle, Needle::Indicator(_));
        if self.terms.iter().any(is_one) {
            Indicators::Wanted
        } else {
            Indicators::Unwanted
        }
    }

    /// The piece of `body` that meets a term, with the field it stands in; `None` when no text
    /// does.
    pub fn excerpt(&self, body: &PartBody) -> Option<(Field, String)> {
        body.fields().find_map(|(field, value)| {
            let Value::Text(text) = value else {
                return None;
            };
            let piece = self.terms.iter().find_map(|term| term.piece(text))?;
            Some((field, piece))
        })
    }
}

impl std::fmt::Debug for Query {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Query({} terms)", self.terms.len())
    }
}

/// A body as it is compared.
struct Read {
    texts: Vec<String>,
    /// None unless they are asked for.
    indicators: BTreeSet<String>,
    codes: BTreeSet<Code>,
}

/// Whether anybody asks for the indicators of a text: to find them costs more than all the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Indicators {
    Wanted,
    Unwanted,
}

impl Read {
    fn of(body: &PartBody, indicators: Indicators) -> Self {
        let mut read = Self {
            texts: Vec::new(),
            indicators: BTreeSet::new(),
            codes: BTreeSet::new(),
        };
        for (_, value) in body.fields() {
            match value {
                Value::Text(text) => {
                    let text = normal(text);
                    if indicators == Indicators::Wanted {
                        read.indicators.extend(all_indicators(&text));
                    }
                    read.texts.push(text);
                }
                Value::Codes(codes) => read.codes.extend(codes.iter().cloned()),
                Value::Unknown | Value::Moment(..) | Value::Answer(_) | Value::Finding(_) => {}
            }
        }
        read
    }
}

impl Term {
    fn is_met_by(&self, read: &Read) -> bool {
        let in_text = match &self.needle {
            Needle::Indicator(whole) => read.indicators.contains(whole),
            Needle::Text(text) => read.texts.iter().any(|held| holds(held, text)),
        };
        in_text || !self.codes.is_disjoint(&read.codes)
    }

    /// The piece of `text`, as it was written, in which the term stands.
    fn piece(&self, text: &str) -> Option<String> {
        let holds_it = |piece: &str| {
            let piece = normal(piece);
            match &self.needle {
                Needle::Indicator(whole) => all_indicators(&piece).contains(whole),
                Needle::Text(text) => holds(&piece, text),
            }
        };
        let sentence = text
            .split_inclusive(['\n', '。'])
            .find(|sentence| holds_it(sentence))?;
        let letters: Vec<char> = sentence.trim().chars().collect();
        if letters.len() <= EXCERPT_CHARS {
            return Some(letters.into_iter().collect());
        }
        let windows = (0..letters.len()).step_by(EXCERPT_CHARS / 4);
        windows
            .map(|start| {
                let window = letters.iter().skip(start).take(EXCERPT_CHARS);
                window.collect::<String>()
            })
            .find(|window| holds_it(window))
            .map(|window| format!("…{window}…"))
    }
}

/// The words of a body, as the index keeps them.
pub fn words_of(body: &PartBody) -> BTreeSet<String> {
    let mut found = BTreeSet::from([EVERYTHING.to_owned()]);
    for (_, value) in body.fields() {
        match value {
            Value::Text(text) => {
                let text = normal(text);
                found.extend(words(&text));
                found.extend(all_indicators(&text));
            }
            Value::Codes(codes) => found.extend(codes.iter().map(coded)),
            Value::Unknown | Value::Moment(..) | Value::Answer(_) | Value::Finding(_) => {}
        }
    }
    found
}

/// The indicators of a body that say something about an attacker by themselves: the word of each in
/// the index, and its one spelling. A name counts only where indicators are asked for: in prose it
/// may be a product or a file.
pub fn telling_indicators(body: &PartBody) -> BTreeMap<String, String> {
    let mut telling = BTreeMap::new();
    for (field, value) in body.fields() {
        let Value::Text(text) = value else { continue };
        let found = scan(&normal(text))
            .into_iter()
            .filter(|found| found.is_telling() && (field == Field::Indicators || !found.is_name()));
        telling.extend(found.filter_map(|found| {
            let (_, spelled) = found.whole.split_once(':')?;
            Some((found.whole.clone(), spelled.to_owned()))
        }));
    }
    telling
}

/// The word that stands for a kind of report.
pub fn kind_word(kind: ReportKind) -> String {
    format!("kind:{kind}")
}

/// The word that stands for an advisory.
pub const ADVISORY_WORD: &str = "kind:advisory";

/// The word that stands for a code of the reference data.
pub fn coded(code: &Code) -> String {
    format!("code:{}", code.as_str())
}

fn all_indicators(normal: &str) -> BTreeSet<String> {
    scan(normal)
        .into_iter()
        .flat_map(|found| std::iter::once(found.whole).chain(found.also))
        .collect()
}

/// The words of a text in normal form: pairs of kana and kanji, words of other scripts. A single
/// kana or kanji between other letters is no word.
fn words(normal: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut run = String::new();
    let mut before: Option<char> = None;
    for letter in normal.chars().chain(std::iter::once(' ')) {
        let here = class(letter);
        if here == Class::Word {
            run.push(letter);
        } else if !run.is_empty() {
            found.insert(format!("word:{}", std::mem::take(&mut run)));
        }
        let pair = before.filter(|before| here == Class::Cjk && class(*before) == Class::Cjk);
        if let Some(first) = pair {
            found.insert(format!("word:{first}{letter}"));
        }
        before = Some(letter);
    }
    found
}

/// Whether `needle` stands in `text`, both in normal form: anywhere among kana and kanji, and only
/// as whole words where it begins or ends with another letter or a digit.
fn holds(text: &str, needle: &str) -> bool {
    let joins = |inner: Option<char>, outer: Option<char>| {
        inner.is_some_and(|l| class(l) == Class::Word)
            && outer.is_some_and(|l| class(l) == Class::Word)
    };
    text.match_indices(needle).any(|(at, found)| {
        let (ahead, rest) = text.split_at_checked(at).unwrap_or_default();
        let behind = rest.strip_prefix(found).unwrap_or_default();
        !joins(needle.chars().next(), ahead.chars().next_back())
            && !joins(needle.chars().next_back(), behind.chars().next())
    })
}

/// Terms between blanks; quotation marks of either language keep blanks.
fn split(raw: &str) -> Vec<String> {
    let mut terms = vec![String::new()];
    let mut quoted = false;
    for letter in raw.chars() {
        match letter {
            '"' | '＂' | '“' | '”' | '「' | '」' => quoted = !quoted,
            letter if letter.is_whitespace() && !quoted => terms.push(String::new()),
            letter => {
                if let Some(term) = terms.last_mut() {
                    term.push(letter);
                }
            }
        }
    }
    terms.retain(|term| !term.trim().is_empty());
    terms
}

#[cfg(test)]
mod tests;
