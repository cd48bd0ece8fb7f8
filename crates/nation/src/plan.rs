//! The plan of a nation: pure, and equal for equal seeds.
//!
//! Things refer to each other by their position in the plan's lists; times are told back from a
//! `now` that only the build knows.

mod organizations;
mod people;

use domain::organization::{CommunityKind, OrganizationKind, Role, Tier};

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

impl Nation {
    /// The nation of `seed`. The cast (who the roles are) is the same for every seed.
    pub fn plan(seed: u64, variant: Variant) -> Plan {
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
        }
    }
}

impl Plan {
    /// Positions of the operators.
    pub fn operators(&self) -> impl Iterator<Item = usize> {
        of_kind(&self.organizations, OrganizationKind::Operator)
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
