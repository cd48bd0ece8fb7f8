//! The mail that a question was answered: to who asked, and seen by nobody between.

use domain::advisory::chosen::Chosen;
use domain::advisory::delivery::{Failure, Occasion};
use domain::advisory::withdrawal::{Copies, Why};
use domain::handling::Tlp;
use domain::id::AdvisoryId;
use domain::organization::{Role, Tier};
use hub::close::close_advisory;
use hub::deliver::{Dispatch, failed, take_due};
use hub::members::end_place;
use hub::question::answer;
use hub::reach::{Deliveries, of, retry};
use hub::recall::recall;
use store::advisory::addressee;
use store::{Stamp, StoreError};

use crate::question::{answer_all, asks, first, to_asker};
use crate::scene::Scene;
use crate::way_down::{alert, issued, writing};

const ASKED: &str = "更新は翌朝でもよいですか。";

/// What the worker takes now, but for the mails of the issue.
fn answers_told(scene: &Scene) -> Vec<Dispatch> {
    let mut told = Vec::new();
    loop {
        let taken = take_due(&scene.hub, scene.now.get(), scene.random()).unwrap();
        if taken.is_empty() {
            return told;
        }
        let of_answers = |mail: &Dispatch| mail.occasion == Occasion::Answered;
        told.extend(taken.into_iter().filter(of_answers));
    }
}

/// Addresses of `told`, without what stands behind the sign.
fn to(told: &[Dispatch]) -> Vec<&str> {
    told.iter()
        .map(|mail| mail.address.content().as_str())
        .collect()
}

/// An advisory about which the duty officer of `kitahama` asked.
fn asked(scene: &Scene) -> AdvisoryId {
    let id = issued(scene, alert(scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    asks(scene, &duty, id, ASKED).unwrap();
    assert!(answers_told(scene).is_empty(), "nothing is answered yet");
    id
}

#[test]
fn who_asked_is_told_by_mail_and_nobody_else() {
    let scene = Scene::new();
    let officer = scene.actor("denryoku", Role::Officer);
    for alone in [true, false] {
        let id = asked(&scene);
        let question = first(&scene, id);
        if alone {
            answer(&scene.hub, &scene.call(&officer), question, 0, to_asker()).unwrap();
        } else {
            answer_all(&scene, question);
        }
        let told = answers_told(&scene);
        assert_eq!(to(&told), ["duty-officer@kitahama.example"]);
        assert_eq!((told[0].advisory, told[0].due_at), (id, None));
    }
}

#[test]
fn a_newer_text_overtakes_it_as_little_as_closing_and_a_recall_does() {
    let scene = Scene::new();
    let officer = scene.actor("denryoku", Role::Officer);
    let answered = || {
        let id = asked(&scene);
        let question = first(&scene, id);
        answer(&scene.hub, &scene.call(&officer), question, 0, to_asker()).unwrap();
        id
    };
    let id = answered();
    crate::amend::amended(&scene, id, alert(&scene));
    assert_eq!(answers_told(&scene).len(), 1, "amended");
    let id = answered();
    close_advisory(&scene.hub, &scene.call(&officer), id).unwrap();
    assert_eq!(answers_told(&scene).len(), 1, "closed");
    let id = answered();
    let call = scene.call(&officer);
    recall(&scene.hub, &call, id, Why::Wrong, Copies::Delete).unwrap();
    assert!(answers_told(&scene).is_empty(), "recalled");
}

#[test]
fn who_left_since_is_told_nothing() {
    let scene = Scene::new();
    let id = asked(&scene);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let runs = scene.actor("kitahama", Role::Administrator);
    end_place(&scene.hub, &scene.call(&runs), duty.membership).unwrap();
    let question = first(&scene, id);
    let officer = scene.actor("denryoku", Role::Officer);
    answer(&scene.hub, &scene.call(&officer), question, 0, to_asker()).unwrap();
    assert!(answers_told(&scene).is_empty());
}

#[test]
fn who_leaves_while_the_mail_waits_is_told_nothing() {
    let scene = Scene::new();
    let id = asked(&scene);
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let question = first(&scene, id);
    let officer = scene.actor("denryoku", Role::Officer);
    answer(&scene.hub, &scene.call(&officer), question, 0, to_asker()).unwrap();
    let runs = scene.actor("kitahama", Role::Administrator);
    end_place(&scene.hub, &scene.call(&runs), duty.membership).unwrap();
    assert!(answers_told(&scene).is_empty());
}

#[test]
fn whose_line_passes_on_while_the_mail_waits_is_told_nothing() {
    let scene = Scene::new();
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let next = scene.actor("kitahama", Role::Officer).person;
    let named = Chosen::Person(duty.person, duty.organization, Tier::Ciso);
    let mut red = writing(&scene, [named]);
    red.tlp = Tlp::Red;
    let id = issued(&scene, red);
    asks(&scene, &duty, id, ASKED).unwrap();
    answers_told(&scene);
    let question = first(&scene, id);
    let officer = scene.actor("denryoku", Role::Officer);
    answer(&scene.hub, &scene.call(&officer), question, 0, to_asker()).unwrap();
    let stamp = Stamp {
        name: "test.pass_on",
        now: scene.now.get(),
        random: scene.random(),
    };
    let passed = scene.store.write::<_, StoreError>(stamp, move |tx| {
        let asked = store::question::find(tx, question)?.unwrap().question;
        let line = addressee::find(tx, asked.line)?.unwrap();
        addressee::pass_on(tx, &line, next)
    });
    passed.unwrap();
    assert!(answers_told(&scene).is_empty());
}

/// The CEPTOAR looks after the line of its member, and does not learn that the member asked the center.
#[test]
fn a_desk_between_sees_no_mail_of_an_answer() {
    let scene = Scene::new();
    let center = scene.actor("center", Role::Officer);
    let relay = scene.actor("denryoku", Role::Officer);
    let chosen = ["denryoku", "kitahama"].map(|name| {
        let organization = scene.actor(name, Role::Officer).organization;
        Chosen::Organization(organization, Tier::Ciso)
    });
    let author = scene.actor("center", Role::Analyst);
    let draft = writing(&scene, chosen);
    let id = hub::compose::save(&scene.hub, &scene.call(&author), None, draft).unwrap();
    hub::compose::propose(&scene.hub, &scene.call(&author), id).unwrap();
    hub::issue::issue(&scene.hub, &scene.call(&center), id, 1).unwrap();
    answers_told(&scene);
    let mails =
        |actor| -> Deliveries { of(&scene.hub, &scene.call(actor), id).unwrap().deliveries };
    let before = (mails(&relay), mails(&center));

    let duty = scene.actor("kitahama", Role::DutyOfficer);
    asks(&scene, &duty, id, ASKED).unwrap();
    let asked = hub::question::beside(&scene.hub, &scene.call(&center), id).unwrap();
    let question = asked.desk.unwrap()[0].id;
    answer(&scene.hub, &scene.call(&center), question, 0, to_asker()).unwrap();
    assert_eq!(mails(&relay), before.0, "waiting");
    assert_eq!(mails(&center).waiting_count, before.1.waiting_count + 1);
    let mail = answers_told(&scene).remove(0);
    let (now, random) = (scene.now.get(), scene.random());
    failed(&scene.hub, mail.id, Failure::Refused, now, random).unwrap();
    assert_eq!(mails(&relay), before.0, "given up");
    assert_eq!(mails(&center).failed.len(), 1);
    assert_eq!(retry(&scene.hub, &scene.call(&relay), id).unwrap(), 0);
    assert_eq!(retry(&scene.hub, &scene.call(&center), id).unwrap(), 1);
}
