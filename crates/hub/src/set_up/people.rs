//! People, the places they hold, and their first way in.

use domain::confidential::Confidential;
use domain::id::{MembershipId, OrganizationId, PersonId};
use domain::organization::{Clearance, OrganizationKind, Role, Tier};
use domain::text::BoundedText;
use domain::time::Timestamp;
use seal::random::Random;
use seal::secret::bearer::{BearerKind, BearerSecret};
use store::log::record;
use store::person::{Membership, PersonRecord};
use store::{StoreError, Tx, person, session};

use super::login::LoginName;
use super::{Name, SetUp, SetUpError, entry, text};
use crate::call::Hub;

/// A person to be enrolled.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Name as written on the card.
    pub name: Name,
    /// Sign-in name.
    pub login: LoginName,
    /// Mail address; `None` when there is none.
    pub mail: Option<BoundedText<254>>,
    /// Phone number; `None` when there is none.
    pub phone: Option<BoundedText<40>>,
    /// The places held from now on.
    pub places: Vec<NewPlace>,
}

/// A place to be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPlace {
    /// Where.
    pub organization: OrganizationId,
    /// As what.
    pub role: Role,
    /// In which layer.
    pub tier: Tier,
    /// How far cleared.
    pub clearance: Clearance,
    /// Order in which the organization's people are called, from 1; `None` when not on the list.
    pub call_order: Option<u16>,
}

/// A person just enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// The person.
    pub person: PersonId,
    /// The places, in the order they were given.
    pub memberships: Vec<MembershipId>,
}

/// Enrolls people with their places; in the same order.
///
/// # Errors
/// [`SetUpError::LoginTaken`] names the first sign-in name that somebody has.
pub fn enroll(
    hub: &Hub,
    set_up: &SetUp<'_>,
    people: Vec<NewPerson>,
) -> Result<Vec<Enrolled>, SetUpError> {
    set_up.check()?;
    let mut random = set_up.random.derive("set_up.people_ids");
    hub.store.write(set_up.stamp("set_up.enroll"), move |tx| {
        people
            .iter()
            .map(|new| enroll_one(tx, new, &mut random))
            .collect()
    })
}

fn enroll_one(tx: &Tx<'_>, new: &NewPerson, random: &mut Random) -> Result<Enrolled, SetUpError> {
    if person::find_by_login(tx, new.login.as_str())?.is_some() {
        return Err(SetUpError::LoginTaken(new.login.as_str().to_owned()));
    }
    let id = PersonId::from_random(random.bytes());
    let card = Confidential::new(PersonRecord {
        name: text(&new.name),
        login: new.login.as_str().to_owned(),
        mail: new.mail.as_ref().map(text).unwrap_or_default(),
        phone: new.phone.as_ref().map(text).unwrap_or_default(),
    });
    person::insert(tx, id, &card)?;
    let memberships = new
        .places
        .iter()
        .map(|place| give_place(tx, id, place, random))
        .collect::<Result<_, StoreError>>()?;
    Ok(Enrolled {
        person: id,
        memberships,
    })
}

pub(crate) fn give_place(
    tx: &Tx<'_>,
    person: PersonId,
    place: &NewPlace,
    random: &mut Random,
) -> Result<MembershipId, StoreError> {
    let membership = Membership {
        id: MembershipId::from_random(random.bytes()),
        person,
        organization: place.organization,
        // Not written: the row's organization knows what it is.
        organization_kind: OrganizationKind::Operator,
        role: place.role,
        tier: place.tier,
        clearance: place.clearance,
        call_order: place.call_order,
        valid_from: tx.now(),
        valid_to: None,
    };
    person::insert_membership(tx, &membership)?;
    let facts = vec![
        ("person", person.to_string()),
        ("organization", place.organization.to_string()),
        ("role", place.role.word().to_owned()),
        ("tier", place.tier.word().to_owned()),
    ];
    let mut given = entry("place-given", membership.id.to_string(), facts);
    given.owner = Some(place.organization);
    record(tx, &given)?;
    Ok(membership.id)
}

/// Makes a one-time sign-in link for each place, valid until `expires_at`; the secrets in the same
/// order. Each is shown once and known to the hub by its hash alone.
pub fn sign_in_links(
    hub: &Hub,
    set_up: &SetUp<'_>,
    places: Vec<MembershipId>,
    expires_at: Timestamp,
) -> Result<Vec<String>, SetUpError> {
    set_up.check()?;
    let mut random = set_up.random.derive("set_up.sign_in_secrets");
    hub.store
        .write(set_up.stamp("set_up.sign_in_links"), move |tx| {
            places
                .into_iter()
                .map(|place| {
                    let secret = BearerSecret::generate(BearerKind::SignIn, &mut random);
                    session::insert_sign_in_link(tx, &secret.stored_hash(), place, expires_at)?;
                    record(
                        tx,
                        &entry("sign-in-link-made", place.to_string(), Vec::new()),
                    )?;
                    Ok(secret.expose_text().to_string())
                })
                .collect()
        })
}
