use domain::organization::{OrganizationKind, Role};
use domain::part::{PartKind, Side};
use domain::report::Custody;
use domain::report::receipt::{What, When};
use domain::statistic::Figure;
use domain::time::DAY_SECONDS;
use hub::ReadError;
use hub::intake::open as read;
use hub::limit::WRONG_MAX;
use hub::mailbox::{MailboxError, MailboxPass, OPEN_SECONDS, open};
use hub::receipts::{Became, Told, of, of_mailbox, weeks};
use seal::token::MailboxCode;

use crate::border::Case;
use crate::way_down::{alert, issued};

/// A report that was read at the relay, released, read at the ministry, and led to an advisory, all
/// on the scene's first day.
fn lived(custody: Custody) -> Case {
    let case = Case::new(custody);
    let scene = &case.scene;
    read(&scene.hub, &scene.call(&case.analyst), case.report).unwrap();
    case.release("監視用の端末から、夜に外への通信があった。");
    let ministry = scene.actor("ministry", Role::Officer);
    read(&scene.hub, &scene.call(&ministry), case.report).unwrap();
    let mut writing = alert(scene);
    writing.reports = [case.report].into();
    issued(scene, writing);
    case
}

/// The events as words, newest first.
fn told(became: &Became) -> Vec<String> {
    let word = |what: &What| match what {
        What::Accepted => "accepted".to_owned(),
        What::Read(reading) => format!("{} {} read", reading.organization, reading.role),
        What::Released { tlp, .. } => format!("released {tlp}"),
        What::Withheld => "withheld".to_owned(),
        What::Closed(reason) => format!("closed {reason}"),
        What::Reopened => "reopened".to_owned(),
        What::LedTo { issuer, .. } => format!("advisory of {issuer}"),
        What::Opening(opening) => format!("opening {}", opening.stage),
    };
    let mut told: Vec<String> = became
        .events
        .iter()
        .map(|event| word(&event.what))
        .collect();
    told.sort();
    told
}

const EVERYTHING: [&str; 5] = [
    "accepted",
    "advisory of ceptoar",
    "ceptoar analyst read",
    "ministry officer read",
    "released amber",
];

fn pass(case: &Case) -> MailboxPass {
    let source = case.scene.actor("kitahama", Role::DutyOfficer);
    let code = case.mailbox_code.clone().unwrap();
    open(&case.scene.hub, &case.scene.call(&source), &code).unwrap()
}

#[test]
fn a_named_source_is_told_everything_at_once_and_its_rival_nothing() {
    let case = lived(Custody::Named);
    let scene = &case.scene;
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let became = of(&scene.hub, &scene.call(&source), case.report).unwrap();
    assert_eq!(told(&became), EVERYTHING);
    assert!(
        became
            .events
            .iter()
            .all(|event| matches!(event.at, When::Moment(_)))
    );
    let reading = became.events.iter().find_map(|event| match &event.what {
        What::Read(reading) if reading.organization == OrganizationKind::Ministry => Some(reading),
        _ => None,
    });
    let reading = reading.unwrap();
    assert_eq!(reading.purpose.as_str(), "defense");
    assert_eq!(reading.side, Side::Outgoing);
    assert_eq!(reading.kinds, [PartKind::Summary].into());
    for (name, role) in [("minamino", Role::DutyOfficer), ("denryoku", Role::Officer)] {
        let other = scene.actor(name, role);
        let refused = of(&scene.hub, &scene.call(&other), case.report);
        assert!(matches!(refused, Err(ReadError::NotFound)), "{name}");
    }
}

#[test]
fn staff_is_told_what_became_of_it_and_not_who_looked() {
    let case = lived(Custody::Named);
    let staff = case.scene.actor("kitahama", Role::Staff);
    let became = of(&case.scene.hub, &case.scene.call(&staff), case.report).unwrap();
    assert_eq!(became.readings, Told::No);
    assert_eq!(
        told(&became),
        ["accepted", "advisory of ceptoar", "released amber"]
    );
}

