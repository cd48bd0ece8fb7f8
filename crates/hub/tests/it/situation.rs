//! The situation: figures are published once, and no two of them give a source away.

use std::collections::BTreeMap;

use domain::confidential::Confidential;
use domain::count::{Period, PeriodKind};
use domain::id::{OrganizationId, ReportId};
use domain::organization::{Clearance, OrganizationKind, Role, Tier};
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::release::situation::Shown;
use domain::report::filing::Filing;
use domain::report::update::WithdrawReason;
use domain::report::{Custody, ReportKind};
use domain::statistic::SOURCES_MIN;
use domain::text::BoundedText;
use domain::time::{DAY_SECONDS, Timestamp};
use hub::set_up::{
    Authority, Installer, LoginName, NewOrganization, NewPerson, NewPlace, create_organizations,
    enroll,
};
use hub::situation::{board, own_sector, pattern, publish};
use hub::submit::submit;
use hub::update::withdraw;
use hub::{Call, Hub, ReadError};

use crate::scene::{Scene, incident};

/// Operators that report to `denryoku`, enough for a sector to be named, and one person each.
fn members(scene: &Scene, count: usize) -> Vec<domain::actor::Actor> {
    let console = Installer::local_console();
    let relay = scene.actor("denryoku", Role::Officer).organization;
    (0..count)
        .map(|number| {
            let name = BoundedText::parse(&format!("会員{number}")).unwrap();
            let new = NewOrganization {
                kind: OrganizationKind::Operator,
                name_ja: name.clone(),
                name_en: name,
                sector: Some("electricity".parse().unwrap()),
                ceptoar: None,
                prefecture: None,
                reports_to: Some(relay),
                known_names: vec![],
            };
            let set_up = scene.set_up(Authority::Console(&console));
            let made = create_organizations(&scene.hub, &set_up, vec![new]).unwrap();
            person(scene, made[0], number)
        })
        .collect()
}

fn person(scene: &Scene, organization: OrganizationId, number: usize) -> domain::actor::Actor {
    let console = Installer::local_console();
    let login = LoginName::parse(&format!("duty@member{number}.example")).unwrap();
    let new = NewPerson {
        name: BoundedText::parse("当番").unwrap(),
        login,
        mail: None,
        phone: None,
        places: vec![NewPlace {
            organization,
            role: Role::DutyOfficer,
            tier: Tier::Ciso,
            clearance: Clearance::default(),
            call_order: None,
        }],
    };
    let set_up = scene.set_up(Authority::Console(&console));
    let made = enroll(&scene.hub, &set_up, vec![new]).unwrap();
    hub::sign_in::actor_of(
        &scene.hub,
        made[0].memberships[0],
        "defense".parse().unwrap(),
        domain::actor::Assurance::Passkey,
        scene.now.get(),
    )
    .unwrap()
}

fn told(custody: Custody, purposes: &[&str]) -> Filing {
    let mut filing = incident(custody, "監視端末に不審な通信");
    filing.terms.purposes = purposes.iter().map(|code| code.parse().unwrap()).collect();
    filing
}

fn send(scene: &Scene, source: &domain::actor::Actor, custody: Custody) -> ReportId {
    let filing = told(custody, &["defense", "statistics"]);
    submit(&scene.hub, &scene.call(source), filing)
        .unwrap()
        .report
}

/// Publishes what is due, and the newest week as the center sees it.
fn newest(scene: &Scene) -> Shown {
    publish(&scene.hub, scene.now.get(), &scene.random()).unwrap();
    let center = scene.actor("center", Role::Analyst);
    let board = board(&scene.hub, &scene.call(&center)).unwrap();
    let weeks = board.weeks.unwrap();
    weeks
        .last()
        .map_or_else(Shown::new, |(_, shown)| shown.content().clone())
}

/// To 10 o'clock of the Monday after.
fn next_monday(scene: &Scene) {
    let week = Period::of(PeriodKind::Week, scene.now.get().day_in_japan());
    let monday = Timestamp::start_of_day_in_japan(week.next().start());
    scene.now.set(monday.plus_seconds(10 * 3_600));
}

#[test]
fn a_week_is_shown_when_five_named_organizations_stand_behind_it() {
    let scene = Scene::new();
    let members = members(&scene, 12);
    for source in &members[..SOURCES_MIN - 1] {
        send(&scene, source, Custody::Named);
    }
    for source in &members[5..8] {
        send(&scene, source, Custody::Unnamed);
    }
    next_monday(&scene);
    assert!(newest(&scene).is_empty(), "four and three without a name");
    for source in &members[..SOURCES_MIN] {
        send(&scene, source, Custody::Named);
    }
    send(&scene, &members[6], Custody::Unnamed);
    next_monday(&scene);
    assert_eq!(newest(&scene)["electricity"], 6);
}

