//! Authorize A, mutate B, route by route: for every POST route about a thing there is a thing in the
//! state in which somebody is offered the form; the form, filled in as it would be taken, is sent by
//! people of every other house.
//!
//! The answer is that for a thing which is not there, byte for byte; nothing changes; and where the
//! log promises an entry of a refused attempt, there is one. In the end those who were offered the
//! forms send the same, and each changes something: no form was refused for itself.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::organization::Role;
use sim::country::{Who, everybody};
use sim::crawl::{Offered, forms};
use sim::history::Op;
use sim::leak::leaks;
use sim::trace::Trace;
use sim::world::{Received, World};
use web::routes::{Needs, Route, table};

use crate::attack::{difference, is_admitted, state};
use crate::staged::{Stage, Target, stage};
use crate::sweep::{plain, same};

/// Every POST route whose path names a thing.
pub(crate) const ROUTES: [&str; 50] = [
    "/advisories/{advisory}/amend",
    "/advisories/{advisory}/amend/discard",
    "/advisories/{advisory}/answer",
    "/advisories/{advisory}/close",
    "/advisories/{advisory}/copies",
    "/advisories/{advisory}/edit",
    "/advisories/{advisory}/feedback",
    "/advisories/{advisory}/issue",
    "/advisories/{advisory}/nudge",
    "/advisories/{advisory}/propose",
    "/advisories/{advisory}/questions",
    "/advisories/{advisory}/recall",
    "/advisories/{advisory}/retry",
    "/advisories/{advisory}/tighten",
    "/custodians/slots/{slot}",
    "/custodians/{id}/hand-over",
    "/drafts/{draft}/check",
    "/drafts/{draft}/discard",
    "/drafts/{draft}/{question}",
    "/drafts/{draft}/{question}/autosave",
    "/findings/{candidate}/judge",
    "/findings/{candidate}/steps",
    "/findings/{candidate}/users",
    "/findings/{candidate}/withdraw",
    "/incidents/{incident}/merge",
    "/incidents/{incident}/remove/{report}",
    "/messages/{id}",
    "/messages/{id}/hold",
    "/messages/{id}/pass",
    "/near-miss/{report}/promote",
    "/openings/new/{report}",
    "/openings/{id}/agreements",
    "/openings/{id}/identity",
    "/openings/{id}/refuse",
    "/openings/{id}/withdraw",
    "/questions/{question}",
    "/reports/{id}/close",
    "/reports/{id}/group",
    "/reports/{id}/opinion",
    "/reports/{id}/questions",
    "/reports/{id}/review",
    "/reviews/{id}",
    "/reviews/{id}/approve",
    "/reviews/{id}/author",
    "/reviews/{id}/withhold",
    "/sent/{report}/messages",
    "/sent/{report}/outgoing",
    "/sent/{report}/terms",
    "/sent/{report}/update",
    "/sent/{report}/withdraw",
];

/// What changes nothing by itself when it is sent as offered: the draft is not complete, and the
/// identity is shown.
const SHOWN: [&str; 2] = ["/drafts/{draft}/check", "/openings/{id}/identity"];

/// A slot names one of the own relay, so that another relay's administrator appoints at home:
/// `a_slot_is_one_of_the_own_relay` looks at him.
const OWN_SLOT: (&str, &str) = ("/custodians/slots/{slot}", "suido");

/// Houses beside the target's in which somebody may send the form as well: those of the slots, and the
/// source, which has an opinion of its own on what it reported.
const RIGHTFUL: [(&str, &str); 4] = [
    OWN_SLOT,
    ("/reports/{id}/opinion", "kitahama"),
    // The carrier judges what it found itself as well.
    ("/findings/{candidate}/judge", "kitahama"),
    ("/findings/{candidate}/steps", "kitahama"),
];

/// The issuer reads its own advisory, and is told what is wrong with feedback that is not its to give.
const KNOWN: (&str, &str) = ("/advisories/{advisory}/feedback", "center");

/// Ids that were never given to anything, and a slot that is none.
const ABSENT: &str = "7zzzzzzzzzzzzzzzzzzzzzzzzz";
const ABSENT_SLOT: &str = "9";

/// A member of the community of the relay, of which the source is a member as well.
const MEMBER: &str = "minamino";
/// Routes about a report.
const REPORT_ROUTES_MIN: usize = 12;

fn route(path: &str) -> &'static Route {
    let found = table()
        .into_iter()
        .find(|route| route.method == "POST" && route.path == path);
    found.unwrap_or_else(|| panic!("`{path}` is no route"))
}

