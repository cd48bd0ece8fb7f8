//! Drafts of a first report: what was typed so far, kept as it was typed.
//!
//! A half-written date must survive the night, so a draft holds texts and not answers; the answers
//! are read from it when it is checked and sent. Nobody but its author ever reads a draft.
//!
//! Two windows may have the same draft open. Each field remembers which window wrote it last, so
//! that nobody overwrites unread what the other window wrote: the first try is told, the second one
//! wins.

use std::collections::BTreeMap;

use jiff::tz::Offset;

use crate::confidential::Confidential;
use crate::id::{DraftId, OrganizationId, ReportId};
use crate::part::PartBody;
use crate::part::field::{Precision, Value};
use crate::time::{DAY_SECONDS, Timestamp};
use crate::word::Code;

/// How long a draft is kept after it was last written, in seconds: 14 days.
pub const DRAFT_SECONDS: i64 = 14 * DAY_SECONDS;
/// Most bytes of all texts of a draft together.
pub const DRAFT_BYTES_MAX: usize = 256 * 1024;
/// Most fields of a draft.
pub const DRAFT_FIELDS_MAX: usize = 64;

/// What was typed, by the name of the form's field.
pub type Typed = BTreeMap<Code, Vec<String>>;

/// A draft as its author sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The organization it is written for.
    pub organization: OrganizationId,
    /// The near miss it was begun from.
    pub promoted_from: Option<ReportId>,
    /// Sixteen digits that find it again; `None` for a draft kept under its author's name.
    pub mailbox_code: Option<String>,
    /// Counts the writes, from 1.
    pub revision: u32,
    /// The fields.
    pub entries: BTreeMap<Code, Entry>,
    /// When it was last written.
    pub updated_at: Timestamp,
}

/// One field of a draft.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// What was typed or chosen.
    pub values: Vec<String>,
    /// The draft's revision at which it was written.
    pub revision: u32,
    /// The window that wrote it.
    pub window: Code,
}

/// One page of a draft as it was sent.
pub struct Page {
    /// The window it was sent from.
    pub window: Code,
    /// The draft's revision that the page was made from.
    pub based_on: u32,
    /// Every field of the page, blank ones too.
    pub typed: Typed,
}

/// What became of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The draft's revision now.
    pub revision: u32,
    /// Fields that another window has changed since the page was made; they are left as they are.
    pub clashes: Vec<Code>,
}

/// More was typed than a draft holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a draft holds at most {DRAFT_BYTES_MAX} bytes in {DRAFT_FIELDS_MAX} fields; shorten it")]
pub struct DraftFull;

impl Draft {
    /// An empty draft.
    pub fn new(id: DraftId, organization: OrganizationId, now: Timestamp) -> Self {
        Self {
            id,
            organization,
            promoted_from: None,
            mailbox_code: None,
            revision: 1,
            entries: BTreeMap::new(),
            updated_at: now,
        }
    }

