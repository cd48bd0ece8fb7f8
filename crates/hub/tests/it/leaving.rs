//! Leaving an organization: what was addressed to a person there by name does not go with him.

use domain::actor::{Actor, Assurance};
use domain::advisory::chosen::Chosen;
use domain::advisory::withdrawal::{Copies, Tightening, Why};
use domain::handling::Tlp;
use domain::id::{AdvisoryId, MembershipId};
use domain::organization::{Clearance, Role, Tier};
use domain::text::BoundedText;
use hub::inbox::open;
use hub::members::{end_place, give_place};
use hub::set_up::{Authority, Enrolled, Installer, LoginName, NewPerson, NewPlace, enroll};
use hub::tighten::{Stricter, tighten_issued};

use crate::scene::Scene;
use crate::way_down::{issued, writing};

/// Somebody with a post in two organizations.
fn of_two_houses(scene: &Scene) -> Enrolled {
    let place = |name| NewPlace {
        organization: scene.organization(name),
        role: Role::Officer,
        tier: Tier::Ciso,
        clearance: Clearance::default(),
        call_order: None,
    };
    let new = NewPerson {
        name: BoundedText::parse("兼務者").unwrap(),
        login: LoginName::parse("both@example.jp").unwrap(),
        mail: None,
        phone: None,
        places: vec![place("kitahama"), place("minamino")],
    };
    let console = Installer::local_console();
    let set_up = scene.set_up(Authority::Console(&console));
    enroll(&scene.hub, &set_up, vec![new]).unwrap().remove(0)
}

fn standing(scene: &Scene, place: MembershipId) -> Actor {
    let purpose = "defense".parse().unwrap();
    let now = scene.now.get();
    hub::sign_in::actor_of(&scene.hub, place, purpose, Assurance::Passkey, now).unwrap()
}

#[test]
fn what_named_a_person_in_an_organization_stays_there_when_he_leaves() {
    let scene = Scene::new();
    let hub = &scene.hub;
    let both = of_two_houses(&scene);
    let [here, there] = [both.memberships[0], both.memberships[1]];
    let leaver = standing(&scene, here);
    let kitahama = leaver.organization;
    let minamino = scene.organization("minamino");
    let named = |organization| Chosen::Person(leaver.person, organization, Tier::Ciso);
    let one = issued(&scene, writing(&scene, [named(kitahama)]));
    let two = issued(&scene, writing(&scene, [named(kitahama), named(minamino)]));

    let opens = |advisory: AdvisoryId| {
        let elsewhere = standing(&scene, there);
        open(hub, &scene.call(&elsewhere), advisory).is_ok()
    };
    assert!(opens(one) && opens(two));

    // One of two posts in the house: he is still there.
    let administrator = scene.actor("kitahama", Role::Administrator);
    let staff = domain::organization::Post {
        role: Role::Staff,
        tier: Tier::Ciso,
    };
    let call = scene.call(&administrator);
    let second = give_place(hub, &call, kitahama, leaver.person, staff).unwrap();
    end_place(hub, &scene.call(&administrator), here).unwrap();
    assert!(opens(one) && opens(two));

    end_place(hub, &scene.call(&administrator), second).unwrap();
    assert!(!opens(one), "it was for him in the house that he left");
    assert!(opens(two), "it is for him where he is, too");

    // Nor does what is made stricter afterwards come to him anew.
    let officer = scene.actor("denryoku", Role::Officer);
    let stricter = Stricter {
        tightening: Tightening {
            tlp: Tlp::AmberStrict,
            taken_out: [].into(),
        },
        why: Why::Sensitive,
        copies: Copies::Delete,
    };
    tighten_issued(hub, &scene.call(&officer), one, stricter).unwrap();
    assert!(!opens(one));
}
