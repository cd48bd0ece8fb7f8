//! Communities as administrators run them: who is in which, putting an organization in, taking it out.
//!
//! Which right is enough for what is the regime's rule ([`domain::reference::regime`]); which rights
//! somebody has, [`domain::policy::hands`] decides. A secretariat puts in only whoever reports to it:
//! its clerks write down what a member tells, and for those they may do so anyway.
//!
//! INVARIANT: who is in a community is told to those whom its regime names and to nobody else: whoever
//! has no right over it finds no community at all, and whoever may not see its members finds no number
//! of them.

mod change;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::actor::Actor;
use domain::id::{CommunityId, OrganizationId};
use domain::organization::CommunityKind;
use domain::policy::{Action, Hand, hands, permits};
use domain::reference::ReferenceData;
use domain::reference::regime::Regime;
use domain::text::fold;
use domain::time::Timestamp;
use store::organization::{Community, Organization};
use store::{Reader, StoreError, organization};

use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};

pub use change::{CommunityError, Ending, Leaving, Staying, join, leave, leaving};

/// Members on one page.
pub const MEMBER_ROWS: usize = 50;
/// Organizations that one search offers.
pub const CANDIDATES_MAX: usize = 20;

/// A community in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommunityCard {
    /// Its id.
    pub id: CommunityId,
    /// What it is.
    pub kind: CommunityKind,
    /// Name in Japanese and English.
    pub names: (String, String),
    /// Its secretariat; `None` when it has none.
    pub secretariat: Option<OrganizationLabel>,
    /// Whether the caller's organization is in it.
    pub standing: Standing,
    /// How many are in it; `None` when the caller may not see who.
    pub member_count: Option<usize>,
}

/// Whether the caller's organization is in a community.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    In,
    /// It is not.
    Out,
}

/// One community, with a page of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommunityPage {
    /// The community.
    pub card: CommunityCard,
    /// A page of its members by Japanese name; `None` when the caller may not see who.
    pub members: Option<Vec<MemberRow>>,
    /// Whether the caller may take his own organization out.
    pub own_leave: Leave,
    /// Whether the caller may put organizations in, and which were found.
    pub entry: Entry,
}

/// A member of a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// The organization.
    pub label: OrganizationLabel,
    /// Whether the caller may take it out.
    pub leave: Leave,
}

/// Whether a membership is the caller's to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// It is.
    Open,
    /// It is not.
    Shut,
}

/// What the caller can put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Nothing: it is not his to do.
    Shut,
    /// These, at most [`CANDIDATES_MAX`].
    Open {
        /// By Japanese name.
        candidates: Vec<OrganizationLabel>,
        /// How many more were found.
        more_count: usize,
    },
}

/// The communities that concern the caller: all of them for whoever sets up the hub; else those whose
/// secretariat he runs and those that his organization is in.
///
/// # Errors
/// [`ReadError::NotFound`] for whoever runs no members.
pub fn list(hub: &Hub, call: &Call<'_>) -> Result<Vec<CommunityCard>, ReadError> {
    if !call.may(Action::ManageMembers) {
        return Err(ReadError::NotFound);
    }
    let asker = Asker::of(hub, call);
    hub.store.read(move |reader| {
        let mut cards = Vec::new();
        for community in organization::communities(reader)? {
            if let Some(sight) = asker.sight(reader, community)? {
                cards.push(sight.card(reader)?);
            }
        }
        cards.sort_by(|one, other| (one.kind, &one.names).cmp(&(other.kind, &other.names)));
        Ok(cards)
    })
}

/// One community, with the members from number `page` times [`MEMBER_ROWS`] on, and the organizations
/// in whose names `find` stands that the caller can put in.
///
/// # Errors
/// [`ReadError::NotFound`] when it is not there, or does not concern the caller.
pub fn show(
    hub: &Hub,
    call: &Call<'_>,
    id: CommunityId,
    page: usize,
    find: &str,
) -> Result<CommunityPage, ReadError> {
    let find = fold(find);
    let asker = Asker::of(hub, call);
    hub.store.read(move |reader| {
        let sight = asker.find(reader, id)?;
        let own = asker.actor.organization;
        let rows = sight.sorted();
        let members = sight.shows_members().then(|| {
            rows.iter()
                .skip(page.saturating_mul(MEMBER_ROWS))
                .take(MEMBER_ROWS)
                .map(|row| MemberRow {
                    label: OrganizationLabel::from(*row),
                    leave: sight.leave(&asker.actor, row.id),
                })
                .collect()
        });
        Ok(CommunityPage {
            card: sight.card(reader)?,
            members,
            own_leave: match sight.standing {
                Standing::In => sight.leave(&asker.actor, own),
                Standing::Out => Leave::Shut,
            },
            entry: entry(reader, &asker.actor, &sight, &find)?,
        })
    })
}

/// Who asks, when, and by which rules.
pub(super) struct Asker {
    pub(super) actor: Actor,
    reference: Arc<ReferenceData>,
    now: Timestamp,
}

impl Asker {
    pub(super) fn of(hub: &Hub, call: &Call<'_>) -> Self {
        Self {
            actor: call.actor.clone(),
            reference: hub.reference.clone(),
            now: call.now,
        }
    }

