use domain::id::OrganizationId;
use domain::organization::{Post, Role, Tier};
use domain::text::BoundedText;
use hub::ReadError;
use hub::invite::{InviteError, NewInvitation, WrittenIn, invite_all};
use hub::members::{known, list};

use crate::scene::Scene;

fn new(organization: OrganizationId, name: &str, mail: &str, role: Role) -> NewInvitation {
    NewInvitation {
        organization,
        name: BoundedText::parse(name).unwrap(),
        mail: BoundedText::parse_optional(mail).unwrap(),
        language: WrittenIn::Japanese,
        posts: vec![Post {
            role,
            tier: Tier::Ciso,
        }],
    }
}

#[test]
fn a_list_read_in_twice_invites_nobody_twice() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let own = run.organization;
    let people = vec![
        new(
            own,
            "山﨑 髙",
            "yamazaki@kitahama.example",
            Role::DutyOfficer,
        ),
        new(own, "佐藤 花子", "", Role::Staff),
        new(own, "別の名", "staff@kitahama.example", Role::Staff),
    ];
    let told = || known(&scene.hub, &scene.call(&run), &people).unwrap();
    assert_eq!(told(), [false, false, true], "a member with that address");
    let first: Vec<_> = people.iter().take(2).cloned().collect();
    let made = invite_all(&scene.hub, &scene.call(&run), first).unwrap();
    assert_eq!(made.len(), 2);
    assert_eq!(told(), [true, true, true]);
    let other_post = [new(own, "佐藤　花子", "", Role::Officer)];
    let known = known(&scene.hub, &scene.call(&run), &other_post).unwrap();
    assert_eq!(known, [false], "another post is another invitation");
}

#[test]
fn a_list_with_one_bad_row_invites_nobody() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let people = vec![
        new(run.organization, "一", "", Role::Staff),
        new(run.organization, "二", "", Role::Auditor),
    ];
    let refused = invite_all(&scene.hub, &scene.call(&run), people);
    assert!(matches!(refused, Err(InviteError::Beyond(Role::Auditor))));
    let members = list(&scene.hub, &scene.call(&run), None).unwrap();
    assert!(members.waiting.is_empty());
}

#[test]
fn nobody_learns_who_works_elsewhere_by_reading_in_a_list() {
    let scene = Scene::new();
    let run = scene.actor("kitahama", Role::Administrator);
    let relay = scene.actor("denryoku", Role::Administrator);
    let people = [new(
        run.organization,
        "staff",
        "staff@kitahama.example",
        Role::Staff,
    )];
    for caller in [&relay, &scene.actor("kitahama", Role::Officer)] {
        let told = known(&scene.hub, &scene.call(caller), &people);
        assert!(matches!(told, Err(ReadError::NotFound)));
        let made = invite_all(&scene.hub, &scene.call(caller), people.to_vec());
        assert!(matches!(made, Err(InviteError::NotFound)));
    }
    let hub = scene.actor("center", Role::Administrator);
    let told = known(&scene.hub, &scene.call(&hub), &people).unwrap();
    assert_eq!(told, [true], "who runs the hub runs its members");
}
