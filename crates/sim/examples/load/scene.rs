//! The hub under load: the small country of the simulation, and many more operators.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::{BufRead as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::Router;
use axum::routing::get;
use domain::actor::Assurance;
use domain::advisory::chosen::Chosen;
use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::id::{AdvisoryId, CommunityId, MembershipId, OrganizationId};
use domain::organization::{Clearance, CommunityKind, OrganizationKind, Role, Tier};
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::text::BoundedText;
use domain::time::DAY_SECONDS;
use hub::compose::{Writing, propose, save};
use hub::log::LogSettings;
use hub::set_up::{
    Authority, Installer, LoginName, NewCommunity, NewOrganization, NewPerson, NewPlace, SetUp,
    create_communities, create_organizations, enroll, sign_in_links,
};
use hub::tokens::{NewToken, issue_for, scopes};
use hub::{Call, Hub};
use noroshi::{ambient, jobs, premises, server};
use seal::secret::password::Cost;
use serde_json::json;
use sim::country::{Country, Who, found};
use store::Store;
use web::{AppState, Facts, World};

use super::hub_process::ISSUE;
use super::measure::Waits;

/// Organizations or people entered in one transaction.
const CHUNK: usize = 500;
/// Threads that sign people in.
const SIGNING_IN: usize = 32;
/// Addressees whose tokens hand in near misses.
const REPORTERS: usize = 50;
/// Leaves in a batch of the log, and seconds between batches: a real hub's settings.
const LOG_BATCH: u32 = 64;
const LOG_CADENCE_SECONDS: u32 = 60;
/// How long the disk is measured.
const FLUSHING: Duration = Duration::from_secs(3);
/// The list and the search of the desk that all reports come in at.
pub(crate) const LIST: &str = "/intake";
pub(crate) const SEARCH: &str = "/search?q=USB";
/// Rows that are selected to time one.
const SELECTS: usize = 2_000;
/// Who reads what while reports come in.
const READERS: &[(Who, &str)] = &[
    (("kitahama", Role::DutyOfficer), "/duty"),
    (("kitahama", Role::DutyOfficer), "/near-miss"),
    (("denryoku", Role::Analyst), LIST),
    (("denryoku", Role::Analyst), SEARCH),
    (("ministry", Role::Analyst), "/triage"),
    (("center", Role::Analyst), "/triage"),
    (("center", Role::Officer), "/duty"),
];

/// Builds the scene in `directory`, tells the parent about it, and serves until the parent ends.
pub(crate) fn serve(directory: &Path, addressees: usize) -> anyhow::Result<()> {
    let flushes_a_second = flushes(directory)?;
    let reference = Arc::new(shipped()?);
    let store = premises::open(directory, None, "load.noroshi.example")?;
    let hub = Hub::new(store.clone(), reference, Cost::Test);
    let country = found(&hub, ambient::now(), &ambient::random()?)?;
    let relay = *country.organizations.get("denryoku").context("no relay")?;
    let crowd = Crowd::enter(&hub, relay, addressees)?;
    let _jobs = jobs::start(
        hub.clone(),
        LogSettings::new(LOG_BATCH, LOG_CADENCE_SECONDS)?,
        None,
    )?;
    let reading: Vec<MembershipId> = READERS
        .iter()
        .map(|(who, _)| country.places.get(who).copied())
        .collect::<Option<_>>()
        .context("a reader is missing")?;
    let cookies = cookies(&hub, &reading)?;
    let scene = json!({
        "flushes_a_second": flushes_a_second,
        "bare_select": bare_select(&store, &country)?,
        "people": addressees + country.places.len(),
        "tokens": tokens(&hub, crowd.places.iter().take(REPORTERS))?,
        "reader_paths": READERS.iter().map(|(_, path)| path).collect::<Vec<_>>(),
        "reader_cookies": cookies,
        "addressees": self::cookies(&hub, &crowd.places)?,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(hub, store, country, crowd.community, scene))
}

async fn run(
    hub: Hub,
    store: Store,
    country: Country,
    community: CommunityId,
    mut scene: serde_json::Value,
) -> anyhow::Result<()> {
    let any: SocketAddr = ([127, 0, 0, 1], 0).into();
    let (pages, nothing) = (server::bind(any).await?, server::bind(any).await?);
    let base = format!("http://{}", pages.local_addr()?);
    let addresses = [
        ("base", base.clone()),
        ("empty", format!("http://{}", nothing.local_addr()?)),
    ];
    if let Some(told) = scene.as_object_mut() {
        told.extend(addresses.map(|(key, address)| (key.to_owned(), json!(address))));
    }
    println!("{scene}");
    let state = AppState {
        hub: hub.clone(),
        clock: Arc::new(ambient::now),
        chance: Arc::new(ambient::chance()?),
        facts: Arc::new(Facts {
            name: "狼煙".to_owned(),
            base,
            phone: None,
            world: World::Demo,
            up_since: ambient::now(),
        }),
    };
    let empty = Router::new().route("/", get(|| async {}));
    let parent =
        tokio::task::spawn_blocking(move || answer_parent(&hub, &store, &country, community));
    tokio::select! {
        served = server::serve(pages, web::router(state)) => served,
        served = server::serve(nothing, empty) => served,
        ended = parent => ended?,
    }
}

/// Does what the parent asks until it ends.
fn answer_parent(
    hub: &Hub,
    store: &Store,
    country: &Country,
    community: CommunityId,
) -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        anyhow::ensure!(line? == ISSUE, "the parent asks for something unknown");
        let (advisory, seconds) = issue(hub, country, community)?;
        let deliveries = store
            .read(move |reader| store::delivery::of_advisory(reader, advisory))?
            .len();
        println!(
            "{}",
            json!({"advisory": advisory.to_string(), "seconds": seconds, "deliveries": deliveries})
        );
    }
    Ok(())
}

