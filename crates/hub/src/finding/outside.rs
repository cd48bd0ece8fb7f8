//! Lists of servers from outside, brought in and taken out on the hub's own machine.
//!
//! A list is public knowledge. It is shown to whoever sees a candidate of which it names the server,
//! and to nobody else: what it is compared with, only that reader has before him.

use domain::finding::{
    LISTED_SERVERS_MAX, ListFormat, ListSource, ListedServer, OUTSIDE_LISTS_MAX,
};
use domain::time::DAY_SECONDS;
use domain::word::Code;
use store::finding::outside::{self, ListRow, Version};
use store::log::{Entry, record};
use store::{Reader, StoreError};

use crate::call::Hub;
use crate::set_up::{Authority, SetUp};

/// Servers that are written or dropped in one transaction: whoever waits for it waits for so many.
pub const SERVERS_PER_WRITE_MAX: usize = 2_000;
/// Seconds after which a writing that no list has was broken off, and is dropped with any list's next.
const BROKEN_OFF_SECONDS: i64 = DAY_SECONDS;

/// A list to be brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewList {
    /// Its name: a list of the same name is replaced.
    pub name: Code,
    /// How it was spelled.
    pub format: ListFormat,
    /// Where it is from.
    pub source: Option<ListSource>,
    /// The servers, each line once.
    pub servers: Vec<ListedServer>,
    /// Lines that could not be taken.
    pub refused_count: u64,
}

/// Why no list was brought in or taken out. No list was changed.
#[derive(Debug, thiserror::Error)]
pub enum OutsideListError {
    /// The caller is not at the hub's console.
    #[error("lists are brought in on the hub's own machine alone: `noroshi admin import-servers`")]
    NotPermitted,
    /// No line names a server.
    #[error("no line of it names a server; the list of that name stays as it is")]
    Nothing,
    /// It is longer than a list may be.
    #[error(
        "the list names {0} servers and the limit is {LISTED_SERVERS_MAX}; cut it into several"
    )]
    Long(usize),
    /// There are as many lists as there may be.
    #[error(
        "there are {OUTSIDE_LISTS_MAX} lists, and no more are kept; take one out with `noroshi admin outside-lists --remove NAME`"
    )]
    Many,
    /// What was written was dropped by another writing of the same list.
    #[error("the same list was brought in twice at a time; bring it in again, alone")]
    Beside,
    /// There is no such list.
    #[error("there is no list `{0}`; `noroshi admin outside-lists` names them")]
    NoList(Code),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Brings a list in, in the place of that of the same name; how many servers that had.
///
/// The servers are written in many transactions and shown by one last small one: broken off before it,
/// the list of that name stays as it was, and the next one drops what was written. `between` runs after
/// each but the last, for others to write meanwhile.
///
/// # Errors
/// [`OutsideListError`].
pub fn write_list(
    hub: &Hub,
    set_up: &SetUp<'_>,
    new: NewList,
    mut between: impl FnMut(),
) -> Result<Option<u64>, OutsideListError> {
    at_console(set_up)?;
    if new.servers.is_empty() {
        return Err(OutsideListError::Nothing);
    }
    if new.servers.len() > LISTED_SERVERS_MAX {
        return Err(OutsideListError::Long(new.servers.len()));
    }
    let list = ListRow {
        name: new.name.clone(),
        format: new.format,
        source: new.source,
        imported_at: set_up.now,
        server_count: u64::try_from(new.servers.len()).unwrap_or(u64::MAX),
    };
    let name = new.name.clone();
    hub.store.read(move |reader| has_room(reader, &name))?;
    drop_leftovers(hub, set_up, &new.name, &mut between)?;
    let version = write_servers(hub, set_up, &new.name, new.servers, &mut between)?;
    let refused_count = new.refused_count;
    let before = hub.store.write(set_up.stamp("outside.switch"), move |tx| {
        let before = has_room(tx, &list.name)?;
        if !outside::is_whole(tx, version, list.server_count)? {
            return Err(OutsideListError::Beside);
        }
        outside::switch(tx, &list, version)?;
        let facts = vec![
            ("format", list.format.word().to_owned()),
            ("servers", list.server_count.to_string()),
            ("refused", refused_count.to_string()),
        ];
        record(tx, &entry("outside-list-written", &list.name, facts))?;
        Ok(before.map(|list| list.server_count))
    })?;
    between();
    drop_leftovers(hub, set_up, &new.name, &mut between)?;
    Ok(before)
}

