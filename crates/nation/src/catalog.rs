//! The built-in lists: places, name patterns, institutions, people.

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// An invented place name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub(crate) ja: String,
    pub(crate) en: String,
    pub(crate) prefecture: String,
    /// Area code of its region.
    pub(crate) area: String,
}

/// The two lists of places.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Places {
    /// Places of one prefecture.
    pub(crate) place: Vec<Place>,
    /// Names for organizations that work nationwide.
    pub(crate) wide: Vec<Place>,
}

/// Which list of places names an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum From {
    Place,
    Wide,
}

/// How the operators of one CEPTOAR are named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    pub(crate) ceptoar: String,
    pub(crate) sector: String,
    pub(crate) count: usize,
    pub(crate) from: From,
    /// Whether the operators run control systems.
    pub(crate) control: bool,
    pub(crate) services: Vec<String>,
    pub(crate) pattern: Vec<Pattern>,
}

/// A name with a place left open.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pattern {
    pub(crate) ja: String,
    pub(crate) en: String,
    pub(crate) short_ja: String,
    pub(crate) short_en: String,
    pub(crate) domain: String,
}

/// An organization that is not an operator.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Institution {
    pub(crate) key: String,
    pub(crate) kind: String,
    pub(crate) name_ja: String,
    pub(crate) name_en: String,
    pub(crate) short_ja: Option<String>,
    pub(crate) short_en: Option<String>,
    pub(crate) domain: String,
    pub(crate) reports_to: Option<String>,
    /// CEPTOARs whose operators are members of this ISAC, or served by this help desk.
    #[serde(default)]
    pub(crate) members: Vec<String>,
}

/// The secretariat of a CEPTOAR.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secretariat {
    pub(crate) ceptoar: String,
    pub(crate) ministry: String,
    pub(crate) name_ja: String,
    pub(crate) name_en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Groups {
    group: Vec<Group>,
}

/// Everyone who is not an operator.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Institutions {
    pub(crate) institution: Vec<Institution>,
    pub(crate) secretariat: Vec<Secretariat>,
}

/// Family and given names, in Japanese and romanized.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    pub(crate) family: Vec<(String, String)>,
    pub(crate) given: Vec<(String, String)>,
}

pub(crate) static PLACES: LazyLock<Places> =
    LazyLock::new(|| built_in(include_str!("../data/places.toml")));
pub(crate) static GROUPS: LazyLock<Vec<Group>> =
    LazyLock::new(|| built_in::<Groups>(include_str!("../data/operators.toml")).group);
pub(crate) static INSTITUTIONS: LazyLock<Institutions> =
    LazyLock::new(|| built_in(include_str!("../data/institutions.toml")));
pub(crate) static NAMES: LazyLock<Names> =
    LazyLock::new(|| built_in(include_str!("../data/people.toml")));

/// Reads a built-in file.
pub(crate) fn built_in<T: DeserializeOwned>(text: &str) -> T {
    #[expect(
        clippy::expect_used,
        reason = "the files are built in and the tests read each of them"
    )]
    toml::from_str(text).expect("a built-in file reads")
}
