//! The first run: one code, one person, once.

use std::sync::Arc;

use domain::actor::{Assurance, Keeping};
use domain::organization::{OrganizationKind, Role};
use domain::policy::{Action, permits};
use domain::text::BoundedText;
use domain::time::Timestamp;
use hub::first_run::{FIRST_RUN_SECONDS, First, FirstRun, FirstRunError, begin, offer, standing};
use hub::invite::WrittenIn;
use hub::set_up::{Authority, Installer, LoginName, SetUp, SetUpError, StoreKind, mark_store};
use hub::sign_in::{INVITED_SECONDS, actor_of, pending_totp, resume, set_password_and_app};
use hub::{Call, Hub, Random};
use seal::object::MasterKey;
use seal::secret::password::Cost;
use store::keyring::Keyring;
use store::{Location, Store};

use crate::doors::{PASSWORD, key_of, seconds};

const NOW: Timestamp = Timestamp::from_seconds(1_790_812_800);

fn random(label: &str) -> Random {
    Random::from_seed([21; 32]).derive(label)
}

fn empty() -> Hub {
    let keyring = Keyring::new("hub.test", MasterKey::generate(&mut random("master")));
    let store = Store::open(&Location::Memory, keyring).unwrap();
    let reference = Arc::new(exchange::reference::shipped().unwrap());
    Hub::new(store, reference, Cost::Test)
}

fn offered(hub: &Hub, label: &str, now: Timestamp) -> Result<Option<String>, SetUpError> {
    let console = Installer::local_console();
    let set_up = SetUp {
        authority: Authority::Console(&console),
        now,
        random: random(label),
    };
    offer(hub, &set_up)
}

fn first(login: &str) -> First {
    First {
        kind: OrganizationKind::Isac,
        name_ja: BoundedText::parse("電力ISAC(架空)").unwrap(),
        name_en: BoundedText::parse("Power ISAC").unwrap(),
        person: BoundedText::parse("髙田 彩").unwrap(),
        login: LoginName::parse(login).unwrap(),
        mail: None,
        language: WrittenIn::Japanese,
    }
}

#[test]
fn the_code_makes_one_administrator_who_makes_a_way_in() {
    let hub = empty();
    assert_eq!(standing(&hub, NOW).unwrap(), FirstRun::Over);
    let code = offered(&hub, "a", NOW).unwrap().unwrap();
    let until = NOW.plus_seconds(FIRST_RUN_SECONDS);
    assert_eq!(standing(&hub, NOW).unwrap(), FirstRun::Open(until));
    let begun = begin(&hub, &code, first("takada"), NOW, &random("b")).unwrap();
    assert_eq!(begun.expires_at, NOW.plus_seconds(INVITED_SECONDS));
    assert_eq!(standing(&hub, NOW).unwrap(), FirstRun::Over);

    let resumed = resume(&hub, &begun.secret, NOW).unwrap();
    let actor = resumed.actor.clone();
    assert_eq!(
        (actor.assurance, actor.role),
        (Assurance::Invitation, Role::Administrator)
    );
    assert!(!Action::ALL.iter().any(|action| permits(&actor, *action)));

    let call = Call {
        actor: &actor,
        now: NOW,
        random: random("c"),
    };
    let key = key_of(&pending_totp(&hub, &call, "basis").unwrap().base32);
    let code = key.code_at(seconds(NOW));
    let made = set_password_and_app(&hub, &call, "basis", PASSWORD, &code).unwrap();
    assert_eq!(made.recovery_codes.len(), 10);
    let begun = made.begun.unwrap();
    let actor = resume(&hub, &begun.secret, NOW).unwrap().actor;
    // An ISAC that keeps a hub of its own sets it up, like a national center does.
    assert_eq!(actor.keeping, Keeping::Keeper);
    assert!(permits(&actor, Action::ManageHub) && permits(&actor, Action::ManageMembers));
    assert!(!permits(&actor, Action::Intake));
    assert!(offered(&hub, "d", NOW).unwrap().is_none());
}

#[test]
fn a_wrong_an_old_and_a_replaced_code_open_nothing() {
    let hub = empty();
    let old = offered(&hub, "a", NOW).unwrap().unwrap();
    let code = offered(&hub, "b", NOW).unwrap().unwrap();
    let try_it =
        |code: &str, now, label: &str| begin(&hub, code, first("takada"), now, &random(label));
    for (wrong, label) in [("", "c"), (old.as_str(), "d"), ("nrs_fst_x", "e")] {
        let answer = try_it(wrong, NOW, label);
        assert!(matches!(answer, Err(FirstRunError::WrongCode)), "{label}");
    }
    let late = NOW.plus_seconds(FIRST_RUN_SECONDS);
    assert!(matches!(
        try_it(&code, late, "f"),
        Err(FirstRunError::WrongCode)
    ));
    assert_eq!(standing(&hub, late).unwrap(), FirstRun::Expired);
    // The fifth try was the right one but late; from the sixth on the door is locked for a minute.
    for label in ["g", "h"] {
        assert!(matches!(
            try_it("", NOW, label),
            Err(FirstRunError::WrongCode)
        ));
    }
    assert!(matches!(
        try_it(&code, NOW, "i"),
        Err(FirstRunError::TooMany(_))
    ));
    let later = NOW.plus_seconds(120);
    try_it(&code, later, "j").unwrap();
    // What was good once is good no more.
    assert!(matches!(
        try_it(&code, later, "k"),
        Err(FirstRunError::Over)
    ));
}

#[test]
fn of_two_at_once_one_becomes_first() {
    let hub = empty();
    let code = offered(&hub, "a", NOW).unwrap().unwrap();
    let tries: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..4)
            .map(|number| {
                let (hub, code) = (&hub, &code);
                scope.spawn(move || {
                    let label = format!("try {number}");
                    let login = format!("takada-{number}");
                    begin(hub, code, first(&login), NOW, &random(&label))
                })
            })
            .collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(tries.iter().filter(|one| one.is_ok()).count(), 1);
    let late = tries
        .iter()
        .filter(|one| matches!(one, Err(FirstRunError::Over)));
    assert_eq!(late.count(), 3);
}

#[test]
fn a_store_with_people_and_a_demo_have_no_first_run() {
    let scene = crate::scene::Scene::new();
    assert!(offered(&scene.hub, "a", NOW).unwrap().is_none());
    assert_eq!(standing(&scene.hub, NOW).unwrap(), FirstRun::Over);
    // Without a named keeper it is the national center's administrator who sets up the hub.
    for (name, expected) in [("center", Keeping::Keeper), ("denryoku", Keeping::Member)] {
        let place = scene.actor(name, Role::Administrator).membership;
        let purpose = "defense".parse().unwrap();
        let actor = actor_of(&scene.hub, place, purpose, Assurance::Passkey, NOW).unwrap();
        assert_eq!(actor.keeping, expected);
    }
    let hub = empty();
    let console = Installer::local_console();
    let set_up = SetUp {
        authority: Authority::Console(&console),
        now: NOW,
        random: random("mark"),
    };
    mark_store(&hub, &set_up, StoreKind::Demo).unwrap();
    let answer = offered(&hub, "b", NOW);
    assert!(matches!(
        answer,
        Err(SetUpError::OtherKind(StoreKind::Demo))
    ));
}
