//! A first report on its way from an empty draft to the relay.

use std::collections::BTreeMap;

use domain::organization::Role;
use domain::report::Custody;
use domain::report::draft::{DRAFT_SECONDS, Page};
use hub::draft::{
    DraftError, DraftKey, Keeping, Sealing, begin, desk, discard, list, read, resume, save,
    shred_expired, submit,
};
use hub::{Random, intake};

use crate::scene::{Scene, incident};

fn page(window: &str, based_on: u32, headline: &str) -> Page {
    Page {
        window: window.parse().unwrap(),
        based_on,
        typed: BTreeMap::from([("headline".parse().unwrap(), vec![headline.to_owned()])]),
    }
}

#[test]
fn a_draft_by_name_is_its_authors_alone() {
    let scene = Scene::new();
    let author = scene.actor("kitahama", Role::DutyOfficer);
    let opened = begin(&scene.hub, &scene.call(&author), Keeping::Name).unwrap();
    save(
        &scene.hub,
        &scene.call(&author),
        opened.id,
        None,
        page("w1", 1, "止まった"),
    )
    .unwrap();
    let draft = read(&scene.hub, &scene.call(&author), opened.id, None).unwrap();
    assert_eq!(draft.content().one("headline"), "止まった");
    assert_eq!(draft.content().one("custody"), "named");
    assert!(!draft.content().says("consent"), "the source has to say it");
    assert_eq!(list(&scene.hub, &scene.call(&author)).unwrap().len(), 1);
    for (name, role) in [
        ("kitahama", Role::Staff),
        ("minamino", Role::DutyOfficer),
        ("denryoku", Role::Officer),
    ] {
        let other = scene.actor(name, role);
        let refused = read(&scene.hub, &scene.call(&other), opened.id, None);
        assert!(
            matches!(refused, Err(DraftError::NotFound)),
            "{name} {role}"
        );
        assert!(list(&scene.hub, &scene.call(&other)).unwrap().is_empty());
    }
}

#[test]
fn sending_shreds_the_draft_and_a_second_press_finds_nothing() {
    let scene = Scene::new();
    let author = scene.actor("kitahama", Role::DutyOfficer);
    let opened = begin(&scene.hub, &scene.call(&author), Keeping::Name).unwrap();
    let send = || {
        let filing = incident(Custody::Named, "監視端末に不審な通信");
        submit(&scene.hub, &scene.call(&author), opened.id, None, filing)
    };
    let receipt = send().unwrap();
    assert!(matches!(send(), Err(DraftError::NotFound)));
    assert!(list(&scene.hub, &scene.call(&author)).unwrap().is_empty());
    let relay = scene.actor("denryoku", Role::Analyst);
    let rows = intake::list(&scene.hub, &scene.call(&relay), None)
        .unwrap()
        .rows;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].head.id, receipt.report);
}

#[test]
fn a_refused_report_leaves_its_draft() {
    let scene = Scene::new();
    // This relay has no custodians.
    let author = scene.actor("aokawa", Role::DutyOfficer);
    assert_eq!(
        desk(&scene.hub, &scene.call(&author)).unwrap().sealing,
        Sealing::NoCustodians
    );
    let opened = begin(&scene.hub, &scene.call(&author), Keeping::Name).unwrap();
    let filing = incident(Custody::Unnamed, "x");
    let refused = submit(&scene.hub, &scene.call(&author), opened.id, None, filing);
    assert!(matches!(refused, Err(DraftError::Submit(_))));
    assert!(read(&scene.hub, &scene.call(&author), opened.id, None).is_ok());
}

#[test]
fn a_draft_by_code_begins_with_what_the_relay_can_keep() {
    let scene = Scene::new();
    // `suido` has no custodians, `denryoku` has three.
    for (name, custody) in [("aokawa", "stripped"), ("kitahama", "unnamed")] {
        let author = scene.actor(name, Role::DutyOfficer);
        let opened = begin(&scene.hub, &scene.call(&author), Keeping::Code).unwrap();
        let key = opened.key.as_ref();
        let draft = read(&scene.hub, &scene.call(&author), opened.id, key).unwrap();
        assert_eq!(draft.content().one("custody"), custody, "{name}");
    }
}

