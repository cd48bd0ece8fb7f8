//! One report as its reader has it: what is known, under which terms, and what can be done.

use askama::Template;
use domain::handling::{Circle, Consent, Handling, Tlp};
use domain::release::Visible;
use domain::severity::{Reach, Severity};
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::lines::{Line, Piece};
use crate::page::dialogue::{Dialogue, section};
use crate::part::{HandlingBar, SeverityMark};
use crate::words::{Language, Words};

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "case/case.html")]
pub struct Case {
    /// Around the page.
    pub frame: Frame,
    /// Where one came from.
    pub back: String,
    /// Kind and pseudonym.
    pub title: String,
    /// Strictest label among the parts: printed on every sheet.
    pub tlp: Tlp,
    /// Who can know the source, said honestly; empty for a member, whom it does not concern.
    pub source: String,
    /// What whoever reads it as a member of a community has to know; empty at a desk.
    pub lead: String,
    /// That a clerk wrote it down for the source; `None` when it came otherwise or is not told.
    pub written_down: Option<String>,
    /// Where it stands and since when; empty above the border.
    pub stage: String,
    /// When it was accepted; `None` above the border.
    pub accepted_at: Option<Timestamp>,
    /// How closely that is told.
    pub exact: Exact,
    /// When this relay closed it, and why; `None` while it is open and above the border.
    pub closed: Option<(Timestamp, String)>,
    /// Page on which it is closed; `None` when the reader does not or nothing is to be closed.
    pub close: Option<String>,
    /// The day on which its source took it back, and why; `None` while it stands.
    pub withdrawn: Option<(Timestamp, String)>,
    /// The parts, in shown order.
    pub parts: Vec<PartView>,
    /// The dialogue with the source; `None` of a report that was taken back.
    pub dialogue: Option<Dialogue>,
    /// Opinions on severity, newest first; `None` when the reader is told none and gives none.
    pub opinions: Option<Vec<OpinionView>>,
    /// Gives an opinion: the form, and for each aspect its name and bands; `None` when the reader
    /// gives none.
    pub rate: Option<(Form, Vec<AspectField>)>,
    /// To whom an opinion can be shown; empty where there is no choice.
    pub reaches: Vec<Choice>,
    /// Reviews of the border check, newest first: address and what is said of each.
    pub reviews: Vec<(String, String, Timestamp)>,
    /// Begins a review; `None` when the reader does not.
    pub begin: Option<Form>,
    /// Groups of the reader's desk that hold this report: address and name.
    pub groups: Vec<(String, Visible<String>)>,
    /// Puts it into a group; `None` when the reader does not.
    pub grouping: Option<Grouping>,
    /// Reports that may be about the same incident, among those the reader may see.
    pub alike: Vec<AlikeView>,
    /// Page on which the opening of the seal is asked for; `None` when the reader does not.
    pub opening: Option<String>,
}

/// Puts a report into a group.
#[derive(Debug, Clone)]
pub struct Grouping {
    /// Posts `incident` or `name`, and `why`.
    pub form: Form,
    /// Groups that are there.
    pub existing: Vec<Choice>,
}

/// A report that may be about the same incident.
#[derive(Debug, Clone)]
pub struct AlikeView {
    /// Its page.
    pub href: String,
    /// Its id, as the form posts it.
    pub report: String,
    /// Kind and pseudonym.
    pub title: String,
    /// Why it is suggested.
    pub reasons: Vec<String>,
    /// The same in one line, kept as the reason of the grouping.
    pub why: String,
    /// The group that holds the report at hand; empty when none does.
    pub incident: String,
    /// The name of a new group.
    pub name: String,
}

/// One opinion on severity.
#[derive(Debug, Clone)]
pub struct OpinionView {
    /// The rung on the scale in use.
    pub mark: SeverityMark,
    /// Who holds it.
    pub organization: String,
    /// To whom it is shown.
    pub reach: Reach,
    /// When it was given.
    pub given_at: Timestamp,
    /// The bands it rests on, by aspect.
    pub working: Vec<(String, String)>,
}

