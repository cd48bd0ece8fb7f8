use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::advisory::chosen::Chosen;
use domain::advisory::{AdvisoryKind, Lack, Progress};
use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::id::AdvisoryId;
use domain::organization::{Role, Tier};
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use hub::ReadError;
use hub::acknowledge::{Answer, AnswerError, answer};
use hub::compose::{ComposeError, MadeFrom, Writing, composition, propose, save};
use hub::inbox::{list, open};
use hub::issue::{IssueError, issue};
use store::advisory::inbox::Wanted;

use crate::scene::Scene;

/// An alert of the CEPTOAR to the CISO tier of all its members.
pub(crate) fn alert(scene: &Scene) -> Writing {
    let member = scene.actor("kitahama", Role::DutyOfficer);
    let members = member.communities[0];
    writing(scene, [Chosen::Community(members, Tier::Ciso)])
}

/// An alert to `chosen`, due in two hours.
pub(crate) fn writing(scene: &Scene, chosen: impl IntoIterator<Item = Chosen>) -> Writing {
    asking(scene, chosen, "装置の管理者一覧を確かめる。")
}

/// The same with `action` for the CISO.
pub(crate) fn asking(
    scene: &Scene,
    chosen: impl IntoIterator<Item = Chosen>,
    action: &str,
) -> Writing {
    let text = |field, text: &str| (field, Value::text(field, text).unwrap());
    Writing {
        kind: AdvisoryKind::Alert,
        grade: "outside-act".parse().unwrap(),
        body: Confidential::new(PartBody::new(BTreeMap::from([
            text(Field::Title, "遠隔保守用VPN装置の更新"),
            text(Field::Gist, "管理者が追加される攻撃が続いている。"),
            text(Field::ActionCiso, action),
        ]))),
        chosen: chosen.into_iter().collect(),
        dues: [(Tier::Ciso, scene.now.get().plus_seconds(7_200))].into(),
        tlp: Tlp::Amber,
        purposes: ["defense".parse().unwrap()].into(),
        reports: [].into(),
    }
}

/// Writes, proposes and issues `writing` at the CEPTOAR.
pub(crate) fn issued(scene: &Scene, writing: Writing) -> AdvisoryId {
    let author = scene.actor("denryoku", Role::Analyst);
    let officer = scene.actor("denryoku", Role::Officer);
    let id = save(&scene.hub, &scene.call(&author), None, writing).unwrap();
    propose(&scene.hub, &scene.call(&author), id).unwrap();
    issue(&scene.hub, &scene.call(&officer), id, 1).unwrap();
    id
}

/// What a change of `id` is made from now.
pub(crate) fn under_work(scene: &Scene, id: AdvisoryId) -> MadeFrom {
    let author = scene.actor("denryoku", Role::Analyst);
    let seen = composition(&scene.hub, &scene.call(&author), id).unwrap();
    MadeFrom {
        id,
        version: seen.version,
    }
}

/// What the caller's inbox holds: number of lines and their progress.
fn progress(scene: &Scene, actor: &Actor) -> Vec<Progress> {
    let lines = list(&scene.hub, &scene.call(actor), Wanted::All).unwrap();
    lines
        .iter()
        .map(|line| line.row.addressee.progress)
        .collect()
}

#[test]
fn an_advisory_reaches_its_addressees_and_is_acknowledged() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    assert_eq!(progress(&scene, &duty), [Progress::Delivered]);

    let opened = open(&scene.hub, &scene.call(&duty), id).unwrap();
    let title = opened.body.content().value(Field::Title);
    assert!(title == Some(&Value::text(Field::Title, "遠隔保守用VPN装置の更新").unwrap()));
    assert_eq!(progress(&scene, &duty), [Progress::Opened]);

    let line = opened.lines[0].id;
    answer(&scene.hub, &scene.call(&duty), id, line, Answer::Accepted).unwrap();
    assert_eq!(progress(&scene, &duty), [Progress::Accepted]);
    answer(&scene.hub, &scene.call(&duty), id, line, Answer::Done).unwrap();
    assert_eq!(progress(&scene, &duty), [Progress::Done]);
    let open_lines = list(&scene.hub, &scene.call(&duty), Wanted::Open).unwrap();
    assert!(open_lines.is_empty());
}

#[test]
fn others_see_nothing_and_answer_for_nobody() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let line = open(&scene.hub, &scene.call(&duty), id).unwrap().lines[0].id;
    for name in ["aokawa", "suido", "ministry", "center"] {
        let other = scene.actor(name, Role::DutyOfficer);
        assert!(progress(&scene, &other).is_empty(), "{name}");
        let opened = open(&scene.hub, &scene.call(&other), id);
        assert!(matches!(opened, Err(ReadError::NotFound)), "{name}");
        let answered = answer(&scene.hub, &scene.call(&other), id, line, Answer::Done);
        assert!(matches!(answered, Err(AnswerError::NotFound)), "{name}");
    }
    let member = scene.actor("minamino", Role::DutyOfficer);
    let answered = answer(&scene.hub, &scene.call(&member), id, line, Answer::Done);
    assert!(
        matches!(answered, Err(AnswerError::NotFound)),
        "another member has no say in this line"
    );
    let staff = scene.actor("kitahama", Role::Staff);
    let answered = answer(&scene.hub, &scene.call(&staff), id, line, Answer::Done);
    assert!(
        matches!(answered, Err(AnswerError::NotFound)),
        "staff reads and does not answer"
    );
}

