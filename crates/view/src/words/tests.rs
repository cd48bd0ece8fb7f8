//! The key scan: what templates and code ask for exists in both languages, with equal arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

const JA: Words = Words::new(Language::Ja);
const EN: Words = Words::new(Language::En);

#[test]
fn numbers_choose_the_plural_and_are_grouped() {
    assert_eq!(EN.tn("clock-days-ago", &[("count", 1.into())]), "1 day ago");
    assert_eq!(
        EN.tn("clock-days-ago", &[("count", 1234.into())]),
        "1,234 days ago"
    );
    assert_eq!(
        JA.tn("clock-fiscal-year", &[("year", "2026".into())]),
        "2026年度"
    );
    assert_eq!(grouped(-1_234_567), "-1,234,567");
    assert_eq!(grouped(100), "100");
}

#[test]
fn a_missing_key_shows_itself_and_a_missing_argument_does_not_panic() {
    assert_eq!(JA.t("no-such-key"), "[no-such-key]");
    assert_eq!(EN.tn("no-such-key", &[]), "[no-such-key]");
    assert!(EN.t("clock-fiscal-year").contains("year"));
}

#[test]
fn the_browser_chooses_a_language_we_speak() {
    assert_eq!(
        Language::from_accept_language("fr, en-GB;q=0.8, ja;q=0.5"),
        Some(Language::En)
    );
    assert_eq!(
        Language::from_accept_language("en;q=0, ja-JP"),
        Some(Language::Ja)
    );
    assert_eq!(Language::from_accept_language("en; q=0.0, de"), None);
    assert_eq!(Language::from_tag("JA_jp"), Some(Language::Ja));
}

#[test]
fn locale_files_parse_and_name_their_area() {
    for (language, files) in [("ja", files::JA), ("en", files::EN)] {
        for (area, text) in files {
            let prefix = format!("{}-", area.replace('_', "-"));
            if let Err((_, errors)) = FluentResource::try_new((*text).to_owned()) {
                panic!("locales/{language}/{area}.ftl: {errors:?}");
            }
            for (key, _) in messages(text) {
                assert!(
                    key.starts_with(&prefix),
                    "{language}/{area}.ftl: `{key}` lacks `{prefix}`"
                );
                let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                assert!(
                    key.chars().all(kebab),
                    "{language}/{area}.ftl: `{key}` is not kebab-case"
                );
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_keys_and_arguments() {
    let (ja, en) = (all(files::JA, "ja"), all(files::EN, "en"));
    let mut wrong = Vec::new();
    for key in ja.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
        match (ja.get(key), en.get(key)) {
            (Some(in_ja), Some(in_en)) if in_ja == in_en => {}
            (Some(in_ja), Some(in_en)) => {
                wrong.push(format!("{key}: ja takes {in_ja:?}, en takes {in_en:?}"));
            }
            (None, _) => wrong.push(format!("{key}: missing in ja")),
            (_, None) => wrong.push(format!("{key}: missing in en")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_key_asked_for_exists_in_both_languages() {
    let mut missing = Vec::new();
    let mut asked = 0;
    let room = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "templates", "../web/src", "../noroshi/src"] {
        for file in files_below(&room.join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            for key in keys_asked(&text) {
                asked += 1;
                for words in [JA, EN] {
                    if !words.has(key) {
                        missing.push(format!("{}: `{key}`", file.display()));
                    }
                }
            }
        }
    }
    assert!(asked > 0, "the scan found no key at all");
    assert!(missing.is_empty(), "no words for:\n{}", missing.join("\n"));
}

/// Keys in `.t("…")` and `.tn("…"`, wherever a line break stands.
fn keys_asked(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    for call in [".t(", ".tn("] {
        for rest in text.split(call).skip(1) {
            let quoted = rest.trim_start().strip_prefix('"');
            let key = quoted.and_then(|rest| rest.split('"').next());
            keys.extend(key.filter(|key| !key.is_empty()));
        }
    }
    keys
}

/// Sources below `folder`, but for tests: those ask for absent keys on purpose.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let extension = path.extension().unwrap_or_default();
        let is_source = ["rs", "html", "txt"].iter().any(|kind| extension == *kind);
        if path.is_dir() {
            found.extend(files_below(&path));
        } else if is_source && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}

fn all(files: &[(&str, &str)], language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    for (area, text) in files {
        for (key, arguments) in messages(text) {
            assert!(
                keys.insert(key.clone(), arguments).is_none(),
                "{language}/{area}: `{key}` twice"
            );
        }
    }
    keys
}

/// Each message of a Fluent text with the arguments it takes.
fn messages(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut found: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in text.lines() {
        if let Some((key, _)) = line.split_once('=')
            && line.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            found.push((key.trim().to_owned(), BTreeSet::new()));
        }
        if let Some((_, arguments)) = found.last_mut() {
            for piece in line.split('$').skip(1) {
                let name =
                    piece.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
                arguments.extend(name.take(1).map(str::to_owned));
            }
        }
    }
    found
}
