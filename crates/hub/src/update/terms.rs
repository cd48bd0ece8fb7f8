//! The source changes the terms of its own report after sending: part by part, consent included.
//!
//! What is tighter takes effect in the same transaction: grants end, and who held them is told. What is
//! wider waits until the source has seen whom it would reach and asks again; even then it reaches
//! nobody new until the relay has reviewed the border once more.
//!
//! INVARIANT: what was read is not unread by this, and no page says so.

use std::collections::{BTreeMap, BTreeSet};

use domain::audience::{Audience, AudienceKey, CircleMap, audience};
use domain::dialogue::source_terms;
use domain::handling::Handling;
use domain::id::PartId;
use domain::organization::Clearance;
use domain::part::{Part, PartKind, Side, Subject};
use domain::policy::Action;
use domain::report::Report;
use domain::report::stage::{Stage, Step};
pub use domain::report::terms::{Access, AskedTerms, Care};
use domain::report::terms::{Split, split};
use domain::time::{DAY_SECONDS, Timestamp};
use store::part::history::versions_for_work;
pub use store::part::terms::Narrowing;
use store::part::terms::{narrow, narrowings, tell};
use store::{Reader, StoreError, Tx, organization, part, report};

use super::{UpdateError, log, mine};
use crate::call::{Call, Hub, ReadError};
use crate::claim::{Claim, Proven};
use crate::intake::Reading;

/// For how long a tightening is told, in days.
pub const TOLD_DAYS: i64 = 90;
/// Most tightenings on one page.
pub const TOLD_ROWS_MAX: u32 = 100;

/// A report's terms as its source has them.
pub struct OwnTerms {
    /// The control record.
    pub report: Report,
    /// How many versions of parts there are; a change has to name it.
    pub based_on: usize,
    /// The parts whose terms can be changed.
    pub parts: Vec<OwnPartTerms>,
    /// Who would receive a part beyond the border, by circle, in Japanese and English.
    pub names: BTreeMap<AudienceKey, (String, String)>,
    /// Which key each circle stands for.
    pub map: CircleMap,
}

/// One part's terms.
pub struct OwnPartTerms {
    /// Which.
    pub kind: PartKind,
    /// What the source set.
    pub handling: Handling,
    /// What it was released under; `None` while it has not left.
    pub released: Option<Handling>,
    /// Who has it already.
    pub holders: Vec<AudienceKey>,
}

/// What a source asks.
pub struct Change {
    /// How many versions there were when it looked.
    pub based_on: usize,
    /// The terms asked, by part; parts that are not here stay as they are.
    pub parts: BTreeMap<PartKind, AskedTerms>,
    /// Whether it has seen whom wider terms would reach.
    pub care: Care,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Parts whose terms are others now.
    pub changed: BTreeSet<PartKind>,
    /// Parts for which something wider waits for the source's second word.
    pub waiting: BTreeSet<PartKind>,
    /// Grants that ended.
    pub ended: usize,
}

/// The terms of a report that is the caller's.
///
/// # Errors
/// [`UpdateError::NotFound`] when it is not.
pub fn read(hub: &Hub, call: &Call<'_>, claim: impl Into<Claim>) -> Result<OwnTerms, UpdateError> {
    if !call.may(Action::Submit) {
        return Err(UpdateError::NotFound);
    }
    let (claim, own, now) = (claim.into(), call.actor.organization, call.now);
    hub.store.read(move |reader| {
        let Proven { report, source } = mine(reader, &claim, own)?;
        let subject = Subject::Report(report.id);
        let released = part::latest_for_work(reader, subject, Side::Outgoing)?;
        let map = organization::circle_map(reader, report.relay, source)?;
        let mut parts = Vec::new();
        for original in part::latest_for_work(reader, subject, Side::Original)? {
            if original.kind == PartKind::Source {
                continue;
            }
            let left = released.iter().find(|part| part.kind == original.kind);
            let holders = match left {
                Some(left) => holders(reader, left.id, source, &map, now)?,
                None => Vec::new(),
            };
            parts.push(OwnPartTerms {
                kind: original.kind,
                handling: original.handling,
                released: left.map(|part| part.handling.clone()),
                holders,
            });
        }
        let holders = parts.iter().flat_map(|part| part.holders.iter().copied());
        let reached = domain::handling::Circle::ALL
            .iter()
            .filter_map(|circle| map.key(*circle));
        Ok(OwnTerms {
            names: names(reader, holders.chain(reached))?,
            based_on: versions_for_work(reader, subject, Side::Original)?.len(),
            report,
            parts,
            map,
        })
    })
}