    /// The first value of `name`; empty when nothing was typed.
    pub fn one(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// Every value of `name`.
    pub fn all(&self, name: &str) -> &[String] {
        self.entries
            .get(name)
            .map_or(&[], |entry| entry.values.as_slice())
    }

    /// What was typed, without the marks of the windows.
    pub fn typed(&self) -> Typed {
        let pair = |(name, entry): (&Code, &Entry)| (name.clone(), entry.values.clone());
        self.entries.iter().map(pair).collect()
    }

    /// Whether anything was typed under `name`.
    pub fn says(&self, name: &str) -> bool {
        self.all(name).iter().any(|value| !value.trim().is_empty())
    }

    /// Lays `page` over the draft.
    ///
    /// # Errors
    /// [`DraftFull`]; the draft is then as it was.
    pub fn write(&mut self, page: Page, now: Timestamp) -> Result<Written, DraftFull> {
        let next = self.revision.saturating_add(1);
        let mut entries = self.entries.clone();
        let mut clashes = Vec::new();
        for (name, values) in page.typed {
            let there = entries.get(&name);
            if there.map_or(values.is_empty(), |there| there.values == values) {
                continue;
            }
            let foreign =
                |there: &Entry| there.revision > page.based_on && there.window != page.window;
            if there.is_some_and(foreign) {
                clashes.push(name);
                continue;
            }
            let window = page.window.clone();
            let entry = Entry {
                values,
                revision: next,
                window,
            };
            entries.insert(name, entry);
        }
        let bytes: usize = entries
            .values()
            .flat_map(|entry| entry.values.iter().map(String::len))
            .sum();
        if bytes > DRAFT_BYTES_MAX || entries.len() > DRAFT_FIELDS_MAX {
            return Err(DraftFull);
        }
        if entries != self.entries {
            self.entries = entries;
            self.revision = next;
        }
        self.updated_at = now;
        Ok(Written {
            revision: self.revision,
            clashes,
        })
    }
}

/// Lays `page` over a draft that stays in its box.
///
/// # Errors
/// [`DraftFull`].
pub fn written(
    draft: Confidential<Draft>,
    page: Page,
    now: Timestamp,
) -> Result<(Confidential<Draft>, Written), DraftFull> {
    let mut draft = draft.into_content();
    let written = draft.write(page, now)?;
    Ok((Confidential::new(draft), written))
}

/// The organization a boxed draft is written for, and the near miss it was begun from: what the hub
/// has to know of it.
pub fn belongs_to(draft: &Confidential<Draft>) -> (OrganizationId, Option<ReportId>) {
    let draft = draft.content();
    (draft.organization, draft.promoted_from)
}

/// What one would have typed to give `answers`: begins a draft from a report that is there. What is
/// unknown is left blank.
pub fn typed(answers: Confidential<PartBody>) -> Confidential<Typed> {
    let typed = answers
        .into_content()
        .into_fields()
        .into_iter()
        .filter(|(_, value)| *value != Value::Unknown)
        .filter_map(|(field, value)| Some((field.word().parse().ok()?, spelled(&value))))
        .collect();
    Confidential::new(typed)
}

/// A new draft that begins with `typed`.
pub fn begun(draft: Draft, typed: Confidential<Typed>, window: &Code) -> Confidential<Draft> {
    let entries = typed.into_content().into_iter().map(|(name, values)| {
        let entry = Entry {
            values,
            revision: draft.revision,
            window: window.clone(),
        };
        (name, entry)
    });
    let entries = entries.collect();
    Confidential::new(Draft { entries, ..draft })
}

/// An answer as one would type it; nothing for what is unknown.
pub fn spelled(value: &Value) -> Vec<String> {
    match value {
        Value::Unknown | Value::Finding(_) => Vec::new(),
        Value::Text(text) => vec![text.clone()],
        Value::Codes(codes) => codes.iter().map(ToString::to_string).collect(),
        Value::Answer(answer) => vec![answer.word().to_owned()],
        Value::Moment(at, precision) => vec![spelled_moment(*at, *precision)],
    }
}

/// A moment as one types it, in Japan time: `2026/11/21 03:12`, or as much of it as is known. A
/// month is spelled by its first day, which the author then corrects.
fn spelled_moment(at: Timestamp, precision: Precision) -> String {
    // Japan keeps one offset all year.
    let local = Offset::constant(9).to_datetime(at.to_jiff());
    let (year, month, day) = (local.year(), local.month(), local.day());
    match precision {
        Precision::Minute => format!(
            "{year}/{month:02}/{day:02} {:02}:{:02}",
            local.hour(),
            local.minute()
        ),
        Precision::Hour => format!("{year}/{month:02}/{day:02} {}時", local.hour()),
        Precision::Day => format!("{year}/{month:02}/{day:02}"),
        Precision::Month => format!("{year}/{month:02}/01"),
    }
}

#[cfg(test)]
mod tests;
