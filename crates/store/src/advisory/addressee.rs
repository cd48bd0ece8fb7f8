//! Addressees: who is named, and how far each has come.

use domain::advisory::feedback::Remark;
use domain::advisory::{Addressee, Progress};
use domain::confidential::Confidential;
use domain::id::{AddresseeId, AdvisoryId, OrganizationId, PersonId};
use domain::organization::Tier;
use domain::time::Timestamp;
use rusqlite::named_params;

use super::done::{first_day, recount};
use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect, one};
use crate::transaction::{Reader, Tx};

/// An addressee and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddresseeRow {
    /// Its id.
    pub id: AddresseeId,
    /// The advisory.
    pub advisory: AdvisoryId,
    /// The organization.
    pub organization: OrganizationId,
    /// The tier whose action applies.
    pub tier: Tier,
    /// The person, when one is named.
    pub person: Option<PersonId>,
    /// How far it has come.
    pub progress: Progress,
    /// When it was handed over; `None` before.
    pub delivered_at: Option<Timestamp>,
    /// When somebody of it first opened the advisory; `None` before.
    pub opened_at: Option<Timestamp>,
    /// When somebody took it on; `None` before.
    pub accepted_at: Option<Timestamp>,
    /// When done, not applicable or cannot was answered; `None` before.
    pub settled_at: Option<Timestamp>,
    /// Who answered last; `None` before.
    pub answered_by: Option<PersonId>,
    /// When a further person was last called in; `None` before.
    pub escalated_at: Option<Timestamp>,
    /// The issuer's last reminder; `None` before.
    pub nudged_at: Option<Timestamp>,
    /// When tightening took it out; `None` while it is an addressee.
    pub removed_at: Option<Timestamp>,
}

impl AddresseeRow {
    /// Whom it names.
    pub fn addressee(&self) -> Addressee {
        match self.person {
            Some(person) => Addressee::Person(person, self.organization, self.tier),
            None => Addressee::Tier(self.organization, self.tier),
        }
    }
}

