//! One idea, one word, in Japanese too, and one kind of brackets.
//!
//! `GLOSSARY.md` holds a table with the columns 使わない語, 使う語 and 除く. It is read by machine.
//! Japanese has no spaces between words, so a banned word is found wherever its characters stand;
//! the third column names the longer words that hold it and are right.

use super::Finding;
use crate::tree::{TextFile, Tree};

/// Finds banned Japanese words, and half-width brackets where pages hold full-width ones. Without
/// a glossary no word is banned.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| is_sentence_file(file)) {
        for (line, text) in file.lines() {
            let sentence = sentence(file, text);
            if sentence.contains(['(', ')']) {
                let what = "brackets are full-width （ ） in Japanese";
                found.push(Finding::new(&file.path, line, what));
            }
        }
    }
    let Some(glossary) = tree.file(GLOSSARY) else {
        return found;
    };
    let bans = bans(glossary);
    if bans.is_empty() {
        let what = "no banned Japanese words found; keep the table headed `| 使わない語 | 使う語 | 除く |`";
        found.push(Finding::new(GLOSSARY, 1, what));
    }
    for file in tree.files.iter().filter(|file| is_japanese(file)) {
        for (line, text) in file.lines() {
            for ban in bans.iter().filter(|ban| ban.stands_in(text)) {
                let (theirs, ours) = (&ban.word, &ban.instead);
                let what = format!("`{theirs}` is not our word; say `{ours}` ({GLOSSARY})");
                found.push(Finding::new(&file.path, line, what));
            }
        }
    }
    found
}

const GLOSSARY: &str = "GLOSSARY.md";
const LOCALE: &str = "crates/view/locales/ja/";

/// One banned word.
#[derive(Debug)]
struct Ban {
    word: String,
    instead: String,
    /// Words that hold `word` and stay.
    except: Vec<String>,
}

impl Ban {
    fn stands_in(&self, text: &str) -> bool {
        if !text.contains(&self.word) {
            return false;
        }
        let spared = self.except.iter();
        let rest = spared.fold(text.to_owned(), |rest, except| rest.replace(except, " "));
        rest.contains(&self.word)
    }
}

/// The rows of the table headed 使わない語.
fn bans(glossary: &TextFile) -> Vec<Ban> {
    let rows = glossary.text.lines().map(|line| {
        let row = line.trim().trim_start_matches('|').trim_end_matches('|');
        row.split('|').map(str::trim).collect::<Vec<_>>()
    });
    let table = rows.skip_while(|row| row.first() != Some(&"使わない語"));
    let body = table.skip(2).take_while(|row| row.len() > 1);
    body.flat_map(|row| {
        let cell = |column: usize| row.get(column).copied().unwrap_or_default();
        let except = list(cell(2));
        let words = list(cell(0)).into_iter();
        let bans = words.map(|word| Ban {
            word,
            instead: cell(1).to_owned(),
            except: except.clone(),
        });
        bans.collect::<Vec<_>>()
    })
    .collect()
}

fn list(cell: &str) -> Vec<String> {
    let words = cell.split('、').map(str::trim);
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Files whose Japanese is ours. The glossary and this room name what they ban, the people of the
/// synthetic nation and of tests speak as they please.
fn is_japanese(file: &TextFile) -> bool {
    const FOREIGN: &[&str] = &[GLOSSARY, "crates/nation/data/", "xtask/", "tests/"];
    let path = file.path.as_str();
    let foreign = FOREIGN.iter().any(|beginning| path.starts_with(beginning));
    !foreign && !file.is_test() && !path.contains("/vendor/")
}

fn is_sentence_file(file: &TextFile) -> bool {
    file.path.starts_with(LOCALE) || is_reference_data(file)
}

fn is_reference_data(file: &TextFile) -> bool {
    file.path.starts_with("data/") && file.is("toml")
}

/// What of a line is a Japanese sentence: a message without its placeables, or the `ja` string of
/// a reference row.
fn sentence(file: &TextFile, line: &str) -> String {
    if is_reference_data(file) {
        let string = line.split_once("ja = \"").map(|(_, rest)| rest);
        let text = string.and_then(|rest| rest.split('"').next());
        return text.unwrap_or_default().to_owned();
    }
    if line.starts_with('#') {
        return String::new();
    }
    let mut depth = 0_usize;
    let outside = line.chars().filter(|character| match character {
        '{' => {
            depth += 1;
            false
        }
        '}' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    outside.collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::places;
    use crate::tree::Tree;

    const GLOSSARY: &str = "# Words\n\n送り手\n\n| 使わない語 | 使う語 | 除く |\n|---|---|---|\n\
        | 送り手、提供元 | 報告元 | |\n| 発行 | 発出 | 再発行、リンクを発行 |\n";

    #[test]
    fn a_banned_word_is_found_but_not_inside_a_word_that_stays() {
        let tree = Tree::sample(&[
            ("GLOSSARY.md", GLOSSARY),
            (
                "crates/view/locales/ja/a.ftl",
                "a-one = 送り手の名前\na-two = リンクを発行する\na-three = 再発行でなく発行する\n",
            ),
            (
                "data/a.toml",
                "name = { ja = \"提供元\", en = \"Source\" }\n",
            ),
            ("docs/a.md", "報告元\n"),
            ("crates/nation/data/story.toml", "text = \"送り手\"\n"),
        ]);
        assert_eq!(
            places(&check(&tree)),
            [
                "crates/view/locales/ja/a.ftl:1",
                "crates/view/locales/ja/a.ftl:3",
                "data/a.toml:1"
            ]
        );
    }

    #[test]
    fn brackets_are_full_width_outside_placeables_and_english() {
        let tree = Tree::sample(&[
            (
                "crates/view/locales/ja/a.ftl",
                "# (why)\na-one = 報告({ $count }件)\na-two = 報告（{ NUMBER($count) }件）\n",
            ),
            (
                "data/a.toml",
                "name = { ja = \"警察\", en = \"Police (all)\" }\n",
            ),
        ]);
        assert_eq!(places(&check(&tree)), ["crates/view/locales/ja/a.ftl:2"]);
    }

    #[test]
    fn a_glossary_bans_something_in_japanese() {
        let tree = Tree::sample(&[("GLOSSARY.md", "# Words\n")]);
        assert_eq!(places(&check(&tree)), ["GLOSSARY.md:1"]);
    }
}
