//! A request, and a connection that carries requests one after the other.

use anyhow::Context as _;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What is asked of the hub; the same can be asked many times.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    authority: String,
    path: String,
    header: Option<(&'static str, String)>,
    /// `None` asks with GET, `Some` sends JSON with POST.
    body: Option<String>,
    expected: StatusCode,
}

impl Ask {
    pub(crate) fn get(base: &str, path: &str, cookie: Option<&str>) -> Self {
        Self {
            authority: authority(base),
            path: path.to_owned(),
            header: cookie.map(|cookie| ("cookie", cookie.to_owned())),
            body: None,
            expected: StatusCode::OK,
        }
    }

    pub(crate) fn near_miss(base: &str, token: &str, number: usize) -> Self {
        let body = serde_json::json!({
            "kind": "malware-found",
            "scope": "named",
            "line": format!("保守用の端末に見慣れないUSBメモリーが挿さっていた。{number}件目。"),
        });
        Self {
            authority: authority(base),
            path: "/api/v1/near-misses".to_owned(),
            header: Some(("authorization", format!("Bearer {token}"))),
            body: Some(body.to_string()),
            expected: StatusCode::CREATED,
        }
    }

    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    fn request(&self) -> anyhow::Result<Request<Body>> {
        let mut request = Request::builder()
            .uri(&self.path)
            .header("host", &self.authority)
            .header("accept-language", "ja");
        if let Some((name, value)) = &self.header {
            request = request.header(*name, value);
        }
        Ok(match &self.body {
            None => request.body(Body::empty())?,
            Some(json) => request
                .method("POST")
                .header("content-type", "application/json")
                .body(Body::from(json.clone()))?,
        })
    }
}

fn authority(base: &str) -> String {
    base.trim_start_matches("http://").to_owned()
}

/// One connection to one address.
pub(crate) struct Connection(SendRequest<Body>);

impl Connection {
    pub(crate) async fn open(authority: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        let (sender, running) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(running);
        Ok(Self(sender))
    }

    /// Asks and reads the whole answer.
    ///
    /// # Errors
    /// Also when the status is not the expected one: a fast refusal is no measurement.
    pub(crate) async fn ask(&mut self, ask: &Ask) -> anyhow::Result<()> {
        self.0.ready().await?;
        let answer = self.0.send_request(ask.request()?).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if status != ask.expected {
            let text = String::from_utf8_lossy(&body);
            let text: String = text.chars().take(400).collect();
            anyhow::bail!("`{}` answered {status}: {text}", ask.path);
        }
        (!body.is_empty() || ask.body.is_none())
            .then_some(())
            .context("an empty answer")
    }
}
