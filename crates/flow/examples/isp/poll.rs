//! Programs that call by themselves and are harmless: what detection must not take for bots.

mod classes;

use crate::draw::{Draw, millis, ratio, short, spread, unit_of, whole};
use crate::router::{Kind, Router, Shape, Talk};
use crate::world::{self, HOUR_MS, Hosting, POLLERS, START_MS, is_on};

pub(crate) use classes::{CLASSES, Class};

/// A server of a class: its clients run one program.
struct Server {
    address: u32,
    port: u16,
    kind: Kind,
    shape: Shape,
    period_ms: f64,
    jitter: f64,
    packets: [f64; 2],
    octets: [f64; 2],
    sizes_spread: f64,
    lasts_ms: f64,
    always_on: f64,
}

/// A device that polls a server.
struct Device {
    next_ms: i64,
    client: u32,
    server: u32,
    port: u16,
}

/// All of them.
pub(crate) struct Pollers {
    servers: Vec<Server>,
    devices: Vec<Device>,
    draw: Draw,
}

impl Pollers {
    /// Draws the servers of every class that is not left out, and who polls them.
    pub(crate) fn new(subscribers: u32, servers: u32, seed: u64, left_out: &[String]) -> Self {
        let mut pollers = Self {
            servers: Vec::new(),
            devices: Vec::new(),
            draw: Draw::new(seed, 0x9011),
        };
        for (number, class) in (POLLERS..).zip(CLASSES) {
            let out = |name: &String| name == class.name || name == "pollers";
            if left_out.iter().any(out) {
                continue;
            }
            let count = (class.servers * f64::from(servers) / 200_000.0).ceil();
            for index in 0..short(count) {
                pollers.server(number, class, index, subscribers);
            }
        }
        pollers
    }

    /// How many servers they poll, and devices that do.
    pub(crate) fn count(&self) -> (usize, usize) {
        (self.servers.len(), self.devices.len())
    }

    fn server(&mut self, number: u8, class: &Class, index: u32, subscribers: u32) {
        let draw = &mut self.draw;
        let hosting = Hosting::drawn(draw, class.hosting);
        let place = usize::try_from(draw.below(u32::try_from(class.ports.len()).unwrap_or(1)));
        let port = match class.ports.get(place.unwrap_or(0)) {
            Some(0) => u16::try_from(1_100 + draw.below(31_000)).unwrap_or(9_999),
            Some(port) => *port,
            None => 443,
        };
        let size = |draw: &mut Draw, of: [f64; 2]| draw.by_ratio(of[0], of[1]);
        let packets = [size(draw, class.packets[0]), size(draw, class.packets[1])];
        let octets = [
            packets[0] * size(draw, class.octets[0]),
            packets[1] * size(draw, class.octets[1]),
        ];
        let held = Server {
            address: world::address(number, hosting, index),
            port,
            kind: class.kind,
            shape: class.shape,
            period_ms: draw.by_ratio(class.period[0], class.period[1]) * 1_000.0,
            jitter: draw.by_ratio(class.jitter[0], class.jitter[1]),
            packets,
            octets,
            sizes_spread: class.sizes_spread,
            lasts_ms: draw.by_ratio(class.lasts[0], class.lasts[1]) * 1_000.0,
            always_on: class.always_on,
        };
        // Clients in proportion to the subscribers, but never so few that only popular ones are left.
        let scale = f64::from(subscribers) / 1e6;
        let most = (class.clients[1] * scale).max(class.clients[0] * 3.0);
        let clients = draw.by_ratio(class.clients[0], most);
        let period_ms = held.period_ms;
        let together = draw.happens(class.together);
        let server = u32::try_from(self.servers.len()).unwrap_or(0);
        self.servers.push(held);
        for _ in 0..whole(clients) + u64::from(self.draw.happens(clients.fract())) {
            let client = self.draw.below(subscribers);
            // Homes have several of a kind now and then.
            let devices = 1 + u32::from(self.draw.happens(0.12));
            for _ in 0..devices {
                let phase = if together {
                    self.draw.unit() * 2_000.0
                } else {
                    self.draw.unit() * period_ms
                };
                self.devices.push(Device {
                    next_ms: START_MS + millis(phase / 1_000.0),
                    client,
                    server,
                    port: world::client_port(&mut self.draw),
                });
            }
        }
    }

    /// What they do in an hour from the beginning on.
    pub(crate) fn hour(&mut self, hour: u32, router: &mut Router) {
        let ends = START_MS + i64::from(hour + 1) * HOUR_MS;
        let (draw, servers) = (&mut self.draw, &self.servers);
        for device in &mut self.devices {
            let Some(server) = usize::try_from(device.server)
                .ok()
                .and_then(|place| servers.get(place))
            else {
                continue;
            };
            let packets = whole(server.packets[0]) + whole(server.packets[1]);
            let ln_unseen = router.ln_unseen(packets.max(1));
            while device.next_ms < ends {
                let always = unit_of(spread(u64::from(device.client) ^ 0x0ff)) < server.always_on;
                if always || is_on(u64::from(device.client), device.next_ms) {
                    router.export_seen(&talk(draw, server, device));
                }
                // Polls of which no packet is sampled are stepped over at once.
                let steps = if router.sampling <= 1 {
                    1.0
                } else {
                    1.0 + ratio(draw.fails(ln_unseen))
                };
                let jitter = server.jitter * steps.sqrt() * draw.normal();
                let wait = server.period_ms * (steps + jitter).max(0.1);
                device.next_ms += millis(wait / 1_000.0).max(1);
            }
        }
    }
}

fn talk(draw: &mut Draw, server: &Server, device: &Device) -> Talk {
    let grown = if server.sizes_spread > 0.0 {
        draw.log_normal(1.0, server.sizes_spread)
    } else {
        1.0
    };
    let packets = server.packets.map(|packets| {
        let packets = if packets < 8.0 {
            packets
        } else {
            packets * grown
        };
        whole(packets).max(u64::from(packets > 0.5))
    });
    let [forth, back] = server.octets;
    Talk {
        client: world::subscriber(device.client),
        client_port: if server.kind == Kind::Amid || server.shape == Shape::Along {
            device.port
        } else {
            world::client_port(draw)
        },
        server: server.address,
        server_port: server.port,
        kind: server.kind,
        shape: server.shape,
        start_ms: device.next_ms,
        lasts_ms: millis(server.lasts_ms / 1_000.0),
        packets,
        octets: [
            whole(forth * grown).max(packets[0] * 40),
            whole(back * grown).max(packets[1] * 40),
        ],
    }
}
