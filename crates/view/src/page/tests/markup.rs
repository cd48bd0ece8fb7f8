//! A reader of our own HTML, strict enough for the page tests.

/// A tag as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tag {
    Open {
        name: String,
        attributes: Vec<(String, String)>,
        closed: bool,
    },
    Close {
        name: String,
    },
}

/// Elements that have no end tag.
pub(super) const VOID: [&str; 7] = ["br", "hr", "img", "input", "link", "meta", "wbr"];

/// Every tag of `html`. Panics on a tag that never ends: that is what the tests look for.
pub(super) fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = tag_end(rest).unwrap_or_else(|| panic!("unclosed tag: {:.40}", rest));
        let inside = &rest[..end];
        rest = &rest[end + 1..];
        if inside.starts_with('!') {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            found.push(Tag::Close {
                name: name.trim().to_owned(),
            });
            continue;
        }
        let (inside, closed) = match inside.strip_suffix('/') {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        let name: String = inside.chars().take_while(|c| !c.is_whitespace()).collect();
        let attributes = attributes(&inside[name.len()..]);
        found.push(Tag::Open {
            name,
            attributes,
            closed,
        });
    }
    found
}

/// The values of `attribute` in document order.
pub(super) fn values(tags: &[Tag], attribute: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in tags {
        if let Tag::Open { attributes, .. } = tag {
            let of_it = attributes.iter().filter(|(key, _)| key == attribute);
            found.extend(of_it.map(|(_, value)| value.clone()));
        }
    }
    found
}

fn tag_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(at),
            '<' if !quoted => return None,
            _ => {}
        }
    }
    None
}

fn attributes(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let key: String = rest
            .chars()
            .take_while(|c| !c.is_whitespace() && *c != '=')
            .collect();
        rest = &rest[key.len()..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap_or(quoted.len());
            value = quoted[..end].to_owned();
            rest = quoted.get(end + 1..).unwrap_or_default();
        }
        found.push((key, value));
        rest = rest.trim_start();
    }
    found
}
