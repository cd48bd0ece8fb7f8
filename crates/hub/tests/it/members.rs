//! Members: who sees and changes whom, the last administrator, and posts that rotate.

use domain::actor::Actor;
use domain::advisory::chosen::Chosen;
use domain::id::AdvisoryId;
use domain::organization::{MemberChange, OrganizationKind, Post, Role, Tier};
use domain::policy::{Action, permits};
use domain::text::BoundedText;
use hub::ReadError;
use hub::inbox::{list as inbox, open};
use hub::invite::{Way, accept, invite};
use hub::members::{
    Doer, Member, MemberError, Members, PlaceReach, Renewal, SuccessorPlace, Turn, WayIn,
    change_place, end_place, give_place, hand_over, list, organizations, plan, reset,
};
use hub::set_up::{Authority, NewOrganization, enter_organization};
use hub::sign_in::{Typed, by_password, resume};
use store::advisory::inbox::Wanted;

use crate::doors::PASSWORD;
use crate::invitation::{duty, equip, somebody};
use crate::scene::Scene;
use crate::way_down::{issued, writing};

const STAFF: Post = Post {
    role: Role::Staff,
    tier: Tier::Ciso,
};
const ADMINISTRATOR: Post = Post {
    role: Role::Administrator,
    tier: Tier::Ciso,
};

/// The members of the actor's own organization.
fn members(scene: &Scene, actor: &Actor) -> Members {
    list(&scene.hub, &scene.call(actor), None).unwrap()
}

fn of<'m>(members: &'m Members, actor: &Actor) -> &'m Member {
    let mut people = members.people.iter();
    people.find(|one| one.person == actor.person).unwrap()
}

/// Makes a second administrator of the actor's organization, and gives both a way in.
fn second_administrator(scene: &Scene, first: &Actor, of: &Actor) {
    equip(scene, first).unwrap();
    equip(scene, of).unwrap();
    let call = scene.call(first);
    change_place(&scene.hub, &call, of.membership, ADMINISTRATOR).unwrap();
}

#[test]
fn an_organization_that_is_entered_is_within_reach() {
    let scene = Scene::new();
    let center = scene.actor("center", Role::Administrator);
    let enter = |kind, reports_to| {
        let name = BoundedText::parse("南原").unwrap();
        let new = NewOrganization {
            kind,
            name_ja: name.clone(),
            name_en: name,
            sector: None,
            ceptoar: None,
            prefecture: None,
            reports_to,
            known_names: vec![],
        };
        let set_up = scene.set_up(Authority::Member(&center));
        enter_organization(&scene.hub, &set_up, new).unwrap()
    };
    let relay = enter(OrganizationKind::Isac, None);
    let operator = enter(OrganizationKind::Operator, Some(relay));
    let (members, all) = scene
        .store
        .read::<_, store::StoreError>(move |reader| {
            let map = store::organization::circle_map(reader, relay, None)?;
            let of = |id: Option<_>| match id {
                Some(id) => store::organization::members_of(reader, id),
                None => Ok(vec![]),
            };
            Ok((of(map.members)?, of(map.cross_sector)?))
        })
        .unwrap();
    assert_eq!(
        members.iter().map(|one| one.id).collect::<Vec<_>>(),
        [operator]
    );
    assert!(all.iter().any(|one| one.id == operator));
}

#[test]
fn members_are_for_those_who_run_them() {
    let scene = Scene::new();
    let own = scene.actor("kitahama", Role::Administrator);
    let found = members(&scene, &own);
    assert_eq!(found.people.len(), 8);
    assert_eq!(of(&found, &own).places[0].reach, PlaceReach::Own);
    assert_eq!(of(&found, &own).renewal, Renewal::Own);
    let auditor = scene.actor("kitahama", Role::Auditor);
    assert_eq!(of(&found, &auditor).places[0].reach, PlaceReach::Beyond);
    assert_eq!(of(&found, &auditor).way_in, WayIn::Missing);
    let here = Some(own.organization);
    let center = scene.actor("center", Role::Administrator);
    assert_eq!(
        list(&scene.hub, &scene.call(&center), here)
            .unwrap()
            .people
            .len(),
        8
    );
    assert_eq!(
        organizations(&scene.hub, &scene.call(&center), None)
            .unwrap()
            .rows
            .len(),
        8
    );
    for (name, role) in [
        ("kitahama", Role::Officer),
        ("minamino", Role::Administrator),
        ("denryoku", Role::Administrator),
        ("center", Role::Officer),
    ] {
        let other = scene.actor(name, role);
        let answer = list(&scene.hub, &scene.call(&other), here);
        assert!(matches!(answer, Err(ReadError::NotFound)), "{name} {role}");
        let answer = organizations(&scene.hub, &scene.call(&other), None);
        assert!(matches!(answer, Err(ReadError::NotFound)), "{name} {role}");
    }
}

