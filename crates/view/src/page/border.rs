//! The border check: original and outgoing side by side, and the dry run before a release.

use askama::Template;
use domain::handling::Tlp;
use domain::release::Visible;
use domain::time::Timestamp;

use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::lines::Line;
use crate::page::case::{chosen, part, sample_lines};
use crate::page::dialogue::{Dialogue, section};
use crate::part::HandlingBar;
use crate::words::Words;

/// Deadlines offered for the author's answer, in hours.
pub const AUTHOR_HOURS: [u32; 4] = [4, 24, 48, 72];

/// The reviewer's desk.
#[derive(Debug, Clone, Template)]
#[template(path = "border/border.html")]
pub struct Border {
    /// Around the page.
    pub frame: Frame,
    /// The report.
    pub back: String,
    /// Kind and pseudonym.
    pub title: String,
    /// Where the review stands, in a word.
    pub stage: String,
    /// What still stands in the way: where to mend it, and what it is.
    pub faults: Vec<(String, String)>,
    /// How well the source hides.
    pub anonymity: AnonymityView,
    /// The parts.
    pub parts: Vec<PartDesk>,
    /// The draft; `None` once the review has ended.
    pub form: Option<Form>,
    /// Strings found in the outgoing text: what is sent to let one stand, the string, what it looks
    /// like.
    pub hits: Vec<Choice>,
    /// The dry run.
    pub dry_run: String,
    /// What was said with the source; questions are put on the report's page.
    pub dialogue: Dialogue,
    /// What the author says.
    pub author: String,
    /// When his silence withholds.
    pub author_due_at: Option<Timestamp>,
    /// Asks the author; `None` when that is not possible now.
    pub ask: Option<Form>,
    /// Ends the review with nothing crossing.
    pub withhold: Option<Form>,
}

/// How well the source hides.
#[derive(Debug, Clone)]
pub struct AnonymityView {
    /// Candidates at the step taken.
    pub candidates: u32,
    /// Candidates asked for.
    pub candidates_min: u32,
    /// The steps from narrow to wide.
    pub steps: Vec<StepView>,
    /// Said when even the widest step fits too few; empty otherwise.
    pub short: String,
}

/// One step of generalization.
#[derive(Debug, Clone)]
pub struct StepView {
    /// Sector, as it would be shown.
    pub sector: String,
    /// Place, as it would be shown.
    pub area: String,
    /// Finest times shown.
    pub precision: String,
    /// Operators it fits.
    pub candidates: u32,
    /// Taken, not enough, counted only, or wider than needed.
    pub verdict: String,
    /// Tone of the verdict's chip.
    pub tone: &'static str,
}

/// One part on the desk.
#[derive(Debug, Clone)]
pub struct PartDesk {
    /// Its kind's word: prefix of its fields.
    pub word: &'static str,
    /// Name of the part.
    pub title: String,
    /// Id of the version of the original that is shown.
    pub original_id: String,
    /// Terms the source set.
    pub bar: HandlingBar,
    /// The source's answer about the national center.
    pub consent: String,
    /// The original, with what may identify its author marked.
    pub original: Visible<Vec<Line>>,
    /// What would leave as the draft stands; `None` when it is withheld.
    pub outgoing: Option<Visible<Vec<Line>>>,
    /// Cross or withhold.
    pub crossings: Vec<Choice>,
    /// Codes and times that go over, generalized.
    pub codes: Vec<Choice>,
    /// Fields that the reviewer writes.
    pub texts: Vec<TextField>,
    /// Labels that are no looser than the source's.
    pub tlps: Vec<Choice>,
    /// Purposes the source offered.
    pub purposes: Vec<Choice>,
    /// Circles the source offered.
    pub circles: Vec<Choice>,
}

/// A text that the reviewer writes.
#[derive(Debug, Clone)]
pub struct TextField {
    /// Name of the form's field.
    pub name: String,
    /// Name of the part's field.
    pub label: String,
    /// Rows; 1 for a single line.
    pub rows: u8,
    /// Most characters.
    pub chars_max: usize,
}

