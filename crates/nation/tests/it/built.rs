//! The nation on a real store in memory.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::actor::Actor;
use domain::report::Custody;
use domain::time::Timestamp;
use hub::inbox::Wanted;
use hub::set_up::{StoreKind, store_kind};
use hub::{Call, Hub, Random, inbox, intake, sign_in};
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
    let (hub, mut plan) = (hub(), Nation::plan(1, Variant::Published));
    bare(&mut plan);
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

/// Leaves only the register of a plan.
fn bare(plan: &mut Plan) {
    plan.reports.clear();
    plan.counts.clear();
    plan.advisories.clear();
}

/// Who signs in under a role's link.
fn actor(hub: &Hub, built: &Built, role: &str) -> Actor {
    let random = Random::from_seed([8; 32]).derive(role);
    let begun = sign_in::by_link(hub, &built.roles[role].secret, NOW, &random).unwrap();
    sign_in::resume(hub, &begun.secret, NOW).unwrap().actor
}

fn call<'a>(actor: &'a Actor, label: &str) -> Call<'a> {
    Call {
        actor,
        now: NOW,
        random: Random::from_seed([9; 32]).derive(label),
    }
}

#[test]
fn every_desk_has_something_on_it() {
    let (hub, plan) = (hub(), Nation::plan(1, Variant::Published));
    let (built, steps) = built(&hub, &plan);
    assert_eq!(built.reports.len(), plan.reports.len());
    let mut counted = steps.iter().filter(|step| step.step == Step::Reports);
    assert!(counted.clone().all(|step| step.done <= step.total));
    assert_eq!(counted.next_back().unwrap().done, plan.reports.len());
    for role in [
        "ceptoar_analyst",
        "other_ceptoar_officer",
        "ministry_analyst",
        "center_officer",
        "coordinator",
        "police",
    ] {
        let actor = actor(&hub, &built, role);
        let page = intake::list(&hub, &call(&actor, role), None).unwrap();
        assert!(!page.rows.is_empty(), "{role}");
        for row in page.rows.iter().take(3) {
            let opened = intake::open(
                &hub,
                &call(&actor, &format!("{role} {}", row.head.id)),
                row.head.id,
            )
            .unwrap();
            assert!(!opened.parts.is_empty(), "{role}");
        }
        if role == "ceptoar_analyst" {
            let talks = |played: &&nation::PlayedReport| {
                let looking = call(&actor, &format!("talk {}", played.id));
                hub::dialogue::at_desk(&hub, &looking, played.id)
                    .is_ok_and(|found| !found.messages.is_empty())
            };
            assert!(built.reports.iter().any(|played| talks(&played)), "{role}");
        }
    }
    assert_eq!(built.advisories.len(), plan.advisories.len());
    for role in [
        "operator_duty",
        "operator_ciso",
        "operator_ot",
        "operator_executive",
    ] {
        let actor = actor(&hub, &built, role);
        let open = inbox::list(&hub, &call(&actor, &format!("open {role}")), Wanted::Open).unwrap();
        assert!(!open.is_empty(), "{role} has nothing to do");
    }
    the_situation_shows_figures(&hub, &built);
    clerks_have_whom_to_enter_for(&hub, &built, &plan);
    let coded = built.reports.iter().zip(&plan.reports);
    for (played, planned) in coded {
        assert_eq!(
            played.mailbox_code.is_some(),
            planned.custody != Custody::Named
        );
    }
}

/// In the weeks of the wave and of the last flood, and for sectors of whole quarters.
fn the_situation_shows_figures(hub: &Hub, built: &Built) {
    let center = actor(hub, built, "center_analyst");
    let board = hub::situation::board(hub, &call(&center, "situation")).unwrap();
    let weeks = board.weeks.unwrap();
    let shown: BTreeSet<&str> = weeks
        .iter()
        .flat_map(|(_, week)| week.content().keys())
        .map(domain::word::Code::as_str)
        .collect();
    let hit = BTreeSet::from(["medical", "government", "finance", "railways"]);
    assert!(hit.is_subset(&shown), "{shown:?}");
    let busy = weeks.iter().filter(|(_, week)| !week.content().is_empty());
    assert!(busy.count() >= 2);
    // A week was published when it was over, not when the nation was built.
    assert!(NOW.seconds_since(board.published_at.unwrap()) < 7 * 86_400);
    assert!(board.wholes.iter().any(|(_, whole)| whole.is_some()));
}

/// The clerks of the relay and of the help desk have members, and wrote down what some told.
fn clerks_have_whom_to_enter_for(hub: &Hub, built: &Built, plan: &Plan) {
    for role in ["help_desk", "ceptoar_second_officer"] {
        let (clerk, organization) = (actor(hub, built, role), built.roles[role].organization);
        let desk = hub::phone::desk(hub, &call(&clerk, &format!("desk {role}"))).unwrap();
        assert!(desk.members.len() >= 10, "{role}");
        let entered = plan.reports.iter().filter(|report| {
            let by = report.written_down.map(|clerk| &plan.people[clerk.person]);
            by.is_some_and(|by| built.organizations[by.place.organization] == organization)
        });
        assert!(entered.count() >= 2, "{role}");
    }
}

#[test]
fn the_same_seed_and_time_give_the_same_nation() {
    let mut plan = Nation::plan(3, Variant::Published);
    plan.reports.truncate(30);
    plan.counts.truncate(10);
    plan.advisories.truncate(5);
    let facts = |_| {
        let (built, _) = built(&hub(), &plan);
        let ids: Vec<String> = built.reports.iter().map(|one| one.id.to_string()).collect();
        let secrets: Vec<String> = built.roles.into_values().map(|one| one.secret).collect();
        (ids, secrets, built.organizations)
    };
    assert_eq!(facts(1), facts(2));
}
