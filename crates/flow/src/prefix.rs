//! Prefixes of addresses: which ends of a flow are subscribers.

use std::net::IpAddr;

use crate::column::Address;

/// Prefixes that a set may have.
pub const PREFIXES_MAX: usize = 100_000;

/// Why a prefix was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrefixError {
    /// It is no address with a length.
    #[error("`{0}` is no prefix; write it like 198.51.100.0/24 or 2001:db8::/32")]
    Form(String),
    /// Bits are set behind its length: somebody meant another prefix, or one address.
    #[error("`{0}` has bits behind its length; the prefix is {1}/{2}")]
    Bits(String, IpAddr, u8),
    /// There are more than [`PREFIXES_MAX`].
    #[error("more than {PREFIXES_MAX} prefixes")]
    Many,
}

/// A set of prefixes, as ranges that neither overlap nor touch.
#[derive(Clone, Default)]
pub struct Prefixes {
    ranges: Vec<(Address, Address)>,
}

impl Prefixes {
    /// Reads prefixes, one or several separated by commas or white space in each text.
    ///
    /// # Errors
    /// [`PrefixError`] of the first that cannot be taken.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, PrefixError> {
        let mut ranges = Vec::new();
        let parts = texts
            .into_iter()
            .flat_map(|text| text.split(|letter: char| letter == ',' || letter.is_whitespace()))
            .filter(|part| !part.is_empty());
        for part in parts {
            if ranges.len() == PREFIXES_MAX {
                return Err(PrefixError::Many);
            }
            ranges.push(range(part)?);
        }
        ranges.sort_unstable();
        let mut joined: Vec<(Address, Address)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some((_, end)) if first.bits() <= end.bits().saturating_add(1) => {
                    *end = (*end).max(last);
                }
                _ => joined.push((first, last)),
            }
        }
        Ok(Self { ranges: joined })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// First and last address of each range, in order; ranges neither overlap nor touch.
    pub fn ranges(&self) -> impl Iterator<Item = (Address, Address)> {
        self.ranges.iter().copied()
    }

    /// Whether `address` is in one of them.
    #[inline]
    pub fn contains(&self, address: Address) -> bool {
        let behind = self.ranges.partition_point(|(first, _)| *first <= address);
        behind
            .checked_sub(1)
            .and_then(|place| self.ranges.get(place))
            .is_some_and(|(_, last)| address <= *last)
    }
}

/// First and last address of a prefix; an address alone is the prefix of itself.
fn range(text: &str) -> Result<(Address, Address), PrefixError> {
    let form = || PrefixError::Form(text.chars().take(64).collect());
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length.parse::<u8>().map_err(|_| form())?)),
        None => (text, None),
    };
    let (first, bits) = match address.parse().map_err(|_| form())? {
        IpAddr::V4(address) => (Address::v4(address.to_bits()), 32),
        IpAddr::V6(address) => (Address::v6(address.to_bits()), 128),
    };
    let length = length.unwrap_or(bits);
    let free = bits.checked_sub(length).ok_or_else(form)?;
    let rest = u128::MAX.checked_shr(128 - u32::from(free)).unwrap_or(0);
    if first.bits() & rest != 0 {
        let meant = Address::v6(first.bits() & !rest).ip();
        return Err(PrefixError::Bits(text.to_owned(), meant, length));
    }
    Ok((first, Address::v6(first.bits() | rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        match text.parse().unwrap() {
            IpAddr::V4(address) => Address::v4(address.to_bits()),
            IpAddr::V6(address) => Address::v6(address.to_bits()),
        }
    }

    #[test]
    fn both_ends_of_a_prefix_are_in_it_and_their_neighbors_are_not() {
        let set = Prefixes::parse(["198.51.100.0/25, 2001:db8::/33", "203.0.113.7"]).unwrap();
        for (text, is_in) in [
            ("198.51.99.255", false),
            ("198.51.100.0", true),
            ("198.51.100.127", true),
            ("198.51.100.128", false),
            ("203.0.113.7", true),
            ("203.0.113.8", false),
            ("2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", true),
            ("2001:db8:8000::", false),
        ] {
            assert_eq!(set.contains(address(text)), is_in, "{text}");
        }
    }

    #[test]
    fn everything_and_nothing_are_sets_too() {
        let all = Prefixes::parse(["::/0"]).unwrap();
        assert!(all.contains(address("192.0.2.1")) && all.contains(address("2001:db8::1")));
        let all_of_v4 = Prefixes::parse(["0.0.0.0/0"]).unwrap();
        assert!(all_of_v4.contains(address("255.255.255.255")));
        assert!(!all_of_v4.contains(address("2001:db8::1")));
        let none = Prefixes::parse([""]).unwrap();
        assert!(none.is_empty() && !none.contains(address("192.0.2.1")));
    }

    #[test]
    fn overlapping_and_touching_prefixes_are_one_range() {
        let set = Prefixes::parse(["10.0.0.0/9 10.128.0.0/9 10.1.0.0/16"]).unwrap();
        assert_eq!(set.ranges.len(), 1);
        assert!(set.contains(address("10.255.255.255")));
    }

    #[test]
    fn a_wrong_prefix_is_named() {
        for text in [
            "10.0.0.0/33",
            "10.0.0/8",
            "host",
            "10.0.0.0/x",
            "2001:db8::/129",
        ] {
            let read = Prefixes::parse([text]).err().unwrap();
            assert_eq!(read, PrefixError::Form(text.to_owned()));
        }
        let read = Prefixes::parse(["192.0.2.1/24"]).err().unwrap();
        let meant = "192.0.2.0".parse().unwrap();
        assert_eq!(
            read,
            PrefixError::Bits("192.0.2.1/24".to_owned(), meant, 24)
        );
    }
}
