//! What is refused before anything of it is opened: a clock tells no hidden thing from an absent one.

use std::sync::Arc;

use domain::organization::Role;
use domain::report::Custody;
use hub::release::{ReviewError, begin, desk};
use hub::submit::submit;
use hub::{Hub, Random};
use seal::object::MasterKey;
use seal::secret::password::Cost;
use store::keyring::Keyring;
use store::{Location, Store, StoreError};

use crate::scene::{Scene, incident};

/// Of a draft of another desk not even the ciphertext is opened before it is refused: with a wrong
/// master key nothing opens, and only the own desk finds it broken.
#[test]
fn the_desk_is_checked_before_a_draft_is_opened() {
    let directory = tempfile::tempdir().unwrap();
    let location = Location::Directory(directory.path().to_owned());
    let scene = Scene::on(&location);
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let analyst = scene.actor("denryoku", Role::Analyst);
    let officer = scene.actor("suido", Role::Officer);
    let staff = scene.actor("denryoku", Role::Staff);
    let filing = incident(Custody::Named, "夜間の通信");
    let report = submit(&scene.hub, &scene.call(&source), filing).unwrap();
    let review = begin(&scene.hub, &scene.call(&analyst), report.report).unwrap();

    let mut random = Random::from_seed([12; 32]);
    let keyring = Keyring::new("hub.test", MasterKey::generate(&mut random));
    let store = Store::open(&location, keyring).unwrap();
    let hub = Hub::new(store, Arc::new(scene.hub.reference().clone()), Cost::Test);
    let opened = |actor| desk(&hub, &scene.call(actor), review).err().unwrap();
    assert!(matches!(opened(&officer), ReviewError::NotFound));
    assert!(matches!(opened(&staff), ReviewError::NotFound));
    assert!(matches!(
        opened(&analyst),
        ReviewError::Store(StoreError::Unreadable { .. })
    ));
}
