//! Detection: talks in, findings about servers out.
//!
//! Every server has a profile of fixed size. A cheap gate lets few of them through; only behind it
//! something is kept of each client with each server. What was kept is judged as evidence with a
//! weight (`judge`), and the sum of the weights is the score. Nothing is trained, and nobody counts
//! suspicious clients until they are many: one client can be enough, and a thousand may not.
//!
//! INVARIANT: memory is bounded by [`Settings`], whatever comes in; what was passed over for want of
//! room is counted.

mod book;
mod clients;
mod incoming;
mod judge;
mod pair;
mod profile;
mod rhythm;
mod spray;
mod stitch;
mod watch;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

use crate::archive::profiles::{EVERYTHING, Row};
use crate::column::Address;
use crate::finding::{Finding, Server, Tier};
use crate::knowledge::Knowledge;
use crate::profile::{Linking, Said, Session};
use crate::sealed::Talk;
use crate::service;
use book::Book;
use clients::Clients;
use incoming::Sides;
use pair::{Call, Pairs};
use profile::{Added, Profile};
use rhythm::TICKS_PER_SECOND;
use spray::{SEARCH_MIN, Searches, Sprays};
use stitch::{Piece, Stitch, Stitcher};
use watch::Watch;

pub(crate) use clients::estimate;
pub use incoming::is_call;
pub use judge::{Surroundings, THRESHOLDS, Thresholds};
pub(crate) use profile::SIZES;

const MILLIS_PER_HOUR: i64 = 3_600_000;
const MILLIS_PER_TICK: i64 = 1_000 / TICKS_PER_SECOND as i64;

/// Ticks end here: what is added to one of them has room.
const TICKS_MAX: u32 = u32::MAX - (1 << 24);

/// Records may be this much older than the first that came, and as much younger: half of what ticks
/// in 32 bits reach, some seven years.
const EARLIER_MAX_MS: i64 = (u32::MAX / 2) as i64 * MILLIS_PER_TICK;

/// Mean octets of a call, both ways, above which a server delivers and does not command.
const GATE_OCTETS_MAX: u64 = 30_000;

/// Unless at most one call in so many is large, which drew the mean up alone.
const GATE_LARGE_ONE_IN: u64 = 8;

/// Clients of one server that are looked at one by one: what these do tells what the others do.
const PAIRS_OF_SERVER_MAX: u64 = 256;

/// What an engine may use, and how it hashes.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Servers that are kept; each takes some 300 octets.
    pub servers_max: usize,
    /// Pairs of client and server that are kept; each takes some 70 octets.
    pub pairs_max: usize,
    /// Drawn at random where strangers choose the addresses.
    pub seed: u64,
    /// What stands in the place of the server.
    pub servers: Servers,
}

/// What stands in the place of the server of a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Servers {
    /// Addresses outside.
    Outside,
    /// The 128 bits of tokens: servers on the lines of subscribers.
    Subscribers,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            servers_max: 4_000_000,
            pairs_max: 8_000_000,
            seed: 0,
            servers: Servers::Outside,
        }
    }
}

/// What an engine did with the talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Talks that were looked at.
    pub talks: u64,
    /// Of these, pieces of a session that was counted before.
    pub pieces: u64,
    /// Talks that somebody outside opened.
    pub inbound: u64,
    /// Talks of a time years away from that of the others.
    pub untimely: u64,
    /// Talks of other protocols than TCP and UDP, or to no single server.
    pub others: u64,
    /// Answers to nothing: packets from outside that no client asked for. They make nobody a client.
    pub unasked: u64,
    /// Tries of clients that search the network for open doors: a door that is tried once is no server.
    pub searches: u64,
    /// Talks with servers for which there was no room.
    pub no_room_servers: u64,
    /// Calls of clients for which there was no room beside their server; those of a server that has
    /// enough of them are not among these.
    pub no_room_pairs: u64,
    /// Tries without an answer for which there was no room to see who searches.
    pub no_room_sprays: u64,
}

/// Talks that are looked up one behind the other: enough for a processor to wait for many at once,
/// few enough to be still at hand when they are added.
const AHEAD: usize = 32;

/// A talk before it is added.
struct Prepared {
    server: Server,
    server_hash: u64,
    added: Added,
    piece: Piece,
    /// Whether a client that searches tries this door for the first time.
    search: bool,
    /// Where the profile of its server stands, if it was known.
    place: Option<u32>,
}

