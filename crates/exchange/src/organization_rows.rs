//! Organizations as rows of a table, each with its first administrator.
//!
//! Where reports go is told by name: the hub knows whom it means, and that may be a row further up in
//! the same file.

use domain::organization::OrganizationKind;
use domain::text::{BoundedText, fold};
use domain::word::Code;

use crate::near_miss_rows::text_fault;
use crate::people_rows::{AddressError, MAIL_CHARS_MAX, NAME_CHARS_MAX, address};
use crate::sheet::{Column, Fault, Row, Why};

/// Words of the columns, in order.
pub const WORDS: [&str; 11] = [
    "kind",
    "name-ja",
    "name-en",
    "reports-to",
    "sector",
    "ceptoar",
    "prefecture",
    "known-names",
    "administrator",
    "mail",
    "language",
];
/// Rows of one file.
pub const ROWS_MAX: usize = 500;
/// The mark of the template.
pub const MARK: &str = "noroshi:organizations:1";

/// A name, bounded.
pub type Name = BoundedText<NAME_CHARS_MAX>;

/// An organization as a row tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is.
    pub kind: OrganizationKind,
    /// Name in Japanese.
    pub name_ja: Name,
    /// Name in English.
    pub name_en: Name,
    /// Name of the organization that its reports go to; `None` when the row leaves it open.
    pub reports_to: Option<Name>,
    /// Sector.
    pub sector: Option<Code>,
    /// CEPTOAR it belongs to or is the secretariat of.
    pub ceptoar: Option<Code>,
    /// Prefecture of its seat.
    pub prefecture: Option<Code>,
    /// Names and domains by which texts give it away.
    pub known_names: Vec<Name>,
    /// Who runs its members first; `None` when somebody is invited later.
    pub administrator: Option<Administrator>,
}

/// The first administrator of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administrator {
    /// Name as typed.
    pub name: Name,
    /// Mail address; `None` when the invitation is handed over.
    pub mail: Option<BoundedText<MAIL_CHARS_MAX>>,
    /// Tag of the language to write in: `ja` or `en`.
    pub language: &'static str,
}

/// The organization that `row` tells; or all that is wrong with it. `earlier` are the rows before it.
///
/// # Errors
/// One [`Fault`] per cell that cannot be taken.
pub fn organization(row: &Row, columns: &[Column], earlier: &[Row]) -> Result<Told, Vec<Fault>> {
    let mut cells = Cells {
        row,
        columns,
        faults: Vec::new(),
    };
    let kind = cells.required_pick("kind");
    let name_ja = cells.name("name-ja");
    let name_en = cells.name("name-en");
    let reports_to = cells.optional_name("reports-to");
    let sector = cells.pick("sector");
    let ceptoar = cells.pick("ceptoar");
    let prefecture = cells.pick("prefecture");
    let known_names = cells.lines("known-names");
    let administrator = cells.administrator();
    let same = |other: &&Row| {
        let is_same = |word: &str| fold(other.cell(word)) == fold(row.cell(word));
        is_same("kind") && is_same("name-ja")
    };
    if let (Some(_), Some(other)) = (&name_ja, earlier.iter().find(same)) {
        cells.tell("name-ja", Why::Twice { row: other.number });
    }
    match (kind, name_ja, name_en) {
        (Some(kind), Some(name_ja), Some(name_en)) if cells.faults.is_empty() => Ok(Told {
            kind,
            name_ja,
            name_en,
            reports_to,
            sector,
            ceptoar,
            prefecture,
            known_names,
            administrator,
        }),
        _ => Err(cells.faults),
    }
}

/// The cells of one row, and what is wrong with them.
struct Cells<'a> {
    row: &'a Row,
    columns: &'a [Column],
    faults: Vec<Fault>,
}

impl Cells<'_> {
    fn tell(&mut self, column: &'static str, why: Why) {
        self.faults.push(Fault {
            row: self.row.number,
            column,
            why,
        });
    }

    /// What stands in a cell, if it is text at all.
    fn text(&mut self, word: &'static str) -> Option<String> {
        match self.row.oddity(word) {
            Some(why) => {
                self.tell(word, why);
                None
            }
            None => Some(self.row.cell(word).to_owned()),
        }
    }

    /// What is chosen in a cell, as the hub spells it; `None` when it is empty or wrong.
    fn pick<T: std::str::FromStr>(&mut self, word: &'static str) -> Option<T> {
        let text = self.text(word)?;
        if text.is_empty() {
            return None;
        }
        let column = self.columns.iter().find(|column| column.word == word);
        let value = column.and_then(|column| column.pick(&text));
        let found = value.and_then(|pick| pick.value.parse().ok());
        if found.is_none() {
            self.tell(word, Why::NotOffered);
        }
        found
    }

    fn required_pick<T: std::str::FromStr>(&mut self, word: &'static str) -> Option<T> {
        let told = self.faults.len();
        let found = self.pick(word);
        if found.is_none() && self.faults.len() == told {
            self.tell(word, Why::Missing);
        }
        found
    }

    fn name(&mut self, word: &'static str) -> Option<Name> {
        let text = self.text(word)?;
        match BoundedText::parse(&text) {
            Ok(name) => Some(name),
            Err(error) => {
                self.tell(word, text_fault(&error));
                None
            }
        }
    }

    fn optional_name(&mut self, word: &'static str) -> Option<Name> {
        if self.row.cell(word).is_empty() {
            return None;
        }
        self.name(word)
    }

    /// Several names in one cell, one per line or separated by `、`, `,` or `;`.
    fn lines(&mut self, word: &'static str) -> Vec<Name> {
        let Some(text) = self.text(word) else {
            return Vec::new();
        };
        let pieces = text
            .split(['\n', '、', '，', ',', ';', '；'])
            .map(str::trim);
        let mut names = Vec::new();
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            match BoundedText::parse(piece) {
                Ok(name) => names.push(name),
                Err(error) => {
                    self.tell(word, text_fault(&error));
                    break;
                }
            }
        }
        names
    }

    fn administrator(&mut self) -> Option<Administrator> {
        let name = self.optional_name("administrator");
        let mail = match self.text("mail").map(|text| address(&text)) {
            Some(Ok(mail)) => mail,
            Some(Err(AddressError::Text(error))) => {
                self.tell("mail", text_fault(&error));
                None
            }
            Some(Err(AddressError::Form)) => {
                self.tell("mail", Why::Mail);
                None
            }
            None => None,
        };
        let language = match self.pick::<Code>("language") {
            Some(tag) if tag.as_str() == "en" => "en",
            _ => "ja",
        };
        // An address alone would be an invitation for nobody.
        if mail.is_some() && self.row.cell("administrator").is_empty() {
            self.tell("administrator", Why::Missing);
        }
        name.map(|name| Administrator {
            name,
            mail,
            language,
        })
    }
}

#[cfg(test)]
mod tests;
