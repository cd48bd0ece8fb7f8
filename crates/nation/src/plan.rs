//! The plan of a nation: pure, and equal for equal seeds.
//!
//! Things refer to each other by their position in the plan's lists; times are told back from a
//! `now` that only the build knows.

mod advisories;
mod history;
mod organizations;
mod people;
mod phoned;
mod quota;
mod story;
mod written;

use domain::advisory::AdvisoryKind;
use domain::handling::{Circle, Consent, Tlp};
use domain::organization::{CommunityKind, OrganizationKind, Role, Tier};
use domain::part::field::{Field, Precision};
use domain::report::{Custody, ReportKind};
use hub::phone::Heard;

use crate::narrative::Language;

pub(crate) use people::{CARRIERS, phone};

/// The synthetic nation: makes plans and builds them.
pub struct Nation;

/// Which history the nation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Shaped like the published yearly figures: near misses are 4 to 9 % of the reports.
    Published,
    /// The same, and 3,000 near misses a year more: what the country could look like.
    NearMissRich,
}

/// Everything that will be in the nation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The seed it was made from.
    pub seed: u64,
    /// Which history.
    pub variant: Variant,
    /// Organizations; each stands behind the one it reports to.
    pub organizations: Vec<PlannedOrganization>,
    /// Communities.
    pub communities: Vec<PlannedCommunity>,
    /// People.
    pub people: Vec<PlannedPerson>,
    /// The place of each role that a link is made for: position in `people` by role name.
    pub roles: Vec<(&'static str, usize)>,
    /// Reports, oldest first.
    pub reports: Vec<PlannedReport>,
    /// Weekly counts of near misses, oldest first.
    pub counts: Vec<PlannedCount>,
    /// Advisories, oldest first.
    pub advisories: Vec<PlannedAdvisory>,
}

/// An organization of the nation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedOrganization {
    /// What it is.
    pub kind: OrganizationKind,
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// What people call it, in Japanese.
    pub short_ja: String,
    /// What people call it, in English.
    pub short_en: String,
    /// Its domain, under `.example`.
    pub domain: String,
    /// Sector code, for operators.
    pub sector: Option<String>,
    /// CEPTOAR code, for operators and secretariats.
    pub ceptoar: Option<String>,
    /// Prefecture code of its seat; `None` for institutions.
    pub prefecture: Option<String>,
    /// The place it is named after, in Japanese; `None` for institutions.
    pub place: Option<String>,
    /// Codes of its critical-infrastructure services.
    pub services: Vec<String>,
    /// Where its reports go: position in `organizations`.
    pub reports_to: Option<usize>,
    /// Whether it runs control systems.
    pub has_control_systems: bool,
    /// Area code of its telephone numbers.
    pub area: String,
}

/// A community of the nation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCommunity {
    /// What it is.
    pub kind: CommunityKind,
    /// CEPTOAR code, for the members of one.
    pub code: Option<String>,
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// Position of its secretariat in `organizations`.
    pub secretariat: Option<usize>,
    /// Positions of its members in `organizations`.
    pub members: Vec<usize>,
}

/// A person of the nation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPerson {
    /// Name as written.
    pub name: String,
    /// Name in Latin letters.
    pub name_latin: String,
    /// Sign-in name, which is the mail address too.
    pub login: String,
    /// Telephone.
    pub phone: String,
    /// The place held.
    pub place: PlannedPlace,
}

/// A place held in an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPlace {
    /// Position in `organizations`.
    pub organization: usize,
    /// As what.
    pub role: Role,
    /// In which layer.
    pub tier: Tier,
    /// Clearance level, 0 to 3.
    pub clearance: u8,
    /// Order on the call list; `None` when not on it.
    pub call_order: Option<u16>,
}

/// A moment told back from the day of the build, as Japan counts days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Days before that day.
    pub days_back: i64,
    /// Second of the day, 0 to 86,399.
    pub second: i64,
}

/// A report of the nation's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedReport {
    /// Who sends it, or tells it by phone: position in `people`.
    pub reporter: usize,
    /// Who wrote it down for the source; `None` when the source sent it itself.
    pub written_down: Option<PlannedClerk>,
    /// What is reported.
    pub kind: ReportKind,
    /// Type of the yearly statistics.
    pub event_type: String,
    /// The story it belongs to.
    pub story: Option<Story>,
    /// The narrative it is told by.
    pub narrative: String,
    /// Its language.
    pub language: Language,
    /// When it is accepted.
    pub accepted: Moment,
    /// Who may know the source.
    pub custody: Custody,
    /// Label of attack, damage and summary.
    pub tlp: Tlp,
    /// Codes of the purposes of use it is offered for.
    pub purposes: Vec<&'static str>,
    /// Circles it may reach.
    pub circles: Vec<Circle>,
    /// Whether the national center may have it.
    pub consent: Consent,
    /// Answers of all four parts.
    pub answers: Vec<(Field, PlannedAnswer)>,
    /// What the reviewer writes for the way up, one line; names nobody.
    pub out_headline: String,
    /// The same in a few sentences.
    pub out_text: String,
    /// What becomes of it at the relay.
    pub fate: Fate,
    /// Desks above the border that open it after its release, as far as it reaches them.
    pub readers: Vec<OrganizationKind>,
}

