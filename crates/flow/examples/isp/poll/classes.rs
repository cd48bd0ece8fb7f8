//! The classes of programs that poll, with what is assumed of each. The numbers are assumptions, from
//! what is generally known of these services, and are measured nowhere.

use crate::router::{Kind, Shape};

/// A class of servers that programs poll. Pairs are the least and the most, by ratio.
pub(crate) struct Class {
    pub(crate) name: &'static str,
    /// Servers, of 200,000 in all.
    pub(crate) servers: f64,
    /// Clients of one, of a million subscribers.
    pub(crate) clients: [f64; 2],
    /// Seconds between polls: one for all clients of a server.
    pub(crate) period: [f64; 2],
    /// Standard deviation of the period, in periods.
    pub(crate) jitter: [f64; 2],
    /// Ports, one for each server; 0 is one of no usual service.
    pub(crate) ports: &'static [u16],
    pub(crate) kind: Kind,
    pub(crate) shape: Shape,
    /// Packets there and back.
    pub(crate) packets: [[f64; 2]; 2],
    /// Octets of a packet, there and back.
    pub(crate) octets: [[f64; 2]; 2],
    /// Spread of the sizes of one server: sigma of a log-normal.
    pub(crate) sizes_spread: f64,
    /// Seconds that a poll lasts.
    pub(crate) lasts: [f64; 2],
    /// Weights of own hosting, clouds, delivery networks and vendors' networks.
    pub(crate) hosting: [f64; 4],
    /// Share of the clients that are on by night.
    pub(crate) always_on: f64,
    /// Share of the servers whose clients all call at the full period.
    pub(crate) together: f64,
}

/// TLS on its own port, some packets: what the others differ from.
const TLS: Class = Class {
    name: "telemetry-own",
    servers: 1_000.0,
    clients: [1.0, 3_000.0],
    period: [60.0, 3_600.0],
    jitter: [0.002, 0.1],
    ports: &[443],
    kind: Kind::Whole,
    shape: Shape::Burst,
    packets: [[8.0, 16.0], [7.0, 14.0]],
    octets: [[90.0, 300.0], [250.0, 600.0]],
    sizes_spread: 0.1,
    lasts: [0.2, 10.0],
    hosting: [1.0, 0.0, 0.0, 0.0],
    always_on: 0.5,
    together: 0.0,
};

/// A session that is held open: what is seen of it is its keep-alives.
const HELD: Class = Class {
    name: "push",
    servers: 200.0,
    clients: [300.0, 60_000.0],
    period: [600.0, 1_800.0],
    jitter: [0.01, 0.3],
    ports: &[5_223, 5_228, 443],
    kind: Kind::Amid,
    shape: Shape::Burst,
    packets: [[2.0, 4.0], [1.0, 4.0]],
    octets: [[60.0, 140.0], [60.0, 140.0]],
    sizes_spread: 0.0,
    lasts: [0.1, 0.5],
    hosting: [0.0, 0.3, 0.0, 0.7],
    always_on: 0.8,
    together: 0.0,
};

