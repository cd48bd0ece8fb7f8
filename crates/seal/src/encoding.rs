//! The one unambiguous way in which this room joins several texts into one byte string.
//!
//! Each part is preceded by its length as eight bytes, most significant first, so that no two
//! different lists of parts give the same bytes (`["ab", "c"]` is not `["a", "bc"]`).

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

#[cfg(test)]
mod tests {
    use super::length_prefixed;

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
}