/// A clerk who enters a report for a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedClerk {
    /// Position in `people`.
    pub person: usize,
    /// How the report came to him.
    pub heard: Heard,
}

/// What becomes of a report at the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nobody has taken it up.
    Waiting,
    /// A border review is open since so many seconds after it was accepted.
    UnderReview(i64),
    /// It crossed the border; its review began so many seconds after it was accepted.
    Released(i64),
    /// Its review ended with nothing crossing.
    Withheld(i64),
}

/// An answer of a planned report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlannedAnswer {
    /// The source does not know.
    Unknown,
    /// Text.
    Text(String),
    /// Codes of the reference data.
    Codes(Vec<String>),
    /// A moment.
    Moment(Moment, Precision),
    /// Yes.
    Yes,
    /// No.
    No,
}

/// An advisory of the nation's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedAdvisory {
    /// Who issues it: position in `organizations`.
    pub issuer: usize,
    /// What it is written after: a key of ours, or the identifier of a real public advisory.
    pub template: String,
    /// What kind.
    pub kind: AdvisoryKind,
    /// Dissemination grade, a code of the reference data.
    pub grade: &'static str,
    /// When it is issued.
    pub issued: Moment,
    /// The label.
    pub tlp: Tlp,
    /// Communities whose members are addressed: positions in `communities`.
    pub communities: Vec<usize>,
    /// Its texts, the action of each tier among them.
    pub texts: Vec<(Field, String)>,
    /// Tiers addressed, with the days they are given.
    pub tiers: Vec<(Tier, i64)>,
    /// The story it belongs to.
    pub story: Option<Story>,
}

/// A weekly count of near misses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCount {
    /// Who counts: position in `people`.
    pub reporter: usize,
    /// Whole weeks before the current one, from 1.
    pub weeks_back: i64,
    /// Near misses that week; zero is an answer.
    pub count: u32,
}

/// The stories that run through the two years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Story {
    /// Ransomware through one shared supplier, in several sectors within days.
    Wave,
    /// A series of floods announced on a list of targets.
    Flood,
    /// An outage that spreads from power to telecom, water and medical care.
    Cascade,
}

impl Nation {
    /// The nation of `seed`. The cast (who the roles are) is the same for every seed.
    pub fn plan(seed: u64, variant: Variant) -> Plan {
        let mut plan = Self::cast(seed, variant);
        plan.reports = history::reports(&plan);
        plan.counts = history::counts(&plan);
        plan.advisories = advisories::advisories(&plan);
        plan
    }

    /// Everyone, before anything happened.
    pub(crate) fn cast(seed: u64, variant: Variant) -> Plan {
        let organizations = organizations::organizations(seed);
        let communities = organizations::communities(&organizations);
        let (people, roles) = people::people(seed, &organizations);
        Plan {
            seed,
            variant,
            organizations,
            communities,
            people,
            roles,
            reports: Vec::new(),
            counts: Vec::new(),
            advisories: Vec::new(),
        }
    }
}

impl Plan {
    /// Positions of the operators.
    pub fn operators(&self) -> impl Iterator<Item = usize> {
        of_kind(&self.organizations, OrganizationKind::Operator)
    }

    /// The person in a role of the demo; `None` for a name that is no role.
    pub fn role(&self, name: &str) -> Option<&PlannedPerson> {
        let (_, at) = self.roles.iter().find(|(role, _)| *role == name)?;
        self.people.get(*at)
    }

    /// The supplier that the wave came through.
    pub(crate) fn shared_supplier(&self) -> &PlannedOrganization {
        let at = organizations::position_of("supplier").and_then(|at| self.organizations.get(at));
        #[expect(clippy::expect_used, reason = "the list of institutions is built in")]
        at.expect("the supplier is in the list of institutions")
    }
}

impl PlannedOrganization {
    /// Names and domains by which texts give it away, as the register keeps them.
    pub fn known_names(&self) -> Vec<String> {
        let mut names = vec![
            self.name_ja.clone(),
            self.name_en.clone(),
            self.short_ja.clone(),
            self.short_en.clone(),
            self.domain.clone(),
        ];
        names.dedup();
        names
    }
}

/// Positions of the organizations of a kind.
fn of_kind(
    organizations: &[PlannedOrganization],
    kind: OrganizationKind,
) -> impl Iterator<Item = usize> {
    organizations
        .iter()
        .enumerate()
        .filter(move |(_, organization)| organization.kind == kind)
        .map(|(position, _)| position)
}

#[cfg(test)]
mod tests;
