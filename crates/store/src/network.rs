//! Public networks of operators: each reads its own, and a relay those of whoever reports to it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use domain::id::{OrganizationId, PersonId};
use domain::network::{Network, octets};
use domain::time::Timestamp;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{change, collect};
use crate::transaction::{Reader, Tx};

/// A network in which an address lies, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The organization.
    pub organization: OrganizationId,
    /// Its name in Japanese.
    pub name_ja: String,
    /// Its name in English.
    pub name_en: String,
    /// The network.
    pub network: Network,
}

/// The networks of `organization`, and since when each stands.
pub fn of(
    reader: &Reader<'_>,
    organization: OrganizationId,
) -> Result<Vec<(Network, Timestamp)>, StoreError> {
    const OF: &str = "-- network.of
        SELECT * FROM network WHERE org_id = :org ORDER BY first_octets, last_octets";
    collect(
        reader.data(),
        "network.of",
        "network",
        OF,
        named_params! {":org": organization.to_string()},
        |row| Ok((row.word("prefix")?, row.time("updated_at")?)),
    )
}

/// Networks of organizations that report to `relay`, in which `address` lies: the narrowest first.
pub fn around(
    reader: &Reader<'_>,
    relay: OrganizationId,
    address: IpAddr,
) -> Result<Vec<Held>, StoreError> {
    const AROUND: &str = "-- network.around
        SELECT n.prefix, o.org_id, o.name_ja, o.name_en FROM network n
        JOIN organization o ON o.org_id = n.org_id
        WHERE o.reports_to = :relay AND o.standing = 'active'
          AND n.first_octets <= :address AND n.last_octets >= :address
        ORDER BY n.first_octets DESC, n.last_octets, o.org_id";
    collect(
        reader.data(),
        "network.around",
        "network",
        AROUND,
        named_params! {
            ":relay": relay.to_string(), ":address": octets(address).as_slice(),
        },
        |row| {
            Ok(Held {
                organization: row.word("org_id")?,
                name_ja: row.plain("name_ja")?,
                name_en: row.plain("name_en")?,
                network: row.word("prefix")?,
            })
        },
    )
}

/// Writes the networks of `organization` over those it had.
pub fn replace(
    tx: &Tx<'_>,
    organization: OrganizationId,
    person: PersonId,
    networks: &BTreeSet<Network>,
) -> Result<(), StoreError> {
    const DROP: &str = "-- network.drop
        DELETE FROM network WHERE org_id = :org";
    const INSERT: &str = "-- network.insert
        INSERT INTO network (org_id, prefix, first_octets, last_octets, person_id, updated_at,
                             updated_by)
        VALUES (:org, :prefix, :first, :last, :person, :now, :by)";
    let org = organization.to_string();
    change(tx.data(), "network.drop", DROP, named_params! {":org": org})?;
    for network in networks {
        let (first, last) = network.ends();
        change(
            tx.data(),
            "network.insert",
            INSERT,
            named_params! {
                ":org": org, ":prefix": network.to_string(), ":first": first.as_slice(),
                ":last": last.as_slice(), ":person": person.to_string(),
                ":now": tx.now().micros(), ":by": tx.name(),
            },
        )?;
    }
    Ok(())
}
