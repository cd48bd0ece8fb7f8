//! How this room writes bytes: one unambiguous way to join them, one way to spell them.
//!
//! Joining: each part is preceded by its length as eight bytes, most significant first, so that no
//! two different lists of parts give the same bytes (`["ab", "c"]` is not `["a", "bc"]`).
//! Spelling: base64url without padding (RFC 4648, section 5), strict on reading.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Joins `parts`, each after its length as a big-endian `u64`.
pub(crate) fn length_prefixed(parts: &[&[u8]]) -> Vec<u8> {
    let bytes: usize = parts.iter().map(|part| part.len() + 8).sum();
    let mut joined = Vec::with_capacity(bytes);
    for part in parts {
        joined.extend_from_slice(&(part.len() as u64).to_be_bytes());
        joined.extend_from_slice(part);
    }
    joined
}

/// The text `prefix` followed by the spelled `secret`, wiped when dropped.
pub(crate) fn spell_secret(prefix: &str, secret: &[u8]) -> Zeroizing<String> {
    let length = prefix.len() + BASE64URL_NOPAD.encode_len(secret.len());
    let mut text = Zeroizing::new(String::with_capacity(length));
    text.push_str(prefix);
    BASE64URL_NOPAD.encode_append(secret, &mut text);
    text
}

/// Reads exactly `N` bytes spelled after `prefix`; `None` for anything else. Surrounding white
/// space is ignored, because such texts are copied by hand.
pub(crate) fn read_spelled<const N: usize>(prefix: &str, text: &str) -> Option<Zeroizing<[u8; N]>> {
    let encoded = text.trim().strip_prefix(prefix)?;
    if encoded.len() != BASE64URL_NOPAD.encode_len(N) {
        return None;
    }
    let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(encoded.as_bytes()).ok()?);
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

/// The JSON text of a file that travels.
pub(crate) fn json(file: &impl Serialize) -> String {
    #[expect(
        clippy::expect_used,
        reason = "texts, numbers and lists always serialize"
    )]
    serde_json::to_string_pretty(file).expect("texts, numbers and lists always serialize")
}

/// Sealed bytes inside a file of JSON: spelled in base64url.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Spelled(pub(crate) Vec<u8>);

impl From<Spelled> for String {
    fn from(spelled: Spelled) -> Self {
        BASE64URL_NOPAD.encode(&spelled.0)
    }
}

impl TryFrom<String> for Spelled {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        BASE64URL_NOPAD
            .decode(text.as_bytes())
            .map(Self)
            .map_err(|_| "expected base64url without padding")
    }
}

#[cfg(test)]
mod tests {
    use super::{Spelled, length_prefixed, read_spelled, spell_secret};

    #[test]
    fn moving_a_boundary_changes_the_bytes() {
        assert_ne!(
            length_prefixed(&[b"ab", b"c"]),
            length_prefixed(&[b"a", b"bc"])
        );
        assert_ne!(length_prefixed(&[b"", b"a"]), length_prefixed(&[b"a", b""]));
        assert_ne!(length_prefixed(&[b"a"]), length_prefixed(&[b"a", b""]));
    }

    #[test]
    fn the_layout_is_fixed() {
        assert_eq!(
            length_prefixed(&[b"hi", b""]),
            [0, 0, 0, 0, 0, 0, 0, 2, b'h', b'i', 0, 0, 0, 0, 0, 0, 0, 0]
        );
    }

    #[test]
    fn only_one_spelling_is_read() {
        let text = spell_secret("key:", &[0xff; 4]);
        assert_eq!(*text, "key:_____w");
        assert_eq!(
            *read_spelled::<4>("key:", &format!(" {}\n", text.as_str())).unwrap(),
            [0xff; 4]
        );
        // Wrong prefix, wrong length, loose bits in the last letter, the other base64 alphabet.
        for wrong in [
            "_____w",
            "KEY:_____w",
            "key:____",
            "key:_____x",
            "key://///w",
        ] {
            assert!(read_spelled::<4>("key:", wrong).is_none(), "{wrong}");
        }
        assert!(serde_json::from_str::<Spelled>("\"_____x\"").is_err());
    }
}
