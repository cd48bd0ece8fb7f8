//! Grouping reports into incidents, taking them out again, and what looks as if it belonged together.
//!
//! A grouping is the desk's own. A reader is told of the members he may see and of nothing else: an
//! incident none of whose members he may see is not there for him.
//!
//! INVARIANT: nothing here tells of a report that the reader may not see, be it by a member, a
//! count, a reason or an order.

mod alike;

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::confidential::Confidential;
use domain::id::{IncidentId, PersonId, ReportId};
use domain::part::field::Field;
use domain::part::{PartKind, Subject};
use domain::policy::Action;
use domain::release::{Visible, of_desk};
use domain::severity::Severity;
use domain::time::Timestamp;
use domain::word::Code;
use store::incident::{self, Incident, Membership};
use store::log::{Entry, record};
use store::part::{Sight, visible_facets};
use store::{Reader, StoreError, Tx, opinion, person, report};

use crate::call::{Call, Hub, ReadError};
use crate::intake::{Head, When, readable};

pub use alike::{Alike, Reason, alike};
pub use store::incident::{NAME_CHARS_MAX, Name, WHY_CHARS_MAX, Why};

/// Incidents on one list.
pub const INCIDENT_ROWS: u32 = 200;

/// Where a report is put.
pub enum Into {
    /// A new incident of that name.
    New(Name),
    /// One that is there.
    Existing(IncidentId),
}

/// An incident on a list.
pub struct Listed {
    /// Its id.
    pub id: IncidentId,
    /// What the analysts call it.
    pub name: Visible<Name>,
    /// When it was begun.
    pub opened_at: Timestamp,
    /// How many members the reader may see.
    pub member_count: usize,
}

/// An incident as one reader has it.
pub struct Shown {
    /// Its id.
    pub id: IncidentId,
    /// What the analysts call it.
    pub name: Visible<Name>,
    /// When it was begun.
    pub opened_at: Timestamp,
    /// The members this reader may see, the newest first.
    pub members: Vec<Member>,
    /// Who put which of the reports that this reader may see in or out, oldest first.
    pub steps: Vec<Step>,
}

/// A report in an incident.
pub struct Member {
    /// What may be known of it beside its parts.
    pub head: Head,
    /// Since when it is there for the reader.
    pub seen_at: When,
    /// The highest opinion that is shown to the reader.
    pub severity: Option<Severity>,
    /// Codes that the reader's parts carry.
    pub facets: BTreeMap<Field, Vec<Code>>,
}

/// One report put in or taken out.
pub struct Step {
    /// The report, by the name it is spoken of.
    pub head: Head,
    /// In or out.
    pub way: Way,
    /// When.
    pub at: Timestamp,
    /// Name of the colleague; `None` when he was erased.
    pub person: Option<Visible<String>>,
    /// Why.
    pub why: Option<Visible<Why>>,
}

/// Whether a report was put in or taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Put in.
    In,
    /// Taken out.
    Out,
}

