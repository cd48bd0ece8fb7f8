//! Lists of servers from outside. They are public knowledge: nothing here is encrypted, and who may
//! see a line follows from who sees the candidate beside which it is shown.

use std::net::IpAddr;

use domain::finding::{
    Fit, ListFormat, ListSource, ListedServer, OUTSIDE_LINES_MAX, Outside, OutsideLine, Server,
    Trail,
};
use domain::text::BoundedText;
use domain::time::Timestamp;
use domain::word::Code;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, change, collect, number, one};
use crate::transaction::{Reader, Tx};

const TABLE: &str = "outside_list";

/// A list as it is kept, without its servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// Its name.
    pub name: Code,
    /// How it was spelled.
    pub format: ListFormat,
    /// Where it is from.
    pub source: Option<ListSource>,
    /// When it was brought in.
    pub imported_at: Timestamp,
    /// Servers in it.
    pub server_count: u64,
}

/// A writing of a list: its servers are shown once the list is switched to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(i64);

/// Begins a writing of the list `name`, of which nothing is shown yet.
pub fn begin(tx: &Tx<'_>, name: &Code) -> Result<Version, StoreError> {
    const BEGIN: &str = "-- outside.begin
        INSERT INTO outside_version (version, list_name, begun_at) VALUES (:version, :name, :now)";
    let version = Version(i64::from_be_bytes(tx.random_bytes()));
    change(
        tx.data(),
        "outside.begin",
        BEGIN,
        named_params! {":version": version.0, ":name": name.as_str(), ":now": tx.now().micros()},
    )?;
    Ok(version)
}

/// Adds servers to a writing, the first of them at `place`.
pub fn add(
    tx: &Tx<'_>,
    version: Version,
    place: u64,
    servers: &[ListedServer],
) -> Result<(), StoreError> {
    const ADD: &str = "-- outside.add
        INSERT INTO outside_server (version, place, address, port, trail, over_at)
        VALUES (:version, :place, :address, :port, :trail, :over)";
    for (server, place) in servers.iter().zip(place..) {
        change(
            tx.data(),
            "outside.add",
            ADD,
            named_params! {
                ":version": version.0, ":place": number(place),
                ":address": octets(server.address), ":port": server.port,
                ":trail": server.trail.as_ref().map(BoundedText::as_str),
                ":over": server.until.map(Timestamp::micros),
            },
        )?;
    }
    Ok(())
}

/// Whether the writing has `server_count` servers: one that was broken off has fewer, or is gone.
pub fn is_whole(
    reader: &Reader<'_>,
    version: Version,
    server_count: u64,
) -> Result<bool, StoreError> {
    const SIZE: &str = "-- outside.size
        SELECT count(*) AS servers FROM outside_server WHERE version = :version";
    let count = one(
        reader.data(),
        "outside.size",
        "outside_server",
        SIZE,
        named_params! {":version": version.0},
        |row| row.count("servers"),
    )?;
    Ok(count == Some(server_count))
}

