//! Codes as people type them: full-width letters from a Japanese keyboard, spaces and hyphens of
//! every kind where the printed code has its groups.

use zeroize::Zeroizing;

/// The typed characters in half width, without spaces and hyphens. Empty when more than
/// [`TYPED_CHARS_MAX`] were typed: no code of ours is that long.
pub(crate) fn half_width(typed: &str) -> Zeroizing<String> {
    // Reserved at once: a growing string would leave copies of the code behind.
    let mut plain = Zeroizing::new(String::with_capacity(TYPED_CHARS_MAX * 4));
    if typed.chars().count() > TYPED_CHARS_MAX {
        return plain;
    }
    plain.extend(
        typed
            .chars()
            .filter(|typed| !separates(*typed))
            .map(half_width_of),
    );
    plain
}

const TYPED_CHARS_MAX: usize = 64;

/// The half-width twin of a full-width form (U+FF01 to U+FF5E); anything else as it is.
fn half_width_of(typed: char) -> char {
    match u32::from(typed) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xff01 + 0x21).unwrap_or(typed),
        _ => typed,
    }
}

/// White space, hyphens, dashes, the minus sign, and the long-vowel mark that a Japanese keyboard
/// gives on the hyphen's key.
fn separates(typed: char) -> bool {
    typed.is_whitespace()
        || matches!(
            typed,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' | '\u{ff0d}' | '\u{ff70}'
        )
}

#[cfg(test)]
mod tests {
    use super::half_width;

    #[test]
    fn what_a_japanese_keyboard_gives_is_read() {
        assert_eq!(*half_width("１２３４－５６７８　９０"), "1234567890");
        assert_eq!(*half_width("ＡＢ−ｃｄー12 34"), "ABcd1234");
        assert_eq!(*half_width("\t12-34\u{2013}56\n"), "123456");
        assert_eq!(*half_width("十二"), "十二");
        assert_eq!(*half_width(&"1".repeat(65)), "");
    }
}
