//! The seal: the subscriber's side of a flow becomes a token before anything else sees the flow.
//!
//! Which end is the subscriber is decided by the carrier's prefixes. Flows between two subscribers,
//! and so every server on a subscriber's line, go to a column of their own: an address of a subscriber
//! leaves the carrier in no case, and its own desk looks at these alone.

use seal::subscriber::{HorizonKey, SubscriberToken};

use crate::column::{Address, Columns, Ending, Flow, Opener};
use crate::prefix::Prefixes;
use crate::service::{TCP, is_private, is_searched, is_usual};

use callers::Callers;
pub use port::SealedPort;

mod callers;
mod port;

/// Flags of TCP.
const SYN: u8 = 0x02;
const ACK: u8 = 0x10;

/// Leading bits of an IPv6 address that one household has, when nobody sets another number: carriers
/// delegate a prefix of this length to a line (RFC 6177).
pub const HOUSEHOLD_BITS_DEFAULT: u8 = 56;

/// The fewest bits that a household can be set to: what is shorter is no line.
pub const HOUSEHOLD_BITS_MIN: u8 = 40;

/// Which way a flow went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the subscriber to the server.
    Forth,
    /// From the server to the subscriber.
    Back,
}

/// Which side opened a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// Nobody says.
    Unsaid,
    /// The subscriber: it may be calling home.
    Inside,
    /// The other end: somebody looks for open doors, or calls a server on a subscriber's line.
    Outside,
}

/// A flow of which the subscriber is a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Talk<S> {
    /// The other end.
    pub server: S,
    /// Port of the other end.
    pub server_port: u16,
    /// The subscriber: what two custodians open.
    pub subscriber: SubscriberToken,
    /// The household of an IPv6 subscriber, keyed; 0 of IPv4, where the token itself stands for one.
    pub household: u64,
    /// Port of the subscriber's end, sealed.
    pub subscriber_port: SealedPort,
    /// IP protocol number.
    pub protocol: u8,
    /// TCP flags that were seen.
    pub flags: u8,
    /// Which way.
    pub way: Way,
    /// Packets as exported.
    pub packets: u64,
    /// Octets as exported.
    pub bytes: u64,
    /// First packet, milliseconds of Unix time.
    pub start_ms: i64,
    /// Last packet, milliseconds of Unix time.
    pub end_ms: i64,
    /// One packet of how many was looked at; 0 is not known.
    pub sampling: u32,
    /// Why the record was sent.
    pub ending: Ending,
    /// Which side opened the talk.
    pub opened: Opened,
}

impl<S> Talk<S> {
    /// The same talk with something else in the place of the server.
    pub fn with_server<T>(&self, server: T) -> Talk<T> {
        Talk {
            server,
            server_port: self.server_port,
            subscriber: self.subscriber,
            household: self.household,
            subscriber_port: self.subscriber_port,
            protocol: self.protocol,
            flags: self.flags,
            way: self.way,
            packets: self.packets,
            bytes: self.bytes,
            start_ms: self.start_ms,
            end_ms: self.end_ms,
            sampling: self.sampling,
            ending: self.ending,
            opened: self.opened,
        }
    }

    /// Who counts as one client, whatever number of addresses it has.
    #[inline]
    pub fn client(&self) -> u128 {
        match self.household {
            0 => self.subscriber.bits(),
            household => u128::from(household),
        }
    }
}

/// What came of sealing.
#[derive(Default)]
pub struct Sealed {
    /// Talks of subscribers with servers outside.
    pub talks: Vec<Talk<Address>>,
    /// Talks between subscribers: the end with the lower port is taken for the server.
    pub among: Vec<Talk<SubscriberToken>>,
    /// Flows of which no end is a subscriber; they are not kept.
    pub passing: u64,
}

/// Seals flows under the key of a horizon.
pub struct Sealer {
    inside: Inside,
    key: HorizonKey,
    /// Bits behind the prefix of a household.
    household_rest: u128,
    /// Addresses that translation shares between lines.
    shared: Prefixes,
    /// Nothing sealed says that it began before, in milliseconds of Unix time.
    since_ms: i64,
    /// One packet of how many was looked at where a flow does not tell it; 0 is not known.
    sampling: u32,
}

/// How it is told who is a subscriber.
enum Inside {
    /// By their prefixes.
    Prefixes(Prefixes),
    /// By their prefixes, and nothing else is.
    Exactly(Prefixes),
    /// It is assumed: see [`Sealer::assuming`].
    Assumed(Callers),
}

/// Where the ends of a flow are.
enum Ends {
    /// The source is a subscriber.
    Source,
    /// The destination is.
    Destination,
    /// Both are.
    Both,
    /// Neither is.
    Neither,
}

/// Flows that are sealed at a time: few enough to stay in the first cache.
const BATCH_FLOWS: usize = 128;

/// There are no prefixes of subscribers: without them nobody knows whom to seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no prefixes of subscribers; name them, so that no subscriber's address is kept")]
pub struct NoSubscribers;

