//! Joining a community: a firm that a help desk serves, a member of a second ISAC, a CEPTOAR in the
//! council.
//!
//! INVARIANT: a membership widens what its organization may read, and whose clerk may write down what
//! it tells; each leaves a commitment, in that organization's own part of the log.

use std::collections::BTreeSet;

use domain::id::{CommunityId, OrganizationId};
use domain::organization::{CommunityKind, OrganizationKind};
use store::log::record;
use store::organization::Community;
use store::{StoreError, Tx, organization};

use super::{SetUp, SetUpError, entry};
use crate::addressing::OrganizationLabel;
use crate::call::Hub;

/// A community as its list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommunityRow {
    /// Its id.
    pub id: CommunityId,
    /// What it is.
    pub kind: CommunityKind,
    /// Name in Japanese and English.
    pub names: (String, String),
    /// Its members now, by Japanese name.
    pub members: Vec<OrganizationLabel>,
}

/// Puts organizations into a community; how many are new in it. Those already in it stay.
///
/// # Errors
/// [`SetUpError::NoCommunity`], [`SetUpError::NoOrganization`], or [`SetUpError::Unsuited`] for an
/// organization that a community of its kind does not take.
pub fn join_community(
    hub: &Hub,
    set_up: &SetUp<'_>,
    community: CommunityId,
    members: Vec<OrganizationId>,
) -> Result<usize, SetUpError> {
    set_up.check()?;
    hub.store
        .write(set_up.stamp("set_up.join_community"), move |tx| {
            let kind = organization::communities(tx)?
                .into_iter()
                .find(|one| one.id == community)
                .ok_or(SetUpError::NoCommunity(community))?
                .kind;
            let there: BTreeSet<OrganizationId> = organization::members_of(tx, community)?
                .into_iter()
                .map(|member| member.id)
                .collect();
            let mut new = BTreeSet::new();
            for member in members {
                let row =
                    organization::find(tx, member)?.ok_or(SetUpError::NoOrganization(member))?;
                if !takes(kind, row.kind) {
                    return Err(SetUpError::Unsuited {
                        organization: member,
                        kind,
                    });
                }
                if !there.contains(&member) {
                    new.insert(member);
                }
            }
            let new: Vec<OrganizationId> = new.into_iter().collect();
            join_all(tx, community, &new)?;
            Ok(new.len())
        })
}

/// Every community with its members, by kind and Japanese name.
pub fn communities(hub: &Hub, set_up: &SetUp<'_>) -> Result<Vec<CommunityRow>, SetUpError> {
    set_up.check()?;
    hub.store.read(|reader| {
        let mut rows = Vec::new();
        for community in organization::communities(reader)? {
            let members = organization::members_of(reader, community.id)?;
            let mut members: Vec<_> = members.iter().map(OrganizationLabel::from).collect();
            members.sort_by(|one, other| one.name_ja.cmp(&other.name_ja));
            let Community {
                id,
                kind,
                name_ja,
                name_en,
                ..
            } = community;
            rows.push(CommunityRow {
                id,
                kind,
                names: (name_ja, name_en),
                members,
            });
        }
        rows.sort_by(|one, other| (one.kind, &one.names).cmp(&(other.kind, &other.names)));
        Ok(rows)
    })
}

/// Which organizations a community takes.
const fn takes(community: CommunityKind, member: OrganizationKind) -> bool {
    match community {
        CommunityKind::Council => matches!(member, OrganizationKind::Ceptoar),
        CommunityKind::ActionPlan => matches!(member, OrganizationKind::Operator),
        CommunityKind::CeptoarMembers | CommunityKind::Isac | CommunityKind::Served => {
            matches!(
                member,
                OrganizationKind::Operator | OrganizationKind::Supplier
            )
        }
    }
}

/// Writes the memberships, each with its commitment.
pub(super) fn join_all(
    tx: &Tx<'_>,
    community: CommunityId,
    members: &[OrganizationId],
) -> Result<(), StoreError> {
    for member in members {
        organization::join(tx, community, *member)?;
        let facts = vec![("organization", member.to_string())];
        let mut joined = entry("community-joined", community.to_string(), facts);
        joined.owner = Some(*member);
        record(tx, &joined)?;
    }
    Ok(())
}
