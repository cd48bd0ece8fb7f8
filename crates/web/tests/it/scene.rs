//! A hub with its pages and a few people who have signed in.
//!
//! ```text
//! kitahama (operator) -> denryoku (CEPTOAR) -> center
//! hitori (operator that reports to nobody)
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::actor::Assurance;
use domain::id::{MembershipId, OrganizationId};
use domain::organization::{Clearance, OrganizationKind, Role, Tier};
use domain::text::BoundedText;
use domain::time::Timestamp;
use hub::set_up::{
    Authority, Installer, LoginName, NewOrganization, NewPerson, NewPlace, SetUp,
    create_organizations, enroll,
};
use hub::{Hub, Random};
use seal::object::MasterKey;
use seal::secret::bearer::{BearerKind, BearerSecret};
use seal::secret::password::Cost;
use store::keyring::Keyring;
use store::session::Session;
use store::{Location, Stamp, Store, StoreError};
use tower::ServiceExt as _;
use web::{AppState, Facts, World};

/// 2026-10-01 09:00 in Japan.
const BEGIN: Timestamp = Timestamp::from_seconds(1_790_812_800);

const ORGANIZATIONS: &[(&str, OrganizationKind, Option<&str>)] = &[
    ("center", OrganizationKind::NationalCenter, None),
    ("denryoku", OrganizationKind::Ceptoar, Some("center")),
    ("kitahama", OrganizationKind::Operator, Some("denryoku")),
    ("hitori", OrganizationKind::Operator, None),
];

const ROLES: &[Role] = &[
    Role::DutyOfficer,
    Role::Analyst,
    Role::Officer,
    Role::Administrator,
];

/// Name of an organization and a role in it.
pub(crate) type Who = (&'static str, Role);

/// The hub, its pages, and its clock.
pub(crate) struct Scene {
    pub(crate) hub: Hub,
    /// What the hub stands on, for looking behind its back.
    pub(crate) store: Store,
    pages: Router,
    places: BTreeMap<Who, MembershipId>,
    clock: Arc<AtomicI64>,
    drawn: AtomicU64,
}

/// What came back.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// A session as a browser holds it.
pub(crate) struct Browser {
    cookie: String,
    form_secret: String,
}

impl Browser {
    /// A form of this session, to be sent to `path`.
    pub(crate) fn request(&self, path: &str) -> axum::http::request::Builder {
        Request::post(path)
            .header("cookie", &self.cookie)
            .header("accept-language", "en")
            .header("content-type", "application/x-www-form-urlencoded")
    }
}

impl Scene {
    /// The country at its start, reached under `base`.
    pub(crate) fn at(base: &str) -> Self {
        let random = Random::from_seed([21; 32]);
        let keyring = Keyring::new(
            "hub.test",
            MasterKey::generate(&mut random.derive("master")),
        );
        let store = Store::open(&Location::Memory, keyring).unwrap();
        let reference = Arc::new(exchange::reference::shipped().unwrap());
        let hub = Hub::new(store.clone(), reference, Cost::Test);
        let clock = Arc::new(AtomicI64::new(BEGIN.micros()));
        let (told, calls) = (Arc::clone(&clock), AtomicU64::new(0));
        let state = AppState {
            hub: hub.clone(),
            clock: Arc::new(move || Timestamp::from_micros(told.load(Ordering::Relaxed))),
            chance: Arc::new(move |label: &str| {
                let call = calls.fetch_add(1, Ordering::Relaxed);
                Random::from_seed([22; 32]).derive(&format!("{label} {call}"))
            }),
            facts: Arc::new(Facts {
                name: "狼煙".to_owned(),
                base: base.to_owned(),
                phone: Some("03-0000-0000".to_owned()),
                world: World::Real,
                up_since: BEGIN,
            }),
        };
        let places = settle(&hub);
        Self {
            hub,
            store,
            pages: web::router(state),
            places,
            clock,
            drawn: AtomicU64::new(0),
        }
    }

    /// The same on a plain local address.
    pub(crate) fn new() -> Self {
        Self::at("http://hub.test")
    }

    /// The time.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.clock.load(Ordering::Relaxed))
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    /// Randomness of its own.
    pub(crate) fn random(&self) -> Random {
        let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
        Random::from_seed([23; 32]).derive(&drawn.to_string())
    }

    /// The actor behind `who`, reading for defense.
    pub(crate) fn actor(&self, who: Who) -> domain::actor::Actor {
        let purpose = "defense".parse().unwrap();
        let place = self.places[&who];
        hub::sign_in::actor_of(&self.hub, place, purpose, Assurance::Passkey, self.now()).unwrap()
    }

    /// A session that `who` begins now with a password and a code.
    pub(crate) fn sign_in(&self, who: Who) -> Browser {
        let mut random = self.random();
        let secret = BearerSecret::generate(BearerKind::Session, &mut random);
        let form = BearerSecret::generate(BearerKind::Session, &mut random);
        let form_secret = form.expose_text().to_string();
        let session = Session {
            membership: self.places[&who],
            purpose: "defense".parse().unwrap(),
            assurance: Assurance::TwoFactor,
            form_secret: form_secret.clone(),
            begun_at: self.now(),
            expires_at: self.now().plus_seconds(hub::sign_in::SESSION_SECONDS),
        };
        let stamp = Stamp {
            name: "test.sign_in",
            now: self.now(),
            random,
        };
        let hash = secret.stored_hash();
        self.store
            .write::<_, store::StoreError>(stamp, move |tx| {
                store::session::insert(tx, &hash, &session)
            })
            .unwrap();
        Browser {
            cookie: format!("noroshi={}", secret.expose_text().as_str()),
            form_secret,
        }
    }

    /// The actions on `object` that somebody was refused, as the log has them, sorted.
    pub(crate) fn attempts(&self, object: &str) -> Vec<String> {
        let object = object.to_owned();
        let said = self.store.read::<_, StoreError>(move |reader| {
            let mut actions = Vec::new();
            for entry in store::log::about(reader, store::log::View::All, &object)? {
                let opening = entry.opening(reader)?.unwrap();
                let action = opening
                    .payload
                    .lines()
                    .find(|line| line.starts_with("action="));
                actions.extend(action.map(str::to_owned));
            }
            Ok(actions)
        });
        let mut actions = said.unwrap();
        actions.sort();
        actions
    }

    /// What comes back for `GET path`, in English.
    pub(crate) fn get(&self, browser: &Browser, path: &str) -> Received {
        let request = Request::get(path).header("cookie", &browser.cookie);
        self.send(request.header("accept-language", "en"), String::new())
    }

    /// What comes back for a form of this browser's session, in English.
    pub(crate) fn post(&self, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Received {
        let token = hub::sign_in::form_token(&self.hub, &browser.form_secret, self.random());
        let mut all = vec![("csrf", token.as_str())];
        all.extend(fields);
        let request = browser
            .request(path)
            .header("sec-fetch-site", "same-origin");
        self.send(request, serde_urlencoded::to_string(all).unwrap())
    }

    /// What comes back for `request` with `body`.
    pub(crate) fn send(&self, request: axum::http::request::Builder, body: String) -> Received {
        let request = request.body(Body::from(body)).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let response = self.pages.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, 8 * 1024 * 1024).await.unwrap();
            Received {
                status: parts.status,
                headers: parts.headers,
                text: String::from_utf8_lossy(&bytes).into_owned(),
            }
        })
    }
}