/// One aspect of the rubric, to be answered.
#[derive(Debug, Clone)]
pub struct AspectField {
    /// Name of the form's field.
    pub name: &'static str,
    /// Name of the aspect.
    pub label: String,
    /// Its bands.
    pub bands: Vec<Choice>,
}

/// How closely a time is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exact {
    /// To the minute.
    Moment,
    /// The day: something closer would help to find out who the source is.
    Day,
}

/// One part.
#[derive(Debug, Clone)]
pub struct PartView {
    /// Its id, for anchors.
    pub id: String,
    /// Name and side.
    pub title: String,
    /// The terms.
    pub bar: HandlingBar,
    /// The source's answer about the national center; empty for a reader who passes nothing on.
    pub consent: String,
    /// Counting up with each update.
    pub version: u32,
    /// When it was written.
    pub written_at: Timestamp,
    /// How closely that is told.
    pub exact: Exact,
    /// The content.
    pub lines: Visible<Vec<Line>>,
}

impl OpinionView {
    /// Whether only readers of the original see it.
    pub fn stays_at_desk(&self) -> bool {
        self.reach == Reach::Desk
    }
}

impl Case {
    /// An original at the relay, and a released report above the border and at a member.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let say = |ja: &str, en: &str| chosen(words, ja, en);
        let relay = Self {
            frame: sample::officer(words, "/reports/rpt_1"),
            back: "/intake".to_owned(),
            title: say("事案 S-7KQ2MX", "Incident S-7KQ2MX"),
            tlp: Tlp::Amber,
            source: say(
                "報告元の名前は封印されています。",
                "The name of the source is sealed.",
            ),
            lead: String::new(),
            written_down: Some(say(
                "電力CEPTOARが電話で書き取りました",
                "Taken down by phone by Electricity CEPTOAR",
            )),
            stage: say("受付済み", "Received"),
            accepted_at: Some(sample::NOW.plus_seconds(-900)),
            exact: Exact::Moment,
            closed: None,
            close: Some("/reports/rpt_1/close".to_owned()),
            withdrawn: None,
            parts: vec![part(words, "prt_1"), part(words, "prt_2")],
            dialogue: Some(section(words)),
            opinions: Some(vec![sample_opinion(words)]),
            rate: Some((
                Form::new("/reports/rpt_1/opinion"),
                vec![AspectField {
                    name: "users",
                    label: say("影響を受けた利用者", "Users affected"),
                    bands: vec![Choice::new("users-none", say("なし", "None"))],
                }],
            )),
            reaches: vec![Choice::new(
                "desk",
                say("原文を読める人だけ", "Readers of the original only"),
            )],
            reviews: vec![(
                "/reviews/rvw_00000000000000000000000000".to_owned(),
                say("作業中", "Open"),
                sample::NOW,
            )],
            begin: Some(Form::new("/reports/rpt_1/review")),
            groups: sample_groups(words),
            grouping: Some(sample_grouping(words)),
            alike: sample_alike(words),
            opening: Some("/openings/new/rpt_1".to_owned()),
        };
        let (closed, above) = (relay.closed_here(), relay.seen_above());
        let (withdrawn, member) = (above.taken_back(), above.shared());
        vec![
            ("relay", relay),
            ("closed", closed),
            ("above", above),
            ("withdrawn", withdrawn),
            ("member", member),
        ]
    }

    /// The same after the relay closed it, for samples.
    fn closed_here(&self) -> Self {
        let words = self.frame.words;
        Self {
            stage: words.t("field-stage-closed").into_owned(),
            closed: Some((
                sample::NOW.plus_seconds(-600),
                words.t("close-reason-complete").into_owned(),
            )),
            begin: None,
            close: None,
            ..self.clone()
        }
    }

    /// The same above the border, for samples.
    fn seen_above(&self) -> Self {
        let mut above = self.clone();
        "/triage".clone_into(&mut above.back);
        (above.stage, above.written_down) = (String::new(), None);
        above.accepted_at = None;
        above.parts.truncate(1);
        above.reviews.clear();
        (above.begin, above.close) = (None, None);
        (above.opening, above.reaches) = (None, vec![]);
        above
    }

    /// The same at a member of a community that it was released to, for samples.
    fn shared(&self) -> Self {
        let mut member = self.clone();
        "/shared".clone_into(&mut member.back);
        member.source.clear();
        member.lead = self.frame.words.t("case-shared-lead").into_owned();
        for part in &mut member.parts {
            part.consent.clear();
        }
        (member.dialogue, member.opinions, member.rate) = (None, None, None);
        member.groups.clear();
        member.grouping = None;
        member.alike.clear();
        member
    }

    /// The same after its source took it back, for samples.
    fn taken_back(&self) -> Self {
        let mut withdrawn = self.clone();
        withdrawn.parts.clear();
        withdrawn.dialogue = None;
        withdrawn.opinions = None;
        withdrawn.rate = None;
        let why = self.frame.words.t("case-withdrawn-duplicate").into_owned();
        withdrawn.withdrawn = Some((sample::NOW, why));
        withdrawn
    }
}

