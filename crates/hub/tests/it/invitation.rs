//! Invitations: who may make them, what a link does, and that it does it once.

use domain::actor::{Actor, Assurance};
use domain::organization::{Post, Role, Tier};
use domain::policy::{Action, permits};
use domain::text::BoundedText;
use hub::ReadError;
use hub::deliver::{MailRelay, note_relay};
use hub::invite::{
    AcceptError, INVITATION_SECONDS, InviteError, NewInvitation, Newcomer, OpenedAim, Way,
    WrittenIn, accept, invite, invite_all, join, letter_sent, open, revoke, take_letters,
};
use hub::set_up::LoginName;
use hub::sign_in::{
    CredentialError, pending_totp, places, resume, set_password, set_password_and_app,
};

use crate::doors::{PASSWORD, key_of, seconds};
use crate::scene::Scene;

pub(crate) fn duty(tier: Tier) -> Post {
    Post {
        role: Role::DutyOfficer,
        tier,
    }
}

pub(crate) fn somebody(scene: &Scene, name: &'static str, posts: Vec<Post>) -> NewInvitation {
    NewInvitation {
        organization: scene.organization(name),
        name: BoundedText::parse("山﨑 髙").unwrap(),
        mail: Some(BoundedText::parse("yamazaki@kitahama.example").unwrap()),
        language: WrittenIn::Japanese,
        posts,
    }
}

fn newcomer(login: &str) -> Newcomer {
    Newcomer {
        name: BoundedText::parse("山﨑 髙").unwrap(),
        login: LoginName::parse(login).unwrap(),
        language: WrittenIn::Japanese,
    }
}

/// The link of an invitation of a duty officer into `name`, by its own administrator.
fn link(scene: &Scene, name: &'static str) -> String {
    let administrator = scene.actor(name, Role::Administrator);
    let new = somebody(
        scene,
        name,
        vec![duty(Tier::SystemStaff), duty(Tier::OtStaff)],
    );
    let made = invite(&scene.hub, &scene.call(&administrator), new).unwrap();
    by_hand(made.way)
}

fn by_hand(way: Way) -> String {
    match way {
        Way::ByHand(link) => link,
        Way::ByMail => panic!("no relay is configured"),
    }
}

/// Takes `link` up as `login`; who acts then.
fn take_up(scene: &Scene, link: &str, login: &str) -> Result<Actor, AcceptError> {
    let random = scene.random();
    let begun = accept(
        &scene.hub,
        link,
        Some(newcomer(login)),
        scene.now.get(),
        &random,
    )?;
    Ok(resume(&scene.hub, &begun.secret, scene.now.get())
        .unwrap()
        .actor)
}

/// Gives the actor a password and an app, as his first way in; who acts then.
pub(crate) fn equip(scene: &Scene, actor: &Actor) -> Result<Actor, CredentialError> {
    let pending = pending_totp(&scene.hub, &scene.call(actor), "basis").unwrap();
    let code = key_of(&pending.base32).code_at(seconds(scene.now.get()));
    let call = scene.call(actor);
    let made = set_password_and_app(&scene.hub, &call, "basis", PASSWORD, &code)?;
    Ok(match made.begun {
        Some(begun) => {
            resume(&scene.hub, &begun.secret, scene.now.get())
                .unwrap()
                .actor
        }
        None => actor.clone(),
    })
}

#[test]
fn a_link_leads_once_to_the_places_it_names() {
    let scene = Scene::new();
    let link = link(&scene, "kitahama");
    for _ in 0..3 {
        let opened = open(&scene.hub, &link, scene.now.get()).unwrap();
        let posts = vec![duty(Tier::SystemStaff), duty(Tier::OtStaff)];
        assert_eq!(opened.aim, OpenedAim::Join(posts));
        assert_eq!(opened.guest.content().0, "山﨑 髙");
    }
    let invited = take_up(&scene, &link, "yamazaki@kitahama.example").unwrap();
    assert_eq!(invited.assurance, Assurance::Invitation);
    assert!(!Action::ALL.iter().any(|action| permits(&invited, *action)));
    assert_eq!(places(&scene.hub, &scene.call(&invited)).unwrap().len(), 2);
    // Whoever closed the window comes back by the same link, as the same person.
    let opened = open(&scene.hub, &link, scene.now.get()).unwrap();
    assert_eq!(opened.aim, OpenedAim::GoOn);
    let again = take_up(&scene, &link, "somebody-else@kitahama.example").unwrap();
    assert_eq!(again.person, invited.person);

    let member = equip(&scene, &again).unwrap();
    assert_eq!(member.assurance, Assurance::TwoFactor);
    assert!(permits(&member, Action::Submit));
    assert!(matches!(
        open(&scene.hub, &link, scene.now.get()),
        Err(ReadError::NotFound)
    ));
    let answer = take_up(&scene, &link, "third@kitahama.example");
    assert!(matches!(answer, Err(AcceptError::NotFound)));
    // A session that the link began before gives no second way in.
    assert!(matches!(
        equip(&scene, &invited),
        Err(CredentialError::NotFound)
    ));
}