/// The dry run: who would receive what, what is withheld, and why.
#[derive(Debug, Clone, Template)]
#[template(path = "border/dry_run.html")]
pub struct DryRun {
    /// Around the page.
    pub frame: Frame,
    /// The desk.
    pub back: String,
    /// Kind and pseudonym.
    pub title: String,
    /// Strictest label among what leaves.
    pub tlp: Tlp,
    /// What still stands in the way.
    pub faults: Vec<(String, String)>,
    /// Candidates among whom the source hides, and how many were asked for.
    pub candidates: (u32, u32),
    /// Names of the parts.
    pub columns: Vec<String>,
    /// One row for each circle.
    pub rows: Vec<CircleRow>,
    /// Parts that stay, with the reason.
    pub withheld: Vec<(String, String)>,
    /// Exactly what leaves.
    pub outgoing: Vec<OutgoingView>,
    /// Who approved, in words, and when.
    pub approvals: Vec<(String, Timestamp)>,
    /// Approves; `None` when the reader cannot now.
    pub approve: Option<Form>,
    /// What the approval would do, or why there is none to give.
    pub approve_note: String,
}

/// What the source of a report is asked: may this leave?
#[derive(Debug, Clone, Template)]
#[template(path = "border/question.html")]
pub struct Question {
    /// Around the page.
    pub frame: Frame,
    /// What became of the report.
    pub back: String,
    /// When silence withholds.
    pub due_at: Timestamp,
    /// Exactly what would leave.
    pub outgoing: Vec<OutgoingView>,
    /// The answer; `None` when the reader's role gives none.
    pub form: Option<Form>,
}

impl Question {
    /// A question that waits for its answer.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let open = Self {
            frame: sample::officer(words, "/sent/rpt_1/outgoing"),
            back: "/sent/rpt_00000000000000000000000000".to_owned(),
            due_at: sample::NOW,
            outgoing: vec![OutgoingView {
                title: chosen(words, "概要", "Summary"),
                bar: part(words, "prt_1").bar,
                lines: sample_lines(words),
            }],
            form: Some(Form::new("/sent/rpt_1/outgoing").with("revision", "2")),
        };
        vec![("open", open)]
    }
}

/// A circle and what becomes of it.
#[derive(Debug, Clone)]
pub struct CircleRow {
    /// Name of the circle.
    pub circle: String,
    /// Who fills it; empty when nobody receives anything.
    pub recipients: String,
    /// What becomes of each part: in words, and the tone.
    pub cells: Vec<(String, &'static str)>,
}

/// A part as it leaves.
#[derive(Debug, Clone)]
pub struct OutgoingView {
    /// Name of the part.
    pub title: String,
    /// The terms it leaves under.
    pub bar: HandlingBar,
    /// Its content.
    pub lines: Visible<Vec<Line>>,
}

impl TextField {
    fn most(&self) -> usize {
        self.chars_max
    }
}

impl PartDesk {
    fn field(&self, name: &str) -> String {
        format!("{}-{name}", self.word)
    }

    fn bar_tlp(&self) -> Tlp {
        self.bar.tlp
    }
}

impl Border {
    /// How long the author may take.
    fn deadlines(&self) -> Vec<Choice> {
        AUTHOR_HOURS
            .iter()
            .map(|hours| {
                let label = self
                    .frame
                    .tn("border-author-within", &[("hours", (*hours).into())]);
                Choice::new(hours.to_string(), label)
            })
            .collect()
    }

    /// Where questions are put.
    fn asking(&self) -> String {
        format!("{}#dialogue", self.back)
    }

    fn strictest(&self) -> Tlp {
        self.parts
            .iter()
            .map(PartDesk::bar_tlp)
            .max()
            .unwrap_or(Tlp::Red)
    }

