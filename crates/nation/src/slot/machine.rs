//! Hosts, addresses and the attacker's marks.

use super::place_of;
use crate::catalog::PLACES;
use crate::draw::Draw;
use crate::plan::PlannedOrganization;

/// A server of the office network.
pub(super) fn host(draw: &mut Draw, organization: &PlannedOrganization) -> String {
    let role = *draw.pick(&[
        "fs", "ad", "db", "file", "app", "mail", "bk", "asset", "print",
    ]);
    let number = draw.between(1, 12);
    let short = abbreviation(organization);
    match draw.below(6) {
        0 => format!("{}-{}{number:02}", short, role.to_uppercase()),
        1 => format!("{role}{number:02}"),
        2 => format!("srv-{role}-{number:02}"),
        3 => format!("{}{}{number:02}", short, role.to_uppercase()),
        4 => format!("{role}{number:02}.{}", organization.domain),
        _ => format!("SV-{}{number:02}", role.to_uppercase()),
    }
}

/// A host of the control network.
pub(super) fn control_host(draw: &mut Draw, organization: &PlannedOrganization) -> String {
    let role = *draw.pick(&["HMI", "PLC", "SCADA", "RTU", "EWS", "HIST", "OPC"]);
    let number = draw.between(1, 24);
    let short = abbreviation(organization);
    match draw.below(4) {
        0 => format!("{short}-{role}{number}"),
        1 => format!("{role}-{number:02}"),
        2 => format!("{role}-{}F-{number:02}", draw.between(1, 8)),
        _ => format!(
            "{}-{}-{number:02}",
            role.to_lowercase(),
            short.to_lowercase()
        ),
    }
}

/// A host that is seen from outside.
pub(super) fn public_host(draw: &mut Draw, organization: &PlannedOrganization) -> String {
    let role = *draw.pick(&[
        "vpn", "www", "portal", "mail", "remote", "form", "my", "gw1",
    ]);
    format!("{role}.{}", organization.domain)
}

/// Two to four capitals that stand for an organization in its host names.
pub(super) fn abbreviation(organization: &PlannedOrganization) -> String {
    let all = PLACES.place.iter().chain(&PLACES.wide);
    let place = place_of(organization)
        .and_then(|name| all.into_iter().find(|place| place.ja == name))
        .map_or(organization.domain.as_str(), |place| place.en.as_str());
    let letters: String = place
        .chars()
        .filter(char::is_ascii_alphabetic)
        .enumerate()
        .filter(|(at, letter)| *at == 0 || !"aeiouAEIOU".contains(*letter))
        .map(|(_, letter)| letter.to_ascii_uppercase())
        .take(3)
        .collect();
    letters
}

/// An address of a private range, sometimes with a port.
pub(super) fn inside_address(draw: &mut Draw) -> String {
    let (a, b, c) = (
        draw.between(0, 254),
        draw.between(0, 254),
        draw.between(2, 250),
    );
    match draw.below(8) {
        0..=3 => format!("10.{a}.{b}.{c}"),
        4 => format!("172.{}.{b}.{c}", 16 + a % 16),
        5 => format!("192.168.{b}.{c}"),
        6 => format!("10.{a}.{b}.{c}:{}", draw.pick(&[445, 3_389, 502, 22])),
        _ => format!("fd{a:02x}:{:x}:{:x}::{:x}", 1 + b, 256 + a, c),
    }
}

/// A range of private addresses.
pub(super) fn inside_range(draw: &mut Draw) -> String {
    match draw.below(3) {
        0 => format!("10.{}.{}.0/24", draw.between(0, 254), draw.between(0, 254)),
        1 => format!("10.{}.0.0/16", draw.between(0, 254)),
        _ => format!("192.168.{}.0/24", draw.between(0, 254)),
    }
}

/// An attacker's address, of the ranges reserved for documentation (RFC 5737, RFC 3849).
pub(super) fn attacker_address(draw: &mut Draw) -> String {
    match draw.below(8) {
        0..=3 => format!("198.51.100.{}", draw.between(1, 254)),
        4..=6 => format!("192.0.2.{}", draw.between(1, 190)),
        _ => format!(
            "2001:db8:{:x}::{:x}",
            draw.between(1, 65_000),
            draw.between(1, 65_000)
        ),
    }
}

/// An attacker's domain.
pub(super) fn attacker_domain(draw: &mut Draw) -> String {
    let head = *draw.pick(&[
        "cdn-static",
        "login-check",
        "mail-quota",
        "sync-agent",
        "doc-share",
        "verify-id",
        "update-now",
        "files-view",
        "invoice-desk",
        "secure-gate",
    ]);
    format!("{head}{}.example", draw.between(2, 98))
}

/// An attacker's mail address.
pub(super) fn attacker_mail(draw: &mut Draw) -> String {
    let head = *draw.pick(&["support", "billing", "sales", "no-reply", "keiri", "info"]);
    format!("{head}@{}", attacker_domain(draw))
}

/// A link of an attacker, made harmless the way people do in mails.
pub(super) fn attacker_link(draw: &mut Draw) -> String {
    let domain = attacker_domain(draw).replace(".example", "[.]example");
    let path = *draw.pick(&["login", "pay", "sms", "view?id=7", "update"]);
    format!("hxxps://{domain}/{path}")
}

/// 64 hexadecimal digits.
pub(super) fn hash(draw: &mut Draw) -> String {
    (0..64)
        .filter_map(|_| char::from_digit(u32::try_from(draw.below(16)).unwrap_or(0), 16))
        .collect()
}