#[test]
fn places_are_given_changed_and_ended_within_reach() {
    let scene = Scene::new();
    let hub = &scene.hub;
    let own = scene.actor("kitahama", Role::Administrator);
    let officer = scene.actor("kitahama", Role::Officer);
    change_place(
        hub,
        &scene.call(&own),
        officer.membership,
        duty(Tier::OtStaff),
    )
    .unwrap();
    let now = hub::sign_in::actor_of(
        hub,
        officer.membership,
        "defense".parse().unwrap(),
        officer.assurance,
        scene.now.get(),
    );
    assert_eq!(now.unwrap().role, Role::DutyOfficer);
    let here = own.organization;
    let given = give_place(hub, &scene.call(&own), here, officer.person, STAFF).unwrap();
    let again = give_place(hub, &scene.call(&own), here, officer.person, STAFF);
    assert!(matches!(again, Err(MemberError::Held)));
    end_place(hub, &scene.call(&own), given).unwrap();
    let again = end_place(hub, &scene.call(&own), given);
    assert!(matches!(again, Err(MemberError::NotFound)));

    let beyond = |post: Role| Post {
        role: post,
        tier: Tier::Ciso,
    };
    let answer = give_place(
        hub,
        &scene.call(&own),
        here,
        officer.person,
        beyond(Role::Auditor),
    );
    assert!(matches!(answer, Err(MemberError::Beyond(Role::Auditor))));
    let auditor = scene.actor("kitahama", Role::Auditor);
    let answer = change_place(hub, &scene.call(&own), auditor.membership, STAFF);
    assert!(matches!(answer, Err(MemberError::Beyond(Role::Auditor))));
    // Nobody gives himself sight, by a further post or by another one.
    let answer = give_place(
        hub,
        &scene.call(&own),
        here,
        own.person,
        beyond(Role::Officer),
    );
    assert!(matches!(answer, Err(MemberError::Yourself)));
    let answer = change_place(
        hub,
        &scene.call(&own),
        own.membership,
        beyond(Role::Officer),
    );
    assert!(matches!(answer, Err(MemberError::Yourself)));
    // Who has no place here is invited, not entered; nor are places elsewhere there to be changed.
    let foreign = scene.actor("minamino", Role::Officer);
    let answer = give_place(hub, &scene.call(&own), here, foreign.person, STAFF);
    assert!(matches!(answer, Err(MemberError::NotFound)));
    let answer = change_place(hub, &scene.call(&own), foreign.membership, STAFF);
    assert!(matches!(answer, Err(MemberError::NotFound)));
    let answer = end_place(hub, &scene.call(&own), foreign.membership);
    assert!(matches!(answer, Err(MemberError::NotFound)));
}

#[test]
fn the_last_administrator_who_can_sign_in_stays() {
    let scene = Scene::new();
    let hub = &scene.hub;
    let own = scene.actor("kitahama", Role::Administrator);
    let officer = scene.actor("kitahama", Role::Officer);
    equip(&scene, &own).unwrap();
    // A second one without a way in does not count: nobody could sign in.
    change_place(hub, &scene.call(&own), officer.membership, ADMINISTRATOR).unwrap();
    let answer = end_place(hub, &scene.call(&own), own.membership);
    assert!(matches!(answer, Err(MemberError::LastAdministrator)));
    let center = scene.actor("center", Role::Administrator);
    let answer = change_place(hub, &scene.call(&center), own.membership, STAFF);
    assert!(matches!(answer, Err(MemberError::LastAdministrator)));
    equip(&scene, &officer).unwrap();
    end_place(hub, &scene.call(&own), own.membership).unwrap();
    // Who has just left changes nothing any more, though his page is still open.
    let answer = end_place(hub, &scene.call(&own), officer.membership);
    assert!(matches!(answer, Err(MemberError::NotFound)));
}

