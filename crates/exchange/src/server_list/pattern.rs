//! Patterns of STIX indicators, as far as they name servers: comparisons of addresses and ports,
//! joined by AND and OR.
//!
//! A list keeps addresses and ports. A pattern that asks for more beside an address would name too many
//! if the rest were left out, and is refused.

/// Longest pattern, in characters.
pub const PATTERN_CHARS_MAX: usize = 20_000;
/// Servers that one pattern may name.
pub const PATTERN_SERVERS_MAX: usize = 1_000;

/// Why a pattern cannot be reduced to servers, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternFault {
    /// It is too long.
    #[error("is longer than {PATTERN_CHARS_MAX} characters; cut it into several indicators")]
    Long,
    /// It names too many servers.
    #[error("names more than {PATTERN_SERVERS_MAX} servers; cut it into several indicators")]
    Many,
    /// Something that is not read.
    #[error(
        "cannot be read from character {0} on; write comparisons with `=` or `IN`, joined by AND and OR, each observation in brackets"
    )]
    Unread(usize),
    /// It asks for more than address and port.
    #[error("asks for `{0}` beside an address, which no list keeps; name the server alone")]
    Beside(String),
    /// It asks for several addresses at once.
    #[error("asks for two addresses in one observation; write an indicator for each")]
    Twice,
    /// A port that is none.
    #[error("names a port that is no number from 1 to 65535; write the number")]
    Port,
}

/// An address as it is spelled, and a port.
pub(super) type Named = (String, Option<u16>);

/// Characters of a path that are told.
const PATH_CHARS_TOLD: usize = 60;

/// The servers that `text` names; none where it is about something else.
pub(super) fn servers(text: &str) -> Result<Vec<Named>, PatternFault> {
    let is_about_servers = ["ipv4-addr", "ipv6-addr", "network-traffic"]
        .iter()
        .any(|kind| text.contains(kind));
    if !is_about_servers {
        return Ok(Vec::new());
    }
    if text.chars().count() > PATTERN_CHARS_MAX {
        return Err(PatternFault::Long);
    }
    let mut reading = Reading {
        letters: text.chars().collect(),
        place: 0,
    };
    let mut named = Vec::new();
    loop {
        reading.expect('[')?;
        loop {
            let comparisons = reading.joined_by_and()?;
            together(comparisons, &mut named)?;
            if !reading.word("OR") {
                break;
            }
        }
        reading.expect(']')?;
        if !reading.word("OR") {
            break;
        }
    }
    reading.end()?;
    Ok(named)
}

/// `path = 'value'` or `path IN ('value', …)`.
struct Comparison {
    path: String,
    values: Vec<String>,
}

/// Adds the servers for which all of `comparisons` hold.
fn together(comparisons: Vec<Comparison>, named: &mut Vec<Named>) -> Result<(), PatternFault> {
    let mut addresses: Option<Vec<String>> = None;
    let mut ports: Vec<Option<u16>> = vec![None];
    let mut beside = None;
    for Comparison { path, values } in comparisons {
        match path.as_str() {
            "ipv4-addr:value" | "ipv6-addr:value" | "network-traffic:dst_ref.value" => {
                if addresses.replace(values).is_some() {
                    return Err(PatternFault::Twice);
                }
            }
            "network-traffic:dst_port" => {
                let port = |value: &String| value.parse().ok().filter(|port| *port > 0);
                let read: Option<Vec<u16>> = values.iter().map(port).collect();
                let read = read.ok_or(PatternFault::Port)?;
                ports = read.into_iter().map(Some).collect();
            }
            // What kind of address it is, the address says; a list keeps no protocol.
            "network-traffic:dst_ref.type" | "network-traffic:protocols[*]" => {}
            _ => beside = Some(path),
        }
    }
    let Some(addresses) = addresses else {
        return Ok(());
    };
    if let Some(path) = beside {
        let told = path.chars().filter(char::is_ascii_graphic);
        return Err(PatternFault::Beside(told.take(PATH_CHARS_TOLD).collect()));
    }
    for address in addresses {
        for port in &ports {
            if named.len() == PATTERN_SERVERS_MAX {
                return Err(PatternFault::Many);
            }
            named.push((address.clone(), *port));
        }
    }
    Ok(())
}

struct Reading {
    letters: Vec<char>,
    place: usize,
}

impl Reading {
    fn joined_by_and(&mut self) -> Result<Vec<Comparison>, PatternFault> {
        let mut all = vec![self.comparison()?];
        while self.word("AND") {
            all.push(self.comparison()?);
        }
        Ok(all)
    }

    fn comparison(&mut self) -> Result<Comparison, PatternFault> {
        let path = self.path()?;
        let values = if self.word("IN") {
            self.expect('(')?;
            let mut values = vec![self.value()?];
            while self.is_next(',') {
                values.push(self.value()?);
            }
            self.expect(')')?;
            values
        } else {
            self.expect('=')?;
            // STIX allows a second one.
            let _second = self.is_next('=');
            vec![self.value()?]
        };
        Ok(Comparison { path, values })
    }

    /// A path of an object: letters, and quoted or bracketed steps.
    fn path(&mut self) -> Result<String, PatternFault> {
        self.pass_blanks();
        let mut path = String::new();
        let mut quoted = false;
        while let Some(letter) = self.peek() {
            let belongs = letter.is_ascii_alphanumeric() || "-_.:[*]".contains(letter);
            if letter == '\'' {
                quoted = !quoted;
            } else if !quoted && !belongs {
                break;
            }
            path.push(letter);
            self.place += 1;
        }
        if path.contains(':') && !quoted {
            Ok(path)
        } else {
            Err(self.unread())
        }
    }

    /// A text in quotes, or a number.
    fn value(&mut self) -> Result<String, PatternFault> {
        self.pass_blanks();
        let mut value = String::new();
        if self.peek() != Some('\'') {
            while let Some(letter) = self.peek().filter(char::is_ascii_digit) {
                value.push(letter);
                self.place += 1;
            }
            return if value.is_empty() {
                Err(self.unread())
            } else {
                Ok(value)
            };
        }
        self.place += 1;
        while let Some(letter) = self.peek() {
            self.place += 1;
            match letter {
                '\'' => return Ok(value),
                '\\' => {
                    value.extend(self.peek());
                    self.place += 1;
                }
                letter => value.push(letter),
            }
        }
        Err(self.unread())
    }

    fn word(&mut self, word: &str) -> bool {
        self.pass_blanks();
        let end = self.place + word.len();
        let found = self.letters.get(self.place..end);
        let fits = found.is_some_and(|letters| letters.iter().copied().eq(word.chars()));
        let ends = |letter: &char| !letter.is_ascii_alphanumeric();
        if fits && self.letters.get(end).is_none_or(ends) {
            self.place = end;
            true
        } else {
            false
        }
    }

    fn expect(&mut self, letter: char) -> Result<(), PatternFault> {
        if self.is_next(letter) {
            Ok(())
        } else {
            Err(self.unread())
        }
    }

    fn is_next(&mut self, letter: char) -> bool {
        self.pass_blanks();
        let fits = self.peek() == Some(letter);
        if fits {
            self.place += 1;
        }
        fits
    }

    fn end(&mut self) -> Result<(), PatternFault> {
        self.pass_blanks();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unread()),
        }
    }

    fn pass_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.place += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.place).copied()
    }

    fn unread(&self) -> PatternFault {
        PatternFault::Unread(self.place + 1)
    }
}
