//! An answer for everybody: one person writes it, another looks at it and sends it.

use domain::confidential::Confidential;
use domain::id::{AdvisoryId, QuestionId};
use domain::organization::Role;
use hub::log::about;
use hub::question::{
    AnswerText, ProposedSeen, QuestionError, QuestionText, Standing, Turn, answer, beside, open,
    propose, send_to_everybody, waiting,
};

use crate::amend::amended;
use crate::question::{asks, first, first_text, proposes, to_asker};
use crate::scene::Scene;
use crate::way_down::{alert, issued};

const WORDING: &str = "期限までに更新できないときはどうするか。";
const ANSWER: &str = "先に管理画面を外から閉じてください。";
const BETTER: &str = "管理画面を閉じ、翌営業日に更新してください。";

/// An advisory about which the duty officer of `kitahama` asked.
fn asked(scene: &Scene) -> (AdvisoryId, QuestionId) {
    let id = issued(scene, alert(scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    asks(scene, &duty, id, "更新は翌朝でもよいですか。").unwrap();
    (id, first(scene, id))
}

fn seen(scene: &Scene, question: QuestionId, role: Role) -> Option<ProposedSeen> {
    let reader = scene.actor("denryoku", role);
    open(&scene.hub, &scene.call(&reader), question)
        .unwrap()
        .proposed
}

fn standing(scene: &Scene, id: AdvisoryId) -> Standing {
    let officer = scene.actor("denryoku", Role::Officer);
    let asked = beside(&scene.hub, &scene.call(&officer), id).unwrap();
    asked.desk.unwrap()[0].standing
}

#[test]
fn what_everybody_is_answered_is_looked_at_by_another_person_first() {
    let scene = Scene::new();
    let (id, question) = asked(&scene);
    assert!(seen(&scene, question, Role::Officer).is_none());
    proposes(&scene, question, 0, WORDING, ANSWER).unwrap();
    assert_eq!(standing(&scene, id), Standing::Proposed);
    let officer = scene.actor("denryoku", Role::Officer);
    let counts = waiting(&scene.hub, &scene.call(&officer)).unwrap();
    assert_eq!(counts, [(id, 1)].into(), "it still waits for an answer");

    let waits = seen(&scene, question, Role::Officer).unwrap();
    assert_eq!(waits.wording.content(), WORDING);
    assert_eq!(waits.text.content(), ANSWER);
    assert_eq!(waits.organization_count, 2);
    assert_eq!((waits.preview, waits.turn), (first_text(1), Turn::Send));
    let own = seen(&scene, question, Role::Analyst).unwrap();
    assert_eq!(own.turn, Turn::OwnWork);
    // Neither who asked nor a neighbor sees that there is one.
    for name in ["kitahama", "minamino"] {
        let reader = scene.actor(name, Role::DutyOfficer);
        let asked = beside(&scene.hub, &scene.call(&reader), id).unwrap();
        assert!(asked.told.is_empty() && asked.desk.is_none(), "{name}");
        assert!(asked.own.iter().all(|own| own.answered.is_none()), "{name}");
        let call = scene.call(&reader);
        let sent = send_to_everybody(&scene.hub, &call, question, first_text(1));
        assert!(matches!(sent, Err(QuestionError::NotFound)), "{name}");
    }

    send_to_everybody(&scene.hub, &scene.call(&officer), question, first_text(1)).unwrap();
    let neighbor = scene.actor("minamino", Role::DutyOfficer);
    let told = beside(&scene.hub, &scene.call(&neighbor), id).unwrap().told;
    assert_eq!(told[0].answer.content(), ANSWER);
    assert!(
        seen(&scene, question, Role::Officer).is_none(),
        "it is sent"
    );
    let again = send_to_everybody(&scene.hub, &scene.call(&officer), question, first_text(1));
    assert!(matches!(again, Err(QuestionError::Answered)));
}

#[test]
fn nobody_sends_what_he_wrote_or_has_not_read() {
    let scene = Scene::new();
    let (_, question) = asked(&scene);
    let officer = scene.actor("denryoku", Role::Officer);
    let sends = |version| {
        send_to_everybody(
            &scene.hub,
            &scene.call(&officer),
            question,
            first_text(version),
        )
    };
    proposes(&scene, question, 0, WORDING, ANSWER).unwrap();
    // The author writes it anew while the officer looks at the first version.
    assert!(matches!(
        proposes(&scene, question, 0, WORDING, BETTER),
        Err(QuestionError::Changed)
    ));
    proposes(&scene, question, 1, WORDING, BETTER).unwrap();
    assert!(matches!(sends(1), Err(QuestionError::Changed)));
    // The officer writes it himself: then it is the analyst's to look at, who does not issue.
    let wording = Confidential::new(QuestionText::parse(WORDING).unwrap());
    let text = Confidential::new(AnswerText::parse(ANSWER).unwrap());
    let call = scene.call(&officer);
    propose(&scene.hub, &call, question, 2, wording, text).unwrap();
    assert!(matches!(sends(3), Err(QuestionError::SamePerson)));
    assert_eq!(
        seen(&scene, question, Role::Analyst).unwrap().turn,
        Turn::Wait
    );
    proposes(&scene, question, 3, WORDING, BETTER).unwrap();
    sends(4).unwrap();
}

#[test]
fn who_asked_can_be_answered_alone_instead() {
    let scene = Scene::new();
    let (id, question) = asked(&scene);
    proposes(&scene, question, 0, WORDING, ANSWER).unwrap();
    let officer = scene.actor("denryoku", Role::Officer);
    answer(&scene.hub, &scene.call(&officer), question, 1, to_asker()).unwrap();
    assert!(seen(&scene, question, Role::Officer).is_none());
    let late = send_to_everybody(&scene.hub, &scene.call(&officer), question, first_text(1));
    assert!(matches!(late, Err(QuestionError::Answered)));
    let neighbor = scene.actor("minamino", Role::DutyOfficer);
    let asked = beside(&scene.hub, &scene.call(&neighbor), id).unwrap();
    assert!(asked.told.is_empty());
}

#[test]
fn an_answer_to_the_asker_drops_only_what_its_writer_has_read() {
    let scene = Scene::new();
    let (id, question) = asked(&scene);
    let officer = scene.actor("denryoku", Role::Officer);
    let answers = |based_on| {
        let call = scene.call(&officer);
        answer(&scene.hub, &call, question, based_on, to_asker())
    };
    // The officer opened the question; then the analyst wrote an answer for everybody.
    proposes(&scene, question, 0, WORDING, ANSWER).unwrap();
    assert!(matches!(answers(0), Err(QuestionError::Changed)));
    let waits = seen(&scene, question, Role::Officer).unwrap();
    assert_eq!(waits.text.content(), ANSWER, "it still waits");
    answers(1).unwrap();
    assert!(seen(&scene, question, Role::Officer).is_none());
    // That it was written and dropped is history for auditors, and tells nobody else of it.
    let told = |name, role| {
        let reader = scene.actor(name, role);
        let rows = about(&scene.hub, &scene.call(&reader), &id.to_string()).unwrap();
        let of_proposals = |event: &String| event.starts_with("question-propos");
        let mut events: Vec<String> = rows.into_iter().map(|row| row.event).collect();
        events.retain(of_proposals);
        events.sort();
        events
    };
    let all = ["question-proposal-dropped", "question-proposed"];
    assert_eq!(told("center", Role::Auditor), all);
    for (name, role) in [
        ("denryoku", Role::DutyOfficer),
        ("denryoku", Role::Officer),
        ("kitahama", Role::DutyOfficer),
    ] {
        assert!(told(name, role).is_empty(), "{name} {role}");
    }
}

#[test]
fn who_saves_the_words_that_wait_does_not_become_their_author() {
    let scene = Scene::new();
    let (_, question) = asked(&scene);
    let officer = scene.actor("denryoku", Role::Officer);
    proposes(&scene, question, 0, WORDING, ANSWER).unwrap();
    // Pressed twice.
    proposes(&scene, question, 0, WORDING, ANSWER).unwrap();
    let wording = Confidential::new(QuestionText::parse(WORDING).unwrap());
    let text = Confidential::new(AnswerText::parse(ANSWER).unwrap());
    let call = scene.call(&officer);
    propose(&scene.hub, &call, question, 1, wording, text).unwrap();
    let waits = seen(&scene, question, Role::Officer).unwrap();
    assert_eq!((waits.preview, waits.turn), (first_text(1), Turn::Send));
    let own = seen(&scene, question, Role::Analyst).unwrap();
    assert_eq!(own.turn, Turn::OwnWork);
    let call = scene.call(&officer);
    send_to_everybody(&scene.hub, &call, question, first_text(1)).unwrap();
}

#[test]
fn what_was_read_before_an_amendment_is_read_again_before_it_is_sent() {
    let scene = Scene::new();
    let (id, question) = asked(&scene);
    proposes(&scene, question, 0, WORDING, ANSWER).unwrap();
    let before = seen(&scene, question, Role::Officer).unwrap().preview;
    amended(&scene, id, alert(&scene));
    let officer = scene.actor("denryoku", Role::Officer);
    let sends = |preview| send_to_everybody(&scene.hub, &scene.call(&officer), question, preview);
    assert!(matches!(sends(before), Err(QuestionError::Changed)));
    let after = seen(&scene, question, Role::Officer).unwrap().preview;
    assert_eq!((after.version, after.revision), (1, 2));
    sends(after).unwrap();
}