/// Puts `report` into an incident; which.
///
/// # Errors
/// [`ReadError::NotFound`] when the caller may not group, or may not see the report or incident.
pub fn group(
    hub: &Hub,
    call: &Call<'_>,
    reports: Vec<ReportId>,
    into: Into,
    why: Why,
) -> Result<IncidentId, ReadError> {
    if !call.may(Action::GroupIncident) || reports.is_empty() {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    let id = IncidentId::from_random(call.random.derive("incident.id").bytes());
    hub.store.write(call.stamp("incident.group"), move |tx| {
        let desk = Desk::new(tx, &actor, tx.now());
        for report in &reports {
            desk.require(*report)?;
        }
        let id = match into {
            Into::New(name) => begin(tx, &actor, id, name)?,
            Into::Existing(id) => desk.incident(id)?.id,
        };
        let held = incident::stays(tx, id)?;
        for report in reports {
            let is_in = held
                .iter()
                .any(|stay| stay.report == report && stay.removed.is_none());
            if !is_in {
                incident::add(tx, id, report, actor.person, &why)?;
                log(tx, "report-grouped", id, report, &actor)?;
            }
        }
        Ok(id)
    })
}

/// Takes `report` out of an incident. The stay remains, with who, when and why.
///
/// # Errors
/// [`ReadError::NotFound`] when the caller may not group, or one of the two is not there for him.
pub fn ungroup(
    hub: &Hub,
    call: &Call<'_>,
    id: IncidentId,
    report: ReportId,
    why: Why,
) -> Result<(), ReadError> {
    if !call.may(Action::GroupIncident) {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("incident.ungroup"), move |tx| {
        let desk = Desk::new(tx, &actor, tx.now());
        desk.incident(id)?;
        desk.require(report)?;
        let held = incident::stays(tx, id)?;
        let stay = held
            .iter()
            .find(|stay| stay.report == report && stay.removed.is_none())
            .ok_or(ReadError::NotFound)?;
        incident::remove(tx, stay, actor.person, &why)?;
        Ok(log(tx, "report-ungrouped", id, report, &actor)?)
    })
}

/// Moves the members that the caller may see from one incident into another.
///
/// # Errors
/// [`ReadError::NotFound`] when the caller may not group, or one of the two is not there for him.
pub fn merge(
    hub: &Hub,
    call: &Call<'_>,
    from: IncidentId,
    into: IncidentId,
    why: Why,
) -> Result<(), ReadError> {
    if !call.may(Action::GroupIncident) || from == into {
        return Err(ReadError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("incident.merge"), move |tx| {
        let desk = Desk::new(tx, &actor, tx.now());
        desk.incident(from)?;
        desk.incident(into)?;
        let there = incident::stays(tx, into)?;
        for stay in incident::stays(tx, from)? {
            if stay.removed.is_some() || desk.head(stay.report)?.is_none() {
                continue;
            }
            incident::remove(tx, &stay, actor.person, &why)?;
            log(tx, "report-ungrouped", from, stay.report, &actor)?;
            let is_in = there
                .iter()
                .any(|other| other.report == stay.report && other.removed.is_none());
            if !is_in {
                incident::add(tx, into, stay.report, actor.person, &why)?;
                log(tx, "report-grouped", into, stay.report, &actor)?;
            }
        }
        Ok(())
    })
}

/// The caller's incidents, newest first.
///
/// # Errors
/// [`ReadError::NotFound`] when the role has no such desk.
pub fn list(hub: &Hub, call: &Call<'_>) -> Result<Vec<Listed>, ReadError> {
    let actor = at_desk(call)?;
    let now = call.now;
    hub.store.read(move |reader| {
        let desk = Desk::new(reader, &actor, now);
        let found = incident::visible(reader, &desk.sight, actor.organization, INCIDENT_ROWS)?;
        found
            .into_iter()
            .map(|incident| {
                let mut member_count = 0;
                for stay in incident::stays(reader, incident.id)? {
                    let counts = stay.removed.is_none() && desk.head(stay.report)?.is_some();
                    member_count += usize::from(counts);
                }
                desk.listed(incident, member_count)
            })
            .collect()
    })
}

/// The caller's incidents that hold `report`.
///
/// # Errors
/// [`ReadError::NotFound`] when the report is not there for the caller.
pub fn of_report(hub: &Hub, call: &Call<'_>, id: ReportId) -> Result<Vec<Listed>, ReadError> {
    let actor = at_desk(call)?;
    let now = call.now;
    hub.store.read(move |reader| {
        let desk = Desk::new(reader, &actor, now);
        desk.require(id)?;
        let mut found = Vec::new();
        for id in incident::holding(reader, id)? {
            if let Ok(incident) = desk.incident(id) {
                found.push(desk.listed(incident, 1)?);
            }
        }
        Ok(found)
    })
}

/// One incident, with the members the caller may see.
///
/// # Errors
/// [`ReadError::NotFound`] when it is not there for the caller, or none of its members is.
pub fn show(hub: &Hub, call: &Call<'_>, id: IncidentId) -> Result<Shown, ReadError> {
    let actor = at_desk(call)?;
    let now = call.now;
    hub.store.read(move |reader| {
        let desk = Desk::new(reader, &actor, now);
        let incident = desk.incident(id)?;
        let mut members = Vec::new();
        let mut steps = Vec::new();
        for stay in incident::stays(reader, id)? {
            let Some(head) = desk.head(stay.report)? else {
                continue;
            };
            if stay.removed.is_none() {
                members.push(desk.member(head.clone())?);
            }
            desk.steps(&mut steps, head, stay)?;
        }
        if steps.is_empty() {
            return Err(ReadError::NotFound);
        }
        members.sort_by_key(|member| std::cmp::Reverse((member.seen_at.begin(), member.head.id)));
        steps.sort_by_key(|step| step.at);
        Ok(Shown {
            id,
            name: of_desk(&actor, incident.organization, incident.name)
                .map_err(|_| ReadError::NotFound)?,
            opened_at: incident.opened_at,
            members,
            steps,
        })
    })
}

/// Who looks, and what of the desk is there for him.
pub(crate) struct Desk<'r, 'a> {
    pub(crate) reader: &'r Reader<'a>,
    pub(crate) actor: &'r Actor,
    pub(crate) sight: Sight,
    pub(crate) now: Timestamp,
}

impl<'r, 'a> Desk<'r, 'a> {
    pub(crate) fn new(reader: &'r Reader<'a>, actor: &'r Actor, now: Timestamp) -> Self {
        Self {
            reader,
            actor,
            sight: Sight::of(actor, now),
            now,
        }
    }

    /// The head of a report of which the actor may see a part; `None` otherwise.
    pub(crate) fn head(&self, id: ReportId) -> Result<Option<Head>, StoreError> {
        if self.seen_at(id)?.is_none() {
            return Ok(None);
        }
        let found = report::find(self.reader, id)?;
        Ok(found.map(|report| Head::of(report, self.actor.organization)))
    }

    /// Since when a part of the report is there for the actor; `None` when none is.
    fn seen_at(&self, id: ReportId) -> Result<Option<Timestamp>, StoreError> {
        let kinds = [PartKind::Attack, PartKind::Damage, PartKind::Summary];
        store::part::visible_since(self.reader, &self.sight, Subject::Report(id), &kinds)
    }

    fn require(&self, id: ReportId) -> Result<(), ReadError> {
        self.head(id)?.map(|_| ()).ok_or(ReadError::NotFound)
    }

    fn incident(&self, id: IncidentId) -> Result<Incident, ReadError> {
        let organization = self.actor.organization;
        let found = incident::find(self.reader, &self.sight, organization, id)?
            .ok_or(ReadError::NotFound)?;
        for stay in incident::stays(self.reader, id)? {
            if self.head(stay.report)?.is_some() {
                return Ok(found);
            }
        }
        Err(ReadError::NotFound)
    }

    fn listed(&self, incident: Incident, member_count: usize) -> Result<Listed, ReadError> {
        Ok(Listed {
            id: incident.id,
            name: of_desk(self.actor, incident.organization, incident.name)
                .map_err(|_| ReadError::NotFound)?,
            opened_at: incident.opened_at,
            member_count,
        })
    }

    fn member(&self, head: Head) -> Result<Member, StoreError> {
        let id = head.id;
        let seen_at = self.seen_at(id)?.unwrap_or(self.now);
        let organization = self.actor.organization;
        let opinions = opinion::visible(self.reader, &self.sight, organization, id)?;
        Ok(Member {
            seen_at: When::of(&head, None, seen_at),
            severity: opinions.iter().map(|opinion| opinion.severity).max(),
            facets: visible_facets(self.reader, &self.sight, Subject::Report(id))?,
            head,
        })
    }

    fn steps(&self, steps: &mut Vec<Step>, head: Head, stay: Membership) -> Result<(), StoreError> {
        steps.push(Step {
            head: head.clone(),
            way: Way::In,
            at: stay.added_at,
            person: self.colleague(stay.added_by)?,
            why: self.why(stay.added_why),
        });
        if let Some((person, at)) = stay.removed {
            steps.push(Step {
                head,
                way: Way::Out,
                at,
                person: self.colleague(person)?,
                why: self.why(stay.removed_why),
            });
        }
        Ok(())
    }

    fn colleague(&self, id: PersonId) -> Result<Option<Visible<String>>, StoreError> {
        let Some(card) = person::record(self.reader, id)? else {
            return Ok(None);
        };
        let card = of_desk(self.actor, self.actor.organization, card).ok();
        Ok(card.map(|card| card.map(|card| card.name)))
    }

    fn why(&self, why: Option<Confidential<Why>>) -> Option<Visible<Why>> {
        of_desk(self.actor, self.actor.organization, why?).ok()
    }

    /// The parts of a report that the actor may read, without who reported.
    pub(crate) fn parts(&self, id: ReportId) -> Result<Vec<crate::intake::OpenedPart>, StoreError> {
        let mut parts = readable(self.reader, self.actor, Subject::Report(id), self.now)?;
        parts.retain(|part| part.kind != PartKind::Source);
        Ok(parts)
    }
}

/// The caller, if his role has a desk on which reports lie.
pub(crate) fn at_desk(call: &Call<'_>) -> Result<Actor, ReadError> {
    if call.may(Action::Intake) || call.may(Action::Triage) {
        Ok(call.actor.clone())
    } else {
        Err(ReadError::NotFound)
    }
}

fn begin(tx: &Tx<'_>, actor: &Actor, id: IncidentId, name: Name) -> Result<IncidentId, StoreError> {
    let incident = Incident {
        id,
        organization: actor.organization,
        purpose: actor.purpose.clone(),
        clearance: actor.clearance,
        name: Confidential::new(name),
        opened_at: tx.now(),
    };
    incident::insert(tx, &incident)?;
    Ok(id)
}

/// The source is not told: how a desk sorts what it has is its own work.
fn log(
    tx: &Tx<'_>,
    event: &'static str,
    id: IncidentId,
    report: ReportId,
    actor: &Actor,
) -> Result<(), StoreError> {
    let entry = Entry {
        event,
        object: id.to_string(),
        owner: None,
        facts: vec![
            ("report", report.to_string()),
            ("organization", actor.organization.to_string()),
            ("person", actor.person.to_string()),
        ],
    };
    record(tx, &entry)
}
