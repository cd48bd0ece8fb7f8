//! Which reports come by phone or fax, and who writes them down.

use domain::organization::{CommunityKind, Role};
use hub::phone::Heard;

use super::written::Occasion;
use super::{Plan, PlannedClerk};
use crate::draw::Draw;

/// In a hundred reports of a firm that a help desk serves, those told to the help desk.
const SERVED_PERCENT: usize = 60;
/// In a hundred other reports, those told to the relay.
const RELAY_PERCENT: usize = 12;
/// In a hundred of both, those that come by fax.
const FAX_PERCENT: usize = 25;
/// The narrative of those whose own machines were encrypted: they phone.
const WITHOUT_MACHINES: &str = "wave-encrypted";

/// Who writes the report of `occasion` down; `None` when its source sends it itself.
pub(super) fn clerk(plan: &Plan, occasion: &Occasion<'_>, mut draw: Draw) -> Option<PlannedClerk> {
    let relay = plan.organizations.get(occasion.organization)?.reports_to?;
    let helped = plan
        .communities
        .iter()
        .find(|one| {
            one.kind == CommunityKind::Served && one.members.contains(&occasion.organization)
        })
        .and_then(|one| one.secretariat);
    let without_machines = occasion.narrative.key == WITHOUT_MACHINES;
    let told_to = match helped {
        Some(desk) if draw.chance(SERVED_PERCENT) => desk,
        _ if without_machines || draw.chance(RELAY_PERCENT) => relay,
        _ => return None,
    };
    let heard = if draw.chance(FAX_PERCENT) {
        Heard::Fax
    } else {
        Heard::Phone
    };
    let person = plan.people.iter().position(|person| {
        person.place.organization == told_to && person.place.role == Role::DutyOfficer
    })?;
    Some(PlannedClerk { person, heard })
}
