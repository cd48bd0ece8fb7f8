//! The duty roster: who is on duty, when nobody is, whom to call, and taking over in one press.

use askama::Template;
use domain::organization::Tier;
use domain::roster::Span;
use domain::time::{DAY_SECONDS, Timestamp};

use super::duty::tier_name;
use crate::clock;
use crate::form::{Choice, Form};
use crate::layout::{Frame, sample};
use crate::words::{Argument, Language, Words};

/// The page. Fields of the form: `person`, `day`, `start`, `end`.
#[derive(Debug, Template)]
#[template(path = "roster/roster.html")]
pub struct RosterPage {
    /// Around the page.
    pub frame: Frame,
    /// A turn that is being added, and what is wrong with it.
    pub form: Form,
    /// Who is on duty now.
    pub on_duty: Vec<OnDuty>,
    /// Whether the reader can take over.
    pub can_take_over: bool,
    /// Until when the reader would have the duty when nobody has it.
    pub take_over_until: Timestamp,
    /// When nobody is on duty.
    pub gaps: Vec<Span>,
    /// Whom an advisory goes to meanwhile; empty when nobody can be called.
    pub first_called: String,
    /// When two are on duty.
    pub overlaps: Vec<BothOnDuty>,
    /// The days, from today.
    pub days: Vec<Day>,
    /// Who can be called, in order.
    pub people: Vec<PersonLine>,
    /// What whoever plans can choose from; `None` for readers.
    pub planning: Option<PlanningChoices>,
}

/// Somebody on duty now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDuty {
    /// Id of the turn.
    pub turn: String,
    /// Who.
    pub name: String,
    /// The layer.
    pub tier: Tier,
    /// Telephone number; empty when none.
    pub phone: String,
    /// Until when.
    pub until: Timestamp,
    /// Whether it is the reader.
    pub is_reader: bool,
}

/// Two people on duty at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BothOnDuty {
    /// One.
    pub first: String,
    /// The other.
    pub second: String,
    /// When.
    pub span: Span,
}

/// One day of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Its beginning in Japan.
    pub at: Timestamp,
    /// Turns that touch it.
    pub turns: Vec<DayTurn>,
    /// Stretches of it with nobody on duty, from now on.
    pub gaps: Vec<Span>,
}

/// A turn on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayTurn {
    /// When, on whatever days.
    pub span: Span,
    /// Who.
    pub name: String,
    /// The layer.
    pub tier: Tier,
    /// Telephone number; empty when none.
    pub phone: String,
}

/// Somebody who can be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// Who.
    pub name: String,
    /// The layer.
    pub tier: Tier,
    /// The role, in the reader's language.
    pub role: String,
    /// Telephone number; empty when none.
    pub phone: String,
    /// Who stands in for him.
    pub deputies: Vec<String>,
}

/// What whoever plans the roster chooses from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanningChoices {
    /// People who can be on duty.
    pub people: Vec<Choice>,
    /// Turns that can be taken off.
    pub turns: Vec<Choice>,
}

impl RosterPage {
    /// Whether nothing is planned for the days shown.
    pub fn is_empty(&self) -> bool {
        self.days.iter().all(|day| day.turns.is_empty())
    }

    /// A stretch with nobody on duty, as one sentence.
    pub fn gap(&self, gap: &Span) -> String {
        let words = self.frame.words;
        words.tn("roster-gap", &span_arguments(*gap, words))
    }

    /// Two on duty at once, as one sentence.
    pub fn both(&self, both: &BothOnDuty) -> String {
        let words = self.frame.words;
        let mut arguments = span_arguments(both.span, words);
        arguments.push(("first", (&both.first).into()));
        arguments.push(("second", (&both.second).into()));
        words.tn("roster-overlap", &arguments)
    }

    /// When a turn or a gap is on the day that begins at `day`.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates pass references"
    )]
    pub fn hours(&self, span: &Span, day: &Timestamp) -> String {
        hours(*span, *day, self.frame.words)
    }

    /// Name of a tier.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates pass references"
    )]
    pub fn tier(&self, tier: &Tier) -> String {
        tier_name(*tier, self.frame.words)
    }

    /// Nobody planned, a reader's page, and a planner's with a fault.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        samples(words)
    }
}

