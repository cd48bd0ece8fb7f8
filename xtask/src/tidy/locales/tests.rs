use super::{check, keys};
use crate::tidy::places;
use crate::tree::Tree;

const JA: &str = "crates/view/locales/ja/a.ftl";
const EN: &str = "crates/view/locales/en/a.ftl";
const PAGE: &str = "crates/view/templates/a.html";

fn found(japanese: &str, english: &str, page: &str) -> Vec<String> {
    places(&check(&Tree::sample(&[
        (JA, japanese),
        (EN, english),
        (PAGE, page),
    ])))
}

#[test]
fn complete_words_pass() {
    let words = "# About\na-title = A\na-count = { $n ->\n    [one] 1\n   *[other] { $n }\n }\n";
    let page = "<p title=\"{{ w.t(\"a-title\") }}\">{{ w.tn(\"a-count\", n) }}\n";
    assert!(found(words, words, page).is_empty());
}

#[test]
fn a_key_missing_in_one_language_is_found() {
    let page = "{{ w.t(\"a\") }}{{ w.t(\"b\") }}\n";
    assert_eq!(
        found("a = x\nb = y\n", "a = x\n", page),
        [format!("{JA}:2")]
    );
    assert_eq!(found("a = x\nb = y\n", "a = x\n", page).len(), 1);
}

#[test]
fn other_variables_are_found_on_both_sides() {
    let page = "{{ w.t(\"a\") }}\n";
    let places = found("a = { $n } 件\n", "a = { $count } items\n", page);
    assert_eq!(places, [format!("{JA}:1"), format!("{EN}:1")]);
}

#[test]
fn unknown_unused_and_double_keys_are_found() {
    let page = "<p>\n{{ w.t(\"b\") }}\n";
    let words = "a = x\na = y\n";
    let mut places = found(words, words, page);
    places.sort();
    let expected = [
        format!("{EN}:2"),
        format!("{JA}:1"),
        format!("{JA}:2"),
        format!("{PAGE}:2"),
    ];
    assert_eq!(places, expected);
}

#[test]
fn keys_made_from_a_stored_word_are_used() {
    let words = "tlp-red = R\ntlp-green = G\nsee = { tlp-red }\n";
    let code = "fn a() { w.t(&format!(\"tlp-{}\", x)); w.t(\"see\"); }\n";
    let path = "crates/view/src/a.rs";
    let tree = Tree::sample(&[(JA, words), (EN, words), (path, code)]);
    assert!(check(&tree).is_empty());
    let keys = keys(&tree);
    assert!(keys["tlp-green"].contains(path) && keys["see"].contains(path));
}
