//! What people do: they browse, play, share files; and who searches the network for open doors.

use crate::draw::{Draw, millis, ratio, short, spread, unit_of, whole};
use crate::router::{Kind, Router, Shape, Talk};
use crate::world::{
    self, GAME, HOUR_MS, Hosting, PEER, RESOLVER, SEARCHED, SEARCHER, START_MS, WEB, client_port,
};

/// Visits to a site that a subscriber makes in a day: a home with some devices.
const VISITS: f64 = 90.0;
/// Names that are asked for in a visit.
const NAMES: f64 = 2.5;
/// Share of the visits that go to one of the sites that the subscriber always goes to.
const FAVORITE: f64 = 0.5;
const FAVORITES: u32 = 12;
/// Sessions of play in a day, over all subscribers.
const PLAYS: f64 = 0.25;
/// Share of the subscribers that share files, and peers that each calls in an hour.
const SHARING: f64 = 0.004;
const PEERS: f64 = 60.0;
const PEERS_ALL: u32 = 2_000_000;
/// Share of the subscribers with a device that searches for doors, and doors in an hour.
const SEARCHING: f64 = 0.000_5;
const DOORS: f64 = 600.0;
/// Packets in an hour by which a subscriber is searched from outside.
const SEARCHED_BY: f64 = 12.0;

/// Everything that no program does by itself.
pub(crate) struct People {
    pub(crate) subscribers: u32,
    pub(crate) servers: u32,
    draw: Draw,
}

impl People {
    pub(crate) fn new(subscribers: u32, servers: u32, seed: u64) -> Self {
        Self {
            subscribers,
            servers,
            draw: Draw::new(seed, 0x9e0_91e),
        }
    }

    /// What they do in an hour from the beginning on.
    pub(crate) fn hour(&mut self, hour: u32, router: &mut Router) {
        let all = f64::from(self.subscribers);
        let busy = world::busy(hour);
        let begins = START_MS + i64::from(hour) * HOUR_MS;
        for _ in 0..self.draw.poisson(all * VISITS / 24.0 * busy) {
            self.visit(begins, router);
        }
        self.names(all * VISITS * NAMES / 24.0 * busy, begins, router);
        for _ in 0..self.draw.poisson(all * PLAYS / 24.0 * busy) {
            self.play(begins, router);
        }
        for sharer in 0..short(all * SHARING) {
            for _ in 0..self.draw.poisson(PEERS) {
                self.share(sharer, begins, router);
            }
        }
        for searcher in 0..short((all * SEARCHING).ceil()) {
            self.search(searcher, begins, router);
        }
        self.searched(all * SEARCHED_BY, begins, router);
    }

    fn some_moment(&mut self, begins: i64) -> i64 {
        begins + i64::from(self.draw.below(3_600_000))
    }

    /// One visit of a site: some connections, then perhaps more while somebody reads on.
    fn visit(&mut self, begins: i64, router: &mut Router) {
        let client = world::somebody(&mut self.draw, self.subscribers);
        let rank = if self.draw.happens(FAVORITE) {
            let favorite = u64::from(client) << 8 | u64::from(self.draw.below(FAVORITES));
            f64::from(self.servers).powf(unit_of(favorite))
        } else {
            f64::from(self.servers).powf(self.draw.unit())
        };
        let site = Site::of(short(rank));
        let mut when = self.some_moment(begins);
        let quick = site.hosting == Hosting::Delivery && self.draw.happens(0.4);
        loop {
            let connections = 1 + self.draw.poisson(2.0);
            for _ in 0..connections {
                let talk = self.connection(client, &site, quick, when);
                router.export(&talk);
                when += millis(self.draw.by_ratio(0.02, 2.0));
            }
            if self.draw.happens(0.45) {
                return;
            }
            when += millis(self.draw.log_normal(40.0, 1.2));
        }
    }

    fn connection(&mut self, client: u32, site: &Site, quick: bool, start_ms: i64) -> Talk {
        let back = match self.draw.below(20) {
            0..=10 => self.draw.log_normal(6_000.0, 0.8),
            11..=17 => self.draw.log_normal(45_000.0, 1.0),
            _ => self.draw.log_normal(800_000.0, 1.5),
        };
        let forth = self.draw.log_normal(1_500.0, 0.7) + back / 60.0;
        let packets = [
            5 + whole(forth / 500.0 + back / 2_800.0),
            4 + whole(back / 1_380.0),
        ];
        Talk {
            client: world::subscriber(client),
            client_port: client_port(&mut self.draw),
            server: site.address,
            server_port: site.port,
            kind: if quick { Kind::Datagrams } else { Kind::Whole },
            shape: Shape::Burst,
            start_ms,
            lasts_ms: millis(self.draw.by_ratio(0.1, 130.0)),
            octets: [
                whole(forth) + 52 * packets[0],
                whole(back) + 52 * packets[1],
            ],
            packets,
        }
    }

    /// Names that are asked for; each is a packet there and back.
    fn names(&mut self, mean: f64, begins: i64, router: &mut Router) {
        let seen = 1.0 - router.ln_unseen(2).exp();
        for _ in 0..self.draw.poisson(mean * seen) {
            let client = world::somebody(&mut self.draw, self.subscribers);
            let resolver = self.draw.below(8).min(self.draw.below(8));
            let start_ms = self.some_moment(begins);
            let talk = Talk {
                server: world::address(RESOLVER, Hosting::Own, resolver),
                server_port: 53,
                octets: [70, 140],
                packets: [1, 1],
                lasts_ms: 20,
                ..self.datagrams(client, start_ms)
            };
            router.export_seen(&talk);
        }
    }

