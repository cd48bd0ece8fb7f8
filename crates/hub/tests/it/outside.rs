//! Lists of servers from outside: who sees what they say, and what they tell nobody.

use domain::finding::{Fit, ListFormat, ListedServer, OUTSIDE_LINES_MAX};
use domain::handling::Circle;
use domain::organization::Role;
use domain::part::Subject;
use domain::report::Custody;
use domain::text::BoundedText;
use domain::time::DAY_SECONDS;
use hub::ReadError;
use hub::finding::{
    NewList, Opened, OutsideListError, outside_lists, remove_list, submit, write_list,
};
use hub::set_up::{Authority, Installer, SetUp};

use crate::finding::{KITAHAMA, MINAMINO, line, opened, rows, send, terms};
use crate::scene::{Scene, incident};

/// A line of a list: address, port and trail.
fn listed(address: &str, port: Option<u16>, trail: &str) -> ListedServer {
    ListedServer {
        address: address.parse().unwrap(),
        port,
        trail: BoundedText::parse_optional(trail).unwrap(),
    }
}

fn named(name: &str, servers: Vec<ListedServer>) -> NewList {
    NewList {
        name: name.parse().unwrap(),
        format: ListFormat::Csv,
        source: None,
        servers,
        refused_count: 0,
    }
}

