//! A carrier sends in what it found.
//!
//! Sending the same again changes nothing; what is newer than what was there becomes its next
//! version, which takes the place of the one before, and what is older is passed over. Stricter terms
//! are taken with any of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::audience::{CircleMap, audience};
use domain::confidential::Confidential;
use domain::finding::{FINDINGS_MAX, FINDINGS_OPEN_MAX, Finding, SHARED_DAYS_MAX, Server};
use domain::handling::{Circle, Consent, Handling, Tlp};
use domain::id::{CandidateId, FindingId, OrganizationId, PartId, PersonId};
use domain::organization::Clearance;
use domain::part::field::{Field, Value};
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::policy::Action;
use domain::release::{Again, Visible, again, own};
use domain::report::Channel;
use domain::time::{DAY_SECONDS, Timestamp};
use domain::word::Code;
use flow::finding::{LinesError, read_lines};
use seal::random::Random;
use store::finding::FindingRow;
use store::finding::sight;
use store::log::{Entry, record};
use store::part::latest_for_work;
use store::{Reader, StoreError, Tx, finding, organization, part};

use super::turned::turned;
use crate::call::{Call, Hub};

/// How far the clock of a carrier may be ahead.
const AHEAD_SECONDS_MAX: i64 = 3_600;

/// Under which terms a carrier sends what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingTerms {
    /// The label.
    pub tlp: Tlp,
    /// What it may be used for.
    pub purposes: BTreeSet<Code>,
    /// Whom it may reach, beside the carrier and its secretariat.
    pub circles: BTreeSet<Circle>,
    /// Whether it may be passed on to the national center.
    pub consent: Consent,
    /// Days for which it is shared, from now.
    pub days: i64,
}

/// A line that is no finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongLine {
    /// Which, from 1.
    pub line: usize,
    /// A fixed word for what is wrong with it.
    pub fault: &'static str,
    /// The same in English, with what stands there.
    pub detail: String,
}

/// What was understood of a text.
pub struct Understood {
    /// The findings in the order of the lines.
    pub findings: Visible<Vec<Finding>>,
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was new.
    New,
    /// It took the place of an older one of the same server.
    Newer,
    /// It was there already, and its terms now hold to what was sent as well.
    Tightened,
    /// It was there already, or a newer one was; or a person took it back or let it end, and a
    /// program sent it.
    Known,
    /// It was not taken: the carrier shares [`FINDINGS_OPEN_MAX`] already. Those that it shares are
    /// still brought up to date.
    Full,
}

/// A finding that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The finding.
    pub finding: FindingId,
    /// The candidate that it is about.
    pub candidate: CandidateId,
    /// What became of it.
    pub fate: Fate,
}

