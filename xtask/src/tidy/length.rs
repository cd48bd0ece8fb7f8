//! Files and functions stay short enough to be read in one go.

use super::Finding;
use crate::scan::{Kind, Source};
use crate::tree::{TextFile, Tree};

/// Finds files above [`FILE_LINES_MAX`] and, outside tests, functions above
/// [`FUNCTION_LINES_MAX`], counted from `fn` to the closing brace.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, source) in tree.rust() {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX {
            let what =
                format!("{lines} lines (limit {FILE_LINES_MAX}); ask which noun is hiding in it");
            found.push(Finding::new(&file.path, 1, what));
        }
        if !file.is_test() {
            found.extend(long_functions(file, source));
        }
    }
    found
}

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;

fn long_functions(file: &TextFile, source: &Source) -> Vec<Finding> {
    let tests = source.test_lines();
    let mut found = Vec::new();
    for index in 0..source.tokens.len() {
        let Some((name, first, last)) = function(source, index) else {
            continue;
        };
        if tests
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&first))
        {
            continue;
        }
        let lines = last - first + 1;
        if lines > FUNCTION_LINES_MAX {
            let what = format!(
                "function `{name}` has {lines} lines (limit {FUNCTION_LINES_MAX}); \
                 give its steps names of their own"
            );
            found.push(Finding::new(&file.path, first, what));
        }
    }
    found
}

/// Name, first and last line of the function whose `fn` stands at `index`. `None` for function
/// pointers and declarations without a body.
fn function(source: &Source, index: usize) -> Option<(&str, usize, usize)> {
    let start = source.token(index).filter(|token| token.is_word("fn"))?;
    let name = source
        .token(index + 1)
        .filter(|token| token.kind == Kind::Word)?;
    let mut at = index + 2;
    loop {
        let token = source.token(at)?;
        if token.is_mark(';') {
            return None;
        }
        if token.is_mark('{') {
            let close = source.token(source.closing(at))?;
            return Some((&name.text, start.line, close.line));
        }
        at = if token.is_mark('(') || token.is_mark('[') {
            source.closing(at)
        } else {
            at
        } + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{FILE_LINES_MAX, FUNCTION_LINES_MAX, check};
    use crate::tidy::places;
    use crate::tree::Tree;

    fn found(path: &str, text: &str) -> Vec<String> {
        places(&check(&Tree::sample(&[(path, text)])))
    }

    fn function(lines: usize) -> String {
        format!(
            "fn f(x: [u8; 2]) -> u8 {{\n{}}}\n",
            "    g(\"}\");\n".repeat(lines - 2)
        )
    }

    #[test]
    fn a_function_may_fill_its_limit() {
        assert!(found("a.rs", &function(FUNCTION_LINES_MAX)).is_empty());
        let long = format!("//! Doc.\n{}", function(FUNCTION_LINES_MAX + 1));
        assert_eq!(found("a.rs", &long), ["a.rs:2"]);
    }

    #[test]
    fn tests_may_be_long_functions_but_not_long_files() {
        let long = function(FUNCTION_LINES_MAX + 1);
        assert!(found("a/tests.rs", &long).is_empty());
        assert!(found("a.rs", &format!("#[cfg(test)]\nmod tests {{\n{long}}}\n")).is_empty());
        assert_eq!(
            found("a/tests.rs", &"//\n".repeat(FILE_LINES_MAX + 1)),
            ["a/tests.rs:1"]
        );
    }

    #[test]
    fn declarations_and_pointers_have_no_length() {
        let text = format!(
            "trait T {{ fn a(); }}\ntype F = fn(u8);\n{}",
            "\n".repeat(100)
        );
        assert!(found("a.rs", &text).is_empty());
    }
}