fn span_arguments(span: Span, words: Words) -> Vec<(&'static str, Argument<'static>)> {
    vec![
        ("from", clock::jst(span.starts_at, words).into()),
        ("until", clock::jst(span.ends_at, words).into()),
    ]
}

/// The hours of `span` on one day, and whether it came from the day before or goes on.
fn hours(span: Span, day: Timestamp, words: Words) -> String {
    let next = day.plus_seconds(DAY_SECONDS);
    let (from, until) = (clock::hour(span.starts_at), clock::hour(span.ends_at));
    let arguments = [("from", from.into()), ("until", until.into())];
    let key = match (span.starts_at < day, span.ends_at > next) {
        _ if span.starts_at <= day && span.ends_at == next => "roster-hours-all-day",
        (true, true) => "roster-hours-all-day",
        (true, false) => "roster-hours-until",
        (false, true) if span.ends_at <= next.plus_seconds(DAY_SECONDS) => "roster-hours-into",
        (false, true) => "roster-hours-from",
        (false, false) if span.ends_at == next => "roster-hours-midnight",
        (false, false) => "roster-hours",
    };
    words.tn(key, &arguments)
}

/// A stretch of the sample's first days, in hours from the beginning of today.
fn sampled(from: i64, until: i64) -> Span {
    let today = Timestamp::start_of_day_in_japan(sample::NOW.day_in_japan());
    Span {
        starts_at: today.plus_seconds(from * 3_600),
        ends_at: today.plus_seconds(until * 3_600),
    }
}

fn sampled_names(words: Words) -> [String; 2] {
    match words.language() {
        Language::Ja => ["山田 太郎", "鈴木 花子"],
        Language::En => ["Taro Yamada", "Hanako Suzuki"],
    }
    .map(str::to_owned)
}

fn sampled_page(
    words: Words,
    form: Form,
    days: Vec<Day>,
    planning: Option<PlanningChoices>,
) -> RosterPage {
    let [name, other] = sampled_names(words);
    let phone = "03-0000-0000".to_owned();
    RosterPage {
        frame: sample::officer(words, "/roster"),
        form,
        on_duty: vec![OnDuty {
            turn: "dty_1".to_owned(),
            name: name.clone(),
            tier: Tier::SystemStaff,
            phone: phone.clone(),
            until: sampled(9, 33).ends_at,
            is_reader: false,
        }],
        can_take_over: planning.is_none(),
        take_over_until: sample::NOW.plus_seconds(12 * 3_600),
        gaps: vec![sampled(33, 41)],
        first_called: name.clone(),
        overlaps: vec![BothOnDuty {
            first: name.clone(),
            second: other.clone(),
            span: sampled(41, 42),
        }],
        days,
        people: vec![PersonLine {
            name,
            tier: Tier::SystemStaff,
            role: words.t("role-duty-officer").into_owned(),
            phone,
            deputies: vec![other],
        }],
        planning,
    }
}

fn samples(words: Words) -> Vec<(&'static str, RosterPage)> {
    let [name, other] = sampled_names(words);
    let turn = |name: &str, span| DayTurn {
        span,
        name: name.to_owned(),
        tier: Tier::SystemStaff,
        phone: "03-0000-0000".to_owned(),
    };
    let day = |days: i64, turns: Vec<DayTurn>, gaps| Day {
        at: sampled(24 * days, 24 * days + 24).starts_at,
        turns,
        gaps,
    };
    let planned = vec![
        day(
            0,
            vec![turn(&name, sampled(9, 17)), turn(&other, sampled(17, 33))],
            vec![],
        ),
        day(
            1,
            vec![turn(&other, sampled(17, 33))],
            vec![sampled(33, 48)],
        ),
    ];
    let choices = PlanningChoices {
        people: vec![Choice::new("mem_1", name.as_str())],
        turns: vec![Choice::new("dty_1", name.as_str())],
    };
    let mut wrong = Form::new("/roster/turns").with("day", "2/30");
    wrong.reject("day", words.t("sheet-why-moment-no-such-day"));
    let quiet = vec![day(0, vec![], vec![])];
    let mut empty = sampled_page(words, Form::default(), quiet, None);
    empty.on_duty.clear();
    empty.overlaps.clear();
    let reader = sampled_page(words, Form::default(), planned.clone(), None);
    let planner = sampled_page(words, wrong, planned, Some(choices));
    vec![("empty", empty), ("reader", reader), ("planner", planner)]
}
