//! Incidents: reports that a desk looks at as one, as far as the reader may see them.

use askama::Template;
use domain::confidential::Confidential;
use domain::release::Visible;
use domain::time::Timestamp;

use crate::chart::{Event, Timeline};
use crate::form::{Choice, Form};
use crate::html::Html;
use crate::layout::{Frame, sample};
use crate::page::case::Exact;
use crate::part::{Empty, SeverityMark};
use crate::words::{Language, Words};

/// The list.
#[derive(Debug, Template)]
#[template(path = "incident/list.html")]
pub struct IncidentList {
    /// Around the page.
    pub frame: Frame,
    /// The incidents, newest first.
    pub rows: Vec<IncidentRow>,
}

/// One incident.
#[derive(Debug)]
pub struct IncidentRow {
    /// Its page.
    pub href: String,
    /// What the analysts call it.
    pub name: Visible<String>,
    /// Members that the reader may see.
    pub member_count: usize,
    /// When it was begun.
    pub opened_at: Timestamp,
}

/// One incident.
#[derive(Debug, Template)]
#[template(path = "incident/incident.html")]
pub struct IncidentPage {
    /// Around the page.
    pub frame: Frame,
    /// What the analysts call it.
    pub name: Visible<String>,
    /// When it was begun.
    pub opened_at: Timestamp,
    /// Its members, newest first.
    pub members: Vec<MemberRow>,
    /// Who put what in or out, oldest first.
    pub steps: Vec<StepRow>,
    /// Moves the members into another: posts `into` and `why`; `None` when the reader does not
    /// group, or there is no other.
    pub merge: Option<(Form, Vec<Choice>)>,
}

/// A report in the incident.
#[derive(Debug)]
pub struct MemberRow {
    /// Page of the report.
    pub href: String,
    /// Kind and pseudonym.
    pub title: String,
    /// The highest opinion shown to the reader.
    pub severity: Option<SeverityMark>,
    /// What it is about: codes by name.
    pub facets: Vec<String>,
    /// Since when it is there for the reader.
    pub seen_at: Timestamp,
    /// How closely that time is told.
    pub exact: Exact,
    /// Takes it out: posts `why`; `None` when the reader does not group.
    pub remove: Option<Form>,
}

/// A report put in or taken out.
#[derive(Debug)]
pub struct StepRow {
    /// When.
    pub at: Timestamp,
    /// What: the report and the way it went, one sentence.
    pub what: String,
    /// Who; `None` when he was erased.
    pub person: Option<Visible<String>>,
    /// Why.
    pub why: Option<Visible<String>>,
}

impl IncidentList {
    fn empty(&self) -> Empty {
        Empty {
            title: self.frame.t("incident-empty").into_owned(),
            why: self.frame.t("incident-empty-why").into_owned(),
            action: None,
            checked_at: Some(self.frame.now),
        }
    }

    /// With incidents, and without.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let page = |rows| Self {
            frame: sample::officer(words, "/incidents"),
            rows,
        };
        let row = IncidentRow {
            href: "/incidents/inc_00000000000000000000000000".to_owned(),
            name: name(words),
            member_count: 3,
            opened_at: sample::NOW.plus_seconds(-7_200),
        };
        vec![("full", page(vec![row])), ("empty", page(vec![]))]
    }
}

impl IncidentPage {
    /// When the members arrived, on a line with a table; without those of which only the day is told.
    fn timeline(&self) -> Option<Html> {
        let mut events: Vec<Event> = self
            .members
            .iter()
            .filter(|member| member.exact == Exact::Moment)
            .map(|member| Event {
                at: member.seen_at,
                text: member.title.clone(),
            })
            .collect();
        events.sort_by_key(|event| event.at);
        let first = events.first()?.at;
        let chart = Timeline {
            id: "arrivals".to_owned(),
            title: self.frame.t("incident-timeline").into_owned(),
            begins_at: first.plus_seconds(-3_600),
            ends_at: self.frame.now,
            events,
        };
        Some(chart.html(self.frame.words))
    }

    /// For a reader who groups, and for one who does not.
    pub fn samples(words: Words) -> Vec<(&'static str, Self)> {
        let say = |ja: &str, en: &str| said(words, ja, en);
        let own = |text: String| domain::release::own(Confidential::new(text));
        let page = |remove: Option<Form>, merge| Self {
            frame: sample::officer(words, "/incidents/inc_00000000000000000000000000"),
            name: name(words),
            opened_at: sample::NOW.plus_seconds(-7_200),
            members: vec![MemberRow {
                href: "/reports/rpt_00000000000000000000000000".to_owned(),
                title: say("事案 S-7KQ2MX", "Incident S-7KQ2MX"),
                severity: None,
                facets: vec![say("マルウェア感染", "Malware infection")],
                seen_at: sample::NOW.plus_seconds(-9_000),
                exact: Exact::Moment,
                remove,
            }],
            steps: vec![StepRow {
                at: sample::NOW.plus_seconds(-7_200),
                what: say("事案 S-7KQ2MX を入れた", "Incident S-7KQ2MX was put in"),
                person: Some(own(say("山下 葵", "Aoi Yamashita"))),
                why: Some(own(say("同じ通信先", "Same address"))),
            }],
            merge,
        };
        let merge = (
            Form::new("/incidents/inc_1/merge"),
            vec![Choice::new("inc_2", say("DDoSの波", "Wave of DDoS"))],
        );
        let remove = Form::new("/incidents/inc_1/remove/rpt_1");
        vec![
            ("grouping", page(Some(remove), Some(merge))),
            ("reading", page(None, None)),
        ]
    }
}

fn name(words: Words) -> Visible<String> {
    let name = said(words, "保守業者経由の侵入", "Break-in through a maintainer");
    domain::release::own(Confidential::new(name))
}

fn said(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja.to_owned(),
        Language::En => en.to_owned(),
    }
}
