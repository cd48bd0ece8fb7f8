//! Bringing in a list of organizations, each with its first administrator: whole or not at all.
//!
//! What a row becomes is worked out twice by the same function: for the dry run, and once more in the
//! transaction that writes. A list brought in twice doubles nothing.

use std::collections::BTreeMap;

use domain::id::OrganizationId;
use domain::organization::{OrganizationKind, Post, Role, Tier};
use domain::policy::{Action, permits};
use domain::text::{BoundedText, fold};
use domain::word::Code;
use store::organization::Organization;
use store::{Reader, StoreError, Tx, organization};

use super::enter::place;
use super::{Name, NewOrganization, SetUpError, create_organization, known_codes};
use crate::call::{Call, Hub, ReadError};
use crate::deliver::relay;
use crate::invite::{
    By, InviteError, Invited, MAIL_CHARS_MAX, NewInvitation, WrittenIn, write_one,
};

/// An organization of a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it is.
    pub kind: OrganizationKind,
    /// Name in Japanese.
    pub name_ja: Name,
    /// Name in English.
    pub name_en: Name,
    /// Name of the organization that its reports go to; `None` leaves it to the CEPTOAR.
    pub reports_to: Option<Name>,
    /// Sector.
    pub sector: Option<Code>,
    /// CEPTOAR it belongs to or is the secretariat of.
    pub ceptoar: Option<Code>,
    /// Prefecture of its seat.
    pub prefecture: Option<Code>,
    /// Names and domains by which texts give it away.
    pub known_names: Vec<Name>,
    /// Who runs its members first; `None` when somebody is invited later.
    pub administrator: Option<FirstAdministrator>,
}

/// The first administrator of an organization.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstAdministrator {
    /// Name as typed; the person may correct it.
    pub name: Name,
    /// Where the invitation goes; `None` when it is handed over.
    pub mail: Option<BoundedText<MAIL_CHARS_MAX>>,
    /// Language to write in.
    pub language: WrittenIn,
}

/// What would become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It would be entered.
    New,
    /// One of that kind and name is there: nothing of the row is taken.
    Known,
    /// Nothing of the name that its reports go to is there, nor further up in the list; or several are.
    NoSuchName,
    /// Its CEPTOAR has no secretariat in this hub, nor further up in the list.
    NoSecretariat,
}

/// An organization that was entered.
#[derive(Clone, PartialEq, Eq)]
pub struct BroughtIn {
    /// Its id.
    pub organization: OrganizationId,
    /// Name in Japanese and English.
    pub names: (String, String),
    /// Its first administrator's name and invitation; `None` when nobody was named.
    pub invited: Option<(String, Invited)>,
}

