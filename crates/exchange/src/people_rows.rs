//! People as rows of a table: name, mail address, language, role, tier.

use domain::organization::Post;
use domain::text::{BoundedText, TextError, nfkc};

use crate::near_miss_rows::text_fault;
use crate::sheet::{Column, Fault, Row, Why};

/// Words of the columns, in order: name, mail, language, role, tier.
pub const WORDS: [&str; 5] = ["name", "mail", "language", "role", "tier"];
/// Rows of one file.
pub const ROWS_MAX: usize = 300;
/// The mark of the template.
pub const MARK: &str = "noroshi:people:1";
/// Longest name, in characters.
pub const NAME_CHARS_MAX: usize = 120;
/// Longest mail address, in characters (RFC 5321, section 4.5.3.1).
pub const MAIL_CHARS_MAX: usize = 254;

/// A person as a row tells him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name as typed.
    pub name: BoundedText<NAME_CHARS_MAX>,
    /// Mail address; `None` when the invitation is handed over.
    pub mail: Option<BoundedText<MAIL_CHARS_MAX>>,
    /// Tag of the language to write in: `ja` or `en`.
    pub language: &'static str,
    /// The post.
    pub post: Post,
}

/// The person that `row` tells; or all that is wrong with it. `earlier` are the rows before it.
///
/// # Errors
/// One [`Fault`] per cell that cannot be taken.
pub fn person(row: &Row, columns: &[Column], earlier: &[Row]) -> Result<Person, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut tell = |column: &'static str, why: Why| {
        faults.push(Fault {
            row: row.number,
            column,
            why,
        });
    };
    let picked = |word: &'static str| -> Result<Option<String>, Why> {
        if let Some(why) = row.oddity(word) {
            return Err(why);
        }
        let text = row.cell(word);
        let column = columns.iter().find(|column| column.word == word);
        match column.and_then(|column| column.pick(text)) {
            Some(pick) => Ok(Some(pick.value.clone())),
            None if text.is_empty() => Ok(None),
            None => Err(Why::NotOffered),
        }
    };
    let name = match row.oddity("name") {
        Some(why) => Err(why),
        None => BoundedText::parse(row.cell("name")).map_err(|error| text_fault(&error)),
    };
    let mail = mail(row, earlier);
    let language = picked("language").map(|found| match found.as_deref() {
        Some("en") => "en",
        _ => "ja",
    });
    let required = |word| picked(word).and_then(|found| found.ok_or(Why::Missing));
    let role = required("role").and_then(|word| word.parse().map_err(|_| Why::NotOffered));
    let tier = required("tier").and_then(|word| word.parse().map_err(|_| Why::NotOffered));
    match (name, mail, language, role, tier) {
        (Ok(name), Ok(mail), Ok(language), Ok(role), Ok(tier)) => Ok(Person {
            name,
            mail,
            language,
            post: Post { role, tier },
        }),
        (name, mail, language, role, tier) => {
            let told = [
                ("name", name.err()),
                ("mail", mail.err()),
                ("language", language.err()),
                ("role", role.err()),
                ("tier", tier.err()),
            ];
            for (column, why) in told {
                if let Some(why) = why {
                    tell(column, why);
                }
            }
            Err(faults)
        }
    }
}

/// A mail address as people type it; `None` when nothing is typed.
///
/// Only its form is looked at: one `@` between something and a name, no blanks. Whether it can be
/// reached, the first letter shows.
///
/// # Errors
/// [`AddressError`] for what is no address.
pub fn address(raw: &str) -> Result<Option<BoundedText<MAIL_CHARS_MAX>>, AddressError> {
    let Some(mail) = BoundedText::parse_optional(&nfkc(raw)).map_err(AddressError::Text)? else {
        return Ok(None);
    };
    let clean = |part: &str| {
        !part.is_empty()
            && !part.contains(|letter: char| letter.is_whitespace() || "@<>,;\"".contains(letter))
    };
    let fits = mail.as_str().split_once('@').is_some_and(|(name, host)| {
        clean(name) && clean(host) && !host.starts_with('.') && !host.ends_with('.')
    });
    if fits {
        Ok(Some(mail))
    } else {
        Err(AddressError::Form)
    }
}

