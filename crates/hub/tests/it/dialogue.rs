//! Questions down, answers up, and what nobody learns from them.

use domain::actor::Actor;
use domain::dialogue::{MessageText, PassageStage, Voice};
use domain::id::{MessageId, ReportId};
use domain::organization::{OrganizationKind, Role};
use domain::release::border::{Fault, Passage};
use domain::report::Custody;
use domain::report::receipt::When;
use domain::report::terms::{AskedTerms, Care};
use domain::report::update::WithdrawReason;
use domain::time::DAY_SECONDS;
use hub::ReadError;
use hub::claim::Claim;
use hub::dialogue::{
    Asking, Dialogue, DialogueError, Direction, Question, Said, Written, answer, ask, at_desk,
    desk, forward, hold, of_source, pass_on, write,
};
use hub::mailbox::{MailboxPass, open};
use hub::update::terms;

use crate::border::Case;

const QUESTION: &str = "監視端末の型番と、切り離した時刻を教えてください。";
const ANSWER: &str = "北浜電力の監視端末HMI-03は昨夜のうちに切り離しました。";
const REWRITTEN: &str = "問題の機器は、すでに網から外してあるとのこと。";

fn text(text: &str) -> MessageText {
    MessageText::parse(text).unwrap()
}

fn question(words: &str) -> Question {
    Question {
        text: text(words),
        due_days: Some(3),
    }
}

impl Case {
    fn asks(&self, actor: &Actor, words: &str) -> Result<(), DialogueError> {
        let call = self.scene.call(actor);
        ask(&self.scene.hub, &call, self.report, question(words))
    }

    fn at_desk(&self, actor: &Actor) -> Dialogue {
        at_desk(&self.scene.hub, &self.scene.call(actor), self.report).unwrap()
    }

    pub(crate) fn source(&self) -> Actor {
        self.scene.actor("kitahama", Role::DutyOfficer)
    }

    pub(crate) fn pass(&self) -> MailboxPass {
        let source = self.source();
        let code = self.mailbox_code.clone().unwrap();
        open(&self.scene.hub, &self.scene.call(&source), &code).unwrap()
    }

    /// What shows that the report is the source's.
    pub(crate) fn claim(&self) -> Claim {
        match self.mailbox_code {
            Some(_) => self.pass().into(),
            None => self.report.into(),
        }
    }

    fn of_source(&self) -> Dialogue {
        let source = self.source();
        of_source(&self.scene.hub, &self.scene.call(&source), self.claim()).unwrap()
    }

    fn answers(&self, to: Option<MessageId>, words: &str) -> Result<(), DialogueError> {
        let source = self.source();
        let call = self.scene.call(&source);
        answer(&self.scene.hub, &call, self.claim(), to, text(words))
    }
}

fn texts(dialogue: &Dialogue) -> Vec<(Voice, &str)> {
    let said = dialogue.messages.iter();
    said.map(|said| (said.voice, said.text.content().as_str()))
        .collect()
}

const RELAY: Voice = Voice::Staff(OrganizationKind::Ceptoar);
const MINISTRY: Voice = Voice::Staff(OrganizationKind::Ministry);

#[test]
fn the_relay_asks_and_a_source_answers_in_either_custody() {
    for custody in [Custody::Named, Custody::Unnamed, Custody::Stripped] {
        let case = Case::new(custody);
        case.asks(&case.analyst, QUESTION).unwrap();
        // A second press on the button is no second question.
        case.asks(&case.analyst, QUESTION).unwrap();
        let found = case.of_source();
        assert_eq!(texts(&found), [(RELAY, QUESTION)], "{custody}");
        assert!(found.messages[0].due.is_some());
        case.scene.advance(60);
        case.answers(Some(found.messages[0].id), ANSWER).unwrap();
        let heard = case.at_desk(&case.analyst);
        assert_eq!(
            texts(&heard),
            [(RELAY, QUESTION), (Voice::Source, ANSWER)],
            "{custody}"
        );
        let by_day = heard
            .messages
            .iter()
            .all(|said| matches!(said.at, When::Day(_)));
        assert_eq!(by_day, custody != Custody::Named, "{custody}");
        assert!(heard.messages.iter().all(|said| said.passage.is_none()));
    }
}