#[test]
fn a_published_figure_never_changes() {
    let scene = Scene::new();
    // Into the first week that lies in the fourth quarter as a whole.
    scene.advance(7 * DAY_SECONDS);
    let members = members(&scene, 12);
    let ids: Vec<ReportId> = members[..6]
        .iter()
        .map(|source| send(&scene, source, Custody::Named))
        .collect();
    next_monday(&scene);
    let before = newest(&scene);
    assert_eq!(before["electricity"], 6);
    // One takes his report back; watching the page must not tell that one did.
    let reason = WithdrawReason::Mistaken;
    withdraw(&scene.hub, &scene.call(&members[0]), ids[0], reason).unwrap();
    assert_eq!(
        publish(&scene.hub, scene.now.get(), &scene.random()).unwrap(),
        0
    );
    assert_eq!(newest(&scene), before);
    // Nor does the quarter tell it, which sums up the weeks as they were published.
    let quarter = |scene: &Scene| {
        let reader = scene.actor("kitahama", Role::Staff);
        board(&scene.hub, &scene.call(&reader)).unwrap().quarter
    };
    assert!(quarter(&scene).is_none());
    let second: Vec<ReportId> = members[..8]
        .iter()
        .map(|source| send(&scene, source, Custody::Named))
        .collect();
    next_monday(&scene);
    assert_eq!(newest(&scene)["electricity"], 8);
    assert_eq!(second.len(), 8);
    scene.advance(100 * DAY_SECONDS);
    publish(&scene.hub, scene.now.get(), &scene.random()).unwrap();
    let (_, figures) = quarter(&scene).unwrap();
    // Eleven quiet weeks are withheld, and what they hide is nobody's: the sum would say so.
    assert!(figures.content().sectors.is_empty());
}

#[test]
fn what_is_not_offered_for_statistics_is_not_counted() {
    let scene = Scene::new();
    let members = members(&scene, 12);
    for source in &members[..4] {
        send(&scene, source, Custody::Named);
    }
    let filing = told(Custody::Named, &["defense"]);
    submit(&scene.hub, &scene.call(&members[4]), filing).unwrap();
    next_monday(&scene);
    assert!(newest(&scene).is_empty());
}

#[test]
fn quarters_are_for_everyone_and_weeks_for_those_who_triage() {
    let scene = Scene::new();
    for (name, role, by_week) in [
        ("center", Role::Officer, true),
        ("ministry", Role::DutyOfficer, true),
        ("coordination", Role::Analyst, true),
        ("center", Role::Staff, false),
        ("denryoku", Role::Officer, false),
        ("kitahama", Role::Officer, false),
    ] {
        let actor = scene.actor(name, role);
        let seen = board(&scene.hub, &scene.call(&actor)).unwrap();
        assert_eq!(seen.weeks.is_some(), by_week, "{name} {role}");
        let week = Period::of(PeriodKind::Week, scene.now.get().day_in_japan());
        let sector = "electricity".parse().unwrap();
        let behind = pattern(&scene.hub, &scene.call(&actor), &sector, week);
        assert_eq!(behind.is_ok(), by_week, "{name} {role}");
    }
    for role in [Role::Administrator, Role::Auditor, Role::Custodian] {
        let actor = scene.actor("center", role);
        let refused = board(&scene.hub, &scene.call(&actor));
        assert!(matches!(refused, Err(ReadError::NotFound)), "{role}");
    }
}

#[test]
fn a_member_is_told_of_its_own_sector_what_the_page_shows_anyhow() {
    let scene = Scene::new();
    let members = members(&scene, 12);
    let own = |actor: &domain::actor::Actor| own_sector(&scene.hub, &scene.call(actor));
    assert_eq!(
        own(&members[0]).unwrap(),
        None,
        "before a quarter is published"
    );
    // The last week of the third quarter.
    for source in &members[..SOURCES_MIN] {
        send(&scene, source, Custody::Named);
    }
    next_monday(&scene);
    newest(&scene);
    let told = own(&members[9]).unwrap().unwrap();
    let center = scene.actor("center", Role::Analyst);
    let shown = board(&scene.hub, &scene.call(&center)).unwrap();
    let (quarter, figures) = shown.quarter.unwrap();
    assert_eq!(told.quarter, quarter);
    assert_eq!(told.row.as_str(), "electricity");
    assert_eq!(
        told.count,
        figures.content().sectors.get("electricity").copied()
    );
    assert_eq!(told.count, Some(5));
    // A desk without a sector is told nothing, and who does not watch the situation is refused.
    assert_eq!(own(&center).unwrap(), None);
    let auditor = scene.actor("center", Role::Auditor);
    assert!(matches!(own(&auditor), Err(ReadError::NotFound)));
}

