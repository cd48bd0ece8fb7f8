//! Questions to an issuer, as pages: what was typed stays, and others receive the same bytes.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::advisory::AdvisoryKind;
use domain::advisory::chosen::Chosen;
use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::id::QuestionId;
use domain::organization::{Role, Tier};
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use hub::Call;
use hub::compose::{Writing, propose, save};
use hub::question::{AnswerText, QuestionText};
use store::question::Proposal;
use store::{Stamp, StoreError};

use crate::scene::{Received, Scene, Who};

const AUTHOR: Who = ("center", Role::Analyst);
const SECOND: Who = ("center", Role::Officer);
const ASKER: Who = ("kitahama", Role::DutyOfficer);
const OTHER: Who = ("denryoku", Role::Officer);
const QUESTION: &str = "夜間は保守員が不在です。更新は翌朝の始業後でもよいですか。";

/// An advisory of the center to the operator and its CEPTOAR; its address.
fn issued(scene: &Scene) -> String {
    let text = |field, text: &str| (field, Value::text(field, text).unwrap());
    let named = |who| Chosen::Organization(scene.actor(who).organization, Tier::Ciso);
    let writing = Writing {
        kind: AdvisoryKind::Alert,
        grade: "outside-act".parse().unwrap(),
        body: Confidential::new(PartBody::new(BTreeMap::from([
            text(Field::Title, "遠隔保守用VPN装置の更新"),
            text(Field::Gist, "管理者が追加される攻撃が続いている。"),
            text(Field::ActionCiso, "装置の管理者一覧を確かめる。"),
        ]))),
        chosen: [named(ASKER), named(OTHER)].into(),
        dues: [(Tier::Ciso, scene.now().plus_seconds(7_200))].into(),
        tlp: Tlp::Amber,
        purposes: ["defense".parse().unwrap()].into(),
        reports: [].into(),
    };
    let (author, second) = (scene.actor(AUTHOR), scene.actor(SECOND));
    let call = |actor| Call {
        actor,
        now: scene.now(),
        random: scene.random(),
    };
    let id = save(&scene.hub, &call(&author), None, writing).unwrap();
    propose(&scene.hub, &call(&author), id).unwrap();
    hub::issue::issue(&scene.hub, &call(&second), id, 1).unwrap();
    format!("/advisories/{id}")
}

/// Status, headers and body, without the tokens of the forms.
fn whole(received: &Received) -> String {
    const BEFORE: &str = "name=\"csrf\" value=\"";
    let mut pieces = received.text.split(BEFORE);
    let mut text = pieces.next().unwrap().to_owned();
    for piece in pieces {
        text += piece.split_once('"').unwrap().1;
    }
    format!("{} {:?} {text}", received.status, received.headers)
}

/// The address of the question that `page` leads to.
fn link(page: &str) -> String {
    let rest = page.split_once("href=\"/questions/").unwrap().1;
    format!("/questions/{}", rest.split_once('"').unwrap().0)
}

#[test]
fn other_addressees_receive_the_same_bytes() {
    let scene = Scene::new();
    let advisory = issued(&scene);
    let (asker, other) = (scene.sign_in(ASKER), scene.sign_in(OTHER));
    // The first look counts as opening; from then on nothing changes.
    scene.get(&other, &advisory);
    let pages = [
        advisory.clone(),
        format!("{advisory}/reach"),
        "/duty".into(),
    ];
    let looked = || {
        let all = pages.iter().map(|page| whole(&scene.get(&other, page)));
        all.collect::<Vec<_>>()
    };
    scene.get(&asker, &advisory);
    let before = looked();
    let asked = [("question", QUESTION)];
    let sent = scene.post(&asker, &format!("{advisory}/questions"), &asked);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert!(scene.get(&asker, &advisory).text.contains(QUESTION));
    assert_eq!(looked(), before);

    let desk = scene.sign_in(SECOND);
    let page = scene.get(&desk, &advisory).text;
    assert!(!page.contains(QUESTION), "texts are opened one by one");
    let question = link(&page);
    assert!(
        scene
            .get(&desk, "/advisories/issued")
            .text
            .contains("One question")
    );
    let reach = scene.get(&desk, &format!("{advisory}/reach")).text;
    assert!(reach.contains("One question waits"), "{reach}");
    assert!(scene.get(&desk, &question).text.contains(QUESTION));
    let absent = format!("/questions/qst_{}", "7".repeat(26));
    let (hidden, absent) = (scene.get(&other, &question), scene.get(&other, &absent));
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    assert_eq!(hidden.text.len(), absent.text.len());

    let reply = [("to", "asker"), ("answer", "翌朝でかまいません。")];
    let sent = scene.post(&desk, &question, &reply);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert!(
        scene
            .get(&asker, &advisory)
            .text
            .contains("翌朝でかまいません")
    );
    assert_eq!(looked(), before);
}

