//! Search over what the caller may read, newest first.
//!
//! The index leads to candidates of the caller's own shelves; each is opened through the gate, and
//! only what meets the query there is listed. A list shows codes and times. Excerpts are texts:
//! they are shown when asked for, and showing them is noted as reading.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::advisory::AdvisoryKind;
use domain::id::{AdvisoryId, OrganizationId};
use domain::part::field::Field;
use domain::part::{PartBody, PartKind, Subject};
use domain::policy::{Action, permits};
use domain::reference::ReferenceData;
use domain::reference::table::Table;
use domain::release::Visible;
use domain::report::ReportKind;
use domain::search::{ADVISORY_WORD, Query, kind_word};
use domain::time::Timestamp;
use domain::word::Code;
use seal::random::Random;
use store::part::Cursor as Position;
use store::part::{Facets, Sight, visible_facets_of};
use store::search::{Candidate, Lookup};
use store::{Reader, Stamp, StoreError, Tx, advisory, report, search};

use crate::addressing::OrganizationLabel;
use crate::call::{Call, Hub, ReadError};
use crate::inbox::issuer;
use crate::intake::{Cursor, Head, OpenedPart, PAGE_ROWS, Page, When, note, readable};

pub use store::search::Period;

/// Candidates that one page looks at; then it ends, with fewer rows, and the next goes on.
const CANDIDATES_MAX: usize = 1_000;
/// Subjects shelved in one transaction while the index is written anew.
const BATCH_MAX: u32 = 100;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The terms.
    pub query: Query,
    /// One kind only; `None` for all.
    pub kind: Option<Wanted>,
    /// When it became visible to the caller.
    pub period: Period,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// Whether texts are shown.
    pub excerpts: Excerpts,
}

/// Which kind of item is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Reports of one kind.
    Report(ReportKind),
    /// Advisories.
    Advisory,
}

/// Whether the list shows the sentences that were met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Excerpts {
    /// Codes and times alone.
    #[default]
    Hidden,
    /// The sentence that met the query; noted as reading.
    Shown,
}

/// A row of the results.
pub struct Hit {
    /// What was found.
    pub found: Found,
    /// Since when it is there for the caller, to the second at the closest.
    pub seen_at: When,
    /// Kinds of the parts that meet a term.
    pub parts: Vec<PartKind>,
    /// Codes that the caller's parts carry.
    pub facets: Facets,
    /// The field and sentence that met a term; `None` when not asked for, or when a code did.
    pub excerpt: Option<Visible<Option<(Field, String)>>>,
}

/// What a row stands for.
pub enum Found {
    /// A report that comes to the caller's desk.
    Report(Head),
    /// A report of the caller's own organization.
    Own(Head),
    /// An advisory.
    Advisory {
        /// Its id.
        id: AdvisoryId,
        /// What it is.
        kind: AdvisoryKind,
        /// The number people use.
        number: String,
        /// Who issued it.
        issuer: OrganizationLabel,
    },
}

/// One page of what the caller may read and what meets `asked`, newest first.
///
/// # Errors
/// [`ReadError::NotFound`] when the role reads nothing.
pub fn search(hub: &Hub, call: &Call<'_>, asked: Asked) -> Result<Page<Hit>, ReadError> {
    if !may_search(call.actor) {
        return Err(ReadError::NotFound);
    }
    let query = asked.query.clone().named_by(names(&hub.reference));
    let after = asked.after.as_ref();
    let after = after
        .map(|cursor| cursor.open(hub, call.actor))
        .transpose()?;
    let desk = Desk {
        query,
        actor: call.actor.clone(),
        now: call.now,
        asked,
        after,
    };
    Ok(run(hub, call, desk)?.sealed(hub, call.actor))
}

fn run(hub: &Hub, call: &Call<'_>, desk: Desk) -> Result<Page<Hit, Position>, ReadError> {
    if desk.asked.excerpts == Excerpts::Shown && !desk.query.is_empty() {
        return hub.store.write(call.stamp("search.read"), move |tx| {
            let mut page = desk.page(tx)?;
            for (hit, parts) in &mut page.rows {
                desk.excerpt(tx, hit, std::mem::take(parts))?;
            }
            Ok(without_parts(page))
        });
    }
    hub.store
        .read(move |reader| desk.page(reader).map(without_parts))
}

/// Whether the role may search at all: whoever reads reports or advisories.
fn may_search(actor: &Actor) -> bool {
    [
        Action::Intake,
        Action::Triage,
        Action::ReadAdvisory,
        Action::Submit,
    ]
    .iter()
    .any(|action| permits(actor, *action))
}

