//! How long the list and the search of a desk take at 100,000 reports, beside a bare SELECT.
//!
//! `cargo run --release -p hub --example search_speed [REPORTS]`
//!
//! Every report has an original at one of ten relays; half of them have an outgoing part at the
//! center as well. What is timed is the verb behind the page, on a store in files; drawing the page
//! comes on top.

#![expect(
    clippy::disallowed_methods,
    reason = "what is measured here is the real clock"
)]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::actor::{Actor, Assurance, Keeping};
use domain::audience::{Audience, AudienceKey};
use domain::confidential::Confidential;
use domain::handling::{Circle, Consent, Handling, Tlp};
use domain::id::{MembershipId, OrganizationId, PartId, PersonId, ReportId};
use domain::organization::{Clearance, OrganizationKind, Role, Tier};
use domain::part::field::{Field, Value};
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::report::stage::Stage;
use domain::report::{Channel, Custody, Edition, Report, ReportKind};
use domain::search::Query;
use domain::time::Timestamp;
use hub::search::{Asked, Wanted, search};
use hub::{Call, Hub, Random};
use seal::object::MasterKey;
use seal::secret::password::Cost;
use store::keyring::Keyring;
use store::organization::Organization;
use store::report::Provenance;
use store::{Location, Stamp, Store, StoreError, organization, part, report};

type Outcome<T> = Result<T, Box<dyn Error>>;
/// A report, and each of its parts with those who may read it.
type Made = (Report, Vec<(Part, Vec<Audience>)>);

const REPORTS: u64 = 100_000;
const RELAYS: u64 = 10;
const RUNS: u32 = 200;
const PER_WRITE: u64 = 500;
/// Words of which the texts are made; the last are rare.
const WORDS: &[&str] = &[
    "監視端末",
    "遠隔保守",
    "制御装置",
    "不審な通信",
    "認証情報",
    "社内網",
    "停止した",
    "切り離した",
    "当直",
    "変電所",
    "浄水場",
    "配信基盤",
    "VPN",
    "firewall",
    "phishing",
    "router",
    "backup",
    "委託先",
    "調査中",
    "復旧した",
    "影響なし",
    "夜間",
    "再起動",
    "更新",
];

fn main() -> Outcome<()> {
    let count = match std::env::args().nth(1) {
        Some(given) => given.parse()?,
        None => REPORTS,
    };
    let directory = tempfile::tempdir()?;
    let mut random = Random::from_seed([1; 32]);
    let ring = Keyring::new("bench.example", MasterKey::generate(&mut random));
    let store = Store::open(&Location::Directory(directory.path().to_owned()), ring)?;
    let hub = Hub::new(
        store.clone(),
        Arc::new(exchange::reference::shipped().map_err(|faults| format!("{faults:?}"))?),
        Cost::Test,
    );
    let started = Instant::now();
    let reports = fill(&store, count)?;
    println!(
        "{count} reports in {:.0} s, {} MB of data",
        started.elapsed().as_secs_f64(),
        std::fs::metadata(directory.path().join("noroshi.sqlite"))?.len() / 1_000_000
    );
    let center = actor(center(), OrganizationKind::NationalCenter);
    let relay = actor(relay(0), OrganizationKind::Ceptoar);
    println!("| {:<44} | rows | p50 ms | p95 ms | max ms |", "what");
    println!("|{:-<46}|-----:|-------:|-------:|-------:|", "");
    bare(&store, &reports)?;
    for (who, actor) in [("center", &center), ("relay", &relay)] {
        list(&hub, who, actor)?;
        searches(&hub, who, actor)?;
    }
    Ok(())
}

/// The limit beside which the rest stands: one row by its key, through the same connection.
fn bare(store: &Store, reports: &[ReportId]) -> Outcome<()> {
    let mut turn = reports.iter().cycle().step_by(7919);
    timed("bare indexed SELECT of one report", || {
        let id = *turn.next().ok_or("no report")?;
        let found = store.read::<_, StoreError>(move |reader| report::find(reader, id))?;
        Ok(usize::from(found.is_some()))
    })
}

