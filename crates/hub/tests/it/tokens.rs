//! Tokens, sessions and ceremonies: what each lets somebody do, and until when.

use std::collections::BTreeSet;

use domain::actor::Assurance;
use domain::organization::{Post, Role, Tier};
use domain::policy::Action;
use domain::text::BoundedText;
use hub::members::change_place;
use hub::sign_in::{
    CredentialError, SessionStanding, add_passkey, answer_ceremony, begin_registration,
    begin_sign_in, by_passkey, end_session, passkey_owner, places, purposes, remove_passkey,
    resume, sessions, set_purpose, switch_place,
};
use hub::tokens::{self, NewToken, TokenError};
use hub::{ReadError, near_miss};

use crate::scene::Scene;

const DAY: i64 = 86_400;

fn new(scene: &Scene, scope: &[Action], days: i64) -> NewToken {
    NewToken {
        label: BoundedText::parse("SOC").unwrap(),
        scope: scope.iter().copied().collect::<BTreeSet<_>>(),
        purpose: "defense".parse().unwrap(),
        expires_at: scene.now.get().plus_seconds(days * DAY),
    }
}

#[test]
fn a_token_acts_for_its_place_within_its_scope_until_its_day() {
    let scene = Scene::new();
    let actor = scene.actor("kitahama", Role::DutyOfficer);
    let token = new(&scene, &[Action::ReadReceipts], 30);
    let secret = tokens::issue(&scene.hub, &scene.call(&actor), token).unwrap();
    let program = tokens::resume(&scene.hub, &secret, scene.now.get()).unwrap();
    assert_eq!(program.actor.membership, actor.membership);
    assert_eq!(program.actor.assurance, Assurance::Token);
    // The owner may submit; the token may not.
    assert!(near_miss::desk(&scene.hub, &scene.call(&actor)).is_ok());
    assert!(near_miss::desk(&scene.hub, &scene.call(&program.actor)).is_err());
    let later = scene.now.get().plus_seconds(30 * DAY);
    assert!(tokens::resume(&scene.hub, &secret, later).is_err());

    let listed = tokens::list(&scene.hub, &scene.call(&actor)).unwrap();
    // Nobody else revokes it.
    let other = scene.actor("kitahama", Role::Staff);
    let answer = tokens::revoke(&scene.hub, &scene.call(&other), listed[0].id);
    assert!(matches!(answer, Err(ReadError::NotFound)));
    tokens::revoke(&scene.hub, &scene.call(&actor), listed[0].id).unwrap();
    assert!(tokens::resume(&scene.hub, &secret, scene.now.get()).is_err());
}

#[test]
fn no_token_approves_appoints_or_outlives_a_year() {
    let scene = Scene::new();
    for (place, role) in [
        ("denryoku", Role::Officer),
        ("center", Role::Administrator),
        ("center", Role::Officer),
        ("kitahama", Role::Administrator),
    ] {
        let actor = scene.actor(place, role);
        for action in [
            Action::ApproveRelease,
            Action::IssueAdvisory,
            Action::RequestOpening,
            Action::ApproveOpening,
            Action::ManageMembers,
            Action::ManageHub,
        ] {
            let answer = tokens::issue(&scene.hub, &scene.call(&actor), new(&scene, &[action], 30));
            assert!(matches!(answer, Err(TokenError::Scope)), "{role} {action}");
        }
    }
    let actor = scene.actor("kitahama", Role::DutyOfficer);
    for (scope, days, wrong) in [
        (vec![Action::Submit], 366, "life"),
        (vec![Action::Submit], 0, "life"),
        (vec![], 30, "scope"),
        (vec![Action::Submit, Action::Intake], 30, "scope"),
    ] {
        let answer = tokens::issue(&scene.hub, &scene.call(&actor), new(&scene, &scope, days));
        match answer {
            Err(TokenError::Life) => assert_eq!(wrong, "life"),
            Err(TokenError::Scope) => assert_eq!(wrong, "scope"),
            other => panic!("{other:?}"),
        }
    }
    let mut token = new(&scene, &[Action::Submit], 30);
    token.purpose = "supervision".parse().unwrap();
    let answer = tokens::issue(&scene.hub, &scene.call(&actor), token);
    assert!(matches!(answer, Err(TokenError::Purpose)));
}

#[test]
fn a_ceremony_is_answered_once_by_who_began_it_and_in_time() {
    let scene = Scene::new();
    let actor = scene.actor("kitahama", Role::DutyOfficer);
    let other = scene.actor("kitahama", Role::Staff);
    let answer = |secret: &str, who, seconds| {
        let at = scene.now.get().plus_seconds(seconds);
        answer_ceremony(&scene.hub, secret, who, at, &scene.random())
    };
    let begin = || {
        begin_registration(&scene.hub, &scene.call(&actor), " 当番用 ", "{}".to_owned()).unwrap()
    };
    let secret = begin();
    let kept = answer(&secret, Some(actor.person), 60).unwrap();
    assert_eq!(kept.label.as_deref(), Some("当番用"));
    assert!(answer(&secret, Some(actor.person), 60).is_err());
    // Somebody else's answer spends it as well.
    let secret = begin();
    assert!(answer(&secret, Some(other.person), 60).is_err());
    assert!(answer(&secret, Some(actor.person), 60).is_err());
    assert!(answer(&begin(), None, 60).is_err());
    assert!(answer(&begin(), Some(actor.person), 301).is_err());
    let now = scene.now.get();
    let secret = begin_sign_in(&scene.hub, "{}".to_owned(), now, &scene.random()).unwrap();
    assert!(answer(&secret, Some(actor.person), 60).is_err());
}