/// Writes the index anew, when another version of the rules wrote it; how many subjects were
/// shelved.
///
/// # Errors
/// When the store fails; the next start tries again.
pub fn bring_up_to_date(hub: &Hub, now: Timestamp, random: &Random) -> Result<u64, StoreError> {
    if hub.store.read(search::is_current)? {
        return Ok(0);
    }
    rebuild(hub, now, random)
}

/// Writes the whole index anew; how many subjects were shelved.
pub fn rebuild(hub: &Hub, now: Timestamp, random: &Random) -> Result<u64, StoreError> {
    let mut after = String::new();
    let mut shelved = 0;
    loop {
        let from = after.clone();
        let stamp = Stamp {
            name: "search.rebuild",
            now,
            random: random.derive(&format!("search.rebuild {from}")),
        };
        let last = hub.store.write::<_, StoreError>(stamp, move |tx| {
            let subjects = search::subjects(tx, &from, BATCH_MAX)?;
            for subject in &subjects {
                search::shelve(tx, *subject)?;
            }
            if subjects.is_empty() {
                search::mark_current(tx)?;
            }
            Ok(subjects
                .last()
                .map(|last| (last.to_string(), subjects.len())))
        })?;
        let Some((last, count)) = last else {
            return Ok(shelved);
        };
        after = last;
        shelved += u64::try_from(count).unwrap_or(u64::MAX);
    }
}

/// A search under way.
struct Desk {
    query: Query,
    actor: Actor,
    now: Timestamp,
    asked: Asked,
    /// Where the page before ended.
    after: Option<Position>,
}

/// A hit with the parts it was found in.
type Opened = (Hit, Vec<OpenedPart>);

impl Desk {
    fn page(&self, reader: &Reader<'_>) -> Result<Page<Opened, Position>, ReadError> {
        let sight = Sight::of(&self.actor, self.now);
        let lookup = Lookup::new(reader, &sight, self.wanted())?;
        let mut last = match &self.after {
            Some(cursor) => Some(lookup.resume(reader, cursor)?),
            None => None,
        };
        // From the newest on, whatever comes again has come before.
        let from_newest = last.is_none() && self.asked.period.until.is_none();
        let mut seen = BTreeSet::new();
        let mut rows: Vec<Opened> = Vec::new();
        let mut looked_at = 0;
        let next = loop {
            let found = lookup.candidates(
                reader,
                &sight,
                last.as_ref(),
                self.asked.period,
                PAGE_ROWS + 1,
            )?;
            let exhausted = found.len() <= PAGE_ROWS as usize;
            let mut is_full = false;
            for candidate in found {
                is_full = rows.len() == PAGE_ROWS as usize || looked_at == CANDIDATES_MAX;
                if is_full {
                    break;
                }
                looked_at += 1;
                let is_repeated = if from_newest {
                    !seen.insert(candidate.subject)
                } else {
                    lookup.is_repeated(reader, &candidate)?
                };
                if !is_repeated {
                    rows.extend(self.open(reader, &candidate)?);
                }
                last = Some(candidate);
            }
            if is_full {
                break last.map(|last| last.cursor());
            }
            if exhausted {
                break None;
            }
        };
        let subjects: Vec<Subject> = rows.iter().map(|(hit, _)| hit.found.subject()).collect();
        let mut facets = visible_facets_of(reader, &sight, &subjects)?;
        for (hit, _) in &mut rows {
            hit.facets = facets.remove(&hit.found.subject()).unwrap_or_default();
        }
        Ok(Page { rows, next })
    }

    /// The candidate as a row, when it meets the query and the caller has a page for it.
    fn open(
        &self,
        reader: &Reader<'_>,
        candidate: &Candidate,
    ) -> Result<Option<Opened>, ReadError> {
        let mut parts = readable(reader, &self.actor, candidate.subject, self.now)?;
        parts.retain(|part| part.kind != PartKind::Source);
        let bodies: Vec<&PartBody> = parts.iter().map(|part| part.body.content()).collect();
        let Some(met_in) = self.query.met_in(&bodies).filter(|_| !bodies.is_empty()) else {
            return Ok(None);
        };
        let Some(found) = self.found(reader, candidate.subject)? else {
            return Ok(None);
        };
        let parts: Vec<OpenedPart> = parts
            .into_iter()
            .enumerate()
            .filter(|(place, _)| met_in.contains(place))
            .map(|(_, part)| part)
            .collect();
        let hit = Hit {
            seen_at: found.seen(candidate.seen_at),
            found,
            parts: kinds(&parts),
            facets: Facets::new(),
            excerpt: None,
        };
        Ok(Some((hit, parts)))
    }