/// Founds the organizations; each has one person in each role.
fn settle(hub: &Hub) -> BTreeMap<Who, MembershipId> {
    let console = Installer::local_console();
    let set_up = |label: &str| SetUp {
        authority: Authority::Console(&console),
        now: BEGIN,
        random: Random::from_seed([24; 32]).derive(label),
    };
    let mut organizations: BTreeMap<&str, OrganizationId> = BTreeMap::new();
    let mut places = BTreeMap::new();
    for (name, kind, above) in ORGANIZATIONS {
        let new = NewOrganization {
            kind: *kind,
            name_ja: BoundedText::parse(name).unwrap(),
            name_en: BoundedText::parse(name).unwrap(),
            sector: (*kind == OrganizationKind::Operator).then(|| "electricity".parse().unwrap()),
            ceptoar: None,
            prefecture: None,
            reports_to: above.map(|above| organizations[above]),
            known_names: vec![],
        };
        let made = create_organizations(hub, &set_up(name), vec![new]).unwrap();
        organizations.insert(name, made[0]);
        for role in ROLES {
            let login = format!("{role}@{name}.example");
            let new = NewPerson {
                name: BoundedText::parse(role.word()).unwrap(),
                login: LoginName::parse(&login).unwrap(),
                mail: Some(BoundedText::parse(&login).unwrap()),
                phone: None,
                places: vec![NewPlace {
                    organization: made[0],
                    role: *role,
                    tier: Tier::Ciso,
                    clearance: Clearance::default(),
                    call_order: None,
                }],
            };
            let enrolled = enroll(hub, &set_up(&login), vec![new]).unwrap();
            places.insert((*name, *role), enrolled[0].memberships[0]);
        }
    }
    places
}
