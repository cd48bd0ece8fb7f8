//! Questions back to the issuer: who sees what, and when it ends.

use domain::actor::Actor;
use domain::advisory::chosen::Chosen;
use domain::advisory::withdrawal::{Copies, Tightening, Why};
use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::id::{AdvisoryId, QuestionId};
use domain::organization::{Role, Tier};
use hub::ReadError;
use hub::close::close_advisory;
use hub::log::{LogCursor, about, entries};
use hub::question::{
    AnswerText, AnsweredTo, Asked, Asking, OPEN_QUESTIONS_MAX, Preview, QuestionError,
    QuestionText, Standing, Tells, answer, ask, beside, open, propose, send_to_everybody, waiting,
};
use hub::recall::recall;
use hub::tighten::{Stricter, tighten_issued};
use store::question::{Text, find, text};
use store::retention::erase_advisory;
use store::{Stamp, StoreError};

use crate::scene::Scene;
use crate::way_down::{alert, issued, writing};

pub(crate) const QUESTION: &str = "夜間は保守員が不在です。更新は翌朝の始業後でもよいですか。";
pub(crate) const WORDING: &str = "期限までに更新できないときはどうするか。";
pub(crate) const ANSWER: &str = "先に管理画面を外から閉じてください。";

pub(crate) fn asks(
    scene: &Scene,
    actor: &Actor,
    id: AdvisoryId,
    text: &str,
) -> Result<(), QuestionError> {
    let text = Confidential::new(QuestionText::parse(text).unwrap());
    ask(&scene.hub, &scene.call(actor), id, text)
}

pub(crate) fn to_asker() -> Confidential<AnswerText> {
    Confidential::new(AnswerText::parse(ANSWER).unwrap())
}

/// The analyst of the issuer writes what everybody would be answered, over version `based_on`.
pub(crate) fn proposes(
    scene: &Scene,
    question: QuestionId,
    based_on: u32,
    wording: &str,
    text: &str,
) -> Result<(), QuestionError> {
    let analyst = scene.actor("denryoku", Role::Analyst);
    let wording = Confidential::new(QuestionText::parse(wording).unwrap());
    let text = Confidential::new(AnswerText::parse(text).unwrap());
    let call = scene.call(&analyst);
    propose(&scene.hub, &call, question, based_on, wording, text)
}

/// Version `version` of an answer for everybody, read beside the text first issued.
pub(crate) const fn first_text(version: u32) -> Preview {
    Preview {
        version,
        revision: 1,
    }
}

/// The same, and the officer sends it.
pub(crate) fn answer_all(scene: &Scene, question: QuestionId) {
    let officer = scene.actor("denryoku", Role::Officer);
    proposes(scene, question, 0, WORDING, ANSWER).unwrap();
    send_to_everybody(&scene.hub, &scene.call(&officer), question, first_text(1)).unwrap();
}

fn seen(scene: &Scene, actor: &Actor, id: AdvisoryId) -> Asked {
    beside(&scene.hub, &scene.call(actor), id).unwrap()
}

/// Everything of it as one text, to be compared.
fn whole(asked: &Asked) -> String {
    let told = asked.told.iter();
    let told = told.map(|told| format!("{} {}", told.wording.content(), told.answer.content()));
    let own = asked.own.iter().map(|own| {
        let answer = own.answered.as_ref();
        let answer = answer.map(|(to, _, text)| format!("{to} {}", text.content()));
        format!("{} {answer:?}", own.text.content())
    });
    let lines: Vec<String> = told.chain(own).collect();
    format!("{lines:?} {:?} {:?}", asked.asking, asked.desk)
}

/// The first question that the issuer's desk finds.
pub(crate) fn first(scene: &Scene, id: AdvisoryId) -> QuestionId {
    let officer = scene.actor("denryoku", Role::Officer);
    seen(scene, &officer, id).desk.unwrap()[0].id
}