impl Sealer {
    /// A sealer of the subscribers in these prefixes.
    ///
    /// # Errors
    /// [`NoSubscribers`] when there are none.
    pub fn new(subscribers: Prefixes, key: HorizonKey) -> Result<Self, NoSubscribers> {
        if subscribers.is_empty() {
            return Err(NoSubscribers);
        }
        Ok(Self::of(Inside::Prefixes(subscribers), key))
    }

    /// A sealer for looking at a file whose subscribers are not told, in memory only. It assumes that
    /// private addresses are inside, and of two private or two public ones that which called many others,
    /// or else whoever opened the talk; where nobody says who opened it, the end with the higher port.
    pub fn assuming(key: HorizonKey) -> Self {
        Self::of(Inside::Assumed(Callers::default()), key)
    }

    fn of(inside: Inside, key: HorizonKey) -> Self {
        Self {
            inside,
            key,
            household_rest: rest(HOUSEHOLD_BITS_DEFAULT),
            shared: Prefixes::default(),
            since_ms: i64::MIN,
            sampling: 0,
        }
    }

    /// Takes nothing for inside but the prefixes that were named: for looking at files of a network of
    /// one's own, where a private address may be that of a server outside of it.
    #[must_use]
    pub fn exactly(mut self) -> Self {
        if let Inside::Prefixes(subscribers) = self.inside {
            self.inside = Inside::Exactly(subscribers);
        }
        self
    }

    /// Takes IPv6 addresses with the same first `bits` for one household; from
    /// [`HOUSEHOLD_BITS_MIN`] to 128, where each address counts for itself.
    #[must_use]
    pub fn households(mut self, bits: u8) -> Self {
        self.household_rest = rest(bits.clamp(HOUSEHOLD_BITS_MIN, 128));
        self
    }

    /// Addresses that carrier-grade translation shares between lines. Of their ports the whole mark is
    /// kept, so that with the key of the horizon the translator's log tells the line.
    #[must_use]
    pub fn sharing(mut self, addresses: Prefixes) -> Self {
        self.shared = addresses;
        self
    }

    /// Cuts off what a talk lasted before `ms`, when the horizon began: an exporter that tells one
    /// beginning of a session again and again would link the tokens of two horizons by it.
    #[must_use]
    pub fn since(mut self, ms: i64) -> Self {
        self.since_ms = ms;
        self
    }

    /// Takes one packet in `sampling` for looked at where a flow does not tell it: many exporters sample
    /// and never say so. 0 is not known, and weighed as if every packet were.
    #[must_use]
    pub fn unless_told(mut self, sampling: u32) -> Self {
        self.sampling = sampling;
        self
    }

    fn ends(&mut self, flow: &Flow) -> Ends {
        let told = match &mut self.inside {
            Inside::Prefixes(subscribers) => {
                let inside = |address| is_inside(subscribers, address);
                (inside(flow.source), inside(flow.destination))
            }
            Inside::Exactly(subscribers) => (
                subscribers.contains(flow.source),
                subscribers.contains(flow.destination),
            ),
            Inside::Assumed(callers) => {
                match (is_private(flow.source), is_private(flow.destination)) {
                    (source, destination) if source == destination => {
                        let opens = match flow.opener {
                            Opener::Source => true,
                            Opener::Destination => false,
                            Opener::Unsaid => flow.source_port >= flow.destination_port,
                        };
                        let source = callers.calls(flow.source, flow.destination, opens);
                        (source, !source)
                    }
                    private => private,
                }
            }
        };
        match told {
            (true, false) => Ends::Source,
            (false, true) => Ends::Destination,
            (true, true) => Ends::Both,
            (false, false) => Ends::Neither,
        }
    }

    /// Takes every flow out of `flows` and adds it to `into`, sealed.
    pub fn seal(&mut self, flows: &mut Columns, into: &mut Sealed) {
        let mut batch = Vec::with_capacity(BATCH_FLOWS);
        for row in 0..flows.len() {
            batch.extend(flows.flow(row).map(|flow| (flow, self.ends(&flow))));
            if batch.len() == BATCH_FLOWS {
                self.batch(&batch, into);
                batch.clear();
            }
        }
        self.batch(&batch, into);
        flows.clear();
    }

    /// Seals some flows: the ends of all that are subscribers become tokens at once.
    fn batch(&self, flows: &[(Flow, Ends)], into: &mut Sealed) {
        let mut ends = Vec::with_capacity(2 * flows.len());
        for (flow, which) in flows {
            let source = (flow.source.bits(), flow.source_port);
            let destination = (flow.destination.bits(), flow.destination_port);
            match which {
                Ends::Source => ends.push(source),
                Ends::Destination => ends.push(destination),
                Ends::Both => ends.extend([source, destination]),
                Ends::Neither => {}
            }
        }
        let mut subscribers = self.subscribers(&ends).into_iter();
        for (flow, ends) in flows {
            match ends {
                Ends::Source => into.talks.extend(
                    subscribers
                        .next()
                        .map(|source| self.talk(flow, Way::Forth, source, flow.destination)),
                ),
                Ends::Destination => into.talks.extend(
                    subscribers
                        .next()
                        .map(|destination| self.talk(flow, Way::Back, destination, flow.source)),
                ),
                Ends::Both => {
                    let both = subscribers.next().zip(subscribers.next());
                    let talk = both.map(|(source, destination)| {
                        if calls(flow) {
                            self.talk(flow, Way::Forth, source, destination.token)
                        } else {
                            self.talk(flow, Way::Back, destination, source.token)
                        }
                    });
                    into.among.extend(talk);
                }
                Ends::Neither => into.passing += 1,
            }
        }
    }