/// Why nothing was taken.
#[derive(Debug, thiserror::Error)]
pub enum ArriveError {
    /// The caller's role does not send findings in.
    #[error("this role does not send findings in")]
    NotPermitted,
    /// The carrier is joined to no relay.
    #[error("your organization is not joined to a CEPTOAR or ISAC; ask the hub's desk")]
    NoRelay,
    /// There is no finding in the text.
    #[error("there is no finding; send one JSON object a line")]
    Nothing,
    /// There are too many.
    #[error("more than {FINDINGS_MAX} findings; send them in several texts")]
    Many,
    /// Some lines are wrong; nothing of the others was taken either.
    #[error("some lines are no findings")]
    Wrong(Vec<WrongLine>),
    /// Nobody could use them, or for longer than can be asked.
    #[error("the terms reach nobody, or last longer than {SHARED_DAYS_MAX} days")]
    Terms,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom findings reach where their carrier says nothing else: the members of its community and the
/// national center.
pub fn default_circles() -> BTreeSet<Circle> {
    [Circle::CeptoarMembers, Circle::NationalCenter].into()
}

/// Reads `text`, one finding a line, and takes nothing.
///
/// # Errors
/// [`ArriveError`] as [`submit`] has it; wrong lines are all named.
pub fn understand(call: &Call<'_>, text: &str) -> Result<Understood, ArriveError> {
    if !call.may(Action::SubmitFindings) {
        return Err(ArriveError::NotPermitted);
    }
    let findings = own(Confidential::new(read(text, call.now)?));
    Ok(Understood { findings })
}

/// Takes the findings of `text` under `terms`, all of them or none; in the same order what became of
/// each.
///
/// # Errors
/// [`ArriveError::Wrong`] names every line that is no finding.
pub fn submit(
    hub: &Hub,
    call: &Call<'_>,
    text: &str,
    terms: FindingTerms,
) -> Result<Vec<Taken>, ArriveError> {
    if !call.may(Action::SubmitFindings) {
        return Err(ArriveError::NotPermitted);
    }
    let findings = read(text, call.now)?;
    let handling = terms.handling(call.now).ok_or(ArriveError::Terms)?;
    let actor = call.actor.clone();
    let channel = if actor.scope.is_some() {
        Channel::Api
    } else {
        Channel::Web
    };
    let random = call.random.derive("finding.submit");
    hub.store.write(call.stamp("finding.submit"), move |tx| {
        let source = organization::find(tx, actor.organization)?;
        let relay = source.and_then(|source| source.reports_to);
        let relay = relay.ok_or(ArriveError::NoRelay)?;
        let map = organization::circle_map(tx, relay, Some(actor.organization))?;
        let open_count = finding::open_count(tx, actor.organization, tx.now())?;
        let mut taking = Taking {
            tx,
            random,
            handling,
            map,
            open_count,
            source: actor.organization,
            person: actor.person,
            channel,
        };
        findings.into_iter().map(|each| taking.take(each)).collect()
    })
}

impl FindingTerms {
    /// The terms of one finding; `None` when they reach nobody beside the carrier and its
    /// secretariat for any use, or last too long.
    fn handling(self, now: Timestamp) -> Option<Handling> {
        let in_time = (1..=SHARED_DAYS_MAX).contains(&self.days);
        let mut circles = self.circles;
        circles.extend([Circle::Source, Circle::Secretariat]);
        let handling = Handling {
            tlp: self.tlp,
            purposes: self.purposes,
            circles,
            expires_at: Some(now.plus_seconds(self.days.saturating_mul(DAY_SECONDS))),
            consent: self.consent,
        };
        (in_time && !handling.is_empty()).then_some(handling)
    }
}

fn read(text: &str, now: Timestamp) -> Result<Vec<Finding>, ArriveError> {
    let mut findings = Vec::new();
    let mut wrong = Vec::new();
    let mut lines: BTreeMap<Server, usize> = BTreeMap::new();
    for (place, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        if findings.len() + wrong.len() == FINDINGS_MAX {
            return Err(ArriveError::Many);
        }
        let at = place + 1;
        match read_line(line, now) {
            Ok(found) => {
                if let Some(before) = lines.insert(found.server, at) {
                    wrong.push(WrongLine {
                        line: at,
                        fault: "twice",
                        detail: format!("the same server as on line {before}"),
                    });
                }
                findings.push(found);
            }
            Err((fault, detail)) => wrong.push(WrongLine {
                line: at,
                fault,
                detail,
            }),
        }
    }
    if !wrong.is_empty() {
        return Err(ArriveError::Wrong(wrong));
    }
    if findings.is_empty() {
        return Err(ArriveError::Nothing);
    }
    Ok(findings)
}

/// The finding on one line, or what is wrong with it.
fn read_line(line: &str, now: Timestamp) -> Result<Finding, (&'static str, String)> {
    let read = read_lines(line).map_err(|error| match error {
        LinesError::Line { why, .. } => (why.word(), why.to_string()),
        LinesError::Many => ("spelling", error.to_string()),
    })?;
    let found = read.first().and_then(turned);
    let found = found.ok_or(("spelling", "no finding".to_owned()))?;
    // What lies ahead would stay the newest until then; clocks may differ by a little.
    if found.last_at > now.plus_seconds(AHEAD_SECONDS_MAX) {
        return Err(("future", "the last call lies in the future".to_owned()));
    }
    Ok(found)
}

/// Findings being taken.
struct Taking<'t, 'a> {
    tx: &'t Tx<'a>,
    random: Random,
    handling: Handling,
    map: CircleMap,
    open_count: u64,
    source: OrganizationId,
    person: PersonId,
    channel: Channel,
}

/// What becomes of one finding.
struct Next {
    fate: Fate,
    body: PartBody,
    handling: Handling,
    /// Whether a program holds to terms that a person gave.
    channel: Channel,
}

impl Taking<'_, '_> {
    fn take(&mut self, found: Finding) -> Result<Taken, ArriveError> {
        let tx = self.tx;
        let candidate = self.candidate(found.server)?;
        let before = finding::of_source(tx, candidate, self.source)?;
        let control = before.unwrap_or_else(|| FindingRow {
            id: FindingId::from_random(self.random.bytes()),
            candidate,
            source: self.source,
            person: self.person,
            channel: self.channel,
            accepted_at: tx.now(),
            withdrawn_at: None,
        });
        let latest = latest_of(tx, control.id)?;
        let next = match &latest {
            None => Some(self.first(body(found))),
            Some(latest) => self.next(body(found), &control, latest)?,
        };
        let taken = |fate| Taken {
            finding: control.id,
            candidate,
            fate,
        };
        let Some(next) = next else {
            if self.is_kept_out(&control, latest.as_ref()) {
                // As long as a program sends it, what the person decided is kept.
                finding::write(tx, &control)?;
            }
            return Ok(taken(Fate::Known));
        };
        let fate = next.fate;
        if !self.has_room(&control, latest.as_ref()) {
            return Ok(taken(Fate::Full));
        }
        self.write(&control, latest, next)?;
        Ok(taken(fate))
    }

