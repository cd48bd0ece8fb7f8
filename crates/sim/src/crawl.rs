//! Walking the pages as a reader does: following links, collecting the forms he is offered.
//!
//! Read with plain text search: the pages are our own, and every attribute in them is quoted.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::country::Who;
use crate::world::{Received, World};

/// A form that stands on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Where it is posted.
    pub action: String,
    /// What it would send if nothing was changed, without its token.
    pub fields: Vec<(String, String)>,
    /// Names of the fields into which something is typed.
    pub typed: BTreeSet<String>,
}

/// What one reader has found.
#[derive(Debug, Default)]
pub struct Walk {
    /// What he received, by path.
    pub pages: BTreeMap<String, Received>,
    /// The forms, by where they are posted; of several with one action, all.
    pub forms: BTreeMap<String, Vec<Offered>>,
}

/// Walks from `begin` over at most `pages_max` pages.
pub fn walk(world: &World, who: Who, begin: &[String], pages_max: usize) -> anyhow::Result<Walk> {
    let mut walk = Walk::default();
    let mut ahead: VecDeque<String> = begin.iter().cloned().collect();
    while let Some(path) = ahead.pop_front() {
        if walk.pages.len() >= pages_max || walk.pages.contains_key(&path) {
            continue;
        }
        let received = world.get(who, &path)?;
        let html = String::from_utf8_lossy(&received.body).into_owned();
        for link in links(&html) {
            if !walk.pages.contains_key(&link) {
                ahead.push_back(link);
            }
        }
        for form in forms(&html) {
            let known = walk.forms.entry(form.action.clone()).or_default();
            if !known.contains(&form) {
                known.push(form);
            }
        }
        walk.pages.insert(path, received);
    }
    Ok(walk)
}

/// Links of the page to this hub, without those that change the language.
pub fn links(html: &str) -> BTreeSet<String> {
    let links = html.split("href=\"").skip(1).filter_map(|rest| {
        let (href, _) = rest.split_once('"')?;
        let href = plain(href);
        let (href, _) = href.split_once('#').unwrap_or((&href, ""));
        let own = href.starts_with('/') && !href.starts_with("//") && !href.contains("lang=");
        (own && !href.starts_with("/assets")).then(|| href.to_owned())
    });
    links.collect()
}

/// The forms of a page.
pub fn forms(html: &str) -> Vec<Offered> {
    let forms = html.split("<form ").skip(1).filter_map(|rest| {
        let (inside, _) = rest.split_once("</form>")?;
        let (head, body) = inside.split_once('>')?;
        let action = attribute(head, "action")?;
        attribute(head, "method").filter(|method| method == "post")?;
        let mut form = Offered {
            action,
            fields: vec![],
            typed: BTreeSet::new(),
        };
        inputs(body, &mut form);
        textareas(body, &mut form);
        selects(body, &mut form);
        form.fields.retain(|(name, _)| name != "csrf");
        Some(form)
    });
    forms.collect()
}

fn inputs(body: &str, form: &mut Offered) {
    for rest in body.split("<input ").skip(1) {
        let head = rest.split_once('>').map_or(rest, |(head, _)| head);
        let Some(name) = attribute(head, "name") else {
            continue;
        };
        let value = attribute(head, "value").unwrap_or_default();
        match attribute(head, "type").as_deref() {
            // Of several, what is chosen; where nothing is, the first.
            Some("radio" | "checkbox") => {
                let known = form.fields.iter().any(|(field, _)| *field == name);
                if head.contains(" checked") || !known {
                    form.fields.push((name, value));
                }
            }
            Some("hidden") => form.fields.push((name, value)),
            _ => {
                form.typed.insert(name.clone());
                form.fields.push((name, value));
            }
        }
    }
}

fn textareas(body: &str, form: &mut Offered) {
    for rest in body.split("<textarea ").skip(1) {
        let Some((head, rest)) = rest.split_once('>') else {
            continue;
        };
        let text = rest.split_once("</textarea>").map_or("", |(text, _)| text);
        if let Some(name) = attribute(head, "name") {
            form.typed.insert(name.clone());
            form.fields
                .push((name, plain(text.trim_start_matches('\n'))));
        }
    }
}

/// Of each list, what is chosen or the first row that sends something.
fn selects(body: &str, form: &mut Offered) {
    for rest in body.split("<select ").skip(1) {
        let Some((head, rest)) = rest.split_once('>') else {
            continue;
        };
        let list = rest.split_once("</select>").map_or("", |(list, _)| list);
        let mut chosen = None;
        for option in list.split("<option ").skip(1) {
            let value = attribute(option, "value").unwrap_or_default();
            let head = option.split_once('>').map_or(option, |(head, _)| head);
            if head.contains(" selected") || (chosen.is_none() && !value.is_empty()) {
                chosen = Some(value);
            }
        }
        if let (Some(name), Some(value)) = (attribute(head, "name"), chosen) {
            form.fields.push((name, value));
        }
    }
}

fn attribute(head: &str, name: &str) -> Option<String> {
    let mark = format!("{name}=\"");
    let padded = format!(" {head}");
    let (_, rest) = padded.split_once(&format!(" {mark}"))?;
    rest.split_once('"').map(|(value, _)| plain(value))
}

/// The text behind the escapes that templates write.
fn plain(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_a_browser_would_send_them() {
        let html = r#"<form method="post" action="/a/b" class="form"><input type="hidden" name="csrf" value="t">
<input id="x" name="x" type="text" value="1 &#38; 2"><textarea id="y" name="y" rows="4">
two</textarea><input type="radio" name="z" value="one"><input type="radio" name="z" value="two" checked>
<select name="s"><option value="">choose</option><option value="k">K</option></select></form>"#;
        let forms = forms(html);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(forms.len(), 1);
        assert_eq!(forms[0].action, "/a/b");
        for expected in [
            pair("x", "1 & 2"),
            pair("y", "two"),
            pair("z", "two"),
            pair("s", "k"),
        ] {
            assert!(forms[0].fields.contains(&expected), "{:?}", forms[0]);
        }
        assert_eq!(forms[0].typed.len(), 2);
    }
}