/// The operators beyond the small country, each with one person.
struct Crowd {
    community: CommunityId,
    places: Vec<MembershipId>,
}

impl Crowd {
    fn enter(hub: &Hub, relay: OrganizationId, count: usize) -> anyhow::Result<Self> {
        let mut members = BTreeSet::new();
        let mut places = Vec::with_capacity(count);
        for first in (0..count).step_by(CHUNK) {
            let numbers = first..count.min(first + CHUNK);
            let made = create_organizations(
                hub,
                &set_up(&Installer::local_console())?,
                numbers
                    .clone()
                    .map(|number| operator(relay, number))
                    .collect::<Result<_, _>>()?,
            )?;
            let people = numbers.zip(&made).map(|(number, organization)| {
                Ok(NewPerson {
                    name: BoundedText::parse("当番")?,
                    login: LoginName::parse(&format!("duty@operator-{number}.example"))?,
                    mail: Some(BoundedText::parse("duty@operator.example")?),
                    phone: None,
                    places: vec![NewPlace {
                        organization: *organization,
                        role: Role::DutyOfficer,
                        tier: Tier::Ciso,
                        clearance: Clearance::default(),
                        call_order: Some(1),
                    }],
                })
            });
            let people = people.collect::<anyhow::Result<_>>()?;
            let enrolled = enroll(hub, &set_up(&Installer::local_console())?, people)?;
            places.extend(enrolled.into_iter().flat_map(|one| one.memberships));
            members.extend(made);
        }
        let everybody = NewCommunity {
            kind: CommunityKind::ActionPlan,
            code: None,
            name_ja: BoundedText::parse("全事業者")?,
            name_en: BoundedText::parse("every operator")?,
            secretariat: None,
            members: members.into_iter().collect(),
        };
        let made = create_communities(hub, &set_up(&Installer::local_console())?, vec![everybody])?;
        Ok(Self {
            community: *made.first().context("no community")?,
            places,
        })
    }
}

fn operator(relay: OrganizationId, number: usize) -> anyhow::Result<NewOrganization> {
    let name = BoundedText::parse(&format!("事業者{number}"))?;
    Ok(NewOrganization {
        kind: OrganizationKind::Operator,
        name_ja: name.clone(),
        name_en: name,
        sector: Some("electricity".parse()?),
        ceptoar: None,
        prefecture: None,
        reports_to: Some(relay),
        known_names: vec![],
    })
}

fn set_up(console: &Installer) -> anyhow::Result<SetUp<'_>> {
    Ok(SetUp {
        authority: Authority::Console(console),
        now: ambient::now(),
        random: ambient::random()?,
    })
}

/// Everybody signs in by a link of his own; the cookies in the same order.
fn cookies(hub: &Hub, places: &[MembershipId]) -> anyhow::Result<Vec<String>> {
    let console = Installer::local_console();
    let until = ambient::now().plus_seconds(DAY_SECONDS);
    let links = sign_in_links(hub, &set_up(&console)?, places.to_vec(), until)?;
    let share = links.len().div_ceil(SIGNING_IN).max(1);
    std::thread::scope(|scope| {
        let signing: Vec<_> = links
            .chunks(share)
            .map(|links| scope.spawn(|| links.iter().map(|link| cookie(hub, link)).collect()))
            .collect();
        let mut cookies = Vec::with_capacity(links.len());
        for signed in signing {
            let signed: anyhow::Result<Vec<String>> = signed
                .join()
                .map_err(|_| anyhow::anyhow!("a thread fell"))?;
            cookies.extend(signed?);
        }
        Ok(cookies)
    })
}

