use domain::advisory::Progress;
use domain::advisory::chosen::Chosen;
use domain::advisory::delivery::{Failure, Hop};
use domain::advisory::feedback::Remark;
use domain::advisory::reach::{NUDGE_SECONDS_MIN, Urgency};
use domain::confidential::Confidential;
use domain::id::AdvisoryId;
use domain::organization::{Role, Tier};
use hub::ReadError;
use hub::acknowledge::{Answer, answer};
use hub::compose::{propose, save};
use hub::deliver::{MailRelay, failed, sent, take_due};
use hub::inbox::open;
use hub::issue::issue;
use hub::reach::{NudgeError, Reached, Scope, Whom, export, nudge, of, phones, retry};

use crate::scene::Scene;
use crate::way_down::writing;

const NAMED: [&str; 5] = ["denryoku", "suido", "kitahama", "minamino", "aokawa"];

/// An alert of the center to two CEPTOARs and three operators, due in two hours.
fn alert(scene: &Scene) -> AdvisoryId {
    let author = scene.actor("center", Role::Analyst);
    let officer = scene.actor("center", Role::Officer);
    let chosen = NAMED.map(|name| {
        let organization = scene.actor(name, Role::Officer).organization;
        Chosen::Organization(organization, Tier::Ciso)
    });
    let draft = writing(scene, chosen);
    let id = save(&scene.hub, &scene.call(&author), None, draft).unwrap();
    propose(&scene.hub, &scene.call(&author), id).unwrap();
    issue(&scene.hub, &scene.call(&officer), id, 1).unwrap();
    id
}

fn seen(scene: &Scene, id: AdvisoryId, name: &'static str) -> Reached {
    let watcher = scene.actor(name, Role::Analyst);
    of(&scene.hub, &scene.call(&watcher), id).unwrap()
}

fn answers(scene: &Scene, id: AdvisoryId, name: &'static str, said: Answer) {
    let duty = scene.actor(name, Role::DutyOfficer);
    let line = open(&scene.hub, &scene.call(&duty), id).unwrap().lines[0].id;
    answer(&scene.hub, &scene.call(&duty), id, line, said).unwrap();
}

fn names(reached: &Reached) -> Vec<&str> {
    let lines = reached.lines.iter();
    lines
        .map(|line| line.organization.name_en.as_str())
        .collect()
}

#[test]
fn the_issuer_sees_every_line_and_the_late_ones_first() {
    let scene = Scene::new();
    let id = alert(&scene);
    assert_eq!(seen(&scene, id, "center").scope, Scope::Whole);
    answers(&scene, id, "aokawa", Answer::Done);
    answers(&scene, id, "kitahama", Answer::Accepted);
    let reached = seen(&scene, id, "center");
    assert_eq!(
        names(&reached),
        ["denryoku", "minamino", "suido", "kitahama", "aokawa"]
    );
    scene.advance(7_201);
    let reached = seen(&scene, id, "center");
    let urgencies: Vec<_> = reached.lines.iter().map(|line| line.urgency).collect();
    assert_eq!(urgencies[..4], [Urgency::Overdue; 4]);
    assert_eq!(urgencies[4], Urgency::Settled);
}

/// Whatever is answered: the bar, the hops and the tiers add up to the lines of the table.
#[test]
fn sums_are_equal_however_they_are_taken() {
    let scene = Scene::new();
    let id = alert(&scene);
    let cannot = Answer::Cannot(Confidential::new(Remark::parse("停止できない").unwrap()));
    let steps = [
        ("kitahama", Answer::Accepted),
        ("minamino", Answer::NotApplicable),
        ("suido", cannot),
        ("kitahama", Answer::Done),
        ("denryoku", Answer::Accepted),
    ];
    for (name, said) in steps {
        answers(&scene, id, name, said);
        for watcher in ["center", "denryoku", "suido"] {
            let reached = seen(&scene, id, watcher);
            let whole = reached.tally();
            let lines = u64::try_from(reached.lines.len()).unwrap();
            assert_eq!(whole.total(), lines);
            for progress in Progress::ALL {
                let in_table = reached.lines.iter();
                let in_table = in_table.filter(|line| line.row.progress == *progress);
                assert_eq!(whole.count(*progress), in_table.count() as u64);
                let hops: u64 = Hop::ALL
                    .iter()
                    .map(|hop| reached.tally_of_hop(*hop).count(*progress))
                    .sum();
                let tiers: u64 = Tier::ALL
                    .iter()
                    .map(|tier| reached.tally_of_tier(*tier).count(*progress))
                    .sum();
                assert_eq!([hops, tiers], [whole.count(*progress); 2], "{progress}");
            }
        }
    }
}

#[test]
fn a_relay_sees_its_own_members_and_the_rest_changes_nothing() {
    let scene = Scene::new();
    let id = alert(&scene);
    let before = seen(&scene, id, "denryoku");
    assert_eq!(before.scope, Scope::Below);
    assert_eq!(names(&before), ["denryoku", "kitahama", "minamino"]);
    // Everything that can happen to the others.
    let center = scene.actor("center", Role::Analyst);
    let foreign: Vec<_> = seen(&scene, id, "suido").lines;
    let chosen = foreign.iter().map(|line| line.row.id).collect();
    let call = scene.call(&center);
    assert_eq!(
        nudge(&scene.hub, &call, id, Whom::Chosen(chosen)).unwrap(),
        2
    );
    answers(&scene, id, "aokawa", Answer::Done);
    let mut before_hours = seen(&scene, id, "denryoku");
    before_hours.row = before.row.clone();
    assert_eq!(before_hours, before);
}

