//! Counting what test runners say they ran.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// How many tests passed and failed, and which failed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// As their runner names them, each once; empty when it names none.
    pub(crate) names: Vec<String>,
}

/// Whose way of saying what passed and failed a runner has. Tests may print anything, also what
/// looks like the words of another runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speech {
    /// Test binaries run by cargo.
    Cargo,
    /// Node's own reporter.
    Node,
}

/// Runs a test runner, writes its output to `shown` as it comes, and counts its tests. A runner that
/// ends badly without naming a failed test, or well without naming a passed one, counts as one
/// failure: a suite that did not run must not look like one that passed.
pub(crate) fn run_counted(
    runner: &mut Command,
    speech: Speech,
    shown: &mut impl Write,
) -> Result<Tally> {
    let name = runner.get_program().to_string_lossy().into_owned();
    let mut child = runner
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{name}`"))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            writeln!(shown, "{line}")?;
            tally.add(speech.counts(&line));
            tally.names.extend(speech.failed_name(&line));
        }
    }
    // A runner says it when it happens and again at its end.
    let mut seen = BTreeSet::new();
    tally.names.retain(|name| seen.insert(name.clone()));
    let ended_well = child.wait()?.success();
    let silent = if ended_well {
        tally.passed == 0
    } else {
        tally.failed == 0
    };
    if silent {
        writeln!(
            shown,
            "`{name}` named no {} test; counted as one failure",
            if ended_well { "passed" } else { "failed" }
        )?;
        tally.failed += 1;
    }
    Ok(tally)
}

impl Tally {
    /// One check that passed or failed as a whole.
    pub(crate) fn of_check(passed: bool) -> Self {
        Self {
            passed: u64::from(passed),
            failed: u64::from(!passed),
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.names.extend(other.names);
    }
}

impl Speech {
    /// What one line of output adds: the closing line of a cargo test binary, or a count line of
    /// node's reporter. Any other line adds nothing.
    fn counts(self, line: &str) -> Tally {
        match self {
            Self::Cargo => {
                let Some(rest) = line.strip_prefix("test result: ") else {
                    return Tally::default();
                };
                Tally {
                    passed: before(rest, "passed"),
                    failed: before(rest, "failed"),
                    ..Tally::default()
                }
            }
            Self::Node => {
                let Some(rest) = line.strip_prefix("ℹ ") else {
                    return Tally::default();
                };
                let count = |word: &str| {
                    let rest = rest.strip_prefix(word)?.strip_prefix(' ')?;
                    rest.parse().ok()
                };
                Tally {
                    passed: count("pass").unwrap_or(0),
                    failed: count("fail").or_else(|| count("cancelled")).unwrap_or(0),
                    ..Tally::default()
                }
            }
        }
    }

    /// The test that a line of output calls failed: `test <name> ... FAILED` of a cargo test binary,
    /// `✖ <name> (<time>ms)` of node's reporter. `None` for any other line.
    fn failed_name(self, line: &str) -> Option<String> {
        let name = match self {
            Self::Cargo => line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?,
            Self::Node => {
                let (name, time) = line.trim().strip_prefix("✖ ")?.rsplit_once(" (")?;
                time.ends_with("ms)").then_some(name)?
            }
        };
        Some(name.to_owned())
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The number that stands before `word`, or 0.
fn before(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text
        .split([' ', ';', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    let mut numbers = pairs
        .filter(|(_, next)| **next == word)
        .map(|(number, _)| number);
    numbers
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::io::sink;
    use std::process::Command;

    use super::{Speech, Tally, run_counted};

    #[test]
    fn closing_lines_are_counted() {
        let check = |speech: Speech, line: &str, passed, failed| {
            assert_eq!(speech.counts(line), tally(passed, failed, &[]), "{line}");
        };
        let (cargo, node) = (Speech::Cargo, Speech::Node);
        let well = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        check(cargo, well, 12, 0);
        let badly = "test result: FAILED. 3 passed; 2 failed; 0 ignored";
        check(cargo, badly, 3, 2);
        check(cargo, "test a ... ok", 0, 0);
        check(node, "ℹ pass 7", 7, 0);
        check(node, "ℹ fail 1", 0, 1);
        check(node, "ℹ cancelled 2", 0, 2);
    }

    #[test]
    fn what_a_test_prints_is_not_counted() {
        let counted = |speech: Speech, line: &str| speech.counts(line) != Tally::default();
        assert!(
            !counted(Speech::Cargo, "ℹ fail 2"),
            "another runner's words"
        );
        assert!(!counted(
            Speech::Node,
            "test result: FAILED. 3 passed; 2 failed"
        ));
        assert!(!counted(Speech::Node, "# fail 2"));
        assert!(!counted(
            Speech::Cargo,
            "    test result: ok. 1 passed; 1 failed"
        ));
    }

    fn tally(passed: u64, failed: u64, names: &[&str]) -> Tally {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        Tally {
            passed,
            failed,
            names,
        }
    }

    /// What a runner that is this script is counted as. Its output goes nowhere: the run that these
    /// tests are part of is counted by its own output.
    fn shell(speech: Speech, script: &str) -> Tally {
        let mut runner = Command::new("sh");
        run_counted(runner.args(["-c", script]), speech, &mut sink()).unwrap()
    }

    #[test]
    fn a_silent_runner_is_a_failure() {
        let node = |script: &str| shell(Speech::Node, script);
        assert_eq!(node("echo 'ℹ pass 2'"), tally(2, 0, &[]));
        assert_eq!(node("echo nothing"), tally(0, 1, &[]));
        assert_eq!(node("echo 'ℹ pass 2'; exit 1"), tally(2, 1, &[]));
        assert_eq!(node("echo 'ℹ fail 2'; exit 1"), tally(0, 2, &[]));
    }

    #[test]
    fn what_failed_is_named_once() {
        let node = "echo '✖ a desk, ja (12.5ms)'; echo 'ℹ fail 1'; echo '✖ failing tests:'; \
                    echo '✖ a desk, ja (12.5ms)'; exit 1";
        assert_eq!(shell(Speech::Node, node), tally(0, 1, &["a desk, ja"]));
        let cargo = "echo 'test area::one ... FAILED'; echo 'test area::two ... ok'; \
                     echo 'test result: FAILED. 1 passed; 1 failed'; exit 1";
        assert_eq!(shell(Speech::Cargo, cargo), tally(1, 1, &["area::one"]));
    }
}