fn with_console<T>(scene: &Scene, work: impl FnOnce(&SetUp<'_>) -> T) -> T {
    let console = Installer::local_console();
    work(&scene.set_up(Authority::Console(&console)))
}

fn bring_in(scene: &Scene, name: &str, servers: Vec<ListedServer>) -> Option<u64> {
    with_console(scene, |set_up| {
        write_list(&scene.hub, set_up, named(name, servers)).unwrap()
    })
}

/// Each line that is shown: list, how it fits, trail.
fn lines(opened: &Opened) -> Vec<(String, Fit, String)> {
    let lines = opened.outside.content().lines.iter();
    lines
        .map(|line| {
            let trail = line.trail.as_ref().map_or("", BoundedText::as_str);
            (line.list.to_string(), line.fit, trail.to_owned())
        })
        .collect()
}

fn told(list: &str, fit: Fit, trail: &str) -> (String, Fit, String) {
    (list.to_owned(), fit, trail.to_owned())
}

#[test]
fn lists_stand_beside_the_candidate_that_they_name() {
    let scene = Scene::new();
    let one = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let other = send(&scene, KITAHAMA, &line(10, 20.0, "03")).unwrap()[0];
    let seen = opened(&scene, "center", Role::Analyst, one).unwrap();
    assert_eq!(seen.outside.content().list_count, 0);
    let servers = vec![
        listed("203.0.113.9", Some(4_444), "mirai"),
        listed("203.0.113.9", Some(23), "scanner"),
        listed("203.0.113.10", Some(80), "web"),
    ];
    assert_eq!(bring_in(&scene, "tracker", servers), None);
    bring_in(&scene, "pots", vec![listed("203.0.113.9", None, "")]);
    let seen = opened(&scene, "center", Role::Analyst, one).unwrap();
    assert_eq!(
        lines(&seen),
        [
            told("tracker", Fit::Port, "mirai"),
            told("pots", Fit::Address, ""),
            told("tracker", Fit::OtherPort(23), "scanner"),
        ]
    );
    // A list adds nothing to what was found.
    assert_eq!(seen.found.content().score.to_string(), "20.0");
    let marked = rows(&scene, "center", Role::Analyst);
    let count = |id| marked.iter().find(|row| row.id == id).unwrap().list_count;
    assert_eq!((count(one.candidate), count(other.candidate)), (2, 0));
    // After its days a list is said to be old.
    scene.advance(20 * DAY_SECONDS);
    bring_in(&scene, "pots", vec![listed("203.0.113.9", None, "")]);
    let seen = opened(&scene, "center", Role::Analyst, one).unwrap();
    let of_lists = &seen.outside.content().lines;
    let again = of_lists[1].imported_at;
    assert_eq!(
        again.seconds_since(of_lists[0].imported_at),
        20 * DAY_SECONDS
    );
    let at = again.plus_seconds(71 * DAY_SECONDS);
    let stale = of_lists.iter();
    let stale: Vec<bool> = stale.map(|line| line.is_stale(at)).collect();
    assert_eq!(stale, [true, false, true]);
}

#[test]
fn a_list_is_replaced_as_a_whole_and_taken_out_as_a_whole() {
    let scene = Scene::new();
    let one = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    bring_in(&scene, "kept", vec![listed("203.0.113.9", None, "kept")]);
    bring_in(&scene, "feed", vec![listed("203.0.113.9", None, "before")]);
    let after = vec![
        listed("203.0.113.9", None, "after"),
        listed("198.51.100.1", None, "x"),
    ];
    assert_eq!(bring_in(&scene, "feed", after), Some(1));
    let trails = || -> Vec<String> {
        let seen = opened(&scene, "center", Role::Analyst, one).unwrap();
        lines(&seen)
            .into_iter()
            .map(|(_, _, trail)| trail)
            .collect()
    };
    assert_eq!(trails(), ["after", "kept"]);
    // An empty one takes nobody's place.
    let empty = with_console(&scene, |set_up| {
        write_list(&scene.hub, set_up, named("feed", vec![]))
    });
    assert!(matches!(empty, Err(OutsideListError::Nothing)));
    assert_eq!(trails(), ["after", "kept"]);
    let remove = || {
        with_console(&scene, |set_up| {
            remove_list(&scene.hub, set_up, "feed".parse().unwrap())
        })
    };
    assert_eq!(remove().unwrap(), 2);
    assert!(matches!(remove(), Err(OutsideListError::NoList(_))));
    assert_eq!(trails(), ["kept"]);
    let left = with_console(&scene, |set_up| outside_lists(&scene.hub, set_up).unwrap());
    assert_eq!(left.len(), 1);
}

#[test]
fn whoever_does_not_see_the_candidate_learns_nothing_of_it() {
    let scene = Scene::new();
    let actor = scene.actor(MINAMINO, Role::FlowAnalyst);
    let call = scene.call(&actor);
    let closed = terms([Circle::Secretariat]);
    let hidden = submit(&scene.hub, &call, &line(9, 20.0, "03"), closed).unwrap()[0];
    bring_in(&scene, "feed", vec![listed("203.0.113.9", None, "mirai")]);
    let own = opened(&scene, MINAMINO, Role::FlowAnalyst, hidden).unwrap();
    assert_eq!(lines(&own), [told("feed", Fit::Address, "mirai")]);
    for (name, role) in [(KITAHAMA, Role::FlowAnalyst), ("center", Role::Analyst)] {
        let seen = opened(&scene, name, role, hidden);
        assert!(matches!(seen, Err(ReadError::NotFound)), "{name}");
        assert!(rows(&scene, name, role).is_empty(), "{name}");
    }
    // Lists are brought in on the machine and by nobody who signs in.
    let center = scene.actor("center", Role::Administrator);
    let set_up = scene.set_up(Authority::Member(&center));
    let servers = vec![listed("203.0.113.9", None, "x")];
    let refused = write_list(&scene.hub, &set_up, named("feed", servers));
    assert!(matches!(refused, Err(OutsideListError::NotPermitted)));
}

#[test]
fn reports_with_the_address_stand_beside_it_for_those_who_may_read_them() {
    let scene = Scene::new();
    let one = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let source = scene.actor(MINAMINO, Role::DutyOfficer);
    let filing = incident(Custody::Named, "監視端末が203.0.113[.]9へ通信");
    let report = hub::submit::submit(&scene.hub, &scene.call(&source), filing).unwrap();
    let mentions = |name, role| -> Vec<Subject> {
        let seen = opened(&scene, name, role, one).unwrap();
        let found = seen.mentions.iter();
        found.map(|mention| mention.found.subject()).collect()
    };
    let relay = mentions("denryoku", Role::Analyst);
    assert_eq!(relay, [Subject::Report(report.report)]);
    // The border has not been crossed, and a carrier's analyst reads no reports.
    assert!(mentions("center", Role::Analyst).is_empty());
    assert!(mentions(KITAHAMA, Role::FlowAnalyst).is_empty());
}

#[test]
fn many_lines_about_one_server_are_cut_and_it_is_said() {
    let scene = Scene::new();
    let one = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let each = |place| listed("203.0.113.9", Some(4_444), &format!("trail {place:02}"));
    bring_in(&scene, "feed", (0..OUTSIDE_LINES_MAX).map(each).collect());
    let seen = opened(&scene, "center", Role::Analyst, one).unwrap();
    assert!(!seen.outside.content().more);
    bring_in(&scene, "feed", (0..=OUTSIDE_LINES_MAX).map(each).collect());
    let seen = opened(&scene, "center", Role::Analyst, one).unwrap();
    assert!(seen.outside.content().more);
    assert_eq!(lines(&seen).len(), OUTSIDE_LINES_MAX);
}
