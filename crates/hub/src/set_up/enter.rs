//! Entering an organization so that it is within reach: with the communities it belongs to.
//!
//! A relay gets the community of its members, a help desk that of the firms it serves; an operator or
//! supplier joins that of the relay it reports to. Operators are under the action plan, whose community
//! is made with the first of them; CEPTOARs are in the council, once it is founded.

use domain::id::{CommunityId, OrganizationId};
use domain::organization::{CommunityKind, OrganizationKind};
use store::organization::{Community, Organization};
use store::{StoreError, Tx, organization};

use super::{
    NewOrganization, SetUp, SetUpError, create_organization, entry, join_all, known_codes, record,
};
use crate::call::Hub;

/// Enters one organization; its id.
pub fn enter_organization(
    hub: &Hub,
    set_up: &SetUp<'_>,
    new: NewOrganization,
) -> Result<OrganizationId, SetUpError> {
    set_up.check()?;
    known_codes(&hub.reference, &new)?;
    let mut random = set_up.random.derive("set_up.entered_id");
    hub.store
        .write(set_up.stamp("set_up.enter_organization"), move |tx| {
            let id = OrganizationId::from_random(random.bytes());
            create_organization(tx, id, new)?;
            if let Some(row) = organization::find(tx, id)? {
                place(tx, &row)?;
            }
            Ok(id)
        })
}

/// Puts an organization that was just entered into its communities.
pub(crate) fn place(tx: &Tx<'_>, row: &Organization) -> Result<(), StoreError> {
    match row.kind {
        OrganizationKind::Ceptoar => {
            found_for(tx, row, CommunityKind::CeptoarMembers)?;
            let council = organization::communities(tx)?
                .into_iter()
                .find(|one| one.kind == CommunityKind::Council);
            match council {
                Some(council) => join_all(tx, council.id, &[row.id]),
                None => Ok(()),
            }
        }
        OrganizationKind::Isac => found_for(tx, row, CommunityKind::Isac),
        OrganizationKind::HelpDesk => found_for(tx, row, CommunityKind::Served),
        OrganizationKind::Operator => {
            join_relay(tx, row)?;
            let plan = action_plan(tx)?;
            join_all(tx, plan, &[row.id])
        }
        OrganizationKind::Supplier => join_relay(tx, row),
        _ => Ok(()),
    }
}

/// The community of those whom an organization works for, called like the organization.
fn found_for(
    tx: &Tx<'_>,
    secretariat: &Organization,
    kind: CommunityKind,
) -> Result<(), StoreError> {
    let community = Community {
        id: CommunityId::from_random(tx.random_bytes()),
        kind,
        code: secretariat.ceptoar.clone(),
        name_ja: secretariat.name_ja.clone(),
        name_en: secretariat.name_en.clone(),
        secretariat: Some(secretariat.id),
    };
    found(tx, &community)
}

pub(super) fn found(tx: &Tx<'_>, community: &Community) -> Result<(), StoreError> {
    organization::insert_community(tx, community)?;
    let facts = vec![("kind", community.kind.word().to_owned())];
    record(
        tx,
        &entry("community-founded", community.id.to_string(), facts),
    )
}

fn join_relay(tx: &Tx<'_>, row: &Organization) -> Result<(), StoreError> {
    let Some(relay) = row.reports_to else {
        return Ok(());
    };
    let communities = organization::communities(tx)?;
    let members = communities
        .iter()
        .find(|one| one.secretariat == Some(relay) && one.kind != CommunityKind::Council);
    match members {
        Some(members) => join_all(tx, members.id, &[row.id]),
        None => Ok(()),
    }
}

/// The community of everybody under the action plan.
fn action_plan(tx: &Tx<'_>) -> Result<CommunityId, StoreError> {
    let communities = organization::communities(tx)?;
    let known = communities
        .iter()
        .find(|one| one.kind == CommunityKind::ActionPlan);
    if let Some(known) = known {
        return Ok(known.id);
    }
    let plan = Community {
        id: CommunityId::from_random(tx.random_bytes()),
        kind: CommunityKind::ActionPlan,
        code: None,
        name_ja: "重要インフラ事業者".to_owned(),
        name_en: "Critical-infrastructure operators".to_owned(),
        secretariat: None,
    };
    found(tx, &plan)?;
    Ok(plan.id)
}
