//! What the tests need from the machine: looked for, named, and only then installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Installs what the browser tests lack: Debian packages through apt, the test library through
/// npm. Says what it does before it does it. Needs root or sudo only when something is missing.
pub(crate) fn browser(root: &Path) -> Result<()> {
    packages(BROWSER)?;
    npm(&root.join("tests/browser"))
}

/// Installs the programs that tests written in Rust call, through apt.
pub(crate) fn called_by_tests() -> Result<()> {
    packages(AROUND_TESTS)
}

/// The license check's program: the one that is there, or one installed by cargo below `target`, by the
/// toolchain of the checkout at `root`.
pub(crate) fn license_check(root: &Path, target: &Path) -> Result<PathBuf> {
    let own = target.join("tools/bin/cargo-deny");
    let found = [PathBuf::from("cargo-deny"), own.clone()]
        .into_iter()
        .find(|program| runs(&program.to_string_lossy(), "--version"));
    if let Some(found) = found {
        return Ok(found);
    }
    println!(
        "Installing cargo-deny {DENY_VERSION} with `cargo install`; this takes minutes, once."
    );
    let tools = target.join("tools");
    let mut install = crate::suite::cargo(root);
    install.args(["install", "--locked", "--quiet", "cargo-deny", "--version"]);
    install.arg(DENY_VERSION).arg("--root").arg(&tools);
    run(install.arg("--target-dir").arg(tools.join("build")))?;
    std::fs::remove_dir_all(tools.join("build"))?;
    Ok(own)
}

const DENY_VERSION: &str = "0.20.2";

fn packages(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.is_there)()).collect();
    if !missing.is_empty() {
        apt(&missing)?;
    }
    if let Some(need) = needs.iter().find(|need| !(need.is_there)()) {
        bail!(
            "{} is still missing after the installation; install it by hand",
            need.what
        );
    }
    Ok(())
}

struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

const AROUND_TESTS: &[Need] = &[
    Need {
        what: "Python 3",
        packages: &["python3"],
        is_there: || runs("python3", "--version"),
    },
    Need {
        what: "strace, which makes writes fail",
        packages: &["strace"],
        is_there: || runs("strace", "--version"),
    },
    Need {
        what: "OpenSSL",
        packages: &["openssl"],
        is_there: || runs("openssl", "version"),
    },
];

const BROWSER: &[Need] = &[
    Need {
        what: "Chromium",
        packages: &["chromium"],
        is_there: || runs("chromium", "--version"),
    },
    Need {
        what: "a Japanese font",
        packages: &["fontconfig", "fonts-noto-cjk"],
        is_there: has_japanese_font,
    },
    Need {
        what: "pdftotext",
        packages: &["poppler-utils"],
        is_there: || runs("pdftotext", "-v"),
    },
    Need {
        what: "Node.js 20 or later",
        packages: &["nodejs"],
        is_there: has_node,
    },
    Need {
        what: "npm",
        packages: &["npm"],
        is_there: || runs("npm", "--version"),
    },
];

fn runs(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    let quiet = command
        .arg(argument)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

fn has_node() -> bool {
    let version = Command::new("node").arg("--version").output();
    let version = version.map(|version| version.stdout).unwrap_or_default();
    let version = String::from_utf8_lossy(&version)
        .trim()
        .trim_start_matches('v')
        .to_owned();
    let major = version
        .split('.')
        .next()
        .and_then(|major| major.parse().ok());
    major.is_some_and(|major: u32| major >= NODE_MAJOR_MIN)
}

/// The browser library runs on no older one.
const NODE_MAJOR_MIN: u32 = 20;

fn has_japanese_font() -> bool {
    let listed = Command::new("fc-list")
        .arg(":lang=ja")
        .stderr(Stdio::null())
        .output();
    listed.is_ok_and(|listed| !listed.stdout.is_empty())
}

fn apt(missing: &[&Need]) -> Result<()> {
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|need| need.packages)
        .copied()
        .collect();
    let what: Vec<&str> = missing.iter().map(|need| need.what).collect();
    println!(
        "The tests need {}. Installing the Debian packages: {}.",
        what.join(", "),
        packages.join(" ")
    );
    if !runs("apt-get", "--version") {
        bail!(
            "this machine has no apt-get; install {} by hand",
            what.join(", ")
        );
    }
    run(&mut as_root(&["apt-get", "update", "-q"]))?;
    let install = ["apt-get", "install", "-q", "-y", "--no-install-recommends"];
    run(as_root(&install).args(&packages))
}

/// `words` as root: plain for root, through sudo for everybody else. Never asks a question.
fn as_root(words: &[&str]) -> Command {
    let user = Command::new("id").arg("-u").output();
    let is_root = user.is_ok_and(|user| user.stdout.trim_ascii() == b"0");
    let mut command = Command::new(if is_root { "env" } else { "sudo" });
    if !is_root {
        command.arg("env");
    }
    command.arg("DEBIAN_FRONTEND=noninteractive").args(words);
    command
}

/// Installs exactly what the lock file names, unless it is there already.
fn npm(folder: &Path) -> Result<()> {
    let wanted = folder.join("package-lock.json");
    let stamp = folder.join("node_modules/.noroshi-lock");
    let lock = std::fs::read(&wanted)
        .with_context(|| format!("cannot read `{}`; restore it", wanted.display()))?;
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("Installing the browser tests' library with `npm ci` in tests/browser.");
    let arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
    run(Command::new("npm").args(arguments).current_dir(folder))?;
    std::fs::write(stamp, lock)?;
    Ok(())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status();
    let status = status.with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}