#[test]
fn whoever_has_nobody_below_or_was_not_told_sees_nothing() {
    let scene = Scene::new();
    let id = alert(&scene);
    for (name, role) in [
        ("kitahama", Role::Officer),
        ("kitahama", Role::DutyOfficer),
        ("denryoku", Role::DutyOfficer),
        // Above them, and not an addressee.
        ("ministry", Role::Officer),
        ("coordination", Role::Officer),
        ("center", Role::Administrator),
        ("center", Role::Auditor),
    ] {
        let actor = scene.actor(name, role);
        let looked = of(&scene.hub, &scene.call(&actor), id);
        assert!(matches!(looked, Err(ReadError::NotFound)), "{name} {role}");
        let called = phones(&scene.hub, &scene.call(&actor), id);
        assert!(matches!(called, Err(ReadError::NotFound)), "{name} {role}");
        let taken = export(&scene.hub, &scene.call(&actor), id);
        assert!(matches!(taken, Err(ReadError::NotFound)), "{name} {role}");
        let nudged = nudge(&scene.hub, &scene.call(&actor), id, Whom::Everybody);
        assert!(matches!(nudged, Err(NudgeError::NotFound)), "{name} {role}");
    }
}

#[test]
fn a_draft_has_no_reach() {
    let scene = Scene::new();
    let author = scene.actor("center", Role::Analyst);
    let draft = writing(&scene, []);
    let id = save(&scene.hub, &scene.call(&author), None, draft).unwrap();
    let looked = of(&scene.hub, &scene.call(&author), id);
    assert!(matches!(looked, Err(ReadError::NotFound)));
}

#[test]
fn one_press_reminds_those_who_have_not_acted_once_in_two_hours() {
    let scene = Scene::new();
    let id = alert(&scene);
    answers(&scene, id, "kitahama", Answer::Done);
    let center = scene.actor("center", Role::Analyst);
    let press = || nudge(&scene.hub, &scene.call(&center), id, Whom::Everybody).unwrap();
    let mails = || seen(&scene, id, "center").deliveries.waiting_count;
    let before = mails();
    assert_eq!(press(), 4);
    let after = mails();
    assert!(after > before);
    assert_eq!(press(), 0, "nobody is reminded twice in a row");
    assert_eq!(mails(), after);
    scene.advance(NUDGE_SECONDS_MIN);
    assert_eq!(press(), 4);
}

#[test]
fn a_relay_reminds_its_own_members_only() {
    let scene = Scene::new();
    let id = alert(&scene);
    let everybody = seen(&scene, id, "center");
    let all = everybody.lines.iter().map(|line| line.row.id).collect();
    let relay = scene.actor("denryoku", Role::Officer);
    let call = scene.call(&relay);
    assert_eq!(nudge(&scene.hub, &call, id, Whom::Chosen(all)).unwrap(), 3);
    let lines = seen(&scene, id, "center").lines;
    for line in lines {
        let is_below =
            ["denryoku", "kitahama", "minamino"].contains(&line.organization.name_en.as_str());
        assert_eq!(line.row.nudged_at.is_some(), is_below);
    }
}

#[test]
fn a_mail_that_was_given_up_is_seen_and_tried_again() {
    let scene = Scene::new();
    let id = alert(&scene);
    assert_eq!(seen(&scene, id, "center").relay, MailRelay::Absent);
    let mut given_up = 0;
    loop {
        let due = take_due(&scene.hub, scene.now.get(), scene.random()).unwrap();
        if due.is_empty() {
            break;
        }
        for mail in due {
            let (now, random) = (scene.now.get(), scene.random());
            if mail.address.content().ends_with("@aokawa.example") {
                failed(&scene.hub, mail.id, Failure::Refused, now, random).unwrap();
                given_up += 1;
            } else {
                sent(&scene.hub, mail.id, now, random).unwrap();
            }
        }
    }
    assert!(given_up > 0);
    let mails = seen(&scene, id, "center").deliveries;
    assert_eq!(mails.failed.len(), given_up);
    assert_eq!(mails.failed[0].next_at, None);
    assert_eq!(mails.failed[0].failure, Failure::Refused);
    assert!(seen(&scene, id, "denryoku").deliveries.failed.is_empty());
    let relay = scene.actor("denryoku", Role::Analyst);
    assert_eq!(retry(&scene.hub, &scene.call(&relay), id).unwrap(), 0);
    let center = scene.actor("center", Role::Analyst);
    assert_eq!(
        retry(&scene.hub, &scene.call(&center), id).unwrap(),
        given_up
    );
    let due = take_due(&scene.hub, scene.now.get(), scene.random()).unwrap();
    assert_eq!(due.len(), given_up);
}

#[test]
fn the_phone_list_names_whom_to_call_for_those_who_have_not_acted() {
    let scene = Scene::new();
    let id = alert(&scene);
    answers(&scene, id, "minamino", Answer::Accepted);
    let relay = scene.actor("denryoku", Role::Officer);
    let list = phones(&scene.hub, &scene.call(&relay), id).unwrap();
    let called: Vec<&str> = list
        .lines
        .iter()
        .map(|line| line.line.organization.name_en.as_str())
        .collect();
    assert_eq!(called, ["denryoku", "kitahama"]);
    assert_eq!(list.lines[1].contacts.len(), 2);
    let center = scene.actor("center", Role::Officer);
    let list = phones(&scene.hub, &scene.call(&center), id).unwrap();
    assert_eq!(list.lines.len(), 4);
}
