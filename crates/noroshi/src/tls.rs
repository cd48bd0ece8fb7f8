//! Our own TLS, for hubs without a proxy.
//!
//! Handshakes run beside each other and have a time limit, so that a client that says nothing holds
//! up nobody.

use std::fs::File;
use std::io::{self, BufReader};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::STRICT_TRANSPORT_SECURITY;
use axum::middleware::map_response;
use axum::response::Response;
use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::server::TlsStream;

use crate::config::Tls;

/// Longest a handshake may take.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// Connections that have shaken hands and wait to be served.
const READY_MAX: usize = 64;

/// Two years: what browsers ask for before they remember a hub by themselves (RFC 6797).
const TLS_ALONE: &str = "max-age=63072000";

/// Listens for TLS connections.
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    local: SocketAddr,
}

impl TlsListener {
    /// Wraps a TCP listener.
    ///
    /// # Errors
    /// When certificate or key cannot be read or do not belong together.
    pub fn new(tcp: TcpListener, tls: &Tls) -> anyhow::Result<Self> {
        let acceptor = TlsAcceptor::from(Arc::new(server_config(tls)?));
        let local = tcp.local_addr()?;
        let (queue, ready) = mpsc::channel(READY_MAX);
        tokio::spawn(accept_all(tcp, acceptor, queue));
        Ok(Self { ready, local })
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The accepting task ends only with the program.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.local)
    }
}

/// `router`, telling browsers to come back over TLS alone. Where a proxy does TLS, it says so.
pub fn secured(router: Router) -> Router {
    router.layer(map_response(|mut response: Response| async move {
        let headers = response.headers_mut();
        let value = HeaderValue::from_static(TLS_ALONE);
        headers.insert(STRICT_TRANSPORT_SECURITY, value);
        response
    }))
}

async fn accept_all(
    tcp: TcpListener,
    acceptor: TlsAcceptor,
    queue: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    loop {
        let Ok((stream, peer)) = tcp.accept().await else {
            // Out of file descriptors, most likely: give the others time to end.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (acceptor, queue) = (acceptor.clone(), queue.clone());
        tokio::spawn(async move {
            if let Ok(Ok(stream)) =
                tokio::time::timeout(HANDSHAKE_MAX, acceptor.accept(stream)).await
            {
                let _ended = queue.send((stream, peer)).await;
            }
        });
    }
}

fn server_config(tls: &Tls) -> anyhow::Result<ServerConfig> {
    let open = |path: &std::path::Path| {
        File::open(path)
            .map(BufReader::new)
            .with_context(|| format!("cannot read `{}`", path.display()))
    };
    let chain = rustls_pemfile::certs(&mut open(&tls.certificate_file)?)
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| {
            format!(
                "`{}` holds no certificate in PEM form",
                tls.certificate_file.display()
            )
        })?;
    let key = rustls_pemfile::private_key(&mut open(&tls.key_file)?)?.with_context(|| {
        format!(
            "`{}` holds no private key in PEM form",
            tls.key_file.display()
        )
    })?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("certificate and key do not belong together")?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