fn list(hub: &Hub, who: &str, actor: &Actor) -> Outcome<()> {
    timed(&format!("{who}: list, first page"), || {
        Ok(hub::intake::list(hub, &call(actor), None)?.rows.len())
    })?;
    let mut deep = None;
    for _ in 0..20 {
        deep = hub::intake::list(hub, &call(actor), deep.as_ref())?.next;
    }
    timed(&format!("{who}: list, page 21"), || {
        let page = hub::intake::list(hub, &call(actor), deep.as_ref())?;
        Ok(page.rows.len())
    })?;
    timed(&format!("{who}: picture above the list"), || {
        Ok(hub::intake::ages(hub, &call(actor))?.open.len())
    })
}

fn searches(hub: &Hub, who: &str, actor: &Actor) -> Outcome<()> {
    let asked = |words: &str| -> Outcome<Asked> {
        Ok(Asked {
            query: Query::parse(words)?,
            ..Asked::default()
        })
    };
    for words in [
        "監視端末",
        "監視端末 変電所 router",
        "198.51.100.7",
        "稀少語彙",
        "存在しない語",
    ] {
        let asked = asked(words)?;
        timed(&format!("{who}: {words}"), || {
            Ok(search(hub, &call(actor), asked.clone())?.rows.len())
        })?;
    }
    let narrowed = Asked {
        kind: Some(Wanted::Report(ReportKind::Precursor)),
        ..asked("監視端末")?
    };
    timed(&format!("{who}: 監視端末, one kind in 100"), || {
        Ok(search(hub, &call(actor), narrowed.clone())?.rows.len())
    })
}

fn timed(what: &str, mut run: impl FnMut() -> Outcome<usize>) -> Outcome<()> {
    let mut rows = run()?;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        rows = run()?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| {
        let place = times.len() * share / 100;
        let time = times.get(place).or(times.last()).copied();
        time.unwrap_or_default().as_secs_f64() * 1_000.0
    };
    println!(
        "| {what:<44} | {rows:>4} | {:>6.2} | {:>6.2} | {:>6.2} |",
        at(50),
        at(95),
        at(100)
    );
    Ok(())
}

fn fill(store: &Store, count: u64) -> Outcome<Vec<ReportId>> {
    let mut random = Random::from_seed([2; 32]);
    store.write::<_, StoreError>(stamp(0), |tx| {
        organization::insert(tx, &founded(center(), OrganizationKind::NationalCenter))?;
        for number in 0..RELAYS {
            organization::insert(tx, &founded(relay(number), OrganizationKind::Ceptoar))?;
        }
        store::search::mark_current(tx)
    })?;
    let mut reports = Vec::new();
    for first in (0..count).step_by(usize::try_from(PER_WRITE)?) {
        let numbers: Vec<u64> = (first..count.min(first + PER_WRITE)).collect();
        let mut draw = random.derive(&first.to_string());
        let made: Vec<Made> = numbers
            .iter()
            .map(|number| made(*number, &mut draw))
            .collect::<Outcome<_>>()?;
        reports.extend(made.iter().map(|(report, _)| report.id));
        store.write::<_, StoreError>(stamp(first), move |tx| {
            for (report, parts) in &made {
                let provenance = Provenance {
                    channel: Channel::Web,
                    promoted_from: None,
                    clerk: None,
                };
                report::insert(tx, report, None, &provenance)?;
                for (part, rows) in parts {
                    part::insert(tx, part, rows)?;
                }
            }
            Ok(())
        })?;
        random = random.derive("next");
    }
    Ok(reports)
}

