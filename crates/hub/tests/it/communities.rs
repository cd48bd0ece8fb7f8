//! Communities: who puts in and takes out, who learns of it, and what a former member still finds.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::advisory::chosen::Chosen;
use domain::handling::Circle;
use domain::id::{CommunityId, OrganizationId};
use domain::organization::{Clearance, CommunityKind, MemberChange, OrganizationKind, Role, Tier};
use domain::part::Side;
use domain::part::Subject;
use domain::report::Custody;
use domain::text::BoundedText;
use hub::ReadError;
use hub::communities::{
    CommunityError, Ending, Entry, Leave, Standing, Staying, join, leave, leaving, list, show,
};
use hub::intake::open;
use hub::set_up::{
    Authority, Founding, Installer, NewCommunity, NewOrganization, SetUpError, create_communities,
    enter_organization, found_community, foundable, leave_community,
};
use hub::submit::submit;
use store::part::{Sight, visible};

use crate::scene::{Scene, incident};
use crate::way_down::{issued, writing};

fn administrator(scene: &Scene, name: &'static str) -> Actor {
    scene.actor(name, Role::Administrator)
}

/// The community of that kind whose secretariat is `name`, or which has none.
fn community(scene: &Scene, kind: CommunityKind, name: Option<&'static str>) -> CommunityId {
    let of = name.map(|name| scene.organization(name));
    let found = scene.store.read(store::organization::communities).unwrap();
    let is_it = |one: &&store::organization::Community| one.kind == kind && one.secretariat == of;
    found.iter().find(is_it).unwrap().id
}

fn members(scene: &Scene, id: CommunityId) -> BTreeSet<OrganizationId> {
    let found = scene
        .store
        .read(move |reader| store::organization::members_of(reader, id))
        .unwrap();
    found.into_iter().map(|row| row.id).collect()
}

fn enter(
    scene: &Scene,
    kind: OrganizationKind,
    name: &str,
    above: Option<&'static str>,
) -> OrganizationId {
    let console = Installer::local_console();
    let new = NewOrganization {
        kind,
        name_ja: BoundedText::parse(name).unwrap(),
        name_en: BoundedText::parse(name).unwrap(),
        sector: None,
        ceptoar: None,
        prefecture: None,
        reports_to: above.map(|above| scene.organization(above)),
        known_names: vec![],
    };
    enter_organization(&scene.hub, &scene.set_up(Authority::Console(&console)), new).unwrap()
}

#[test]
fn a_former_member_finds_nothing_of_what_reached_it_as_a_member_alone() {
    let scene = Scene::new();
    // A desk that reads reports, in a community with operators: whatever a member finds by the
    // community's key, it finds.
    let console = Installer::local_console();
    let (denryoku, desk) = (scene.organization("denryoku"), "coordination");
    let denryoku_members = community(&scene, CommunityKind::CeptoarMembers, Some("denryoku"));
    scene
        .store
        .write(
            store::Stamp {
                name: "test.join",
                now: scene.now.get(),
                random: scene.random(),
            },
            {
                let desk = scene.organization(desk);
                move |tx| store::organization::join(tx, denryoku_members, desk)
            },
        )
        .unwrap();
    assert_ne!(denryoku, scene.organization(desk));
    let mut filing = incident(Custody::Named, "監視端末に不審な通信");
    filing.terms.circles = [Circle::Ministry, Circle::CeptoarMembers].into();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let report = submit(&scene.hub, &scene.call(&source), filing)
        .unwrap()
        .report;
    // What the border lets out goes to its circles; here it is granted as a release would.
    let subject = Subject::Report(report);
    scene
        .store
        .write(
            store::Stamp {
                name: "test.grant",
                now: scene.now.get(),
                random: scene.random(),
            },
            move |tx| {
                let map = store::organization::circle_map(tx, denryoku, None)?;
                let parts = store::part::latest_for_work(tx, subject, Side::Original)?;
                for part in parts {
                    let rows =
                        domain::audience::audience(&part.handling, &map, Clearance::default());
                    store::part::grant(tx, part.id, &rows)?;
                }
                Ok::<_, store::StoreError>(())
            },
        )
        .unwrap();
    let sees = |name, role| {
        let actor = scene.actor(name, role);
        let sight = Sight::of(&actor, scene.now.get());
        let found = scene
            .store
            .read(move |reader| visible(reader, &sight, subject))
            .unwrap();
        !found.is_empty()
    };
    let opens = |name| {
        let actor = scene.actor(name, Role::Analyst);
        open(&scene.hub, &scene.call(&actor), report)
    };
    assert!(sees("minamino", Role::DutyOfficer) && sees("kitahama", Role::DutyOfficer));
    assert!(!sees("aokawa", Role::DutyOfficer));
    assert!(opens(desk).is_ok());

    let taken_out = vec![scene.organization(desk), scene.organization("minamino")];
    leave_community(
        &scene.hub,
        &scene.set_up(Authority::Console(&console)),
        denryoku_members,
        taken_out,
    )
    .unwrap();
    assert!(matches!(opens(desk), Err(ReadError::NotFound)));
    assert!(!sees("minamino", Role::DutyOfficer));
    // Whoever stays, and the source itself, are as before.
    assert!(sees("kitahama", Role::DutyOfficer) && opens("denryoku").is_ok());
    assert!(sees("ministry", Role::Analyst));
}

