//! Writing an advisory: saving what is under work, and asking a second person for it.
//!
//! What is written stands in a part of the original side that the issuer alone may read. Nothing of
//! it is there for anybody else before it is issued.

mod desk;

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::Actor;
use domain::advisory::chosen::Chosen;
use domain::advisory::{
    Addressee, Advisory, AdvisoryKind, AdvisoryStage, AdvisoryStep, Lack, Proposal,
    WrongAdvisoryStage, lacks, written as written_fields,
};
use domain::audience::{Audience, AudienceKey};
use domain::confidential::Confidential;
use domain::handling::{Consent, Handling, Tlp};
use domain::id::{AdvisoryId, CandidateId, OrganizationId, PartId, PersonId, ReportId};
use domain::organization::{Clearance, OrganizationKind, Tier};
use domain::part::{Part, PartBody, PartKind, Side, Subject};
use domain::policy::Action;
use domain::reference::ReferenceData;
use domain::reference::terms::Storage;
use domain::time::Timestamp;
use domain::word::Code;
use seal::random::Random;
use store::advisory::{AdvisoryRow, DraftRow};
use store::log::{Entry, record};
use store::part::latest_for_work;
use store::{Reader, StoreError, Tx, advisory, organization, part};

use crate::addressing::Reach;
use crate::call::{Call, Hub};
use crate::finding::rest_on;
use crate::intake::readable;

pub use desk::{
    Amendment, Bond, ChoiceGroup, Choices, Composition, Marked, PersonLabel, ReportLabel, choices,
    composition, written,
};

/// What an author hands in.
pub struct Writing {
    /// What kind.
    pub kind: AdvisoryKind,
    /// Dissemination grade, a code of the reference data.
    pub grade: Code,
    /// The text, with the action of each tier.
    pub body: Confidential<PartBody>,
    /// Whom the author chose.
    pub chosen: BTreeSet<Chosen>,
    /// By when each tier has to act.
    pub dues: BTreeMap<Tier, Timestamp>,
    /// The label.
    pub tlp: Tlp,
    /// What it may be used for.
    pub purposes: BTreeSet<Code>,
    /// Reports it rests on.
    pub reports: BTreeSet<ReportId>,
}

/// What a change was made from: the text of `version` that was under work for `id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MadeFrom {
    /// The advisory.
    pub id: AdvisoryId,
    /// Version of the text that its author saw.
    pub version: u32,
}