    /// The community with that id, if it concerns him.
    pub(super) fn find(&self, reader: &Reader<'_>, id: CommunityId) -> Result<Sight, ReadError> {
        if !permits(&self.actor, Action::ManageMembers) {
            return Err(ReadError::NotFound);
        }
        let community = organization::find_community(reader, id)?.ok_or(ReadError::NotFound)?;
        self.sight(reader, community)?.ok_or(ReadError::NotFound)
    }

    /// `None` when `community` does not concern him.
    fn sight(
        &self,
        reader: &Reader<'_>,
        community: Community,
    ) -> Result<Option<Sight>, StoreError> {
        let own = self.actor.organization;
        let mut hands = hands(&self.actor, community.secretariat, own);
        let is_in = organization::communities_of(reader, own)?.contains(&community.id);
        if !is_in {
            hands.remove(&Hand::Member);
        }
        if hands.is_empty() {
            return Ok(None);
        }
        let row = self
            .reference
            .regime(community.kind, self.now.day_in_japan());
        Ok(Some(Sight {
            regime: row.map(|row| row.body.clone()),
            members: organization::members_of(reader, community.id)?,
            standing: if is_in { Standing::In } else { Standing::Out },
            community,
            hands,
        }))
    }
}

/// A community as somebody whom it concerns sees it.
pub(super) struct Sight {
    pub(super) community: Community,
    pub(super) regime: Option<Regime>,
    /// Everybody who is in it now.
    pub(super) members: Vec<Organization>,
    pub(super) standing: Standing,
    /// The rights the caller has over the membership of his own organization, or of any other.
    hands: BTreeSet<Hand>,
}

impl Sight {
    /// Whether the caller may see who is in it.
    pub(super) fn shows_members(&self) -> bool {
        let shown_to = self.regime.as_ref().map(|regime| &regime.shown_to);
        shown_to.is_some_and(|shown_to| shown_to.iter().any(|hand| self.hands.contains(hand)))
    }

    /// Whether the caller may take `member` out.
    pub(super) fn leave(&self, actor: &Actor, member: OrganizationId) -> Leave {
        let held = hands(actor, self.community.secretariat, member);
        let ended_by = self.regime.as_ref().map(|regime| &regime.ended_by);
        if ended_by.is_some_and(|ended_by| ended_by.iter().any(|hand| held.contains(hand))) {
            Leave::Open
        } else {
            Leave::Shut
        }
    }

    /// Whether the caller may put `row` in.
    pub(super) fn takes(&self, actor: &Actor, row: &Organization) -> bool {
        let Some(regime) = &self.regime else {
            return false;
        };
        let held = hands(actor, self.community.secretariat, row.id);
        let secretariat = self.community.secretariat;
        let enough = |hand: &Hand| match hand {
            Hand::Keeper => held.contains(hand),
            Hand::Secretariat => {
                held.contains(hand) && secretariat.is_some() && row.reports_to == secretariat
            }
            // Nobody puts himself where he can read: checked data has no such rule.
            Hand::Member => false,
        };
        regime.takes.contains(&row.kind) && regime.entered_by.iter().any(enough)
    }

    fn sorted(&self) -> Vec<&Organization> {
        let mut rows: Vec<&Organization> = self.members.iter().collect();
        rows.sort_by(|one, other| (&one.name_ja, one.id).cmp(&(&other.name_ja, other.id)));
        rows
    }

    pub(super) fn card(&self, reader: &Reader<'_>) -> Result<CommunityCard, StoreError> {
        let secretariat = match self.community.secretariat {
            Some(id) => organization::find(reader, id)?,
            None => None,
        };
        Ok(CommunityCard {
            id: self.community.id,
            kind: self.community.kind,
            names: (
                self.community.name_ja.clone(),
                self.community.name_en.clone(),
            ),
            secretariat: secretariat.as_ref().map(OrganizationLabel::from),
            standing: self.standing,
            member_count: self.shows_members().then_some(self.members.len()),
        })
    }
}

/// What the caller can put in, of what `find` is in the name of.
fn entry(
    reader: &Reader<'_>,
    actor: &Actor,
    sight: &Sight,
    find: &str,
) -> Result<Entry, StoreError> {
    let Some(regime) = &sight.regime else {
        return Ok(Entry::Shut);
    };
    let holds = |hand: &Hand| *hand != Hand::Member && sight.hands.contains(hand);
    if !regime.entered_by.iter().any(holds) {
        return Ok(Entry::Shut);
    }
    let there: BTreeSet<OrganizationId> = sight.members.iter().map(|row| row.id).collect();
    let named = |row: &Organization| {
        let names = [&row.name_ja, &row.name_en].into_iter();
        names
            .chain(&row.known_names)
            .any(|name| fold(name).contains(find))
    };
    let mut found = Vec::new();
    for kind in &regime.takes {
        let rows = organization::of_kind(reader, *kind)?;
        let open =
            |row: &Organization| !there.contains(&row.id) && named(row) && sight.takes(actor, row);
        found.extend(rows.into_iter().filter(open));
    }
    found.sort_by(|one, other| (&one.name_ja, one.id).cmp(&(&other.name_ja, other.id)));
    let more_count = found.len().saturating_sub(CANDIDATES_MAX);
    found.truncate(CANDIDATES_MAX);
    Ok(Entry::Open {
        candidates: found.iter().map(OrganizationLabel::from).collect(),
        more_count,
    })
}