/// Changes the terms of a report that is the caller's.
///
/// # Errors
/// [`UpdateError::Nothing`] when every part has the terms that are asked, or would be left without a
/// purpose of use: to be used for nothing, a report is withdrawn. [`UpdateError::Apart`] when the parts
/// would be left without a purpose in common: an answer of the source could then reach nobody.
pub fn change(
    hub: &Hub,
    call: &Call<'_>,
    claim: impl Into<Claim>,
    change: Change,
) -> Result<Outcome, UpdateError> {
    if !call.may(Action::Submit) {
        return Err(UpdateError::NotFound);
    }
    let (claim, organization) = (claim.into(), call.actor.organization);
    hub.store
        .write(call.stamp("report.change_terms"), move |tx| {
            let Proven { report, source } = mine(tx, &claim, organization)?;
            if report.stage == Stage::Withdrawn {
                return Err(UpdateError::Withdrawn);
            }
            let subject = Subject::Report(report.id);
            if versions_for_work(tx, subject, Side::Original)?.len() != change.based_on {
                return Err(UpdateError::Changed);
            }
            let map = organization::circle_map(tx, report.relay, source)?;
            let mut changing = Changing {
                tx,
                report: &report,
                map,
                outcome: Outcome::default(),
                facts: Vec::new(),
            };
            for original in part::latest_for_work(tx, subject, Side::Original)? {
                let asked = change.parts.get(&original.kind);
                if let Some(asked) = asked.filter(|_| original.kind != PartKind::Source) {
                    changing.part(&original, asked.clone(), change.care)?;
                }
            }
            let Changing { outcome, facts, .. } = changing;
            if outcome.changed.is_empty() {
                return if outcome.waiting.is_empty() {
                    Err(UpdateError::Nothing)
                } else {
                    Ok(outcome)
                };
            }
            if change.care == Care::Seen
                && let Ok(stage) = report.stage.after(Step::Reopen)
            {
                report::set_stage(tx, report.id, stage)?;
            }
            must_share_a_purpose(tx, subject)?;
            log(tx, "handling-changed", report.id, source, facts)?;
            Ok(outcome)
        })
}

fn must_share_a_purpose(tx: &Tx<'_>, subject: Subject) -> Result<(), UpdateError> {
    let parts = part::latest_for_work(tx, subject, Side::Original)?;
    let said = parts.iter().filter(|part| part.kind != PartKind::Source);
    match source_terms(said.map(|part| &part.handling)) {
        Some(met) if met.purposes.is_empty() => Err(UpdateError::Apart),
        _ => Ok(()),
    }
}

/// Tightenings of parts that the caller held, in the last [`TOLD_DAYS`] days, newest first. To a
/// member of a community those of what was released to it, but for those that it made itself.
///
/// # Errors
/// [`ReadError::NotFound`] for roles that read no reports.
pub fn told(hub: &Hub, call: &Call<'_>) -> Result<Vec<Narrowing>, ReadError> {
    let reading = Reading::of(call);
    if !matches!(reading, Reading::Desk | Reading::Member) {
        return Err(ReadError::NotFound);
    }
    let sight = reading.sight(call.actor, call.now);
    let own = call.actor.organization;
    let since = call.now.plus_seconds(-TOLD_DAYS * DAY_SECONDS);
    hub.store.read(move |reader| {
        let mut told = Vec::new();
        for row in narrowings(reader, &sight, since, TOLD_ROWS_MAX)? {
            let source = report::source(reader, row.report)?.map(|link| link.organization);
            if source != Some(own) {
                told.push(row);
            }
        }
        Ok(told)
    })
}

