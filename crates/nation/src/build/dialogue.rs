//! A few reports with a dialogue: the relay asks, the source answers by name or by its code, and a
//! ministry asks through the relay.

use domain::actor::Actor;
use domain::dialogue::{MessageText, PassageStage, Voice};
use domain::id::{MessageId, ReportId};
use domain::organization::{OrganizationKind, Role};
use domain::release::border::Passage;
use domain::time::Timestamp;
use hub::claim::Claim;
use hub::dialogue::{self as verb, Dialogue, DialogueError, Question};
use hub::{Hub, Random, mailbox};

use super::{BuildError, PlayedReport, Register, call};

/// Every so many reports has a dialogue.
const EVERY: usize = 8;
/// Seconds from the acceptance of a report to each step.
const ASKED_SECONDS: i64 = 2 * 3_600;
const ANSWERED_SECONDS: i64 = 9 * 3_600;
const ABOVE_SECONDS: i64 = 30 * 3_600;
const STEP_SECONDS: i64 = 2 * 3_600;

/// A question of the relay and an answer to it.
const TALKS: [(&str, &str); 3] = [
    (
        "影響を受けた機器の種類と、いまの状態を教えてください。",
        "保守用に置いている端末1台です。切り離し済みで、業務は代替の手順で続けています。",
    ),
    (
        "気付いたきっかけは何でしたか。同じ確認をほかの会員にも勧められるか知りたいです。",
        "夜間の通信量が普段と違うことに当直が気付きました。前月との比較を毎朝見ています。",
    ),
    (
        "外部の委託先は関わっていますか。差し支えない範囲でお願いします。",
        "保守の委託先が使う接続口でした。委託先には連絡済みです。",
    ),
];
/// A question from above the border, the answer, and what the relay makes of it.
const ABOVE: (&str, &str, &str) = (
    "ほかの事業者でも起こりうるものか、見立てがあれば教えてください。",
    "同じ保守の仕組みを使っていれば、どこでも起こりうると考えています。",
    "事務局が確かめたところ、似た保守の形をとる設備なら他でもありうるとの見立てでした。",
);

/// Whether the report with that number in the plan has a dialogue.
pub(super) fn is_talked_about(number: usize) -> bool {
    number.is_multiple_of(EVERY)
}

/// A dialogue being played.
pub(super) struct Talk<'a> {
    pub(super) hub: &'a Hub,
    pub(super) register: &'a Register,
    pub(super) number: usize,
    pub(super) accepted: Timestamp,
    pub(super) now: Timestamp,
    pub(super) random: Random,
}