#[test]
fn an_advisory_keeps_its_addressees_and_the_next_leaves_a_former_member_out() {
    let scene = Scene::new();
    let id = community(&scene, CommunityKind::CeptoarMembers, Some("denryoku"));
    let to_all = || writing(&scene, [Chosen::Community(id, Tier::Ciso)]);
    let first = issued(&scene, to_all());
    let minamino = administrator(&scene, "minamino");
    let own = minamino.organization;
    leave(&scene.hub, &scene.call(&minamino), id, own).unwrap();
    let second = issued(&scene, to_all());
    let opens = |name, advisory| {
        let reader = scene.actor(name, Role::DutyOfficer);
        hub::inbox::open(&scene.hub, &scene.call(&reader), advisory).is_ok()
    };
    assert!(opens("minamino", first), "it was an addressee itself");
    assert!(!opens("minamino", second));
    assert!(opens("kitahama", first) && opens("kitahama", second));
}

#[test]
fn who_may_put_in_and_take_out_is_the_regimes_rule() {
    let scene = Scene::new();
    let id = community(&scene, CommunityKind::CeptoarMembers, Some("denryoku"));
    let plan = community(&scene, CommunityKind::ActionPlan, None);
    let own = enter(&scene, OrganizationKind::Operator, "own", Some("denryoku"));
    let strange = enter(&scene, OrganizationKind::Operator, "strange", Some("suido"));
    assert!(members(&scene, id).contains(&own), "entered with its relay");
    let denryoku = administrator(&scene, "denryoku");
    let try_join = |actor: &Actor, id, who| join(&scene.hub, &scene.call(actor), id, who);
    let try_leave = |actor: &Actor, id, who| leave(&scene.hub, &scene.call(actor), id, who);

    // The secretariat takes out whom it likes, and puts in those that report to it.
    try_leave(&denryoku, id, own).unwrap();
    assert!(!members(&scene, id).contains(&own));
    assert!(matches!(
        try_leave(&denryoku, id, own),
        Err(CommunityError::Changed)
    ));
    try_join(&denryoku, id, own).unwrap();
    assert!(matches!(
        try_join(&denryoku, id, own),
        Err(CommunityError::Changed)
    ));
    assert!(matches!(
        try_join(&denryoku, id, strange),
        Err(CommunityError::NotFound)
    ));
    // The keeper of the hub puts in any that the regime takes.
    let center = administrator(&scene, "center");
    try_join(&center, id, strange).unwrap();
    let ministry = scene.organization("ministry");
    assert!(matches!(
        try_join(&center, id, ministry),
        Err(CommunityError::NotFound)
    ));
    // Nobody else does either, and everybody finds the same nothing.
    for (name, role) in [
        ("suido", Role::Administrator),
        ("ministry", Role::Administrator),
        ("denryoku", Role::Officer),
        ("center", Role::Officer),
        ("aokawa", Role::Administrator),
    ] {
        let actor = scene.actor(name, role);
        assert!(
            matches!(try_leave(&actor, id, own), Err(CommunityError::NotFound)),
            "{name}"
        );
        assert!(
            matches!(try_join(&actor, id, own), Err(CommunityError::NotFound)),
            "{name}"
        );
        let seen = show(&scene.hub, &scene.call(&actor), id, 0, "");
        assert!(matches!(seen, Err(ReadError::NotFound)), "{name}");
    }
    // A member ends its own membership alone, and not that of the action plan.
    let minamino = administrator(&scene, "minamino");
    let kitahama = scene.organization("kitahama");
    assert!(matches!(
        try_leave(&minamino, id, kitahama),
        Err(CommunityError::NotFound)
    ));
    try_leave(&minamino, id, minamino.organization).unwrap();
    assert!(matches!(
        try_leave(&minamino, plan, minamino.organization),
        Err(CommunityError::NotFound)
    ));
    assert!(matches!(
        try_join(&minamino, id, minamino.organization),
        Err(CommunityError::NotFound)
    ));
    try_leave(&center, plan, minamino.organization).unwrap();
}