#[test]
fn what_was_typed_stays_when_it_is_refused() {
    let scene = Scene::new();
    let advisory = issued(&scene);
    let (asker, desk) = (scene.sign_in(ASKER), scene.sign_in(SECOND));
    let ask = |text: &str| {
        scene.post(
            &asker,
            &format!("{advisory}/questions"),
            &[("question", text)],
        )
    };
    let empty = ask(" ");
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("href=\"#question\""), "{}", empty.text);
    for number in 0..hub::question::OPEN_QUESTIONS_MAX {
        assert_eq!(
            ask(&format!("{QUESTION}{number}")).status,
            StatusCode::SEE_OTHER
        );
    }
    let full = ask("あと1つ");
    assert_eq!(full.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(full.text.contains("あと1つ") && full.text.contains("5 of your questions"));

    let question = link(&scene.get(&desk, &advisory).text);
    for (fields, wrong) in [
        (
            [("to", "asker"), ("answer", ""), ("wording", "")],
            "#answer",
        ),
        ([("to", ""), ("answer", "はい。"), ("wording", "")], "#to"),
        (
            [("to", "everybody"), ("answer", "はい。"), ("wording", "")],
            "#wording",
        ),
        (
            [
                ("to", "everybody"),
                ("answer", "はい。"),
                ("wording", QUESTION),
            ],
            "#wording",
        ),
        (
            [
                ("to", "everybody"),
                ("answer", "kitahamaへ。"),
                ("wording", "期限は?"),
            ],
            "#wording",
        ),
    ] {
        let refused = scene.post(&desk, &question, &fields);
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{fields:?}"
        );
        assert!(
            refused.text.contains(&format!("href=\"{wrong}\"")),
            "{fields:?}"
        );
    }
    let told = [
        ("to", "everybody"),
        ("answer", "はい。"),
        ("wording", "期限は?"),
    ];
    let author = scene.sign_in(AUTHOR);
    let proposed = scene.post(&author, &question, &told);
    assert_eq!(proposed.status, StatusCode::SEE_OTHER);
    let other = scene.sign_in(OTHER);
    let before = scene.get(&other, &advisory).text;
    assert!(!before.contains("期限は?"), "another person looks first");
    let send = [("then", "send"), ("version", "1"), ("revision", "1")];
    let own = scene.get(&author, &question).text;
    assert!(own.contains("期限は?") && !own.contains("value=\"send\""));
    let own = scene.post(&author, &question, &send);
    assert_eq!(own.status, StatusCode::NOT_FOUND);
    let preview = scene.get(&desk, &question).text;
    assert!(preview.contains("期限は?") && preview.contains("value=\"send\""));
    let sent = scene.post(&desk, &question, &send);
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let page = scene.get(&other, &advisory).text;
    assert!(page.contains("期限は?") && !page.contains("始業後"));
    // Somebody else was quicker: what was typed is given back.
    let late = scene.post(&desk, &question, &told);
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("期限は?"), "{}", late.text);
}