/// One person of each other house whom the route lets in, another time another one; and one whom it
/// does not. A draft is one person's, so that colleagues are strangers to it.
fn strangers(world: &World, target: &Target, owner: Who, turn: usize) -> Vec<Who> {
    let needs = route(target.route).needs;
    let is_personal = target.thing.starts_with("drf_");
    let is_stranger = |who: &Who| {
        let elsewhere = who.0 != target.house || (is_personal && *who != owner);
        elsewhere && !RIGHTFUL.contains(&(target.route, who.0))
    };
    let all: Vec<Who> = everybody().into_iter().filter(is_stranger).collect();
    let houses: BTreeSet<&str> = all.iter().map(|who| who.0).collect();
    let mut chosen = Vec::new();
    for house in houses {
        let of_house = all.iter().filter(|who| who.0 == house);
        let (inside, outside): (Vec<Who>, Vec<Who>) = of_house
            .copied()
            .partition(|who| is_admitted(&world.actor(*who).unwrap(), needs));
        for people in [inside, outside] {
            if !people.is_empty() {
                chosen.push(people[turn % people.len()]);
            }
        }
    }
    chosen
}

/// The same form about something that never was.
fn absent(target: &Target, form: &Offered) -> Offered {
    let (thing, never) = match target.thing.split_once('_') {
        Some((kind, _)) => (target.thing.clone(), format!("{kind}_{ABSENT}")),
        None => (format!("/{}", target.thing), format!("/{ABSENT_SLOT}")),
    };
    let mut form = form.clone();
    form.action = form.action.replace(&thing, &never);
    for (_, value) in &mut form.fields {
        *value = value.replace(&thing, &never);
    }
    form
}

/// Refused attempts of that person: the objects, and in the place of what is no id `not-an-id`.
fn refusals(world: &World, actor: &Actor) -> BTreeSet<String> {
    let rows = world.store.read(store::backup::rows).unwrap();
    let person = actor.person.to_string();
    let of_person = rows.iter().filter(|row| {
        row.starts_with("refused_attempt\n") && row.split('\n').any(|column| column == person)
    });
    let columns = of_person.flat_map(|row| row.split('\n').map(str::to_owned));
    columns.collect()
}

/// Sends the form and its absent twin; whether an entry of the attempt was looked for and found.
fn attempt((world, trace): (&World, &Trace), target: &Target, form: &Offered, who: Who) -> bool {
    let tag = format!("{who:?} to {}", target.route);
    let actor = world.actor(who).unwrap();
    let send = |form: &Offered| -> Received {
        plain(
            world.post(who, &form.action, &form.fields).unwrap(),
            &form.action,
        )
    };
    let there = send(form);
    let after = refusals(world, &actor);
    let nowhere = send(&absent(target, form));
    let is_known = (target.route, who.0) == KNOWN;
    assert!(
        is_known || same(&there, &nowhere).is_ok(),
        "{tag}: {there:?}"
    );
    let status = there.status.as_u16();
    let is_refused = matches!(status, 303 | 400 | 404 | 422);
    assert!(is_refused, "{tag}: {status}");
    assert_eq!(
        leaks(who, &form.action, &there, &trace.canaries),
        vec![],
        "{tag}"
    );
    let needs = route(target.route).needs;
    let names_an_action = !matches!(
        needs,
        Needs::Nothing | Needs::Session | Needs::SignedIn | Needs::WayIn | Needs::Recent
    );
    let is_promised = status == 404 && names_an_action;
    let pieces = form.action.split('/');
    let mut objects = pieces
        .filter(|piece| piece.contains('_'))
        .chain(["not-an-id"]);
    let is_entered = objects.any(|object| after.contains(object));
    assert!(!is_promised || is_entered, "{tag}: no entry");
    is_promised
}

/// Whoever was offered the form sends it; what came back, if it changed nothing.
fn sends_his_own(world: &World, target: &Target, owner: Who, form: &Offered) -> Option<String> {
    let before = state(world);
    let received = world.post(owner, &form.action, &form.fields).unwrap();
    let is_idle = difference(&before, &state(world)).is_empty();
    let is_taken = received.status.is_success() || received.status.is_redirection();
    let is_expected = SHOWN.contains(&target.route) || (!is_idle && is_taken);
    let told = format!("{} {:?} {}", target.route, form.fields, received.status);
    (!is_expected).then_some(told)
}

