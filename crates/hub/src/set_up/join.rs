//! Joining a community and leaving it: a firm that a help desk serves, a member of a second ISAC, a
//! CEPTOAR in the council.
//!
//! INVARIANT: a membership widens what its organization may read, and whose clerk may write down what
//! it tells; its beginning and its end leave a commitment each, in that organization's own part of the
//! log.

use std::collections::BTreeSet;

use domain::id::{CommunityId, OrganizationId};
use domain::organization::{CommunityKind, MemberChange, OrganizationKind};
use domain::reference::ReferenceData;
use domain::time::Timestamp;
use store::log::record;
use store::organization::Community;
use store::{StoreError, Tx, member, organization};

use super::{SetUp, SetUpError, entry};
use crate::addressing::OrganizationLabel;
use crate::call::Hub;
use crate::invite::By;

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
    let (reference, now) = (hub.reference.clone(), set_up.now);
    let by = By::from(&set_up.authority);
    hub.store
        .write(set_up.stamp("set_up.join_community"), move |tx| {
            let kind = organization::find_community(tx, community)?
                .ok_or(SetUpError::NoCommunity(community))?
                .kind;
            let allowed = takes(&reference, kind, now);
            let there: BTreeSet<OrganizationId> = organization::members_of(tx, community)?
                .into_iter()
                .map(|member| member.id)
                .collect();
            let mut new = BTreeSet::new();
            for member in members {
                let row =
                    organization::find(tx, member)?.ok_or(SetUpError::NoOrganization(member))?;
                if !allowed.contains(&row.kind) {
                    return Err(SetUpError::Unsuited {
                        organization: member,
                        kind,
                        allowed,
                    });
                }
                if !there.contains(&member) {
                    new.insert(member);
                }
            }
            for member in &new {
                put_in(tx, &by, community, *member)?;
            }
            Ok(new.len())
        })
}

/// Takes organizations out of a community, all of them or none.
///
/// # Errors
/// [`SetUpError::NoCommunity`], or [`SetUpError::NotIn`] for an organization that is not in it.
pub fn leave_community(
    hub: &Hub,
    set_up: &SetUp<'_>,
    community: CommunityId,
    members: Vec<OrganizationId>,
) -> Result<(), SetUpError> {
    set_up.check()?;
    let by = By::from(&set_up.authority);
    let members: BTreeSet<OrganizationId> = members.into_iter().collect();
    hub.store
        .write(set_up.stamp("set_up.leave_community"), move |tx| {
            if organization::find_community(tx, community)?.is_none() {
                return Err(SetUpError::NoCommunity(community));
            }
            for member in &members {
                if !take_out(tx, &by, community, *member)? {
                    return Err(SetUpError::NotIn {
                        organization: *member,
                    });
                }
            }
            Ok(())
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

/// Which organizations a community of `kind` takes at `now`; none without rules.
fn takes(reference: &ReferenceData, kind: CommunityKind, now: Timestamp) -> Vec<OrganizationKind> {
    let row = reference.regime(kind, now.day_in_japan());
    row.map(|row| row.body.takes.clone()).unwrap_or_default()
}

/// Puts an organization into a community. It stands in the organization's part of the log and among
/// what changed for its members.
pub(crate) fn put_in(
    tx: &Tx<'_>,
    by: &By,
    community: CommunityId,
    organization: OrganizationId,
) -> Result<(), StoreError> {
    organization::join(tx, community, organization)?;
    note(
        tx,
        by,
        MemberChange::CommunityJoined,
        community,
        organization,
    )
}

/// Takes an organization out of a community, with the same notes; false when it was not in it.
///
/// What reached it as a member of the community alone is not found any more from this transaction on,
/// by a running session neither: keys of communities are looked up for every request and never
/// expanded in the grants. It stays where it is an addressee or the source itself. An advisory that was
/// issued to the community names its organizations since (addressees are frozen at issue): it keeps
/// those, and is not among the addressees of the next.
pub(crate) fn take_out(
    tx: &Tx<'_>,
    by: &By,
    community: CommunityId,
    organization: OrganizationId,
) -> Result<bool, StoreError> {
    if !organization::leave(tx, community, organization)? {
        return Ok(false);
    }
    note(tx, by, MemberChange::CommunityLeft, community, organization)?;
    Ok(true)
}

fn note(
    tx: &Tx<'_>,
    by: &By,
    change: MemberChange,
    community: CommunityId,
    organization: OrganizationId,
) -> Result<(), StoreError> {
    member::note(
        tx,
        &by.event(organization, change).in_community(community).0,
    )?;
    let facts = vec![("organization", organization.to_string())];
    record(
        tx,
        &by.entry(change, community.to_string(), organization, facts),
    )
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