/// Why nothing was brought in.
#[derive(Debug, thiserror::Error)]
pub enum BringInError {
    /// The caller does not set up the hub.
    #[error("nothing is here")]
    NotFound,
    /// A row cannot be entered, now that it is looked at again.
    #[error("the hub has changed since the list was looked at; look at it once more")]
    Changed,
    /// An organization was refused.
    #[error(transparent)]
    SetUp(#[from] SetUpError),
    /// An invitation was refused.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What would become of each row of `list`, in its order.
///
/// # Errors
/// [`ReadError::NotFound`] for everybody but whoever sets up the hub.
pub fn look_through(hub: &Hub, call: &Call<'_>, list: Vec<Listed>) -> Result<Vec<Fate>, ReadError> {
    if !call.may(Action::ManageHub) {
        return Err(ReadError::NotFound);
    }
    hub.store.read(move |reader| {
        let plan = plan(reader, &list)?;
        Ok(plan.into_iter().map(|row| row.fate).collect())
    })
}

/// Enters every new organization of `list`, puts it into its communities, and invites its first
/// administrator; in the order of the list, without those that are known.
///
/// # Errors
/// [`BringInError::Changed`] when a row can no longer be entered. Nothing of the list was kept.
pub fn bring_in(
    hub: &Hub,
    call: &Call<'_>,
    list: Vec<Listed>,
) -> Result<Vec<BroughtIn>, BringInError> {
    if !permits(call.actor, Action::ManageHub) {
        return Err(BringInError::NotFound);
    }
    let by = By::Member(call.actor.clone());
    let reference = hub.reference.clone();
    let mut ids = call.random.derive("bring_in.ids");
    let mut links = call.random.derive("bring_in.links");
    hub.store.write(call.stamp("set_up.bring_in"), move |tx| {
        if !by.stands(tx)? {
            return Err(BringInError::NotFound);
        }
        let relay = relay(tx)?;
        let plan = plan(tx, &list)?;
        let mut entered: BTreeMap<usize, OrganizationId> = BTreeMap::new();
        let mut done = Vec::new();
        for (place, (listed, planned)) in list.into_iter().zip(plan).enumerate() {
            match planned.fate {
                Fate::New => {}
                Fate::Known => continue,
                Fate::NoSuchName | Fate::NoSecretariat => return Err(BringInError::Changed),
            }
            let reports_to = match planned.above {
                Some(Above::Here(id)) => Some(id),
                Some(Above::Earlier(row)) => Some(*entered.get(&row).ok_or(BringInError::Changed)?),
                None => None,
            };
            let id = OrganizationId::from_random(ids.bytes());
            entered.insert(place, id);
            let (new, administrator) = parted(listed, reports_to);
            known_codes(&reference, &new)?;
            let names = enter_one(tx, id, new)?;
            let invited = match administrator {
                Some(one) => {
                    let name = one.name.as_str().to_owned();
                    let new = first_invitation(id, one);
                    Some((name, write_one(tx, &by, &mut links, relay, &new)?))
                }
                None => None,
            };
            done.push(BroughtIn {
                organization: id,
                names,
                invited,
            });
        }
        Ok(done)
    })
}

/// The organization and its administrator apart.
fn parted(
    listed: Listed,
    reports_to: Option<OrganizationId>,
) -> (NewOrganization, Option<FirstAdministrator>) {
    let new = NewOrganization {
        kind: listed.kind,
        name_ja: listed.name_ja,
        name_en: listed.name_en,
        sector: listed.sector,
        ceptoar: listed.ceptoar,
        prefecture: listed.prefecture,
        reports_to,
        known_names: listed.known_names,
    };
    (new, listed.administrator)
}

fn enter_one(
    tx: &Tx<'_>,
    id: OrganizationId,
    new: NewOrganization,
) -> Result<(String, String), SetUpError> {
    create_organization(tx, id, new)?;
    let row = organization::find(tx, id)?.ok_or(SetUpError::NoOrganization(id))?;
    place(tx, &row)?;
    Ok((row.name_ja, row.name_en))
}

/// The first administrator stands in the office that looks after security.
fn first_invitation(organization: OrganizationId, one: FirstAdministrator) -> NewInvitation {
    NewInvitation {
        organization,
        name: one.name,
        mail: one.mail,
        language: one.language,
        posts: vec![Post {
            role: Role::Administrator,
            tier: Tier::Ciso,
        }],
    }
}

/// What is to become of a row.
struct Planned {
    fate: Fate,
    /// Where its reports go.
    above: Option<Above>,
}

/// An organization above another.
#[derive(Clone, Copy)]
enum Above {
    /// In the hub.
    Here(OrganizationId),
    /// In the row at that place of the list.
    Earlier(usize),
}

/// Somebody whom a row can name as the one its reports go to.
struct Superior {
    kind: OrganizationKind,
    names: [String; 2],
    ceptoar: Option<Code>,
    place: Above,
}

/// Kinds of organizations that reports can go to.
const SUPERIORS: [OrganizationKind; 4] = [
    OrganizationKind::Ceptoar,
    OrganizationKind::Isac,
    OrganizationKind::Ministry,
    OrganizationKind::NationalCenter,
];

fn plan(reader: &Reader<'_>, list: &[Listed]) -> Result<Vec<Planned>, StoreError> {
    let mut there: Vec<Organization> = Vec::new();
    for kind in OrganizationKind::ALL {
        there.extend(organization::of_kind(reader, *kind)?);
    }
    let known: BTreeMap<(OrganizationKind, String), OrganizationId> = there
        .iter()
        .map(|row| ((row.kind, plain(&row.name_ja)), row.id))
        .collect();
    let mut superiors: Vec<Superior> = there
        .iter()
        .filter(|row| SUPERIORS.contains(&row.kind))
        .map(|row| Superior {
            kind: row.kind,
            names: [plain(&row.name_ja), plain(&row.name_en)],
            ceptoar: row.ceptoar.clone(),
            place: Above::Here(row.id),
        })
        .collect();
    let mut plan = Vec::with_capacity(list.len());
    for (place, row) in list.iter().enumerate() {
        let own = plain(row.name_ja.as_str());
        let is_known = known.contains_key(&(row.kind, own.clone()));
        let (fate, above) = match above(row, &superiors) {
            _ if is_known => (Fate::Known, None),
            Ok(above) => (Fate::New, above),
            Err(fate) => (fate, None),
        };
        if fate == Fate::New && SUPERIORS.contains(&row.kind) {
            superiors.push(Superior {
                kind: row.kind,
                names: [own, plain(row.name_en.as_str())],
                ceptoar: row.ceptoar.clone(),
                place: Above::Earlier(place),
            });
        }
        plan.push(Planned { fate, above });
    }
    Ok(plan)
}

/// Where the reports of `row` go: to whom it names, else to the secretariat of its CEPTOAR.
fn above(row: &Listed, superiors: &[Superior]) -> Result<Option<Above>, Fate> {
    let one_of = |fits: &dyn Fn(&Superior) -> bool| {
        let mut found = superiors.iter().filter(|one| fits(one));
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one.place),
            _ => None,
        }
    };
    if let Some(name) = &row.reports_to {
        let wanted = plain(name.as_str());
        let named = one_of(&|one| one.names.contains(&wanted));
        return named.map(Some).ok_or(Fate::NoSuchName);
    }
    let has_relay = matches!(
        row.kind,
        OrganizationKind::Operator | OrganizationKind::Supplier
    );
    if !has_relay || row.ceptoar.is_none() {
        return Ok(None);
    }
    let secretariat =
        one_of(&|one| one.kind == OrganizationKind::Ceptoar && one.ceptoar == row.ceptoar);
    secretariat.map(Some).ok_or(Fate::NoSecretariat)
}

/// A spelling for comparison: width, case and blanks do not count.
fn plain(text: &str) -> String {
    fold(text).split_whitespace().collect()
}