/// Shows `version` as the list, in the place of what was shown of that name; its time is that of the
/// transaction.
pub fn switch(tx: &Tx<'_>, list: &ListRow, version: Version) -> Result<(), StoreError> {
    const SWITCH: &str = "-- outside.switch
        INSERT INTO outside_list (list_name, version, origin_hub, format, source, imported_at,
                                  server_count, updated_by)
        VALUES (:name, :version, :hub, :format, :source, :now, :count, :by)
        ON CONFLICT (list_name) DO UPDATE
        SET version = excluded.version, format = excluded.format, source = excluded.source,
            imported_at = excluded.imported_at, server_count = excluded.server_count,
            updated_by = excluded.updated_by";
    change(
        tx.data(),
        "outside.switch",
        SWITCH,
        named_params! {
            ":name": list.name.as_str(), ":version": version.0, ":hub": tx.hub(),
            ":format": list.format.word(),
            ":source": list.source.as_ref().map(BoundedText::as_str),
            ":now": tx.now().micros(), ":count": number(list.server_count), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Drops a list. Its servers are shown no more, and stay as a leftover.
pub fn remove(tx: &Tx<'_>, name: &Code) -> Result<(), StoreError> {
    const REMOVE: &str = "-- outside.remove
        DELETE FROM outside_list WHERE list_name = :name";
    change(
        tx.data(),
        "outside.remove",
        REMOVE,
        named_params! {":name": name.as_str()},
    )
    .map(|_| ())
}

/// Writings that no list has: all of the list `name`, and those of others that were begun before
/// `begun_before`. A younger one may still be being written.
pub fn leftovers(
    reader: &Reader<'_>,
    name: &Code,
    begun_before: Timestamp,
) -> Result<Vec<Version>, StoreError> {
    const LEFT: &str = "-- outside.leftovers
        SELECT v.version FROM outside_version v
        WHERE NOT EXISTS (SELECT 1 FROM outside_list l WHERE l.version = v.version)
          AND (v.list_name = :name OR v.begun_at < :before)
        ORDER BY v.begun_at, v.version";
    collect(
        reader.data(),
        "outside.leftovers",
        "outside_version",
        LEFT,
        named_params! {":name": name.as_str(), ":before": begun_before.micros()},
        |row| Ok(Version(row.plain("version")?)),
    )
}

/// Drops up to `count_max` servers of a leftover, and the leftover itself with the last of them; how many
/// were dropped. Of a writing that a list has by now nothing is dropped.
pub fn drop_some(tx: &Tx<'_>, version: Version, count_max: usize) -> Result<usize, StoreError> {
    const DROP: &str = "-- outside.drop_servers
        DELETE FROM outside_server
        WHERE version = :version
          AND NOT EXISTS (SELECT 1 FROM outside_list l WHERE l.version = :version)
          AND place IN (SELECT place FROM outside_server WHERE version = :version
                        ORDER BY place LIMIT :limit)";
    const FORGET: &str = "-- outside.drop_version
        DELETE FROM outside_version
        WHERE version = :version
          AND NOT EXISTS (SELECT 1 FROM outside_list l WHERE l.version = :version)
          AND NOT EXISTS (SELECT 1 FROM outside_server s WHERE s.version = :version)";
    let dropped = change(
        tx.data(),
        "outside.drop_servers",
        DROP,
        named_params! {
            ":version": version.0, ":limit": i64::try_from(count_max).unwrap_or(i64::MAX),
        },
    )?;
    change(
        tx.data(),
        "outside.drop_version",
        FORGET,
        named_params! {":version": version.0},
    )?;
    Ok(dropped)
}

/// The list of that name; `None` where there is none.
pub fn find(reader: &Reader<'_>, name: &Code) -> Result<Option<ListRow>, StoreError> {
    const FIND: &str = "-- outside.find
        SELECT * FROM outside_list WHERE list_name = :name";
    one(
        reader.data(),
        "outside.find",
        TABLE,
        FIND,
        named_params! {":name": name.as_str()},
        row,
    )
}

/// Every list, by name.
pub fn all(reader: &Reader<'_>) -> Result<Vec<ListRow>, StoreError> {
    const ALL: &str = "-- outside.all
        SELECT * FROM outside_list ORDER BY list_name";
    collect(reader.data(), "outside.all", TABLE, ALL, [], row)
}

/// What the lists say of `server` at `now`.
pub fn about(reader: &Reader<'_>, server: Server, now: Timestamp) -> Result<Outside, StoreError> {
    const ABOUT: &str = "-- outside.about
        SELECT l.list_name, l.source, l.imported_at, s.port, s.trail
        FROM outside_server s
        JOIN outside_list l ON l.version = s.version
        WHERE s.address = :address AND (s.over_at IS NULL OR s.over_at > :now)
        -- The same may be said until several times.
        GROUP BY l.list_name, l.source, l.imported_at, s.port, s.trail
        ORDER BY CASE WHEN s.port = :port THEN 0 WHEN s.port IS NULL THEN 1 ELSE 2 END,
                 l.list_name, s.port, s.trail
        LIMIT :limit";
    let mut lines = collect(
        reader.data(),
        "outside.about",
        "outside_server",
        ABOUT,
        named_params! {
            ":address": octets(server.address.to_canonical()), ":port": server.port,
            ":now": now.micros(),
            // One more than is shown says whether there are more.
            ":limit": i64::try_from(OUTSIDE_LINES_MAX + 1).unwrap_or(i64::MAX),
        },
        |row| line(row, server),
    )?;
    let more = lines.len() > OUTSIDE_LINES_MAX;
    lines.truncate(OUTSIDE_LINES_MAX);
    Ok(Outside {
        lines,
        more,
        list_count: u64::try_from(all(reader)?.len()).unwrap_or(u64::MAX),
    })
}

/// How many lists name `server` at `now`, its port or its address without one.
pub fn naming_count(
    reader: &Reader<'_>,
    server: Server,
    now: Timestamp,
) -> Result<u64, StoreError> {
    const COUNT: &str = "-- outside.naming_count
        SELECT count(DISTINCT l.list_name) AS lists
        FROM outside_server s
        JOIN outside_list l ON l.version = s.version
        WHERE s.address = :address AND (s.port IS NULL OR s.port = :port)
          AND (s.over_at IS NULL OR s.over_at > :now)";
    let count = one(
        reader.data(),
        "outside.naming_count",
        "outside_server",
        COUNT,
        named_params! {
            ":address": octets(server.address.to_canonical()), ":port": server.port,
            ":now": now.micros(),
        },
        |row| row.count("lists"),
    )?;
    Ok(count.unwrap_or(0))
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

fn row(row: &Columns<'_>) -> Result<ListRow, StoreError> {
    Ok(ListRow {
        name: row.word("list_name")?,
        format: row.word("format")?,
        source: text(row, "source")?,
        imported_at: row.time("imported_at")?,
        server_count: row.count("server_count")?,
    })
}

fn line(row: &Columns<'_>, server: Server) -> Result<OutsideLine, StoreError> {
    let port: Option<u16> = row.plain("port")?;
    let trail: Option<Trail> = text(row, "trail")?;
    Ok(OutsideLine {
        list: row.word("list_name")?,
        source: text(row, "source")?,
        fit: Fit::of(port, server),
        trail,
        imported_at: row.time("imported_at")?,
    })
}

/// A bounded text that may be missing.
fn text<const MAX: usize>(
    row: &Columns<'_>,
    column: &'static str,
) -> Result<Option<BoundedText<MAX>>, StoreError> {
    let text: Option<String> = row.plain(column)?;
    text.map(|text| BoundedText::parse(&text).map_err(|_| corrupt(column)))
        .transpose()
}

const fn corrupt(column: &'static str) -> StoreError {
    StoreError::Corrupt {
        table: TABLE,
        column,
    }
}
