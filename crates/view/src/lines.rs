//! The content of a part, line by line: what was asked, what is known, and what in it was marked.

use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::release::Visible;
use domain::release::detector::{Hit, Label};

use crate::answer::{Names, field_name};
use crate::words::Words;

/// One field and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Name of the field.
    pub label: String,
    /// What is known, in pieces that follow each other.
    pub pieces: Vec<Piece>,
}

/// A piece of a text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// What was found there, in words; empty when nothing was.
    pub mark: String,
}

/// How addresses of attackers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As they were typed, for the reviewer who passes them on.
    AsTyped,
    /// So that no program makes a link of them: `hxxp://evil[.]example`.
    Defanged,
}

/// The lines of `body`, with what the detector found marked. They stay as visible as the body was.
pub fn lines(
    body: Visible<PartBody>,
    names: Names<'_>,
    hits: &[(Field, Hit)],
    spelling: Spelling,
) -> Visible<Vec<Line>> {
    body.map(|body| {
        body.fields()
            .map(|(field, value)| Line {
                label: field_name(field, names.words),
                pieces: match (value, spelling) {
                    (Value::Text(text), Spelling::Defanged) => vec![plain(&spelled(field, text))],
                    (Value::Text(text), Spelling::AsTyped) => {
                        pieces(text, field, hits, names.words)
                    }
                    (other, _) => vec![plain(&names.value(field, other))],
                },
            })
            .collect()
    })
}

/// What a found string looks like, in words.
pub fn label_name(label: Label, words: Words) -> String {
    words
        .t(&format!("lines-label-{}", label.word()))
        .into_owned()
}

fn plain(text: &str) -> Piece {
    Piece {
        text: text.to_owned(),
        mark: String::new(),
    }
}

/// `text` cut at the hits in `field`. Hits are in order and do not overlap.
fn pieces(text: &str, field: Field, hits: &[(Field, Hit)], words: Words) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for (_, hit) in hits.iter().filter(|(of, _)| *of == field) {
        let before = text.get(at..hit.span.start);
        let found = text.get(hit.span.clone());
        let (Some(before), Some(found)) = (before, found) else {
            continue;
        };
        if !before.is_empty() {
            pieces.push(plain(before));
        }
        pieces.push(Piece {
            text: found.to_owned(),
            mark: label_name(hit.label, words),
        });
        at = hit.span.end;
    }
    if let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        pieces.push(plain(rest));
    }
    pieces
}

/// A text of `field` as it is shown: only fields that speak of the attacker hold addresses of the
/// attacker, which nothing shall make a link of.
pub fn spelled(field: Field, text: &str) -> String {
    match field {
        Field::Indicators | Field::Technique => defanged(text),
        _ => text.to_owned(),
    }
}

/// Addresses written so that nothing makes a link of them.
fn defanged(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for word in text.split_inclusive(|letter: char| !is_address_letter(letter)) {
        let (address, rest) = match word.char_indices().next_back() {
            Some((at, last)) if !is_address_letter(last) => {
                word.split_at_checked(at).unwrap_or((word, ""))
            }
            _ => (word, ""),
        };
        // The point that ends a sentence belongs to the sentence.
        let (address, end) = address
            .split_at_checked(address.trim_end_matches('.').len())
            .unwrap_or((address, ""));
        let dotted = address
            .trim_matches('.')
            .split('.')
            .filter(|piece| !piece.is_empty())
            .count()
            > 1;
        if dotted && !address.contains("[.]") {
            let address = address
                .replacen("http", "hxxp", usize::from(address.starts_with("http")))
                .replace('.', "[.]");
            out.push_str(&address);
        } else {
            out.push_str(address);
        }
        out.push_str(end);
        out.push_str(rest);
    }
    out
}

fn is_address_letter(letter: char) -> bool {
    letter.is_ascii_graphic() && !matches!(letter, ',' | ';' | '(' | ')' | '<' | '>' | '"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn addresses_are_defanged_and_sentences_are_not() {
        for (text, expected) in [
            (
                "http://evil.example/a.php を",
                "hxxp://evil[.]example/a[.]php を",
            ),
            (
                "198.51.100.7、198.51.100.8",
                "198[.]51[.]100[.]7、198[.]51[.]100[.]8",
            ),
            ("evil[.]example", "evil[.]example"),
            ("終わり. 次", "終わり. 次"),
            ("From 203.0.113.24.", "From 203[.]0[.]113[.]24."),
            ("", ""),
        ] {
            assert_eq!(defanged(text), expected);
        }
    }

    #[test]
    fn a_text_is_cut_at_what_was_found() {
        let hit = Hit {
            span: 3..9,
            label: Label::KnownName,
        };
        let words = Words::new(Language::Ja);
        let cut = pieces(
            "在北浜の",
            Field::Narrative,
            &[(Field::Narrative, hit)],
            words,
        );
        let texts: Vec<&str> = cut.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(texts, ["在", "北浜", "の"]);
        assert!(cut[0].mark.is_empty() && !cut[1].mark.is_empty());
    }

    #[test]
    fn every_label_has_a_name() {
        for language in Language::ALL {
            for label in Label::ALL {
                let name = label_name(*label, Words::new(language));
                assert!(!name.starts_with('['), "{name}");
            }
        }
    }
}
