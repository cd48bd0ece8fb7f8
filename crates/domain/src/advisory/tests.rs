use super::*;
use crate::handling::{Circle, Consent};

fn proposal() -> Proposal {
    let operator = OrganizationId::from_random([1; 16]);
    Proposal {
        addressees: [Addressee::Tier(operator, Tier::Ciso)].into(),
        written: [Field::Title, Field::Gist, Field::ActionCiso].into(),
        dues: [(Tier::Ciso, Timestamp::from_seconds(100))].into(),
        handling: Handling {
            tlp: Tlp::Amber,
            purposes: ["defense".parse().unwrap()].into(),
            circles: [Circle::CeptoarMembers].into(),
            expires_at: None,
            consent: Consent::Undecided,
        },
        storage: Storage::Here,
        barred: BTreeSet::new(),
    }
}

fn lacking(change: impl FnOnce(&mut Proposal)) -> Vec<Lack> {
    let mut proposal = proposal();
    change(&mut proposal);
    lacks(&proposal, Timestamp::from_seconds(0))
}

#[test]
fn a_whole_proposal_lacks_nothing() {
    assert_eq!(lacking(|_| ()), []);
}

#[test]
fn each_lack_is_named() {
    assert_eq!(
        lacking(|p| p.addressees.clear()),
        [Lack::Addressee, Lack::AddresseeOf(Tier::Ciso)]
    );
    assert_eq!(
        lacking(|p| _ = p.written.remove(&Field::ActionCiso)),
        [Lack::Action(Tier::Ciso)]
    );
    assert_eq!(lacking(|p| p.dues.clear()), [Lack::Undated(Tier::Ciso)]);
    assert_eq!(
        lacking(|p| _ = p.written.insert(Field::ActionOtStaff)),
        [Lack::AddresseeOf(Tier::OtStaff)]
    );
    let overdue = Timestamp::from_seconds(0);
    assert_eq!(
        lacking(|p| p.dues = [(Tier::Ciso, overdue)].into()),
        [Lack::Due(Tier::Ciso)]
    );
    assert_eq!(
        lacking(|p| p.written = [Field::ActionCiso].into()),
        [Lack::Title, Lack::Gist]
    );
    assert_eq!(lacking(|p| p.handling.purposes.clear()), [Lack::Purpose]);
    assert_eq!(
        lacking(|p| _ = p.barred.insert(OrganizationKind::Supplier)),
        [Lack::Grade(OrganizationKind::Supplier)]
    );
    assert_eq!(lacking(|p| p.handling.tlp = Tlp::Red), [Lack::PersonsOnly]);
}

#[test]
fn material_held_elsewhere_is_not_written_here() {
    let lacks = lacking(|p| {
        p.storage = Storage::Elsewhere;
        p.written.insert(Field::Detail);
    });
    assert_eq!(
        lacks,
        [
            Lack::HeldElsewhere(Field::Gist),
            Lack::HeldElsewhere(Field::Detail)
        ]
    );
}

#[test]
fn only_a_proposed_advisory_is_issued() {
    for stage in AdvisoryStage::ALL {
        assert_eq!(
            stage.after(AdvisoryStep::Issue).is_ok(),
            *stage == AdvisoryStage::Proposed
        );
    }
    assert!(
        AdvisoryStage::ALL
            .iter()
            .all(|s| *s != AdvisoryStage::Recalled
                || AdvisoryStep::ALL.iter().all(|step| s.after(*step).is_err()))
    );
}

#[test]
fn progress_never_falls_back_by_itself() {
    assert_eq!(Progress::Done.after(Progress::Opened), Progress::Done);
    assert_eq!(Progress::Done.after(Progress::Cannot), Progress::Cannot);
    assert_eq!(
        Progress::Waiting.after(Progress::Delivered),
        Progress::Delivered
    );
}
