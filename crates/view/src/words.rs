//! Words in two languages, from the Fluent files under `locales/`.
//!
//! A key is kebab-case and starts with its file's name (`near-miss-title` in `near_miss.ftl`). The
//! files are listed at build time, so an area adds its words by adding one file per language.
//!
//! INVARIANT: a key used in a template or in code exists in both languages with the same
//! arguments; the tests below scan for it. At run time a missing key shows as `[key]`.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::memoizer::MemoizerKind;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

mod files {
    include!(concat!(env!("OUT_DIR"), "/locales.rs"));
}

/// A language that pages, mail and files are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Japanese.
    Ja,
    /// English, American spelling.
    En,
}

/// The words of one language. A copy costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    language: Language,
}

/// A value that a sentence takes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument<'a> {
    /// Shown as it is. Years belong here, since numbers get a thousands separator.
    Text(Cow<'a, str>),
    /// Chooses the plural form; shown with a thousands separator.
    Number(i64),
}

impl Words {
    /// The words of `language`.
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    /// The language these words are in.
    pub fn language(self) -> Language {
        self.language
    }

    /// The sentence of `key`, or `[key]` if there is none.
    pub fn t(self, key: &str) -> Cow<'static, str> {
        let bundle = self.language.bundle();
        match bundle.get_message(key).and_then(|message| message.value()) {
            Some(pattern) => bundle.format_pattern(pattern, None, &mut Vec::new()),
            None => Cow::Owned(format!("[{key}]")),
        }
    }

    /// The sentence of `key` with `arguments` filled in, or `[key]` if there is none.
    pub fn tn(self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        let bundle = self.language.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("[{key}]");
        };
        let mut values = FluentArgs::with_capacity(arguments.len());
        for (name, argument) in arguments {
            values.set((*name).to_owned(), argument.to_fluent());
        }
        bundle
            .format_pattern(pattern, Some(&values), &mut Vec::new())
            .into_owned()
    }

    /// Whether `key` has a sentence: for words named by reference data.
    pub fn has(self, key: &str) -> bool {
        self.language.bundle().has_message(key)
    }
}

impl Language {
    /// Every language, in the order of the language switch.
    pub const ALL: [Self; 2] = [Self::Ja, Self::En];

    /// BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The language's name in itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Ja => "日本語",
            Self::En => "English",
        }
    }

    /// The language of a tag such as `ja`, `ja-JP` or `EN`; `None` if we do not speak it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag).trim();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The first language of an `Accept-Language` header that we speak (RFC 9110, 12.5.4).
    /// Quality values are ignored beyond `q=0`: browsers send their list in order.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        header.split(',').find_map(|range| {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let refused = parameters
                .replace(' ', "")
                .trim_end_matches(['0', '.'])
                .ends_with("q=");
            if refused {
                None
            } else {
                Self::from_tag(tag.trim())
            }
        })
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static JA: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        static EN: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        match self {
            Self::Ja => JA.get_or_init(|| read("ja", files::JA)),
            Self::En => EN.get_or_init(|| read("en", files::EN)),
        }
    }
}

impl Argument<'_> {
    fn to_fluent(&self) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::from(text.as_ref()),
            Self::Number(number) => FluentValue::from(*number),
        }
    }
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Argument<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Argument<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for Argument<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

macro_rules! number_argument {
    ($($number:ty),+) => {$(
        impl From<$number> for Argument<'_> {
            fn from(number: $number) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
        impl From<&$number> for Argument<'_> {
            fn from(number: &$number) -> Self {
                Self::from(*number)
            }
        }
    )+};
}
number_argument!(u8, u16, u32, u64, usize, i32, i64);

/// `number` with commas between groups of three digits, as both languages write it.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn read(tag: &str, files: &[(&str, &str)]) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Both languages run left to right; isolation marks would travel into mail and copied text.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(format_number));
    for (_, text) in files {
        // A broken line costs that line only; the tests below refuse it.
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn format_number<M: MemoizerKind>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "numbers come in as i64 only"
        )]
        FluentValue::Number(number) => Some(grouped(number.value as i64)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
