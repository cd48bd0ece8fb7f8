//! The phone list: whom to call about those who have not acted.

use std::collections::BTreeSet;

use domain::id::{AdvisoryId, OrganizationId, PersonId};
use domain::organization::Role;
use domain::policy::Action;
use domain::release::{Visible, to_call};
use store::advisory::AdvisoryRow;
use store::log::record;
use store::{Tx, delivery, organization, person};

use super::{ReachLine, entry, lines, watched};
use crate::addressing::{OrganizationLabel, call_list};
use crate::call::{Call, Hub, ReadError};

/// People named for one line: the next to be called and the one after.
const CONTACTS_MAX: usize = 2;

/// Whom to call about an advisory.
pub struct PhoneList {
    /// The advisory.
    pub row: AdvisoryRow,
    /// Who issued it.
    pub issuer: OrganizationLabel,
    /// The lines on which nobody has acted, the most urgent first.
    pub lines: Vec<PhoneLine>,
}

/// One line of the phone list.
pub struct PhoneLine {
    /// The line of the reach.
    pub line: ReachLine,
    /// Whom to call, in order; empty when nobody is there.
    pub contacts: Vec<Contact>,
}

/// Somebody to be called.
pub struct Contact {
    /// The role held there.
    pub role: Role,
    /// Name as typed.
    pub name: Visible<String>,
    /// Telephone number; empty when none is known.
    pub phone: Visible<String>,
    /// Whether the hub has written to this person about the line.
    pub was_told: Told,
}

/// Whether somebody was written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Yes.
    Yes,
    /// Not yet.
    No,
}

/// Whom to call about those who have not acted. Handing the list out is noted in the log.
///
/// # Errors
/// [`ReadError::NotFound`] when the caller neither issued the advisory nor has anybody below him to
/// look after.
pub fn phones(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<PhoneList, ReadError> {
    if !call.may(Action::WatchReach) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("reach.phones"), move |tx| {
        let watched = watched(tx, &actor, id, tx.now())?.ok_or(ReadError::NotFound)?;
        let issuer = organization::find(tx, watched.row.advisory.issuer)?;
        let issuer = issuer.as_ref().map(OrganizationLabel::from);
        let mut lines = lines(tx, &watched, tx.now())?;
        lines.retain(|line| line.urgency.has_not_acted());
        let reached: BTreeSet<OrganizationId> =
            lines.iter().map(|line| line.row.organization).collect();
        record(tx, &entry("phones-listed", &actor, id, lines.len()))?;
        let revision = watched.row.advisory.revision;
        let mut listed = Vec::new();
        for line in lines {
            let mut contacts = Vec::new();
            for (person, role) in people(tx, &line)? {
                let Some(card) = person::record(tx, person)? else {
                    continue;
                };
                let told = delivery::told(tx, line.row.id, revision)?.contains(&person);
                let card = to_call(&actor, &reached, line.row.organization, card)
                    .map_err(|_| ReadError::NotFound)?;
                contacts.push(Contact {
                    role,
                    name: card.clone().map(|card| card.name),
                    phone: card.map(|card| card.phone),
                    was_told: if told { Told::Yes } else { Told::No },
                });
            }
            listed.push(PhoneLine { line, contacts });
        }
        Ok(PhoneList {
            row: watched.row,
            issuer: issuer.ok_or(ReadError::NotFound)?,
            lines: listed,
        })
    })
}

/// The next to be called for the line, and the one after.
fn people(tx: &Tx<'_>, line: &ReachLine) -> Result<Vec<(PersonId, Role)>, ReadError> {
    let list = call_list(tx, &line.row.addressee(), tx.now())?;
    let people = list.into_iter().map(|place| (place.person, place.role));
    Ok(people.take(CONTACTS_MAX).collect())
}
