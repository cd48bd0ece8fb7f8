//! `noroshi flow collect` as a program: what it says, what it leaves behind, and what is nowhere.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use super::*;

/// The program, with the lines that it wrote.
struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    said: Vec<String>,
}

impl Program {
    fn start(folder: &Path) -> Self {
        let mut child = command(folder)
            .args(["--subscribers", datagram::SUBSCRIBERS])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            lines,
            said: Vec::new(),
        }
    }

    /// Reads on until a line holds `words`, and says that line.
    fn until(&mut self, words: &str) -> String {
        loop {
            let line = self.lines.next();
            let line = line.unwrap_or_else(|| panic!("no `{words}` in {:#?}", self.said));
            self.said.push(line.unwrap());
            let line = &self.said[self.said.len() - 1];
            if line.contains(words) {
                return line.clone();
            }
        }
    }

    fn address(&mut self) -> SocketAddr {
        let line = self.until("noroshi collects flows on ");
        line.rsplit(' ').next().unwrap().parse().unwrap()
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Asks for files until so many talks lie in them.
    fn keep(&mut self, talks: u64) {
        let words = format!("\"talks.kept\":{talks},");
        loop {
            self.signal("-HUP");
            if self.until("\"talks.kept\":").contains(&words) {
                return;
            }
        }
    }

    /// Ends it with a signal, and gives all that it wrote.
    fn end(mut self, signal: &str) -> String {
        self.signal(signal);
        for line in self.lines.by_ref() {
            self.said.push(line.unwrap());
        }
        let output = self.child.wait_with_output().unwrap();
        self.said.join("\n") + &String::from_utf8_lossy(&output.stderr)
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command
        .args([
            "flow",
            "collect",
            "--listen",
            "127.0.0.1:0",
            "--workers",
            "2",
        ])
        .args(["--into", "kept", "--key-file", "wrapping.key"])
        .current_dir(folder);
    command
}

fn refused(output: Output) -> String {
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn without_the_prefixes_of_subscribers_it_does_not_begin() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("none.txt"), "\n \n").unwrap();
    for more in [vec![], vec!["--subscribers-file", "none.txt"]] {
        let said = refused(command(folder.path()).args(more).output().unwrap());
        for word in [
            "without the prefixes",
            "whose side",
            "--subscribers",
            "--subscribers-file",
        ] {
            assert!(said.contains(word), "{word} in {said}");
        }
        assert!(!folder.path().join("kept").exists());
    }
}

#[test]
fn it_does_not_listen_to_the_network_without_a_list_of_exporters() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path());
    command.args([
        "--subscribers",
        datagram::SUBSCRIBERS,
        "--listen",
        "0.0.0.0:0",
    ]);
    let said = refused(command.output().unwrap());
    assert!(
        said.contains("name your exporters with --exporters"),
        "{said}"
    );
}

#[test]
fn no_address_of_a_subscriber_is_in_any_file_or_line() {
    let folder = tempfile::tempdir().unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut program = Program::start(folder.path());
    let to = program.address();
    for datagram in some() {
        sender.send_to(&datagram, to).unwrap();
        // One that ends in the midst of the canary: what is said of faults must not show it.
        sender
            .send_to(&datagram[..datagram.len() - 30], to)
            .unwrap();
    }
    program.keep(4);
    sender.send_to(&some()[0], to).unwrap();
    let said = program.end("-TERM");
    assert!(said.contains("\"talks.kept\":7,"), "{said}");
    assert!(said.contains("\"datagrams.faulty\":2,"), "{said}");
    let mut sinks: Vec<(String, Vec<u8>)> = vec![("output".to_owned(), said.into_bytes())];
    for path in files(folder.path()) {
        sinks.push((path.display().to_string(), fs::read(&path).unwrap()));
    }
    assert!(sinks.len() > 5, "{}", sinks.len());
    for (sink, octets) in &sinks {
        for canary in spellings() {
            let there = octets.windows(canary.len()).any(|part| part == canary);
            assert!(!there, "{:?} in {sink}", String::from_utf8_lossy(&canary));
        }
    }
    // The same search finds what may be there: the columns are not hidden from it by packing.
    let server = SERVER_V4.to_be_bytes();
    assert!(
        sinks
            .iter()
            .any(|(_, octets)| octets.windows(4).any(|part| part == server))
    );
}

/// The canaries as a careless line or column would spell them.
fn spellings() -> Vec<Vec<u8>> {
    let mut spelled = Vec::new();
    for canary in [CANARY_V4, NEIGHBOR_V4] {
        spelled.push(canary.to_be_bytes().to_vec());
        spelled.push(canary.to_le_bytes().to_vec());
        spelled.push(
            std::net::Ipv4Addr::from_bits(canary)
                .to_string()
                .into_bytes(),
        );
        spelled.push(format!("{canary:08x}").into_bytes());
        spelled.push(canary.to_string().into_bytes());
    }
    spelled.push(CANARY_V6.to_be_bytes().to_vec());
    spelled.push(CANARY_V6.to_le_bytes().to_vec());
    spelled.push(
        std::net::Ipv6Addr::from_bits(CANARY_V6)
            .to_string()
            .into_bytes(),
    );
    spelled.push(format!("{CANARY_V6:032x}").into_bytes());
    spelled
}

#[test]
fn killed_it_has_lost_the_running_minute_alone_and_says_so_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut program = Program::start(folder.path());
    let to = program.address();
    sender.send_to(&some()[0], to).unwrap();
    program.keep(3);
    sender.send_to(&some()[1], to).unwrap();
    program.end("-KILL");
    let kept = || -> usize {
        let open = |path: PathBuf| read::<Address>(fs::File::open(path).unwrap()).unwrap();
        let talks = files(&folder.path().join("kept/talks"));
        talks.into_iter().map(|path| open(path).len()).sum()
    };
    assert_eq!(kept(), 2);
    let mut program = Program::start(folder.path());
    program.address();
    let told = program.until("noroshi kept nothing from ");
    assert!(told.ends_with("the collector was killed"), "{told}");
    let gaps = fs::read_to_string(folder.path().join("kept/gaps.jsonl")).unwrap();
    let gap: collector::Gap = serde_json::from_str(gaps.trim()).unwrap();
    assert!(gap.from < gap.until);
    assert!(told.contains(&gap.from.to_string()), "{told} {gaps}");
    program.end("-TERM");
    assert_eq!(kept(), 2);
}
