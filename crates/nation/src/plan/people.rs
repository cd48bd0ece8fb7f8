//! Who works where, and which of them the roles of the demo are.

use std::collections::BTreeSet;

use domain::organization::{OrganizationKind as Kind, Role, Tier};

use super::organizations::position_of;
use super::{PlannedOrganization, PlannedPerson, PlannedPlace};
use crate::catalog::NAMES;
use crate::draw::Draw;

/// A post: role, layer, clearance, place on the call list, and the name under which the demo links
/// to it where this organization is in the cast.
struct Post {
    role: Role,
    tier: Tier,
    clearance: u8,
    call_order: Option<u16>,
}

const fn post(role: Role, tier: Tier, clearance: u8, call_order: Option<u16>) -> Post {
    Post {
        role,
        tier,
        clearance,
        call_order,
    }
}

/// Posts of an operator or supplier, most needed first.
const OPERATOR: [Post; 8] = [
    post(Role::DutyOfficer, Tier::SystemStaff, 0, Some(1)),
    post(Role::DutyOfficer, Tier::Ciso, 1, Some(2)),
    post(Role::Officer, Tier::Executive, 1, Some(4)),
    post(Role::Administrator, Tier::Ciso, 0, None),
    post(Role::Analyst, Tier::SystemStaff, 0, Some(3)),
    post(Role::Staff, Tier::SystemStaff, 0, None),
    post(Role::DutyOfficer, Tier::OtStaff, 0, Some(5)),
    post(Role::Staff, Tier::OtStaff, 0, None),
];
/// Posts of a carrier that looks for C&C servers in its flow records.
const CARRIER: [Post; 7] = [
    post(Role::DutyOfficer, Tier::SystemStaff, 0, Some(1)),
    post(Role::DutyOfficer, Tier::Ciso, 1, Some(2)),
    post(Role::Officer, Tier::Executive, 1, Some(4)),
    post(Role::Administrator, Tier::Ciso, 0, None),
    post(Role::Analyst, Tier::SystemStaff, 0, Some(3)),
    post(Role::Staff, Tier::SystemStaff, 0, None),
    post(Role::FlowAnalyst, Tier::SystemStaff, 0, None),
];
/// Of these, a small firm has the first.
const SMALL_POSTS: usize = 1;
/// Of these, an operator without control systems has the first.
const POSTS_WITHOUT_CONTROL: usize = 6;

/// Posts of a relay.
const RELAY: [Post; 8] = [
    post(Role::DutyOfficer, Tier::SystemStaff, 0, Some(1)),
    post(Role::Analyst, Tier::SystemStaff, 1, Some(2)),
    post(Role::Officer, Tier::Ciso, 2, Some(3)),
    post(Role::Officer, Tier::Executive, 2, Some(4)),
    post(Role::Administrator, Tier::Ciso, 0, None),
    post(Role::Custodian, Tier::Executive, 0, None),
    post(Role::Custodian, Tier::Ciso, 0, None),
    post(Role::Custodian, Tier::SystemStaff, 0, None),
];

/// Posts of a ministry, the center, the coordination center, the police and the help desk.
const AUTHORITY: [Post; 6] = [
    post(Role::DutyOfficer, Tier::SystemStaff, 1, Some(1)),
    post(Role::Analyst, Tier::SystemStaff, 2, Some(2)),
    post(Role::Officer, Tier::Ciso, 3, Some(3)),
    post(Role::Officer, Tier::Executive, 3, Some(4)),
    post(Role::Administrator, Tier::Ciso, 0, None),
    post(Role::Auditor, Tier::Ciso, 0, None),
];

/// The demo's roles: name, where, and which post there. The names are a contract with the programs
/// that drive the demo.
const ROLES: [(&str, Cast, usize); 28] = [
    ("operator_duty", Cast::Operator, 0),
    ("operator_ciso", Cast::Operator, 1),
    ("operator_executive", Cast::Operator, 2),
    ("operator_administrator", Cast::Operator, 3),
    ("operator_system", Cast::Operator, 4),
    ("operator_ot", Cast::Operator, 6),
    ("rival_duty", Cast::Rival, 0),
    ("small_firm", Cast::SmallFirm, 0),
    ("supplier", Cast::Institution("supplier"), 0),
    ("ceptoar_analyst", Cast::Relay("electricity"), 1),
    ("ceptoar_officer", Cast::Relay("electricity"), 2),
    ("ceptoar_second_officer", Cast::Relay("electricity"), 3),
    ("ceptoar_administrator", Cast::Relay("electricity"), 4),
    ("ceptoar_custodian", Cast::Relay("electricity"), 5),
    ("ceptoar_second_custodian", Cast::Relay("electricity"), 6),
    ("other_ceptoar_officer", Cast::Relay("water"), 2),
    ("ministry_analyst", Cast::Institution("meti"), 1),
    ("ministry_officer", Cast::Institution("meti"), 2),
    ("center_analyst", Cast::Institution("center"), 1),
    ("center_officer", Cast::Institution("center"), 2),
    ("center_second_officer", Cast::Institution("center"), 3),
    ("administrator", Cast::Institution("center"), 4),
    ("auditor", Cast::Institution("center"), 5),
    ("coordinator", Cast::Institution("coordination"), 1),
    ("police", Cast::Institution("police"), 1),
    ("help_desk", Cast::Institution("help-desk"), 0),
    ("carrier_analyst", Cast::Carrier(0), 6),
    ("second_carrier_analyst", Cast::Carrier(1), 6),
];

