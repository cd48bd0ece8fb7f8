//! Ports and addresses by what they are used for (IANA service names, RFC 6890 special addresses).

use crate::column::Address;

/// IP protocol number of TCP.
pub const TCP: u8 = 6;

/// IP protocol number of UDP.
pub const UDP: u8 = 17;

/// Ports of services that ordinary clients call, in the Internet or inside a network (directories,
/// files, printers, databases, telephones), sorted. Telnet and IRC are left out: nobody's
/// household calls them now, and devices that are infected do.
const USUAL: [u16; 65] = [
    20, 21, 22, 25, 43, 53, 67, 68, 80, 88, 110, 111, 123, 135, 137, 138, 139, 143, 161, 389, 443,
    445, 464, 465, 500, 514, 515, 548, 554, 587, 631, 636, 853, 873, 989, 990, 993, 995, 1_194,
    1_433, 1_521, 1_701, 1_719, 1_720, 1_723, 1_883, 1_935, 2_049, 3_268, 3_269, 3_306, 3_389,
    3_478, 4_500, 5_060, 5_222, 5_223, 5_228, 5_432, 5_985, 5_986, 8_080, 8_443, 8_883, 9_100,
];

/// Ports of TCP on which programs poll by nature: names, the directory and the files of an office, tunnels,
/// push, telemetry, calls, remote help.
const POLLING_TCP: [u16; 27] = [
    53, 88, 135, 139, 389, 445, 464, 636, 853, 1_194, 1_883, 3_268, 3_269, 3_478, 5_060, 5_222,
    5_223, 5_228, 5_938, 6_568, 7_070, 8_883, 21_115, 21_116, 21_117, 21_118, 21_119,
];

/// The same of UDP: names, clocks, sign-in, tunnels, calls, remote help.
const POLLING_UDP: [u16; 23] = [
    53, 67, 68, 88, 123, 137, 138, 161, 389, 464, 500, 514, 853, 1_194, 3_478, 4_500, 5_060, 5_353,
    5_938, 7_070, 19_302, 21_116, 51_820,
];

/// Ports that infected devices search for others to infect.
const SEARCHED: [u16; 15] = [
    22, 23, 445, 1_433, 2_323, 3_389, 5_555, 5_900, 7_547, 8_080, 8_081, 37_215, 52_869, 60_001,
    60_023,
];

/// Ports whose talk is TLS from its first octet.
const TLS: [u16; 8] = [443, 465, 636, 853, 990, 993, 995, 8_443];

/// Whether ordinary clients call this port.
pub fn is_usual(port: u16) -> bool {
    is_among(&USUAL_BITS, port)
}

/// A bit for each port of a list: every flow is asked about, and looking for a port takes longer than to
/// seal it.
static USUAL_BITS: [u64; 1_024] = bits(&USUAL);
static SEARCHED_BITS: [u64; 1_024] = bits(&SEARCHED);

fn is_among(bits: &[u64; 1_024], port: u16) -> bool {
    let word = bits.get(usize::from(port >> 6)).copied();
    word.unwrap_or(0) >> (port & 63) & 1 == 1
}

#[expect(
    clippy::indexing_slicing,
    reason = "made while compiling: the upper ten bits of a port are below 1,024"
)]
const fn bits(ports: &[u16]) -> [u64; 1_024] {
    let mut bits = [0; 1_024];
    let mut place = 0;
    while place < ports.len() {
        bits[(ports[place] >> 6) as usize] |= 1 << (ports[place] & 63);
        place += 1;
    }
    bits
}

/// Whether programs poll on this port of a protocol by nature.
pub fn is_polling(protocol: u8, port: u16) -> bool {
    match protocol {
        TCP => POLLING_TCP.binary_search(&port).is_ok(),
        UDP => POLLING_UDP.binary_search(&port).is_ok(),
        _ => false,
    }
}

/// Whether infected devices search for this port.
pub fn is_searched(port: u16) -> bool {
    is_among(&SEARCHED_BITS, port)
}

/// Whether talk on this port is TLS from its first octet.
pub fn is_tls(protocol: u8, port: u16) -> bool {
    protocol == TCP && TLS.binary_search(&port).is_ok()
}

