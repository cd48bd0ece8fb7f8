//! Pages hold no inline code or style, and escape everything.
//!
//! The content security policy would block inline code in the browser, silently, on the one page
//! nobody opened; here it is a line number. Output that is not escaped is on a list, each place
//! with the reason why nobody else's text can be in it.

use super::Finding;
use super::allow::Allow;
use crate::scan::Kind;
use crate::tree::Tree;

/// Checks the templates and the markup in string literals of `view` and `web`.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let allow = Allow::read(tree, "xtask/allow/unescaped.txt");
    let mut found = Vec::new();
    for file in tree
        .files
        .iter()
        .filter(|file| file.path.starts_with("crates/view/templates/"))
    {
        for (line, text) in file.lines() {
            let faults = inline_faults(text).into_iter();
            found.extend(faults.map(|what| Finding::new(&file.path, line, what)));
            if is_unescaped(text) && !allow.permits(&[&file.path]) {
                let what = "output without escaping; escape it, or list the file with its reason \
                            in xtask/allow/unescaped.txt";
                found.push(Finding::new(&file.path, line, what));
            }
        }
    }
    for (file, source) in tree.rust() {
        if !matches!(file.room(), "view" | "web") || file.is_test() {
            continue;
        }
        let literals = source
            .tokens
            .iter()
            .filter(|token| token.kind == Kind::Text);
        for token in literals.filter(|token| token.text.contains('<')) {
            if file.is_test_line(token.line) {
                continue;
            }
            let faults = inline_faults(&token.text).into_iter();
            found.extend(faults.map(|what| Finding::new(&file.path, token.line, what)));
        }
    }
    found.extend(allow.faults());
    found
}

fn inline_faults(text: &str) -> Vec<&'static str> {
    let lower = text.to_ascii_lowercase().replace("\\\"", "\"");
    let mut faults = Vec::new();
    if has_attribute(&lower, |name| name == "style") || lower.contains("<style") {
        faults.push("inline style is blocked by the policy; use a class of the stylesheet");
    }
    if has_attribute(&lower, |name| name.len() > 3 && name.starts_with("on")) {
        faults.push("inline handlers are blocked by the policy; use a form, or a listener in js/");
    }
    if lower.contains("javascript:") {
        faults.push("`javascript:` is blocked by the policy; use a form or a link");
    }
    let scripts = lower
        .match_indices("<script")
        .filter_map(|(at, _)| lower.get(at..));
    let inline = |tag: &str| !tag.split('>').next().unwrap_or_default().contains("src=");
    if scripts.into_iter().any(inline) {
        faults.push("inline script is blocked by the policy; put it into a file under js/");
    }
    faults
}

/// Whether an attribute whose name satisfies `matches` gets a value in `text`.
fn has_attribute(text: &str, matches: impl Fn(&str) -> bool) -> bool {
    text.match_indices('=').any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + 1..).unwrap_or_default();
        let name = before
            .rsplit(|c: char| c.is_whitespace())
            .next()
            .unwrap_or_default();
        after.starts_with(['"', '\'']) && before.len() > name.len() && matches(name)
    })
}

fn is_unescaped(text: &str) -> bool {
    let tight = text.replace(' ', "");
    tight.contains("|safe") || tight.contains("autoescapefalse") || tight.contains("escape(\"none")
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::places;
    use crate::tree::Tree;

    fn found(path: &str, text: &str) -> Vec<String> {
        places(&check(&Tree::sample(&[(path, text)])))
    }

    #[test]
    fn inline_code_and_style_are_found() {
        let path = "crates/view/templates/a.html";
        let bad = "<p style=\"color:red\">\n<a onclick='x()'>\n<script>x()</script>\n\
            <a href=\"javascript:x\">\n<style>p {}</style>\n{{ body|safe }}\n";
        assert_eq!(
            found(path, bad),
            [1, 2, 3, 4, 5, 6].map(|line| format!("{path}:{line}"))
        );
        let good = "<p class=\"style\" data-on=\"x\">\n<script src=\"/a.js\" defer></script>\n\
            <option value=\"on\">\n<link rel=\"stylesheet\">\n";
        assert!(found(path, good).is_empty());
    }

    #[test]
    fn markup_in_code_is_read_too() {
        let path = "crates/view/src/chart.rs";
        assert_eq!(
            found(path, "write!(out, \"<rect style=\\\"x\\\"/>\");\n").len(),
            1
        );
        assert!(found(path, "write!(out, \"<rect class=\\\"x\\\"/>\");\n").is_empty());
        assert!(found("crates/sim/src/a.rs", "f(\"<script>\");\n").is_empty());
    }

    #[test]
    fn a_listed_file_may_print_markup() {
        let tree = Tree::sample(&[
            ("crates/view/templates/chart.html", "{{ svg|safe }}\n"),
            (
                "xtask/allow/unescaped.txt",
                "crates/view/templates/chart.html -- our own SVG\n",
            ),
        ]);
        assert!(check(&tree).is_empty());
    }
}
