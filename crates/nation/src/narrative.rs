//! The templates that reports are written from.

use std::sync::LazyLock;

use domain::report::ReportKind;
use serde::Deserialize;

use crate::catalog::built_in;

/// One way to tell one kind of event, with slots for whatever differs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Narrative {
    /// Its name, unique.
    pub(crate) key: String,
    kind: String,
    /// Kind of near miss; for near misses and precursors.
    pub(crate) near_miss_kind: Option<String>,
    /// Event type of the yearly statistics; for incidents.
    event_type: Option<String>,
    pub(crate) causes: Vec<String>,
    pub(crate) place: Vec<String>,
    /// Why it did no harm; for near misses and precursors.
    pub(crate) no_harm: Option<String>,
    /// Whether only an operator with control systems can tell it.
    #[serde(default)]
    pub(crate) control: bool,
    /// CEPTOARs whose operators can tell it; empty for all.
    #[serde(default)]
    pub(crate) groups: Vec<String>,
    /// The story it belongs to; such a narrative is told there and nowhere else.
    pub(crate) story: Option<String>,
    pub(crate) headline: String,
    pub(crate) text: String,
    pub(crate) technique: Option<String>,
    pub(crate) indicators: Option<String>,
    pub(crate) effect: Option<String>,
    pub(crate) response: Option<String>,
    pub(crate) recovery: Option<String>,
    /// Whether the service-maintenance level was left: `yes` or `no`.
    pub(crate) service_level: Option<String>,
    pub(crate) spill_over: Option<String>,
    /// What the reviewer writes for the way up; names nobody.
    pub(crate) out_headline: String,
    /// The same, in a few sentences.
    pub(crate) out_text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Narratives {
    narrative: Vec<Narrative>,
}

/// Every narrative.
pub(crate) static NARRATIVES: LazyLock<Vec<Narrative>> = LazyLock::new(|| {
    [
        include_str!("../data/narratives/near_miss_ja.toml"),
        include_str!("../data/narratives/incident_ja.toml"),
        include_str!("../data/narratives/story_ja.toml"),
        include_str!("../data/narratives/en.toml"),
    ]
    .into_iter()
    .flat_map(|text| built_in::<Narratives>(text).narrative)
    .collect()
});

/// The type under which the yearly statistics count near misses and precursors.
pub(crate) const NEAR_MISS_TYPE: &str = "precursor-near-miss";

/// The language a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Japanese.
    Japanese,
    /// English.
    English,
}

impl Narrative {
    /// What is reported.
    pub(crate) fn kind(&self) -> ReportKind {
        #[expect(clippy::expect_used, reason = "built in; a test reads every narrative")]
        self.kind.parse().expect("a kind of report")
    }

    /// Its type in the yearly statistics.
    pub(crate) fn event_type(&self) -> &str {
        self.event_type.as_deref().unwrap_or(NEAR_MISS_TYPE)
    }

    /// The language it is written in.
    pub(crate) fn language(&self) -> Language {
        if self.key.starts_with("en-") {
            Language::English
        } else {
            Language::Japanese
        }
    }
}
