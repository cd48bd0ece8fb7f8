//! One world: a real hub with its pages, under our clock and our randomness.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::actor::{Actor, Assurance};
use domain::policy::Action;
use domain::reference::ReferenceData;
use domain::text::BoundedText;
use domain::time::Timestamp;
use hub::{Call, Hub, Random};
use seal::object::MasterKey;
use seal::secret::password::Cost;
use store::keyring::Keyring;
use store::{Location, Store};
use tower::ServiceExt as _;
use web::{AppState, Facts, World as WorldKind};

use crate::country::{Country, Who, found};
use crate::mail::PostOffice;

/// When every world begins: 2026-10-01 09:00 in Japan.
const BEGIN: Timestamp = Timestamp::from_seconds(1_790_812_800);
/// Name of the session's cookie.
const SESSION: &str = "noroshi";
/// Largest page that is read.
const PAGE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A hub, its pages, its clock, and sessions of everybody.
pub struct World {
    /// The front desk.
    pub hub: Hub,
    /// The store, for mutants to peek into.
    pub store: Store,
    /// Who is where.
    pub country: Country,
    pages: Router,
    /// The pages as the program makes them.
    bare: Router,
    clock: Arc<AtomicI64>,
    seed: Random,
    turn: u64,
    steps: AtomicU64,
    /// Number of the post under way among those of its sender; zero while nothing is posted.
    post: Arc<AtomicU64>,
    posted: Mutex<BTreeMap<Option<Who>, u64>>,
    cookies: BTreeMap<Who, String>,
    /// What browsers keep beside the session, by name: an open mailbox, a draft's key, a receipt.
    kept: Mutex<BTreeMap<Who, BTreeMap<String, String>>>,
    tokens: BTreeMap<Who, String>,
    pub(crate) post_office: PostOffice,
}

/// What a reader received for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Status.
    pub status: StatusCode,
    /// Headers in their order, without the date.
    pub headers: Vec<(String, String)>,
    /// The bytes.
    pub body: Vec<u8>,
}

/// A request as it is sent.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// Whose session; `None` for nobody's.
    pub who: Option<Who>,
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// The body, URL-encoded.
    pub body: &'a str,
    /// One header more.
    pub header: Option<(&'a str, &'a str)>,
}

/// A form's body.
pub fn encoded(token: &str, fields: &[(String, String)]) -> String {
    let spelled = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                    char::from(byte).to_string()
                }
                _ => format!("%{byte:02X}"),
            })
            .collect()
    };
    let mut body = format!("csrf={}", spelled(token));
    for (name, value) in fields {
        body.push('&');
        body += &spelled(name);
        body.push('=');
        body += &spelled(value);
    }
    body
}

impl World {
    /// A new world made from `seed`; `reference` is shared by all worlds of a run.
    pub fn new(seed: u64, reference: &Arc<ReferenceData>) -> anyhow::Result<Self> {
        Self::on(seed, reference, &Location::Memory)
    }

    /// The same on a store of its own at `location`.
    pub fn on(
        seed: u64,
        reference: &Arc<ReferenceData>,
        location: &Location,
    ) -> anyhow::Result<Self> {
        let seed = seeded(seed);
        let keyring = Keyring::new("hub.sim", MasterKey::generate(&mut seed.derive("master")));
        let store = Store::open(location, keyring)?;
        let hub = Hub::new(store.clone(), Arc::clone(reference), Cost::Test);
        let country = found(&hub, BEGIN, &seed.derive("country"))?;
        let clock = Arc::new(AtomicI64::new(BEGIN.micros()));
        let post = Arc::new(AtomicU64::new(0));
        let pages = web::router(state(&hub, &clock, &seed, &post));
        let mut world = Self {
            hub,
            store,
            country,
            bare: pages.clone(),
            pages,
            clock,
            seed,
            turn: 0,
            steps: AtomicU64::new(0),
            post,
            posted: Mutex::new(BTreeMap::new()),
            cookies: BTreeMap::new(),
            kept: Mutex::default(),
            tokens: BTreeMap::new(),
            post_office: PostOffice::default(),
        };
        world.sign_everybody_in()?;
        Ok(world)
    }

    /// Puts a layer around the pages: how mutants are planted.
    pub fn wrap(&mut self, layer: impl FnOnce(Router) -> Router) {
        self.pages = layer(self.pages.clone());
    }

    /// Takes every layer off the pages, and every planted leak out of the mail.
    pub fn unwrap_pages(&mut self) {
        self.pages = self.bare.clone();
        self.post_office.forging = None;
    }

