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

/// Writes a list with its servers in the place of that of the same name; its time is that of the
/// transaction.
pub fn write(tx: &Tx<'_>, list: &ListRow, servers: &[ListedServer]) -> Result<(), StoreError> {
    const WRITE: &str = "-- outside.write
        INSERT INTO outside_list (list_name, origin_hub, format, source, imported_at, server_count,
                                  updated_by)
        VALUES (:name, :hub, :format, :source, :now, :count, :by)
        ON CONFLICT (list_name) DO UPDATE
        SET format = excluded.format, source = excluded.source,
            imported_at = excluded.imported_at, server_count = excluded.server_count,
            updated_by = excluded.updated_by";
    const ADD: &str = "-- outside.add
        INSERT INTO outside_server (list_name, address, port, trail)
        VALUES (:name, :address, :port, :trail)";
    empty(tx, &list.name)?;
    change(
        tx.data(),
        "outside.write",
        WRITE,
        named_params! {
            ":name": list.name.as_str(), ":hub": tx.hub(), ":format": list.format.word(),
            ":source": list.source.as_ref().map(BoundedText::as_str),
            ":now": tx.now().micros(), ":count": number(list.server_count), ":by": tx.name(),
        },
    )?;
    for server in servers {
        change(
            tx.data(),
            "outside.add",
            ADD,
            named_params! {
                ":name": list.name.as_str(), ":address": octets(server.address),
                ":port": server.port, ":trail": server.trail.as_ref().map(BoundedText::as_str),
            },
        )?;
    }
    Ok(())
}

/// Drops a list with its servers.
pub fn remove(tx: &Tx<'_>, name: &Code) -> Result<(), StoreError> {
    const REMOVE: &str = "-- outside.remove
        DELETE FROM outside_list WHERE list_name = :name";
    empty(tx, name)?;
    change(
        tx.data(),
        "outside.remove",
        REMOVE,
        named_params! {":name": name.as_str()},
    )
    .map(|_| ())
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

/// What the lists say of `server`.
pub fn about(reader: &Reader<'_>, server: Server) -> Result<Outside, StoreError> {
    const ABOUT: &str = "-- outside.about
        SELECT s.list_name, l.source, l.imported_at, s.port, s.trail
        FROM outside_server s
        JOIN outside_list l ON l.list_name = s.list_name
        WHERE s.address = :address
        ORDER BY CASE WHEN s.port = :port THEN 0 WHEN s.port IS NULL THEN 1 ELSE 2 END,
                 s.list_name, s.port, s.trail
        LIMIT :limit";
    let mut lines = collect(
        reader.data(),
        "outside.about",
        "outside_server",
        ABOUT,
        named_params! {
            ":address": octets(server.address.to_canonical()), ":port": server.port,
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

/// How many lists name `server`, its port or its address without one.
pub fn naming_count(reader: &Reader<'_>, server: Server) -> Result<u64, StoreError> {
    const COUNT: &str = "-- outside.naming_count
        SELECT count(DISTINCT list_name) AS lists FROM outside_server
        WHERE address = :address AND (port IS NULL OR port = :port)";
    let count = one(
        reader.data(),
        "outside.naming_count",
        "outside_server",
        COUNT,
        named_params! {
            ":address": octets(server.address.to_canonical()), ":port": server.port,
        },
        |row| row.count("lists"),
    )?;
    Ok(count.unwrap_or(0))
}

fn empty(tx: &Tx<'_>, name: &Code) -> Result<(), StoreError> {
    const EMPTY: &str = "-- outside.empty
        DELETE FROM outside_server WHERE list_name = :name";
    change(
        tx.data(),
        "outside.empty",
        EMPTY,
        named_params! {":name": name.as_str()},
    )
    .map(|_| ())
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