    fn found(&self, reader: &Reader<'_>, subject: Subject) -> Result<Option<Found>, ReadError> {
        let may = |action| permits(&self.actor, action);
        match subject {
            Subject::Report(id) => {
                let Some(report) = report::find(reader, id)? else {
                    return Ok(None);
                };
                let head = Head::of(report, self.actor.organization);
                let own = owner(reader, subject)? == Some(self.actor.organization);
                Ok(if may(Action::Intake) || may(Action::Triage) {
                    Some(Found::Report(head))
                } else if own && (may(Action::Submit) || may(Action::ReadReceipts)) {
                    Some(Found::Own(head))
                } else if may(Action::ReadShared) {
                    Some(Found::Report(head))
                } else {
                    None
                })
            }
            Subject::Advisory(id) if may(Action::ReadAdvisory) => {
                let Some(row) = advisory::find(reader, id)? else {
                    return Ok(None);
                };
                Ok(Some(Found::Advisory {
                    id,
                    kind: row.advisory.kind,
                    issuer: issuer(reader, &row)?,
                    number: row.number,
                }))
            }
            Subject::Advisory(_) | Subject::Finding(_) => Ok(None),
        }
    }

    /// Puts the sentence that was met into `hit`; the part it stands in is noted as read.
    fn excerpt(
        &self,
        tx: &Tx<'_>,
        hit: &mut Hit,
        parts: Vec<OpenedPart>,
    ) -> Result<(), StoreError> {
        let shown = parts
            .into_iter()
            .find(|part| self.query.excerpt(part.body.content()).is_some());
        let Some(part) = shown else {
            return Ok(());
        };
        let subject = hit.found.subject();
        let owner = owner(tx, subject)?;
        let parts = [part];
        if owner != Some(self.actor.organization) {
            note(tx, &self.actor, &parts, subject, owner)?;
        }
        let [part] = parts;
        hit.excerpt = Some(part.body.map(|body| self.query.excerpt(&body)));
        Ok(())
    }

    fn wanted(&self) -> domain::search::Wanted {
        let mut wanted = self.query.wanted();
        let word = self.asked.kind.map(|kind| match kind {
            Wanted::Report(kind) => kind_word(kind),
            Wanted::Advisory => ADVISORY_WORD.to_owned(),
        });
        wanted.extend(word.map(|word| vec![[word].into()]));
        wanted
    }
}

impl Found {
    /// The report or advisory.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Report(head) | Self::Own(head) => Subject::Report(head.id),
            Self::Advisory { id, .. } => Subject::Advisory(*id),
        }
    }

    /// When it became visible, as closely as the caller may know it.
    fn seen(&self, at: Timestamp) -> When {
        match self {
            Self::Report(head) => When::of(head, None, at),
            Self::Own(_) | Self::Advisory { .. } => When::Moment(at),
        }
    }
}

fn without_parts(page: Page<Opened, Position>) -> Page<Hit, Position> {
    Page {
        rows: page.rows.into_iter().map(|(hit, _)| hit).collect(),
        next: page.next,
    }
}

fn kinds(parts: &[OpenedPart]) -> Vec<PartKind> {
    let mut kinds: Vec<PartKind> = parts.iter().map(|part| part.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Whose item it is: the source of a named report, the issuer of an advisory.
fn owner(reader: &Reader<'_>, subject: Subject) -> Result<Option<OrganizationId>, StoreError> {
    Ok(match subject {
        Subject::Report(id) => report::source(reader, id)?.map(|link| link.organization),
        Subject::Advisory(id) => advisory::find(reader, id)?.map(|row| row.advisory.issuer),
        Subject::Finding(_) => None,
    })
}

/// Names in both languages of the codes that reports carry.
fn names(lists: &ReferenceData) -> Vec<(&Code, &str)> {
    fn of<T>(table: &Table<T>) -> impl Iterator<Item = (&Code, &str)> {
        table
            .rows()
            .iter()
            .flat_map(|row| [(&row.code, row.name.ja()), (&row.code, row.name.en())])
    }
    let mut names: Vec<(&Code, &str)> = Vec::new();
    names.extend(of(&lists.event_types));
    names.extend(of(&lists.causes));
    names.extend(of(&lists.places));
    names.extend(of(&lists.services));
    names.extend(of(&lists.prefectures));
    names.extend(of(&lists.regions));
    names.extend(of(&lists.sectors));
    names.extend(of(&lists.near_miss_kinds));
    names.extend(of(&lists.no_harm_reasons));
    names
}
