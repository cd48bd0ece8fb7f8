//! The seal: the subscriber's side of a flow becomes a token before anything else sees the flow.
//!
//! Which end is the subscriber is decided by the carrier's prefixes. Flows between two subscribers,
//! and so every server on a subscriber's line, go to a column of their own: an address of a subscriber
//! leaves the carrier in no case, and its own desk looks at these alone.

use seal::subscriber::{HorizonKey, SubscriberToken};

use crate::column::{Address, Columns, Ending, Flow, Opener};
use crate::prefix::Prefixes;
use crate::service::is_private;

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
    /// The subscriber.
    pub subscriber: SubscriberToken,
    /// Port of the subscriber's end.
    pub subscriber_port: u16,
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
}

/// How it is told who is a subscriber.
enum Inside {
    /// By their prefixes.
    Prefixes(Prefixes),
    /// It is assumed: see [`Sealer::assuming`].
    Assumed,
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
        Ok(Self {
            inside: Inside::Prefixes(subscribers),
            key,
        })
    }

    /// A sealer for looking at a file whose subscribers are not told, in memory only. It assumes that
    /// private addresses are inside, and among public ones whoever opened the talk; where nobody says
    /// who opened it, the end with the higher port. Talks between private addresses are among
    /// subscribers.
    pub fn assuming(key: HorizonKey) -> Self {
        Self {
            inside: Inside::Assumed,
            key,
        }
    }

    fn ends(&self, flow: &Flow) -> Ends {
        let told = match &self.inside {
            Inside::Prefixes(subscribers) => {
                let inside = |address| subscribers.contains(address);
                (inside(flow.source), inside(flow.destination))
            }
            Inside::Assumed => match (is_private(flow.source), is_private(flow.destination)) {
                (false, false) => {
                    let source = match flow.opener {
                        Opener::Source => true,
                        Opener::Destination => false,
                        Opener::Unsaid => flow.source_port >= flow.destination_port,
                    };
                    (source, !source)
                }
                private => private,
            },
        };
        match told {
            (true, false) => Ends::Source,
            (false, true) => Ends::Destination,
            (true, true) => Ends::Both,
            (false, false) => Ends::Neither,
        }
    }

    /// Takes every flow out of `flows` and adds it to `into`, sealed.
    pub fn seal(&self, flows: &mut Columns, into: &mut Sealed) {
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
        let mut addresses = Vec::with_capacity(2 * flows.len());
        for (flow, ends) in flows {
            match ends {
                Ends::Source => addresses.push(flow.source.bits()),
                Ends::Destination => addresses.push(flow.destination.bits()),
                Ends::Both => addresses.extend([flow.source.bits(), flow.destination.bits()]),
                Ends::Neither => {}
            }
        }
        let mut tokens = self.key.tokens(&addresses).into_iter();
        for (flow, ends) in flows {
            match ends {
                Ends::Source => into.talks.extend(
                    tokens
                        .next()
                        .map(|source| talk(flow, Way::Forth, source, flow.destination)),
                ),
                Ends::Destination => into.talks.extend(
                    tokens
                        .next()
                        .map(|destination| talk(flow, Way::Back, destination, flow.source)),
                ),
                Ends::Both => {
                    let both = tokens.next().zip(tokens.next());
                    let talk = both.map(|(source, destination)| {
                        if flow.destination_port <= flow.source_port {
                            talk(flow, Way::Forth, source, destination)
                        } else {
                            talk(flow, Way::Back, destination, source)
                        }
                    });
                    into.among.extend(talk);
                }
                Ends::Neither => into.passing += 1,
            }
        }
    }
}

fn talk<S>(flow: &Flow, way: Way, subscriber: SubscriberToken, server: S) -> Talk<S> {
    let (server_port, subscriber_port) = match way {
        Way::Forth => (flow.destination_port, flow.source_port),
        Way::Back => (flow.source_port, flow.destination_port),
    };
    Talk {
        server,
        server_port,
        subscriber,
        subscriber_port,
        protocol: flow.protocol,
        flags: flow.flags,
        way,
        packets: flow.packets,
        bytes: flow.bytes,
        start_ms: flow.start_ms,
        end_ms: flow.end_ms,
        sampling: flow.sampling,
        ending: flow.ending,
        opened: match (flow.opener, way) {
            (Opener::Unsaid, _) => Opened::Unsaid,
            (Opener::Source, Way::Forth) | (Opener::Destination, Way::Back) => Opened::Inside,
            (Opener::Source, Way::Back) | (Opener::Destination, Way::Forth) => Opened::Outside,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBSCRIBER: Address = Address::v4(0xc633_6407);
    const NEIGHBOR: Address = Address::v4(0xc633_6408);
    const SERVER: Address = Address::v4(0xcb00_7109);

    fn sealer() -> Sealer {
        let prefixes = Prefixes::parse(["198.51.100.0/24"]).unwrap();
        Sealer::new(prefixes, HorizonKey::from_bytes([9; 16])).unwrap()
    }

    fn flow(
        source: Address,
        source_port: u16,
        destination: Address,
        destination_port: u16,
    ) -> Flow {
        Flow {
            source,
            destination,
            source_port,
            destination_port,
            protocol: 6,
            flags: 0x1b,
            packets: 7,
            bytes: 700,
            start_ms: 1_800_000_000_000,
            end_ms: 1_800_000_001_000,
            sampling: 1,
            ending: Ending::Ended,
            opener: Opener::Unsaid,
        }
    }

    fn sealed(flows: &[Flow]) -> Sealed {
        let (mut columns, mut sealed) = (Columns::default(), Sealed::default());
        for flow in flows {
            columns.push(*flow);
        }
        sealer().seal(&mut columns, &mut sealed);
        assert!(columns.is_empty());
        sealed
    }

    #[test]
    fn both_ways_of_a_talk_are_of_one_subscriber_and_one_server() {
        let sealed = sealed(&[
            flow(SUBSCRIBER, 50_000, SERVER, 443),
            flow(SERVER, 443, SUBSCRIBER, 50_000),
        ]);
        let [forth, back] = sealed.talks[..] else {
            panic!("{}", sealed.talks.len())
        };
        assert_eq!((forth.way, back.way), (Way::Forth, Way::Back));
        assert_eq!(forth.subscriber, back.subscriber);
        assert!(forth.server == SERVER && back.server == SERVER);
        assert_eq!((forth.server_port, back.server_port), (443, 443));
    }

    #[test]
    fn between_subscribers_no_address_is_left() {
        let sealed = sealed(&[
            flow(SUBSCRIBER, 50_000, NEIGHBOR, 8_080),
            flow(NEIGHBOR, 8_080, SUBSCRIBER, 50_000),
        ]);
        assert!(sealed.talks.is_empty());
        let [forth, back] = sealed.among[..] else {
            panic!("{}", sealed.among.len())
        };
        assert_eq!((forth.server, forth.server_port), (back.server, 8_080));
        assert_eq!(forth.subscriber, back.subscriber);
        assert_ne!(forth.server, forth.subscriber);
    }

    #[test]
    fn what_passes_by_is_counted_and_not_kept() {
        let sealed = sealed(&[flow(SERVER, 1, Address::v4(0xc000_0201), 2)]);
        assert_eq!(
            (sealed.talks.len(), sealed.among.len(), sealed.passing),
            (0, 0, 1)
        );
    }

    #[test]
    fn without_prefixes_nothing_is_sealed_and_so_nothing_begins() {
        let none = Sealer::new(Prefixes::default(), HorizonKey::from_bytes([9; 16]));
        assert_eq!(none.err(), Some(NoSubscribers));
    }
}
