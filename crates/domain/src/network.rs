//! Public networks that an operator says are its own, so that what is found there reaches it.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::text::fold;

/// Networks that one organization may name.
pub const NETWORKS_MAX: usize = 256;
/// Widest IPv4 network that one organization has, in leading bits.
const BITS_MIN_V4: u8 = 8;
/// Widest IPv6 network, in leading bits: the largest that a registry gave out.
const BITS_MIN_V6: u8 = 19;
/// IPv4 addresses that one organization has in all: one who named every network would hear of every server.
const ADDRESSES_MAX_V4: u128 = 1 << (32 - BITS_MIN_V4);
/// The same of IPv6.
const ADDRESSES_MAX_V6: u128 = 1 << (128 - BITS_MIN_V6);

/// A network, by its first address and its leading bits. Which are whose is for their owner and its relay.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// Why a text is no network of somebody's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// It cannot be read.
    #[error("this is no network; write it like 203.0.113.0/24 or 2001:db8::/32")]
    Unreadable,
    /// The address has bits behind the prefix.
    #[error("the address lies inside of the network; write its first address")]
    Inside,
    /// Addresses of no network between networks: private, shared, of a link, for many.
    #[error("these addresses are not public; name the addresses that others see")]
    NotPublic,
    /// Wider than any organization has.
    #[error(
        "this is wider than /{BITS_MIN_V4} (IPv6: /{BITS_MIN_V6}); name your own networks alone"
    )]
    Wide,
}

/// What is wrong with a list of networks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// These lines, from 1, are none.
    #[error("some lines are no networks")]
    Lines(Vec<(usize, NetworkError)>),
    /// There are too many.
    #[error("more than {NETWORKS_MAX} networks; put neighboring ones together")]
    Many,
    /// Together they are wider than any organization has.
    #[error(
        "together these are wider than /{BITS_MIN_V4} (IPv6: /{BITS_MIN_V6}); name your own networks alone"
    )]
    Wide,
}

/// Reads a list, a network on each line; what stands twice is one, and blank lines are passed over.
///
/// # Errors
/// [`ListError::Lines`] names every line that is none.
pub fn read_list(text: &str) -> Result<BTreeSet<Network>, ListError> {
    let (mut networks, mut wrong) = (BTreeSet::new(), Vec::new());
    let lines = text.lines().zip(1_usize..);
    for (line, number) in lines.filter(|(line, _)| !line.trim().is_empty()) {
        match line.parse() {
            Ok(network) => _ = networks.insert(network),
            Err(why) => wrong.push((number, why)),
        }
        if networks.len() + wrong.len() > NETWORKS_MAX {
            return Err(ListError::Many);
        }
    }
    if !wrong.is_empty() {
        return Err(ListError::Lines(wrong));
    }
    let all = |is_v4: bool| -> u128 {
        let of_kind = networks
            .iter()
            .filter(|one: &&Network| one.address.is_ipv4() == is_v4);
        of_kind.map(Network::count).sum()
    };
    if all(true) > ADDRESSES_MAX_V4 || all(false) > ADDRESSES_MAX_V6 {
        return Err(ListError::Wide);
    }
    Ok(networks)
}

/// An address as 16 octets that compare as addresses do, IPv4 as IPv6 spells it.
pub fn octets(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}

impl Network {
    /// How many addresses it has.
    fn count(&self) -> u128 {
        let (first, last) = self.ends();
        u128::from_be_bytes(last) - u128::from_be_bytes(first) + 1
    }

    /// The first and the last address, as [`octets`] spells them.
    pub fn ends(&self) -> ([u8; 16], [u8; 16]) {
        let rest = match self.address {
            IpAddr::V4(_) => 32 - self.bits,
            IpAddr::V6(_) => 128 - self.bits,
        };
        let first = u128::from_be_bytes(octets(self.address));
        (first.to_be_bytes(), (first | behind(rest)).to_be_bytes())
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Network(..)")
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.address, self.bits)
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    /// As people type it: in full width, with blanks, an address alone.
    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let plain: String = fold(text).split_whitespace().collect();
        let (address, bits) = match plain.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (plain.as_str(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Unreadable)?;
        let address = address.to_canonical();
        let (most, least) = match address {
            IpAddr::V4(_) => (32, BITS_MIN_V4),
            IpAddr::V6(_) => (128, BITS_MIN_V6),
        };
        let bits = bits.map_or(Ok(most), str::parse);
        let bits: u8 = bits.map_err(|_| NetworkError::Unreadable)?;
        if bits > most {
            return Err(NetworkError::Unreadable);
        }
        if bits < least {
            return Err(NetworkError::Wide);
        }
        if u128::from_be_bytes(octets(address)) & behind(most - bits) != 0 {
            return Err(NetworkError::Inside);
        }
        if is_public(address) {
            Ok(Self { address, bits })
        } else {
            Err(NetworkError::NotPublic)
        }
    }
}