#[test]
fn two_administrators_who_remove_each_other_at_once_leave_one() {
    for round in 0..8 {
        let scene = Scene::new();
        let first = scene.actor("kitahama", Role::Administrator);
        let second = scene.actor("kitahama", Role::Officer);
        second_administrator(&scene, &first, &second);
        let second = {
            let mut promoted = second.clone();
            promoted.role = Role::Administrator;
            promoted
        };
        let calls = [
            (scene.call(&first), second.membership),
            (scene.call(&second), first.membership),
        ];
        let hub = &scene.hub;
        let answers: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = calls
                .iter()
                .map(|(call, place)| scope.spawn(move || end_place(hub, call, *place)))
                .collect();
            running.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(done, 1, "round {round}: {answers:?}");
        let left = [&first, &second].map(|one| {
            let call = scene.call(one);
            list(hub, &call, None).map_or(0, |members| {
                let places = members.people.iter().flat_map(|one| &one.places);
                places
                    .filter(|place| place.post.role == Role::Administrator)
                    .count()
            })
        });
        assert_eq!(left.iter().max(), Some(&1), "round {round}");
    }
}

#[test]
fn a_reset_ends_every_way_in_and_stays_within_reach() {
    let scene = Scene::new();
    let hub = &scene.hub;
    let own = scene.actor("kitahama", Role::Administrator);
    let officer = scene.actor("kitahama", Role::Officer);
    equip(&scene, &officer).unwrap();
    let Way::ByHand(link) = reset(hub, &scene.call(&own), officer.person).unwrap() else {
        panic!("no relay is configured");
    };
    assert_eq!(of(&members(&scene, &own), &officer).way_in, WayIn::Missing);
    let typed = Typed {
        account: "officer@kitahama.example",
        password: PASSWORD,
        code: "000000",
    };
    assert!(by_password(hub, &typed, scene.now.get(), &scene.random()).is_err());
    // The next link takes the place of this one.
    let Way::ByHand(newer) = reset(hub, &scene.call(&own), officer.person).unwrap() else {
        panic!("no relay is configured");
    };
    let now = scene.now.get();
    assert!(accept(hub, &link, None, now, &scene.random()).is_err());
    let begun = accept(hub, &newer, None, now, &scene.random()).unwrap();
    let back = resume(hub, &begun.secret, now).unwrap().actor;
    assert_eq!(back.person, officer.person);
    assert!(!permits(&back, Action::Acknowledge));
    assert!(permits(&equip(&scene, &back).unwrap(), Action::Acknowledge));

    for (who, whom, role) in [
        ("kitahama", "kitahama", Role::Auditor),
        ("minamino", "kitahama", Role::Officer),
    ] {
        let actor = scene.actor(who, Role::Administrator);
        let target = scene.actor(whom, role);
        let answer = reset(hub, &scene.call(&actor), target.person);
        assert!(matches!(
            answer,
            Err(MemberError::OutOfReach | MemberError::NotFound)
        ));
    }
    let answer = reset(hub, &scene.call(&own), own.person);
    assert!(matches!(answer, Err(MemberError::Yourself)));
}