#[test]
fn a_passkey_signs_in_its_owner_and_the_last_way_in_stays() {
    let scene = Scene::new();
    let actor = scene.actor("kitahama", Role::DutyOfficer);
    let add = |json: &str| {
        let call = scene.call(&actor);
        add_passkey(&scene.hub, &call, "鍵", json.to_owned()).unwrap()
    };
    assert!(add("{\"n\":1}").is_none());
    let owner = passkey_owner(&scene.hub, &scene.call(&actor)).unwrap();
    let id = owner.passkeys[0].id;
    let sign = |handle, id| {
        let json = "{\"n\":2}".to_owned();
        by_passkey(
            &scene.hub,
            handle,
            id,
            json,
            scene.now.get(),
            &scene.random(),
        )
    };
    let begun = sign(owner.handle, id).unwrap();
    let resumed = resume(&scene.hub, &begun.secret, scene.now.get()).unwrap();
    assert_eq!(resumed.actor.assurance, Assurance::Passkey);
    let owner = passkey_owner(&scene.hub, &scene.call(&actor)).unwrap();
    assert_eq!(owner.passkeys[0].json, "{\"n\":2}");
    // Somebody else's handle with this key signs in nobody.
    let other = scene.actor("kitahama", Role::Staff);
    assert!(sign(other.person.to_bytes(), id).is_err());

    let answer = remove_passkey(&scene.hub, &scene.call(&actor), id);
    assert!(matches!(answer, Err(CredentialError::OnlyWayIn)));
    add("{\"n\":3}");
    remove_passkey(&scene.hub, &scene.call(&actor), id).unwrap();
    assert!(sign(owner.handle, id).is_err());
}

#[test]
fn sessions_are_new_each_time_and_end_when_they_are_ended() {
    let scene = Scene::new();
    let actor = scene.actor("kitahama", Role::DutyOfficer);
    let call = || scene.call(&actor);
    let switch = |to| switch_place(&scene.hub, &call(), to).map(|begun| begun.secret);
    let (first, second) = (
        switch(actor.membership).unwrap(),
        switch(actor.membership).unwrap(),
    );
    assert_ne!(first, second);
    let running = sessions(&scene.hub, &call(), &first).unwrap();
    assert_eq!(running.len(), 2);
    let another = running
        .iter()
        .find(|one| one.standing == SessionStanding::Another)
        .unwrap();
    // Only the owner ends it.
    let stranger = scene.actor("minamino", Role::DutyOfficer);
    let answer = end_session(&scene.hub, &scene.call(&stranger), &another.handle);
    assert!(matches!(answer, Err(ReadError::NotFound)));
    end_session(&scene.hub, &call(), &another.handle).unwrap();
    assert!(resume(&scene.hub, &second, scene.now.get()).is_err());
    assert!(resume(&scene.hub, &first, scene.now.get()).is_ok());
    // Nobody goes on from a place that is not his.
    assert!(switch(stranger.membership).is_err());
    assert_eq!(places(&scene.hub, &call()).unwrap().len(), 1);
}

#[test]
fn a_purpose_is_chosen_among_those_of_the_office() {
    let scene = Scene::new();
    let now = scene.now.get();
    let officer = scene.actor("ministry", Role::Officer);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let may = |actor, code: &str| {
        purposes(&scene.hub, actor, now)
            .iter()
            .any(|purpose| purpose.as_str() == code)
    };
    assert!(may(&officer, "supervision") && may(&officer, "defense"));
    assert!(!may(&duty, "supervision") && !may(&duty, "law-enforcement"));
    let begun = switch_place(&scene.hub, &scene.call(&officer), officer.membership).unwrap();
    let choose = |code| set_purpose(&scene.hub, &scene.call(&officer), &begun.secret, code);
    choose("supervision").unwrap();
    let resumed = resume(&scene.hub, &begun.secret, now).unwrap();
    assert_eq!(resumed.actor.purpose.as_str(), "supervision");
    assert!(choose("law-enforcement").is_err());
    assert!(choose("no-such-purpose").is_err());
}

#[test]
fn a_purpose_goes_with_the_office_that_reads_for_it() {
    let scene = Scene::new();
    let now = scene.now.get();
    let officer = scene.actor("ministry", Role::Officer);
    let mut token = new(&scene, &[Action::Triage], 30);
    token.purpose = "supervision".parse().unwrap();
    let secret = tokens::issue(&scene.hub, &scene.call(&officer), token).unwrap();
    let begun = switch_place(&scene.hub, &scene.call(&officer), officer.membership).unwrap();
    let call = scene.call(&officer);
    set_purpose(&scene.hub, &call, &begun.secret, "supervision").unwrap();
    assert!(tokens::resume(&scene.hub, &secret, now).is_ok());

    let own = scene.actor("ministry", Role::Administrator);
    let duty = Post {
        role: Role::DutyOfficer,
        tier: Tier::Ciso,
    };
    change_place(&scene.hub, &scene.call(&own), officer.membership, duty).unwrap();
    let answer = tokens::resume(&scene.hub, &secret, now);
    assert!(matches!(answer, Err(ReadError::NotFound)));
    let resumed = resume(&scene.hub, &begun.secret, now).unwrap();
    assert_eq!(resumed.actor.purpose.as_str(), "defense");
}