#[test]
fn a_help_desk_adds_no_clients_by_itself_and_clients_do_not_see_each_other() {
    let scene = Scene::new();
    let desk = enter(&scene, OrganizationKind::HelpDesk, "desk", None);
    let served = scene.store.read(store::organization::communities).unwrap();
    let served = served.iter().find(|one| one.secretariat == Some(desk));
    let served = served.unwrap().id;
    let center = administrator(&scene, "center");
    for name in ["kitahama", "aokawa"] {
        let client = scene.organization(name);
        join(&scene.hub, &scene.call(&center), served, client).unwrap();
    }
    let kitahama = administrator(&scene, "kitahama");
    let seen = show(&scene.hub, &scene.call(&kitahama), served, 0, "").unwrap();
    assert_eq!((seen.members, seen.card.member_count), (None, None));
    assert_eq!((seen.own_leave, seen.entry), (Leave::Open, Entry::Shut));
    // A clerk of the desk, made an administrator: his own community, and nothing to put in.
    let mut head = center.clone();
    head.organization = desk;
    head.kind = OrganizationKind::HelpDesk;
    head.keeping = domain::actor::Keeping::Member;
    let seen = show(&scene.hub, &scene.call(&head), served, 0, "").unwrap();
    assert_eq!(seen.members.unwrap().len(), 2);
    assert_eq!(seen.entry, Entry::Shut);
    let minamino = scene.organization("minamino");
    assert!(matches!(
        join(&scene.hub, &scene.call(&head), served, minamino),
        Err(CommunityError::NotFound)
    ));
    leave(
        &scene.hub,
        &scene.call(&kitahama),
        served,
        kitahama.organization,
    )
    .unwrap();
    assert_eq!(
        members(&scene, served),
        [scene.organization("aokawa")].into()
    );
}