#[test]
fn what_comes_from_outside_is_seen_inside() {
    let scene = Scene::new();
    let hub = &scene.hub;
    let center = scene.actor("center", Role::Administrator);
    let own = scene.actor("kitahama", Role::Administrator);
    let officer = scene.actor("kitahama", Role::Officer);
    let new = somebody(&scene, "kitahama", vec![duty(Tier::Ciso)]);
    invite(hub, &scene.call(&center), new).unwrap();
    reset(hub, &scene.call(&center), officer.person).unwrap();
    give_place(
        hub,
        &scene.call(&own),
        own.organization,
        officer.person,
        STAFF,
    )
    .unwrap();
    let seen = members(&scene, &own);
    let told: Vec<_> = seen
        .changes
        .iter()
        .map(|change| (change.change, matches!(change.by, Doer::Outside(_))))
        .collect();
    for expected in [
        (MemberChange::Invited, true),
        (MemberChange::WaysRenewed, true),
        (MemberChange::PlaceGiven, false),
    ] {
        assert!(told.contains(&expected), "{told:?}");
    }
    assert!(matches!(&seen.waiting[0].by, Doer::Outside(from) if from.id == center.organization));
}

#[test]
fn a_post_passes_with_all_that_hangs_on_it() {
    let scene = Scene::new();
    let hub = &scene.hub;
    let own = scene.actor("kitahama", Role::Administrator);
    let leaver = scene.actor("kitahama", Role::DutyOfficer);
    let successor = scene.actor("kitahama", Role::Staff);
    let here = leaver.organization;
    let named = Chosen::Person(leaver.person, here, Tier::Ciso);
    let advisory = issued(&scene, writing(&scene, [named]));
    assert!(open(hub, &scene.call(&successor), advisory).is_err());
    let turns = vec![Turn {
        place: leaver.membership,
        successor: successor.person,
    }];
    let seen = plan(hub, &scene.call(&own), here, turns.clone()).unwrap();
    let line = &seen.lines[0];
    assert_eq!(
        (line.advisories.len(), line.successor_place),
        (1, SuccessorPlace::New)
    );
    // What was not seen is not pressed.
    let answer = hand_over(hub, &scene.call(&own), here, turns.clone(), "other");
    assert!(matches!(answer, Err(MemberError::Changed)));
    hand_over(hub, &scene.call(&own), here, turns.clone(), &seen.seal).unwrap();

    let after = members(&scene, &own);
    assert!(after.people.iter().all(|one| one.person != leaver.person));
    let taken = &of(&after, &successor).places;
    let post = taken
        .iter()
        .find(|place| place.post == duty(Tier::Ciso))
        .unwrap();
    let now = hub::sign_in::actor_of(
        hub,
        post.membership,
        "defense".parse().unwrap(),
        successor.assurance,
        scene.now.get(),
    )
    .unwrap();
    assert_eq!(
        inbox(hub, &scene.call(&now), Wanted::Open).unwrap().len(),
        1
    );
    open(hub, &scene.call(&now), advisory).unwrap();
    // The leaver's place is gone, and with it what was there.
    assert!(open(hub, &scene.call(&leaver), advisory).is_err());
    let answer = hand_over(hub, &scene.call(&own), here, turns, &seen.seal);
    assert!(matches!(answer, Err(MemberError::NotFound)));
}

/// Hands over in one go: each of `people` takes over from the one before.
fn pass_along(scene: &Scene, people: &[&Actor]) {
    let own = scene.actor("kitahama", Role::Administrator);
    let here = own.organization;
    let places = members(scene, &own);
    let turns: Vec<Turn> = people
        .windows(2)
        .map(|pair| Turn {
            place: of(&places, pair[0]).places[0].membership,
            successor: pair[1].person,
        })
        .collect();
    let seen = plan(&scene.hub, &scene.call(&own), here, turns.clone()).unwrap();
    hand_over(&scene.hub, &scene.call(&own), here, turns, &seen.seal).unwrap();
}

/// Whether that person, from where he stands now, opens the advisory.
fn opens(scene: &Scene, person: &Actor, advisory: AdvisoryId) -> bool {
    let own = scene.actor("kitahama", Role::Administrator);
    let places = members(scene, &own);
    let place = of(&places, person).places[0].membership;
    let purpose = "defense".parse().unwrap();
    let now = scene.now.get();
    let actor = hub::sign_in::actor_of(&scene.hub, place, purpose, person.assurance, now).unwrap();
    open(&scene.hub, &scene.call(&actor), advisory).is_ok()
}

