use std::collections::BTreeMap;

use domain::advisory::Progress;
use domain::advisory::chosen::Chosen;
use domain::advisory::feedback::{Feedback, Matching, Remark, Timeliness, Usefulness};
use domain::confidential::Confidential;
use domain::id::AdvisoryId;
use domain::organization::{Role, Tier};
use domain::report::Custody;
use domain::report::receipt::What;
use domain::statistic::Figure;
use domain::time::{DAY_SECONDS, Timestamp};
use hub::ReadError;
use hub::acknowledge::{Answer, answer};
use hub::compose::{propose, save};
use hub::feedback::{EffectSeen, FeedbackError, Stand, Watches, beside, give, seen};
use hub::inbox::open;
use hub::issue::issue;
use hub::receipts::of;
use store::StoreError;
use store::advisory::{addressee, done};

use crate::border::Case;
use crate::scene::Scene;
use crate::way_down::{alert, issued, writing};

const NAMED: [&str; 7] = [
    "denryoku",
    "suido",
    "kitahama",
    "minamino",
    "aokawa",
    "ministry",
    "coordination",
];

/// An alert of the center to seven organizations.
fn center_alert(scene: &Scene) -> AdvisoryId {
    let author = scene.actor("center", Role::Analyst);
    let officer = scene.actor("center", Role::Officer);
    let chosen = NAMED.map(|name| {
        let organization = scene.actor(name, Role::DutyOfficer).organization;
        Chosen::Organization(organization, Tier::Ciso)
    });
    let draft = writing(scene, chosen);
    let id = save(&scene.hub, &scene.call(&author), None, draft).unwrap();
    propose(&scene.hub, &scene.call(&author), id).unwrap();
    issue(&scene.hub, &scene.call(&officer), id, 1).unwrap();
    id
}

fn acts(scene: &Scene, id: AdvisoryId, name: &'static str, said: Answer) {
    let duty = scene.actor(name, Role::DutyOfficer);
    let line = open(&scene.hub, &scene.call(&duty), id).unwrap().lines[0].id;
    answer(&scene.hub, &scene.call(&duty), id, line, said).unwrap();
}

fn feedback(useful: Usefulness, remark: &str) -> Feedback {
    Feedback {
        useful,
        timeliness: Timeliness::InTime,
        matched: Matching::No,
        remark: Remark::parse(remark).ok().map(Confidential::new),
    }
}

fn says(
    scene: &Scene,
    id: AdvisoryId,
    name: &'static str,
    useful: Usefulness,
) -> Result<(), FeedbackError> {
    let duty = scene.actor(name, Role::DutyOfficer);
    give(&scene.hub, &scene.call(&duty), id, feedback(useful, name))
}

fn effect(scene: &Scene, id: AdvisoryId) -> EffectSeen {
    let officer = scene.actor("center", Role::Officer);
    seen(&scene.hub, &scene.call(&officer), id).unwrap()
}

#[test]
fn feedback_is_asked_of_those_who_acted_and_kept_from_the_next_day_on() {
    let scene = Scene::new();
    let id = center_alert(&scene);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let stand = || beside(&scene.hub, &scene.call(&duty), id).unwrap().stand;
    assert_eq!(stand(), Stand::NotAsked);
    let early = says(&scene, id, "kitahama", Usefulness::Yes);
    assert!(matches!(early, Err(FeedbackError::NotYet)));
    acts(&scene, id, "kitahama", Answer::Accepted);
    assert_eq!(stand(), Stand::Open);
    says(&scene, id, "kitahama", Usefulness::Yes).unwrap();
    says(&scene, id, "kitahama", Usefulness::Partly).unwrap();
    let given = beside(&scene.hub, &scene.call(&duty), id).unwrap().given;
    let given = given.unwrap();
    assert_eq!(given.row.useful, Usefulness::Partly);
    assert_eq!(given.remark.unwrap().content(), "kitahama");
    scene.advance(DAY_SECONDS);
    assert_eq!(stand(), Stand::Counted);
    let late = says(&scene, id, "kitahama", Usefulness::No);
    assert!(matches!(late, Err(FeedbackError::Counted)));
}

#[test]
fn others_give_no_feedback_and_see_none() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    for (name, role) in [
        ("aokawa", Role::DutyOfficer),
        ("ministry", Role::Officer),
        ("kitahama", Role::Staff),
        ("kitahama", Role::Administrator),
    ] {
        let actor = scene.actor(name, role);
        let said = give(
            &scene.hub,
            &scene.call(&actor),
            id,
            feedback(Usefulness::No, "x"),
        );
        assert!(
            matches!(said, Err(FeedbackError::NotFound)),
            "{name} {role}"
        );
        let looked = seen(&scene.hub, &scene.call(&actor), id);
        assert!(matches!(looked, Err(ReadError::NotFound)), "{name} {role}");
    }
    // An addressee with somebody below it, who is not the issuer, reads no answers.
    let id = center_alert(&scene);
    let relay = scene.actor("denryoku", Role::Officer);
    let looked = seen(&scene.hub, &scene.call(&relay), id);
    assert!(matches!(looked, Err(ReadError::NotFound)));
    let around = beside(&scene.hub, &scene.call(&relay), id).unwrap();
    assert_eq!(around.watches, Watches::Yes);
    let duty = scene.actor("kitahama", Role::Officer);
    let around = beside(&scene.hub, &scene.call(&duty), id).unwrap();
    assert_eq!(around.watches, Watches::No);
}