/// Why a text is no mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is no text that can be kept.
    #[error(transparent)]
    Text(TextError),
    /// It has not the form of an address.
    #[error("this is not the form of a mail address")]
    Form,
}

fn mail(row: &Row, earlier: &[Row]) -> Result<Option<BoundedText<MAIL_CHARS_MAX>>, Why> {
    if let Some(why) = row.oddity("mail") {
        return Err(why);
    }
    let address = address(row.cell("mail")).map_err(|error| match error {
        AddressError::Text(error) => text_fault(&error),
        AddressError::Form => Why::Mail,
    })?;
    let Some(mail) = address else {
        return Ok(None);
    };
    // One person may hold several posts, in as many rows; twice the same is a slip.
    let same = |other: &&Row| {
        let is_same = |word: &str| nfkc(other.cell(word)) == nfkc(row.cell(word));
        is_same("mail") && is_same("role") && is_same("tier")
    };
    match earlier.iter().find(same) {
        Some(other) => Err(Why::Twice { row: other.number }),
        None => Ok(Some(mail)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Pick;
    use domain::organization::{Role, Tier};

    fn columns() -> Vec<Column> {
        let picked = |word: &'static str, choices: &[(&str, &str)]| Column {
            picks: choices
                .iter()
                .map(|(value, label)| Pick {
                    value: (*value).to_owned(),
                    label: (*label).to_owned(),
                    also: vec![],
                })
                .collect(),
            ..Column::text(word, word, vec![])
        };
        vec![
            Column::text("name", "名前", vec![]),
            Column::text("mail", "メール", vec![]),
            picked("language", &[("ja", "日本語"), ("en", "English")]),
            picked("role", &[("duty-officer", "当番"), ("staff", "職員")]),
            picked("tier", &[("ciso", "CISO")]),
        ]
    }

    fn row(number: u32, cells: [&str; 5]) -> Row {
        Row {
            number,
            cells: WORDS
                .iter()
                .zip(cells)
                .filter(|(_, text)| !text.is_empty())
                .map(|(word, text)| ((*word).to_owned(), text.to_owned()))
                .collect(),
        }
    }

    #[test]
    fn people_as_secretaries_write_them() {
        let read = person(
            &row(2, ["山﨑 髙", "ｙ＠kitahama.example", "", "当番", "ciso"]),
            &columns(),
            &[],
        )
        .unwrap();
        assert_eq!(read.name.as_str(), "山﨑 髙");
        assert_eq!(read.mail.unwrap().as_str(), "y@kitahama.example");
        assert_eq!((read.language, read.post.role), ("ja", Role::DutyOfficer));
        assert_eq!(read.post.tier, Tier::Ciso);
        let bare = row(3, ["Ann", "", "English", "staff", "CISO"]);
        let read = person(&bare, &columns(), &[]).unwrap();
        assert_eq!((read.mail, read.language), (None, "en"));
    }

    #[test]
    fn faults_are_told_at_their_cells() {
        let first = row(2, ["A", "a@x.example", "", "staff", "ciso"]);
        let faults = |cells| -> Vec<(&'static str, Why)> {
            let faults = person(&row(3, cells), &columns(), std::slice::from_ref(&first));
            let faults = faults.unwrap_err().into_iter();
            faults.map(|fault| (fault.column, fault.why)).collect()
        };
        assert_eq!(
            faults(["", "a.x.example", "仏語", "auditor", ""]),
            [
                ("name", Why::Missing),
                ("mail", Why::Mail),
                ("language", Why::NotOffered),
                ("role", Why::NotOffered),
                ("tier", Why::Missing)
            ]
        );
        let twice = faults(["B", "a@x.example", "", "staff", "ciso"]);
        assert_eq!(twice, [("mail", Why::Twice { row: 2 })]);
        let other = row(3, ["A", "a@x.example", "", "当番", "ciso"]);
        assert!(person(&other, &columns(), &[first]).is_ok(), "another post");
    }

    #[test]
    fn addresses_are_read_as_people_type_them() {
        let read = |raw| address(raw).map(|found| found.map(|one| one.as_str().to_owned()));
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
            assert_eq!(read(raw), Err(AddressError::Form), "{raw}");
        }
    }
}
