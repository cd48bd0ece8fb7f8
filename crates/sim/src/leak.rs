//! The leak checker: canaries, who may have them, and looking for them in what was received.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use domain::organization::Role;
use domain::part::Subject;
use zip::ZipArchive;

use crate::country::Who;
use crate::trace::Filed;
use crate::world::Received;

/// Canaries from this number on are longer.
pub const LONG_FROM: u64 = 5_000_000_000;
/// Letters of the number in a canary.
const MIXED_LENGTH: usize = 16;
/// Longest file in an archive that is looked at.
const UNPACKED_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A text that stands in one place only, with those who may receive it.
///
/// Who may is said by the history itself, from the rules in the design, and not asked of the program
/// under test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canary {
    /// The text.
    pub text: String,
    /// Organizations whose members may receive it.
    pub organizations: BTreeSet<&'static str>,
    /// Organizations in which those may receive it who have reports in hand.
    pub desks: BTreeSet<&'static str>,
    /// Those who may receive it beside them, whatever their role.
    pub persons: BTreeSet<Who>,
    /// The advisory it stands in, or the report of which it left.
    pub about: Option<Subject>,
}

/// A canary in the wrong hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// Who received it.
    pub who: Who,
    /// Where.
    pub path: String,
    /// What.
    pub canary: String,
}

impl Canary {
    /// A canary for all of `organizations`.
    pub fn shared(number: u64, place: &str, organizations: BTreeSet<&'static str>) -> Self {
        Self {
            text: text(number, place),
            organizations,
            desks: BTreeSet::new(),
            persons: BTreeSet::new(),
            about: None,
        }
    }

    /// A canary in what passes between the source of a report and its relay: for the relay, and for
    /// the source's organization where the custody names it, else for whoever holds the code.
    pub fn of_report(number: u64, place: &str, filed: &Filed) -> Self {
        Self::original(number, place, filed.relay, filed.source).and(filed.writer())
    }

    /// A canary in an original part: for the relay, and for the source where the custody is named.
    pub fn original(
        number: u64,
        place: &str,
        relay: &'static str,
        source: Option<&'static str>,
    ) -> Self {
        let mut organizations = BTreeSet::from([relay]);
        organizations.extend(source);
        Self::shared(number, place, organizations)
    }

    /// A canary in what leaves of a report: for those who have reports in hand at its relay and where it
    /// goes `to`, and for the source where the custody names it.
    pub fn released(number: u64, place: &str, filed: &Filed, to: &BTreeSet<&'static str>) -> Self {
        let mut canary = Self::shared(number, place, filed.source.into_iter().collect());
        canary.desks = to.iter().copied().chain([filed.relay]).collect();
        canary.about(Subject::Report(filed.report))
    }

    /// A canary that nobody may receive.
    pub fn nobodys(number: u64, place: &str) -> Self {
        Self::shared(number, place, BTreeSet::new())
    }

    /// The same for `who` as well.
    #[must_use]
    pub fn and(mut self, who: Who) -> Self {
        self.persons.insert(who);
        self
    }

    /// The same in the text of that advisory, or in what left of that report.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.about = Some(subject);
        self
    }

    /// Ends every right to it: what it stood in was taken back.
    pub(crate) fn is_nobodys_from_now_on(&mut self) {
        self.organizations.clear();
        self.desks.clear();
        self.persons.clear();
    }

    /// The address of a search for the one word of it that stands nowhere else, with the sentences that are
    /// met: a page that shows the rest has found it, and does not only repeat what was asked.
    pub fn search(&self) -> String {
        let mut words = self.text.split('-');
        let mixed = words.find(|word| word.len() == MIXED_LENGTH);
        format!("/search?q={}&texts=yes", mixed.unwrap_or_default())
    }

    /// Whether `who` may receive it. Who runs a hub, its members or its audit reads no content.
    pub fn may(&self, who: Who) -> bool {
        let reads = !matches!(who.1, Role::Administrator | Role::Auditor | Role::Custodian);
        self.persons.contains(&who)
            || (reads && self.organizations.contains(who.0))
            || (has_reports_in_hand(who) && self.desks.contains(who.0))
    }
}

/// Whether it is the work of `who` to read reports that come to his organization.
pub(crate) fn has_reports_in_hand(who: Who) -> bool {
    matches!(who.1, Role::DutyOfficer | Role::Analyst | Role::Officer)
}

/// The text with `number` at `place`. Texts share no long run of letters, or the border check would
/// take one for a copy of another.
fn text(number: u64, place: &str) -> String {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let tail = if number < LONG_FROM { "" } else { "-and-more" };
    format!("{place}-{mixed:016x}{tail}")
}

/// The canaries in `received` that `who` may not have.
pub fn leaks(who: Who, path: &str, received: &Received, canaries: &[Canary]) -> Vec<Leak> {
    received_of(received, canaries)
        .filter(|canary| !canary.may(who))
        .map(|canary| Leak {
            who,
            path: path.to_owned(),
            canary: canary.text.clone(),
        })
        .collect()
}

/// The canaries that stand in `received`.
pub fn received_of<'c>(
    received: &Received,
    canaries: &'c [Canary],
) -> impl Iterator<Item = &'c Canary> {
    let texts = texts(received);
    let stands = move |canary: &&Canary| texts.iter().any(|text| text.contains(&canary.text));
    canaries.iter().filter(stands)
}

/// Everything that was received, to be searched: headers, the body, and where the body is an archive
/// such as a workbook, the names and contents of its files.
fn texts(received: &Received) -> Vec<String> {
    let mut texts: Vec<String> = received
        .headers
        .iter()
        .map(|(_, value)| value.clone())
        .collect();
    texts.push(String::from_utf8_lossy(&received.body).into_owned());
    let Ok(mut archive) = ZipArchive::new(Cursor::new(received.body.as_slice())) else {
        return texts;
    };
    for place in 0..archive.len() {
        let Ok(file) = archive.by_index(place) else {
            continue;
        };
        texts.extend(file.name().map(Cow::into_owned));
        let mut bytes = Vec::new();
        if file
            .take(UNPACKED_BYTES_MAX)
            .read_to_end(&mut bytes)
            .is_ok()
        {
            texts.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    texts
}