    /// A draft under work, and a review that has ended.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let say = |ja: &str, en: &str| chosen(words, ja, en);
        let step = |area: &str, candidates, verdict: &str, tone| StepView {
            sector: say("電力", "Electric power"),
            area: area.to_owned(),
            precision: say("時間まで", "to the hour"),
            candidates,
            verdict: verdict.to_owned(),
            tone,
        };
        let open = Self {
            frame: sample::officer(words, "/reviews/rvw_1"),
            back: "/reports/rpt_00000000000000000000000000".to_owned(),
            title: say("事案 S-7KQ2MX", "Incident S-7KQ2MX"),
            stage: say("作業中", "Open"),
            faults: vec![(
                "summary-crossing".to_owned(),
                say(
                    "概要: 出すかどうかが決まっていません",
                    "Summary: not decided",
                ),
            )],
            anonymity: AnonymityView {
                candidates: 9,
                candidates_min: 5,
                steps: vec![
                    step(
                        &say("関東", "Kanto"),
                        2,
                        &say("足りない", "too few"),
                        "warning",
                    ),
                    step(&say("全国", "Nationwide"), 9, &say("採用", "taken"), "done"),
                ],
                short: say("候補が少なすぎます", "Too few candidates"),
            },
            parts: vec![part_desk(words)],
            form: Some(
                Form::new("/reviews/rvw_1").with("summary-narrative", say("下書き", "A draft")),
            ),
            hits: vec![Choice::new("narrative:hmi-03", "HMI-03").hint(say("機器の名前", "host"))],
            dialogue: Dialogue {
                form: None,
                ..section(words)
            },
            dry_run: "/reviews/rvw_00000000000000000000000000/dry-run".to_owned(),
            author: say("まだ頼んでいません", "Not asked"),
            author_due_at: Some(sample::NOW),
            ask: Some(Form::new("/reviews/rvw_1/author")),
            withhold: Some(Form::new("/reviews/rvw_1/withhold")),
        };
        let mut wrong = open.clone();
        if let Some(form) = &mut wrong.form {
            form.reject("summary-narrative", say("長すぎます", "Too long"));
        }
        let mut ended = open.clone();
        ended.form = None;
        ended.ask = None;
        ended.withhold = None;
        ended.faults.clear();
        vec![("open", open), ("wrong", wrong), ("ended", ended)]
    }
}

fn part_desk(words: Words) -> PartDesk {
    let say = |ja: &str, en: &str| chosen(words, ja, en);
    let view = part(words, "prt_1");
    PartDesk {
        word: "summary",
        title: say("概要", "Summary"),
        original_id: "prt_1".to_owned(),
        bar: view.bar,
        consent: view.consent,
        original: view.lines,
        outgoing: Some(sample_lines(words)),
        crossings: vec![
            Choice::new("cross", say("提供する", "Let it cross")),
            Choice::new("withhold", say("提供しない", "Withhold")),
        ],
        codes: vec![Choice::new(
            "sector",
            say("分野: 電力", "Sector: electric power"),
        )],
        texts: vec![TextField {
            name: "summary-narrative".to_owned(),
            label: say("経緯", "Course of events"),
            rows: 6,
            chars_max: 8_000,
        }],
        tlps: vec![Choice::new("amber", "TLP:AMBER")],
        purposes: vec![Choice::new("defense", say("防御", "Defense"))],
        circles: vec![Choice::new("ministry", say("所管省庁", "the ministry"))],
    }
}

impl DryRun {
    /// Ready for the second approval, and not ready.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let say = |ja: &str, en: &str| chosen(words, ja, en);
        let ready = Self {
            frame: sample::officer(words, "/reviews/rvw_1/dry-run"),
            back: "/reviews/rvw_00000000000000000000000000".to_owned(),
            title: say("事案 S-7KQ2MX", "Incident S-7KQ2MX"),
            tlp: Tlp::Amber,
            faults: vec![],
            candidates: (9, 5),
            columns: vec![say("概要", "Summary"), say("攻撃", "Attack")],
            rows: vec![CircleRow {
                circle: say("所管省庁", "the ministry"),
                recipients: say("経済省", "Ministry of Economy"),
                cells: vec![
                    (say("届く", "receives"), "done"),
                    (say("提供しない", "withheld"), "still"),
                ],
            }],
            withheld: vec![(say("攻撃", "Attack"), say("調査中", "Under study"))],
            outgoing: vec![OutgoingView {
                title: say("概要", "Summary"),
                bar: part(words, "prt_1").bar,
                lines: sample_lines(words),
            }],
            approvals: vec![(say("あなた", "You"), sample::NOW)],
            approve: Some(Form::new("/reviews/rvw_1/approve")),
            approve_note: say("承認すると、外部へ提供されます", "Your approval releases"),
        };
        let mut faulty = ready.clone();
        faulty.approve = None;
        faulty.outgoing.clear();
        faulty.faults = vec![("summary-crossing".to_owned(), say("未決定", "Undecided"))];
        vec![("ready", ready), ("faulty", faulty)]
    }
}