#[test]
fn what_names_a_person_reaches_the_next_in_a_row_and_nobody_after() {
    let scene = Scene::new();
    let people = [Role::Officer, Role::DutyOfficer, Role::Staff];
    let [first, second, third] = people.map(|role| scene.actor("kitahama", role));
    let here = first.organization;
    let named = |who: &Actor| Chosen::Person(who.person, here, Tier::Ciso);
    let one = issued(&scene, writing(&scene, [named(&first)]));
    let both = issued(&scene, writing(&scene, [named(&first), named(&second)]));
    pass_along(&scene, &[&first, &second, &third]);
    assert!(opens(&scene, &second, one) && !opens(&scene, &third, one));
    assert!(opens(&scene, &second, both) && opens(&scene, &third, both));

    // And back: whose grant had ended reads again.
    pass_along(&scene, &[&second, &third]);
    assert!(opens(&scene, &third, one));
}

#[test]
fn posts_that_are_swapped_leave_both_named() {
    let scene = Scene::new();
    let people = [Role::Officer, Role::DutyOfficer];
    let [first, second] = people.map(|role| scene.actor("kitahama", role));
    let here = first.organization;
    let named = |who: &Actor| Chosen::Person(who.person, here, Tier::Ciso);
    let both = issued(&scene, writing(&scene, [named(&first), named(&second)]));
    let one = issued(&scene, writing(&scene, [named(&first)]));
    pass_along(&scene, &[&first, &second, &first]);
    assert!(opens(&scene, &first, both) && opens(&scene, &second, both));
    assert!(opens(&scene, &second, one) && !opens(&scene, &first, one));
    // Swapped back, the one who had it first has it again, alone.
    pass_along(&scene, &[&second, &first, &second]);
    assert!(opens(&scene, &first, one) && !opens(&scene, &second, one));
}

#[test]
fn posts_move_up_in_a_row_and_administrators_do_not_help_themselves() {
    let scene = Scene::new();
    let hub = &scene.hub;
    let own = scene.actor("kitahama", Role::Administrator);
    let here = own.organization;
    let [officer, duty_officer, staff] =
        [Role::Officer, Role::DutyOfficer, Role::Staff].map(|role| scene.actor("kitahama", role));
    let row = vec![
        Turn {
            place: officer.membership,
            successor: duty_officer.person,
        },
        Turn {
            place: duty_officer.membership,
            successor: staff.person,
        },
    ];
    let seen = plan(hub, &scene.call(&own), here, row.clone()).unwrap();
    assert_eq!(
        hand_over(hub, &scene.call(&own), here, row, &seen.seal).unwrap(),
        2
    );
    let after = members(&scene, &own);
    let roles = |actor: &Actor| -> Vec<Role> {
        let places = &of(&after, actor).places;
        places.iter().map(|place| place.post.role).collect()
    };
    assert_eq!(roles(&duty_officer), [Role::Officer]);
    assert!(roles(&staff).contains(&Role::DutyOfficer));

    let self_service = vec![Turn {
        place: of(&after, &duty_officer).places[0].membership,
        successor: own.person,
    }];
    let answer = plan(hub, &scene.call(&own), here, self_service);
    assert!(matches!(answer, Err(MemberError::Yourself)));
    // The only administrator hands over to nobody who cannot sign in.
    equip(&scene, &own).unwrap();
    let last = vec![Turn {
        place: own.membership,
        successor: staff.person,
    }];
    let seen = plan(hub, &scene.call(&own), here, last.clone()).unwrap();
    assert_eq!(seen.lines[0].successor_way_in, WayIn::Missing);
    let answer = hand_over(hub, &scene.call(&own), here, last.clone(), &seen.seal);
    assert!(matches!(answer, Err(MemberError::LastAdministrator)));
    equip(&scene, &staff).unwrap();
    let seen = plan(hub, &scene.call(&own), here, last.clone()).unwrap();
    hand_over(hub, &scene.call(&own), here, last, &seen.seal).unwrap();
    let foreign = scene.actor("minamino", Role::Administrator);
    let turns = vec![Turn {
        place: staff.membership,
        successor: duty_officer.person,
    }];
    let answer = plan(hub, &scene.call(&foreign), here, turns);
    assert!(matches!(answer, Err(MemberError::NotFound)));
}
