//! Lists of servers from outside, brought in and taken out on the hub's own machine.
//!
//! A list is public knowledge. It is shown to whoever sees a candidate of which it names the server,
//! and to nobody else: what it is compared with, only that reader has before him.

use domain::finding::{
    LISTED_SERVERS_MAX, ListFormat, ListSource, ListedServer, OUTSIDE_LISTS_MAX,
};
use domain::word::Code;
use store::StoreError;
use store::finding::outside::{self, ListRow};
use store::log::{Entry, record};

use crate::call::Hub;
use crate::set_up::{Authority, SetUp};

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

/// Why no list was brought in or taken out. Nothing was changed.
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
    /// There is no such list.
    #[error("there is no list `{0}`; `noroshi admin outside-lists` names them")]
    NoList(Code),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Brings a list in, in the place of that of the same name; how many servers that had.
///
/// # Errors
/// [`OutsideListError`].
pub fn write_list(
    hub: &Hub,
    set_up: &SetUp<'_>,
    new: NewList,
) -> Result<Option<u64>, OutsideListError> {
    at_console(set_up)?;
    if new.servers.is_empty() {
        return Err(OutsideListError::Nothing);
    }
    if new.servers.len() > LISTED_SERVERS_MAX {
        return Err(OutsideListError::Long(new.servers.len()));
    }
    hub.store.write(set_up.stamp("outside.write"), move |tx| {
        let before = outside::find(tx, &new.name)?;
        if before.is_none() && outside::all(tx)?.len() >= OUTSIDE_LISTS_MAX {
            return Err(OutsideListError::Many);
        }
        let list = ListRow {
            name: new.name,
            format: new.format,
            source: new.source,
            imported_at: tx.now(),
            server_count: u64::try_from(new.servers.len()).unwrap_or(u64::MAX),
        };
        outside::write(tx, &list, &new.servers)?;
        let facts = vec![
            ("format", list.format.word().to_owned()),
            ("servers", list.server_count.to_string()),
            ("refused", new.refused_count.to_string()),
        ];
        record(tx, &entry("outside-list-written", &list.name, facts))?;
        Ok(before.map(|list| list.server_count))
    })
}

/// Takes a list out; how many servers it had.
///
/// # Errors
/// [`OutsideListError`].
pub fn remove_list(hub: &Hub, set_up: &SetUp<'_>, name: Code) -> Result<u64, OutsideListError> {
    at_console(set_up)?;
    hub.store.write(set_up.stamp("outside.remove"), move |tx| {
        let Some(before) = outside::find(tx, &name)? else {
            return Err(OutsideListError::NoList(name));
        };
        outside::remove(tx, &name)?;
        record(tx, &entry("outside-list-removed", &name, Vec::new()))?;
        Ok(before.server_count)
    })
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
