//! What is known of servers beside the flows: networks that deliver for many, lists of known
//! servers, verdicts of analysts.

mod lists;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::column::Address;
use crate::finding::Server;
use crate::prefix::{PrefixError, Prefixes};
use crate::profile::{Memory, Past};

pub use lists::{KNOWN_MAX, ListError};

/// What kind of network a list names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Delivers for many (CDN).
    Delivery,
    /// Anybody rents there.
    Cloud,
    /// Run by a vendor for its own products; nobody rents there.
    Vendor,
    /// Resolvers, clocks, tunnels and the like.
    PublicService,
    /// Catches the calls of infected devices for defenders.
    Sinkhole,
}

/// What an analyst said of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It commands.
    Command,
    /// It is harmless.
    Benign,
}

/// All of it.
#[derive(Default)]
pub struct Knowledge {
    networks: Vec<(Network, Prefixes)>,
    /// How many lists name an address with a port; port 0 is any.
    known: BTreeMap<(Address, u16), u32>,
    verdicts: BTreeMap<Server, (Verdict, i64)>,
    /// Now, milliseconds of Unix time: verdicts behind their end do not count.
    now_ms: i64,
    past: Option<Arc<Past>>,
}

impl Knowledge {
    /// Knows nothing; verdicts are looked at as of `now_ms`.
    pub fn new(now_ms: i64) -> Self {
        Self {
            now_ms,
            ..Self::default()
        }
    }

    /// Adds a list of networks.
    ///
    /// # Errors
    /// [`PrefixError`] of the first that is no prefix.
    pub fn network<'t>(
        &mut self,
        kind: Network,
        prefixes: impl IntoIterator<Item = &'t str>,
    ) -> Result<(), PrefixError> {
        self.networks.push((kind, Prefixes::parse(prefixes)?));
        Ok(())
    }

    /// Adds a server of a list of known ones; `None` is every port of it.
    pub fn know(&mut self, address: std::net::IpAddr, port: Option<u16>) {
        let named = self.known.entry((Address::of(address), port.unwrap_or(0)));
        *named.or_default() += 1;
    }

    /// Adds a verdict that counts until `until_ms`.
    pub fn judge(&mut self, server: Server, verdict: Verdict, until_ms: i64) {
        self.verdicts.insert(server, (verdict, until_ms));
    }

    /// Adds since when servers are known.
    pub fn remember(&mut self, past: Arc<Past>) {
        self.past = Some(past);
    }

    /// What the profiles that were kept say of a server; `None` where none are, or it is in none.
    pub(crate) fn past(&self, server: &Server) -> Option<Memory> {
        self.past.as_ref()?.of(server)
    }

    /// Whether profiles are kept for long enough to tell what is new.
    pub(crate) fn tells_new(&self) -> bool {
        self.past.as_ref().is_some_and(|past| past.tells())
    }

    /// How many lists of networks of that kind name an address.
    pub(crate) fn in_networks(&self, kind: Network, address: Address) -> u32 {
        let named =
            |(of, prefixes): &&(Network, Prefixes)| *of == kind && prefixes.contains(address);
        u32::try_from(self.networks.iter().filter(named).count()).unwrap_or(u32::MAX)
    }

    /// How many lists of known servers name it.
    pub(crate) fn known(&self, server: &Server) -> u32 {
        let of = |port| {
            self.known
                .get(&(server.address, port))
                .copied()
                .unwrap_or(0)
        };
        of(server.port).saturating_add(if server.port > 0 { of(0) } else { 0 })
    }

    /// The verdict on a server, and the milliseconds until it ends.
    pub(crate) fn verdict(&self, server: &Server) -> Option<(Verdict, i64)> {
        let (verdict, until_ms) = *self.verdicts.get(server)?;
        let left = until_ms.saturating_sub(self.now_ms);
        (left > 0).then_some((verdict, left))
    }
}
