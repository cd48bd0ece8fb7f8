//! Setting up a hub: its mark, its organizations and communities, its people and custodians.
//!
//! Two may do this: the program itself on its own console, when nobody can sign in yet, and the
//! administrator of the national center. Every verb takes a list and writes it in one transaction:
//! a register of three hundred organizations is entered whole or not at all.
//!
//! INVARIANT: a demo store never becomes a real one and a real one never a demo.

mod bring_in;
mod enter;
mod found;
mod join;
mod login;
mod people;

use domain::actor::Actor;
use domain::id::{CommunityId, CustodianId, OrganizationId};
use domain::organization::{CommunityKind, OrganizationKind};
use domain::policy::{Action, permits};
use domain::reference::ReferenceData;
use domain::text::BoundedText;
use domain::time::Timestamp;
use domain::word::Code;
use seal::envelope::PublicKey;
use seal::random::Random;
use store::custody::Custodian;
use store::log::{Entry, record};
use store::organization::{Community, Organization};
use store::{Stamp, StoreError, Tx, custody, fact, organization};

use crate::call::Hub;

pub use bring_in::{
    BringInError, BroughtIn, Fate, FirstAdministrator, Listed, bring_in, look_through,
};
pub use enter::enter_organization;
pub(crate) use enter::place as place_among_communities;
pub use found::{Foundable, Founding, found_community, foundable};
use join::join_all;
pub use join::{CommunityRow, communities, join_community, leave_community};
pub(crate) use join::{put_in, take_out};
pub use login::{LOGIN_CHARS_MAX, LoginError, LoginName};
pub(crate) use people::give_place;
pub use people::{Enrolled, NewPerson, NewPlace, enroll, sign_in_links};
/// A custodian's key pair, for programs that play every part: the demo and the simulation. In a
/// real hub the custodian draws it offline and hands in the public half.
pub use seal::envelope::KeyPair;

/// Longest name of an organization, community, person or custodian, in characters.
pub const NAME_CHARS_MAX: usize = 120;

/// A name, bounded at the door.
pub type Name = BoundedText<NAME_CHARS_MAX>;

/// The right to set up a hub without having signed in.
///
/// INVARIANT: nothing that arrives over the network leads to one.
pub struct Installer(());

impl Installer {
    /// The right of whoever runs the program on the hub's own machine: first run, `noroshi admin`,
    /// the demo. Only crate `noroshi`, the synthetic nation and tests call this.
    pub const fn local_console() -> Self {
        Self(())
    }
}

/// By whose right something is set up.
#[derive(Clone, Copy)]
pub enum Authority<'a> {
    /// The program on its own console.
    Console(&'a Installer),
    /// A signed-in person whose role may set up the hub.
    Member(&'a Actor),
}

/// By whose right, when, and with which randomness.
pub struct SetUp<'a> {
    /// By whose right.
    pub authority: Authority<'a>,
    /// The time of the call.
    pub now: Timestamp,
    /// Randomness of this call alone.
    pub random: Random,
}