/// A question of the operator, open at the issuer's.
fn asked(scene: &Scene) -> String {
    let advisory = issued(scene);
    let asker = scene.sign_in(ASKER);
    let asks = [("question", QUESTION)];
    scene.post(&asker, &format!("{advisory}/questions"), &asks);
    let desk = scene.sign_in(SECOND);
    link(&scene.get(&desk, &advisory).text)
}

/// What is typed for everybody, over version `based_on`.
fn to_all<'t>(based_on: &'t str, wording: &'t str) -> [(&'static str, &'t str); 4] {
    [
        ("to", "everybody"),
        ("answer", "先に管理画面を閉じてください。"),
        ("wording", wording),
        ("based-on", based_on),
    ]
}

#[test]
fn an_answer_to_the_asker_overwrites_nothing_unseen() {
    let scene = Scene::new();
    let question = asked(&scene);
    let (author, desk) = (scene.sign_in(AUTHOR), scene.sign_in(SECOND));
    assert!(
        scene
            .get(&desk, &question)
            .text
            .contains("name=\"based-on\" value=\"0\"")
    );
    scene.post(&author, &question, &to_all("0", "期限は?"));
    let mut alone = [("to", "asker"), ("answer", "はい。"), ("based-on", "0")];
    let late = scene.post(&desk, &question, &alone);
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("はい。"), "what was typed is given back");
    let page = scene.get(&desk, &question).text;
    assert!(page.contains("期限は?") && page.contains("name=\"based-on\" value=\"1\""));
    alone[2].1 = "1";
    let sent = scene.post(&desk, &question, &alone);
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
}

#[test]
fn a_form_that_comes_back_is_still_based_on_what_its_writer_read() {
    let scene = Scene::new();
    let question = asked(&scene);
    let (author, desk) = (scene.sign_in(AUTHOR), scene.sign_in(SECOND));
    scene.post(&author, &question, &to_all("0", "期限は?"));
    // Both have the first version before them; the officer is quicker.
    scene.post(&desk, &question, &to_all("1", "期限はいつか?"));
    let refused = scene.post(&author, &question, &to_all("1", ""));
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let base = "name=\"based-on\" value=\"1\"";
    assert!(refused.text.contains(base), "{}", refused.text);
    let late = scene.post(&author, &question, &to_all("1", "いつまでか?"));
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(scene.get(&author, &question).text.contains("期限はいつか?"));
    // Answered meanwhile: what is typed wrongly is given back too.
    let alone = [("to", "asker"), ("answer", "はい。"), ("based-on", "2")];
    scene.post(&desk, &question, &alone);
    let late = scene.post(&author, &question, &to_all("2", ""));
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("先に管理画面を閉じてください。"));
}

#[test]
fn who_may_not_send_because_the_asker_is_named_is_told_so() {
    let scene = Scene::new();
    let question = asked(&scene);
    let desk = scene.sign_in(SECOND);
    // Written before the name was known, which the verb would refuse by now.
    let id: QuestionId = question.trim_start_matches("/questions/").parse().unwrap();
    let author = scene.actor(AUTHOR).person;
    let proposal = Proposal {
        wording: Confidential::new(QuestionText::parse("kitahamaの期限は?").unwrap()),
        text: Confidential::new(AnswerText::parse("翌朝でよい。").unwrap()),
    };
    let stamp = Stamp {
        name: "test.propose",
        now: scene.now(),
        random: scene.random(),
    };
    let written = scene.store.write::<_, StoreError>(stamp, move |tx| {
        let asked = store::question::find(tx, id)?.unwrap().question;
        store::question::propose(tx, &asked, author, &proposal)
    });
    written.unwrap();
    let send = [("then", "send"), ("version", "1"), ("revision", "1")];
    let refused = scene.post(&desk, &question, &send);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("href=\"#wording\""));
    assert!(
        refused
            .text
            .contains("The name of the organization that asked")
    );
    assert!(
        refused.text.contains("kitahamaの期限は?"),
        "to be rewritten"
    );
}