#[test]
fn a_dialogue_is_for_the_relay_and_the_source_alone() {
    let case = Case::new(Custody::Named);
    case.asks(&case.analyst, QUESTION).unwrap();
    for (name, role) in [
        ("ministry", Role::Officer),
        ("suido", Role::Officer),
        ("minamino", Role::DutyOfficer),
        ("denryoku", Role::Auditor),
        ("denryoku", Role::Administrator),
    ] {
        let other = case.scene.actor(name, role);
        let call = || case.scene.call(&other);
        let read = at_desk(&case.scene.hub, &call(), case.report);
        assert!(matches!(read, Err(ReadError::NotFound)), "{name} {role}");
        let read = of_source(&case.scene.hub, &call(), case.report);
        assert!(matches!(read, Err(ReadError::NotFound)), "{name} {role}");
        let asked = case.asks(&other, QUESTION);
        assert!(
            matches!(asked, Err(DialogueError::NotFound)),
            "{name} {role}"
        );
        let said = answer(&case.scene.hub, &call(), case.report, None, text(ANSWER));
        assert!(
            matches!(said, Err(DialogueError::NotFound)),
            "{name} {role}"
        );
    }
    // A name proves nothing about a report that was sent without one.
    let unnamed = Case::new(Custody::Unnamed);
    let source = unnamed.source();
    let read = of_source(
        &unnamed.scene.hub,
        &unnamed.scene.call(&source),
        unnamed.report,
    );
    assert!(matches!(read, Err(ReadError::NotFound)));
}

/// A released report about which the ministry asked; the question waits at the relay.
fn asked_from_above(custody: Custody) -> (Case, Actor, MessageId) {
    let case = Case::new(custody);
    case.release("監視用の端末から、夜に外への通信があった。");
    let ministry = case.scene.actor("ministry", Role::Officer);
    case.asks(&ministry, QUESTION).unwrap();
    let waiting = case.at_desk(&ministry).messages[0].id;
    (case, ministry, waiting)
}

/// The same after the relay passed the question on and the source answered.
fn answered(custody: Custody) -> (Case, Actor, MessageId) {
    let (case, ministry, waiting) = asked_from_above(custody);
    let call = case.scene.call(&case.analyst);
    forward(&case.scene.hub, &call, waiting, text(QUESTION)).unwrap();
    case.scene.advance(60);
    let passed = case.of_source().messages[0].id;
    case.answers(Some(passed), ANSWER).unwrap();
    let at_relay = case.at_desk(&case.analyst);
    let answer = at_relay
        .messages
        .iter()
        .find(|said| said.voice == Voice::Source)
        .unwrap();
    assert_eq!(answer.passage, Some(PassageStage::Waiting));
    let id = answer.id;
    (case, ministry, id)
}

#[test]
fn above_the_border_nobody_talks_to_a_source() {
    let (case, ministry, waiting) = asked_from_above(Custody::Unnamed);
    assert!(
        case.of_source().messages.is_empty(),
        "it waits at the relay"
    );
    let seen = case.at_desk(&ministry);
    assert_eq!(seen.messages[0].passage, Some(PassageStage::Waiting));
    assert_eq!(seen.asking, Asking::ThroughRelay);
    assert_eq!(texts(&case.at_desk(&case.analyst)), [(MINISTRY, QUESTION)]);
    let forwarded = |actor: &Actor| {
        let call = case.scene.call(actor);
        forward(
            &case.scene.hub,
            &call,
            waiting,
            text("型番を教えてください。"),
        )
    };
    assert!(matches!(forwarded(&ministry), Err(DialogueError::NotFound)));
    forwarded(&case.analyst).unwrap();
    assert!(matches!(
        forwarded(&case.analyst),
        Err(DialogueError::Ended)
    ));
    let found = case.of_source();
    assert_eq!(texts(&found), [(RELAY, "型番を教えてください。")]);
    assert_eq!(found.messages[0].asker, OrganizationKind::Ministry);
    let seen = case.at_desk(&ministry);
    assert_eq!(texts(&seen), [(MINISTRY, QUESTION)], "own words alone");
    assert_eq!(seen.messages[0].passage, Some(PassageStage::Passed));
}

fn passage(text: &str) -> Passage {
    Passage {
        text: text.to_owned(),
        ..Passage::default()
    }
}

