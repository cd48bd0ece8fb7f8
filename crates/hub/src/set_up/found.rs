//! Founding a community of a regime: the council of all CEPTOARs.
//!
//! Most communities begin with an organization: a relay's members, a help desk's clients, the operators
//! under the action plan. The council has to be founded, since somebody decides who its secretariat is.
//!
//! INVARIANT: of a regime of which there is one, there is one in the hub: two would be two circles of
//! the same name, and whoever shares would not know with whom.

use domain::id::{CommunityId, OrganizationId};
use domain::organization::CommunityKind;
use domain::reference::regime::{Beginning, Number};
use store::organization::Community;
use store::{Reader, StoreError, organization};

use super::enter::found;
use super::{Name, SetUp, SetUpError, put_in, text};
use crate::addressing::OrganizationLabel;
use crate::call::Hub;
use crate::invite::By;

/// A community to be founded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// What it is.
    pub kind: CommunityKind,
    /// Name in Japanese; the regime's when `None`.
    pub name_ja: Option<Name>,
    /// Name in English; the regime's when `None`.
    pub name_en: Option<Name>,
    /// Its secretariat; `None` where the regime has none.
    pub secretariat: Option<OrganizationId>,
}

/// A kind of community that can be founded now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foundable {
    /// What it is.
    pub kind: CommunityKind,
    /// Who can be its secretariat; empty where it has none.
    pub secretariats: Vec<OrganizationLabel>,
    /// How many organizations would be in it.
    pub member_count: usize,
}

/// The kinds of which there is one in a hub and none here yet.
///
/// # Errors
/// [`SetUpError::NotPermitted`] for everybody but whoever sets up the hub.
pub fn foundable(hub: &Hub, set_up: &SetUp<'_>) -> Result<Vec<Foundable>, SetUpError> {
    set_up.check()?;
    let (reference, day) = (hub.reference.clone(), set_up.now.day_in_japan());
    hub.store.read(move |reader| {
        let there = organization::communities(reader)?;
        let mut offered = Vec::new();
        for kind in CommunityKind::ALL {
            let Some(row) = reference.regime(*kind, day) else {
                continue;
            };
            let regime = &row.body;
            if regime.number != Number::One || there.iter().any(|one| one.kind == *kind) {
                continue;
            }
            let mut secretariats = Vec::new();
            for of in &regime.secretariat {
                let found = organization::of_kind(reader, *of)?;
                secretariats.extend(found.iter().map(OrganizationLabel::from));
            }
            secretariats.sort_by(|one, other| one.name_ja.cmp(&other.name_ja));
            offered.push(Foundable {
                kind: *kind,
                secretariats,
                member_count: first_members(reader, regime)?.len(),
            });
        }
        Ok(offered)
    })
}

/// Founds a community with the members that its regime begins with; its id. Each of them finds that it
/// was put in among what changed for its own members.
///
/// # Errors
/// [`SetUpError::Founded`] when there is one and there can be only one, [`SetUpError::Secretariat`],
/// [`SetUpError::NoOrganization`].
pub fn found_community(
    hub: &Hub,
    set_up: &SetUp<'_>,
    new: Founding,
) -> Result<CommunityId, SetUpError> {
    set_up.check()?;
    let row = hub.reference.regime(new.kind, set_up.now.day_in_japan());
    let row = row.ok_or(SetUpError::NoRegime(new.kind))?.clone();
    let by = By::from(&set_up.authority);
    let mut random = set_up.random.derive("set_up.community_id");
    hub.store
        .write(set_up.stamp("set_up.found_community"), move |tx| {
            if !by.stands(tx)? {
                return Err(SetUpError::NotPermitted);
            }
            let regime = &row.body;
            check_secretariat(tx, &new, &regime.secretariat)?;
            let is_same = |one: &Community| {
                one.kind == new.kind
                    && (regime.number == Number::One || one.secretariat == new.secretariat)
            };
            if organization::communities(tx)?.iter().any(is_same) {
                return Err(SetUpError::Founded(new.kind));
            }
            let named = |given: &Option<Name>, regime: &str| {
                given.as_ref().map_or_else(|| regime.to_owned(), text)
            };
            let community = Community {
                id: CommunityId::from_random(random.bytes()),
                kind: new.kind,
                code: None,
                name_ja: named(&new.name_ja, row.name.ja()),
                name_en: named(&new.name_en, row.name.en()),
                secretariat: new.secretariat,
            };
            found(tx, &community)?;
            for member in first_members(tx, regime)? {
                put_in(tx, &by, community.id, member)?;
            }
            Ok(community.id)
        })
}

fn check_secretariat(
    reader: &Reader<'_>,
    new: &Founding,
    allowed: &[domain::organization::OrganizationKind],
) -> Result<(), SetUpError> {
    let wrong = || SetUpError::Secretariat {
        kind: new.kind,
        allowed: allowed.to_vec(),
    };
    match new.secretariat {
        None if allowed.is_empty() => Ok(()),
        None => Err(wrong()),
        Some(id) => {
            let row = organization::find(reader, id)?.ok_or(SetUpError::NoOrganization(id))?;
            if allowed.contains(&row.kind) {
                Ok(())
            } else {
                Err(wrong())
            }
        }
    }
}

/// Who is in a community of that regime from the beginning.
fn first_members(
    reader: &Reader<'_>,
    regime: &domain::reference::regime::Regime,
) -> Result<Vec<OrganizationId>, StoreError> {
    let mut members = Vec::new();
    if regime.begins_with == Beginning::Everybody {
        for kind in &regime.takes {
            let found = organization::of_kind(reader, *kind)?;
            members.extend(found.into_iter().map(|row| row.id));
        }
    }
    Ok(members)
}