#[test]
fn nothing_is_there_before_it_is_issued() {
    let scene = Scene::new();
    let author = scene.actor("denryoku", Role::Analyst);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let id = save(&scene.hub, &scene.call(&author), None, alert(&scene)).unwrap();
    propose(&scene.hub, &scene.call(&author), id).unwrap();
    assert!(progress(&scene, &duty).is_empty());
    assert!(matches!(
        open(&scene.hub, &scene.call(&duty), id),
        Err(ReadError::NotFound)
    ));
}

#[test]
fn one_person_alone_issues_nothing() {
    let scene = Scene::new();
    let officer = scene.actor("denryoku", Role::Officer);
    let id = save(&scene.hub, &scene.call(&officer), None, alert(&scene)).unwrap();
    propose(&scene.hub, &scene.call(&officer), id).unwrap();
    assert!(matches!(
        issue(&scene.hub, &scene.call(&officer), id, 1),
        Err(IssueError::SamePerson)
    ));
    let foreign = scene.actor("suido", Role::Officer);
    assert!(matches!(
        issue(&scene.hub, &scene.call(&foreign), id, 1),
        Err(IssueError::NotFound)
    ));
}

#[test]
fn two_who_write_at_once_do_not_overwrite_each_other() {
    let scene = Scene::new();
    let first = scene.actor("denryoku", Role::Analyst);
    let second = scene.actor("denryoku", Role::Officer);
    let id = save(&scene.hub, &scene.call(&first), None, alert(&scene)).unwrap();
    // Both open it, and each saves what he wrote.
    let opened = Some(under_work(&scene, id));
    save(&scene.hub, &scene.call(&second), opened, alert(&scene)).unwrap();
    let stale = alert(&scene);
    let stale = asking(&scene, stale.chosen, "遠隔保守を止める。");
    let refused = save(&scene.hub, &scene.call(&first), opened, stale);
    let Err(ComposeError::Changed { newest }) = refused else {
        panic!("the first overwrote what the second had saved: {refused:?}");
    };
    let now = composition(&scene.hub, &scene.call(&first), id).unwrap();
    assert_eq!(now.version, newest);
    let action = Value::text(Field::ActionCiso, "装置の管理者一覧を確かめる。").unwrap();
    let mut kept = now.body.content().fields();
    assert!(kept.any(|(field, value)| field == Field::ActionCiso && *value == action));
    // Having seen it, he may put his text in its place.
    let again = asking(&scene, alert(&scene).chosen, "遠隔保守を止める。");
    let from = Some(MadeFrom {
        id,
        version: newest,
    });
    save(&scene.hub, &scene.call(&first), from, again).unwrap();
    // Another organization learns nothing from a version it guesses.
    let stranger = scene.actor("suido", Role::Officer);
    let guessed = save(&scene.hub, &scene.call(&stranger), opened, alert(&scene));
    assert!(matches!(guessed, Err(ComposeError::NotFound)));
}

#[test]
fn the_second_person_issues_only_what_he_read() {
    let scene = Scene::new();
    let author = scene.actor("denryoku", Role::Analyst);
    let officer = scene.actor("denryoku", Role::Officer);
    let id = save(&scene.hub, &scene.call(&author), None, alert(&scene)).unwrap();
    propose(&scene.hub, &scene.call(&author), id).unwrap();
    let unproposed = save(
        &scene.hub,
        &scene.call(&author),
        Some(under_work(&scene, id)),
        alert(&scene),
    );
    assert_eq!(unproposed.unwrap(), id);
    assert!(
        matches!(
            issue(&scene.hub, &scene.call(&officer), id, 1),
            Err(IssueError::NotFound)
        ),
        "saving takes a proposal back"
    );
    propose(&scene.hub, &scene.call(&author), id).unwrap();
    assert!(matches!(
        issue(&scene.hub, &scene.call(&officer), id, 1),
        Err(IssueError::Changed)
    ));
    issue(&scene.hub, &scene.call(&officer), id, 2).unwrap();
}

#[test]
fn what_is_missing_is_named_and_stops_the_proposal() {
    let scene = Scene::new();
    let author = scene.actor("denryoku", Role::Analyst);
    let mut empty = writing(&scene, []);
    empty.purposes.clear();
    let id = save(&scene.hub, &scene.call(&author), None, empty).unwrap();
    let Err(ComposeError::Lacking(lacks)) = propose(&scene.hub, &scene.call(&author), id) else {
        panic!("an empty advisory was proposed");
    };
    assert_eq!(
        lacks,
        [
            Lack::Addressee,
            Lack::AddresseeOf(Tier::Ciso),
            Lack::Purpose
        ]
    );
}

#[test]
fn a_relay_addresses_its_own_members_only() {
    let scene = Scene::new();
    let author = scene.actor("denryoku", Role::Analyst);
    let foreign = scene.actor("aokawa", Role::DutyOfficer).organization;
    let own = scene.actor("kitahama", Role::DutyOfficer).organization;
    let chosen = [foreign, own].map(|id| Chosen::Organization(id, Tier::Ciso));
    issued(&scene, writing(&scene, chosen));
    let duty = scene.actor("aokawa", Role::DutyOfficer);
    assert!(progress(&scene, &duty).is_empty());
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    assert_eq!(progress(&scene, &duty), [Progress::Delivered]);
    let foreign_only = writing(&scene, [Chosen::Organization(foreign, Tier::Ciso)]);
    let id = save(&scene.hub, &scene.call(&author), None, foreign_only).unwrap();
    assert!(matches!(
        propose(&scene.hub, &scene.call(&author), id),
        Err(ComposeError::Lacking(_))
    ));
}