#[test]
fn nobody_learns_who_is_in_a_community_that_does_not_concern_him() {
    let scene = Scene::new();
    let ids = |actor: &Actor| -> Vec<CommunityId> {
        let cards = list(&scene.hub, &scene.call(actor)).unwrap();
        cards.iter().map(|card| card.id).collect()
    };
    let denryoku = community(&scene, CommunityKind::CeptoarMembers, Some("denryoku"));
    let suido = community(&scene, CommunityKind::CeptoarMembers, Some("suido"));
    let plan = community(&scene, CommunityKind::ActionPlan, None);
    assert_eq!(ids(&administrator(&scene, "center")).len(), 3);
    assert_eq!(ids(&administrator(&scene, "denryoku")), [denryoku]);
    assert_eq!(
        ids(&administrator(&scene, "aokawa")),
        [suido, plan],
        "by kind"
    );
    assert_eq!(ids(&administrator(&scene, "ministry")), []);
    let officer = scene.actor("denryoku", Role::Officer);
    let refused = list(&scene.hub, &scene.call(&officer));
    assert!(matches!(refused, Err(ReadError::NotFound)));

    let kitahama = administrator(&scene, "kitahama");
    let seen = show(&scene.hub, &scene.call(&kitahama), denryoku, 0, "").unwrap();
    let names: Vec<String> = seen
        .members
        .unwrap()
        .into_iter()
        .map(|row| row.label.name_ja)
        .collect();
    assert_eq!(names, ["kitahama", "minamino"]);
    assert_eq!(seen.card.standing, Standing::In);
    // Absent and hidden are the same.
    for id in [suido, CommunityId::from_random([7; 16])] {
        let seen = show(&scene.hub, &scene.call(&kitahama), id, 0, "");
        assert!(matches!(seen, Err(ReadError::NotFound)));
    }
    // The keeper finds whom he can put in, by name.
    let center = administrator(&scene, "center");
    let seen = show(&scene.hub, &scene.call(&center), denryoku, 0, "AO").unwrap();
    let Entry::Open { candidates, .. } = seen.entry else {
        panic!("the keeper puts in");
    };
    assert_eq!(candidates.len(), 1);
    assert_eq!(candidates[0].id, scene.organization("aokawa"));
}

#[test]
fn a_change_is_in_the_members_own_log_and_before_its_own_administrators() {
    let scene = Scene::new();
    let id = community(&scene, CommunityKind::CeptoarMembers, Some("denryoku"));
    let kitahama = administrator(&scene, "kitahama");
    let own = kitahama.organization;
    let denryoku = administrator(&scene, "denryoku");
    scene.advance(60);
    leave(&scene.hub, &scene.call(&denryoku), id, own).unwrap();
    scene.advance(60);
    join(&scene.hub, &scene.call(&denryoku), id, own).unwrap();
    let changes = hub::members::list(&scene.hub, &scene.call(&kitahama), None)
        .unwrap()
        .changes;
    let told: Vec<MemberChange> = changes.iter().map(|one| one.change).collect();
    assert_eq!(
        told,
        [MemberChange::CommunityJoined, MemberChange::CommunityLeft]
    );
    let names = changes[0].community.clone().unwrap();
    assert_eq!(names.1, "community");
    assert!(matches!(&changes[0].by, hub::members::Doer::Outside(label)
        if label.id == denryoku.organization));
    let entries = scene
        .store
        .read(move |reader| store::log::about(reader, store::log::View::All, &id.to_string()))
        .unwrap();
    let events: Vec<(&str, Option<OrganizationId>)> = entries
        .iter()
        .map(|entry| (entry.event.as_str(), entry.owner))
        .filter(|(event, owner)| *owner == Some(own) && event.starts_with("community-"))
        .collect();
    assert_eq!(events.len(), 3, "joined at first, left, joined: {events:?}");
}

#[test]
fn leaving_says_what_ends_and_what_stays() {
    let scene = Scene::new();
    let id = community(&scene, CommunityKind::CeptoarMembers, Some("denryoku"));
    let kitahama = administrator(&scene, "kitahama");
    let told = leaving(
        &scene.hub,
        &scene.call(&kitahama),
        id,
        kitahama.organization,
    )
    .unwrap();
    assert_eq!(told.own, Standing::In);
    assert_eq!(told.ends, [Ending::Members, Ending::Addressed]);
    assert!(told.stays.contains(&Staying::Reporting) && told.stays.contains(&Staying::Shared));
    // Somebody who reports elsewhere loses the clerks of this secretariat.
    let aokawa = scene.organization("aokawa");
    let center = administrator(&scene, "center");
    join(&scene.hub, &scene.call(&center), id, aokawa).unwrap();
    let told = leaving(&scene.hub, &scene.call(&center), id, aokawa).unwrap();
    assert_eq!(told.own, Standing::Out);
    assert_eq!(
        told.ends,
        [Ending::Members, Ending::Clerk, Ending::Addressed]
    );
    leave(&scene.hub, &scene.call(&center), id, aokawa).unwrap();
    let gone = leaving(&scene.hub, &scene.call(&center), id, aokawa);
    assert!(matches!(gone, Err(ReadError::NotFound)));
}