/// The lowest `count` bits.
fn behind(count: u8) -> u128 {
    let above = 1_u128.checked_shl(u32::from(count));
    above.map_or(u128::MAX, |above| above - 1)
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            // 0.0.0.0/8 is of no network, and from 224.0.0.0 on nobody's.
            let is_unicast = (1..224).contains(&first);
            is_unicast && !is_shared && !address.is_private() && !is_of_here(address)
        }
        // What is given out: 2000::/3.
        IpAddr::V6(address) => is_given_out(address),
    }
}

fn is_of_here(address: Ipv4Addr) -> bool {
    address.is_loopback() || address.is_link_local()
}

fn is_given_out(address: Ipv6Addr) -> bool {
    let [first, ..] = address.octets();
    first & 0xe0 == 0x20
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, NetworkError> {
        text.parse::<Network>().map(|network| network.to_string())
    }

    #[test]
    fn networks_as_people_type_them() {
        for (text, expected) in [
            ("203.0.113.0/24", "203.0.113.0/24"),
            (" ２０３．０．１１３．０／２４ ", "203.0.113.0/24"),
            ("203.0.113.7", "203.0.113.7/32"),
            ("::ffff:203.0.113.0/24", "203.0.113.0/24"),
            ("2001:DB8::/32", "2001:db8::/32"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
        for (text, expected) in [
            ("北浜電力", NetworkError::Unreadable),
            ("203.0.113.0/33", NetworkError::Unreadable),
            ("203.0.113.0/", NetworkError::Unreadable),
            ("203.0.113.0/-1", NetworkError::Unreadable),
            ("203.0.113.9/24", NetworkError::Inside),
            ("10.0.0.0/8", NetworkError::NotPublic),
            ("100.64.0.0/10", NetworkError::NotPublic),
            ("127.0.0.1", NetworkError::NotPublic),
            ("239.0.0.0/8", NetworkError::NotPublic),
            ("fe80::/64", NetworkError::NotPublic),
            ("fc00::/19", NetworkError::NotPublic),
            ("0.0.0.0/0", NetworkError::Wide),
            ("2000::/3", NetworkError::Wide),
        ] {
            assert_eq!(read(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_ends_are_the_first_and_the_last_address() {
        let ends = |text: &str| text.parse::<Network>().unwrap().ends();
        let of = |text: &str| octets(text.parse().unwrap());
        for (network, first, last) in [
            ("203.0.113.0/24", "203.0.113.0", "203.0.113.255"),
            ("203.0.113.7", "203.0.113.7", "203.0.113.7"),
            (
                "2001:db8::/33",
                "2001:db8::",
                "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff",
            ),
        ] {
            assert_eq!(ends(network), (of(first), of(last)), "{network}");
        }
    }

    #[test]
    fn a_list_names_each_wrong_line_and_has_a_limit() {
        let read = read_list("203.0.113.0/24\n\n203.0.113.0/24\r\n2001:db8::/32\n").unwrap();
        assert_eq!(read.len(), 2);
        let wrong = read_list("\n10.0.0.0/8\n203.0.113.0/24\nx\n").unwrap_err();
        let lines = vec![(2, NetworkError::NotPublic), (4, NetworkError::Unreadable)];
        assert_eq!(wrong, ListError::Lines(lines));
        let many = |count: usize| {
            let lines = (0..count).map(|one| format!("203.0.{}.{}\n", one / 256, one % 256));
            read_list(&lines.collect::<String>()).map(|read| read.len())
        };
        assert_eq!(many(NETWORKS_MAX), Ok(NETWORKS_MAX));
        assert_eq!(many(NETWORKS_MAX + 1), Err(ListError::Many));
        // One /8, or as much in pieces, and not an address more.
        assert!(read_list("11.0.0.0/8\n2400::/19").is_ok());
        assert_eq!(read_list("11.0.0.0/8\n9.9.9.9"), Err(ListError::Wide));
        assert_eq!(read_list("2400::/19\n2a00::/48"), Err(ListError::Wide));
    }
}
