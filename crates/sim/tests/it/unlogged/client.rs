//! Requests over a socket, as a browser's or a program's, and what comes back.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

/// A hub that serves, and all that it was asked.
pub(super) struct Client {
    pub(super) address: SocketAddr,
    /// Every request so far, byte for byte.
    pub(super) asked: Vec<String>,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    pub(super) body: String,
}

impl Answer {
    /// The value of the cookie that is set.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let mark = format!("set-cookie: {name}=");
        let (_, rest) = self.head.split_once(&mark)?;
        let value = rest.split([';', '\r']).next().unwrap_or_default();
        (!value.is_empty()).then(|| value.to_owned())
    }
}

impl Client {
    pub(super) fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
        for (name, value) in headers {
            request.extend([*name, ": ", *value, "\r\n"]);
        }
        let length = body.len().to_string();
        request.extend(["content-length: ", &length, "\r\n"]);
        request.extend(["connection: close\r\n\r\n", body]);
        let answer = self.repeat(&request);
        self.asked.push(request);
        answer
    }

    /// Sends those bytes.
    pub(super) fn repeat(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer {
            status,
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }
}