#[test]
fn a_few_answers_are_withheld_and_remarks_with_them() {
    let scene = Scene::new();
    let id = center_alert(&scene);
    for name in &NAMED[..4] {
        acts(&scene, id, name, Answer::Done);
        says(&scene, id, name, Usefulness::Yes).unwrap();
    }
    scene.advance(2 * DAY_SECONDS);
    let few = effect(&scene, id);
    assert_eq!(few.effect.useful.cells, [Figure::Withheld; 3]);
    assert!(few.remarks.is_empty());
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let around = beside(&scene.hub, &scene.call(&duty), id).unwrap();
    assert_eq!(around.acted, Figure::Withheld);
}

#[test]
fn from_five_on_the_figures_are_the_same_for_the_issuer_and_for_the_source() {
    let case = Case::new(Custody::Named);
    let scene = &case.scene;
    case.release("監視用の端末から、夜に外への通信があった。");
    let author = scene.actor("ministry", Role::Analyst);
    let officer = scene.actor("ministry", Role::Officer);
    let names = ["denryoku", "suido", "kitahama", "minamino", "aokawa"];
    let chosen = names.map(|name| {
        let organization = scene.actor(name, Role::DutyOfficer).organization;
        Chosen::Organization(organization, Tier::Ciso)
    });
    let mut draft = writing(scene, chosen);
    draft.reports = [case.report].into();
    let id = save(&scene.hub, &scene.call(&author), None, draft).unwrap();
    propose(&scene.hub, &scene.call(&author), id).unwrap();
    issue(&scene.hub, &scene.call(&officer), id, 1).unwrap();
    for name in names {
        acts(scene, id, name, Answer::Done);
        says(scene, id, name, Usefulness::Yes).unwrap();
    }
    scene.advance(2 * DAY_SECONDS);
    let worth = seen(&scene.hub, &scene.call(&officer), id).unwrap();
    assert_eq!(worth.effect.useful.cells[0], Figure::Shown(5));
    assert_eq!(worth.remarks.len(), 5);
    assert_eq!(worth.pace.done_seconds, Some(0));
    let source = scene.actor("kitahama", Role::DutyOfficer);
    let around = beside(&scene.hub, &scene.call(&source), id).unwrap();
    assert_eq!(around.acted, Figure::Shown(5));
    let became = of(&scene.hub, &scene.call(&source), case.report).unwrap();
    let told = became.events.iter().find_map(|event| match &event.what {
        What::LedTo { useful, .. } => Some(useful),
        _ => None,
    });
    assert_eq!(told, Some(&worth.effect.useful));
}

/// What is counted when a line changes is what the lines say, whatever happened to them.
#[test]
fn who_has_done_it_is_counted_as_the_lines_say() {
    let scene = Scene::new();
    let id = center_alert(&scene);
    let counted = |expected: &[u64]| {
        let (counts, lines) = scene
            .store
            .read::<_, StoreError>(move |reader| {
                Ok((
                    done::by_day(reader, id)?,
                    addressee::of_advisory(reader, id)?,
                ))
            })
            .unwrap();
        let begin = |at: Timestamp| Timestamp::start_of_day_in_japan(at.day_in_japan());
        let mut first: BTreeMap<_, Timestamp> = BTreeMap::new();
        for line in lines.iter().filter(|line| line.progress == Progress::Done) {
            let day = begin(line.settled_at.unwrap());
            let known = first.entry(line.organization).or_insert(day);
            *known = day.min(*known);
        }
        let mut days: BTreeMap<Timestamp, u64> = BTreeMap::new();
        for day in first.into_values() {
            *days.entry(day).or_default() += 1;
        }
        assert_eq!(days.values().copied().collect::<Vec<_>>(), expected);
        assert_eq!(counts, days.into_iter().collect::<Vec<_>>());
    };
    counted(&[]);
    acts(&scene, id, "denryoku", Answer::Done);
    acts(&scene, id, "suido", Answer::Done);
    acts(&scene, id, "ministry", Answer::Accepted);
    counted(&[2]);
    scene.advance(DAY_SECONDS);
    acts(&scene, id, "ministry", Answer::Done);
    // Done again the next day, and taken back by another answer.
    acts(&scene, id, "suido", Answer::Done);
    acts(&scene, id, "denryoku", Answer::NotApplicable);
    counted(&[2]);
    acts(&scene, id, "denryoku", Answer::Done);
    scene.advance(DAY_SECONDS);
    acts(&scene, id, "kitahama", Answer::Done);
    counted(&[3, 1]);
}

#[test]
fn the_issuer_reads_why_somebody_cannot_and_nobody_else_does() {
    let scene = Scene::new();
    let id = center_alert(&scene);
    let reason = Confidential::new(Remark::parse("定期点検まで止められない").unwrap());
    acts(&scene, id, "aokawa", Answer::Cannot(reason));
    let worth = effect(&scene, id);
    assert_eq!(worth.reasons.len(), 1);
    assert_eq!(worth.reasons[0].organization.name_en, "aokawa");
    assert_eq!(worth.reasons[0].text.content(), "定期点検まで止められない");
    let relay = scene.actor("suido", Role::Officer);
    let looked = seen(&scene.hub, &scene.call(&relay), id);
    assert!(matches!(looked, Err(ReadError::NotFound)));
}