#[test]
fn a_question_is_between_who_asks_and_the_desk_that_issued() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let neighbor = scene.actor("minamino", Role::DutyOfficer);
    let before = whole(&seen(&scene, &neighbor, id));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    asks(&scene, &duty, id, QUESTION).unwrap();
    let question = first(&scene, id);

    let own = seen(&scene, &duty, id);
    assert_eq!(own.own[0].text.content(), QUESTION);
    assert!(own.own[0].answered.is_none() && own.desk.is_none());
    // Colleagues who may read the advisory read it too; staff asks nothing.
    let staff = scene.actor("kitahama", Role::Staff);
    let colleague = seen(&scene, &staff, id);
    assert_eq!(colleague.own.len(), 1);
    assert_eq!(colleague.asking, Asking::No);
    assert!(matches!(
        asks(&scene, &staff, id, "職員の質問"),
        Err(QuestionError::NotFound)
    ));

    assert_eq!(whole(&seen(&scene, &neighbor, id)), before);
    for (name, role) in [
        ("kitahama", Role::Officer),
        ("minamino", Role::Officer),
        ("aokawa", Role::Officer),
        ("suido", Role::Officer),
        ("ministry", Role::Officer),
        ("center", Role::Officer),
        ("center", Role::Administrator),
        ("center", Role::Auditor),
        ("denryoku", Role::DutyOfficer),
        ("denryoku", Role::Administrator),
    ] {
        let other = scene.actor(name, role);
        let opened = open(&scene.hub, &scene.call(&other), question);
        assert!(matches!(opened, Err(ReadError::NotFound)), "{name} {role}");
        let answered = answer(&scene.hub, &scene.call(&other), question, 0, to_asker());
        assert!(
            matches!(answered, Err(QuestionError::NotFound)),
            "{name} {role}"
        );
        let counts = waiting(&scene.hub, &scene.call(&other)).unwrap();
        assert!(counts.is_empty(), "{name} {role}");
    }
    let duty_there = scene.actor("denryoku", Role::DutyOfficer);
    assert!(seen(&scene, &duty_there, id).desk.is_none());

    let analyst = scene.actor("denryoku", Role::Analyst);
    let call = scene.call(&analyst);
    assert_eq!(waiting(&scene.hub, &call).unwrap(), [(id, 1)].into());
    let opened = open(&scene.hub, &scene.call(&analyst), question).unwrap();
    assert_eq!(opened.text.content(), QUESTION);
    assert_eq!(opened.line.organization.name_en, "kitahama");
    answer(&scene.hub, &scene.call(&analyst), question, 0, to_asker()).unwrap();

    let (to, _, told) = seen(&scene, &duty, id).own.remove(0).answered.unwrap();
    assert_eq!((to, told.content().as_str()), (AnsweredTo::Asker, ANSWER));
    assert_eq!(whole(&seen(&scene, &neighbor, id)), before);
    assert!(
        waiting(&scene.hub, &scene.call(&analyst))
            .unwrap()
            .is_empty()
    );
    let again = answer(&scene.hub, &scene.call(&analyst), question, 0, to_asker());
    assert!(matches!(again, Err(QuestionError::Answered)));
}

#[test]
fn everybody_is_answered_in_the_issuers_words() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    asks(&scene, &duty, id, QUESTION).unwrap();
    let question = first(&scene, id);
    let officer = scene.actor("denryoku", Role::Officer);
    let sends = |actor, version| {
        send_to_everybody(
            &scene.hub,
            &scene.call(actor),
            question,
            first_text(version),
        )
    };
    for (wording, text, tells) in [
        (QUESTION, ANSWER, Tells::Copied),
        (WORDING, QUESTION, Tells::Copied),
        ("kitahamaは?", ANSWER, Tells::Named),
    ] {
        let refused = proposes(&scene, question, 0, wording, text);
        assert!(
            matches!(refused, Err(QuestionError::Tells(found)) if found == tells),
            "{wording}"
        );
    }
    assert!(matches!(sends(&officer, 0), Err(QuestionError::Changed)));
    proposes(&scene, question, 0, WORDING, ANSWER).unwrap();
    let analyst = scene.actor("denryoku", Role::Analyst);
    assert!(
        matches!(sends(&analyst, 1), Err(QuestionError::NotFound)),
        "who issues"
    );
    sends(&officer, 1).unwrap();

    let neighbor = scene.actor("minamino", Role::Staff);
    let told = seen(&scene, &neighbor, id);
    assert_eq!(told.told[0].wording.content(), WORDING);
    assert_eq!(told.told[0].answer.content(), ANSWER);
    assert_eq!(told.told[0].answer.handling().tlp, Tlp::Amber);
    assert!(told.own.is_empty() && told.desk.is_none());
    assert!(!whole(&told).contains("始業後"));
    let own = seen(&scene, &duty, id);
    assert_eq!(own.own[0].text.content(), QUESTION);
    assert_eq!(own.told.len(), 1);
    let outside = scene.actor("aokawa", Role::Officer);
    assert!(beside(&scene.hub, &scene.call(&outside), id).is_err());
}

