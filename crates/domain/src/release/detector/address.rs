//! Which addresses are used inside an organization only.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether `text` is an IPv4 address that is not routed publicly: RFC 1918, RFC 6598, RFC 3927.
/// A prefix length or port behind it is allowed.
pub(super) fn is_internal_v4(text: &str) -> bool {
    let address = text.split(['/', ':']).next().unwrap_or_default();
    let Ok(address) = address.parse::<Ipv4Addr>() else {
        return is_internal_prefix(address);
    };
    let [first, second, ..] = address.octets();
    address.is_private() || address.is_link_local() || (first == 100 && (64..128).contains(&second))
}

/// `10.1.x.x` and `192.168.10.*` tell as much as an address does.
fn is_internal_prefix(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let veiled = |part: &&str| matches!(*part, "x" | "xx" | "xxx" | "*");
    parts.len() == 4
        && parts.iter().any(veiled)
        && match parts.as_slice() {
            ["10", ..] | ["192", "168", ..] => true,
            ["172", second, ..] => second
                .parse()
                .is_ok_and(|part: u8| (16..32).contains(&part)),
            _ => false,
        }
}

/// Whether `text` is an IPv6 address of an organization's own: RFC 4193 (`fc00::/7`) or link-local.
pub(super) fn is_internal_v6(text: &str) -> bool {
    let address = text.split(['/', '%']).next().unwrap_or_default();
    address.parse::<Ipv6Addr>().is_ok_and(|address| {
        let first = address.segments()[0];
        first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
    })
}

/// Whether `text` is a MAC address: six pairs of hexadecimal digits.
pub(super) fn is_mac(text: &str) -> bool {
    let pairs: Vec<&str> = text.split([':', '-']).collect();
    pairs.len() == 6
        && pairs
            .iter()
            .all(|pair| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_and_outside() {
        for inside in [
            "10.0.0.1",
            "172.16.4.9/24",
            "192.168.1.10:8080",
            "100.64.0.1",
            "10.2.x.x",
        ] {
            assert!(is_internal_v4(inside), "{inside}");
        }
        for outside in [
            "198.51.100.7",
            "172.32.0.1",
            "8.8.8.8",
            "1.2.3",
            "10.2.3",
            "999.1.1.1",
        ] {
            assert!(!is_internal_v4(outside), "{outside}");
        }
        assert!(is_internal_v6("fd12:3456:789a::1") && is_internal_v6("fe80::1%eth0"));
        assert!(!is_internal_v6("2001:db8::1") && !is_internal_v6("ab:cd"));
        assert!(is_mac("00:1a:2b:3c:4d:5e") && !is_mac("00:1a:2b"));
    }
}
