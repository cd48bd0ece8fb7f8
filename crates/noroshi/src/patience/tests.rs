use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use axum::Router;
use axum::routing::{get, post};
use tokio::runtime::{Builder, Runtime};

use super::*;

/// How long a test waits for what must come at once.
const TEST_MAX: Duration = Duration::from_secs(20);

/// Serves a page and a form under the limit `idle_max`.
fn served(idle_max: Duration) -> (Runtime, SocketAddr) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let router = Router::new()
        .route("/", get(|| async { "there" }))
        .route("/form", post(|body: String| async move { body }));
    let router = crate::tls::secured(router);
    let tcp = runtime
        .block_on(crate::server::bind("127.0.0.1:0".parse().unwrap()))
        .unwrap();
    let at = tcp.local_addr().unwrap();
    runtime.spawn(async move { axum::serve(Patient::new(tcp, idle_max), router).await });
    (runtime, at)
}

/// Everything the hub says after `sent`, until it closes the connection.
fn said(at: SocketAddr, sent: &str) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(TEST_MAX)).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    let mut said = String::new();
    stream
        .read_to_string(&mut said)
        .expect("the connection was not closed");
    said
}

#[test]
fn half_a_request_is_given_up() {
    let (_runtime, at) = served(Duration::from_millis(200));
    for half in [
        "",
        "GET / HTTP/1.1\r\nHost: hub\r\n",
        "POST /form HTTP/1.1\r\nHost: hub\r\nContent-Length: 10\r\n\r\nabc",
    ] {
        let said = said(at, half);
        assert!(!said.contains("200 OK"), "{half}: {said}");
    }
}

#[test]
fn a_whole_request_is_answered_and_asks_for_tls_from_now_on() {
    let (_runtime, at) = served(TEST_MAX);
    let whole = "GET / HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n";
    let said = said(at, whole);
    assert!(said.contains("200 OK"), "{said}");
    assert!(said.ends_with("there"), "{said}");
    assert!(
        said.contains("strict-transport-security: max-age="),
        "{said}"
    );
}