    /// A session of play, on ports of no usual service.
    fn play(&mut self, begins: i64, router: &mut Router) {
        let client = world::somebody(&mut self.draw, self.subscribers);
        let server = short(400.0_f64.powf(self.draw.unit()) * 1.5);
        let start_ms = self.some_moment(begins);
        let seconds = self.draw.log_normal(1_500.0, 0.7).min(4.0 * 3_600.0);
        let port = 3_000 + spread(u64::from(server)) % 27_000;
        let tcp = server.is_multiple_of(5);
        let packets = [whole(seconds * 18.0), whole(seconds * 22.0)];
        let hosting = if server.is_multiple_of(2) {
            Hosting::Cloud
        } else {
            Hosting::Own
        };
        let talk = Talk {
            server: world::address(GAME, hosting, server),
            server_port: u16::try_from(port).unwrap_or(27_015),
            kind: if tcp { Kind::Whole } else { Kind::Datagrams },
            packets,
            octets: [packets[0] * 95, packets[1] * 160],
            lasts_ms: millis(seconds),
            ..self.datagrams(client, start_ms)
        };
        router.export(&talk);
    }

    /// A call to a peer: many of them are gone.
    fn share(&mut self, sharer: u32, begins: i64, router: &mut Router) {
        let client = world::spread_below(sharer ^ 0x5a5a, self.subscribers);
        let peer = short(f64::from(PEERS_ALL) * self.draw.unit().powi(2));
        let start_ms = self.some_moment(begins);
        let udp = self.draw.happens(0.6);
        let gone = self.draw.happens(0.4);
        let back = if gone {
            0.0
        } else {
            self.draw.log_normal(20_000.0, 2.2)
        };
        let packets = if gone {
            [if udp { 1 } else { 3 }, 0]
        } else {
            [4 + whole(back / 2_000.0), 3 + whole(back / 1_300.0)]
        };
        let talk = Talk {
            server: world::address(PEER, Hosting::Own, peer),
            server_port: u16::try_from(1_025 + spread(u64::from(peer)) % 64_000).unwrap_or(6_881),
            kind: match (udp, gone) {
                (true, _) => Kind::Datagrams,
                (false, true) => Kind::Tried,
                (false, false) => Kind::Whole,
            },
            packets,
            octets: [packets[0] * 120, whole(back) + 60 * packets[1]],
            lasts_ms: millis(self.draw.by_ratio(0.5, 600.0)),
            ..self.datagrams(client, start_ms)
        };
        router.export(&talk);
    }

    /// A device inside searches for others to infect, as those that are infected do.
    fn search(&mut self, searcher: u32, begins: i64, router: &mut Router) {
        let client = world::spread_below(searcher ^ 0x0a0a, self.subscribers);
        let seen = 1.0 - router.ln_unseen(1).exp();
        for _ in 0..self.draw.poisson(DOORS * seen) {
            let start_ms = self.some_moment(begins);
            let door = self.draw.below(0x3f_ffff);
            let port = if searcher.is_multiple_of(3) {
                2_323
            } else {
                23
            };
            let talk = Talk {
                server: world::address(SEARCHED, Hosting::Own, door),
                server_port: port,
                kind: Kind::Tried,
                packets: [1, 0],
                octets: [40, 0],
                lasts_ms: 0,
                ..self.datagrams(client, start_ms)
            };
            router.export_seen(&talk);
        }
    }

    /// Somebody outside searches for doors of subscribers.
    fn searched(&mut self, mean: f64, begins: i64, router: &mut Router) {
        const PORTS: [u16; 8] = [22, 23, 80, 445, 3_389, 5_555, 8_080, 37_215];
        let seen = 1.0 - router.ln_unseen(1).exp();
        for _ in 0..self.draw.poisson(mean * seen) {
            let client = self.draw.below(self.subscribers);
            let searcher = short(800.0_f64.powf(self.draw.unit()));
            let start_ms = self.some_moment(begins);
            let place = usize::try_from(self.draw.below(8)).unwrap_or(0);
            let door = PORTS.get(place).copied().unwrap_or(23);
            let source = 40_000 + spread(u64::from(searcher)) % 8;
            let talk = Talk {
                server: world::address(SEARCHER, Hosting::Own, searcher),
                server_port: u16::try_from(source).unwrap_or(40_000),
                client_port: door,
                kind: Kind::Tried,
                packets: [0, 1],
                octets: [0, 40],
                lasts_ms: 0,
                ..self.datagrams(client, start_ms)
            };
            router.export_seen(&talk);
        }
    }

    fn datagrams(&mut self, client: u32, start_ms: i64) -> Talk {
        Talk {
            client: world::subscriber(client),
            client_port: client_port(&mut self.draw),
            server: 0,
            server_port: 0,
            kind: Kind::Datagrams,
            shape: Shape::Along,
            start_ms,
            lasts_ms: 0,
            packets: [0, 0],
            octets: [0, 0],
        }
    }
}

/// A site that people visit.
struct Site {
    address: u32,
    port: u16,
    hosting: Hosting,
}

impl Site {
    /// The site of a rank, 1 the most visited.
    fn of(rank: u32) -> Self {
        let mut draw = Draw::new(u64::from(rank), 0x517e);
        let top = 1.0 - (ratio(u64::from(rank)).ln() / 7.0).min(1.0);
        let hosting = Hosting::drawn(
            &mut draw,
            [0.6 - 0.5 * top, 0.28, 0.12 + 0.4 * top, 0.02 + 0.1 * top],
        );
        let port = match draw.below(100) {
            0..=84 => 443,
            85..=96 => 80,
            97 => 8_080,
            98 => 8_443,
            _ => u16::try_from(8_000 + draw.below(100)).unwrap_or(8_000),
        };
        Self {
            address: world::address(WEB, hosting, rank),
            port,
            hosting,
        }
    }
}
