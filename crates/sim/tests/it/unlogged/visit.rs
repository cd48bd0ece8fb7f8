//! The visit: a hub that serves on a socket, its visitors, and the secrets so far.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use domain::time::Timestamp;
use hub::Hub;
use sim::country::Who;
use sim::history::Op;
use sim::trace::Trace;
use sim::world::{World, encoded, seeded};
use store::Location;
use web::{AppState, Facts, World as Kind};

use super::Secret;
use super::client::{Answer, Client};
use crate::reference;

pub(super) const SEED: u64 = 17;

/// A hub that serves, its visitors, and the secrets so far.
pub(super) struct Visit {
    pub(super) world: World,
    pub(super) trace: Trace,
    pub(super) clock: Arc<AtomicI64>,
    pub(super) client: Client,
    pub(super) secrets: Vec<Secret>,
    pub(super) is_careless: bool,
}

/// Serves `hub` on a port of its own.
pub(super) fn serves(hub: &Hub, clock: &Arc<AtomicI64>, is_careless: bool) -> SocketAddr {
    let (clock, count) = (Arc::clone(clock), AtomicU64::new(0));
    let state = AppState {
        hub: hub.clone(),
        clock: Arc::new(move || Timestamp::from_micros(clock.load(Ordering::Relaxed))),
        chance: Arc::new(move |label| {
            let number = count.fetch_add(1, Ordering::Relaxed);
            seeded(SEED).derive(&format!("request {number} {label}"))
        }),
        facts: Arc::new(Facts {
            name: "狼煙".to_owned(),
            base: "http://localhost".to_owned(),
            phone: None,
            world: Kind::Real,
            up_since: Timestamp::from_seconds(0),
        }),
    };
    let mut pages = web::router(state);
    if is_careless {
        pages = careless(pages);
    }
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            let listener = noroshi::server::bind(address).await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            noroshi::server::serve(listener, pages).await.unwrap();
        });
    });
    told.recv().unwrap()
}

/// The pages behind a log of what comes in.
fn careless(pages: Router) -> Router {
    pages.layer(from_fn(async |request: Request, next: Next| {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let text = String::from_utf8_lossy(&body).into_owned();
        tracing::debug!(uri = %parts.uri, headers = ?parts.headers, body = text, "a request");
        next.run(Request::from_parts(parts, body.into())).await
    }))
}

impl Visit {
    pub(super) fn begin(directory: &Path, is_careless: bool) -> Self {
        let folder = directory.join("hub");
        std::fs::create_dir(&folder).unwrap();
        let location = Location::Directory(folder);
        let mut world = World::on(SEED, &reference(), &location).unwrap();
        let mut trace = Trace::default();
        for line in [
            "submit 1 unnamed 81",
            "submit 0 named 82",
            "near-miss 1 unnamed 83",
            "release 1 84",
            "advise 0 1 85",
            "answer 1 0",
            "unseal 0 86",
            "ask 0 87",
            "at invite 1 88",
            "at draft 1 89",
        ] {
            let op: Op = line.parse().unwrap();
            op.play(&mut world, &mut trace).unwrap();
            trace.take_stock(&world).unwrap();
        }
        let clock = Arc::new(AtomicI64::new(world.now().micros()));
        let address = serves(&world.hub, &clock, is_careless);
        let client = Client {
            address,
            asked: Vec::new(),
        };
        Self {
            world,
            trace,
            clock,
            client,
            secrets: Vec::new(),
            is_careless,
        }
    }

    pub(super) fn keep(&mut self, label: &str, secret: &str) {
        self.secrets.push((label.to_owned(), secret.to_owned()));
    }

    /// What nobody signed in receives for a form.
    pub(super) fn knock(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.client
            .ask("POST", path, &FORM, &encoded("", &owned(fields)))
    }

    pub(super) fn post(&mut self, who: Who, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(who, path, fields, "")
    }

    /// With more cookies beside the session's.
    pub(super) fn post_with(
        &mut self,
        who: Who,
        path: &str,
        fields: &[(&str, &str)],
        cookies: &str,
    ) -> Answer {
        let (cookie, token) = self.session(who);
        let cookie = format!("{cookie}{cookies}");
        let headers = [FORM[0], ("cookie", cookie.as_str())];
        let body = encoded(&token, &owned(fields));
        self.client.ask("POST", path, &headers, &body)
    }

    pub(super) fn read(&mut self, who: Who, path: &str) -> Answer {
        let (cookie, _) = self.session(who);
        self.client
            .ask("GET", path, &[("cookie", cookie.as_str())], "")
    }

    /// The cookie of the session of `who` and a token for its forms, both kept as secrets.
    pub(super) fn session(&mut self, who: Who) -> (String, String) {
        let secret = self.world.session(who).unwrap().to_owned();
        let token = self.world.token(who).unwrap();
        let cookie = format!("noroshi={secret}");
        if !self.secrets.iter().any(|(_, known)| *known == secret) {
            self.keep("session", &secret);
            self.keep("form-token", &token);
        }
        (cookie, token)
    }

    pub(super) fn now_seconds(&self) -> u64 {
        u64::try_from(self.clock.load(Ordering::Relaxed) / 1_000_000).unwrap()
    }
}

/// The content type of a form.
pub(super) const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

pub(super) fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = fields.iter();
    owned
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