    fn first(&self, body: PartBody) -> Next {
        Next {
            fate: Fate::New,
            body,
            handling: self.handling.clone(),
            channel: self.channel,
        }
    }

    /// What is to be written over `latest`; `None` when nothing is.
    ///
    /// While it is shared, terms get only stricter: who would widen them withdraws it first. What a
    /// person took back, or let end, no program takes up again, and none shares it for longer.
    fn next(
        &self,
        sent: PartBody,
        control: &FindingRow,
        latest: &Part,
    ) -> Result<Option<Next>, ArriveError> {
        if self.is_kept_out(control, Some(latest)) {
            return Ok(None);
        }
        let holds = self.holds(control);
        let channel = if holds { control.channel } else { self.channel };
        if control.withdrawn_at.is_some() {
            return Ok(Some(self.renewed(sent, channel)));
        }
        let (fate, body) = match again(sent, &latest.body) {
            Again::Newer(body) => (Fate::Newer, body),
            Again::Known(body) => (Fate::Known, body),
        };
        let has_ended = self.has_ended(latest);
        if has_ended && self.channel != Channel::Api {
            return Ok(Some(self.renewed(body, channel)));
        }
        let mut handling = latest.handling.meet(&self.handling);
        if holds {
            handling.expires_at = latest.handling.expires_at;
        } else if has_ended || fate == Fate::Newer {
            handling.expires_at = self.handling.expires_at;
        }
        if handling.is_empty() {
            return Err(ArriveError::Terms);
        }
        if !has_ended && fate == Fate::Known && handling == latest.handling {
            return Ok(None);
        }
        let fate = match fate {
            Fate::Known if !has_ended => Fate::Tightened,
            _ => Fate::Newer,
        };
        Ok(Some(Next {
            fate,
            body,
            handling,
            channel,
        }))
    }

    /// Whether a program sends what was last shared under terms that a person gave.
    fn holds(&self, control: &FindingRow) -> bool {
        self.channel == Channel::Api && control.channel != Channel::Api
    }

