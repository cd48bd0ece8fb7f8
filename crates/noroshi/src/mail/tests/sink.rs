//! A mail server that takes what it is given, except from `refused@` and `later@`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// The server; it ends with the test's process.
pub(super) struct Sink {
    pub(super) port: u16,
    letters: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    open: Arc<Mutex<Option<TcpStream>>>,
}

impl Sink {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let letters = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let open = Arc::new(Mutex::new(None));
        let (kept, opened) = (Arc::clone(&letters), Arc::clone(&connections));
        let current = Arc::clone(&open);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                opened.fetch_add(1, Ordering::SeqCst);
                *current.lock().unwrap() = stream.try_clone().ok();
                talk(stream, &kept);
            }
        });
        Self {
            port,
            letters,
            connections,
            open,
        }
    }

    /// Closes the connection that is open, as a relay does after some silence.
    pub(super) fn hang_up(&self) {
        let open = self.open.lock().unwrap().take().unwrap();
        open.shutdown(Shutdown::Both).unwrap();
    }

    /// How often somebody connected.
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(super) fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }
}

fn talk(stream: TcpStream, letters: &Mutex<Vec<String>>) {
    let mut out = stream.try_clone().unwrap();
    let mut say = move |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    say("220 sink.example");
    while let Some(line) = lines.next() {
        match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => say("250 sink.example"),
            "RCPT" if line.contains("refused@") => say("550 5.1.1 no such mailbox"),
            "RCPT" if line.contains("later@") => say("451 4.2.0 try again"),
            "DATA" => {
                say("354 go on");
                let letter: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                letters.lock().unwrap().push(letter.join("\n"));
                say("250 taken");
            }
            "QUIT" => {
                say("221 bye");
                return;
            }
            _ => say("250 ok"),
        }
    }
}

/// The body of a letter, whose lines may be quoted-printable or base64.
pub(super) fn decoded(letter: &str) -> String {
    let (head, body) = letter.split_once("\n\n").unwrap();
    let encoding = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Transfer-Encoding: "))
        .unwrap_or("8bit");
    match encoding {
        "base64" => String::from_utf8(base64(body)).unwrap(),
        "quoted-printable" => String::from_utf8(quoted(body)).unwrap(),
        _ => body.to_owned(),
    }
}

fn base64(body: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits: Vec<u32> = body
        .chars()
        .filter_map(|c| LETTERS.find(c))
        .map(|digit| u32::try_from(digit).unwrap())
        .collect();
    let mut bytes = Vec::new();
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0, |bits, digit| (bits << 6) | digit);
        let bits = bits << (6 * (4 - group.len()));
        let whole = bits.to_be_bytes();
        bytes.extend_from_slice(&whole[1..group.len()]);
    }
    bytes
}

fn quoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            let hex = std::str::from_utf8(&hex).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    bytes
}