    /// Ends of flows, sealed, in their order.
    fn subscribers(&self, ends: &[(u128, u16)]) -> Vec<Subscriber> {
        let mut subscribers = Vec::with_capacity(ends.len());
        let mut has_v6 = false;
        let mut next = ends.iter();
        self.key.ends(ends, |token, mark| {
            let Some((address, port)) = next.next() else {
                return;
            };
            has_v6 |= !is_v4(*address);
            let is_shared = self.shares(Address::v6(*address));
            subscribers.push(Subscriber {
                token,
                household: 0,
                port: SealedPort::seal(*port, mark, is_service(*port), is_shared),
            });
        });
        if has_v6 {
            self.count_households(ends, &mut subscribers);
        }
        subscribers
    }

    fn count_households(&self, ends: &[(u128, u16)], subscribers: &mut [Subscriber]) {
        let of_v6 = || ends.iter().filter(|(address, _)| !is_v4(*address));
        let prefixes = of_v6().map(|(address, _)| address & !self.household_rest);
        let mut households = self.key.households(prefixes).into_iter();
        for (subscriber, (address, _)) in subscribers.iter_mut().zip(ends) {
            if !is_v4(*address) {
                subscriber.household = households.next().unwrap_or(0);
            }
        }
    }

    fn shares(&self, address: Address) -> bool {
        !self.shared.is_empty() && self.shared.contains(address)
    }

    fn talk<S>(&self, flow: &Flow, way: Way, subscriber: Subscriber, server: S) -> Talk<S> {
        Talk {
            server,
            server_port: match way {
                Way::Forth => flow.destination_port,
                Way::Back => flow.source_port,
            },
            subscriber: subscriber.token,
            household: subscriber.household,
            subscriber_port: subscriber.port,
            protocol: flow.protocol,
            flags: flow.flags,
            way,
            packets: flow.packets,
            bytes: flow.bytes,
            start_ms: flow.start_ms.max(self.since_ms),
            end_ms: flow.end_ms.max(self.since_ms),
            sampling: match flow.sampling {
                0 => self.sampling,
                told => told,
            },
            ending: flow.ending,
            opened: match (flow.opener, way) {
                (Opener::Unsaid, _) => Opened::Unsaid,
                (Opener::Source, Way::Forth) | (Opener::Destination, Way::Back) => Opened::Inside,
                (Opener::Source, Way::Back) | (Opener::Destination, Way::Forth) => Opened::Outside,
            },
        }
    }
}

/// Whether the source of a flow among subscribers is the client: it is told to have opened it, or
/// knocked and went no further; else the server has the lower port.
fn calls(flow: &Flow) -> bool {
    match flow.opener {
        Opener::Source => true,
        Opener::Destination => false,
        Opener::Unsaid if flow.protocol == TCP && flow.flags & (SYN | ACK) == SYN => true,
        Opener::Unsaid => flow.destination_port <= flow.source_port,
    }
}

/// One end of a flow, sealed.
struct Subscriber {
    token: SubscriberToken,
    household: u64,
    port: SealedPort,
}

/// Whether a server may stand on a port: of a usual service, or one that is searched for.
fn is_service(port: u16) -> bool {
    is_usual(port) || is_searched(port)
}

/// Whether an address is inside: in the prefixes of subscribers, or of no network between networks
/// (homes, carrier-grade translation, links). An IPv6 address that carries an IPv4 address of a
/// subscriber (RFC 3056, RFC 4380, RFC 6052) is inside with it.
#[inline]
pub fn is_inside(subscribers: &Prefixes, address: Address) -> bool {
    is_private(address)
        || subscribers.contains(address)
        || carried(address).is_some_and(|v4| is_private(v4) || subscribers.contains(v4))
}

/// The IPv4 address that an IPv6 address carries.
fn carried(address: Address) -> Option<Address> {
    const SIX_TO_FOUR: u128 = 0x2002;
    const TEREDO: u128 = 0x2001_0000;
    const TRANSLATED: u128 = 0x0064_ff9b << 64;
    let bits = address.bits();
    let v4 = |bits: u128| u32::try_from(bits & u128::from(u32::MAX)).ok();
    let carried = if is_v4(bits) {
        None
    } else if bits >> 112 == SIX_TO_FOUR {
        v4(bits >> 80)
    } else if bits >> 96 == TEREDO {
        v4(!bits)
    } else if bits >> 32 == TRANSLATED {
        v4(bits)
    } else {
        None
    };
    carried.map(Address::v4)
}

fn is_v4(bits: u128) -> bool {
    bits >> 32 == 0xffff
}

/// The bits behind a prefix of that length.
fn rest(bits: u8) -> u128 {
    u128::MAX.checked_shr(u32::from(bits)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
