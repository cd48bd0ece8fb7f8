//! Types with their derives: what several checks ask of a source.

use super::{Kind, Source};

/// A struct or enum.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) name: String,
    /// Line of the name, from 1.
    pub(crate) line: usize,
    /// Last part of each derived path: `Serialize` for `serde::Serialize`.
    pub(crate) derives: Vec<String>,
    /// Token range of the body: fields or variants.
    pub(crate) body: (usize, usize),
}

/// All structs and enums of `source`, also those inside functions and macros.
pub(crate) fn items(source: &Source) -> Vec<Item> {
    let mut items = Vec::new();
    let mut derives: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(token) = source.token(at) {
        if source.spells(at, "# [") {
            let close = source.closing(at + 1);
            derives.extend(derived(source, at + 2, close));
            at = close + 1;
            continue;
        }
        let named = source.token(at + 1).filter(|name| name.kind == Kind::Word);
        match named {
            Some(name) if token.is_word("struct") || token.is_word("enum") => {
                let body = body(source, at + 2);
                let derives = std::mem::take(&mut derives);
                items.push(Item {
                    name: name.text.clone(),
                    line: name.line,
                    derives,
                    body,
                });
            }
            // Visibility may stand between the attributes and the keyword; anything else means
            // that the derives belonged elsewhere.
            _ if !matches!(token.text.as_str(), "pub" | "crate" | "(" | ")" | "super") => {
                derives.clear();
            }
            _ => {}
        }
        at += 1;
    }
    items
}

/// The derives named between `from` and `to`, also below `cfg_attr`.
fn derived(source: &Source, from: usize, to: usize) -> Vec<String> {
    let mut names = Vec::new();
    let Some(start) = (from..to).find(|at| source.spells(*at, "derive (")) else {
        return names;
    };
    for at in start + 2..source.closing(start + 1) {
        let last = !source.spells(at + 1, ": :");
        if let Some(token) = source
            .token(at)
            .filter(|token| token.kind == Kind::Word && last)
        {
            names.push(token.text.clone());
        }
    }
    names
}

/// Token range of the body that follows the name: `{…}`, `(…)`, or nothing before `;`.
fn body(source: &Source, from: usize) -> (usize, usize) {
    let mut at = from;
    while let Some(token) = source.token(at) {
        if token.is_mark('{') || token.is_mark('(') {
            return (at, source.closing(at));
        }
        if token.is_mark(';') {
            break;
        }
        at += 1;
    }
    (at, at)
}

#[cfg(test)]
mod tests {
    use super::items;
    use crate::scan::scan;

    #[test]
    fn derives_belong_to_the_next_item() {
        let text = "/// Doc.\n#[derive(Debug, serde::Serialize)]\n#[serde(deny_unknown_fields)]\n\
            pub(crate) struct A<T> { a: Confidential<T> }\n\
            #[derive(Clone)]\nfn not_an_item() {}\nenum B { X(u8), Y }\nstruct C;\n";
        let found = items(&scan(text));
        let named: Vec<(&str, usize, usize)> = found
            .iter()
            .map(|i| (i.name.as_str(), i.line, i.derives.len()))
            .collect();
        assert_eq!(named, [("A", 4, 2), ("B", 7, 0), ("C", 8, 0)]);
        assert_eq!(found[0].derives, ["Debug", "Serialize"]);
    }
}