#[test]
fn no_form_about_a_thing_changes_it_in_other_hands() {
    let Stage {
        world,
        trace,
        targets,
        ..
    } = stage();
    let staged: BTreeSet<&str> = targets.iter().map(|target| target.route).collect();
    assert_eq!(staged, BTreeSet::from(ROUTES));
    let offers: Vec<(&Target, Who, Offered)> = targets
        .iter()
        .map(|target| {
            let offer = target.offer(&world);
            let (who, form) = offer.unwrap_or_else(|| panic!("`{}` is nobody's", target.route));
            (target, who, form)
        })
        .collect();
    let before = state(&world);
    let (mut sent, mut entries) = (0, 0);
    let mut not_found = BTreeSet::new();
    for (turn, (target, owner, form)) in offers.iter().enumerate() {
        for who in strangers(&world, target, *owner, turn) {
            let is_entered = attempt((&world, &trace), target, form, who);
            entries += usize::from(is_entered);
            if is_entered {
                not_found.insert(target.route);
            }
            sent += 2;
        }
        let changed = difference(&before, &state(&world));
        assert_eq!(changed, Vec::<String>::new(), "{}", target.route);
    }
    let idle: Vec<String> = offers
        .iter()
        .filter_map(|(target, owner, form)| sends_his_own(&world, target, *owner, form))
        .collect();
    assert_eq!(
        idle,
        Vec::<String>::new(),
        "forms that are refused for themselves"
    );
    println!(
        "{sent} forms in other hands to {} routes, {entries} entries of refused attempts on {}",
        offers.len(),
        not_found.len()
    );
    assert_eq!(not_found.len(), ROUTES.len(), "routes that refuse with 404");
}

/// Whoever reads as a member what left of a report finds no form on its page, and about that report
/// every form of others answers him as about one that never was.
#[test]
fn a_member_reads_what_left_and_has_no_hand_in_it() {
    let Stage {
        mut world,
        mut trace,
        targets,
        ..
    } = stage();
    for line in [
        "submit 1 named 901 members-and-authorities",
        "release LAST 902 903",
    ] {
        let last = trace.reports.len().saturating_sub(1).to_string();
        let op: Op = line.replace("LAST", &last).parse().unwrap();
        op.play(&mut world, &mut trace).unwrap();
        trace.take_stock(&world).unwrap();
    }
    let shared = trace.filed(trace.reports.len() - 1).unwrap().report;
    let page = format!("/reports/{shared}");
    let members = [Role::DutyOfficer, Role::Analyst, Role::Officer].map(|role| (MEMBER, role));
    let about_reports: Vec<(&Target, Offered)> = targets
        .iter()
        .filter(|target| target.thing.starts_with("rpt_"))
        .map(|target| {
            let (_, mut form) = target.offer(&world).unwrap();
            form.action = form.action.replace(&target.thing, &shared.to_string());
            for (_, value) in &mut form.fields {
                *value = value.replace(&target.thing, &shared.to_string());
            }
            (target, form)
        })
        .collect();
    assert!(about_reports.len() >= REPORT_ROUTES_MIN);
    let before = state(&world);
    for who in members {
        let received = world.get(who, &page).unwrap();
        assert_eq!(received.status, 200, "{who:?}");
        let html = String::from_utf8_lossy(&received.body).into_owned();
        let offered = forms(&html);
        let about = offered.iter().filter(|form| form.action.contains("rpt_"));
        assert_eq!(about.count(), 0, "{who:?} is offered a form about it");
        for (target, form) in &about_reports {
            let target = target.about(shared.to_string());
            attempt((&world, &trace), &target, form, who);
        }
    }
    let changed = difference(&before, &state(&world));
    assert_eq!(changed, Vec::<String>::new());
}

/// The list is the table's: a new route has to be attacked as well.
#[test]
fn every_route_about_a_thing_is_attacked() {
    let mut all: Vec<&str> = table()
        .into_iter()
        .filter(|route| route.method == "POST" && route.path.contains('{'))
        .map(|route| route.path)
        .collect();
    all.sort_unstable();
    let mut listed = ROUTES.to_vec();
    listed.sort_unstable();
    assert_eq!(listed, all, "stage a thing for it in `staged`");
}

/// The administrator of another relay who sends the filled-in form of this one enters a custodian at
/// home; whether a key is in use elsewhere is not told.
#[test]
fn a_slot_is_one_of_the_own_relay() {
    let Stage { world, targets, .. } = stage();
    let (path, other) = OWN_SLOT;
    let target = targets.iter().find(|target| target.route == path).unwrap();
    let (_, form) = target.offer(&world).unwrap();
    let thief = (other, domain::organization::Role::Administrator);
    let home = world.country.organizations[other].to_string();
    let before = state(&world);
    let mut told = Vec::new();
    let keys = Stage::keys().map(|pair| pair.public.to_string());
    // A fresh key; then one that a custodian of the other relay holds.
    for key in [None, Some(&keys[2])] {
        let mut form = form.clone();
        for (name, value) in &mut form.fields {
            if let Some(key) = key.filter(|_| name == "public_key") {
                value.clone_from(key);
            }
        }
        let received = world.post(thief, &form.action, &form.fields).unwrap();
        told.push((received.status, received.headers));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0].0, 303);
    let after = state(&world);
    let changed = difference(&before, &after);
    assert!(!changed.is_empty());
    let gone = before.iter().find(|row| !after.contains(row));
    assert_eq!(gone, None, "a row is gone");
    for row in after.iter().filter(|row| !before.contains(row)) {
        let table = row.split('\n').next().unwrap_or_default();
        let is_home = row.contains(&home);
        assert!(table != "custodian" || is_home, "{row}");
    }
}