fn cookie(hub: &Hub, link: &str) -> anyhow::Result<String> {
    let begun = hub::sign_in::by_link(hub, link, ambient::now(), &ambient::random()?)?;
    Ok(format!("noroshi={}", begun.secret))
}

fn tokens<'a>(
    hub: &Hub,
    places: impl Iterator<Item = &'a MembershipId>,
) -> anyhow::Result<Vec<String>> {
    let console = Installer::local_console();
    let purpose: domain::word::Code = hub::sign_in::FIRST_PURPOSE.parse()?;
    places
        .map(|place| {
            let now = ambient::now();
            let actor =
                hub::sign_in::actor_of(hub, *place, purpose.clone(), Assurance::Token, now)?;
            let new = NewToken {
                label: BoundedText::parse("load")?,
                scope: scopes(&actor).into_iter().collect(),
                purpose: purpose.clone(),
                expires_at: now.plus_seconds(DAY_SECONDS),
            };
            Ok(issue_for(hub, &set_up(&console)?, *place, new)?)
        })
        .collect()
}

/// The center's analyst writes, its officer issues; the seconds that the officer waits.
fn issue(
    hub: &Hub,
    country: &Country,
    community: CommunityId,
) -> anyhow::Result<(AdvisoryId, f64)> {
    let actor = |role: Role| -> anyhow::Result<domain::actor::Actor> {
        let place = country.places.get(&("center", role)).context("nobody")?;
        let purpose = hub::sign_in::FIRST_PURPOSE.parse()?;
        Ok(hub::sign_in::actor_of(
            hub,
            *place,
            purpose,
            Assurance::Passkey,
            ambient::now(),
        )?)
    };
    let (author, officer) = (actor(Role::Analyst)?, actor(Role::Officer)?);
    let id = save(hub, &call(&author)?, None, writing(community)?)?;
    propose(hub, &call(&author)?, id)?;
    let begun = Instant::now();
    hub::issue::issue(hub, &call(&officer)?, id, 1)?;
    Ok((id, begun.elapsed().as_secs_f64()))
}

fn call(actor: &domain::actor::Actor) -> anyhow::Result<Call<'_>> {
    Ok(Call {
        actor,
        now: ambient::now(),
        random: ambient::random()?,
    })
}

fn writing(community: CommunityId) -> anyhow::Result<Writing> {
    let mut fields = BTreeMap::new();
    let action = Field::action_of(Tier::Ciso);
    for (field, text) in [
        (Field::Title, "外から届く保守用の口を閉じてください"),
        (Field::Gist, "同じ手口の侵入が複数の分野で続いています。"),
        (
            action,
            "保守用の接続を点検し、使わないものを止めてください。",
        ),
    ] {
        fields.insert(field, Value::text(field, text)?);
    }
    Ok(Writing {
        kind: "alert".parse()?,
        grade: "outside-act".parse()?,
        body: Confidential::new(PartBody::new(fields)),
        chosen: BTreeSet::from([Chosen::Community(community, Tier::Ciso)]),
        dues: BTreeMap::from([(Tier::Ciso, ambient::now().plus_seconds(3 * DAY_SECONDS))]),
        tlp: Tlp::Green,
        purposes: BTreeSet::from([hub::sign_in::FIRST_PURPOSE.parse()?]),
        reports: BTreeSet::new(),
    })
}

/// What it takes to read one row by its key through the store, without a page around it.
fn bare_select(store: &Store, country: &Country) -> anyhow::Result<String> {
    let mut waits = Vec::with_capacity(SELECTS);
    for id in country
        .organizations
        .values()
        .copied()
        .cycle()
        .take(SELECTS)
    {
        let begun = Instant::now();
        let found = store
            .read::<_, store::StoreError>(move |reader| store::organization::find(reader, id))?;
        waits.push(begun.elapsed());
        anyhow::ensure!(found.is_some(), "an organization is gone");
    }
    Ok(Waits::of(waits).line())
}

fn shipped() -> anyhow::Result<domain::reference::ReferenceData> {
    exchange::reference::shipped().map_err(|faults| anyhow::anyhow!("{faults:?}"))
}

fn flushes(directory: &Path) -> anyhow::Result<f64> {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(directory.join("flush"))?;
    let (begun, mut count) = (Instant::now(), 0_u32);
    while begun.elapsed() < FLUSHING {
        file.write_all(&[0; 4_096])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}