#[test]
fn half_a_way_in_is_none() {
    let scene = Scene::new();
    let link = link(&scene, "kitahama");
    let invited = take_up(&scene, &link, "yamazaki@kitahama.example").unwrap();
    let answer = set_password(&scene.hub, &scene.call(&invited), "", PASSWORD);
    assert!(matches!(answer, Err(CredentialError::NotFound)));
}

#[test]
fn of_two_at_once_one_person_is_entered() {
    let scene = Scene::new();
    let link = link(&scene, "kitahama");
    let (hub, now) = (scene.hub.clone(), scene.now.get());
    let randoms: Vec<_> = (0..4).map(|_| scene.random()).collect();
    let begun: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = randoms
            .iter()
            .enumerate()
            .map(|(number, random)| {
                let (hub, link) = (&hub, &link);
                let login = format!("yamazaki-{number}");
                scope.spawn(move || accept(hub, link, Some(newcomer(&login)), now, random))
            })
            .collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let people: std::collections::BTreeSet<_> = begun
        .iter()
        .filter_map(|one| one.as_ref().ok())
        .filter_map(|begun| resume(&scene.hub, &begun.secret, now).ok())
        .map(|resumed| resumed.actor.person)
        .collect();
    // Whoever came later goes on as the same person; only the newest session is left.
    assert_eq!(people.len(), 1);
}

#[test]
fn wrong_expired_and_withdrawn_links_lead_nowhere() {
    let scene = Scene::new();
    let now = scene.now.get();
    let administrator = scene.actor("kitahama", Role::Administrator);
    let new = somebody(&scene, "kitahama", vec![duty(Tier::Ciso)]);
    let made = invite(&scene.hub, &scene.call(&administrator), new).unwrap();
    let withdrawn = by_hand(made.way);
    // Another organization's administrator has no hand in it.
    let foreign = scene.actor("minamino", Role::Administrator);
    let answer = revoke(&scene.hub, &scene.call(&foreign), made.id);
    assert!(matches!(answer, Err(ReadError::NotFound)));
    open(&scene.hub, &withdrawn, now).unwrap();
    revoke(&scene.hub, &scene.call(&administrator), made.id).unwrap();
    let expired = link(&scene, "kitahama");
    let late = now.plus_seconds(INVITATION_SECONDS);
    let wrong = format!("nrs_inv_{}", "a".repeat(52));
    for (link, at) in [
        (&withdrawn, now),
        (&expired, late),
        (&wrong, now),
        (&String::new(), now),
    ] {
        assert!(matches!(
            open(&scene.hub, link, at),
            Err(ReadError::NotFound)
        ));
        let answer = accept(
            &scene.hub,
            link,
            Some(newcomer("y@k.example")),
            at,
            &scene.random(),
        );
        assert!(matches!(answer, Err(AcceptError::NotFound)));
    }
}

#[test]
fn nobody_gives_more_than_he_may() {
    let scene = Scene::new();
    let post = |role| Post {
        role,
        tier: Tier::Ciso,
    };
    for (who, role, given, name, fits) in [
        (
            "kitahama",
            Role::Administrator,
            Role::Administrator,
            "kitahama",
            "yes",
        ),
        (
            "kitahama",
            Role::Administrator,
            Role::Auditor,
            "kitahama",
            "beyond",
        ),
        (
            "kitahama",
            Role::Administrator,
            Role::Custodian,
            "kitahama",
            "beyond",
        ),
        (
            "kitahama",
            Role::Administrator,
            Role::Staff,
            "minamino",
            "hidden",
        ),
        ("kitahama", Role::Officer, Role::Staff, "kitahama", "hidden"),
        (
            "denryoku",
            Role::Administrator,
            Role::Staff,
            "kitahama",
            "hidden",
        ),
        (
            "center",
            Role::Administrator,
            Role::Auditor,
            "center",
            "yes",
        ),
        (
            "center",
            Role::Administrator,
            Role::Administrator,
            "kitahama",
            "yes",
        ),
        ("center", Role::Officer, Role::Staff, "center", "hidden"),
    ] {
        let actor = scene.actor(who, role);
        // One post that is not his to give refuses all of them.
        let posts = vec![duty(Tier::OtStaff), post(given)];
        let answer = invite(
            &scene.hub,
            &scene.call(&actor),
            somebody(&scene, name, posts),
        );
        match fits {
            "yes" => assert!(answer.is_ok(), "{who} {role} {given} {name}"),
            "beyond" => {
                assert!(matches!(answer, Err(InviteError::Beyond(found)) if found == given));
            }
            _ => assert!(
                matches!(answer, Err(InviteError::NotFound)),
                "{who} {role} {name}"
            ),
        }
    }
    let actor = scene.actor("kitahama", Role::Administrator);
    for posts in [vec![], vec![duty(Tier::Ciso), duty(Tier::Ciso)]] {
        let answer = invite(
            &scene.hub,
            &scene.call(&actor),
            somebody(&scene, "kitahama", posts),
        );
        assert!(matches!(answer, Err(InviteError::Posts)));
    }
}

