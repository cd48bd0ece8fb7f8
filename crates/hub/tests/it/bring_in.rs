//! A list of organizations: whole or not at all, and twice is once.

use domain::organization::{CommunityKind, OrganizationKind, Role};
use domain::text::BoundedText;
use hub::ReadError;
use hub::invite::{OpenedAim, Way, WrittenIn, open};
use hub::set_up::{BringInError, Fate, FirstAdministrator, Listed, bring_in, look_through};

use crate::scene::Scene;

fn listed(kind: OrganizationKind, name: &str, reports_to: Option<&str>) -> Listed {
    let parsed = |text: &str| BoundedText::parse(text).unwrap();
    Listed {
        kind,
        name_ja: parsed(name),
        name_en: parsed(&format!("{name} en")),
        reports_to: reports_to.map(parsed),
        sector: None,
        ceptoar: None,
        prefecture: None,
        known_names: vec![],
        administrator: Some(FirstAdministrator {
            name: parsed("髙田 彩"),
            mail: None,
            language: WrittenIn::Japanese,
        }),
    }
}

fn count(scene: &Scene, kind: OrganizationKind) -> usize {
    let found = scene
        .store
        .read(move |reader| store::organization::of_kind(reader, kind))
        .unwrap();
    found.len()
}

#[test]
fn a_list_is_entered_with_its_administrators_and_twice_is_once() {
    let scene = Scene::new();
    let center = scene.actor("center", Role::Administrator);
    // The CEPTOAR stands above whoever reports to it; the second finds it by its code.
    let mut gas = listed(OrganizationKind::Ceptoar, "ガスセプター", Some("ministry"));
    gas.ceptoar = Some("gas".parse().unwrap());
    let by_name = listed(OrganizationKind::Operator, "甲ガス", Some("ｶﾞｽｾﾌﾟﾀｰ"));
    let mut by_code = listed(OrganizationKind::Operator, "乙ガス", None);
    by_code.ceptoar = Some("gas".parse().unwrap());
    by_code.administrator = None;
    let known = listed(OrganizationKind::Operator, "KITAHAMA", None);
    let list = vec![gas, by_name, by_code, known];
    let look =
        |list: &[Listed]| look_through(&scene.hub, &scene.call(&center), list.to_vec()).unwrap();
    assert_eq!(look(&list), [Fate::New, Fate::New, Fate::New, Fate::Known]);
    assert_eq!(
        count(&scene, OrganizationKind::Operator),
        3,
        "only looked at"
    );

    let done = bring_in(&scene.hub, &scene.call(&center), list.clone()).unwrap();
    let names: Vec<&str> = done.iter().map(|one| one.names.0.as_str()).collect();
    assert_eq!(names, ["ガスセプター", "甲ガス", "乙ガス"]);
    assert!(done[2].invited.is_none());
    // Each link leads to the post of administrator there.
    let (name, invited) = done[1].invited.clone().unwrap();
    assert_eq!(name, "髙田 彩");
    let Way::ByHand(secret) = invited.way else {
        panic!("there is no relay for mail");
    };
    let opened = open(&scene.hub, &secret, scene.now.get()).unwrap();
    assert!(matches!(opened.aim, OpenedAim::Join(posts)
        if posts.len() == 1 && posts[0].role == Role::Administrator));
    // They are in the community of their CEPTOAR, and report to it.
    let found = scene.store.read(store::organization::communities).unwrap();
    let of_gas = found.iter().find(|one| {
        one.kind == CommunityKind::CeptoarMembers && one.secretariat == Some(done[0].organization)
    });
    let community = of_gas.unwrap().id;
    let members = scene
        .store
        .read(move |reader| store::organization::members_of(reader, community))
        .unwrap();
    assert_eq!(members.len(), 2);

    assert_eq!(look(&list), [Fate::Known; 4]);
    let again = bring_in(&scene.hub, &scene.call(&center), list).unwrap();
    assert!(again.is_empty());
    assert_eq!(count(&scene, OrganizationKind::Operator), 5);
}

#[test]
fn what_cannot_be_entered_keeps_the_whole_list_out() {
    let scene = Scene::new();
    let center = scene.actor("center", Role::Administrator);
    let good = listed(OrganizationKind::Operator, "甲ガス", Some("denryoku"));
    let mut nowhere = listed(OrganizationKind::Operator, "乙ガス", None);
    nowhere.ceptoar = Some("gas".parse().unwrap());
    let unknown = listed(OrganizationKind::Operator, "丙ガス", Some("none"));
    // Whoever is no superior cannot be named as one.
    let operator = listed(OrganizationKind::Operator, "丁ガス", Some("kitahama"));
    let list = vec![good, nowhere, unknown, operator];
    let fates = look_through(&scene.hub, &scene.call(&center), list.clone()).unwrap();
    let wrong = [Fate::NoSecretariat, Fate::NoSuchName, Fate::NoSuchName];
    assert_eq!(fates[0], Fate::New);
    assert_eq!(fates[1..], wrong);
    let refused = bring_in(&scene.hub, &scene.call(&center), list.clone());
    assert!(matches!(refused, Err(BringInError::Changed)));
    assert_eq!(count(&scene, OrganizationKind::Operator), 3);
    // Nobody but whoever sets up the hub brings in anything, a CEPTOAR for its members neither.
    for (name, role) in [
        ("denryoku", Role::Administrator),
        ("ministry", Role::Administrator),
        ("center", Role::Officer),
    ] {
        let actor = scene.actor(name, role);
        let refused = bring_in(&scene.hub, &scene.call(&actor), list[..1].to_vec());
        assert!(matches!(refused, Err(BringInError::NotFound)), "{name}");
        let refused = look_through(&scene.hub, &scene.call(&actor), list[..1].to_vec());
        assert!(matches!(refused, Err(ReadError::NotFound)), "{name}");
    }
}
