//! Mail addresses, host names, internal addresses and ticket numbers: words of Latin letters.

use std::ops::Range;

use super::address::{is_internal_v4, is_internal_v6, is_mac};
use super::folded::Folded;
use super::{Hit, Label};

/// Finds them.
pub(super) fn scan(folded: &Folded, found: &mut Vec<Hit>) {
    let mut at = 0;
    while at < folded.len() {
        let end = folded.run(at, is_word_letter);
        if end == at {
            at += 1;
            continue;
        }
        let word = trimmed(folded, at..end);
        if let Some(label) = judged(&folded.text(word.clone())) {
            found.push(folded.hit(word, label));
        }
        at = end;
    }
}

/// Letters of addresses, host names, paths and ticket numbers.
fn is_word_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(
            letter,
            '.' | '-' | '_' | '@' | ':' | '/' | '\\' | '+' | '#' | '%' | '*'
        )
}

/// The word without the punctuation of the sentence it stands in.
fn trimmed(folded: &Folded, word: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = word;
    let loose = |letter: char| matches!(letter, '.' | '-' | ':' | '/' | '+' | '@' | '%' | '*');
    while start < end
        && folded.letter(start).is_some_and(loose)
        && folded.letter(start) != Some('*')
    {
        start += 1;
    }
    while start < end && folded.before(end).is_some_and(loose) && folded.before(end) != Some('*') {
        end -= 1;
    }
    start..end
}

fn judged(word: &str) -> Option<Label> {
    if is_mail(word) {
        return Some(Label::Mail);
    }
    if is_internal_v4(word) || is_internal_v6(word) || is_mac(word) {
        return Some(Label::InternalAddress);
    }
    let authority = authority(word);
    if is_internal_v4(authority) {
        return Some(Label::InternalAddress);
    }
    if is_public_identifier(word) {
        return None;
    }
    if is_ticket(word) {
        return Some(Label::Ticket);
    }
    (is_domain(authority) || is_host(word) || is_path_to_host(word)).then_some(Label::Host)
}

/// The host part of a URL or path; the word itself when it is neither.
fn authority(word: &str) -> &str {
    let rest = word.split_once("://").map_or(word, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or_default()
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && (is_domain(domain) || is_domain(authority(domain)))
    })
}

/// Labels joined by dots, the last of letters only: not a version number, not a file name with a
/// usual ending.
fn is_domain(text: &str) -> bool {
    const FILE_ENDINGS: &[&str] = &[
        "exe", "dll", "doc", "docx", "docm", "xls", "xlsx", "xlsm", "pdf", "zip", "lnk", "iso",
        "js", "vbs", "ps", "bat", "txt", "log", "html", "htm", "php", "jpg", "png", "sys", "img",
        "tmp",
    ];
    let labels: Vec<&str> = text.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let Some(last) = labels.last() else {
        return false;
    };
    labels.len() >= 2
        && labels.iter().all(is_label)
        && last.len() >= 2
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !(labels.len() == 2 && FILE_ENDINGS.contains(last))
}

/// `\\server\share`.
fn is_path_to_host(word: &str) -> bool {
    word.strip_prefix("\\\\")
        .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_alphanumeric()))
}

/// A single label that looks like the name of a machine: `hmi-03`, `kth-scada-srv`, `srv012`.
fn is_host(word: &str) -> bool {
    const KINDS: &[&str] = &[
        "srv", "sv", "svr", "server", "dc", "pc", "ws", "fs", "hmi", "plc", "rtu", "scada", "db",
        "web", "mail", "vpn", "fw", "sw", "rt", "nas", "ad", "ap", "host", "node", "ews", "dcs",
        "ot", "op", "ops", "eng", "backup", "file", "proxy", "gw", "mon", "hist", "term", "client",
        "note", "desktop", "laptop", "win",
    ];
    let plain = word
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if !plain || word.len() < 4 {
        return false;
    }
    let pieces: Vec<&str> = word.split(['-', '_']).collect();
    let letters_of = |piece: &&str| {
        piece
            .trim_end_matches(|letter: char| letter.is_ascii_digit())
            .to_owned()
    };
    let numbered = pieces
        .iter()
        .any(|piece| piece.ends_with(|letter: char| letter.is_ascii_digit()));
    let is_machine = pieces
        .iter()
        .any(|piece| KINDS.contains(&letters_of(piece).as_str()));
    (is_machine && (numbered || pieces.len() >= 3)) || is_numbered_machine(word)
}

/// Letters and two or three digits, as machines are numbered through: `app08`, `opc-01`.
fn is_numbered_machine(word: &str) -> bool {
    const OTHER: &[&str] = &[
        "port", "id", "day", "step", "top", "phase", "level", "version", "ver", "page", "no",
        "win", "vlan", "office", "article", "section",
    ];
    let name = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = word.len() - name.len();
    let name = name.trim_end_matches(['-', '_']);
    (2..=3).contains(&digits)
        && (2..=12).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'_')
        && !OTHER.contains(&name)
}

/// Numbers that everybody knows: vulnerabilities, patches, standards, techniques, digests.
fn is_public_identifier(word: &str) -> bool {
    const PUBLIC: &[&str] = &[
        "cve-", "cwe-", "capec-", "ghsa-", "jvn", "jvndb-", "ms", "kb", "rfc", "iso", "iec", "jis",
        "nist", "sp800-", "tls", "ssl", "sha", "md5", "aes", "ipv", "tlp", "ta0", "aa2", "icsa-",
        "va-", "apt", "unc", "windows", "office", "utf-", "utf8", "usb", "http/", "smb",
    ];
    let numbered_technique = word.strip_prefix('t').is_some_and(|rest| {
        rest.len() >= 4 && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    });
    let digest = word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let known = PUBLIC.iter().any(|prefix| {
        word.strip_prefix(prefix).is_some_and(|rest| {
            rest.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-')
        })
    });
    known || numbered_technique || digest
}

/// `inc0012345`, `#48213`, `tkt-2026-0031`, `ops-1182`: letters and a number of at least three
/// digits.
fn is_ticket(word: &str) -> bool {
    const KINDS: &[&str] = &[
        "inc", "req", "chg", "prb", "tkt", "ticket", "case", "sr", "cs", "ir", "csirt", "sec",
        "soc", "ops", "itsm", "helpdesk", "hd", "issue", "po", "wo", "jira", "id", "no", "ref",
    ];
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    if let Some(rest) = word.strip_prefix('#') {
        return digits(rest) >= 3
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-');
    }
    let Some(first_digit) = word.find(|letter: char| letter.is_ascii_digit()) else {
        return false;
    };
    let (kind, number) = word.split_at_checked(first_digit).unwrap_or((word, ""));
    let kind = kind.trim_end_matches(['-', '_', ':', '#', '.']);
    let kind = kind.rsplit(['-', '_']).next().unwrap_or_default();
    digits(number) >= 3
        && number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-' || byte == b'_')
        && KINDS.contains(&kind)
}
