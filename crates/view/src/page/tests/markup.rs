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
    let mut letters = html.chars();
    while letters.any(|letter| letter == '<') {
        let inside = inside(&mut letters);
        if inside.starts_with('!') {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            let name = name.trim().to_owned();
            found.push(Tag::Close { name });
            continue;
        }
        let closed = inside.ends_with('/');
        let inside = inside.trim_end_matches('/');
        let (name, rest) = inside
            .split_once(char::is_whitespace)
            .unwrap_or((inside, ""));
        let (name, attributes) = (name.to_owned(), attributes(rest));
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

fn inside(letters: &mut std::str::Chars<'_>) -> String {
    let mut inside = String::new();
    let mut quoted = false;
    for letter in letters {
        match letter {
            '>' if !quoted => return inside,
            '<' if !quoted => panic!("a tag begins inside <{inside}"),
            '"' => quoted = !quoted,
            _ => {}
        }
        inside.push(letter);
    }
    panic!("never ends: <{inside:.80}");
}

fn attributes(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    // Odd pieces are quoted values; the piece before ends in the attribute's name and `=`.
    let pieces: Vec<&str> = text.split('"').collect();
    for pair in pieces.chunks(2) {
        let mut names: Vec<&str> = pair[0].split_whitespace().collect();
        if let [_, value] = pair {
            let name = names.pop().unwrap_or_default().trim_end_matches('=');
            found.push((name.to_owned(), (*value).to_owned()));
        }
        found.extend(
            names
                .into_iter()
                .map(|name| (name.to_owned(), String::new())),
        );
    }
    found
}
