//! Members by right of the console: whoever runs the program on the hub's own machine.

use domain::id::{MembershipId, OrganizationId, PersonId};
use domain::organization::Post;
use domain::release::{Visible, own};
use store::{organization, person};

use super::change::{MemberError, end, renew};
use super::{WayIn, way_in};
use crate::addressing::OrganizationLabel;
use crate::call::Hub;
use crate::invite::{By, Way};
use crate::set_up::{LoginName, SetUp, SetUpError};

/// A place and its holder, as the console lists them.
#[derive(Clone)]
pub struct ConsolePerson {
    /// The person.
    pub person: PersonId,
    /// The place.
    pub membership: MembershipId,
    /// Name and sign-in name.
    pub names: Visible<(String, String)>,
    /// The post.
    pub post: Post,
    /// Whether the person can sign in.
    pub way_in: WayIn,
}

/// Active organizations, up to `limit`, in the order of their ids.
pub fn organizations_at_console(
    hub: &Hub,
    set_up: &SetUp<'_>,
    limit: u32,
) -> Result<Vec<OrganizationLabel>, SetUpError> {
    set_up.check()?;
    hub.store.read(move |reader| {
        let found = organization::page(reader, None, limit)?;
        Ok(found.iter().map(OrganizationLabel::from).collect())
    })
}

/// The people of an organization. The console shows names: whoever holds it holds the keys.
pub fn people_at_console(
    hub: &Hub,
    set_up: &SetUp<'_>,
    organization: OrganizationId,
) -> Result<Vec<ConsolePerson>, SetUpError> {
    set_up.check()?;
    let now = set_up.now;
    hub.store.read(move |reader| {
        let mut people = Vec::new();
        for place in person::memberships_in(reader, organization, now)? {
            let Some(record) = person::record(reader, place.person)? else {
                continue;
            };
            people.push(ConsolePerson {
                person: place.person,
                membership: place.id,
                names: own(record).map(|record| (record.name, record.login)),
                post: place.post(),
                way_in: way_in(reader, place.person)?,
            });
        }
        Ok(people)
    })
}

/// Ends a place.
///
/// # Errors
/// [`MemberError::NotFound`] when it is not held; [`MemberError::LastAdministrator`].
pub fn end_place_at_console(
    hub: &Hub,
    set_up: &SetUp<'_>,
    id: MembershipId,
) -> Result<(), MemberError> {
    let by = By::from(&set_up.authority);
    hub.store
        .write(set_up.stamp("members.end_place_at_console"), move |tx| {
            end(tx, &by, id)
        })
}

/// Takes every way in from the person with that sign-in name and makes one link to new ones.
///
/// # Errors
/// [`MemberError::NotFound`] when nobody with a place has that name, or the caller is not at the
/// console.
pub fn reset_at_console(
    hub: &Hub,
    set_up: &SetUp<'_>,
    login: &LoginName,
) -> Result<Way, MemberError> {
    set_up.check().map_err(|_| MemberError::NotFound)?;
    let by = By::from(&set_up.authority);
    let login = login.as_str().to_owned();
    let mut random = set_up.random.derive("members.reset");
    hub.store
        .write(set_up.stamp("members.reset_at_console"), move |tx| {
            let id = person::find_by_login(tx, &login)?.ok_or(MemberError::NotFound)?;
            let places = person::memberships_of(tx, id, tx.now())?;
            let place = places.first().ok_or(MemberError::NotFound)?;
            renew(tx, &by, &mut random, id, place.organization)
        })
}
