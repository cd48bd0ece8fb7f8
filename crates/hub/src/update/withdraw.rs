//! Taking a report back: nobody opens it any more, and everybody who held it is told.
//!
//! It cannot be unread, and the pages say so. What stays for those who held it is a tombstone: that
//! it was taken back, on which day, and for what kind of reason.

use std::collections::BTreeSet;

use domain::audience::AudienceKey;
use domain::confidential::Confidential;
use domain::id::PartId;
use domain::organization::OrganizationKind;
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::policy::Action;
use domain::release::border::ReviewStage;
use domain::report::Report;
use domain::report::stage::Step;
use domain::report::update::WithdrawReason;
use store::log::{Entry, record};
use store::{StoreError, Tx, organization, part, report, review, withdrawal};

use super::{UpdateError, log};
use crate::call::{Call, Hub};
use crate::claim::{Claim, Proven};

/// Takes a report back, for its source.
pub fn withdraw(
    hub: &Hub,
    call: &Call<'_>,
    claim: impl Into<Claim>,
    reason: WithdrawReason,
) -> Result<(), UpdateError> {
    if !call.may(Action::Submit) {
        return Err(UpdateError::NotFound);
    }
    let (claim, organization) = (claim.into(), call.actor.organization);
    hub.store.write(call.stamp("report.withdraw"), move |tx| {
        let Proven { report, source } = claim
            .proven(tx, organization)?
            .ok_or(UpdateError::NotFound)?;
        let stage = report.stage.after(Step::Withdraw);
        let stage = stage.map_err(|_| UpdateError::Withdrawn)?;
        report::set_stage(tx, report.id, stage)?;
        end_reviews(tx, &report)?;
        let own = source.map(|source| AudienceKey::Organization(source, None));
        let told = bury(tx, &report, own, reason)?;
        let facts = vec![
            ("reason", reason.word().to_owned()),
            ("rows", told.to_string()),
        ];
        Ok(log(tx, "report-withdrawn", report.id, source, facts)?)
    })
}

/// Who holds a report, as its source is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// One organization: what it is, not which.
    Organization(OrganizationKind),
    /// The members of a community, by its Japanese and its English name.
    Community(String, String),
}

/// Who holds a report beside its source: they are told when it is taken back.
pub fn holders(
    hub: &Hub,
    call: &Call<'_>,
    claim: impl Into<Claim>,
) -> Result<Vec<Holder>, UpdateError> {
    let (claim, own) = (claim.into(), call.actor.organization);
    hub.store.read(move |reader| {
        let proven = claim.proven(reader, own)?.ok_or(UpdateError::NotFound)?;
        let (report, source) = (proven.report, proven.source);
        let (mut organizations, mut communities) = (BTreeSet::new(), BTreeSet::new());
        for row in part::holders(reader, Subject::Report(report.id))? {
            match row.key {
                AudienceKey::Organization(id, _) if Some(id) != source => {
                    organizations.insert(id);
                }
                AudienceKey::Community(id, _) => {
                    communities.insert(id);
                }
                _ => {}
            }
        }
        let mut told = Vec::new();
        for id in organizations {
            let found = organization::find(reader, id)?;
            told.extend(found.map(|found| Holder::Organization(found.kind)));
        }
        let mut found = organization::communities(reader)?;
        found.retain(|one| communities.contains(&one.id));
        let found = found.into_iter();
        told.extend(found.map(|one| Holder::Community(one.name_ja, one.name_en)));
        told.sort_unstable();
        Ok(told)
    })
}

/// Ends every grant and leaves a tombstone to those who had one; how many rows are told.
fn bury(
    tx: &Tx<'_>,
    report: &Report,
    own: Option<AudienceKey>,
    reason: WithdrawReason,
) -> Result<usize, UpdateError> {
    let subject = Subject::Report(report.id);
    let mut rows = part::holders(tx, subject)?;
    rows.retain(|row| Some(row.key) != own);
    let originals = part::latest_for_work(tx, subject, Side::Original)?;
    let strictest = domain::dialogue::source_terms(originals.iter().map(|part| &part.handling));
    part::end_grants(tx, subject)?;
    let Some(handling) = strictest else {
        // Everything was erased before: nobody holds anything.
        return Ok(0);
    };
    let tombstone = Part {
        id: PartId::from_random(tx.random_bytes()),
        subject,
        kind: PartKind::Message,
        side: Side::Original,
        version: 1,
        body: Confidential::new(PartBody::default()),
        handling: handling.before_the_border(),
        written_at: tx.now(),
    };
    part::insert(tx, &tombstone, &rows)?;
    withdrawal::insert(tx, report.id, tombstone.id, reason)?;
    Ok(rows.len())
}

/// Ends what is under review with nothing crossing.
fn end_reviews(tx: &Tx<'_>, report: &Report) -> Result<(), StoreError> {
    for mut open in review::of_report(tx, report.id)? {
        if open.stage != ReviewStage::Open {
            continue;
        }
        open.stage = ReviewStage::Withheld;
        open.author_due_at = None;
        review::update(tx, &open)?;
        let owner = report::source(tx, report.id)?.map(|link| link.organization);
        let entry = Entry {
            event: "release-withheld",
            object: report.id.to_string(),
            owner,
            facts: vec![("review", open.id.to_string())],
        };
        record(tx, &entry)?;
    }
    Ok(())
}
