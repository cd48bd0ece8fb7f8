//! Every measurement of `docs/measurements.md`, one after the other, each beside its limit.
//!
//! Takes about a quarter of an hour. The figures mean something on a machine that does nothing
//! else.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::suite::{cargo, target};

/// Builds with `--release` and prints all tables. Stores lie below `directory`, whose disk is
/// measured with them.
pub(crate) fn run(root: &Path, directory: &Path) -> Result<bool> {
    std::fs::create_dir_all(directory)?;
    let directory = directory.canonicalize()?;
    succeed(cargo(root).args(["build", "--release", "--quiet", "-p", "noroshi"]))?;
    program(&target(root)?.join("release/noroshi"), &directory)?;
    let place = directory.display().to_string();
    let runs: [(&str, &[&str]); 3] = [
        (
            "the commit path",
            &["-p", "store", "--example", "commit_path", "--", &place],
        ),
        (
            "list and search",
            &["-p", "hub", "--example", "search_speed"],
        ),
        (
            "a hub under load",
            &["-p", "sim", "--example", "load", "--", &place],
        ),
    ];
    for (title, arguments) in runs {
        println!("\n== {title}: cargo run --release {}", arguments.join(" "));
        succeed(
            cargo(root)
                .args(["run", "--release", "--quiet"])
                .args(arguments),
        )?;
    }
    println!("\n== what the detector finds");
    let detector = [
        "test", "--quiet", "-p", "nation", "--test", "it", "detector",
    ];
    succeed(cargo(root).args(detector).args(["--", "--show-output"]))?;
    Ok(true)
}

/// Size, start and memory of the program.
fn program(program: &Path, directory: &Path) -> Result<()> {
    println!("== the program");
    println!("| what | |\n|---|---|");
    let size = std::fs::metadata(program)?.len();
    println!("| program file | {} |", megabytes(size));
    let stripped = directory.join("noroshi-stripped");
    let strip = Command::new("strip")
        .arg("-o")
        .arg(&stripped)
        .arg(program)
        .status();
    if strip.is_ok_and(|ended| ended.success()) {
        println!(
            "| without symbols | {} |",
            megabytes(std::fs::metadata(&stripped)?.len())
        );
        std::fs::remove_file(&stripped)?;
    }
    let begun = Instant::now();
    succeed(Command::new(program).arg("--version").stdout(Stdio::null()))?;
    println!(
        "| `--version` (limit of a start) | {} |",
        milliseconds(begun)
    );

    let empty = directory.join("bench-empty");
    std::fs::create_dir(&empty).context("an earlier run left `bench-empty`; remove it")?;
    let listen = free_address()?;
    let config = format!(
        "hub = \"hub.example\"\nname = \"bench\"\nbase = \"http://localhost\"\nlisten = \"{listen}\"\ndata = \"data\"\n"
    );
    std::fs::write(empty.join("noroshi.toml"), config)?;
    for store in ["an empty store", "a store that is there"] {
        let mut serve = Command::new(program);
        let started = Started::wait(serve.arg("serve").current_dir(&empty), listen)?;
        println!(
            "| `serve` on {store} until it answers | {:.0} ms |",
            started.waited_ms
        );
        println!("| its memory then | {} |", megabytes(started.resident()?));
    }
    std::fs::remove_dir_all(&empty)?;

    let listen = free_address()?;
    let mut demo = Command::new(program);
    let demo = demo.args(["demo", "--listen", &listen.to_string()]);
    let started = Started::wait(demo.env("TMPDIR", directory), listen)?;
    println!(
        "| `demo` with its nation until it answers | {:.1} s |",
        started.waited_ms / 1_000.0
    );
    println!("| its memory then | {} |", megabytes(started.resident()?));
    Ok(())
}

/// A hub that answers; ended when dropped.
struct Started {
    child: Child,
    /// Held open: the hub goes on writing.
    output: BufReader<ChildStdout>,
    waited_ms: f64,
}

impl Started {
    fn wait(command: &mut Command, listen: SocketAddr) -> Result<Self> {
        let begun = Instant::now();
        let quiet = command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = quiet.spawn()?;
        let output = child.stdout.take().context("no output to read")?;
        let mut started = Self {
            child,
            output: BufReader::new(output),
            waited_ms: 0.0,
        };
        // The first line comes once it listens; whoever asks then waits until it answers.
        let mut line = String::new();
        started.output.read_line(&mut line)?;
        if !answers(listen) {
            bail!("{command:?} does not answer; it said: {line}");
        }
        started.waited_ms = begun.elapsed().as_secs_f64() * 1_000.0;
        Ok(started)
    }

    /// Resident memory in bytes.
    fn resident(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        let kibibytes: u64 = kibibytes.context("this system tells no memory of a program")?;
        Ok(kibibytes * 1_024)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody left to tell.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// Whether `/healthz` answers 200.
fn answers(listen: SocketAddr) -> bool {
    let mut head = [0; 12];
    let asked = TcpStream::connect(listen).and_then(|mut stream| {
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        stream.read_exact(&mut head)
    });
    asked.is_ok() && head == *b"HTTP/1.1 200"
}

/// An address of this machine that nobody listens on.
fn free_address() -> Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn succeed(command: &mut Command) -> Result<()> {
    if !command.status()?.success() {
        bail!("{command:?} failed");
    }
    Ok(())
}

fn milliseconds(begun: Instant) -> String {
    format!("{:.0} ms", begun.elapsed().as_secs_f64() * 1_000.0)
}

/// Bytes in units of a million.
fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}
