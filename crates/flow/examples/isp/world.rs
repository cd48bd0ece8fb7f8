//! Where everything stands: an address tells the class of its server and who hosts it, so that no
//! table of a million servers is needed to know what a finding is about.

use anyhow::Result;
use flow::knowledge::{Knowledge, Network};

use crate::draw::{Draw, short, spread, unit_of};

/// When the day begins, milliseconds of Unix time.
pub(crate) const START_MS: i64 = 1_800_000_000_000;
pub(crate) const HOUR_MS: i64 = 3_600_000;

/// What subscribers have; nobody else is in it.
pub(crate) const SUBSCRIBERS: &str = "10.0.0.0/8";

/// Classes that are no pollers; those have the numbers from [`POLLERS`] on.
pub(crate) const WEB: u8 = 20;
pub(crate) const RESOLVER: u8 = 21;
pub(crate) const GAME: u8 = 22;
pub(crate) const PEER: u8 = 23;
pub(crate) const SEARCHED: u8 = 24;
pub(crate) const SEARCHER: u8 = 25;
pub(crate) const POLLERS: u8 = 40;
pub(crate) const COMMAND: u8 = 200;

/// Who hosts a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hosting {
    Own = 0,
    Cloud = 1,
    Delivery = 2,
    Vendor = 3,
}

impl Hosting {
    const ALL: [Self; 4] = [Self::Own, Self::Cloud, Self::Delivery, Self::Vendor];

    /// One of the four by their weights.
    pub(crate) fn drawn(draw: &mut Draw, weights: [f64; 4]) -> Self {
        let mut left = draw.unit() * weights.iter().sum::<f64>();
        for (hosting, weight) in Self::ALL.into_iter().zip(weights) {
            left -= weight;
            if left <= 0.0 {
                return hosting;
            }
        }
        Self::Own
    }
}

/// Address of server `index` of a class.
pub(crate) fn address(class: u8, hosting: Hosting, index: u32) -> u32 {
    u32::from(class) << 24 | (hosting as u32) << 22 | (index & 0x3f_ffff)
}

/// Class and index of an address.
pub(crate) fn class_of(address: std::net::IpAddr) -> (u8, u32) {
    match address {
        std::net::IpAddr::V4(address) => {
            let bits = address.to_bits();
            (address.octets()[0], bits & 0x3f_ffff)
        }
        std::net::IpAddr::V6(_) => (0, 0),
    }
}

/// Address of subscriber `number`.
pub(crate) fn subscriber(number: u32) -> u32 {
    10 << 24 | (number & 0xff_ffff)
}

/// What the carrier knows: the lists of networks that anybody can have. `classes` are those that are
/// on the list of public services, by half or whole.
pub(crate) fn knowledge(listed: &[(u8, u8)]) -> Result<Knowledge> {
    let now_ms = START_MS + 24 * HOUR_MS;
    let mut knowledge = Knowledge::new(now_ms);
    let of = |bits: &str| -> Vec<String> {
        (WEB..=COMMAND)
            .map(|class| format!("{class}.{bits}"))
            .collect()
    };
    let kinds = [
        (Network::Cloud, of("64.0.0/10")),
        (Network::Delivery, of("128.0.0/10")),
        (Network::Vendor, of("192.0.0/10")),
    ];
    for (kind, prefixes) in kinds {
        knowledge.network(kind, prefixes.iter().map(String::as_str))?;
    }
    let listed: Vec<String> = listed
        .iter()
        .map(|(class, length)| format!("{class}.0.0.0/{length}"))
        .collect();
    knowledge.network(Network::PublicService, listed.iter().map(String::as_str))?;
    Ok(knowledge)
}

/// How busy people are, hour by hour from midnight; the mean is 1.
const BUSY: [f64; 24] = [
    0.75, 0.45, 0.28, 0.2, 0.18, 0.25, 0.5, 0.85, 1.0, 1.0, 1.0, 1.05, 1.25, 1.1, 1.0, 1.0, 1.05,
    1.2, 1.4, 1.6, 1.8, 1.9, 1.75, 1.24,
];

/// How busy people are in an hour from the beginning on.
pub(crate) fn busy(hour: u32) -> f64 {
    let place = usize::try_from(hour % 24).unwrap_or(0);
    BUSY.get(place).copied().unwrap_or(1.0)
}

/// Whether a device that is switched off by night is on.
pub(crate) fn is_on(device: u64, at_ms: i64) -> bool {
    let u = unit_of(spread(device));
    let begins = 6.0 + 4.0 * u;
    let ends = 20.0 + 4.0 * unit_of(spread(device ^ 0x55));
    let minutes = u32::try_from((at_ms - START_MS) / 60_000).unwrap_or(0) % 1_440;
    let hour = f64::from(minutes) / 60.0;
    hour >= begins && hour < ends
}

/// A subscriber, heavy users more often.
pub(crate) fn somebody(draw: &mut Draw, subscribers: u32) -> u32 {
    let rank = short(f64::from(subscribers) * draw.unit().powf(1.4));
    // The order is no order of addresses.
    spread_below(rank, subscribers)
}

/// `rank` at another place below `bound`; not one to one, which matters nowhere here.
pub(crate) fn spread_below(rank: u32, bound: u32) -> u32 {
    let mixed = spread(u64::from(rank) ^ 0x5eed_0000);
    u32::try_from((u128::from(mixed) * u128::from(bound)) >> 64).unwrap_or(0)
}

/// A port of a client.
pub(crate) fn client_port(draw: &mut Draw) -> u16 {
    let port = 32_768 + draw.below(28_000);
    u16::try_from(port).unwrap_or(40_000)
}