/// Why nothing was set up. Nothing of the list was kept.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The caller's role does not set up the hub.
    #[error("only the administrator of the national center sets up the hub")]
    NotPermitted,
    /// The store is of the other kind.
    #[error("this store is {}; use another directory", .0.phrase())]
    OtherKind(StoreKind),
    /// Something is in the store although nobody marked it.
    #[error("this store holds organizations and no mark; it cannot become a demo")]
    NotEmpty,
    /// A code that the reference data does not have.
    #[error("`{given}` is not in the list of {list}; see `noroshi data check`")]
    UnknownCode {
        /// Which list.
        list: &'static str,
        /// What was given.
        given: Code,
    },
    /// An organization that is not there.
    #[error("there is no organization `{0}`; `noroshi admin organizations` lists them")]
    NoOrganization(OrganizationId),
    /// A community that is not there.
    #[error("there is no community `{0}`; `noroshi admin communities` lists them")]
    NoCommunity(CommunityId),
    /// An organization that a community of that kind does not take.
    #[error("`{organization}` cannot be in a community of kind `{kind}`; its members are {}", listed(.allowed))]
    Unsuited {
        /// The organization.
        organization: OrganizationId,
        /// The kind of community.
        kind: CommunityKind,
        /// Kinds of organizations that it takes.
        allowed: Vec<OrganizationKind>,
    },
    /// An organization that is not in the community.
    #[error("`{organization}` is not in this community; `noroshi admin communities` lists who is")]
    NotIn {
        /// The organization.
        organization: OrganizationId,
    },
    /// A community of which there is one already.
    #[error("there is a community of kind `{0}` already, and there can be only one")]
    Founded(CommunityKind),
    /// A secretariat that a community of that kind cannot have, or none where it needs one.
    #[error("a community of kind `{kind}` {}", secretariats(.allowed))]
    Secretariat {
        /// The kind of community.
        kind: CommunityKind,
        /// Kinds of organizations that can be its secretariat.
        allowed: Vec<OrganizationKind>,
    },
    /// A kind of community for which the reference data has no rules.
    #[error("`regimes.toml` has no rules for `{0}`; run `noroshi data check`")]
    NoRegime(CommunityKind),
    /// A key that is none.
    #[error(
        "the key of `{0}` is not a public key; run `noroshi custodian keygen` and copy the line that begins with `noroshi-pk`"
    )]
    NotAKey(String),
    /// A slot outside 1 to 3.
    #[error("a custodian has slot 1, 2 or 3, not {0}")]
    NoSlot(u8),
    /// Somebody has that sign-in name.
    #[error("the sign-in name `{0}` is taken; choose another")]
    LoginTaken(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether a store is a demo's or a real hub's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// Made by the demo; everything in it is invented.
    Demo,
    /// A real hub's.
    Real,
}

/// An organization to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganization {
    /// What it is.
    pub kind: OrganizationKind,
    /// Name in Japanese.
    pub name_ja: Name,
    /// Name in English.
    pub name_en: Name,
    /// Sector, for operators.
    pub sector: Option<Code>,
    /// CEPTOAR it belongs to or is the secretariat of.
    pub ceptoar: Option<Code>,
    /// Prefecture of its seat.
    pub prefecture: Option<Code>,
    /// Where its reports go; `None` at the top.
    pub reports_to: Option<OrganizationId>,
    /// Names and domains by which texts give it away, beside the two above.
    pub known_names: Vec<Name>,
}

/// A community to be entered, with its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommunity {
    /// What it is.
    pub kind: CommunityKind,
    /// Code of the reference data; `None` for a community of our own.
    pub code: Option<Code>,
    /// Name in Japanese.
    pub name_ja: Name,
    /// Name in English.
    pub name_en: Name,
    /// Secretariat, if it has one.
    pub secretariat: Option<OrganizationId>,
    /// Members from now on.
    pub members: Vec<OrganizationId>,
}

/// A custodian to be put into office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCustodian {
    /// The relay whose seals it keeps.
    pub relay: OrganizationId,
    /// 1, 2 or 3; whoever held the slot leaves it.
    pub slot: u8,
    /// What the custodian is called: a post, not a person.
    pub name: Name,
    /// Public key, text form.
    pub public_key: String,
}

/// Marks the store as a demo's or a real hub's, for good.
///
/// # Errors
/// [`SetUpError::OtherKind`] when it is marked otherwise, [`SetUpError::NotEmpty`] when a store
/// that somebody already uses would become a demo.
pub fn mark_store(hub: &Hub, set_up: &SetUp<'_>, kind: StoreKind) -> Result<(), SetUpError> {
    set_up.check()?;
    hub.store
        .write(set_up.stamp("set_up.mark_store"), move |tx| {
            match marked(tx)? {
                Some(found) if found == kind => return Ok(()),
                Some(found) => return Err(SetUpError::OtherKind(found)),
                None => {}
            }
            if kind == StoreKind::Demo {
                for kind in OrganizationKind::ALL {
                    if !organization::of_kind(tx, *kind)?.is_empty() {
                        return Err(SetUpError::NotEmpty);
                    }
                }
            }
            Ok(mark(tx, kind)?)
        })
}