fn made(number: u64, random: &mut Random) -> Outcome<Made> {
    let report = Report {
        id: ReportId::from_random(random.bytes()),
        origin_hub: "bench.example".to_owned(),
        kind: if number.is_multiple_of(100) {
            ReportKind::Precursor
        } else {
            ReportKind::NearMiss
        },
        custody: Custody::Stripped,
        relay: relay(number % RELAYS),
        stage: Stage::Received,
        pseudonym: format!("S-{number}"),
        edition: Edition::First,
        sector: None,
        accepted_at: at(number),
    };
    let mut parts = vec![(Side::Original, report.relay)];
    if number.is_multiple_of(2) {
        parts.push((Side::Outgoing, center()));
    }
    let mut written = Vec::new();
    for (side, reader) in parts {
        let (part, rows) = text(&report, side, reader, number, random)?;
        written.push((part, rows));
    }
    Ok((report, written))
}

fn text(
    report: &Report,
    side: Side,
    reader: OrganizationId,
    number: u64,
    random: &mut Random,
) -> Outcome<(Part, Vec<Audience>)> {
    let mut words: Vec<&str> = Vec::new();
    for _ in 0..28 {
        let place = usize::try_from(random.below(WORDS.len() as u64))?;
        words.extend(WORDS.get(place));
    }
    let mut narrative = words.join("、");
    if number % 10_000 == 4 {
        narrative.push_str("。通信先は198.51.100[.]7。稀少語彙");
    }
    let body = PartBody::new(
        [
            (Field::Narrative, Value::text(Field::Narrative, &narrative)?),
            (
                Field::Sector,
                Value::codes(Field::Sector, ["electricity".parse()?].into())?,
            ),
        ]
        .into(),
    );
    let handling = Handling {
        tlp: Tlp::Amber,
        purposes: ["defense".parse()?].into(),
        circles: [Circle::NationalCenter].into(),
        expires_at: None,
        consent: Consent::Granted,
    };
    let rows = vec![Audience {
        key: AudienceKey::Organization(reader, None),
        purpose: "defense".parse()?,
        clearance: Clearance::default(),
        expires_at: None,
    }];
    let part = Part {
        id: PartId::from_random(random.bytes()),
        subject: Subject::Report(report.id),
        kind: PartKind::Summary,
        side,
        version: 1,
        body: Confidential::new(body),
        handling,
        written_at: at(number),
    };
    Ok((part, rows))
}

fn at(number: u64) -> Timestamp {
    Timestamp::from_seconds(1_700_000_000 + i64::try_from(number).unwrap_or_default() * 300)
}

fn stamp(number: u64) -> Stamp {
    Stamp {
        name: "bench.fill",
        now: at(number),
        random: Random::from_seed([3; 32]).derive(&number.to_string()),
    }
}

fn relay(number: u64) -> OrganizationId {
    OrganizationId::from_random([u8::try_from(number).unwrap_or(0) + 10; 16])
}

fn center() -> OrganizationId {
    OrganizationId::from_random([1; 16])
}

fn founded(id: OrganizationId, kind: OrganizationKind) -> Organization {
    Organization {
        id,
        kind,
        name_ja: "組織".to_owned(),
        name_en: "Organization".to_owned(),
        sector: None,
        ceptoar: None,
        prefecture: None,
        reports_to: None,
        known_names: Vec::new(),
    }
}

fn actor(organization: OrganizationId, kind: OrganizationKind) -> Actor {
    let bytes = [9; 16];
    Actor {
        person: PersonId::from_random(bytes),
        membership: MembershipId::from_random(bytes),
        organization,
        kind,
        role: Role::Analyst,
        tier: Tier::Ciso,
        clearance: Clearance::default(),
        purpose: "defense".parse().unwrap_or_else(|_| unreachable!("a code")),
        communities: Vec::new(),
        assurance: Assurance::Passkey,
        scope: None,
        keeping: Keeping::Member,
    }
}

fn call(actor: &Actor) -> Call<'_> {
    Call {
        actor,
        now: at(10_000_000),
        random: Random::from_seed([4; 32]),
    }
}
