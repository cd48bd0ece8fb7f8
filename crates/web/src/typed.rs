//! Small things that people type in several places, read once.

use domain::text::{BoundedText, nfkc};
use hub::invite::MAIL_CHARS_MAX;

/// A mail address as typed; `None` when the field is empty.
///
/// Only its form is looked at: one `@` between something and a name with a dot, no blanks. Whether
/// it can be reached, the first letter shows.
pub(crate) fn mail(raw: &str) -> Result<Option<BoundedText<MAIL_CHARS_MAX>>, NoAddress> {
    let text = nfkc(raw);
    let Some(address) = BoundedText::parse_optional(&text).map_err(|_| NoAddress)? else {
        return Ok(None);
    };
    let fits = address
        .as_str()
        .split_once('@')
        .is_some_and(|(name, host)| {
            let clean = |part: &str| {
                !part.is_empty()
                    && !part.contains(|letter: char| {
                        letter.is_whitespace() || "@<>,;\"".contains(letter)
                    })
            };
            clean(name) && clean(host) && !host.starts_with('.') && !host.ends_with('.')
        });
    if fits {
        Ok(Some(address))
    } else {
        Err(NoAddress)
    }
}

/// A text that is no mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoAddress;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them() {
        let read = |raw| mail(raw).map(|found| found.map(|one| one.as_str().to_owned()));
        assert_eq!(read("  "), Ok(None));
        let plain = Ok(Some("sato@kitahama.example".to_owned()));
        for raw in ["sato@kitahama.example", " ｓａｔｏ＠kitahama.example\n"] {
            assert_eq!(read(raw), plain, "{raw}");
        }
        for raw in [
            "sato",
            "@x.example",
            "a@",
            "a@b@c.example",
            "a b@c.example",
            "a@.x",
            "<a@b.c>",
        ] {
            assert_eq!(read(raw), Err(NoAddress), "{raw}");
        }
    }
}