#[test]
fn a_list_is_invited_whole_or_not_at_all() {
    let scene = Scene::new();
    let actor = scene.actor("kitahama", Role::Administrator);
    let good = somebody(&scene, "kitahama", vec![duty(Tier::Ciso)]);
    let bad = somebody(&scene, "minamino", vec![duty(Tier::Ciso)]);
    let answer = invite_all(&scene.hub, &scene.call(&actor), vec![good.clone(), bad]);
    assert!(matches!(answer, Err(InviteError::NotFound)));
    let made = invite_all(&scene.hub, &scene.call(&actor), vec![good.clone(), good]).unwrap();
    let links: std::collections::BTreeSet<_> =
        made.into_iter().map(|one| by_hand(one.way)).collect();
    assert_eq!(links.len(), 2);
}

#[test]
fn a_member_joins_another_organization_and_nobody_invites_himself() {
    let scene = Scene::new();
    let link = link(&scene, "kitahama");
    let administrator = scene.actor("kitahama", Role::Administrator);
    let answer = join(&scene.hub, &scene.call(&administrator), &link);
    assert!(matches!(answer, Err(AcceptError::Yourself)));
    let member = scene.actor("minamino", Role::Officer);
    let taken = take_up(&scene, &link, "officer@minamino.example");
    assert!(matches!(taken, Err(AcceptError::LoginTaken)));
    join(&scene.hub, &scene.call(&member), &link).unwrap();
    assert_eq!(places(&scene.hub, &scene.call(&member)).unwrap().len(), 3);
    let answer = join(&scene.hub, &scene.call(&member), &link);
    assert!(matches!(answer, Err(AcceptError::NotFound)));
}

#[test]
fn sign_in_names_cannot_be_tried_out_without_limit() {
    let scene = Scene::new();
    let link = link(&scene, "kitahama");
    for _ in 0..6 {
        let taken = take_up(&scene, &link, "officer@minamino.example");
        assert!(matches!(taken, Err(AcceptError::LoginTaken)));
    }
    let answer = take_up(&scene, &link, "nobody@minamino.example");
    assert!(matches!(answer, Err(AcceptError::TooMany(_))));
}

#[test]
fn with_a_relay_the_link_goes_by_mail_alone_and_leaves_the_store() {
    let scene = Scene::new();
    let now = scene.now.get();
    note_relay(&scene.hub, MailRelay::Configured, now, scene.random()).unwrap();
    let administrator = scene.actor("kitahama", Role::Administrator);
    let new = somebody(&scene, "kitahama", vec![duty(Tier::Ciso)]);
    let mut unreachable = new.clone();
    unreachable.mail = None;
    let made = invite(&scene.hub, &scene.call(&administrator), new).unwrap();
    assert_eq!(made.way, Way::ByMail);
    let answer = invite(&scene.hub, &scene.call(&administrator), unreachable).unwrap();
    assert!(matches!(answer.way, Way::ByHand(_)));
    let letters = take_letters(&scene.hub, now, scene.random()).unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].address.content(), "yamazaki@kitahama.example");
    open(&scene.hub, letters[0].secret.content(), now).unwrap();
    // Leased: nobody else sends it.
    assert!(
        take_letters(&scene.hub, now, scene.random())
            .unwrap()
            .is_empty()
    );
    letter_sent(&scene.hub, made.id, now, scene.random()).unwrap();
    let kept = scene
        .store
        .read::<_, store::StoreError>(move |reader| store::letter::secret(reader, made.id));
    assert!(kept.unwrap().is_none());
}
