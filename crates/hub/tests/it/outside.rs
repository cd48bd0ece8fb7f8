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
    NewList, Opened, OutsideListError, SERVERS_PER_WRITE_MAX, outside_lists, remove_list, submit,
    write_list,
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
        until: None,
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
        write_list(&scene.hub, set_up, named(name, servers), || {}).unwrap()
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
        write_list(&scene.hub, set_up, named("feed", vec![]), || {})
    });
    assert!(matches!(empty, Err(OutsideListError::Nothing)));
    assert_eq!(trails(), ["after", "kept"]);
    let remove = || {
        with_console(&scene, |set_up| {
            remove_list(&scene.hub, set_up, &"feed".parse().unwrap(), || {})
        })
    };
    assert_eq!(remove().unwrap(), 2);
    assert!(matches!(remove(), Err(OutsideListError::NoList(_))));
    assert_eq!(trails(), ["kept"]);
    let left = with_console(&scene, |set_up| outside_lists(&scene.hub, set_up).unwrap());
    assert_eq!(left.len(), 1);
}

/// A list longer than two writes hold, of which the first line names the server of [`line`] 9.
fn long(trail: &str) -> Vec<ListedServer> {
    let each = |place| {
        let address = format!("198.51.{}.{}", place / 250, place % 250);
        listed(&address, Some(80), trail)
    };
    let others = (0..2 * SERVERS_PER_WRITE_MAX).map(each);
    let first = listed("203.0.113.9", None, trail);
    std::iter::once(first).chain(others).collect()
}

/// What stands in the tables of lists: lists, writings and servers.
fn row_counts(scene: &Scene) -> [usize; 3] {
    let rows = scene.store.read(store::backup::rows).unwrap();
    ["outside_list", "outside_version", "outside_server"].map(|table| {
        let of_table = |row: &&String| row.split('\n').next() == Some(table);
        rows.iter().filter(of_table).count()
    })
}

#[test]
fn others_write_while_a_list_comes_in_and_it_is_shown_at_its_end() {
    let scene = Scene::new();
    let one = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let shown = || -> Vec<String> {
        let seen = opened(&scene, "center", Role::Analyst, one).unwrap();
        let of_lists = lines(&seen).into_iter();
        of_lists.map(|(_, _, trail)| trail).collect()
    };
    bring_in(&scene, "feed", long("before"));
    let mut seen = Vec::new();
    with_console(&scene, |set_up| {
        // Opening is a write: it is in the log.
        let between = || seen.push(shown());
        write_list(&scene.hub, set_up, named("feed", long("after")), between).unwrap();
    });
    // Three writes of servers; the switch; two of the three that drop what was before.
    let (before, after) = (["before"], ["after"]);
    assert_eq!(seen, [before, before, before, after, after, after]);
    assert_eq!(row_counts(&scene), [1, 1, long("").len()]);
}

#[test]
fn what_was_broken_off_is_shown_nowhere_and_goes_with_the_next() {
    let scene = Scene::new();
    let one = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let shown = || lines(&opened(&scene, "center", Role::Analyst, one).unwrap());
    bring_in(&scene, "feed", vec![listed("203.0.113.9", None, "before")]);
    let break_off = |name: &str| {
        let work = std::panic::AssertUnwindSafe(|| {
            with_console(&scene, |set_up| {
                let between = || panic!("the power went");
                write_list(&scene.hub, set_up, named(name, long("after")), between)
            })
        });
        std::panic::catch_unwind(work).unwrap_err();
    };
    let before = [told("feed", Fit::Address, "before")];
    break_off("feed");
    break_off("never");
    assert_eq!(shown(), before);
    assert_eq!(row_counts(&scene), [1, 3, 1 + 2 * SERVERS_PER_WRITE_MAX]);
    let marked = rows(&scene, "center", Role::Analyst);
    assert_eq!(marked[0].list_count, 1);
    // Of another list it may still be being written, for a day.
    let again = || vec![listed("203.0.113.9", None, "again")];
    bring_in(&scene, "feed", again());
    assert_eq!(shown(), [told("feed", Fit::Address, "again")]);
    assert_eq!(row_counts(&scene), [1, 2, 1 + SERVERS_PER_WRITE_MAX]);
    scene.advance(DAY_SECONDS + 1);
    bring_in(&scene, "feed", again());
    assert_eq!(row_counts(&scene), [1, 1, 1]);
}

#[test]
fn a_list_that_comes_in_twice_at_a_time_is_never_shown_in_part() {
    let scene = Scene::new();
    let one = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let mut others = vec![vec![listed("203.0.113.9", None, "other")]];
    let outcome = with_console(&scene, |set_up| {
        let between = || {
            if let Some(other) = others.pop() {
                bring_in(&scene, "feed", other);
            }
        };
        let first = vec![listed("203.0.113.9", None, "first")];
        write_list(&scene.hub, set_up, named("feed", first), between)
    });
    assert!(matches!(outcome, Err(OutsideListError::Beside)));
    let seen = opened(&scene, "center", Role::Analyst, one).unwrap();
    assert_eq!(lines(&seen), [told("feed", Fit::Address, "other")]);
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
    let refused = write_list(&scene.hub, &set_up, named("feed", servers), || {});
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
fn what_a_list_says_until_a_time_is_shown_until_then() {
    let scene = Scene::new();
    let one = send(&scene, KITAHAMA, &line(9, 20.0, "03")).unwrap()[0];
    let until = |seconds| ListedServer {
        until: Some(scene.now.get().plus_seconds(seconds)),
        ..listed("203.0.113.9", None, "mirai")
    };
    bring_in(&scene, "feed", vec![until(60), until(120)]);
    let shown = || {
        let seen = lines(&opened(&scene, "center", Role::Analyst, one).unwrap());
        let marked = rows(&scene, "center", Role::Analyst);
        (seen, marked[0].list_count)
    };
    let once = vec![told("feed", Fit::Address, "mirai")];
    assert_eq!(shown(), (once.clone(), 1));
    scene.advance(119);
    assert_eq!(shown(), (once, 1));
    scene.advance(1);
    assert_eq!(shown(), (Vec::new(), 0));
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