#[test]
fn sixteen_digits_open_a_draft_on_another_machine_and_then_the_mailbox() {
    let scene = Scene::new();
    let author = scene.actor("kitahama", Role::DutyOfficer);
    let begun = begin(&scene.hub, &scene.call(&author), Keeping::Code).unwrap();
    let code = begun.code.clone().unwrap();
    let key = begun.key.as_ref();
    save(
        &scene.hub,
        &scene.call(&author),
        begun.id,
        key,
        page("w1", 1, "夜間に停止"),
    )
    .unwrap();
    assert!(list(&scene.hub, &scene.call(&author)).unwrap().is_empty());
    let without = read(&scene.hub, &scene.call(&author), begun.id, None);
    assert!(matches!(without, Err(DraftError::NotFound)));

    // A colleague goes on in the morning, with the slip.
    let colleague = scene.actor("kitahama", Role::Staff);
    let found = resume(&scene.hub, &scene.call(&colleague), &code.replace(' ', "-")).unwrap();
    let draft = read(
        &scene.hub,
        &scene.call(&colleague),
        found.id,
        found.key.as_ref(),
    )
    .unwrap();
    assert_eq!(draft.content().one("headline"), "夜間に停止");

    let rival = scene.actor("minamino", Role::DutyOfficer);
    assert!(matches!(
        resume(&scene.hub, &scene.call(&rival), &code),
        Err(DraftError::NoSuchCode)
    ));

    let filing = incident(Custody::Unnamed, "夜間に停止");
    let receipt = submit(
        &scene.hub,
        &scene.call(&colleague),
        found.id,
        found.key.as_ref(),
        filing,
    )
    .unwrap();
    assert_eq!(receipt.mailbox_code.as_deref(), Some(code.as_str()));
    assert!(matches!(
        resume(&scene.hub, &scene.call(&author), &code),
        Err(DraftError::NoSuchCode)
    ));
}

#[test]
fn a_pass_opens_one_draft_in_one_session() {
    let scene = Scene::new();
    let author = scene.actor("kitahama", Role::DutyOfficer);
    let one = begin(&scene.hub, &scene.call(&author), Keeping::Code).unwrap();
    let other = begin(&scene.hub, &scene.call(&author), Keeping::Code).unwrap();
    let pass = one
        .key
        .as_ref()
        .unwrap()
        .pass(&scene.hub, one.id, "session-1");
    let key = DraftKey::from_pass(&scene.hub, &pass, one.id, "session-1");
    assert!(read(&scene.hub, &scene.call(&author), one.id, key.as_ref()).is_ok());
    let foreign = read(&scene.hub, &scene.call(&author), other.id, key.as_ref());
    assert!(matches!(foreign, Err(DraftError::NotFound)));
    for (id, session) in [(one.id, "session-2"), (other.id, "session-1")] {
        assert!(DraftKey::from_pass(&scene.hub, &pass, id, session).is_none());
    }
}

#[test]
fn digits_that_cannot_be_or_are_nobodys_are_told_apart() {
    let scene = Scene::new();
    let author = scene.actor("kitahama", Role::DutyOfficer);
    let tried = |typed: &str| {
        resume(&scene.hub, &scene.call(&author), typed)
            .err()
            .unwrap()
    };
    assert!(matches!(tried("1234"), DraftError::Code(_)));
    let mut random = Random::from_seed([99; 32]);
    let code = seal::token::MailboxCode::generate(&mut random);
    assert!(matches!(
        tried(&code.expose_grouped()),
        DraftError::NoSuchCode
    ));
}

#[test]
fn drafts_are_shredded_at_the_authors_wish_and_after_fourteen_days() {
    let scene = Scene::new();
    let author = scene.actor("kitahama", Role::DutyOfficer);
    let gone = begin(&scene.hub, &scene.call(&author), Keeping::Name).unwrap();
    discard(&scene.hub, &scene.call(&author), gone.id, None).unwrap();
    assert!(read(&scene.hub, &scene.call(&author), gone.id, None).is_err());

    let old = begin(&scene.hub, &scene.call(&author), Keeping::Name).unwrap();
    let later = |seconds| scene.now.get().plus_seconds(seconds);
    let random = Random::from_seed([3; 32]);
    assert_eq!(
        shred_expired(&scene.hub, later(DRAFT_SECONDS - 1), &random).unwrap(),
        0
    );
    scene.now.set(later(DRAFT_SECONDS));
    assert!(
        read(&scene.hub, &scene.call(&author), old.id, None).is_err(),
        "its time counts, not the job that shreds it"
    );
    assert_eq!(
        shred_expired(&scene.hub, scene.now.get(), &random).unwrap(),
        1
    );
}

#[test]
fn the_log_does_not_tell_who_was_writing() {
    let scene = Scene::new();
    let author = scene.actor("kitahama", Role::DutyOfficer);
    let auditor = scene.actor("center", Role::Auditor);
    let newest = || {
        let page = hub::log::entries(&scene.hub, &scene.call(&auditor), None).unwrap();
        page.rows.first().map(|row| row.id)
    };
    let before = newest();
    let opened = begin(&scene.hub, &scene.call(&author), Keeping::Name).unwrap();
    save(
        &scene.hub,
        &scene.call(&author),
        opened.id,
        None,
        page("w1", 1, "x"),
    )
    .unwrap();
    discard(&scene.hub, &scene.call(&author), opened.id, None).unwrap();
    assert_eq!(newest(), before);
}