/// Whether this is the plumbing of the network, on which every client calls: nothing is kept of its
/// pairs.
pub(crate) fn is_plumbing(protocol: u8, port: u16) -> bool {
    protocol == UDP && matches!(port, 53 | 67 | 68 | 123 | 137 | 138 | 1_900 | 5_353 | 5_355)
}

/// Whether an address is that of one host in the network, and no group, link or nothing, nor of a range
/// that nobody routes (IANA special-purpose registries).
pub(crate) fn is_single(address: Address) -> bool {
    match address.ip() {
        std::net::IpAddr::V4(v4) => {
            let [first, second, third, _] = v4.octets();
            !(v4.is_multicast()
                || v4.is_loopback()
                || v4.is_link_local()
                // This network; the IETF's own; class E with broadcast.
                || first == 0
                || (first, second, third) == (192, 0, 0)
                || first >= 240)
        }
        std::net::IpAddr::V6(v6) => {
            !(v6.is_multicast()
                || v6.is_loopback()
                || v6.is_unicast_link_local()
                || v6.is_unspecified()
                // Site-local of old, and discard-only.
                || v6.to_bits() >> 118 == 0x3fb
                || v6.to_bits() >> 64 == 0x0100 << 48)
        }
    }
}

/// Whether an address is one of a home, an enterprise, a carrier's own translation or a link, and of no
/// network between them (RFC 1918, RFC 3927, RFC 4193, RFC 4291, RFC 6598).
#[inline]
pub(crate) fn is_private(address: Address) -> bool {
    let bits = address.bits();
    if bits >> 32 == 0xffff {
        let v4 = bits & u128::from(u32::MAX);
        // 10/8, 172.16/12, 192.168/16, 169.254/16; 100.64/10 is behind carrier-grade translation.
        v4 >> 24 == 10
            || v4 >> 20 == 0xac1
            || v4 >> 16 == 0xc0a8
            || v4 >> 16 == 0xa9fe
            || v4 >> 22 == 0x191
    } else {
        // fc00::/7, fe80::/10.
        bits >> 121 == 0x7e || bits >> 118 == 0x3fa
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_say_what_they_say() {
        for list in [&USUAL[..], &POLLING_TCP, &POLLING_UDP, &SEARCHED, &TLS] {
            assert!(list.windows(2).all(|two| two[0] < two[1]), "{list:?}");
        }
        assert!(is_polling(UDP, 123) && !is_polling(TCP, 123) && !is_polling(TCP, 51_820));
        let listed: Vec<u16> = (0..=u16::MAX).filter(|port| is_usual(*port)).collect();
        assert_eq!(listed, USUAL);
        let listed: Vec<u16> = (0..=u16::MAX).filter(|port| is_searched(*port)).collect();
        assert_eq!(listed, SEARCHED);
        assert!(is_usual(443) && !is_usual(4_444) && !is_usual(23));
        assert!(is_tls(TCP, 443) && !is_tls(UDP, 443));
    }

    #[test]
    fn what_nobody_routes_is_no_host() {
        let of = |text: &str| Address::of(text.parse().unwrap());
        for text in [
            "0.1.2.3",
            "127.0.0.1",
            "192.0.0.8",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "fec0::1",
            "100::1",
            "ff02::1",
        ] {
            assert!(!is_single(of(text)), "{text}");
        }
        for text in [
            "1.1.1.1",
            "192.0.1.1",
            "203.0.113.9",
            "2001:db8::1",
            "100:0:0:1::1",
        ] {
            assert!(is_single(of(text)), "{text}");
        }
    }

    #[test]
    fn private_addresses_are_those_of_homes_and_of_carrier_grade_translation() {
        let v4 = |a: u32, b: u32| Address::v4(a << 24 | b << 16 | 1);
        assert!(is_private(v4(10, 0)) && is_private(v4(192, 168)) && is_private(v4(100, 127)));
        assert!(is_private(v4(172, 31)) && is_private(v4(169, 254)));
        for public in [v4(100, 128), v4(203, 0), v4(172, 32), v4(11, 0)] {
            assert!(!is_private(public));
        }
        let v6 = |first: u128| Address::v6(first << 112 | 7);
        assert!(is_private(v6(0xfc00)) && is_private(v6(0xfdff)) && is_private(v6(0xfebf)));
        assert!(!is_private(v6(0xfec0)) && !is_private(v6(0x2001)) && !is_private(v6(0)));
    }
}
