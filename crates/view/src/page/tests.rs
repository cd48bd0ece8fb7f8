//! What holds for every sample of every page in both languages.

use super::*;
use crate::words::Language;

mod markup;

use markup::{Tag, tags};

fn everything() -> Vec<Sample> {
    Language::ALL
        .into_iter()
        .flat_map(|language| samples(Words::new(language)))
        .collect()
}

#[test]
fn no_sample_shows_a_missing_key_or_an_unfilled_argument() {
    let mut wrong = Vec::new();
    for sample in everything() {
        for piece in sample.html.split('[').skip(1) {
            let inside = piece.split(']').next().unwrap_or_default();
            let key_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if inside.contains('-') && inside.chars().all(key_letter) {
                wrong.push(format!("{}: [{inside}]", sample.name));
            }
        }
        if sample.html.contains("{$") {
            wrong.push(format!("{}: an argument was not filled in", sample.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_tag_is_closed_in_order() {
    for sample in everything() {
        let mut open: Vec<String> = Vec::new();
        for tag in tags(&sample.html) {
            match tag {
                Tag::Open { name, .. } if markup::VOID.contains(&name.as_str()) => {}
                Tag::Open { closed: true, .. } => {}
                Tag::Open { name, .. } => open.push(name),
                Tag::Close { name } => {
                    assert_eq!(
                        open.pop().as_ref(),
                        Some(&name),
                        "{}: </{name}>",
                        sample.name
                    );
                }
            }
        }
        assert!(open.is_empty(), "{}: never closed: {open:?}", sample.name);
    }
}

#[test]
fn nothing_inline_that_the_content_security_policy_refuses() {
    for sample in everything() {
        for tag in tags(&sample.html) {
            let Tag::Open {
                name, attributes, ..
            } = tag
            else {
                continue;
            };
            assert_ne!(name, "style", "{}", sample.name);
            for (attribute, value) in attributes {
                let refused = attribute == "style"
                    || attribute.starts_with("on")
                    || value
                        .trim_start()
                        .to_ascii_lowercase()
                        .starts_with("javascript:");
                assert!(
                    !refused,
                    "{}: <{name} {attribute}=\"{value}\">",
                    sample.name
                );
            }
        }
    }
}

#[test]
fn ids_are_unique_and_what_points_to_an_id_finds_it() {
    for sample in everything() {
        let tags = tags(&sample.html);
        let ids = markup::values(&tags, "id");
        for id in &ids {
            assert_eq!(
                ids.iter().filter(|other| other == &id).count(),
                1,
                "{}: {id}",
                sample.name
            );
        }
        for attribute in ["for", "aria-labeledby", "aria-describedby", "popovertarget"] {
            for value in markup::values(&tags, attribute) {
                for id in value.split_whitespace() {
                    assert!(
                        ids.iter().any(|i| i == id),
                        "{}: {attribute}={id}",
                        sample.name
                    );
                }
            }
        }
        for href in markup::values(&tags, "href") {
            if let Some(id) = href.strip_prefix('#') {
                assert!(ids.iter().any(|i| i == id), "{}: href=#{id}", sample.name);
            }
        }
    }
}

#[test]
fn every_field_has_a_label() {
    for sample in everything() {
        let tags = tags(&sample.html);
        let labeled = markup::values(&tags, "for");
        let mut label_depth = 0;
        for tag in &tags {
            match tag {
                Tag::Open { name, .. } if name == "label" => label_depth += 1,
                Tag::Close { name } if name == "label" => label_depth -= 1,
                Tag::Open {
                    name, attributes, ..
                } if ["input", "select", "textarea"].contains(&name.as_str()) => {
                    let value =
                        |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v);
                    let hidden = value("type").is_some_and(|kind| kind == "hidden");
                    let named = value("id").is_some_and(|id| labeled.contains(id))
                        || value("aria-label").is_some();
                    assert!(
                        hidden || label_depth > 0 || named,
                        "{}: {tag:?}",
                        sample.name
                    );
                }
                _ => {}
            }
        }
    }
}

#[test]
fn every_page_has_one_heading_one_main_and_its_language() {
    for language in Language::ALL {
        for sample in samples(Words::new(language)) {
            let html = format!("<html lang=\"{}\">", language.tag());
            assert!(sample.html.contains(&html), "{}", sample.name);
            for once in ["<h1", "<main", "<title>"] {
                assert_eq!(
                    sample.html.matches(once).count(),
                    1,
                    "{}: {once}",
                    sample.name
                );
            }
            assert!(
                !sample.html.contains("<title> - "),
                "{}: no title",
                sample.name
            );
        }
    }
}

#[test]
fn every_form_carries_the_token() {
    for sample in everything() {
        let posts = sample.html.matches("method=\"post\"").count();
        let tokens = sample
            .html
            .matches("name=\"csrf\" value=\"sample\"")
            .count();
        assert_eq!(posts, tokens, "{}", sample.name);
    }
}

#[test]
fn a_number_to_quote_is_shown_where_there_is_one() {
    let errors = everything();
    let errors = errors
        .iter()
        .filter(|sample| sample.name.starts_with("error"));
    let mut quoted_count = 0;
    for sample in errors {
        assert!(!sample.html.contains("<code></code>"), "{}", sample.name);
        quoted_count += sample.html.matches("<code>err-").count();
    }
    // Internal and unavailable, in two languages.
    assert_eq!(quoted_count, 4);
}

/// B6: a report or acknowledge page is at most 20 KB of packed HTML; ours packs better than 3:1.
#[test]
fn pages_stay_small() {
    const PAGE_BYTES_MAX: usize = 120 * 1024;
    for sample in everything() {
        assert!(
            sample.html.len() <= PAGE_BYTES_MAX,
            "{}: {}",
            sample.name,
            sample.html.len()
        );
    }
}
