//! A scheduler and executors as they are in life: programs of their own, on loopback.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Nothing here takes this long; a machine under load may.
const PATIENCE: Duration = Duration::from_mins(2);

/// Seconds after which the scheduler gives an executor up.
const SILENCE_SECONDS: &str = "3";

/// A program that is killed at the end.
pub(crate) struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An executor, and the folder it works in.
pub(crate) struct Executor {
    program: Program,
    folder: PathBuf,
}

/// A scheduler with its executors, all ready.
pub(crate) struct Cluster {
    pub(crate) address: SocketAddr,
    pub(crate) executors: Vec<Executor>,
    scheduler: Program,
}

impl Cluster {
    /// A cluster whose executors, of one core each, work below `folder`.
    pub(crate) fn start(folder: &Path, executors: usize) -> Self {
        let mut scheduler = Command::new(env!("CARGO_BIN_EXE_noroshi-flow-scheduler"))
            .args([
                "--listen",
                "127.0.0.1:0",
                "--silence-seconds",
                SILENCE_SECONDS,
            ])
            .args(["--ready-with", &executors.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let said = scheduler.stdout.as_mut().unwrap();
        BufReader::new(said).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap();
        let address: SocketAddr = address.parse().unwrap();
        let executors = (0..executors)
            .map(|number| Executor::start(address, folder.join(format!("executor-{number}"))))
            .collect();
        let cluster = Self {
            address,
            executors,
            scheduler: Program(scheduler),
        };
        wait_for("the executors to be ready", || {
            is_ready(address).then_some(())
        });
        cluster
    }

    /// The numbers of its programs.
    pub(crate) fn programs(&self) -> Vec<u32> {
        let executors = self.executors.iter().map(|executor| &executor.program);
        let programs = executors.chain([&self.scheduler]);
        programs.map(|program| program.0.id()).collect()
    }
}

impl Executor {
    fn start(scheduler: SocketAddr, folder: PathBuf) -> Self {
        fs::create_dir_all(&folder).unwrap();
        let program = Command::new(env!("CARGO_BIN_EXE_noroshi-flow-executor"))
            .args([
                "--scheduler",
                &scheduler.to_string(),
                "--cores",
                "1",
                "--folder",
            ])
            .arg(&folder)
            .spawn()
            .unwrap();
        Self {
            program: Program(program),
            folder,
        }
    }

    /// Whether it has finished a piece: what it made lies in its folder.
    pub(crate) fn has_made(&self) -> bool {
        has_file(&self.folder)
    }

    /// Ends it as a machine that burns down: at once, with all it made.
    pub(crate) fn burn(self) {
        let Self { program, folder } = self;
        drop(program);
        fs::remove_dir_all(folder).unwrap();
    }
}

/// The client with these words, not yet started.
pub(crate) fn query(words: &[&str]) -> Command {
    let mut query = Command::new(env!("CARGO_BIN_EXE_noroshi-flow-query"));
    query
        .args(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    query
}

/// What a client that ended said, which must have ended well.
pub(crate) fn said(output: Output) -> String {
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {complained}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// Asks again and again until there is an answer.
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::park_timeout(Duration::from_millis(10));
    }
}

/// Whether the scheduler says that enough executors are there.
fn is_ready(scheduler: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(scheduler)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let host = scheduler.to_string();
        write!(
            stream,
            "GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn has_file(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let path = entry.path();
        path.is_file() || has_file(&path)
    })
}
