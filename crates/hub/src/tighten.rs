//! Tightening: the handling of an issued advisory made stricter, at once.
//!
//! One person may do it, since it only takes sight away. Who loses it finds a tombstone that says
//! what to do with copies.
//!
//! INVARIANT: the new terms are never wider than those in force, and they hold from the transaction
//! on that puts them into the log.

use std::collections::BTreeSet;

use domain::actor::Actor;
use domain::advisory::Addressee;
use domain::advisory::delivery::{Occasion, audience};
use domain::advisory::withdrawal::{Copies, TightenFault, Tightened, Tightening, Why, tighten};
use domain::handling::Handling;
use domain::id::{AdvisoryId, PartId};
use domain::part::{Part, Side};
use domain::policy::Action;
use domain::word::Code;
use seal::random::Random;
use store::advisory::addressee::{self, AddresseeRow};
use store::advisory::{AdvisoryRow, DraftRow, RevisionRow, holders};
use store::log::record;
use store::{StoreError, Tx, advisory, delivery, part, person};

use crate::addressing::told_first;
use crate::amend::{AmendError, issued};
use crate::call::{Call, Hub};
use crate::compose::{draft_part, entry, in_force, issuer_audience, newest_draft, own_purposes};
use crate::deliver::tell;
use crate::log::{Attempt, noting};

/// Why an advisory was not tightened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum TightenError {
    /// It is not there for this caller, is not in force, or the role does not issue.
    #[error("nothing is here")]
    NotFound,
    /// It cannot be tightened like this.
    #[error(transparent)]
    Fault(#[from] TightenFault),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AmendError> for TightenError {
    fn from(error: AmendError) -> Self {
        match error {
            AmendError::NotFound => Self::NotFound,
            AmendError::Store(source) => Self::Store(source),
        }
    }
}

impl Attempt for TightenError {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// What is made stricter, why, and what those who lose sight have to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stricter {
    /// How far.
    pub tightening: Tightening,
    /// Why.
    pub why: Why,
    /// What those who lose sight have to do with their copies.
    pub copies: Copies,
}

/// Tightens an advisory in force; how many organizations and persons lost sight of it.
pub fn tighten_issued(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    stricter: Stricter,
) -> Result<usize, TightenError> {
    let outcome = at_once(hub, call, id, stricter);
    noting(hub, call, Action::IssueAdvisory, &id.to_string(), outcome)
}

fn at_once(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    stricter: Stricter,
) -> Result<usize, TightenError> {
    if !call.may(Action::IssueAdvisory) {
        return Err(TightenError::NotFound);
    }
    let actor = call.actor.clone();
    let own_purposes = own_purposes(&hub.reference);
    let mut random = call.random.derive("tighten.ids");
    hub.store.write(call.stamp("tighten.tighten"), move |tx| {
        let mut row = issued(tx, id, actor.organization)?;
        let text = in_force(tx, id)?.ok_or(TightenError::NotFound)?;
        let lines: Vec<AddresseeRow> = addressee::of_advisory(tx, id)?
            .into_iter()
            .filter(|line| line.removed_at.is_none())
            .collect();
        let named: BTreeSet<Addressee> = lines.iter().map(AddresseeRow::addressee).collect();
        let result = tighten(&text.handling, &named, &stricter.tightening)?;
        row.advisory.revision += 1;
        advisory::update(tx, &row)?;
        publish(tx, &row, text, &result, &own_purposes, &mut random)?;
        tighten_draft(tx, &row, &result.handling, &own_purposes, &mut random)?;
        delivery::cancel_older(tx, id)?;
        let lost = tell_all(tx, &row, lines, &result)?;
        note(tx, &row, &actor, &stricter, &result, lost)?;
        Ok(lost)
    })
}

/// Puts the same text in force for those who are left, under the stricter terms.
fn publish(
    tx: &Tx<'_>,
    row: &AdvisoryRow,
    text: Part,
    result: &Tightened,
    own_purposes: &BTreeSet<Code>,
    random: &mut Random,
) -> Result<(), StoreError> {
    let handling = &result.handling;
    let rows = audience(
        &in_place(tx, &result.kept)?,
        handling.tlp,
        &handling.purposes,
        row.advisory.issuer,
        own_purposes,
    );
    holders::end_issued(tx, row.advisory.id)?;
    let part = Part {
        id: PartId::from_random(random.bytes()),
        side: Side::Outgoing,
        version: row.advisory.revision,
        written_at: tx.now(),
        handling: handling.clone(),
        ..text
    };
    part::insert(tx, &part, &rows)
}

/// Those of `named` who may be given the text anew: a person only while he holds a place where he
/// is named.
fn in_place(tx: &Tx<'_>, named: &BTreeSet<Addressee>) -> Result<BTreeSet<Addressee>, StoreError> {
    let mut found = BTreeSet::new();
    for addressee in named {
        let holds = match addressee {
            Addressee::Tier(..) => true,
            Addressee::Person(person, organization, _) => {
                let places = person::memberships_of(tx, *person, tx.now())?;
                places.iter().any(|one| one.organization == *organization)
            }
        };
        if holds {
            found.insert(addressee.clone());
        }
    }
    Ok(found)
}

/// An amendment under work gets the stricter terms too, and approval begins anew.
fn tighten_draft(
    tx: &Tx<'_>,
    row: &AdvisoryRow,
    handling: &Handling,
    own_purposes: &BTreeSet<Code>,
    random: &mut Random,
) -> Result<(), StoreError> {
    let id = row.advisory.id;
    let (Some(draft), Some(text)) = (advisory::draft(tx, id)?, newest_draft(tx, id)?) else {
        return Ok(());
    };
    let copy = draft_part(tx, id, text.body, handling.clone(), random)?;
    part::insert(
        tx,
        &copy,
        &issuer_audience(row.advisory.issuer, own_purposes),
    )?;
    let draft = DraftRow {
        proposed_at: None,
        ..draft
    };
    advisory::write_draft(tx, id, &draft)
}

/// Takes out the lines that lost sight and tells everybody; how many lost it.
fn tell_all(
    tx: &Tx<'_>,
    row: &AdvisoryRow,
    lines: Vec<AddresseeRow>,
    result: &Tightened,
) -> Result<usize, StoreError> {
    for mut line in lines {
        let people = told_first(tx, &line.addressee(), tx.now())?;
        tell(
            tx,
            &line,
            row.advisory.revision,
            Occasion::Tightened,
            &people,
        )?;
        if result.lost.contains(&line.addressee()) {
            line.removed_at = Some(tx.now());
            addressee::update(tx, &line, None)?;
        }
    }
    let ended = holders::holders(tx, row.advisory.id)?.into_iter();
    Ok(ended
        .filter(|holder| holder.ended_at == Some(tx.now()))
        .count())
}

fn note(
    tx: &Tx<'_>,
    row: &AdvisoryRow,
    actor: &Actor,
    stricter: &Stricter,
    result: &Tightened,
    lost: usize,
) -> Result<(), StoreError> {
    let revision = RevisionRow {
        revision: row.advisory.revision,
        occasion: Occasion::Tightened,
        author: actor.person,
        approver: None,
        made_at: tx.now(),
        changed: BTreeSet::new(),
        tightened: Some((stricter.why, stricter.copies)),
    };
    advisory::insert_revision(tx, row.advisory.id, &revision)?;
    let facts = vec![
        ("revision", row.advisory.revision.to_string()),
        ("tlp", result.handling.tlp.word().to_owned()),
        ("why", stricter.why.word().to_owned()),
        ("lost", lost.to_string()),
    ];
    record(tx, &entry("advisory-tightened", row, actor.person, facts))
}
