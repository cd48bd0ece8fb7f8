//! The nation on a real store in memory.

use std::sync::Arc;

use domain::time::Timestamp;
use hub::set_up::{StoreKind, store_kind};
use hub::{Hub, Random, sign_in};
use nation::{Built, Nation, Plan, Progress, Step, Variant};
use seal::object::MasterKey;
use seal::secret::password::Cost;
use store::keyring::Keyring;
use store::{Location, Store};

/// 2026-11-20T03:00:00Z, noon in Japan.
const NOW: Timestamp = Timestamp::from_seconds(1_795_143_600);

fn hub() -> Hub {
    let mut random = Random::from_seed([5; 32]);
    let ring = Keyring::new("nation-test", MasterKey::generate(&mut random));
    let store = Store::open(&Location::Memory, ring).unwrap();
    let reference = Arc::new(exchange::reference::shipped().unwrap());
    Hub::new(store, reference, Cost::Test)
}

fn built(hub: &Hub, plan: &Plan) -> (Built, Vec<Progress>) {
    let mut steps = Vec::new();
    let built = Nation::build(plan, hub, NOW, 1, &mut |step| steps.push(step)).unwrap();
    (built, steps)
}

#[test]
fn every_role_signs_in_to_its_place() {
    let (hub, plan) = (hub(), Nation::plan(1, Variant::Published));
    let (built, steps) = built(&hub, &plan);
    assert_eq!(store_kind(&hub).unwrap(), Some(StoreKind::Demo));
    assert_eq!(built.roles.len(), plan.roles.len());
    for (role, sign_in) in &built.roles {
        let random = Random::from_seed([6; 32]).derive(role);
        let begun = sign_in::by_link(&hub, &sign_in.secret, NOW, &random).unwrap();
        let resumed = sign_in::resume(&hub, &begun.secret, NOW).unwrap();
        assert_eq!(resumed.actor.membership, sign_in.membership, "{role}");
        assert_eq!(resumed.actor.organization, sign_in.organization, "{role}");
    }
    assert!(steps.iter().any(|step| step.step == Step::Links));
    assert_eq!(built.custodian_keys.len(), 24 * 3);
}