/// Names an addressee, who has not been reached yet.
pub fn insert(
    tx: &Tx<'_>,
    id: AddresseeId,
    advisory: AdvisoryId,
    addressee: &Addressee,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- addressee.insert
        INSERT INTO addressee (addressee_id, advisory_id, org_id, tier, person_id, progress, updated_at, updated_by)
        VALUES (:addressee, :advisory, :org, :tier, :person, :progress, :now, :by)";
    let person = match addressee {
        Addressee::Person(person, ..) => Some(person.to_string()),
        Addressee::Tier(..) => None,
    };
    change(
        tx.data(),
        "addressee.insert",
        INSERT,
        named_params! {
            ":addressee": id.to_string(),
            ":advisory": advisory.to_string(),
            ":org": addressee.organization().to_string(),
            ":tier": addressee.tier().word(),
            ":person": person,
            ":progress": Progress::Waiting.word(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Every addressee of an advisory, also those taken out.
pub fn of_advisory(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
) -> Result<Vec<AddresseeRow>, StoreError> {
    const LIST: &str = "-- addressee.of_advisory
        SELECT * FROM addressee WHERE advisory_id = :advisory ORDER BY org_id, tier, person_id";
    collect(
        reader.data(),
        "addressee.of_advisory",
        "addressee",
        LIST,
        named_params! {":advisory": advisory.to_string()},
        addressee,
    )
}

/// The addressees of an advisory in one organization, without those taken out.
pub fn in_organization(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
    organization: OrganizationId,
) -> Result<Vec<AddresseeRow>, StoreError> {
    const LIST: &str = "-- addressee.in_organization
        SELECT * FROM addressee
        WHERE advisory_id = :advisory AND org_id = :org AND removed_at IS NULL
        ORDER BY tier, person_id";
    collect(
        reader.data(),
        "addressee.in_organization",
        "addressee",
        LIST,
        named_params! {":advisory": advisory.to_string(), ":org": organization.to_string()},
        addressee,
    )
}

/// Whether the advisory names an organization other than `organization`, those taken out aside.
pub fn names_another(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
    organization: OrganizationId,
) -> Result<bool, StoreError> {
    const ANOTHER: &str = "-- addressee.names_another
        SELECT 1 AS found FROM addressee
        WHERE advisory_id = :advisory AND org_id <> :org AND removed_at IS NULL LIMIT 1";
    let found: Option<i64> = one(
        reader.data(),
        "addressee.names_another",
        "addressee",
        ANOTHER,
        named_params! {":advisory": advisory.to_string(), ":org": organization.to_string()},
        |row| row.plain("found"),
    )?;
    Ok(found.is_some())
}

/// Whether the advisory names an organization directly below `above`: one that reports to it, or a
/// member of a community whose secretariat it is; lines taken out aside.
pub fn names_one_below(
    reader: &Reader<'_>,
    advisory: AdvisoryId,
    above: OrganizationId,
) -> Result<bool, StoreError> {
    // The lines are looked up for each organization below: most desks have few below them, and an
    // advisory can have thousands of lines.
    const BELOW: &str = "-- addressee.names_one_below
        SELECT 1 AS found FROM organization o
        WHERE o.standing = 'active' AND o.org_id <> :above
          AND (o.reports_to = :above
               OR o.org_id IN (SELECT m.org_id FROM community c
                               JOIN community_member m ON m.community_id = c.community_id
                               WHERE c.secretariat = :above AND m.until IS NULL))
          AND EXISTS (SELECT 1 FROM addressee d
                      WHERE d.org_id = o.org_id AND d.advisory_id = :advisory
                        AND d.removed_at IS NULL)
        LIMIT 1";
    let found: Option<i64> = one(
        reader.data(),
        "addressee.names_one_below",
        "addressee",
        BELOW,
        named_params! {":advisory": advisory.to_string(), ":above": above.to_string()},
        |row| row.plain("found"),
    )?;
    Ok(found.is_some())
}

/// One addressee; `None` when there is no such line.
pub fn find(reader: &Reader<'_>, id: AddresseeId) -> Result<Option<AddresseeRow>, StoreError> {
    const FIND: &str = "-- addressee.find
        SELECT * FROM addressee WHERE addressee_id = :addressee";
    one(
        reader.data(),
        "addressee.find",
        "addressee",
        FIND,
        named_params! {":addressee": id.to_string()},
        addressee,
    )
}

/// Addressees nobody has taken on yet, of advisories in force whose time to act has not passed, and
/// of whose time, since somebody was last told, half is over or will be within two seconds: whoever
/// calls in the next person says exactly when, and an advisory can have thousands of lines.
pub fn unattended(
    reader: &Reader<'_>,
    now: Timestamp,
) -> Result<Vec<(AddresseeRow, Timestamp)>, StoreError> {
    const LIST: &str = "-- addressee.unattended
        SELECT d.*, t.due_at FROM addressee d
        JOIN advisory v ON v.advisory_id = d.advisory_id
        JOIN advisory_action t ON t.advisory_id = d.advisory_id AND t.tier = d.tier
        WHERE v.stage = 'issued' AND d.accepted_at IS NULL AND d.settled_at IS NULL
          AND d.removed_at IS NULL AND d.delivered_at IS NOT NULL AND t.due_at > :now
          AND coalesce(d.escalated_at, d.delivered_at) + t.due_at <= 2 * :soon
        ORDER BY d.addressee_id";
    collect(
        reader.data(),
        "addressee.unattended",
        "addressee",
        LIST,
        named_params! {":now": now.micros(), ":soon": now.plus_seconds(2).micros()},
        |row| Ok((addressee(row)?, row.time("due_at")?)),
    )
}

/// Lines of advisories in force that name `person` for a tier of an organization and have no final
/// answer yet.
pub fn open_of_person(
    reader: &Reader<'_>,
    person: PersonId,
    organization: OrganizationId,
    tier: Tier,
) -> Result<Vec<AddresseeRow>, StoreError> {
    const LIST: &str = "-- addressee.open_of_person
        SELECT d.* FROM addressee d JOIN advisory v ON v.advisory_id = d.advisory_id
        WHERE d.person_id = :person AND d.org_id = :org AND d.tier = :tier
          AND v.stage = 'issued' AND d.settled_at IS NULL AND d.removed_at IS NULL
        ORDER BY d.addressee_id";
    collect(
        reader.data(),
        "addressee.open_of_person",
        "addressee",
        LIST,
        named_params! {
            ":person": person.to_string(), ":org": organization.to_string(), ":tier": tier.word(),
        },
        addressee,
    )
}

/// Advisories that name `person` in `organization`, and in no other where he holds a place.
pub fn naming_only_in(
    reader: &Reader<'_>,
    person: PersonId,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Vec<AdvisoryId>, StoreError> {
    const LIST: &str = "-- addressee.naming_only_in
        SELECT DISTINCT d.advisory_id FROM addressee d
        WHERE d.org_id = :org AND d.person_id = :person
          AND NOT EXISTS (SELECT 1 FROM addressee e
                          JOIN membership m ON m.org_id = e.org_id AND m.person_id = e.person_id
                          WHERE e.advisory_id = d.advisory_id AND e.person_id = :person
                            AND e.org_id <> :org AND e.removed_at IS NULL
                            AND m.valid_from <= :now
                            AND (m.valid_to IS NULL OR m.valid_to > :now))
        ORDER BY d.advisory_id";
    collect(
        reader.data(),
        "addressee.naming_only_in",
        "addressee",
        LIST,
        named_params! {
            ":person": person.to_string(), ":org": organization.to_string(), ":now": now.micros(),
        },
        |row| row.word("advisory_id"),
    )
}

/// The line of the same advisory, organization and tier that names `person`, also one taken out;
/// `None` when there never was one.
pub fn naming(
    reader: &Reader<'_>,
    row: &AddresseeRow,
    person: PersonId,
) -> Result<Option<AddresseeRow>, StoreError> {
    const NAMING: &str = "-- addressee.naming
        SELECT * FROM addressee
        WHERE advisory_id = :advisory AND org_id = :org AND tier = :tier AND person_id = :person";
    one(
        reader.data(),
        "addressee.naming",
        "addressee",
        NAMING,
        named_params! {
            ":advisory": row.advisory.to_string(), ":org": row.organization.to_string(),
            ":tier": row.tier.word(), ":person": person.to_string(),
        },
        addressee,
    )
}

/// Names another person in a line, since the post has passed to him. No line may name him there.
pub fn pass_on(tx: &Tx<'_>, row: &AddresseeRow, to: PersonId) -> Result<(), StoreError> {
    const PASS: &str = "-- addressee.pass_on
        UPDATE addressee SET person_id = :to, updated_at = :now, updated_by = :by
        WHERE addressee_id = :addressee";
    change(
        tx.data(),
        "addressee.pass_on",
        PASS,
        named_params! {
            ":addressee": row.id.to_string(), ":to": to.to_string(),
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Writes how far an addressee has come. A `reason` replaces the one that stood there.
pub fn update(
    tx: &Tx<'_>,
    row: &AddresseeRow,
    reason: Option<&Confidential<Remark>>,
) -> Result<(), StoreError> {
    const UPDATE: &str = "-- addressee.update
        UPDATE addressee SET progress = :progress, delivered_at = :delivered_at, opened_at = :opened_at,
               accepted_at = :accepted_at, settled_at = :settled_at, answered_by = :answered_by,
               escalated_at = :escalated_at, nudged_at = :nudged_at, removed_at = :removed_at,
               reason = coalesce(:reason, reason), updated_at = :now, updated_by = :by
        WHERE addressee_id = :addressee";
    let done_before = first_day(tx, row.advisory, row.organization)?;
    let (id, advisory) = (row.id.to_string(), row.advisory.to_string());
    let sealed = reason
        .map(|reason| {
            tx.sealed(
                &place(&advisory, &id),
                reason.expose_for_storage().as_str().as_bytes(),
            )
        })
        .transpose()?;
    change(
        tx.data(),
        "addressee.update",
        UPDATE,
        named_params! {
            ":addressee": id,
            ":progress": row.progress.word(),
            ":delivered_at": row.delivered_at.map(Timestamp::micros),
            ":opened_at": row.opened_at.map(Timestamp::micros),
            ":accepted_at": row.accepted_at.map(Timestamp::micros),
            ":settled_at": row.settled_at.map(Timestamp::micros),
            ":answered_by": row.answered_by.map(|id| id.to_string()),
            ":escalated_at": row.escalated_at.map(Timestamp::micros),
            ":nudged_at": row.nudged_at.map(Timestamp::micros),
            ":removed_at": row.removed_at.map(Timestamp::micros),
            ":reason": sealed,
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )?;
    let done_after = first_day(tx, row.advisory, row.organization)?;
    recount(tx, row.advisory, done_before, done_after)
}

/// Why an addressee cannot act; `None` when it gave no reason.
pub fn reason(
    reader: &Reader<'_>,
    row: &AddresseeRow,
) -> Result<Option<Confidential<String>>, StoreError> {
    const READ: &str = "-- addressee.reason
        SELECT reason FROM addressee WHERE addressee_id = :addressee";
    let (id, advisory) = (row.id.to_string(), row.advisory.to_string());
    let sealed: Option<Option<Vec<u8>>> = one(
        reader.data(),
        "addressee.reason",
        "addressee",
        READ,
        named_params! {":addressee": id},
        |row| row.plain("reason"),
    )?;
    let Some(sealed) = sealed.flatten() else {
        return Ok(None);
    };
    let opened = reader.opened(&place(&advisory, &id), &sealed)?;
    Ok(opened.map(|text| Confidential::new(String::from_utf8_lossy(&text).into_owned())))
}

/// Notes an answer in the history.
pub fn note_answer(tx: &Tx<'_>, row: &AddresseeRow) -> Result<(), StoreError> {
    const NOTE: &str = "-- addressee.note_answer
        INSERT INTO answer (addressee_id, progress, person_id, answered_at, updated_by)
        VALUES (:addressee, :progress, :person, :now, :by)
        ON CONFLICT (addressee_id, answered_at, progress) DO NOTHING";
    change(
        tx.data(),
        "addressee.note_answer",
        NOTE,
        named_params! {
            ":addressee": row.id.to_string(),
            ":progress": row.progress.word(),
            ":person": row.answered_by.map(|id| id.to_string()),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// An answer that was given for an addressee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    /// What was answered.
    pub progress: Progress,
    /// When.
    pub answered_at: Timestamp,
}

/// The last answer given for an addressee before `before`; `None` when there was none.
pub fn answered_before(
    reader: &Reader<'_>,
    addressee: AddresseeId,
    before: Timestamp,
) -> Result<Option<AnswerRow>, StoreError> {
    const LAST: &str = "-- addressee.answered_before
        SELECT progress, answered_at FROM answer
        WHERE addressee_id = :addressee AND answered_at < :before
        ORDER BY answered_at DESC, progress LIMIT 1";
    one(
        reader.data(),
        "addressee.answered_before",
        "answer",
        LAST,
        named_params! {":addressee": addressee.to_string(), ":before": before.micros()},
        |row| {
            Ok(AnswerRow {
                progress: row.word("progress")?,
                answered_at: row.time("answered_at")?,
            })
        },
    )
}

fn place<'a>(advisory: &'a str, addressee: &'a str) -> Place<'a> {
    Place {
        object: advisory,
        table: "addressee",
        column: "reason",
        row: addressee,
    }
}

pub(crate) fn addressee(row: &Columns<'_>) -> Result<AddresseeRow, StoreError> {
    Ok(AddresseeRow {
        id: row.word("addressee_id")?,
        advisory: row.word("advisory_id")?,
        organization: row.word("org_id")?,
        tier: row.word("tier")?,
        person: row.word_or_none("person_id")?,
        progress: row.word("progress")?,
        delivered_at: row.time_or_none("delivered_at")?,
        opened_at: row.time_or_none("opened_at")?,
        accepted_at: row.time_or_none("accepted_at")?,
        settled_at: row.time_or_none("settled_at")?,
        answered_by: row.word_or_none("answered_by")?,
        escalated_at: row.time_or_none("escalated_at")?,
        nudged_at: row.time_or_none("nudged_at")?,
        removed_at: row.time_or_none("removed_at")?,
    })
}
