//! Text that must not land: half-finished work, silenced lints, waiting by the clock, and paths
//! of somebody's machine.

use super::Finding;
use crate::scan::Source;
use crate::tree::{TextFile, Tree};

/// Finds banned code in Rust files and banned text in all files.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, source) in tree.rust() {
        found.extend(banned_code(file, source));
    }
    for file in tree.files.iter().filter(|file| file.path != HERE) {
        found.extend(banned_lines(file));
    }
    found
}

/// This file spells what it bans.
const HERE: &str = "xtask/src/tidy/banned_text.rs";

/// Tokens as [`Source::spells`] reads them, and what to do instead.
const BANNED_CODE: &[(&str, &str)] = &[
    ("todo !", "finish it, or leave the function out"),
    ("unimplemented !", "finish it, or leave the function out"),
    (
        "dbg !",
        "remove it, or log it under a field name of docs/logging.md",
    ),
    (
        "# [ ignore",
        "assert today's wrong behavior instead, with an issue number",
    ),
    ("# [ allow (", "write #[expect(…, reason = \"…\")]"),
    ("# ! [ allow (", "write #![expect(…, reason = \"…\")]"),
    ("thread : : sleep", "wait for the event itself"),
];

/// Waiting that the program may do and a test may not.
const BANNED_IN_TESTS: &[(&str, &str)] = &[(
    "time : : sleep",
    "wait for the event itself, or move the clock",
)];

/// Text that no file may hold, as it is written.
const BANNED_TEXT: &[(&str, &str)] = &[
    ("FIXME", "write TODO(#issue) with what is left, or fix it"),
    (
        concat!("/", "work/"),
        "name no path of a machine; paths start at the root of the checkout",
    ),
    (
        concat!("/", "root/"),
        "name no path of a machine; paths start at the root of the checkout",
    ),
    (
        concat!("/", "farm/"),
        "name no path of a machine; paths start at the root of the checkout",
    ),
    ("<<<<<<< ", "finish the merge"),
    (">>>>>>> ", "finish the merge"),
];

fn banned_code(file: &TextFile, source: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, token) in source.tokens.iter().enumerate() {
        let mut ban = |bans: &[(&str, &str)]| {
            for (pattern, instead) in bans {
                if source.spells(index, pattern) {
                    let written = pattern.replace(' ', "");
                    let what = format!("`{written}` is banned; {instead}");
                    found.push(Finding::new(&file.path, token.line, what));
                }
            }
        };
        ban(BANNED_CODE);
        if source.spells(index, "time : : sleep") && file.is_test_line(token.line) {
            ban(BANNED_IN_TESTS);
        }
    }
    found
}

fn banned_lines(file: &TextFile) -> Vec<Finding> {
    let mut found = Vec::new();
    for (line, text) in file.lines() {
        for (banned, instead) in BANNED_TEXT {
            if stands_alone(text, banned) {
                let what = format!("`{}` is banned; {instead}", banned.trim());
                found.push(Finding::new(&file.path, line, what));
            }
        }
        if has_unnumbered_todo(text) {
            let what = "a TODO has no number; write TODO(#issue): what is left";
            found.push(Finding::new(&file.path, line, what));
        }
    }
    found
}

/// Whether `text` has `banned` where no path or word runs into it: a folder below another one is
/// another thing than one at the top of the machine.
fn stands_alone(text: &str, banned: &str) -> bool {
    text.match_indices(banned).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| !(c.is_alphanumeric() || "._-})*".contains(c)))
    })
}

fn has_unnumbered_todo(text: &str) -> bool {
    text.match_indices("TODO").any(|(at, word)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).unwrap_or_default();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
            && !after.starts_with("(#")
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
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
    fn unfinished_and_silenced_code_is_found() {
        let text = "fn a() { todo!() }\n#[allow(dead_code)]\nfn b() { std::thread::sleep(D) }\n\
            #[ignore = \"slow\"]\nfn c() {}\n#[expect(lint, reason = \"\")]\nfn d() {}\n";
        assert_eq!(
            found("a.rs", text),
            ["a.rs:1", "a.rs:2", "a.rs:3", "a.rs:4"]
        );
        assert!(found("a.rs", "const A: &str = \"todo!()\"; // dbg!(a)\n").is_empty());
    }

    #[test]
    fn a_test_may_not_wait_for_the_clock() {
        let text = "async fn a() { tokio::time::sleep(D).await }\n";
        assert!(found("crates/noroshi/src/a.rs", text).is_empty());
        assert_eq!(found("crates/noroshi/tests/a.rs", text).len(), 1);
    }

    #[test]
    fn paths_of_a_machine_are_found_and_urls_are_not() {
        assert_eq!(
            found("a.md", concat!("see /", "root/x\n`/", "work/y`\n")),
            ["a.md:1", "a.md:2"]
        );
        assert!(
            found(
                "a.md",
                concat!(
                    "https://hub.example/",
                    "work/ and ./",
                    "root/ and {base}/",
                    "root/\n"
                )
            )
            .is_empty()
        );
    }

    #[test]
    fn work_left_over_has_a_number() {
        assert_eq!(
            found("a.rs", "//! TODO: later\n// TODO(#12): scale\n"),
            ["a.rs:1"]
        );
        assert!(found("a.rs", "const TODOS: u8 = 1;\n").is_empty());
    }
}