    /// The time in this world.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.clock.load(Ordering::Relaxed))
    }

    /// Lets time pass.
    pub fn wait_seconds(&self, seconds: i64) {
        self.clock
            .fetch_add(seconds.saturating_mul(1_000_000), Ordering::Relaxed);
    }

    /// The actor behind `who`.
    pub fn actor(&self, who: Who) -> anyhow::Result<Actor> {
        let place = *self
            .country
            .places
            .get(&who)
            .with_context(|| format!("nobody is {who:?}"))?;
        Ok(hub::sign_in::actor_of(
            &self.hub,
            place,
            "defense".parse()?,
            Assurance::Passkey,
            self.now(),
        )?)
    }

    /// Begins the next operation of a history.
    pub(crate) fn next_turn(&mut self) {
        self.turn += 1;
        *self.steps.get_mut() = 0;
    }

    /// A call by `actor`. Its randomness depends on the seed, on the place of the operation in the
    /// history and on the calls before it in the same operation, so that worlds stay comparable
    /// when an operation of one has no counterpart in the other.
    pub fn call<'a>(&self, who: Who, actor: &'a Actor) -> Call<'a> {
        let step = self.steps.fetch_add(1, Ordering::Relaxed);
        let label = format!("call {} {step} {} {}", self.turn, who.0, who.1);
        Call {
            actor,
            now: self.now(),
            random: self.seed.derive(&label),
        }
    }

    /// Randomness for what the program does by itself, from the place in the history.
    pub(crate) fn chance(&self, label: &str) -> Random {
        self.seed.derive(&format!("{label} {}", self.turn))
    }

    /// What `who` receives for `GET path`: by his session, or by his token where there is one and the
    /// path is of the API.
    pub fn get(&self, who: Who, path: &str) -> anyhow::Result<Received> {
        match self.tokens.get(&who).filter(|_| path.starts_with("/api/")) {
            Some(token) => self.by_token(token, "GET", path),
            None => self.request(Some(who), "GET", path),
        }
    }

    /// What somebody without a session receives who brings `token`.
    pub fn by_token(&self, token: &str, method: &str, path: &str) -> anyhow::Result<Received> {
        self.send(&Sent {
            who: None,
            method,
            path,
            body: "",
            header: Some(("authorization", &format!("Bearer {token}"))),
        })
    }

    /// A new API token of `who`, limited to `scope`; `None` where no token may take all of it.
    pub fn new_token(&self, who: Who, scope: &BTreeSet<Action>) -> anyhow::Result<Option<String>> {
        let actor = self.actor(who)?;
        let may: BTreeSet<Action> = hub::tokens::scopes(&actor).into_iter().collect();
        if scope.is_empty() || !scope.is_subset(&may) {
            return Ok(None);
        }
        let new = hub::tokens::NewToken {
            label: BoundedText::parse("token")?,
            scope: scope.clone(),
            purpose: "defense".parse()?,
            expires_at: self.now().plus_seconds(30 * 86_400),
        };
        let call = self.call(who, &actor);
        Ok(Some(hub::tokens::issue(&self.hub, &call, new)?))
    }

    /// Gives `who` a token with everything in its scope that a token of his role may do.
    pub fn give_token(&mut self, who: Who) -> anyhow::Result<()> {
        self.next_turn();
        let scope = hub::tokens::scopes(&self.actor(who)?).into_iter().collect();
        if let Some(token) = self.new_token(who, &scope)? {
            self.tokens.insert(who, token);
        }
        Ok(())
    }

    /// Lets the browser of `who` keep the cookies of what it received, but for that of the session.
    pub fn keep(&self, who: Who, received: &Received) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, cookie) in received
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=').filter(|(name, _)| *name != SESSION) {
                kept.entry(who)
                    .or_default()
                    .insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The cookies that the browser of `who` sends.
    fn cookies_of(&self, who: Who) -> Option<String> {
        let mut cookies = self.cookies.get(&who)?.clone();
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, value) in kept.get(&who).into_iter().flatten() {
            cookies.extend(["; ", name, "=", value]);
        }
        Some(cookies)
    }

    /// The session's secret of `who`, as its cookie carries it.
    pub fn session(&self, who: Who) -> anyhow::Result<&str> {
        let cookie = self.cookies.get(&who).context("no session")?;
        Ok(cookie.split_once('=').map_or("", |(_, secret)| secret))
    }

    /// What `who`, or somebody without a session, receives for `method path`; a form that is sent is
    /// empty and carries no token.
    pub fn request(&self, who: Option<Who>, method: &str, path: &str) -> anyhow::Result<Received> {
        self.send(&Sent {
            who,
            method,
            path,
            body: "",
            header: None,
        })
    }

    /// What `who` receives after sending a form to `path` with the token of his own session.
    pub fn post(
        &self,
        who: Who,
        path: &str,
        fields: &[(String, String)],
    ) -> anyhow::Result<Received> {
        let token = self.token(who)?;
        self.send(&Sent {
            who: Some(who),
            method: "POST",
            path,
            body: &encoded(&token, fields),
            header: None,
        })
    }

    /// A token for a form of the session of `who`.
    pub fn token(&self, who: Who) -> anyhow::Result<String> {
        let secret = self.session(who)?;
        let resumed = hub::sign_in::resume(&self.hub, secret, self.now())?;
        let random = self.seed.derive("token");
        Ok(hub::sign_in::form_token(
            &self.hub,
            &resumed.form_secret,
            random,
        ))
    }

    /// What comes back for `sent`, as it is: nothing is added to it.
    pub fn send(&self, sent: &Sent<'_>) -> anyhow::Result<Received> {
        self.post.store(self.post_number(sent), Ordering::Relaxed);
        let cookie = sent.who.and_then(|who| self.cookies_of(who));
        let mut headers = vec![("accept-language", "ja")];
        if sent.method == "POST" {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
        }
        headers.extend(sent.header);
        headers.extend(cookie.as_deref().map(|cookie| ("cookie", cookie)));
        self.exchange(sent.method, sent.path, &headers, sent.body)
    }

    /// What comes back for a request of a program, which has these headers and no others.
    pub fn send_bare(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> anyhow::Result<Received> {
        let sent = Sent {
            who: None,
            method,
            path,
            body,
            header: None,
        };
        self.post.store(self.post_number(&sent), Ordering::Relaxed);
        self.exchange(method, path, headers, body)
    }

    fn exchange(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> anyhow::Result<Received> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned()))?;
        runtime()?.block_on(async {
            let response = self.pages.clone().oneshot(request).await?;
            let status = response.status();
            let headers = response
                .headers()
                .iter()
                .filter(|(name, _)| *name != "date")
                .map(|(name, value)| {
                    (
                        name.to_string(),
                        String::from_utf8_lossy(value.as_bytes()).into_owned(),
                    )
                })
                .collect();
            let body = axum::body::to_bytes(response.into_body(), PAGE_BYTES_MAX)
                .await?
                .to_vec();
            Ok(Received {
                status,
                headers,
                body,
            })
        })
    }

    /// The number of a post among those of its sender, so that others' posts leave his the same.
    fn post_number(&self, sent: &Sent<'_>) -> u64 {
        if sent.method != "POST" {
            return 0;
        }
        let mut posted = self.posted.lock().unwrap_or_else(PoisonError::into_inner);
        let number = posted.entry(sent.who).or_insert(0);
        *number += 1;
        *number
    }

    /// Makes the session of `who` read for another purpose.
    pub fn choose_purpose(&self, who: Who, purpose: &str) -> anyhow::Result<()> {
        let secret = self.session(who)?;
        let actor = self.actor(who)?;
        let call = self.call(who, &actor);
        Ok(hub::sign_in::set_purpose(
            &self.hub, &call, secret, purpose,
        )?)
    }

    /// Everybody signs in by a link of his own.
    fn sign_everybody_in(&mut self) -> anyhow::Result<()> {
        let console = hub::set_up::Installer::local_console();
        let set_up = hub::set_up::SetUp {
            authority: hub::set_up::Authority::Console(&console),
            now: self.now(),
            random: self.seed.derive("links"),
        };
        let (people, places): (Vec<_>, Vec<_>) = self
            .country
            .places
            .iter()
            .map(|(who, place)| (*who, *place))
            .unzip();
        let year = self.now().plus_seconds(366 * 86_400);
        let links = hub::set_up::sign_in_links(&self.hub, &set_up, places, year)?;
        for (who, link) in people.into_iter().zip(links) {
            let random = self.seed.derive(&format!("session {} {}", who.0, who.1));
            let begun = hub::sign_in::by_link(&self.hub, &link, self.now(), &random)?;
            self.cookies
                .insert(who, format!("{SESSION}={}", begun.secret));
        }
        Ok(())
    }
}

