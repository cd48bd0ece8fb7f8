//! The book of an hour: what the talks of one hour showed of each server, for profiles that are kept.
//!
//! It goes beside the profiles of the day, by the same places, so that no server is looked up twice.
//! Servers above [`OPEN_MAX`] are written into a few octets each until the hour is closed.

use super::profile::{Added, SIZES, count_up, size};
use super::stitch::Stitch;
use crate::finding::Server;
use crate::profile::{KeptProfile, Linking, RANK_KEPT_MAX, RANK_MAX, Registers, hour_of};
use crate::sealed::Way;

/// Servers of the hour that are open at once: some 80 MB.
const OPEN_MAX: usize = 1 << 18;

/// No server of this hour.
const NONE: u32 = u32::MAX;

/// What an hour adds to the profiles that are kept.
pub(super) struct Book {
    linking: Linking,
    /// By place of the server: where its sums stand.
    places: Vec<u32>,
    open: Vec<(u32, Sums)>,
    /// By place of the server: the profile that was closed before the hour was.
    closed: Vec<Option<Box<[u8]>>>,
    all: Sums,
}

/// Sums of an hour.
#[derive(Clone)]
struct Sums {
    first: i64,
    last: i64,
    calls: u32,
    answers: u32,
    failed: u32,
    tried: u32,
    opened: u32,
    sampling: u32,
    longest: u32,
    octets: u64,
    packets: u64,
    octets_back: u64,
    hours: [u32; 24],
    sizes: [u16; SIZES],
    sizes_back: [u16; SIZES],
    clients: Registers,
}

impl Book {
    pub(super) fn new(linking: Linking) -> Self {
        Self {
            linking,
            places: Vec::new(),
            open: Vec::new(),
            closed: Vec::new(),
            all: Sums::none(),
        }
    }

    /// Key of the tokens.
    pub(super) fn linking(&self) -> Linking {
        self.linking
    }

    /// Adds a talk with the server of that place, which began at `start_ms`.
    pub(super) fn add(
        &mut self,
        place: u32,
        added: &Added,
        (stitch, lasts): (Stitch, u32),
        start_ms: i64,
    ) {
        let hour = hour_of(start_ms);
        self.all.add(added, (stitch, lasts), hour);
        let Ok(at) = usize::try_from(place) else {
            return;
        };
        if self.places.len() <= at {
            self.places.resize(at + 1, NONE);
        }
        if self.open.len() >= OPEN_MAX {
            self.turn_over();
        }
        let Some(held) = self.places.get_mut(at) else {
            return;
        };
        if *held == NONE {
            *held = u32::try_from(self.open.len()).unwrap_or(NONE);
            self.open.push((place, Sums::none()));
        }
        let sums = usize::try_from(*held)
            .ok()
            .and_then(|held| self.open.get_mut(held));
        if let Some((_, sums)) = sums {
            sums.add(added, (stitch, lasts), hour);
        }
    }

    /// Closes what is open, to make room.
    fn turn_over(&mut self) {
        for (place, sums) in self.open.drain(..) {
            let held = usize::try_from(place)
                .ok()
                .and_then(|at| self.places.get_mut(at));
            if let Some(held) = held {
                *held = NONE;
            }
            let Ok(at) = usize::try_from(place) else {
                continue;
            };
            if self.closed.len() <= at {
                self.closed.resize(at + 1, None);
            }
            let mut profile = sums.kept(self.linking, RANK_KEPT_MAX);
            if let Some(closed) = self.closed.get_mut(at) {
                // What stands there was written here. One server has one place, however often it comes.
                let before = closed.as_deref().map(KeptProfile::from_bytes);
                if let Some(Ok(before)) = before {
                    profile.merge(&before);
                }
                *closed = Some(profile.to_bytes().into_boxed_slice());
            }
        }
    }

    /// What the hour showed of all servers together and of each, in the order of what `server` says
    /// stands at a place; the book is empty then.
    pub(super) fn close(
        &mut self,
        server: impl Fn(u32) -> Option<Server>,
    ) -> (KeptProfile, Closed) {
        self.turn_over();
        let placed = (0_u32..).zip(std::mem::take(&mut self.closed));
        let placed = placed.filter_map(|(place, octets)| Some((server(place)?, place, octets?)));
        let mut servers: Vec<_> = placed.collect();
        servers.sort_by_key(|(server, ..)| *server);
        let all = std::mem::replace(&mut self.all, Sums::none());
        let closed = Closed {
            servers: servers.into_iter(),
        };
        (all.kept(self.linking, RANK_MAX), closed)
    }
}