/// Why an advisory was not saved or proposed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// It is not there for this caller, or the role does not write advisories.
    #[error("nothing is here")]
    NotFound,
    /// Somebody else has saved it since its author saw it; `newest` is the version now under work.
    #[error("somebody else saved this advisory first; it is at version {newest}")]
    Changed {
        /// The version to look at before saving again.
        newest: u32,
    },
    /// Something is missing before it may be proposed.
    #[error("the advisory is not complete")]
    Lacking(Vec<Lack>),
    /// It has gone on since the page was made.
    #[error(transparent)]
    WrongStage(#[from] WrongAdvisoryStage),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Saves `writing` as a new advisory, or over what is under work where it was made from that. What
/// was proposed is under work again. An amendment changes text, actions, times and addressees: kind, grade, terms and
/// the reports it rests on stay as they were issued, whatever `writing` says.
///
/// # Errors
/// [`ComposeError::Changed`] when `from` is not what is under work now: nothing is overwritten.
pub fn save(
    hub: &Hub,
    call: &Call<'_>,
    from: Option<MadeFrom>,
    writing: Writing,
) -> Result<AdvisoryId, ComposeError> {
    save_about(hub, call, from, writing, Vec::new())
}

/// The same of an advisory that rests on those of `candidates` that its author may see.
///
/// # Errors
/// Those of [`save`].
pub fn save_about(
    hub: &Hub,
    call: &Call<'_>,
    from: Option<MadeFrom>,
    writing: Writing,
    candidates: Vec<CandidateId>,
) -> Result<AdvisoryId, ComposeError> {
    let known = hub.reference.downward_grades.knows(writing.grade.as_str());
    if !call.may(Action::ComposeAdvisory) || !known {
        return Err(ComposeError::NotFound);
    }
    let actor = call.actor.clone();
    let own_purposes = own_purposes(&hub.reference);
    let mut random = call.random.derive("compose.ids");
    hub.store.write(call.stamp("compose.save"), move |tx| {
        let mut row = match from {
            Some(from) => seen(tx, from, actor.organization)?,
            None => begin(tx, &actor, &writing, &mut random)?,
        };
        let id = row.advisory.id;
        let handling = if let Some(issued) = in_force(tx, id)? {
            issued.handling
        } else {
            let reports = links(tx, &actor, id, writing.reports)?;
            advisory::rest_on(tx, id, &reports)?;
            row.advisory.kind = writing.kind;
            row.advisory.grade = writing.grade;
            row.author = actor.person;
            handling(writing.tlp, writing.purposes)
        };
        let part = draft_part(tx, id, writing.body, handling, &mut random)?;
        part::insert(
            tx,
            &part,
            &issuer_audience(actor.organization, &own_purposes),
        )?;
        let draft = DraftRow {
            chosen: writing.chosen,
            dues: writing.dues,
            author: actor.person,
            proposed_at: None,
            updated_at: tx.now(),
        };
        advisory::write_draft(tx, id, &draft)?;
        rest_on(tx, &actor, id, &candidates)?;
        if row.advisory.stage == AdvisoryStage::Proposed {
            row.advisory.stage = AdvisoryStage::Draft;
        }
        advisory::update(tx, &row)?;
        let facts = vec![("version", part.version.to_string())];
        record(tx, &entry("advisory-saved", &row, actor.person, facts))?;
        Ok(id)
    })
}

/// The reports that an advisory rests on once the caller wants `wanted`: what it rests on already and
/// the caller may not see stays, since he can neither name nor drop it.
fn links(
    tx: &Tx<'_>,
    actor: &Actor,
    id: AdvisoryId,
    wanted: BTreeSet<ReportId>,
) -> Result<BTreeSet<ReportId>, StoreError> {
    let before: BTreeSet<ReportId> = advisory::reports(tx, id)?.into_iter().collect();
    let seen = visible_reports(tx, actor, before.clone(), tx.now())?;
    let wanted = visible_reports(tx, actor, wanted, tx.now())?;
    Ok(before.difference(&seen).copied().chain(wanted).collect())
}

/// Asks a second person to issue what is under work.
///
/// # Errors
/// [`ComposeError::Lacking`] names everything that is missing.
pub fn propose(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<(), ComposeError> {
    if !call.may(Action::ComposeAdvisory) {
        return Err(ComposeError::NotFound);
    }
    let actor = call.actor.clone();
    let reference = hub.reference.clone();
    hub.store.write(call.stamp("compose.propose"), move |tx| {
        let mut row = under_work(tx, id, actor.organization)?;
        let draft = advisory::draft(tx, id)?.ok_or(ComposeError::NotFound)?;
        let (proposal, _) = proposal(tx, &reference, &row, &draft, tx.now())?;
        let lacks = lacks(&proposal, tx.now());
        if !lacks.is_empty() {
            return Err(ComposeError::Lacking(lacks));
        }
        if row.advisory.stage == AdvisoryStage::Draft {
            row.advisory.stage = row.advisory.stage.after(AdvisoryStep::Propose)?;
        }
        advisory::update(tx, &row)?;
        let asked = DraftRow {
            proposed_at: Some(tx.now()),
            ..draft
        };
        advisory::write_draft(tx, id, &asked)?;
        Ok(record(
            tx,
            &entry("advisory-proposed", &row, actor.person, vec![]),
        )?)
    })
}

/// An advisory of the caller's own organization with something under work.
pub(crate) fn under_work(
    reader: &Reader<'_>,
    id: AdvisoryId,
    issuer: OrganizationId,
) -> Result<AdvisoryRow, ComposeError> {
    let row = advisory::find(reader, id)?
        .filter(|row| row.advisory.issuer == issuer)
        .ok_or(ComposeError::NotFound)?;
    advisory::draft(reader, id)?
        .map(|_| row)
        .ok_or(ComposeError::NotFound)
}

/// The same, if what is under work is still what `from` says.
fn seen(
    reader: &Reader<'_>,
    from: MadeFrom,
    issuer: OrganizationId,
) -> Result<AdvisoryRow, ComposeError> {
    let row = under_work(reader, from.id, issuer)?;
    let newest = newest_draft(reader, from.id)?.map_or(0, |part| part.version);
    if newest == from.version {
        Ok(row)
    } else {
        Err(ComposeError::Changed { newest })
    }
}

/// What is known of what is under work, and the part that holds its text.
pub(crate) fn proposal(
    reader: &Reader<'_>,
    reference: &ReferenceData,
    row: &AdvisoryRow,
    draft: &DraftRow,
    now: Timestamp,
) -> Result<(Proposal, Part), ComposeError> {
    let id = row.advisory.id;
    let part = newest_draft(reader, id)?.ok_or(ComposeError::NotFound)?;
    let issuer = organization::find(reader, row.advisory.issuer)?.ok_or(ComposeError::NotFound)?;
    let grade = row.advisory.grade.as_str();
    let today = now.day_in_japan();
    let reach = Reach::of(reader, &issuer)?.ok_or(ComposeError::NotFound)?;
    let storage = reference
        .downward_grades
        .naming(grade, today)
        .map_or(Storage::Here, |grade| grade.body.storage);
    let addressees = reach.expand(reader, &draft.chosen, now)?;
    let mut barred = kinds(reader, &addressees)?;
    barred.retain(|kind| !reference.grade_reaches(grade, *kind, today));
    let proposal = Proposal {
        addressees,
        barred,
        written: written_fields(&part.body),
        dues: draft.dues.clone(),
        handling: part.handling.clone(),
        storage,
    };
    Ok((proposal, part))
}

/// The part that holds the newest text under work.
pub(crate) fn newest_draft(
    reader: &Reader<'_>,
    id: AdvisoryId,
) -> Result<Option<Part>, StoreError> {
    let parts = latest_for_work(reader, Subject::Advisory(id), Side::Original)?;
    Ok(parts
        .into_iter()
        .find(|part| part.kind == PartKind::Advisory))
}

/// The text in force and its terms; `None` before issue.
pub(crate) fn in_force(reader: &Reader<'_>, id: AdvisoryId) -> Result<Option<Part>, StoreError> {
    let parts = latest_for_work(reader, Subject::Advisory(id), Side::Outgoing)?;
    Ok(parts
        .into_iter()
        .find(|part| part.kind == PartKind::Advisory))
}

/// Kinds of the organizations among `addressees`.
fn kinds(
    reader: &Reader<'_>,
    addressees: &BTreeSet<Addressee>,
) -> Result<BTreeSet<OrganizationKind>, StoreError> {
    let organizations: BTreeSet<OrganizationId> =
        addressees.iter().map(Addressee::organization).collect();
    let mut kinds = BTreeSet::new();
    for id in organizations {
        kinds.extend(organization::find(reader, id)?.map(|row| row.kind));
    }
    Ok(kinds)
}

/// Every purpose people may choose: the issuer reads its own advisories for any of them.
pub(crate) fn own_purposes(reference: &ReferenceData) -> BTreeSet<Code> {
    let rows = reference.purposes.rows().iter();
    rows.map(|row| row.code.clone()).collect()
}

/// The entry of the log that says `event` of an advisory, done by `by`: that two persons were two
/// stands in the log, which nobody rewrites, and not only in rows.
pub(crate) fn entry(
    event: &'static str,
    row: &AdvisoryRow,
    by: PersonId,
    facts: Vec<(&'static str, String)>,
) -> Entry {
    let mut all = vec![("by", by.to_string())];
    all.extend(facts);
    Entry {
        event,
        object: row.advisory.id.to_string(),
        owner: Some(row.advisory.issuer),
        facts: all,
    }
}

fn begin(
    tx: &Tx<'_>,
    actor: &Actor,
    writing: &Writing,
    random: &mut Random,
) -> Result<AdvisoryRow, ComposeError> {
    let advisory = Advisory {
        id: AdvisoryId::from_random(random.bytes()),
        origin_hub: tx.hub().to_owned(),
        issuer: actor.organization,
        kind: writing.kind,
        stage: AdvisoryStage::Draft,
        grade: writing.grade.clone(),
        revision: 0,
        issued_at: None,
    };
    let number = number(random);
    advisory::insert(tx, &advisory, &number, actor.person)?;
    Ok(AdvisoryRow {
        advisory,
        number,
        author: actor.person,
        approver: None,
        created_at: tx.now(),
        recall: None,
        closed: None,
    })
}

pub(crate) fn draft_part(
    tx: &Tx<'_>,
    id: AdvisoryId,
    body: Confidential<PartBody>,
    handling: Handling,
    random: &mut Random,
) -> Result<Part, StoreError> {
    let version = newest_draft(tx, id)?.map_or(1, |part| part.version + 1);
    Ok(Part {
        id: PartId::from_random(random.bytes()),
        subject: Subject::Advisory(id),
        kind: PartKind::Advisory,
        side: Side::Original,
        version,
        body,
        handling,
        written_at: tx.now(),
    })
}

/// The terms of an advisory: its audience is its addressees, so that no circle is named, and
/// nothing was agreed about passing it on.
fn handling(tlp: Tlp, purposes: BTreeSet<Code>) -> Handling {
    Handling {
        tlp,
        purposes,
        circles: BTreeSet::new(),
        expires_at: None,
        consent: Consent::Refused,
    }
}

pub(crate) fn issuer_audience(issuer: OrganizationId, purposes: &BTreeSet<Code>) -> Vec<Audience> {
    let purposes = purposes.iter().cloned();
    purposes
        .map(|purpose| Audience {
            key: AudienceKey::Organization(issuer, None),
            purpose,
            clearance: Clearance::default(),
            expires_at: None,
        })
        .collect()
}

/// Of `reports` those that are there for the author; the others fall away without a word.
fn visible_reports(
    reader: &Reader<'_>,
    actor: &Actor,
    reports: BTreeSet<ReportId>,
    now: Timestamp,
) -> Result<BTreeSet<ReportId>, StoreError> {
    let mut visible = BTreeSet::new();
    for report in reports {
        if !readable(reader, actor, Subject::Report(report), now)?.is_empty() {
            visible.insert(report);
        }
    }
    Ok(visible)
}

/// A number for people: `A-` and six letters and digits that are not mistaken for each other.
fn number(random: &mut Random) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let letters = random.bytes::<6>();
    let letters = letters
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
    format!(
        "A-{}",
        letters
            .map(|letter| char::from(*letter))
            .collect::<String>()
    )
}
