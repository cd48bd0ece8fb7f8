//! What is addressed to a person and passes on with his post.
//!
//! All posts of a hand-over pass at the same moment, so that what each leaver was addressed with is
//! gathered before anything moves: in a row A → B → C nothing of A's reaches C, and in a swap both
//! stay named.

use std::collections::{BTreeMap, BTreeSet};

use domain::advisory::delivery::Occasion;
use domain::audience::AudienceKey;
use domain::id::{AddresseeId, AdvisoryId, OrganizationId, PersonId};
use domain::organization::Tier;
use domain::part::Subject;
use store::advisory::addressee::{self, AddresseeRow};
use store::person::Membership;
use store::{Reader, StoreError, Tx, advisory, part};

use crate::deliver::tell;

/// Open lines that name leavers, each with who comes after him.
#[derive(Default)]
pub(super) struct Passing(BTreeMap<AddresseeId, (AddresseeRow, PersonId)>);

/// Lines that name the holder of a place for its tier and wait for an answer.
pub(super) fn open_lines(
    reader: &Reader<'_>,
    place: &Membership,
) -> Result<Vec<AddresseeRow>, StoreError> {
    if !place.role.reads() {
        return Ok(Vec::new());
    }
    addressee::open_of_person(reader, place.person, place.organization, place.tier)
}

impl Passing {
    /// Adds what names the holder of `place`. Somebody who leaves two posts of one tier is followed
    /// by the first successor.
    pub(super) fn gather(
        &mut self,
        reader: &Reader<'_>,
        place: &Membership,
        successor: PersonId,
    ) -> Result<(), StoreError> {
        for row in open_lines(reader, place)? {
            self.0.entry(row.id).or_insert((row, successor));
        }
        Ok(())
    }

    /// Names the successors. Who was named before and still is keeps his own line.
    pub(super) fn carry_out(self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let mut groups: BTreeMap<(AdvisoryId, OrganizationId, Tier), Vec<_>> = BTreeMap::new();
        for (row, to) in self.0.into_values() {
            let group = (row.advisory, row.organization, row.tier);
            groups.entry(group).or_default().push((row, to));
        }
        for ((advisory, organization, tier), moved) in groups {
            let mut named = addressee::in_organization(tx, advisory, organization)?;
            named.retain(|row| row.tier == tier);
            for (row, to) in settled(&named, moved) {
                match to {
                    Some(to) => pass(tx, row, to)?,
                    None => drop_line(tx, row)?,
                }
            }
        }
        Ok(())
    }
}

/// The lines of those who are named no longer, each with a person who is named newly; `None` where
/// its successors were named already.
fn settled(
    named: &[AddresseeRow],
    moved: Vec<(AddresseeRow, PersonId)>,
) -> Vec<(AddresseeRow, Option<PersonId>)> {
    let moving: BTreeSet<AddresseeId> = moved.iter().map(|(row, _)| row.id).collect();
    let before: BTreeSet<PersonId> = named.iter().filter_map(|row| row.person).collect();
    let staying = named.iter().filter(|row| !moving.contains(&row.id));
    let after: BTreeSet<PersonId> = staying
        .filter_map(|row| row.person)
        .chain(moved.iter().map(|(_, to)| *to))
        .collect();
    let mut arriving: BTreeSet<PersonId> = after.difference(&before).copied().collect();
    let leaving: Vec<_> = moved
        .into_iter()
        .filter(|(row, _)| row.person.is_none_or(|person| !after.contains(&person)))
        .map(|(row, to)| (row, arriving.take(&to)))
        .collect();
    leaving
        .into_iter()
        .map(|(row, to)| (row, to.or_else(|| arriving.pop_first())))
        .collect()
}

/// Names `to` in a line, lets him read what its leaver read, and tells him.
fn pass(tx: &Tx<'_>, row: AddresseeRow, to: PersonId) -> Result<(), StoreError> {
    let subject = Subject::Advisory(row.advisory);
    if let Some(from) = row.person {
        let (from, to) = (AudienceKey::Person(from), AudienceKey::Person(to));
        part::pass_on_grants(tx, subject, from, to)?;
    }
    let row = if let Some(own) = addressee::naming(tx, &row, to)? {
        // The issuer took him out once; his line is there and comes back in the leaver's place.
        let back = AddresseeRow {
            id: own.id,
            person: own.person,
            ..row.clone()
        };
        addressee::update(tx, &back, None)?;
        take_out(tx, row)?;
        back
    } else {
        addressee::pass_on(tx, &row, to)?;
        row
    };
    let Some(found) = advisory::find(tx, row.advisory)? else {
        return Ok(());
    };
    tell(tx, &row, found.advisory.revision, Occasion::Issued, &[to])
}

/// Takes out the line of somebody whose successor is named already.
fn drop_line(tx: &Tx<'_>, row: AddresseeRow) -> Result<(), StoreError> {
    if let Some(person) = row.person {
        let subject = Subject::Advisory(row.advisory);
        part::end_grants_of(tx, subject, AudienceKey::Person(person))?;
    }
    take_out(tx, row)
}

fn take_out(tx: &Tx<'_>, mut row: AddresseeRow) -> Result<(), StoreError> {
    row.removed_at = Some(tx.now());
    addressee::update(tx, &row, None)
}
