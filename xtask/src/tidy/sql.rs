//! SQL lives in `store`, every statement has a name, and values are bound by name.
//!
//! The name stands in the statement itself, so that it also stands in the database's own slow
//! log and traces. A name is used once.

use std::collections::BTreeMap;

use super::Finding;
use crate::scan::Kind;
use crate::tree::{TextFile, Tree};

/// Checks the string literals of all rooms.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (file, source) in tree.rust().filter(|(file, _)| file.room() != "xtask") {
        for token in source
            .tokens
            .iter()
            .filter(|token| token.kind == Kind::Text)
        {
            let mut fault = |what: String| found.push(Finding::new(&file.path, token.line, what));
            let text = token.text.replace("\\n\\", "\n").replace("\\n", "\n");
            match statement_name(&text) {
                None if !is_statement(&text) => {}
                None if file.room() != "store" => {
                    fault("SQL outside `store`; ask the store through a function".into());
                }
                None if file.is_test_line(token.line) => {}
                None => {
                    fault("a statement has no name; begin it with `-- noun.verb`".into());
                }
                Some(name) => {
                    let place = format!("{}:{}", file.path, token.line);
                    if let Some(first) = names.insert(name.clone(), place) {
                        fault(format!(
                            "`-- {name}` names another statement too, at {first}"
                        ));
                    }
                    if text.contains('?') {
                        fault(format!(
                            "`{name}` binds by position; write `:name` parameters"
                        ));
                    }
                    if !is_well_formed(&name) {
                        fault(format!(
                            "`-- {name}` is no name; write `noun.verb` in lower case"
                        ));
                    }
                }
            }
        }
    }
    found.extend(
        tree.files
            .iter()
            .filter(|file| is_stray_sql(file))
            .map(stray),
    );
    found
}

/// The name on the first line, for a text that is a statement with a name line.
fn statement_name(text: &str) -> Option<String> {
    let (first, rest) = text.trim_start().strip_prefix("-- ")?.split_once('\n')?;
    is_statement(rest).then(|| first.trim().to_owned())
}

fn is_statement(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (first, second) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    match first {
        "SELECT" => !second.is_empty(),
        "INSERT" | "REPLACE" => matches!(second, "INTO" | "OR"),
        "DELETE" => second == "FROM",
        "UPDATE" => words.take(3).any(|word| word == "SET"),
        "WITH" => words.any(|word| word.starts_with("AS") || word.starts_with("SELECT")),
        "CREATE" | "DROP" | "ALTER" => matches!(
            second,
            "TABLE" | "INDEX" | "UNIQUE" | "TRIGGER" | "VIEW" | "VIRTUAL" | "TEMP"
        ),
        _ => false,
    }
}

fn is_well_formed(name: &str) -> bool {
    let mut parts = name.split('.');
    let is_part = |part: Option<&str>| {
        part.is_some_and(|part| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        })
    };
    is_part(parts.next()) && is_part(parts.next()) && parts.next().is_none()
}

fn is_stray_sql(file: &TextFile) -> bool {
    file.is("sql") && file.room() != "store"
}

fn stray(file: &TextFile) -> Finding {
    Finding::new(
        &file.path,
        1,
        "SQL outside `store`; move the file to crates/store",
    )
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
    fn statements_in_the_store_have_a_name() {
        let named = "const A: &str = \"-- report.read\\n\\\n  SELECT id FROM report\";\n\
            const B: &str = r\"\n  -- report.write\n  UPDATE report SET a = :a\";\n";
        assert!(found("crates/store/src/a.rs", named).is_empty());
        let bare = "f(\"SELECT 1\");\nf(\"-- A.b\\nDELETE FROM t\");\n\
            f(\"-- a.b\\nINSERT INTO t VALUES (?1)\");\nf(\"-- a.b\\nSELECT 2\");\n";
        assert_eq!(
            found("crates/store/src/a.rs", bare),
            [1, 2, 3, 4].map(|line| format!("crates/store/src/a.rs:{line}"))
        );
    }

    #[test]
    fn sql_elsewhere_is_found_and_prose_is_not() {
        assert_eq!(
            found("crates/web/src/a.rs", "f(\"DELETE FROM report\");").len(),
            1
        );
        assert_eq!(found("crates/web/a.sql", "SELECT 1;").len(), 1);
        let prose = "f(\"SELECT\");\nf(\"Update the member\");\nf(\"CREATE an advisory\");\n";
        assert!(found("crates/web/src/a.rs", prose).is_empty());
    }
}