/// Marks the store as a real hub's, unless it is marked.
pub(crate) fn mark_real(tx: &Tx<'_>) -> Result<(), StoreError> {
    match marked(tx)? {
        Some(_) => Ok(()),
        None => mark(tx, StoreKind::Real),
    }
}

fn mark(tx: &Tx<'_>, kind: StoreKind) -> Result<(), StoreError> {
    fact::write(tx, STORE_KIND, kind.word().as_bytes())?;
    let facts = vec![("kind", kind.word().to_owned())];
    record(tx, &entry("store-marked", tx.hub().to_owned(), facts))
}

/// What the store is marked as; `None` for a store just made.
pub fn store_kind(hub: &Hub) -> Result<Option<StoreKind>, StoreError> {
    hub.store.read(marked)
}

/// Enters organizations; their ids in the same order.
pub fn create_organizations(
    hub: &Hub,
    set_up: &SetUp<'_>,
    organizations: Vec<NewOrganization>,
) -> Result<Vec<OrganizationId>, SetUpError> {
    set_up.check()?;
    for new in &organizations {
        known_codes(&hub.reference, new)?;
    }
    let mut random = set_up.random.derive("set_up.organization_ids");
    hub.store
        .write(set_up.stamp("set_up.create_organizations"), move |tx| {
            organizations
                .into_iter()
                .map(|new| {
                    let id = OrganizationId::from_random(random.bytes());
                    create_organization(tx, id, new)?;
                    Ok(id)
                })
                .collect()
        })
}

fn create_organization(
    tx: &Tx<'_>,
    id: OrganizationId,
    new: NewOrganization,
) -> Result<(), SetUpError> {
    if let Some(above) = new.reports_to
        && organization::find(tx, above)?.is_none()
    {
        return Err(SetUpError::NoOrganization(above));
    }
    let names = new.known_names.iter().map(text).collect();
    let row = Organization {
        id,
        kind: new.kind,
        name_ja: text(&new.name_ja),
        name_en: text(&new.name_en),
        sector: new.sector,
        ceptoar: new.ceptoar,
        prefecture: new.prefecture,
        reports_to: new.reports_to,
        known_names: names,
    };
    organization::insert(tx, &row)?;
    let facts = vec![("kind", row.kind.word().to_owned())];
    Ok(record(
        tx,
        &entry("organization-created", id.to_string(), facts),
    )?)
}

/// Enters communities with their members; their ids in the same order.
pub fn create_communities(
    hub: &Hub,
    set_up: &SetUp<'_>,
    communities: Vec<NewCommunity>,
) -> Result<Vec<CommunityId>, SetUpError> {
    set_up.check()?;
    let mut random = set_up.random.derive("set_up.community_ids");
    hub.store
        .write(set_up.stamp("set_up.create_communities"), move |tx| {
            communities
                .into_iter()
                .map(|new| {
                    let id = CommunityId::from_random(random.bytes());
                    let row = Community {
                        id,
                        kind: new.kind,
                        code: new.code,
                        name_ja: text(&new.name_ja),
                        name_en: text(&new.name_en),
                        secretariat: new.secretariat,
                    };
                    organization::insert_community(tx, &row)?;
                    join_all(tx, id, &new.members)?;
                    Ok(id)
                })
                .collect()
        })
}