/// A server, its place, and what was seen of it, as octets.
type Placed = (Server, u32, Box<[u8]>);

/// Servers of a closed hour.
pub(super) struct Closed {
    servers: std::vec::IntoIter<Placed>,
}

impl Closed {
    /// The next server: its place and what was seen of it.
    pub(super) fn next_server(&mut self) -> Option<(u32, Server, KeptProfile)> {
        let (server, place, octets) = self.servers.next()?;
        // It was written by this program a moment ago.
        let profile = KeptProfile::from_bytes(&octets).unwrap_or_default();
        Some((place, server, profile))
    }
}

impl Sums {
    fn none() -> Self {
        Self {
            first: i64::MAX,
            last: i64::MIN,
            calls: 0,
            answers: 0,
            failed: 0,
            tried: 0,
            opened: 0,
            sampling: 1,
            longest: 0,
            octets: 0,
            packets: 0,
            octets_back: 0,
            hours: [0; 24],
            sizes: [0; SIZES],
            sizes_back: [0; SIZES],
            clients: Registers::default(),
        }
    }

    fn add(&mut self, added: &Added, (stitch, lasts): (Stitch, u32), hour: i64) {
        self.first = self.first.min(hour);
        self.last = self.last.max(hour);
        self.sampling = self.sampling.max(added.sampling);
        let (is_more, lasts) = match stitch {
            Stitch::Call => (false, lasts),
            Stitch::More(lasts) => (true, lasts),
        };
        self.longest = self.longest.max(lasts);
        let one = u32::from(!is_more);
        let size = size(added.octets);
        if added.way == Way::Forth {
            self.calls = self.calls.saturating_add(one);
            self.octets = self.octets.saturating_add(added.octets);
            self.packets = self.packets.saturating_add(added.packets);
        } else {
            self.answers = self.answers.saturating_add(one);
            self.octets_back = self.octets_back.saturating_add(added.octets);
        }
        let counts = is_more || added.way == Way::Forth || self.calls == 0;
        if let Some(calls) = self.hours.get_mut(added.hour).filter(|_| counts) {
            *calls = calls.saturating_add(1);
        }
        if added.asked {
            self.clients.add(added.mark);
        }
        if is_more {
            return;
        }
        if added.way == Way::Forth {
            self.failed = self.failed.saturating_add(u32::from(added.failed));
            self.tried = self.tried.saturating_add(u32::from(added.tried));
            self.opened = self.opened.saturating_add(u32::from(added.opens));
            count_up(&mut self.sizes, size);
        } else {
            count_up(&mut self.sizes_back, size);
        }
    }

    /// The profile, with ranks of clients up to `rank_max`.
    fn kept(&self, linking: Linking, rank_max: u8) -> KeptProfile {
        let mut kept = KeptProfile {
            first: self.first,
            last: self.last,
            calls: u64::from(self.calls),
            answers: u64::from(self.answers),
            failed: u64::from(self.failed),
            tried: u64::from(self.tried),
            opened: u64::from(self.opened),
            sampling: self.sampling,
            longest: self.longest,
            octets: self.octets,
            packets: self.packets,
            octets_back: self.octets_back,
            hours: self.hours.map(u64::from),
            sizes: self.sizes.map(u64::from),
            sizes_back: self.sizes_back.map(u64::from),
            ..KeptProfile::none()
        };
        let clients = self.clients.count();
        if clients > 0 {
            kept.clients.insert(linking, self.clients.capped(rank_max));
        }
        // Those of the hour count where most of it lies.
        let busiest = (0..24).max_by_key(|hour| self.hours.get(*hour).copied());
        if let Some(most) = busiest.and_then(|hour| kept.clients_by_hour.get_mut(hour)) {
            *most = u32::try_from(clients).unwrap_or(u32::MAX);
        }
        kept
    }
}