/// A year of reports drawn at random, published week by week. The attacker has every figure that was
/// ever shown and subtracts the weeks from their quarters and the sectors from the whole.
#[test]
fn no_two_published_tables_differ_by_fewer_than_k() {
    let scene = Scene::new();
    let members = members(&scene, 14);
    let mut sent: BTreeMap<Period, Vec<(OrganizationId, bool)>> = BTreeMap::new();
    let mut draw: u64 = 5;
    let mut below = |most: u64| {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (draw >> 33) % most
    };
    let mut seen: BTreeMap<Period, u64> = BTreeMap::new();
    for _ in 0..30 {
        let week = Period::of(PeriodKind::Week, scene.now.get().day_in_japan());
        for source in &members {
            if below(3) == 0 {
                let named = below(4) > 0;
                let custody = if named {
                    Custody::Named
                } else {
                    Custody::Unnamed
                };
                send(&scene, source, custody);
                let sources = sent.entry(week).or_default();
                sources.push((source.organization, named));
            }
        }
        next_monday(&scene);
        if let Some(count) = newest(&scene).get("electricity") {
            seen.insert(week, *count);
            assert!(passes(&sent[&week]), "{week}");
        }
    }
    let center = scene.actor("center", Role::Analyst);
    let board = board(&scene.hub, &scene.call(&center)).unwrap();
    let (quarter, figures) = board.quarter.unwrap();
    let of_quarter = |week: &Period| week.quarter() == quarter;
    let told: u64 = seen
        .iter()
        .filter(|(week, _)| of_quarter(week))
        .map(|(_, count)| count)
        .sum();
    let hidden: Vec<(OrganizationId, bool)> = sent
        .iter()
        .filter(|(week, _)| of_quarter(week) && !seen.contains_key(week))
        .flat_map(|(_, sources)| sources.clone())
        .collect();
    let whole = figures.content().sectors["electricity"];
    assert!(told > 0 && !hidden.is_empty(), "the draw shows both");
    assert_eq!(whole - told, hidden.len() as u64);
    assert!(passes(&hidden));
}

/// Five named sources, and none could have sent more than half, whoever the unnamed are.
fn passes(reports: &[(OrganizationId, bool)]) -> bool {
    let mut by_source: BTreeMap<OrganizationId, usize> = BTreeMap::new();
    for (source, _) in reports.iter().filter(|(_, named)| *named) {
        *by_source.entry(*source).or_default() += 1;
    }
    let unnamed = reports.iter().filter(|(_, named)| !named).count();
    let largest = by_source.values().max().copied().unwrap_or(0) + unnamed;
    by_source.len() >= SOURCES_MIN && 2 * largest <= reports.len()
}

#[test]
fn a_cell_opens_the_readers_own_list_and_no_more() {
    let scene = Scene::new();
    let members = members(&scene, 12);
    for source in &members[..7] {
        send(&scene, source, Custody::Named);
    }
    let week = Period::of(PeriodKind::Week, scene.now.get().day_in_japan());
    next_monday(&scene);
    assert_eq!(newest(&scene)["electricity"], 7);
    let behind = |hub: &Hub, call: &Call<'_>, sector: &str| {
        pattern(hub, call, &sector.parse().unwrap(), week)
            .unwrap()
            .len()
    };
    let center = scene.actor("center", Role::Analyst);
    // Counted, and none of it released: the list is empty.
    assert_eq!(behind(&scene.hub, &scene.call(&center), "electricity"), 0);
    assert_eq!(behind(&scene.hub, &scene.call(&center), "others"), 0);
}

/// The kinds that take part are all of them: a near miss is a report like the others.
#[test]
fn near_misses_are_counted_too() {
    let scene = Scene::new();
    let members = members(&scene, 12);
    for source in &members[..5] {
        let mut filing = told(Custody::Named, &["statistics"]);
        filing.kind = ReportKind::NearMiss;
        let kind = Value::Codes(["slip".parse().unwrap()].into());
        let answers = BTreeMap::from([
            (Field::NearMissKind, kind),
            (Field::OccurredAt, Value::Unknown),
            (
                Field::Sector,
                Value::Codes(["electricity".parse().unwrap()].into()),
            ),
        ]);
        filing.answers = Confidential::new(PartBody::new(answers));
        submit(&scene.hub, &scene.call(source), filing).unwrap();
    }
    next_monday(&scene);
    assert_eq!(newest(&scene)["electricity"], 5);
}