/// Where a role stands.
#[derive(Clone, Copy)]
enum Cast {
    /// The first operator of the electricity CEPTOAR.
    Operator,
    /// The second.
    Rival,
    /// The first operator of the logistics CEPTOAR.
    SmallFirm,
    /// One of the operators that look for C&C servers.
    Carrier(usize),
    /// The secretariat of that CEPTOAR.
    Relay(&'static str),
    /// The institution with that key.
    Institution(&'static str),
}

/// Operators that look for C&C servers.
pub(crate) const CARRIERS: usize = 2;

/// More than ever share a name in one organization.
const NAMESAKES_MAX: usize = 100;

/// Everyone, and where the demo's roles stand among them.
pub(super) fn people(
    seed: u64,
    organizations: &[PlannedOrganization],
) -> (Vec<PlannedPerson>, Vec<(&'static str, usize)>) {
    let mut logins = BTreeSet::new();
    let mut found: Vec<PlannedPerson> = Vec::new();
    let mut first_of: Vec<usize> = Vec::with_capacity(organizations.len());
    let small = position(organizations, Cast::SmallFirm);
    let carriers: Vec<usize> = (0..CARRIERS)
        .filter_map(|nth| position(organizations, Cast::Carrier(nth)))
        .collect();
    for (at, organization) in organizations.iter().enumerate() {
        first_of.push(found.len());
        let mut draw = Draw::new(seed, &format!("people/{}", organization.domain));
        let posts = if carriers.contains(&at) {
            &CARRIER
        } else {
            posts(organization, Some(at) == small)
        };
        for post in posts {
            found.push(person(&mut draw, at, organization, post, &mut logins));
        }
    }
    let roles = ROLES
        .iter()
        .filter_map(|(name, cast, post)| {
            let at = position(organizations, *cast)?;
            first_of.get(at).map(|first| (*name, first + post))
        })
        .collect();
    (found, roles)
}

fn posts(organization: &PlannedOrganization, is_small_firm: bool) -> &'static [Post] {
    let (list, count): (&[Post], usize) = match organization.kind {
        Kind::Operator if is_small_firm => (&OPERATOR, SMALL_POSTS),
        Kind::Operator if organization.has_control_systems => (&OPERATOR, OPERATOR.len()),
        Kind::Operator | Kind::Supplier => (&OPERATOR, POSTS_WITHOUT_CONTROL),
        Kind::Ceptoar | Kind::Isac => (&RELAY, RELAY.len()),
        Kind::NationalCenter => (&AUTHORITY, AUTHORITY.len()),
        Kind::Ministry | Kind::CoordinationCenter | Kind::Police | Kind::HelpDesk => {
            (&AUTHORITY, AUTHORITY.len() - 1)
        }
    };
    list.get(..count).unwrap_or(list)
}

fn person(
    draw: &mut Draw,
    at: usize,
    organization: &PlannedOrganization,
    post: &Post,
    logins: &mut BTreeSet<String>,
) -> PlannedPerson {
    let (family, family_latin) = draw.pick(&NAMES.family);
    let (given, given_latin) = draw.pick(&NAMES.given);
    let stem = format!("{given_latin}.{family_latin}").to_lowercase();
    let login = (1..NAMESAKES_MAX)
        .map(|number| match number {
            1 => format!("{stem}@{}", organization.domain),
            _ => format!("{stem}{number}@{}", organization.domain),
        })
        .find(|login| logins.insert(login.clone()))
        .unwrap_or_default();
    PlannedPerson {
        name: format!("{family} {given}"),
        name_latin: format!("{given_latin} {family_latin}"),
        login,
        phone: phone(draw, &organization.area),
        place: PlannedPlace {
            organization: at,
            role: post.role,
            tier: post.tier,
            clearance: post.clearance,
            call_order: post.call_order,
        },
    }
}

/// A telephone number whose exchange begins with 0, so that it is nobody's.
pub(crate) fn phone(draw: &mut Draw, area: &str) -> String {
    // Area code and exchange have six digits together.
    let exchange = match area.len() {
        2 => format!("0{:03}", draw.below(1000)),
        _ => format!("0{:02}", draw.below(100)),
    };
    format!("{area}-{exchange}-{:04}", draw.below(10_000))
}

fn position(organizations: &[PlannedOrganization], cast: Cast) -> Option<usize> {
    let of_ceptoar = |kind: Kind, code: &str, nth: usize| {
        organizations
            .iter()
            .enumerate()
            .filter(|(_, other)| other.kind == kind && other.ceptoar.as_deref() == Some(code))
            .nth(nth)
            .map(|(at, _)| at)
    };
    match cast {
        Cast::Operator => of_ceptoar(Kind::Operator, "electricity", 0),
        Cast::Rival => of_ceptoar(Kind::Operator, "electricity", 1),
        Cast::Carrier(nth) => of_ceptoar(Kind::Operator, "t-ceptoar", nth),
        Cast::SmallFirm => of_ceptoar(Kind::Operator, "logistics", 0),
        Cast::Relay(code) => of_ceptoar(Kind::Ceptoar, code, 0),
        Cast::Institution(key) => position_of(key),
    }
}