/// Puts custodians into office; their ids in the same order.
///
/// The log keeps each key's fingerprint: a key slipped in would open every later seal.
pub fn appoint_custodians(
    hub: &Hub,
    set_up: &SetUp<'_>,
    custodians: Vec<NewCustodian>,
) -> Result<Vec<CustodianId>, SetUpError> {
    set_up.check()?;
    let mut keys = Vec::with_capacity(custodians.len());
    for new in &custodians {
        if !(1..=3).contains(&new.slot) {
            return Err(SetUpError::NoSlot(new.slot));
        }
        let key =
            PublicKey::parse(&new.public_key).map_err(|_| SetUpError::NotAKey(text(&new.name)))?;
        keys.push(key.fingerprint().to_string());
    }
    let mut random = set_up.random.derive("set_up.custodian_ids");
    hub.store
        .write(set_up.stamp("set_up.appoint_custodians"), move |tx| {
            custodians
                .into_iter()
                .zip(keys)
                .map(|(new, fingerprint)| {
                    let custodian = Custodian {
                        id: CustodianId::from_random(random.bytes()),
                        relay: new.relay,
                        slot: new.slot,
                        name: text(&new.name),
                        public_key: new.public_key,
                    };
                    custody::appoint(tx, &custodian)?;
                    let facts = vec![
                        ("relay", custodian.relay.to_string()),
                        ("slot", custodian.slot.to_string()),
                        ("key", fingerprint),
                    ];
                    let id = custodian.id.to_string();
                    record(tx, &entry("custodian-appointed", id, facts))?;
                    Ok(custodian.id)
                })
                .collect()
        })
}

impl StoreKind {
    /// The fixed word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Real => "real",
        }
    }

    const fn phrase(self) -> &'static str {
        match self {
            Self::Demo => "a demo's",
            Self::Real => "a real hub's",
        }
    }
}

impl SetUp<'_> {
    pub(crate) fn check(&self) -> Result<(), SetUpError> {
        match self.authority {
            Authority::Console(Installer(())) => Ok(()),
            Authority::Member(actor) if permits(actor, Action::ManageHub) => Ok(()),
            Authority::Member(_) => Err(SetUpError::NotPermitted),
        }
    }

    pub(crate) fn stamp(&self, name: &'static str) -> Stamp {
        Stamp {
            name,
            now: self.now,
            random: self.random.derive(name),
        }
    }
}

/// Kinds of organizations, for an error message.
fn listed(kinds: &[OrganizationKind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
    words.join(", ")
}

/// Who can be a secretariat, for an error message.
fn secretariats(kinds: &[OrganizationKind]) -> String {
    if kinds.is_empty() {
        "has no secretariat; leave it out".to_owned()
    } else {
        format!("needs a secretariat of kind {}", listed(kinds))
    }
}

/// Name of the fact that says what kind of store this is.
const STORE_KIND: &str = "store-kind";

pub(crate) fn marked(reader: &store::Reader<'_>) -> Result<Option<StoreKind>, StoreError> {
    let corrupt = StoreError::Corrupt {
        table: "hub_fact",
        column: "body",
    };
    match fact::find(reader, STORE_KIND)?.as_deref() {
        None => Ok(None),
        Some(b"demo") => Ok(Some(StoreKind::Demo)),
        Some(b"real") => Ok(Some(StoreKind::Real)),
        Some(_) => Err(corrupt),
    }
}

/// Codes of an organization must be in the reference data, whatever their dates: an organization
/// outlives a list's revision.
fn known_codes(reference: &ReferenceData, new: &NewOrganization) -> Result<(), SetUpError> {
    let unknown = |list: &'static str, code: &Code| SetUpError::UnknownCode {
        list,
        given: code.clone(),
    };
    if let Some(code) = &new.sector
        && !reference.sectors.knows(code.as_str())
    {
        return Err(unknown("sectors", code));
    }
    if let Some(code) = &new.ceptoar
        && !reference.ceptoars.knows(code.as_str())
    {
        return Err(unknown("CEPTOARs", code));
    }
    match &new.prefecture {
        Some(code) if !reference.prefectures.knows(code.as_str()) => {
            Err(unknown("prefectures", code))
        }
        _ => Ok(()),
    }
}

fn entry(event: &'static str, object: String, facts: Vec<(&'static str, String)>) -> Entry {
    Entry {
        event,
        object,
        owner: None,
        facts,
    }
}

fn text<const MAX: usize>(bounded: &BoundedText<MAX>) -> String {
    bounded.as_str().to_owned()
}

#[cfg(test)]
mod tests;
