//! Reports that look as if they belonged together, with the reasons; only among those that the
//! caller may see.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::ReportId;
use domain::part::Subject;
use domain::part::field::{Field, Value};
use domain::search::{Wanted, coded, kind_word, telling_indicators};
use domain::time::{DAY_SECONDS, Timestamp};
use domain::word::Code;
use store::search::{Lookup, Period};

use super::{Desk, at_desk};
use crate::call::{Call, Hub, ReadError};
use crate::intake::{Head, OpenedPart};

/// Most reports suggested.
const ALIKE_MAX: usize = 10;
/// Candidates looked at for each kind of reason.
const CANDIDATES_MAX: u32 = 60;
/// Most indicators looked up.
const INDICATORS_MAX: usize = 24;

/// A report that may belong to the one at hand.
pub struct Alike {
    /// What may be known of it beside its parts.
    pub head: Head,
    /// Why it is suggested, in the order of their weight.
    pub reasons: BTreeSet<Reason>,
}

/// Why two reports may belong together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Both name the same address, file or domain.
    Indicator(String),
    /// Same sector, same kind of event, within a day of each other.
    SectorKindDay,
}

/// What of a report is compared.
struct Traits {
    indicators: BTreeMap<String, String>,
    sectors: BTreeSet<Code>,
    events: BTreeSet<Code>,
    written_at: Option<Timestamp>,
}

/// Reports alike `id` among those the caller may see, most reasons first, then by their names.
///
/// # Errors
/// [`ReadError::NotFound`] when the report is not there for the caller.
pub fn alike(hub: &Hub, call: &Call<'_>, id: ReportId) -> Result<Vec<Alike>, ReadError> {
    let actor = at_desk(call)?;
    let now = call.now;
    hub.store.read(move |reader| {
        let desk = Desk::new(reader, &actor, now);
        let head = desk.head(id)?.ok_or(ReadError::NotFound)?;
        let own = Traits::of(&desk.parts(id)?);
        let mut candidates = BTreeSet::new();
        for (wanted, period) in lookups(&own, &head) {
            let lookup = Lookup::new(reader, &desk.sight, wanted)?;
            let found = lookup.candidates(reader, &desk.sight, None, period, CANDIDATES_MAX)?;
            candidates.extend(found.into_iter().map(|candidate| candidate.subject));
        }
        candidates.remove(&Subject::Report(id));
        let mut alike = Vec::new();
        for subject in candidates {
            let Subject::Report(other) = subject else {
                continue;
            };
            let Some(other_head) = desk.head(other)? else {
                continue;
            };
            let mut reasons = own.shared(&Traits::of(&desk.parts(other)?));
            if other_head.kind != head.kind {
                reasons.remove(&Reason::SectorKindDay);
            }
            if !reasons.is_empty() {
                alike.push(Alike {
                    head: other_head,
                    reasons,
                });
            }
        }
        alike.sort_by_key(|one| (std::cmp::Reverse(one.reasons.len()), one.head.id));
        alike.truncate(ALIKE_MAX);
        Ok(alike)
    })
}

/// Where reports alike are looked for.
fn lookups(own: &Traits, head: &Head) -> Vec<(Wanted, Period)> {
    let mut lookups = Vec::new();
    let one = |word: &String| BTreeSet::from([word.clone()]);
    if !own.indicators.is_empty() {
        let ways = own.indicators.keys().take(INDICATORS_MAX).map(one);
        lookups.push((vec![ways.collect()], Period::default()));
    }
    if let Some(written_at) = own.written_at
        && !own.sectors.is_empty()
        && !own.events.is_empty()
    {
        let codes = |codes: &BTreeSet<Code>| -> Vec<BTreeSet<String>> {
            codes.iter().map(|code| [coded(code)].into()).collect()
        };
        let wanted = vec![
            codes(&own.sectors),
            codes(&own.events),
            vec![[kind_word(head.kind)].into()],
        ];
        let period = Period {
            from: Some(written_at.plus_seconds(-DAY_SECONDS)),
            until: Some(written_at.plus_seconds(DAY_SECONDS + 1)),
        };
        lookups.push((wanted, period));
    }
    lookups
}

impl Traits {
    fn of(parts: &[OpenedPart]) -> Self {
        let codes = |wanted: &[Field]| -> BTreeSet<Code> {
            let bodies = parts.iter().map(|part| part.body.content());
            bodies
                .flat_map(|body| wanted.iter().filter_map(|field| body.value(*field)))
                .filter_map(|value| match value {
                    Value::Codes(codes) => Some(codes.iter().cloned()),
                    _ => None,
                })
                .flatten()
                .collect()
        };
        Self {
            indicators: parts
                .iter()
                .flat_map(|part| telling_indicators(part.body.content()))
                .collect(),
            sectors: codes(&[Field::Sector]),
            events: codes(&[Field::EventTypes, Field::NearMissKind]),
            written_at: parts.iter().map(|part| part.written_at).max(),
        }
    }

    fn shared(&self, other: &Self) -> BTreeSet<Reason> {
        let mut reasons: BTreeSet<Reason> = self
            .indicators
            .iter()
            .filter(|(word, _)| other.indicators.contains_key(*word))
            .map(|(_, spelled)| Reason::Indicator(spelled.clone()))
            .collect();
        let apart = self
            .written_at
            .zip(other.written_at)
            .map(|(one, other)| one.seconds_since(other).abs());
        if apart.is_some_and(|apart| apart <= DAY_SECONDS)
            && !self.sectors.is_disjoint(&other.sectors)
            && !self.events.is_disjoint(&other.events)
        {
            reasons.insert(Reason::SectorKindDay);
        }
        reasons
    }
}