fn state(hub: &Hub, clock: &Arc<AtomicI64>, seed: &Random, posts: &Arc<AtomicU64>) -> AppState {
    let clock = Arc::clone(clock);
    // Per path and person, not per request: a page asked for twice carries the same tokens.
    // What is posted is drawn for anew each time, or two posts would make things of one id.
    let root = seed.derive("pages");
    let posts = Arc::clone(posts);
    AppState {
        hub: hub.clone(),
        clock: Arc::new(move || Timestamp::from_micros(clock.load(Ordering::Relaxed))),
        chance: Arc::new(move |label: &str| match posts.load(Ordering::Relaxed) {
            0 => root.derive(label),
            number => root.derive(&format!("{label} post {number}")),
        }),
        facts: Arc::new(Facts {
            name: "狼煙".to_owned(),
            base: "http://hub.sim".to_owned(),
            phone: None,
            world: WorldKind::Demo,
            up_since: BEGIN,
        }),
    }
}

/// The randomness of the world with that seed: its master key is derived from it as `master`.
pub fn seeded(seed: u64) -> Random {
    let mut bytes = [0_u8; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    Random::from_seed(bytes)
}

/// One runtime for all worlds of the process.
fn runtime() -> anyhow::Result<&'static tokio::runtime::Runtime> {
    static RUNTIME: std::sync::OnceLock<Result<tokio::runtime::Runtime, std::io::Error>> =
        std::sync::OnceLock::new();
    RUNTIME
        .get_or_init(|| {
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
        })
        .as_ref()
        .map_err(|error| anyhow::anyhow!("no runtime: {error}"))
}
