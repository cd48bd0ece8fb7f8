//! Every address stands in the table of routes.
//!
//! The table is made of the `Route { path: "…", … }` rows of `crates/web/src` and gives each path
//! its permission. A route registered beside it would have none, and a link, a redirect or a
//! written address that it does not hold is dead.

use super::Finding;
use crate::scan::{Kind, Source};
use crate::tree::{TextFile, Tree};

/// Finds routes registered outside the table, and addresses in code and templates that it does not
/// hold. A house with pages and no table is a finding too: then nothing would be compared.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let web: Vec<(&TextFile, &Source)> = tree
        .rust()
        .filter(|(file, _)| file.room() == "web" && !file.is_test())
        .collect();
    let pages: Vec<&TextFile> = tree
        .files
        .iter()
        .filter(|file| file.path.starts_with("crates/view/templates/"))
        .collect();
    let patterns: Vec<String> = web
        .iter()
        .flat_map(|(_, source)| rows(source))
        .map(|(_, path)| path)
        .collect();
    if patterns.is_empty() {
        let what = "no row `path: \"/…\"` was found for the links of the pages; is the table gone?";
        return pages
            .first()
            .map(|page| Finding::new(&page.path, 1, what))
            .into_iter()
            .collect();
    }
    let mut found = Vec::new();
    for (file, source) in web {
        found.extend(code_faults(file, source, &patterns));
    }
    for file in pages {
        for (line, text) in file.lines() {
            let dead = linked(text)
                .into_iter()
                .filter(|path| !is_known(path, &patterns));
            found.extend(dead.map(|path| dead_link(file, line, &path)));
        }
    }
    found
}

/// The rows of the table in one file: where the path stands among the tokens, and the path.
fn rows(source: &Source) -> Vec<(usize, String)> {
    (0..source.tokens.len())
        .filter(|index| source.spells(*index, "path :"))
        .filter_map(|index| Some((index + 2, source.token(index + 2)?)))
        .filter(|(_, token)| is_address(token.kind, &token.text))
        .map(|(index, token)| (index, token.text.clone()))
        .collect()
}

fn is_address(kind: Kind, text: &str) -> bool {
    kind == Kind::Text && text.starts_with('/') && !text.starts_with("//")
}

fn code_faults(file: &TextFile, source: &Source, patterns: &[String]) -> Vec<Finding> {
    let rows: Vec<usize> = rows(source).into_iter().map(|(index, _)| index).collect();
    let mut found = Vec::new();
    for (index, token) in source.tokens.iter().enumerate() {
        if file.is_test_line(token.line) {
            continue;
        }
        let registered = source.spells(index, ". route (") || source.spells(index, ". nest (");
        if registered && !source.spells(index, ". route ( route . path") {
            let what = "a route outside the table has no permission; add a row to the table";
            found.push(Finding::new(&file.path, token.line, what));
        }
        let written = is_address(token.kind, &token.text) && !rows.contains(&index);
        if written && !is_piece(&token.text, patterns) {
            found.push(dead_link(file, token.line, &token.text));
        }
    }
    found
}

fn dead_link(file: &TextFile, line: usize, path: &str) -> Finding {
    let what =
        format!("`{path}` is in no row of the table of routes; add the row or mend the address");
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

/// Whether `path` is a stretch of whole segments of some row, at least one of them a fixed word:
/// code puts addresses together.
fn is_piece(path: &str, patterns: &[String]) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let given: Vec<&str> = path.trim_matches('/').split('/').collect();
    patterns.iter().any(|pattern| {
        let wanted: Vec<&str> = pattern.trim_start_matches('/').split('/').collect();
        wanted
            .windows(given.len())
            .filter(|stretch| given.iter().zip(*stretch).any(|(own, part)| own == part))
            .any(|stretch| matches(&given.join("/"), &stretch.join("/")))
            || is_known(path, std::slice::from_ref(pattern))
    })
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
        "crates/web/src/pages/a.rs",
        "const A: &[Route] = &[Route { path: \"/\" }, Route { path: \"/reports\" }, \
         Route { path: \"/reports/{id}/log\" }, Route { path: \"/assets/{*path}\" }];",
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
    fn routes_and_addresses_stand_in_the_table() {
        let code = "fn a() { router.route(\"/x\", get(x)); Redirect::to(\"/reports\"); }\n\
            fn b() { Redirect::to(\"/gone\"); router.route(route.path, route.handler) }\n\
            fn c() { format!(\"/reports/{id}/log?at={at}\"); format!(\"/reports/{id}/lost\"); }\n";
        let path = "crates/web/src/pages.rs";
        let found = check(&Tree::sample(&[TABLE, (path, code)]));
        let lines = [1, 1, 2, 3].map(|line| format!("{path}:{line}"));
        assert_eq!(places(&found), lines);
    }

    #[test]
    fn pages_without_a_table_are_a_finding() {
        let page = ("crates/view/templates/a.html", "<a href=\"/x\">");
        assert_eq!(check(&Tree::sample(&[page])).len(), 1);
        assert!(check(&Tree::sample(&[])).is_empty());
    }
}