/// A change in progress.
struct Changing<'t, 'a> {
    tx: &'t Tx<'a>,
    report: &'t Report,
    map: CircleMap,
    outcome: Outcome,
    facts: Vec<(&'static str, String)>,
}

impl Changing<'_, '_> {
    fn part(&mut self, original: &Part, asked: AskedTerms, care: Care) -> Result<(), UpdateError> {
        if asked.purposes.is_empty() {
            return Err(UpdateError::Nothing);
        }
        let asked = asked.handling(original.kind, &original.handling);
        let Split { now, waiting } = split(&original.handling, asked, care);
        if waiting.is_some() {
            self.outcome.waiting.insert(original.kind);
        }
        // A meet without a purpose would take the report from the relay too: it waits as a whole.
        if now == original.handling || now.purposes.is_empty() {
            return Ok(());
        }
        let ended = self.outgoing(original.kind, &now)?;
        self.original(original, now.clone())?;
        self.outcome.ended += ended;
        self.outcome.changed.insert(original.kind);
        self.facts.push((original.kind.word(), spelled(&now)));
        self.facts.push(("ended", ended.to_string()));
        Ok(())
    }

    /// The part again, as a new version under the new terms; the versions before it are not shared
    /// any more.
    fn original(&self, before: &Part, handling: Handling) -> Result<(), StoreError> {
        let rows = audience(
            &handling.before_the_border(),
            &self.map,
            Clearance::default(),
        );
        for version in versions_for_work(self.tx, before.subject, Side::Original)? {
            if version.kind == before.kind {
                part::end_part_grants(self.tx, version.id)?;
            }
        }
        let next = Part {
            id: PartId::from_random(self.tx.random_bytes()),
            version: before.version.saturating_add(1),
            handling,
            written_at: self.tx.now(),
            ..before.clone()
        };
        part::insert(self.tx, &next, &rows)
    }

    /// What has left, under the meet of its terms and the new ones; how many grants ended.
    fn outgoing(&self, kind: PartKind, now: &Handling) -> Result<usize, StoreError> {
        let subject = Subject::Report(self.report.id);
        let outgoing = part::latest_for_work(self.tx, subject, Side::Outgoing)?;
        let Some(left) = outgoing.into_iter().find(|part| part.kind == kind) else {
            return Ok(0);
        };
        let terms = left.handling.meet(now);
        if terms == left.handling {
            return Ok(0);
        }
        let rows: Vec<Audience> = audience(&terms, &self.map, Clearance::default());
        let mut held = narrow(self.tx, subject, left.id, &terms, &rows)?;
        let own = self
            .map
            .source
            .map(|own| AudienceKey::Organization(own, None));
        held.retain(|(grant, _)| Some(grant.key) != own);
        if !held.is_empty() {
            tell(self.tx, self.report.id, kind, &held)?;
        }
        let ended = held.iter().filter(|(_, access)| *access == Access::Ended);
        Ok(ended.count())
    }
}

/// Who has a part that left, beside the source and the relay that received it.
fn holders(
    reader: &Reader<'_>,
    part: PartId,
    source: Option<domain::id::OrganizationId>,
    map: &CircleMap,
    now: Timestamp,
) -> Result<Vec<AudienceKey>, StoreError> {
    let inner = [source, Some(map.secretariat)];
    let mut keys: Vec<AudienceKey> = part::grants(reader, part)?
        .into_iter()
        .filter(|grant| grant.expires_at.is_none_or(|end| end > now))
        .map(|grant| grant.key)
        .filter(|key| match key {
            AudienceKey::Organization(id, _) => !inner.contains(&Some(*id)),
            _ => true,
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// Names of organizations and communities.
fn names(
    reader: &Reader<'_>,
    keys: impl Iterator<Item = AudienceKey>,
) -> Result<BTreeMap<AudienceKey, (String, String)>, StoreError> {
    let communities = organization::communities(reader)?;
    let mut names = BTreeMap::new();
    for key in keys {
        let name = match key {
            AudienceKey::Organization(id, _) => {
                organization::find(reader, id)?.map(|found| (found.name_ja, found.name_en))
            }
            AudienceKey::Community(id, _) => communities
                .iter()
                .find(|found| found.id == id)
                .map(|found| (found.name_ja.clone(), found.name_en.clone())),
            AudienceKey::Public | AudienceKey::Person(_) => None,
        };
        names.extend(name.map(|name| (key, name)));
    }
    Ok(names)
}

/// Terms as a fact of the log: words and codes only.
fn spelled(handling: &Handling) -> String {
    let list = |words: Vec<&str>| words.join(",");
    format!(
        "{} consent {} purposes {} circles {}",
        handling.tlp,
        handling.consent,
        list(
            handling
                .purposes
                .iter()
                .map(domain::word::Code::as_str)
                .collect()
        ),
        list(
            handling
                .circles
                .iter()
                .map(|circle| circle.word())
                .collect()
        ),
    )
}