/// Profiles of servers, and what is kept behind the gate.
pub struct Engine {
    settings: Settings,
    hasher: FixedState,
    places: HashTable<u32>,
    servers: Vec<(Server, Profile)>,
    pairs: Pairs,
    stitcher: Stitcher,
    sprays: Sprays,
    searches: Searches,
    clients: Clients,
    sides: Sides,
    /// Talks by hour of the day (UTC): how all clients together spend it.
    hours: [u64; 24],
    base_ms: Option<i64>,
    tally: Tally,
    /// What the hour adds to the profiles that are kept; `None` where none are.
    book: Option<Book>,
}

impl Engine {
    /// An engine that has seen nothing.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            hasher: FixedState::with_seed(settings.seed),
            places: HashTable::new(),
            servers: Vec::new(),
            pairs: Pairs::default(),
            stitcher: Stitcher::new(),
            sprays: Sprays::default(),
            searches: Searches::new(),
            sides: Sides::default(),
            clients: Clients::none(),
            hours: [0; 24],
            base_ms: None,
            tally: Tally::default(),
            book: None,
        }
    }

    /// From now on keeps what each hour shows, for profiles whose clients are counted under the key
    /// `linking`.
    pub fn keep(&mut self, linking: Linking) {
        self.book = Some(Book::new(linking));
    }

    /// Ends the hour `hour` (of Unix time) in which the talks since the last end came: tells `tell` what it
    /// showed of each server, in their order, and of all together first. Nothing where nothing is kept
    /// or came.
    pub fn end_hour(&mut self, hour: i64, mut tell: impl FnMut(Row)) {
        let Some(mut book) = self.book.take() else {
            return;
        };
        let session = Session::at(book.linking(), hour.saturating_mul(MILLIS_PER_HOUR));
        let (of_all, mut of_servers) = book.close(|place| self.server(place));
        self.book = Some(book);
        if of_all.is_none() {
            return;
        }
        tell(Row {
            server: EVERYTHING,
            hour,
            profile: of_all,
        });
        let nothing = Knowledge::default();
        let said: Vec<(u32, Said)> = (0_u32..)
            .zip(judge::all(self, &nothing))
            .filter_map(|(place, finding)| {
                Some((place, Said::of(finding.flows, &finding.evidence)?))
            })
            .collect();
        while let Some((place, server, mut profile)) = of_servers.next_server() {
            if let Ok(at) = said.binary_search_by_key(&place, |(place, _)| *place) {
                profile
                    .said
                    .extend(said.get(at).map(|(_, said)| (session, *said)));
            }
            tell(Row {
                server,
                hour,
                profile,
            });
        }
    }

    /// Looks at talks of subscribers with servers outside.
    pub fn take(&mut self, talks: &[Talk<Address>]) {
        if self.base_ms.is_none() {
            self.begin(talks);
        }
        let mut ahead: Vec<Prepared> = Vec::with_capacity(AHEAD);
        for some in talks.chunks(AHEAD) {
            ahead.clear();
            ahead.extend(some.iter().filter_map(|talk| self.prepared(talk)));
            for prepared in &mut ahead {
                self.look_up(prepared);
            }
            for prepared in &ahead {
                self.one(prepared);
            }
        }
    }

    /// What was done so far.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Servers that are kept, and pairs behind the gate.
    pub fn kept(&self) -> (usize, usize) {
        (self.servers.len(), self.pairs.len())
    }

    /// Every server as a finding, the highest score first; equal scores by address, so that the same
    /// talks make the same list.
    pub fn findings(&self, knowledge: &Knowledge) -> Vec<Finding> {
        self.findings_from(Tier::Low, knowledge)
    }

    /// The same of servers that are of this tier or a higher one; of the others nothing is kept.
    pub fn findings_from(&self, least: Tier, knowledge: &Knowledge) -> Vec<Finding> {
        let mut findings: Vec<Finding> = judge::all(self, knowledge)
            .filter(|finding| finding.tier >= least)
            .collect();
        findings.sort_by(|one, other| {
            let score = other.score.total_cmp(&one.score);
            score.then_with(|| one.server.cmp(&other.server))
        });
        findings
    }

    /// What of a talk can be told before anything is looked up; `None` of what is no call of a
    /// subscriber.
    fn prepared(&mut self, talk: &Talk<Address>) -> Option<Prepared> {
        self.tally.talks += 1;
        let is_one = match self.settings.servers {
            Servers::Outside => service::is_single(talk.server),
            Servers::Subscribers => true,
        };
        let is_server = matches!(talk.protocol, service::TCP | service::UDP) && is_one;
        if !is_server {
            self.tally.others += 1;
            return None;
        }
        if incoming::is_inbound(talk) {
            self.tally.inbound += 1;
            return None;
        }
        let client = self.hasher.hash_one(talk.client());
        let server = Server {
            address: talk.server,
            port: talk.server_port,
            protocol: talk.protocol,
        };
        let server_hash = self.hasher.hash_one(server);
        let Some((tick, end)) = self.ticks(talk) else {
            self.tally.untimely += 1;
            return None;
        };
        let sampling = incoming::sampling(talk);
        self.sides.note(talk.way);
        let asked = incoming::asked(talk)
            || (sampling > 1 || self.sides.is_one()) && !incoming::refuses(talk);
        if asked {
            self.clients.add(client);
        }
        let tried = incoming::tries(talk);
        let added = Added {
            tick,
            hour: incoming::hour(talk.start_ms),
            octets: talk.bytes,
            packets: talk.packets,
            sampling,
            client,
            mark: low_half(talk.client()),
            way: talk.way,
            asked,
            // One sampled packet that is a SYN does not say that no answer came.
            failed: tried && sampling == 1,
            tried,
            opens: incoming::opens(talk),
        };
        if let Some(talks) = self.hours.get_mut(added.hour) {
            *talks += 1;
        }
        let search = tried
            && (sampling == 1 || service::is_searched(talk.server_port))
            && self.searches(low(client), talk.server_port, server_hash);
        Some(Prepared {
            server,
            server_hash,
            added,
            piece: incoming::piece(talk, server_hash ^ client.rotate_left(17), (tick, end)),
            search,
            place: None,
        })
    }

    /// Notes a try that nothing answered; whether its client searches, and tries this door for the first
    /// time.
    fn searches(&mut self, client: u32, port: u16, server_hash: u64) -> bool {
        let Some(doors) = self.sprays.tried(client, port, server_hash) else {
            self.tally.no_room_sprays += 1;
            return false;
        };
        doors >= SEARCH_MIN
            && self
                .searches
                .is_first(server_hash ^ u64::from(client) << 32)
    }

    /// Looks up where the server of a talk and what was seen of its flow stand. The processor waits
    /// for memory at each; of talks that are looked up one behind the other, it waits for many at once.
    fn look_up(&self, prepared: &mut Prepared) {
        prepared.place = self.known(prepared.server, prepared.server_hash);
        let held = prepared
            .place
            .and_then(|place| Some((place, self.servers.get(usize::try_from(place).ok()?)?)));
        let client = low(prepared.added.client);
        let pair = held.and_then(|(place, (_, profile))| {
            let is_watched = profile.calls > 0 && profile.watch.is_some();
            is_watched.then(|| self.pairs.peek(place, client))
        });
        std::hint::black_box((pair, self.stitcher.peek(prepared.piece.hash)));
    }

    fn one(&mut self, prepared: &Prepared) {
        let Prepared {
            server,
            server_hash,
            added,
            piece,
            search,
            place,
        } = prepared;
        let stitch = self.stitcher.look(*piece);
        let known = place.or_else(|| self.known(*server, *server_hash));
        if known.is_none() && (*search || !added.asked) {
            self.tally.searches += u64::from(*search);
            self.tally.unasked += u64::from(!*search);
            return;
        }
        let Some(place) = known.or_else(|| self.place(*server, *server_hash, piece.start)) else {
            self.tally.no_room_servers += 1;
            return;
        };
        let lasts = piece.end.saturating_sub(piece.start);
        let start_ms = self.ms(piece.start);
        if let Some(book) = &mut self.book {
            book.add(place, added, (stitch, lasts), start_ms);
        }
        self.add(place, added, stitch, lasts);
    }

    /// The place of the profile of a server that is known.
    fn known(&self, server: Server, hash: u64) -> Option<u32> {
        let is = |place: &u32| {
            let place = usize::try_from(*place).ok();
            let held = place.and_then(|place| self.servers.get(place));
            held.is_some_and(|(held, _)| *held == server)
        };
        self.places.find(hash, is).copied()
    }

    /// The server of that place.
    fn server(&self, place: u32) -> Option<Server> {
        let held = self.servers.get(usize::try_from(place).ok()?);
        held.map(|(server, _)| *server)
    }

    /// The place of a profile for a server that was not known; `None` when there is no room.
    fn place(&mut self, server: Server, hash: u64, tick: u32) -> Option<u32> {
        if self.servers.len() >= self.settings.servers_max {
            return None;
        }
        let place = u32::try_from(self.servers.len()).ok()?;
        let (hasher, servers) = (&self.hasher, &self.servers);
        self.places.insert_unique(hash, place, |place| {
            let place = usize::try_from(*place).ok();
            let held = place.and_then(|place| servers.get(place));
            held.map_or(0, |(server, _)| hasher.hash_one(server))
        });
        self.servers.push((server, Profile::new(tick)));
        Some(place)
    }

    fn add(&mut self, place: u32, added: &Added, stitch: Stitch, lasts: u32) {
        let Some((server, profile)) = usize::try_from(place)
            .ok()
            .and_then(|place| self.servers.get_mut(place))
        else {
            return;
        };
        if let Stitch::More(lasts) = stitch {
            self.tally.pieces += 1;
            profile.more(added, lasts);
            return;
        }
        profile.longest = profile.longest.max(lasts);
        let before = (profile.first, profile.octets, profile.failed);
        profile.add(added);
        if !added.asked {
            return;
        }
        let Some(clients) = passes(server, profile, &self.clients) else {
            return;
        };
        let is_full = clients > PAIRS_OF_SERVER_MAX;
        let pairs_max = if is_full { 0 } else { self.settings.pairs_max };
        let call = Call {
            server: place,
            client: low(added.client),
            tick: added.tick,
            octets: u32::try_from(added.octets).unwrap_or(u32::MAX),
            way: added.way,
            failed: added.failed,
        };
        let opens_gate = profile.watch.is_none();
        let watch = profile.watch.get_or_insert_with(|| Box::new(Watch::new()));
        if opens_gate && clients == 1 {
            let (tick, octets, failed) = before;
            let first = Call {
                tick,
                octets: u32::try_from(octets).unwrap_or(u32::MAX),
                failed: failed > 0,
                ..call
            };
            self.pairs.note(first, pairs_max);
        }
        match self.pairs.note(call, pairs_max) {
            Some(told) => watch.note(told, added.client, added.hour),
            None => self.tally.no_room_pairs += u64::from(!is_full),
        }
    }

    /// Beginning and end of a talk in ticks; `None` of what no clock that is right has told: years away
    /// from the others.
    fn ticks(&self, talk: &Talk<Address>) -> Option<(u32, u32)> {
        let base = self.base_ms?;
        let tick = |ms: i64| {
            let ticks = ms.checked_sub(base)? / MILLIS_PER_TICK;
            u32::try_from(ticks).ok().filter(|ticks| *ticks < TICKS_MAX)
        };
        let start = tick(talk.start_ms).filter(|_| talk.start_ms >= base)?;
        Some((start, tick(talk.end_ms).unwrap_or(start).max(start)))
    }

    /// Ticks count from some years before the talk in the middle of the first ones: one record with a
    /// wrong time does not move it.
    fn begin(&mut self, talks: &[Talk<Address>]) {
        let mut starts: Vec<i64> = talks.iter().map(|talk| talk.start_ms).collect();
        let middle = starts.len() / 2;
        if self.base_ms.is_none() && middle < starts.len() {
            let (_, middle, _) = starts.select_nth_unstable(middle);
            // A whole second, so that moments come out of ticks as they went in.
            let base = middle.saturating_sub(EARLIER_MAX_MS);
            self.base_ms = Some(base.saturating_sub(base.rem_euclid(1_000)));
        }
    }

    fn ms(&self, tick: u32) -> i64 {
        let base = self.base_ms.unwrap_or(0);
        base.saturating_add(i64::from(tick) * MILLIS_PER_TICK)
    }
}

/// How many clients a server has, if pairs of it are worth keeping. What costs least is asked first.
fn passes(server: &Server, profile: &Profile, population: &Clients) -> Option<u64> {
    let seen = u64::from(profile.seen());
    let octets = profile.octets.saturating_add(profile.octets_back);
    let is_small = seen >= 2
        && (octets / seen <= GATE_OCTETS_MAX || profile.is_mostly_small(GATE_LARGE_ONE_IN))
        && !service::is_plumbing(server.protocol, server.port);
    let clients = is_small.then(|| profile.clients.count())?;
    (clients <= judge::popular_min(population.count())).then_some(clients)
}

/// Half of the bits that stand for a client: a token or the mark of a household, noise in every bit.
fn low_half(client: u128) -> u64 {
    u64::try_from(client & u128::from(u64::MAX)).unwrap_or(0)
}

/// The low half of a hash.
fn low(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