/// All classes.
pub(crate) const CLASSES: &[Class] = &[
    TLS,
    HELD,
    Class {
        name: "telemetry-cloud",
        servers: 1_500.0,
        clients: [1.0, 20_000.0],
        hosting: [0.0, 0.7, 0.1, 0.2],
        ..TLS
    },
    Class {
        name: "telemetry-http",
        servers: 200.0,
        ports: &[80],
        packets: [[5.0, 8.0], [4.0, 7.0]],
        octets: [[70.0, 150.0], [70.0, 250.0]],
        ..TLS
    },
    Class {
        name: "telemetry-odd",
        servers: 150.0,
        clients: [1.0, 2_000.0],
        period: [30.0, 1_800.0],
        ports: &[0],
        packets: [[5.0, 14.0], [4.0, 12.0]],
        octets: [[60.0, 250.0], [60.0, 300.0]],
        hosting: [0.6, 0.4, 0.0, 0.0],
        always_on: 0.8,
        ..TLS
    },
    Class {
        name: "update",
        servers: 400.0,
        clients: [5.0, 50_000.0],
        period: [3_600.0, 86_400.0],
        ports: &[443, 443, 80],
        packets: [[10.0, 60.0], [10.0, 120.0]],
        octets: [[80.0, 200.0], [400.0, 1_300.0]],
        sizes_spread: 0.5,
        hosting: [0.2, 0.3, 0.5, 0.0],
        together: 0.2,
        ..TLS
    },
    Class {
        name: "held-own",
        servers: 300.0,
        clients: [2.0, 3_000.0],
        period: [30.0, 600.0],
        ports: &[443],
        hosting: [0.6, 0.4, 0.0, 0.0],
        ..HELD
    },
    Class {
        name: "mqtt",
        servers: 300.0,
        clients: [2.0, 10_000.0],
        period: [30.0, 300.0],
        jitter: [0.001, 0.02],
        ports: &[8_883, 8_883, 1_883],
        hosting: [0.4, 0.6, 0.0, 0.0],
        always_on: 1.0,
        ..HELD
    },
    Class {
        name: "remote-help",
        servers: 60.0,
        clients: [5.0, 20_000.0],
        period: [20.0, 60.0],
        ports: &[5_938, 6_568, 7_070, 21_116],
        hosting: [0.7, 0.3, 0.0, 0.0],
        always_on: 0.3,
        ..HELD
    },
    Class {
        name: "ntp",
        servers: 300.0,
        clients: [20.0, 30_000.0],
        period: [64.0, 2_048.0],
        ports: &[123],
        kind: Kind::Datagrams,
        packets: [[1.0, 1.0], [1.0, 1.0]],
        octets: [[76.0, 76.0], [76.0, 76.0]],
        hosting: [1.0, 0.0, 0.0, 0.0],
        always_on: 0.8,
        ..HELD
    },
    Class {
        name: "sip",
        servers: 100.0,
        clients: [5.0, 5_000.0],
        period: [60.0, 600.0],
        jitter: [0.01, 0.1],
        ports: &[5_060],
        kind: Kind::Datagrams,
        octets: [[450.0, 700.0], [400.0, 600.0]],
        hosting: [1.0, 0.0, 0.0, 0.0],
        always_on: 1.0,
        ..HELD
    },
    Class {
        name: "camera-relay",
        servers: 100.0,
        clients: [10.0, 5_000.0],
        period: [20.0, 60.0],
        ports: &[0, 32_100, 10_240],
        kind: Kind::Datagrams,
        octets: [[50.0, 120.0], [50.0, 120.0]],
        hosting: [0.5, 0.5, 0.0, 0.0],
        always_on: 1.0,
        ..HELD
    },
    Class {
        name: "vpn",
        servers: 500.0,
        clients: [1.0, 40.0],
        period: [3_600.0, 3_600.0],
        jitter: [0.001, 0.002],
        ports: &[500, 1_194, 4_500, 51_820],
        kind: Kind::Datagrams,
        shape: Shape::Along,
        packets: [[150.0, 8_000.0], [150.0, 12_000.0]],
        octets: [[100.0, 400.0], [100.0, 900.0]],
        sizes_spread: 0.8,
        lasts: [3_599.0, 3_599.0],
        hosting: [0.8, 0.2, 0.0, 0.0],
        always_on: 0.4,
        ..HELD
    },
    Class {
        name: "mail",
        servers: 600.0,
        clients: [1.0, 600.0],
        period: [300.0, 1_800.0],
        ports: &[993, 993, 995, 143, 110],
        packets: [[10.0, 25.0], [9.0, 25.0]],
        octets: [[70.0, 130.0], [150.0, 500.0]],
        sizes_spread: 0.4,
        hosting: [0.7, 0.3, 0.0, 0.0],
        always_on: 0.6,
        ..TLS
    },
    Class {
        name: "monitoring",
        servers: 250.0,
        clients: [1.0, 3.0],
        period: [30.0, 300.0],
        jitter: [0.001, 0.01],
        ports: &[0, 0, 443, 22, 3_306, 5_432],
        packets: [[5.0, 10.0], [4.0, 10.0]],
        octets: [[55.0, 150.0], [55.0, 200.0]],
        sizes_spread: 0.0,
        lasts: [0.05, 1.0],
        hosting: [0.5, 0.5, 0.0, 0.0],
        always_on: 1.0,
        ..TLS
    },
    Class {
        name: "dead",
        servers: 300.0,
        clients: [1.0, 2_000.0],
        period: [60.0, 3_600.0],
        ports: &[443, 443, 80, 0],
        kind: Kind::Tried,
        shape: Shape::Along,
        packets: [[3.0, 3.0], [0.01, 0.01]],
        octets: [[52.0, 60.0], [52.0, 60.0]],
        sizes_spread: 0.0,
        lasts: [3.0, 3.1],
        hosting: [0.6, 0.4, 0.0, 0.0],
        ..TLS
    },
    Class {
        name: "address-check",
        servers: 30.0,
        clients: [50.0, 20_000.0],
        period: [300.0, 600.0],
        jitter: [0.001, 0.01],
        ports: &[80, 443],
        packets: [[5.0, 7.0], [4.0, 6.0]],
        octets: [[60.0, 110.0], [60.0, 140.0]],
        sizes_spread: 0.0,
        always_on: 1.0,
        ..TLS
    },
    Class {
        name: "mining-and-chat",
        servers: 60.0,
        clients: [1.0, 60.0],
        period: [3_600.0, 3_600.0],
        jitter: [0.001, 0.002],
        ports: &[3_333, 4_444, 14_444, 6_667, 6_697],
        kind: Kind::Amid,
        shape: Shape::Along,
        packets: [[120.0, 500.0], [120.0, 500.0]],
        octets: [[80.0, 200.0], [80.0, 250.0]],
        sizes_spread: 0.3,
        lasts: [3_599.0, 3_599.0],
        hosting: [0.7, 0.3, 0.0, 0.0],
        always_on: 0.7,
        ..TLS
    },
];