/// Takes a list out; how many servers it had. `between` is that of [`write_list`].
///
/// # Errors
/// [`OutsideListError`].
pub fn remove_list(
    hub: &Hub,
    set_up: &SetUp<'_>,
    name: &Code,
    mut between: impl FnMut(),
) -> Result<u64, OutsideListError> {
    at_console(set_up)?;
    let removed = name.clone();
    let count = hub.store.write(set_up.stamp("outside.remove"), move |tx| {
        let Some(before) = outside::find(tx, &removed)? else {
            return Err(OutsideListError::NoList(removed));
        };
        outside::remove(tx, &removed)?;
        record(tx, &entry("outside-list-removed", &removed, Vec::new()))?;
        Ok(before.server_count)
    })?;
    between();
    drop_leftovers(hub, set_up, name, &mut between)?;
    Ok(count)
}

/// The list of that name, if there is one; refused where one more would be too many.
fn has_room(reader: &Reader<'_>, name: &Code) -> Result<Option<ListRow>, OutsideListError> {
    let before = outside::find(reader, name)?;
    if before.is_none() && outside::all(reader)?.len() >= OUTSIDE_LISTS_MAX {
        return Err(OutsideListError::Many);
    }
    Ok(before)
}

fn write_servers(
    hub: &Hub,
    set_up: &SetUp<'_>,
    name: &Code,
    servers: Vec<ListedServer>,
    between: &mut impl FnMut(),
) -> Result<Version, StoreError> {
    let name = name.clone();
    let begin = set_up.stamp("outside.begin");
    let version = hub
        .store
        .write(begin, move |tx| outside::begin(tx, &name))?;
    let mut servers = servers.into_iter();
    let mut place = 0;
    loop {
        let some: Vec<ListedServer> = servers.by_ref().take(SERVERS_PER_WRITE_MAX).collect();
        if some.is_empty() {
            return Ok(version);
        }
        let next = place + u64::try_from(some.len()).unwrap_or(u64::MAX);
        hub.store.write(set_up.stamp("outside.add"), move |tx| {
            outside::add(tx, version, place, &some)
        })?;
        place = next;
        between();
    }
}

/// Drops what no list has any more: of the list `name`, and of others what was broken off long ago.
fn drop_leftovers(
    hub: &Hub,
    set_up: &SetUp<'_>,
    name: &Code,
    between: &mut impl FnMut(),
) -> Result<(), StoreError> {
    let before = set_up.now.plus_seconds(-BROKEN_OFF_SECONDS);
    let name = name.clone();
    let left = hub
        .store
        .read(move |reader| outside::leftovers(reader, &name, before))?;
    for version in left {
        loop {
            let dropped = hub.store.write(set_up.stamp("outside.drop"), move |tx| {
                outside::drop_some(tx, version, SERVERS_PER_WRITE_MAX)
            })?;
            if dropped < SERVERS_PER_WRITE_MAX {
                break;
            }
            between();
        }
    }
    Ok(())
}

/// Every list, by name.
///
/// # Errors
/// [`OutsideListError`].
pub fn outside_lists(hub: &Hub, set_up: &SetUp<'_>) -> Result<Vec<ListRow>, OutsideListError> {
    at_console(set_up)?;
    Ok(hub.store.read(outside::all)?)
}

fn at_console(set_up: &SetUp<'_>) -> Result<(), OutsideListError> {
    match set_up.authority {
        Authority::Console(_) => Ok(()),
        Authority::Member(_) => Err(OutsideListError::NotPermitted),
    }
}

fn entry(event: &'static str, list: &Code, facts: Vec<(&'static str, String)>) -> Entry {
    Entry {
        event,
        object: format!("outside-list/{list}"),
        owner: None,
        facts,
    }
}