fn sample_opinion(words: Words) -> OpinionView {
    let say = |ja: &str, en: &str| chosen(words, ja, en);
    OpinionView {
        mark: SeverityMark {
            rung: Severity::HIGHEST,
            number: "4".to_owned(),
            word: say("著しく深刻", "Extremely grave"),
        },
        organization: say("電力CEPTOAR", "Electricity CEPTOAR"),
        reach: Reach::Desk,
        given_at: sample::NOW,
        working: vec![(say("利用者", "Users"), say("100万人以上", "A million"))],
    }
}

fn sample_groups(words: Words) -> Vec<(String, Visible<String>)> {
    let say = |ja: &str, en: &str| chosen(words, ja, en);
    vec![(
        "/incidents/inc_00000000000000000000000000".to_owned(),
        domain::release::own(domain::confidential::Confidential::new(say(
            "保守業者経由の侵入",
            "Break-in through a maintainer",
        ))),
    )]
}

fn sample_grouping(words: Words) -> Grouping {
    let say = |ja: &str, en: &str| chosen(words, ja, en);
    Grouping {
        form: Form::new("/reports/rpt_1/group"),
        existing: vec![Choice::new("inc_1", say("DDoSの波", "Wave of DDoS"))],
    }
}

fn sample_alike(words: Words) -> Vec<AlikeView> {
    let say = |ja: &str, en: &str| chosen(words, ja, en);
    vec![AlikeView {
        href: "/reports/rpt_2".to_owned(),
        report: "rpt_2".to_owned(),
        title: say("事案 S-4MX9QA", "Incident S-4MX9QA"),
        reasons: vec![say(
            "同じ手がかり 198[.]51[.]100[.]7",
            "Same indicator 198[.]51[.]100[.]7",
        )],
        why: say("同じ手がかり", "Same indicator"),
        incident: String::new(),
        name: say("事案 S-7KQ2MX ほか", "Incident S-7KQ2MX and others"),
    }]
}

/// A part with one line, for samples.
pub(super) fn part(words: Words, id: &str) -> PartView {
    let handling = Handling {
        tlp: Tlp::Amber,
        purposes: std::collections::BTreeSet::new(),
        circles: [Circle::Source, Circle::Secretariat, Circle::Ministry].into(),
        expires_at: None,
        consent: Consent::Granted,
    };
    PartView {
        id: id.to_owned(),
        title: chosen(words, "概要（原文）", "Summary (original)"),
        bar: HandlingBar::new(&handling, vec![chosen(words, "防御", "Defense")], words),
        consent: crate::part::consent_name(Consent::Granted, words),
        version: 1,
        written_at: sample::NOW,
        exact: Exact::Moment,
        lines: sample_lines(words),
    }
}

/// Lines with something marked, for samples.
pub(super) fn sample_lines(words: Words) -> Visible<Vec<Line>> {
    let piece = |text: &str, mark: &str| Piece {
        text: text.to_owned(),
        mark: mark.to_owned(),
    };
    domain::release::own(domain::confidential::Confidential::new(vec![Line {
        label: chosen(words, "経緯", "Course of events"),
        pieces: vec![
            piece("HMI-03", &chosen(words, "機器の名前", "host name")),
            piece(
                &chosen(
                    words,
                    " が夜間に外部と通信していた。",
                    " talked to the outside at night.",
                ),
                "",
            ),
        ],
    }]))
}

pub(super) fn chosen(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}
