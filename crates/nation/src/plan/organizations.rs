//! Who is in the nation, and which communities they form.

use domain::organization::{CommunityKind, OrganizationKind};

use super::{PlannedCommunity, PlannedOrganization, of_kind};
use crate::catalog::{From, GROUPS, Group, INSTITUTIONS, Institution, PLACES, Place, Secretariat};
use crate::draw::Draw;

/// Places that the first operators of a group are named after in every nation, so that tests, texts
/// and screenshots can speak of them: the operator of the roles, its rival, the small firm, the carriers.
const CAST: [(&str, &[&str]); 4] = [
    ("electricity", &["北浜", "汐凪"]),
    ("water", &["若瀬"]),
    ("logistics", &["凪浦"]),
    ("t-ceptoar", &["氷室原", "叢雲"]),
];

/// All organizations; each stands behind the one it reports to.
pub(super) fn organizations(seed: u64) -> Vec<PlannedOrganization> {
    let mut found: Vec<PlannedOrganization> = Vec::new();
    for row in &INSTITUTIONS.institution {
        let reports_to = row.reports_to.as_deref().and_then(position_of);
        found.push(institution(row, reports_to));
    }
    for row in &INSTITUTIONS.secretariat {
        found.push(secretariat(row, position_of(&row.ministry)));
    }
    for group in GROUPS.iter() {
        let relay = found.iter().position(|other| {
            other.kind == OrganizationKind::Ceptoar
                && other.ceptoar.as_deref() == Some(group.ceptoar.as_str())
        });
        found.extend(operators(seed, group, relay));
    }
    found
}

/// The community of each relay's members and of those whom a help desk serves, the council, and
/// everyone under the action plan.
pub(super) fn communities(organizations: &[PlannedOrganization]) -> Vec<PlannedCommunity> {
    let mut found = Vec::new();
    for (position, relay) in organizations.iter().enumerate() {
        let (kind, code) = match relay.kind {
            OrganizationKind::Ceptoar => (CommunityKind::CeptoarMembers, relay.ceptoar.clone()),
            OrganizationKind::Isac => (CommunityKind::Isac, None),
            OrganizationKind::HelpDesk => (CommunityKind::Served, None),
            _ => continue,
        };
        let (suffix_ja, suffix_en) = match kind {
            CommunityKind::Served => ("支援先", "clients"),
            _ => ("構成員", "members"),
        };
        found.push(PlannedCommunity {
            kind,
            code,
            name_ja: format!("{} {suffix_ja}", relay.short_ja),
            name_en: format!("{} {suffix_en}", relay.short_en),
            secretariat: Some(position),
            members: members(organizations, position),
        });
    }
    found.push(PlannedCommunity {
        kind: CommunityKind::Council,
        code: None,
        name_ja: "CEPTOARカウンシル（模擬）".to_owned(),
        name_en: "CEPTOAR Council (synthetic)".to_owned(),
        secretariat: None,
        members: of_kind(organizations, OrganizationKind::Ceptoar).collect(),
    });
    found.push(PlannedCommunity {
        kind: CommunityKind::ActionPlan,
        code: None,
        name_ja: "行動計画の対象事業者".to_owned(),
        name_en: "Operators under the action plan".to_owned(),
        secretariat: None,
        members: of_kind(organizations, OrganizationKind::Operator).collect(),
    });
    found
}

/// Whoever reports to the organization at `position`, and the operators of the CEPTOARs that its row
/// of the institutions lists.
fn members(organizations: &[PlannedOrganization], position: usize) -> Vec<usize> {
    let ceptoars: &[String] = INSTITUTIONS
        .institution
        .get(position)
        .map_or(&[], |row| row.members.as_slice());
    organizations
        .iter()
        .enumerate()
        .filter(|(_, other)| {
            let of_ceptoar = other.kind == OrganizationKind::Operator
                && other
                    .ceptoar
                    .as_ref()
                    .is_some_and(|code| ceptoars.contains(code));
            other.reports_to == Some(position) || of_ceptoar
        })
        .map(|(member, _)| member)
        .collect()
}

/// Where an institution stands: the institutions come first, in the order of their file.
pub(super) fn position_of(key: &str) -> Option<usize> {
    INSTITUTIONS
        .institution
        .iter()
        .position(|row| row.key == key)
}

fn institution(row: &Institution, reports_to: Option<usize>) -> PlannedOrganization {
    #[expect(
        clippy::expect_used,
        reason = "the file is built in and a test reads it"
    )]
    let kind = row.kind.parse().expect("a kind of organization");
    PlannedOrganization {
        kind,
        name_ja: row.name_ja.clone(),
        name_en: row.name_en.clone(),
        short_ja: row.short_ja.clone().unwrap_or_else(|| row.name_ja.clone()),
        short_en: row.short_en.clone().unwrap_or_else(|| row.name_en.clone()),
        domain: format!("{}.example", row.domain),
        sector: None,
        ceptoar: None,
        prefecture: None,
        place: None,
        services: Vec::new(),
        reports_to,
        has_control_systems: false,
        area: "03".to_owned(),
    }
}

fn secretariat(row: &Secretariat, ministry: Option<usize>) -> PlannedOrganization {
    PlannedOrganization {
        kind: OrganizationKind::Ceptoar,
        name_ja: format!("{}事務局（模擬）", row.name_ja),
        name_en: format!("{} Secretariat (synthetic)", row.name_en),
        short_ja: row.name_ja.clone(),
        short_en: row.name_en.clone(),
        domain: format!("{}-secretariat.example", row.ceptoar),
        sector: None,
        ceptoar: Some(row.ceptoar.clone()),
        prefecture: None,
        place: None,
        services: Vec::new(),
        reports_to: ministry,
        has_control_systems: false,
        area: "03".to_owned(),
    }
}

/// The operators of a group: the cast's first, the others in a drawn order of places. The patterns
/// take turns, so that no two of a group share a name.
fn operators(seed: u64, group: &Group, relay: Option<usize>) -> Vec<PlannedOrganization> {
    let list = match group.from {
        From::Place => &PLACES.place,
        From::Wide => &PLACES.wide,
    };
    let cast: &[&str] = CAST
        .iter()
        .find(|(code, _)| *code == group.ceptoar)
        .map_or(&[], |(_, places)| places);
    let mut draw = Draw::new(seed, &format!("organizations/{}", group.ceptoar));
    let first = cast
        .iter()
        .filter_map(|name| list.iter().find(|place| place.ja == *name));
    let others = draw
        .shuffled(list)
        .into_iter()
        .filter(|place| !cast.contains(&place.ja.as_str()));
    let places: Vec<&Place> = first.chain(others).take(group.count).collect();
    places
        .into_iter()
        .zip(group.pattern.iter().cycle())
        .map(|(place, pattern)| {
            let ja = |text: &str| text.replace("{p}", &place.ja);
            let en = |text: &str| text.replace("{p}", &place.en);
            PlannedOrganization {
                kind: OrganizationKind::Operator,
                name_ja: ja(&pattern.ja),
                name_en: en(&pattern.en),
                short_ja: ja(&pattern.short_ja),
                short_en: en(&pattern.short_en),
                domain: format!(
                    "{}.example",
                    pattern.domain.replace("{p}", &place.en.to_lowercase())
                ),
                sector: Some(group.sector.clone()),
                ceptoar: Some(group.ceptoar.clone()),
                prefecture: Some(place.prefecture.clone()),
                place: Some(place.ja.clone()),
                services: group.services.clone(),
                reports_to: relay,
                has_control_systems: group.control,
                area: place.area.clone(),
            }
        })
        .collect()
}
