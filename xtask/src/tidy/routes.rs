//! Every address stands in the routes table.
//!
//! The table in `crates/web/src/routes.rs` gives each path its permission. A route registered
//! elsewhere would have none, and a link to a path that is not there is a dead link.

use super::Finding;
use crate::scan::{Kind, Source};
use crate::tree::{TextFile, Tree};

/// Finds routes registered outside the table, and links and redirects that it does not hold.
/// Without a table there is nothing to compare with.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let patterns = table(tree);
    if patterns.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (file, source) in tree.rust().filter(|(file, _)| file.room() == "web") {
        if !file.is_test() && !is_table(&file.path) {
            found.extend(code_faults(file, source, &patterns));
        }
    }
    for file in tree
        .files
        .iter()
        .filter(|file| file.path.starts_with("crates/view/templates/"))
    {
        for (line, text) in file.lines() {
            let dead = linked(text)
                .into_iter()
                .filter(|path| !is_known(path, &patterns));
            found.extend(dead.map(|path| dead_link(file, line, &path)));
        }
    }
    found
}

fn is_table(path: &str) -> bool {
    path == "crates/web/src/routes.rs" || path.starts_with("crates/web/src/routes/")
}

/// All paths of the table.
fn table(tree: &Tree) -> Vec<String> {
    let sources = tree
        .rust()
        .filter(|(file, _)| is_table(&file.path) && !file.is_test());
    let literals = sources.flat_map(|(_, source)| source.tokens.iter());
    let paths = literals.filter(|token| token.kind == Kind::Text && token.text.starts_with('/'));
    paths.map(|token| token.text.clone()).collect()
}

fn code_faults(file: &TextFile, source: &Source, patterns: &[String]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, token) in source.tokens.iter().enumerate() {
        if file.is_test_line(token.line) {
            continue;
        }
        if source.spells(index, ". route (") || source.spells(index, ". nest (") {
            let what = "a route outside the table has no permission; add it to routes.rs";
            found.push(Finding::new(&file.path, token.line, what));
        }
        if source.spells(index, "Redirect : : to (") {
            let target = source
                .token(index + 5)
                .filter(|token| token.kind == Kind::Text);
            let dead = target
                .filter(|target| target.text.starts_with('/') && !is_known(&target.text, patterns));
            found.extend(dead.map(|target| dead_link(file, target.line, &target.text)));
        }
    }
    found
}

fn dead_link(file: &TextFile, line: usize, path: &str) -> Finding {
    let what = format!("`{path}` is not in the routes table; add the route or mend the link");
    Finding::new(&file.path, line, what)
}

/// Paths that a line of a template links or posts to.
fn linked(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for attribute in [
        "href=\"",
        "action=\"",
        "formaction=\"",
        "hx-get=\"",
        "hx-post=\"",
    ] {
        for (at, _) in text.match_indices(attribute) {
            let value = text.get(at + attribute.len()..).unwrap_or_default();
            let value = closed(value);
            if value.starts_with('/') && !value.starts_with("//") {
                paths.push(value);
            }
        }
    }
    paths
}

/// The attribute's value up to its quote, with `{{ … }}` and `{% … %}` replaced by `{}`.
fn closed(text: &str) -> String {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"').unwrap_or(rest.len());
        let open = rest.find("{{").into_iter().chain(rest.find("{%")).min();
        let Some(open) = open.filter(|open| *open < end) else {
            value.push_str(rest.get(..end).unwrap_or_default());
            return value;
        };
        value.push_str(rest.get(..open).unwrap_or_default());
        value.push_str("{}");
        let inner = rest.get(open + 2..).unwrap_or_default();
        let close = inner.find("}}").into_iter().chain(inner.find("%}")).min();
        let Some(close) = close else {
            return value;
        };
        rest = inner.get(close + 2..).unwrap_or_default();
    }
}

/// Whether a pattern of the table matches `path`; a placeholder on either side matches anything.
fn is_known(path: &str, patterns: &[String]) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    patterns.iter().any(|pattern| matches(path, pattern))
}

fn matches(path: &str, pattern: &str) -> bool {
    let mut wanted = pattern.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(part), _) if part.starts_with("{*") => return true,
            (Some(part), Some(own)) if part == own => {}
            (Some(part), Some(own)) if part.starts_with('{') || own.contains('{') => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::places;
    use crate::tree::Tree;

    const TABLE: (&str, &str) = (
        "crates/web/src/routes.rs",
        "const A: [&str; 4] = [\"/\", \"/reports\", \"/reports/{id}/log\", \"/assets/{*path}\"];",
    );

    #[test]
    fn links_lead_somewhere() {
        let page = "<a href=\"/\"><a href=\"/reports?q={{ q }}\">\n\
            <form action=\"/reports/{{ id }}/log#top\">\n<a href=\"https://x.example/y\">\n\
            <link href=\"/assets/css/a.css\">\n<a href=\"/nowhere\">\n<a href=\"/reports/{{ id }}\">\n";
        let path = "crates/view/templates/a.html";
        let found = check(&Tree::sample(&[TABLE, (path, page)]));
        assert_eq!(places(&found), [format!("{path}:5"), format!("{path}:6")]);
    }

    #[test]
    fn routes_stand_in_the_table() {
        let code = "fn a() { router.route(\"/x\", get(x)); Redirect::to(\"/reports\"); }\n\
            fn b() { Redirect::to(\"/gone\"); }\n";
        let path = "crates/web/src/pages.rs";
        let found = check(&Tree::sample(&[TABLE, (path, code)]));
        assert_eq!(places(&found), [format!("{path}:1"), format!("{path}:2")]);
    }

    #[test]
    fn without_a_table_there_is_nothing_to_compare() {
        let page = ("crates/view/templates/a.html", "<a href=\"/x\">");
        assert!(check(&Tree::sample(&[page])).is_empty());
    }
}