#[test]
fn an_answer_goes_up_in_the_relays_words_after_two_persons() {
    let (case, ministry, id) = answered(Custody::Unnamed);
    let hub = &case.scene.hub;
    let officer = case.scene.actor("denryoku", Role::Officer);
    let look = || desk(hub, &case.scene.call(&case.analyst), id).unwrap();
    assert_eq!(look().direction, Direction::Up);
    let written = |text: &str| {
        let revision = look().revision;
        let call = case.scene.call(&case.analyst);
        write(hub, &call, id, revision, passage(text)).unwrap();
    };
    let passed = |actor: &Actor| {
        let revision = look().revision;
        pass_on(hub, &case.scene.call(actor), id, revision)
    };
    written(ANSWER);
    assert!(
        look()
            .faults
            .iter()
            .any(|fault| matches!(fault, Fault::Copied { .. }))
    );
    assert!(!look().hits.is_empty(), "the name of the operator");
    assert!(matches!(passed(&officer), Err(DialogueError::Faulty)));
    written(REWRITTEN);
    assert!(look().faults.is_empty());
    assert_eq!(look().written, Written::Caller);
    assert!(matches!(
        passed(&case.analyst),
        Err(DialogueError::SecondPerson)
    ));
    assert!(matches!(passed(&ministry), Err(DialogueError::NotFound)));
    assert_eq!(
        texts(&case.at_desk(&ministry)),
        [(MINISTRY, QUESTION)],
        "nothing before the second person"
    );
    // Whoever looked before the text changed passes nothing on.
    let old = look().revision - 1;
    let late = pass_on(hub, &case.scene.call(&officer), id, old);
    assert!(matches!(late, Err(DialogueError::Changed)));
    passed(&officer).unwrap();
    let seen = case.at_desk(&ministry);
    assert_eq!(texts(&seen), [(MINISTRY, QUESTION), (RELAY, REWRITTEN)]);
    let center = case.scene.actor("center", Role::Officer);
    assert!(case.at_desk(&center).messages.is_empty(), "not its thread");
    assert!(matches!(passed(&officer), Err(DialogueError::Ended)));
}

#[test]
fn an_answer_goes_no_further_than_its_own_terms() {
    let (case, ministry, id) = answered(Custody::Named);
    let hub = &case.scene.hub;
    let source = case.source();
    // What was released stays; another part becomes too narrow for the ministry, then a new answer.
    let held = terms::read(hub, &case.scene.call(&source), case.claim()).unwrap();
    let left = held.parts.iter().find(|part| part.released.is_none());
    let left = left.unwrap();
    let narrow = AskedTerms {
        tlp: left.handling.tlp,
        purposes: left.handling.purposes.clone(),
        circles: [].into(),
        consent: left.handling.consent,
    };
    let change = terms::Change {
        based_on: held.based_on,
        parts: [(left.kind, narrow)].into(),
        care: Care::Unseen,
    };
    terms::change(hub, &case.scene.call(&source), case.claim(), change).unwrap();
    let to = case.of_source().messages[0].id;
    let more = "端末は全部で三台でした。";
    case.answers(Some(to), more).unwrap();
    let officer = case.scene.actor("denryoku", Role::Officer);
    let newer = case.at_desk(&case.analyst);
    let newer = newer
        .messages
        .iter()
        .find(|said| said.voice == Voice::Source && said.id != id)
        .unwrap()
        .id;
    let call = case.scene.call(&case.analyst);
    let revision = desk(hub, &call, newer).unwrap().revision;
    write(hub, &call, newer, revision, passage(REWRITTEN)).unwrap();
    let revision = desk(hub, &call, newer).unwrap().revision;
    let refused = pass_on(hub, &case.scene.call(&officer), newer, revision);
    assert!(matches!(refused, Err(DialogueError::OutOfTerms)));
    assert_eq!(texts(&case.at_desk(&ministry)), [(MINISTRY, QUESTION)]);
}

#[test]
fn a_relay_may_keep_a_question_or_an_answer() {
    let (case, ministry, waiting) = asked_from_above(Custody::Named);
    let call = case.scene.call(&case.analyst);
    hold(&case.scene.hub, &call, waiting).unwrap();
    assert!(case.of_source().messages.is_empty());
    let seen = case.at_desk(&ministry);
    assert_eq!(seen.messages[0].passage, Some(PassageStage::Withheld));

    let (case, ministry, id) = answered(Custody::Named);
    let call = case.scene.call(&case.analyst);
    hold(&case.scene.hub, &call, id).unwrap();
    assert_eq!(texts(&case.at_desk(&ministry)), [(MINISTRY, QUESTION)]);
    let own = case.of_source().messages.pop().unwrap();
    assert_eq!(own.passage, Some(PassageStage::Withheld), "and is told so");
}