    /// Whether a program sends what a person took back, or let end.
    fn is_kept_out(&self, control: &FindingRow, latest: Option<&Part>) -> bool {
        let has_ended = latest.is_some_and(|latest| self.has_ended(latest));
        let by_program = self.channel == Channel::Api;
        (by_program && control.withdrawn_at.is_some()) || (self.holds(control) && has_ended)
    }

    /// A finding that is shared again, under the terms that were sent.
    fn renewed(&self, body: PartBody, channel: Channel) -> Next {
        Next {
            fate: Fate::Newer,
            body,
            handling: self.handling.clone(),
            channel,
        }
    }

    /// Whether one more may be shared, which is counted then, or it is shared already.
    fn has_room(&mut self, control: &FindingRow, latest: Option<&Part>) -> bool {
        let is_shared =
            control.withdrawn_at.is_none() && latest.is_some_and(|latest| !self.has_ended(latest));
        if is_shared {
            return true;
        }
        let has_room = self.open_count < FINDINGS_OPEN_MAX as u64;
        self.open_count += u64::from(has_room);
        has_room
    }

    fn write(
        &mut self,
        control: &FindingRow,
        latest: Option<Part>,
        next: Next,
    ) -> Result<(), StoreError> {
        let tx = self.tx;
        let row = FindingRow {
            person: self.person,
            channel: next.channel,
            withdrawn_at: None,
            ..*control
        };
        finding::write(tx, &row)?;
        let rows = audience(&next.handling, &self.map, Clearance::default());
        let part = Part {
            id: PartId::from_random(self.random.bytes()),
            subject: Subject::Finding(control.id),
            kind: PartKind::Finding,
            side: Side::Outgoing,
            version: latest.as_ref().map_or(1, |latest| latest.version + 1),
            body: Confidential::new(next.body),
            handling: next.handling,
            written_at: tx.now(),
        };
        part::insert(tx, &part, &rows)?;
        if let Some(latest) = latest {
            if !holds_to(&part.handling, &latest.handling) {
                sight::forget(tx, control.id)?;
            }
            finding::drop_version(tx, latest.id)?;
        }
        record(tx, &entry(tx, &row, self.channel, part.version))
    }

    fn candidate(&mut self, server: Server) -> Result<CandidateId, StoreError> {
        if let Some(candidate) = finding::candidate_of(self.tx, server)? {
            return Ok(candidate);
        }
        let candidate = CandidateId::from_random(self.random.bytes());
        finding::insert_candidate(self.tx, candidate, server)?;
        Ok(candidate)
    }

    fn has_ended(&self, latest: &Part) -> bool {
        let end = latest.handling.expires_at;
        end.is_some_and(|end| end <= self.tx.now())
    }
}

/// Whether `next` is nowhere wider than `before`, but for its end.
fn holds_to(next: &Handling, before: &Handling) -> bool {
    let next = Handling {
        expires_at: before.expires_at,
        ..next.clone()
    };
    before.tightened(next).is_ok()
}

/// The newest version of a finding; `None` of one that never was or was erased.
pub(super) fn latest_of(reader: &Reader<'_>, id: FindingId) -> Result<Option<Part>, StoreError> {
    let parts = latest_for_work(reader, Subject::Finding(id), Side::Outgoing)?;
    Ok(parts.into_iter().next())
}

fn body(found: Finding) -> PartBody {
    PartBody::new([(Field::Finding, Value::Finding(Box::new(found)))].into())
}

/// Neither candidate nor person stand in it: whoever may open every entry would learn from the two
/// which carrier found what.
fn entry(tx: &Tx<'_>, control: &FindingRow, channel: Channel, version: u32) -> Entry {
    let object = control.id.to_string();
    let by = super::mark(tx, &object, control.person);
    Entry {
        event: "finding-accepted",
        object,
        owner: Some(control.source),
        facts: vec![
            ("version", version.to_string()),
            ("channel", channel.word().to_owned()),
            by,
        ],
    }
}