#[test]
fn the_weeks_of_a_named_source_add_up_to_its_receipts() {
    let case = lived(Custody::Named);
    let scene = &case.scene;
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let counts = |name, role| {
        let actor = scene.actor(name, role);
        let weeks = weeks(&scene.hub, &scene.call(&actor)).unwrap();
        weeks.map(|weeks| weeks.iter().map(|(_, count)| *count).collect::<Vec<_>>())
    };
    let last = |count| Some([vec![0; 11], vec![count]].concat());
    assert_eq!(counts("kitahama", Role::DutyOfficer), last(2));
    // A look at the same on the same day is none; on the next day, and by somebody else, it is one.
    let look = |name, role| {
        let actor = scene.actor(name, role);
        read(&scene.hub, &scene.call(&actor), case.report).unwrap();
    };
    look("ministry", Role::Officer);
    assert_eq!(counts("kitahama", Role::DutyOfficer), last(2));
    scene.advance(DAY_SECONDS);
    look("ministry", Role::Officer);
    look("center", Role::Analyst);
    let became = of(&scene.hub, &scene.call(&source), case.report).unwrap();
    let told = became.events.iter();
    let told = told.filter(|event| matches!(event.what, What::Read(_)));
    assert_eq!(
        counts("kitahama", Role::DutyOfficer),
        last(told.count() as u64)
    );
    assert_eq!(counts("minamino", Role::DutyOfficer), last(0), "a rival");
    assert_eq!(counts("kitahama", Role::Staff), None, "is not told");
    scene.advance(11 * 7 * DAY_SECONDS);
    let weeks = counts("kitahama", Role::DutyOfficer).unwrap();
    assert_eq!((weeks[0], weeks[11]), (4, 0));
    scene.advance(7 * DAY_SECONDS);
    assert_eq!(counts("kitahama", Role::DutyOfficer), last(0));
}

#[test]
fn what_was_sent_without_a_name_is_in_nobodys_weeks() {
    let case = lived(Custody::Unnamed);
    let scene = &case.scene;
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let weeks = weeks(&scene.hub, &scene.call(&source)).unwrap().unwrap();
    assert!(weeks.iter().all(|(_, count)| *count == 0));
}

#[test]
fn an_unnamed_source_is_told_the_next_day_by_the_day() {
    let case = lived(Custody::Unnamed);
    let scene = &case.scene;
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let refused = of(&scene.hub, &scene.call(&source), case.report);
    assert!(matches!(refused, Err(ReadError::NotFound)));

    let pass = pass(&case);
    let look = || of_mailbox(&scene.hub, &scene.call(&source), &pass).unwrap();
    assert_eq!(told(&look()), ["accepted"]);
    // From 09:00 to 05:59 of the next day.
    scene.advance(21 * 3_600 - 1);
    assert_eq!(told(&look()), ["accepted"]);
    scene.advance(1);
    let became = look();
    assert_eq!(told(&became), EVERYTHING);
    assert!(
        became
            .events
            .iter()
            .all(|event| matches!(event.at, When::Day(_)))
    );
}

#[test]
fn a_few_answers_are_not_told_as_figures() {
    let case = lived(Custody::Named);
    case.scene.advance(2 * DAY_SECONDS);
    let source = case.scene.actor("kitahama", Role::DutyOfficer);
    let became = of(&case.scene.hub, &case.scene.call(&source), case.report).unwrap();
    let useful = became.events.iter().find_map(|event| match &event.what {
        What::LedTo { useful, .. } => Some(useful),
        _ => None,
    });
    let useful = useful.unwrap();
    assert_eq!(useful.cells, [Figure::Withheld; 3]);
    assert_eq!(useful.total, Figure::Withheld);
}

#[test]
fn a_code_opens_its_own_mailbox_and_guessing_is_stopped() {
    let case = Case::new(Custody::Unnamed);
    let scene = &case.scene;
    let source = scene.actor("kitahama", Role::DutyOfficer);
    assert!(pass(&case).report() == case.report);
    let try_it = |typed: &str| open(&scene.hub, &scene.call(&source), typed);
    assert!(matches!(try_it("1234"), Err(MailboxError::Code(_))));
    // Sixteen digits that nobody was given.
    let stranger = MailboxCode::generate(&mut scene.random());
    let stranger: &str = &stranger.expose_grouped();
    for _ in 0..WRONG_MAX {
        assert!(matches!(try_it(stranger), Err(MailboxError::NotFound)));
    }
    assert!(matches!(try_it(stranger), Err(MailboxError::TooMany(_))));
    let relay = scene.actor("denryoku", Role::Officer);
    let code = case.mailbox_code.clone().unwrap();
    let refused = open(&scene.hub, &scene.call(&relay), &code);
    assert!(matches!(refused, Err(MailboxError::NotFound)));
}

#[test]
fn a_pass_is_good_for_its_session_and_half_an_hour() {
    let case = Case::new(Custody::Unnamed);
    let (hub, now) = (&case.scene.hub, case.scene.now.get());
    let source = case.scene.actor("kitahama", Role::DutyOfficer);
    let sealed = pass(&case).seal(hub, &case.scene.call(&source), "session");
    let opened = |sealed: &str, session, at| MailboxPass::unseal(hub, sealed, session, at);
    assert!(opened(&sealed, "session", now).is_some());
    assert!(opened(&sealed, "other", now).is_none());
    let late = now.plus_seconds(OPEN_SECONDS + 1);
    assert!(opened(&sealed, "session", late).is_none());
    // A slip is no pass, although the same hands sealed it.
    let slip = hub::slip::write(hub, &case.scene.call(&source), &[], "session");
    assert!(opened(&slip, "session", now).is_none());
}