/// Everything that somebody is given, as text.
fn given(dialogue: &Dialogue) -> String {
    let said = dialogue.messages.iter().map(|said: &Said| {
        format!(
            "{} {} {} {:?} {} {:?} {:?} {:?}\n",
            said.id,
            said.voice,
            said.asker,
            said.at,
            said.text.content(),
            said.text.handling(),
            said.due,
            said.passage
        )
    });
    said.chain([format!("{:?}", dialogue.asking)]).collect()
}

/// The same story told by the operator called `name`, answering at `hour` of the first day.
fn told_by(name: &'static str, hour: i64) -> (Case, ReportId) {
    let case = Case::of(name, Custody::Unnamed);
    case.asks(&case.analyst, QUESTION).unwrap();
    case.scene.advance(hour * 3_600);
    let source = case.scene.actor(name, Role::DutyOfficer);
    let code = case.mailbox_code.clone().unwrap();
    let pass = open(&case.scene.hub, &case.scene.call(&source), &code).unwrap();
    let call = case.scene.call(&source);
    let found = of_source(&case.scene.hub, &call, pass.clone()).unwrap();
    let to = Some(found.messages[0].id);
    let call = case.scene.call(&source);
    answer(&case.scene.hub, &call, pass, to, text("切り離しました。")).unwrap();
    case.scene.advance(DAY_SECONDS - hour * 3_600);
    let report = case.report;
    (case, report)
}

#[test]
fn a_desk_cannot_tell_who_answered_nor_at_what_hour() {
    let (one, _) = told_by("kitahama", 2);
    let (other, _) = told_by("minamino", 9);
    for role in [Role::DutyOfficer, Role::Analyst, Role::Officer] {
        let seen = |case: &Case| given(&case.at_desk(&case.scene.actor("denryoku", role)));
        assert_eq!(seen(&one), seen(&other), "{role}");
    }
}

#[test]
fn a_desk_above_cannot_tell_whether_the_source_answered() {
    let silent = {
        let (case, ministry, waiting) = asked_from_above(Custody::Unnamed);
        let call = case.scene.call(&case.analyst);
        forward(&case.scene.hub, &call, waiting, text(QUESTION)).unwrap();
        (case, ministry)
    };
    let (case, ministry, id) = answered(Custody::Unnamed);
    let revision = desk(&case.scene.hub, &case.scene.call(&case.analyst), id)
        .unwrap()
        .revision;
    let call = case.scene.call(&case.analyst);
    write(&case.scene.hub, &call, id, revision, passage(REWRITTEN)).unwrap();
    let seen = given(&case.at_desk(&ministry));
    assert_eq!(seen, given(&silent.0.at_desk(&silent.1)));
}

#[test]
fn messages_and_passages_go_with_their_report() {
    let (case, ministry, id) = answered(Custody::Unnamed);
    let pass = case.pass();
    let five_years = 5 * 366 * DAY_SECONDS;
    case.scene.advance(five_years);
    let random = case.scene.random();
    hub::retention::due(&case.scene.hub, case.scene.now.get(), &random).unwrap();
    let source = case.source();
    let left = of_source(&case.scene.hub, &case.scene.call(&source), pass.clone()).unwrap();
    assert!(left.messages.is_empty());
    for actor in [&case.analyst, &ministry] {
        let read = at_desk(&case.scene.hub, &case.scene.call(actor), case.report);
        assert!(matches!(read, Err(ReadError::NotFound)));
    }
    let waiting = desk(&case.scene.hub, &case.scene.call(&case.analyst), id);
    assert!(matches!(waiting, Err(DialogueError::NotFound)));
    let late = answer(
        &case.scene.hub,
        &case.scene.call(&source),
        pass,
        None,
        text(ANSWER),
    );
    assert!(matches!(late, Err(DialogueError::Ended)));
}

#[test]
fn nothing_is_said_about_a_report_that_was_taken_back() {
    let (case, ministry, id) = answered(Custody::Named);
    let source = case.source();
    let call = case.scene.call(&source);
    hub::update::withdraw(
        &case.scene.hub,
        &call,
        case.report,
        WithdrawReason::NotShared,
    )
    .unwrap();
    assert!(matches!(case.answers(None, "x"), Err(DialogueError::Ended)));
    let call = case.scene.call(&case.analyst);
    assert!(hold(&case.scene.hub, &call, id).is_err());
    for actor in [&case.analyst, &ministry] {
        assert!(case.asks(actor, "x").is_err());
    }
}