impl Talk<'_> {
    /// Plays the dialogue between `source` and its relay, as far as it lies before now.
    pub(super) fn play(&self, source: &Actor, played: &PlayedReport) -> Result<(), BuildError> {
        let relay = self.register.relay_of(source.organization)?;
        let analyst = self.register.holder(relay, Role::Analyst)?;
        let Some((question, answer)) = TALKS.get(self.number / EVERY % TALKS.len()) else {
            return Ok(());
        };
        if !self.is_over(ASKED_SECONDS) {
            return Ok(());
        }
        let asked = Question {
            text: MessageText::parse(question)?,
            due_days: Some(3),
        };
        let call = |actor, after, label| self.call(actor, after, label);
        verb::ask(
            self.hub,
            &call(analyst, ASKED_SECONDS, "ask"),
            played.id,
            asked,
        )?;
        // Silence is an answer too.
        let silent = self.number / EVERY % 4 == 3;
        if silent || !self.is_over(ANSWERED_SECONDS) {
            return Ok(());
        }
        let claim = self.claim(source, played)?;
        let to = self.newest_question(source, &claim)?;
        let said = MessageText::parse(answer)?;
        let answering = call(source, ANSWERED_SECONDS, "answer");
        verb::answer(self.hub, &answering, claim.clone(), to, said)?;
        self.asked_from_above(source, analyst, &claim, played.id)
    }

    /// A ministry that has the report asks, and is answered in the relay's words.
    fn asked_from_above(
        &self,
        source: &Actor,
        analyst: &Actor,
        claim: &Claim,
        report: ReportId,
    ) -> Result<(), BuildError> {
        if !self.is_over(ABOVE_SECONDS + 4 * STEP_SECONDS) {
            return Ok(());
        }
        let superior = self.register.superior_of(analyst.organization);
        let ministry = self
            .register
            .analyst(OrganizationKind::Ministry, superior)?;
        let officer = self.register.holder(analyst.organization, Role::Officer)?;
        let (question, answer, rewritten) = ABOVE;
        let at = |actor, step, label| self.call(actor, ABOVE_SECONDS + step * STEP_SECONDS, label);
        let asked = Question {
            text: MessageText::parse(question)?,
            due_days: Some(7),
        };
        match verb::ask(self.hub, &at(ministry, 0, "ask-above"), report, asked) {
            // It was not released, or not to that ministry.
            Err(DialogueError::NotFound) => return Ok(()),
            other => other?,
        }
        let Some(waiting) = self.waiting(analyst, report, "look-1")? else {
            return Ok(());
        };
        let text = MessageText::parse(question)?;
        verb::forward(self.hub, &at(analyst, 1, "forward"), waiting, text)?;
        let to = self.newest_question(source, claim)?;
        let said = MessageText::parse(answer)?;
        verb::answer(
            self.hub,
            &at(source, 2, "answer-above"),
            claim.clone(),
            to,
            said,
        )?;
        // Some wait at the desk, so that there is something to do.
        if (self.number / EVERY).is_multiple_of(3) {
            return Ok(());
        }
        let Some(waiting) = self.waiting(analyst, report, "look-2")? else {
            return Ok(());
        };
        let passage = Passage {
            text: rewritten.to_owned(),
            ..Passage::default()
        };
        let writing = at(analyst, 3, "write");
        let revision = verb::desk(self.hub, &at(analyst, 3, "desk"), waiting)?.revision;
        verb::write(self.hub, &writing, waiting, revision, passage)?;
        verb::pass_on(self.hub, &at(officer, 4, "pass-on"), waiting, revision + 1)?;
        Ok(())
    }

    fn claim(&self, source: &Actor, played: &PlayedReport) -> Result<Claim, BuildError> {
        Ok(match &played.mailbox_code {
            None => played.id.into(),
            Some(code) => {
                let opening = self.call(source, ANSWERED_SECONDS, "mailbox");
                mailbox::open(self.hub, &opening, code)?.into()
            }
        })
    }

    fn newest_question(
        &self,
        source: &Actor,
        claim: &Claim,
    ) -> Result<Option<MessageId>, BuildError> {
        let looking = self.call(source, ANSWERED_SECONDS, "look");
        let found: Dialogue = verb::of_source(self.hub, &looking, claim.clone())?;
        let asked = found.messages.iter().rev();
        let mut asked = asked.filter(|said| said.voice != Voice::Source);
        Ok(asked.next().map(|said| said.id))
    }

    /// What waits at the relay's desk.
    fn waiting(
        &self,
        analyst: &Actor,
        report: ReportId,
        label: &str,
    ) -> Result<Option<MessageId>, BuildError> {
        let looking = self.call(analyst, ABOVE_SECONDS + STEP_SECONDS, label);
        let found = verb::at_desk(self.hub, &looking, report)?;
        let waits = |said: &&verb::Said| said.passage == Some(PassageStage::Waiting);
        Ok(found.messages.iter().find(waits).map(|said| said.id))
    }

    fn is_over(&self, after: i64) -> bool {
        self.accepted.plus_seconds(after) < self.now
    }

    fn call<'c>(&self, actor: &'c Actor, after: i64, label: &str) -> hub::Call<'c> {
        let label = format!("talk/{label}");
        call(
            actor,
            self.accepted.plus_seconds(after),
            &self.random,
            &label,
        )
    }
}