#[test]
fn a_recall_takes_all_of_it_away() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let officer = scene.actor("denryoku", Role::Officer);
    asks(&scene, &duty, id, QUESTION).unwrap();
    let answered = first(&scene, id);
    answer_all(&scene, answered);
    asks(&scene, &duty, id, "もう1つ").unwrap();
    let open_one = first(&scene, id);
    scene.advance(60);
    let call = scene.call(&officer);
    recall(&scene.hub, &call, id, Why::Wrong, Copies::Delete).unwrap();
    for (name, role) in [
        ("kitahama", Role::DutyOfficer),
        ("minamino", Role::DutyOfficer),
        ("denryoku", Role::Officer),
    ] {
        let reader = scene.actor(name, role);
        assert!(
            beside(&scene.hub, &scene.call(&reader), id).is_err(),
            "{name}"
        );
    }
    for question in [answered, open_one] {
        assert!(open(&scene.hub, &scene.call(&officer), question).is_err());
    }
    assert!(
        waiting(&scene.hub, &scene.call(&officer))
            .unwrap()
            .is_empty()
    );
    let late = answer(&scene.hub, &scene.call(&officer), open_one, 0, to_asker());
    assert!(matches!(late, Err(QuestionError::Ended)));
    let late = asks(&scene, &duty, id, "まだ?");
    assert!(matches!(late, Err(QuestionError::Ended)));
    let outside = scene.actor("aokawa", Role::Officer);
    let outside = asks(&scene, &outside, id, "何?");
    assert!(matches!(outside, Err(QuestionError::NotFound)));
}

#[test]
fn a_closed_advisory_takes_no_question_and_answers_what_waits() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let officer = scene.actor("denryoku", Role::Officer);
    asks(&scene, &duty, id, QUESTION).unwrap();
    close_advisory(&scene.hub, &scene.call(&officer), id).unwrap();
    assert_eq!(seen(&scene, &duty, id).asking, Asking::No);
    let late = asks(&scene, &duty, id, "もう1つ");
    assert!(matches!(late, Err(QuestionError::Ended)));
    let question = first(&scene, id);
    answer(&scene.hub, &scene.call(&officer), question, 0, to_asker()).unwrap();
    assert!(seen(&scene, &duty, id).own[0].answered.is_some());
}

#[test]
fn erasing_the_advisory_erases_the_texts() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let officer = scene.actor("denryoku", Role::Officer);
    asks(&scene, &duty, id, QUESTION).unwrap();
    let question = first(&scene, id);
    answer_all(&scene, question);
    let texts = || {
        let read = scene.store.read::<_, StoreError>(move |reader| {
            let row = find(reader, question)?.unwrap().question;
            let all = [Text::Asked, Text::Answer, Text::Wording];
            let found = all.into_iter().map(|which| text(reader, &row, which));
            found.collect::<Result<Vec<_>, _>>()
        });
        read.unwrap().iter().flatten().count()
    };
    assert_eq!(texts(), 3);
    let stamp = Stamp {
        name: "test.erase",
        now: scene.now.get(),
        random: scene.random(),
    };
    scene
        .store
        .write::<_, StoreError>(stamp, move |tx| erase_advisory(tx, id))
        .unwrap();
    assert_eq!(texts(), 0);
    assert!(open(&scene.hub, &scene.call(&officer), question).is_err());
}

#[test]
fn so_many_questions_of_a_line_wait_and_no_more() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    for number in 0..OPEN_QUESTIONS_MAX {
        asks(&scene, &duty, id, &format!("質問{number}")).unwrap();
        asks(&scene, &duty, id, &format!("質問{number}")).unwrap();
    }
    let own = seen(&scene, &duty, id);
    assert_eq!(own.own.len(), OPEN_QUESTIONS_MAX, "the same words once");
    assert_eq!(own.asking, Asking::Full);
    let more = asks(&scene, &duty, id, "もう1つ");
    assert!(matches!(more, Err(QuestionError::Full)));
    let neighbor = scene.actor("minamino", Role::DutyOfficer);
    scene.advance(1);
    asks(&scene, &neighbor, id, "隣の質問").unwrap();

    let officer = scene.actor("denryoku", Role::Officer);
    let question = first(&scene, id);
    answer(&scene.hub, &scene.call(&officer), question, 0, to_asker()).unwrap();
    asks(&scene, &duty, id, "もう1つ").unwrap();
}

