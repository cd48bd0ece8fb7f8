//! Opinions on severity: who gives one.

use domain::handling::Circle;
use domain::organization::Role;
use domain::part::Subject;
use domain::reference::rubric::Bands;
use domain::report::Custody;
use domain::severity::Reach;
use hub::triage::{RateError, rate};
use store::part::Sight;

use crate::border::Case;
use crate::scene::incident;

#[test]
fn who_reads_it_as_a_member_of_a_community_does_not_rate_it() {
    let mut filing = incident(Custody::Named, "監視端末に不審な通信");
    filing.terms.circles = [Circle::Ministry, Circle::CeptoarMembers].into();
    let case = Case::filed("kitahama", filing);
    case.release_attack("保守用の入口から入られた。");
    let bands = Bands {
        users: Some("users-none".parse().unwrap()),
        ..Bands::default()
    };
    let rates = |name| {
        let actor = case.scene.actor(name, Role::DutyOfficer);
        let call = case.scene.call(&actor);
        rate(&case.scene.hub, &call, case.report, &bands, Reach::Readers)
    };
    let member = case.scene.actor("minamino", Role::DutyOfficer);
    let sight = Sight::of(&member, case.scene.now.get());
    let subject = Subject::Report(case.report);
    let read = move |reader: &store::Reader<'_>| store::part::visible(reader, &sight, subject);
    assert!(
        !case.scene.store.read(read).unwrap().is_empty(),
        "the gate lets it"
    );
    assert!(matches!(rates("minamino"), Err(RateError::NotFound)));
    assert!(rates("kitahama").is_ok(), "the source itself");
}
