//! How a secret may be spelled in a log.

use std::fmt::Write as _;

use super::Secret;

/// The secrets that stand in `log`, with the spelling in which they do.
pub(super) fn found(log: &str, secrets: &[Secret]) -> Vec<String> {
    let mut found = Vec::new();
    for (label, secret) in secrets {
        for (kind, text) in spellings(secret) {
            if log.contains(&text) {
                found.push(format!("{label} as {kind}"));
            }
        }
    }
    found
}

/// Every spelling of `secret`, once.
pub(super) fn spellings(secret: &str) -> Vec<(&'static str, String)> {
    let bytes = secret.as_bytes();
    let mut all = vec![
        ("it is", secret.to_owned()),
        ("it is, without its gaps", secret.replace([' ', '-'], "")),
        ("percent", percent(secret, "%20", false)),
        ("percent in lower case", percent(secret, "%20", true)),
        ("a form", percent(secret, "+", false)),
        ("hex", hex::written(bytes)),
        ("hex in upper case", hex::written(bytes).to_uppercase()),
        ("JSON", json(secret)),
        ("JSON in ASCII", ascii_json(secret)),
        ("a debug text", inner(&format!("{secret:?}")).to_owned()),
        ("debug bytes", inner(&format!("{bytes:?}")).to_owned()),
        (
            "debug hex bytes",
            inner(&format!("{bytes:02x?}")).to_owned(),
        ),
    ];
    for (kind, letters) in [
        ("base64", &base64::STANDARD),
        ("base64 for addresses", &base64::ADDRESS),
    ] {
        all.extend(base64::inside(bytes, letters).map(|text| (kind, text)));
    }
    let mut seen = std::collections::BTreeSet::new();
    // A few letters stand in every log.
    all.retain(|(_, text)| text.len() >= 6 && seen.insert(text.clone()));
    all
}

/// Without the first and the last letter.
fn inner(text: &str) -> &str {
    let mut letters = text.chars();
    letters.next();
    letters.next_back();
    letters.as_str()
}

fn percent(text: &str, gap: &str, in_lower_case: bool) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            b' ' => gap.to_owned(),
            _ if in_lower_case => format!("%{byte:02x}"),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn json(text: &str) -> String {
    inner(&serde_json::to_string(text).unwrap()).to_owned()
}

/// As writers do that keep to ASCII.
fn ascii_json(text: &str) -> String {
    let mut written = String::new();
    for letter in json(text).encode_utf16() {
        match u8::try_from(letter).ok().filter(u8::is_ascii) {
            Some(plain) => written.push(char::from(plain)),
            None => write!(written, "\\u{letter:04x}").unwrap(),
        }
    }
    written
}

pub(super) mod hex {
    pub(crate) fn written(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn read(text: &str) -> String {
        let pairs = text.as_bytes().chunks(2);
        let bytes = pairs.map(|pair| {
            let pair = std::str::from_utf8(pair).unwrap();
            u8::from_str_radix(pair, 16).unwrap()
        });
        String::from_utf8(bytes.collect()).unwrap()
    }
}

/// The bytes behind letters as in addresses.
pub(super) fn from_base64(text: &str) -> Vec<u8> {
    let (mut bits, mut held, mut bytes) = (0_usize, 0, Vec::new());
    for letter in text.bytes() {
        let six = base64::ADDRESS.iter().position(|known| *known == letter);
        bits = (bits << 6 | six.unwrap()) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    bytes
}

mod base64 {
    pub(super) const STANDARD: [u8; 64] =
        *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    pub(super) const ADDRESS: [u8; 64] =
        *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// What of the letters is the same whatever stands before and after `bytes`: one text for each
    /// place at which they can begin within three bytes.
    pub(super) fn inside(bytes: &[u8], letters: &[u8; 64]) -> impl Iterator<Item = String> {
        (0..3).map(move |before| {
            let mut all = vec![0; before];
            all.extend(bytes);
            let whole = all.len() / 3 * 3;
            let text: String = all[..whole]
                .chunks(3)
                .flat_map(|three| {
                    let bits = three
                        .iter()
                        .fold(0, |bits, byte| bits << 8 | usize::from(*byte));
                    [18, 12, 6, 0].map(|shift| char::from(letters[bits >> shift & 63]))
                })
                .collect();
            // Letters that hold a bit of what stands before.
            text.get([0, 2, 3][before]..).unwrap_or_default().to_owned()
        })
    }
}

#[test]
fn a_secret_is_found_in_each_spelling() {
    let secret = "秘密 \"a\"+1";
    let lines = [
        "秘密 \"a\"+1",
        "%E7%A7%98%E5%AF%86%20%22a%22%2B1",
        "%e7%a7%98%e5%af%86%20%22a%22%2b1",
        "%E7%A7%98%E5%AF%86+%22a%22%2B1",
        "e7a798e5af8620226122",
        "\\u79d8\\u5bc6 \\\"a\\\"+1",
        "秘密 \\\"a\\\"+1",
        "[231, 167, 152, 229, 175, 134, 32, 34, 97, 34, 43, 49]",
        // `x秘密 "a"+1`, `xx…` and `xxx…` by another program.
        "eOenmOWvhiAiYSIrMQ==",
        "eHjnp5jlr4YgImEiKzE=",
        "eHh456eY5a+GICJhIisx",
        "eHh456eY5a-GICJhIisx",
    ];
    let secrets = [("secret".to_owned(), secret.to_owned())];
    for line in lines {
        let line = line.replace("e7a798e5af8620226122", "e7a798e5af86202261222b31");
        assert!(
            !found(&format!("x {line} y"), &secrets).is_empty(),
            "{line}"
        );
    }
    assert!(found("秘密 a 1", &secrets).is_empty());
}