#[test]
fn who_is_named_alone_asks_alone() {
    let scene = Scene::new();
    let (one, two) = (
        scene.actor("kitahama", Role::DutyOfficer),
        scene.actor("kitahama", Role::Officer),
    );
    let named = |actor: &Actor| Chosen::Person(actor.person, actor.organization, Tier::Ciso);
    let mut red = writing(&scene, [named(&one), named(&two)]);
    red.tlp = Tlp::Red;
    let id = issued(&scene, red);
    asks(&scene, &one, id, QUESTION).unwrap();
    assert_eq!(seen(&scene, &one, id).own.len(), 1);
    assert!(seen(&scene, &two, id).own.is_empty());
    let colleague = scene.actor("kitahama", Role::Analyst);
    assert!(beside(&scene.hub, &scene.call(&colleague), id).is_err());
    // Nor does the organization's part of the log tell it.
    let page = entries(&scene.hub, &scene.call(&two), None::<LogCursor>).unwrap();
    let events = page.rows.iter().map(|row| row.event.as_str());
    assert!(events.filter(|event| event.starts_with("question")).count() == 0);

    let officer = scene.actor("denryoku", Role::Officer);
    let question = first(&scene, id);
    answer(&scene.hub, &scene.call(&officer), question, 0, to_asker()).unwrap();
    assert!(seen(&scene, &one, id).own[0].answered.is_some());
    assert!(seen(&scene, &two, id).own.is_empty());
}

#[test]
fn who_is_taken_out_waits_for_nothing() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    asks(&scene, &duty, id, QUESTION).unwrap();
    let question = first(&scene, id);
    let officer = scene.actor("denryoku", Role::Officer);
    let line = hub::inbox::open(&scene.hub, &scene.call(&duty), id).unwrap();
    let stricter = Stricter {
        tightening: Tightening {
            tlp: Tlp::Amber,
            taken_out: [line.lines[0].organization].into(),
        },
        why: Why::Sensitive,
        copies: Copies::Delete,
    };
    scene.advance(60);
    tighten_issued(&scene.hub, &scene.call(&officer), id, stricter).unwrap();
    assert!(beside(&scene.hub, &scene.call(&duty), id).is_err());
    assert!(
        waiting(&scene.hub, &scene.call(&officer))
            .unwrap()
            .is_empty()
    );
    let lines = seen(&scene, &officer, id).desk.unwrap();
    assert_eq!(lines[0].standing, Standing::Ended);
    let late = answer(&scene.hub, &scene.call(&officer), question, 0, to_asker());
    assert!(matches!(late, Err(QuestionError::Ended)));
}

#[test]
fn asking_reading_and_answering_stand_in_the_log_of_who_asked() {
    let scene = Scene::new();
    let id = issued(&scene, alert(&scene));
    let duty = scene.actor("kitahama", Role::DutyOfficer);
    let officer = scene.actor("denryoku", Role::Officer);
    asks(&scene, &duty, id, QUESTION).unwrap();
    let question = first(&scene, id);
    open(&scene.hub, &scene.call(&officer), question).unwrap();
    answer(&scene.hub, &scene.call(&officer), question, 0, to_asker()).unwrap();
    let told = |name, role| -> Vec<String> {
        let reader = scene.actor(name, role);
        let rows = about(&scene.hub, &scene.call(&reader), &id.to_string()).unwrap();
        let mut events: Vec<String> = rows.into_iter().map(|row| row.event).collect();
        events.retain(|event| event.starts_with("question"));
        events.sort();
        events
    };
    let all = ["question-answered", "question-asked", "question-read"];
    assert_eq!(told("kitahama", Role::DutyOfficer), all);
    assert_eq!(told("center", Role::Auditor), all);
    assert!(told("minamino", Role::DutyOfficer).is_empty());
    // An attempt at somebody else's question is history too.
    let other = scene.actor("suido", Role::Officer);
    assert!(open(&scene.hub, &scene.call(&other), question).is_err());
    let auditor = scene.actor("center", Role::Auditor);
    let rows = about(&scene.hub, &scene.call(&auditor), &question.to_string()).unwrap();
    assert_eq!(rows[0].event, "attempt-refused");
}