#[test]
fn the_council_is_founded_once_with_all_ceptoars() {
    let scene = Scene::new();
    let center = administrator(&scene, "center");
    let offered = foundable(&scene.hub, &scene.set_up(Authority::Member(&center))).unwrap();
    assert_eq!(offered.len(), 1, "the action plan is there");
    assert_eq!(offered[0].kind, CommunityKind::Council);
    assert_eq!(offered[0].member_count, 2);
    let new = |secretariat: Option<&'static str>| Founding {
        kind: CommunityKind::Council,
        name_ja: None,
        name_en: None,
        secretariat: secretariat.map(|name| scene.organization(name)),
    };
    let found = |actor: &Actor, new| {
        found_community(&scene.hub, &scene.set_up(Authority::Member(actor)), new)
    };
    for wrong in [None, Some("kitahama")] {
        let refused = found(&center, new(wrong));
        assert!(matches!(refused, Err(SetUpError::Secretariat { .. })));
    }
    let denryoku = administrator(&scene, "denryoku");
    let refused = found(&denryoku, new(Some("denryoku")));
    assert!(matches!(refused, Err(SetUpError::NotPermitted)));
    let id = found(&center, new(Some("denryoku"))).unwrap();
    let ceptoars = ["denryoku", "suido"].map(|name| scene.organization(name));
    assert_eq!(members(&scene, id), ceptoars.into());
    let again = found(&center, new(Some("suido")));
    assert!(matches!(
        again,
        Err(SetUpError::Founded(CommunityKind::Council))
    ));
    // Each CEPTOAR finds it among its changes, and a CEPTOAR entered later is in it.
    let suido = administrator(&scene, "suido");
    let changes = hub::members::list(&scene.hub, &scene.call(&suido), None).unwrap();
    assert_eq!(changes.changes[0].change, MemberChange::CommunityJoined);
    let later = enter(&scene, OrganizationKind::Ceptoar, "gas", Some("ministry"));
    assert!(members(&scene, id).contains(&later));
    // Its secretariat sees the members, and the circle of its own members is as before.
    let seen = show(&scene.hub, &scene.call(&denryoku), id, 0, "").unwrap();
    assert_eq!(seen.members.unwrap().len(), 3);
    let organization = scene.organization("denryoku");
    let map = scene
        .store
        .read(move |reader| store::organization::circle_map(reader, organization, None))
        .unwrap();
    let own = community(&scene, CommunityKind::CeptoarMembers, Some("denryoku"));
    assert_eq!(map.members, Some(own));
}

#[test]
fn a_list_is_taken_out_whole_or_not_at_all() {
    let scene = Scene::new();
    let console = Installer::local_console();
    let authority = Authority::Console(&console);
    let id = community(&scene, CommunityKind::CeptoarMembers, Some("denryoku"));
    let [kitahama, aokawa] = ["kitahama", "aokawa"].map(|name| scene.organization(name));
    let refused = leave_community(
        &scene.hub,
        &scene.set_up(authority),
        id,
        vec![kitahama, aokawa],
    );
    assert!(matches!(refused, Err(SetUpError::NotIn { organization }) if organization == aokawa));
    assert!(members(&scene, id).contains(&kitahama));
    let nowhere = CommunityId::from_random([7; 16]);
    let refused = leave_community(
        &scene.hub,
        &scene.set_up(authority),
        nowhere,
        vec![kitahama],
    );
    assert!(matches!(refused, Err(SetUpError::NoCommunity(_))));
    // A community without rules in the data takes nobody.
    let made = create_communities(
        &scene.hub,
        &scene.set_up(authority),
        vec![NewCommunity {
            kind: CommunityKind::Isac,
            code: None,
            name_ja: BoundedText::parse("会").unwrap(),
            name_en: BoundedText::parse("circle").unwrap(),
            secretariat: None,
            members: vec![],
        }],
    );
    assert!(members(&scene, made.unwrap()[0]).is_empty());
}
