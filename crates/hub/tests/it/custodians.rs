//! Custodians: who enters them, who sees them, and how shares reach a successor.

use domain::id::CustodianId;
use domain::opening::Reason;
use domain::organization::Role;
use domain::report::Custody;
use domain::text::BoundedText;
use hub::custodians::{
    CustodianError, CustodianStanding, HandoverFault, Moved, appoint, desk, hand_over_file,
    take_over,
};
use hub::open_seal::request;
use hub::submit::submit;
use seal::envelope::{KeyPair, SecretKey};
use seal::identity::{Handover, SealedIdentity, verify_share};
use store::custody::sealed;

use crate::scene::{Scene, incident};

fn enter(
    scene: &Scene,
    who: (&'static str, Role),
    slot: u8,
    key: &str,
) -> Result<CustodianId, CustodianError> {
    let actor = scene.actor(who.0, who.1);
    let name = BoundedText::parse("外部弁護士").unwrap();
    appoint(&scene.hub, &scene.call(&actor), slot, &name, key)
}

fn drawn(scene: &Scene) -> KeyPair {
    KeyPair::generate(&mut scene.random())
}

#[test]
fn the_relays_administrator_appoints_and_nobody_else() {
    let scene = Scene::new();
    let key = drawn(&scene).public.to_string();
    for who in [
        ("center", Role::Administrator),
        ("ministry", Role::Administrator),
        ("kitahama", Role::Administrator),
        ("denryoku", Role::Officer),
        ("denryoku", Role::Custodian),
        ("denryoku", Role::Auditor),
    ] {
        let refused = enter(&scene, who, 1, &key);
        assert!(matches!(refused, Err(CustodianError::NotFound)), "{who:?}");
    }
    let administrator = ("denryoku", Role::Administrator);
    for slot in [0, 4] {
        let refused = enter(&scene, administrator, slot, &key);
        assert!(matches!(refused, Err(CustodianError::NotFound)));
    }
    let refused = enter(&scene, administrator, 1, "noroshi-pk1:x");
    assert!(matches!(refused, Err(CustodianError::NotAKey)));
    enter(&scene, administrator, 1, &key).unwrap();
    // One person with two slots would open alone; a key that was given up is not taken back.
    for slot in [1, 2, 3] {
        let refused = enter(&scene, administrator, slot, &key);
        assert!(matches!(refused, Err(CustodianError::KeyInUse)), "{slot}");
    }
    let former = scene.custodians[0].public_key().to_string();
    let refused = enter(&scene, administrator, 1, &former);
    assert!(matches!(refused, Err(CustodianError::KeyInUse)));
}

#[test]
fn members_see_whose_keys_they_rely_on_and_no_count() {
    let scene = Scene::new();
    let source = scene.actor("kitahama", Role::DutyOfficer);
    unnamed(&scene);
    enter(
        &scene,
        ("denryoku", Role::Administrator),
        2,
        &drawn(&scene).public.to_string(),
    )
    .unwrap();
    let shown = desk(&scene.hub, &scene.call(&source)).unwrap();
    assert_eq!(shown.standing, CustodianStanding::Relies);
    assert_eq!(shown.in_office.len(), 3);
    assert!(shown.leaving.is_empty());
    let own = scene.custodians[0].public_key().fingerprint().to_string();
    assert_eq!(shown.in_office[0].fingerprint, own);

    let keeper = scene.actor("denryoku", Role::Custodian);
    let kept = desk(&scene.hub, &scene.call(&keeper)).unwrap();
    assert_eq!((kept.leaving.len(), kept.leaving[0].held_count), (1, 1));
    // Another relay's members see their own relay, which has none; the top has none to see.
    let elsewhere = scene.actor("aokawa", Role::DutyOfficer);
    let elsewhere = desk(&scene.hub, &scene.call(&elsewhere)).unwrap();
    assert!(elsewhere.in_office.is_empty());
    let center = scene.actor("center", Role::Officer);
    let nothing = desk(&scene.hub, &scene.call(&center));
    assert!(matches!(nothing, Err(CustodianError::NotFound)));
}

fn unnamed(scene: &Scene) -> domain::id::ReportId {
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let filing = incident(Custody::Unnamed, "x");
    submit(&scene.hub, &scene.call(&source), filing)
        .unwrap()
        .report
}

fn kept(scene: &Scene, report: domain::id::ReportId) -> SealedIdentity {
    let text = scene.store.read(move |reader| sealed(reader, report));
    SealedIdentity::from_json(&text.unwrap().unwrap()).unwrap()
}

/// The second custodian leaves; the file is moved to the successor on the leaver's machine.
struct Change {
    leaving: CustodianId,
    successor: KeyPair,
}

impl Change {
    fn begin(scene: &Scene) -> Self {
        let administrator = scene.actor("denryoku", Role::Administrator);
        let before = desk(&scene.hub, &scene.call(&administrator)).unwrap();
        let successor = drawn(scene);
        enter(
            scene,
            ("denryoku", Role::Administrator),
            2,
            &successor.public.to_string(),
        )
        .unwrap();
        Self {
            leaving: before.in_office[1].id,
            successor,
        }
    }

    fn file(&self, scene: &Scene) -> Handover {
        let administrator = scene.actor("denryoku", Role::Administrator);
        let file = hand_over_file(&scene.hub, &scene.call(&administrator), self.leaving).unwrap();
        Handover::from_json(&file).unwrap()
    }

    fn take(&self, scene: &Scene, file: &Handover) -> Result<Moved, CustodianError> {
        let administrator = scene.actor("denryoku", Role::Administrator);
        let call = scene.call(&administrator);
        take_over(&scene.hub, &call, self.leaving, &file.to_json())
    }

    fn moved(&self, scene: &Scene, to: &KeyPair) -> Handover {
        let old: &SecretKey = &scene.custodians[1];
        self.file(scene)
            .rewrap(old, &to.public, &mut scene.random())
            .unwrap()
    }
}

#[test]
fn shares_go_to_the_successor_and_the_leaver_has_none() {
    let scene = Scene::new();
    let reports = [unnamed(&scene), unnamed(&scene)];
    let change = Change::begin(&scene);
    // New reports are sealed to the successor from the day of the appointment.
    let later = kept(&scene, unnamed(&scene));
    verify_share(&change.successor.secret, &later).unwrap();

    let moved = change.moved(&scene, &change.successor);
    assert!(moved.verify(&change.successor.secret).is_empty());
    let done = change.take(&scene, &moved).unwrap();
    assert_eq!((done.moved_count, done.left_count), (2, 0));
    for report in reports {
        let kept = kept(&scene, report);
        verify_share(&change.successor.secret, &kept).unwrap();
        verify_share(&scene.custodians[1], &kept).unwrap_err();
        verify_share(&scene.custodians[0], &kept).unwrap();
    }
    // Once more changes nothing.
    assert_eq!(change.take(&scene, &moved).unwrap().moved_count, 0);
}

#[test]
fn a_hand_over_to_somebody_else_is_refused_whole() {
    let scene = Scene::new();
    let reports = [unnamed(&scene), unnamed(&scene)];
    let change = Change::begin(&scene);
    let before: Vec<String> = reports.map(|report| kept(&scene, report).to_json()).into();
    let thief = drawn(&scene);
    let stolen = change.moved(&scene, &thief);
    assert!(matches!(
        change.take(&scene, &stolen),
        Err(CustodianError::Fault(HandoverFault::NotTheSuccessor))
    ));
    let unmoved = change.file(&scene);
    assert!(change.take(&scene, &unmoved).is_err());
    let after: Vec<String> = reports.map(|report| kept(&scene, report).to_json()).into();
    assert_eq!(before, after);
    for who in [
        ("suido", Role::Administrator),
        ("denryoku", Role::Custodian),
    ] {
        let actor = scene.actor(who.0, who.1);
        let refused = hand_over_file(&scene.hub, &scene.call(&actor), change.leaving);
        assert!(matches!(refused, Err(CustodianError::NotFound)), "{who:?}");
    }
}

#[test]
fn what_is_being_opened_is_handed_over_afterwards() {
    let scene = Scene::new();
    let report = unnamed(&scene);
    let officer = scene.actor("denryoku", Role::Officer);
    let change = Change::begin(&scene);
    let before = change.moved(&scene, &change.successor);
    let reason = Reason::parse("配水が止まる").unwrap();
    let purpose = "defense".parse().unwrap();
    let call = scene.call(&officer);
    let opening = request(&scene.hub, &call, report, &purpose, &reason).unwrap();
    assert!(change.file(&scene).sealed().is_empty());
    let early = change.take(&scene, &before).unwrap();
    assert_eq!((early.moved_count, early.left_count), (0, 1));
    hub::open_seal::withdraw(&scene.hub, &scene.call(&officer), opening).unwrap();
    let done = change.take(&scene, &before).unwrap();
    assert_eq!((done.moved_count, done.left_count), (1, 0));
}
