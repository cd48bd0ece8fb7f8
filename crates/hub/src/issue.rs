//! Issuing an advisory: a second person approves, the choice is frozen, everyone named is told.
//!
//! INVARIANT: nothing goes out that lacks an addressee, an action or a time to act by, or that one
//! person alone wanted (law 10).

use std::collections::{BTreeMap, BTreeSet};

use domain::actor::Actor;
use domain::advisory::amendment::{Changed, Edition, asked_again, changed};
use domain::advisory::delivery::{Occasion, audience};
use domain::advisory::{
    Addressee, AdvisoryStage, AdvisoryStep, Issuable, Lack, Progress, WrongAdvisoryStage, check,
};
use domain::id::{AddresseeId, AdvisoryId, PartId};
use domain::organization::Tier;
use domain::part::{Part, Side};
use domain::policy::Action;
use domain::release::TwoPersons;
use domain::time::Timestamp;
use domain::word::Code;
use seal::random::Random;
use store::advisory::addressee::{self, AddresseeRow};
use store::advisory::{AdvisoryRow, DraftRow, RevisionRow, holders};
use store::log::record;
use store::{StoreError, Tx, advisory, delivery, part};

use crate::addressing::told_first;
use crate::call::{Call, Hub};
use crate::compose::{ComposeError, entry, in_force, own_purposes, proposal, under_work};
use crate::deliver::tell;
use crate::finding::note_shared;
use crate::log::{Attempt, noting};

/// Why an advisory was not issued or sent back. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// It is not there for this caller, or the role does not issue.
    #[error("nothing is here")]
    NotFound,
    /// The author cannot be the second person.
    #[error("you wrote this advisory; a second person has to issue it")]
    SamePerson,
    /// The text was changed since the second person read it.
    #[error("the text was changed after you opened it; read it again")]
    Changed,
    /// Something is missing by now: a time to act by has passed, for example.
    #[error("the advisory is not complete")]
    Lacking(Vec<Lack>),
    /// It has gone on since the page was made.
    #[error(transparent)]
    WrongStage(#[from] WrongAdvisoryStage),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ComposeError> for IssueError {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::NotFound => Self::NotFound,
            ComposeError::Changed { .. } => Self::Changed,
            ComposeError::Lacking(lacks) => Self::Lacking(lacks),
            ComposeError::WrongStage(wrong) => Self::WrongStage(wrong),
            ComposeError::Store(source) => Self::Store(source),
        }
    }
}

impl Attempt for IssueError {
    fn is_refusal(&self) -> bool {
        matches!(self, Self::NotFound | Self::SamePerson)
    }
}

/// Issues what is under work: the first text, or an amendment. `version` is the version of the text
/// that the second person read.
pub fn issue(hub: &Hub, call: &Call<'_>, id: AdvisoryId, version: u32) -> Result<(), IssueError> {
    let outcome = issue_at_once(hub, call, id, version);
    noting(hub, call, Action::IssueAdvisory, &id.to_string(), outcome)
}

fn issue_at_once(
    hub: &Hub,
    call: &Call<'_>,
    id: AdvisoryId,
    version: u32,
) -> Result<(), IssueError> {
    if !call.may(Action::IssueAdvisory) {
        return Err(IssueError::NotFound);
    }
    let actor = call.actor.clone();
    let reference = hub.reference.clone();
    let random = call.random.derive("issue.ids");
    hub.store.write(call.stamp("issue.issue"), move |tx| {
        let row = under_work(tx, id, actor.organization)?;
        let draft = advisory::draft(tx, id)?
            .filter(|draft| draft.proposed_at.is_some())
            .ok_or(IssueError::NotFound)?;
        let proof =
            TwoPersons::approved(draft.author, actor.person).map_err(|_| IssueError::SamePerson)?;
        let (proposal, text) = proposal(tx, &reference, &row, &draft, tx.now())?;
        if text.version != version {
            return Err(IssueError::Changed);
        }
        let issuable = check(proposal, proof, tx.now()).map_err(IssueError::Lacking)?;
        let own_purposes = own_purposes(&reference);
        Issuing {
            tx,
            random,
            own_purposes,
        }
        .run(row, &draft, text, &issuable, &actor)
    })
}

/// Sends what was proposed back to its author.
pub fn send_back(hub: &Hub, call: &Call<'_>, id: AdvisoryId) -> Result<(), IssueError> {
    if !call.may(Action::IssueAdvisory) {
        return Err(IssueError::NotFound);
    }
    let actor = call.actor.clone();
    hub.store.write(call.stamp("issue.send_back"), move |tx| {
        let mut row = under_work(tx, id, actor.organization)?;
        let draft = advisory::draft(tx, id)?.ok_or(IssueError::NotFound)?;
        if row.advisory.stage == AdvisoryStage::Proposed {
            row.advisory.stage = row.advisory.stage.after(AdvisoryStep::Return)?;
        }
        advisory::update(tx, &row)?;
        let back = DraftRow {
            proposed_at: None,
            ..draft
        };
        advisory::write_draft(tx, id, &back)?;
        Ok(record(
            tx,
            &entry("advisory-sent-back", &row, actor.person, vec![]),
        )?)
    })
}

/// One issue in progress.
struct Issuing<'t, 'a> {
    tx: &'t Tx<'a>,
    random: Random,
    own_purposes: BTreeSet<Code>,
}

impl Issuing<'_, '_> {
    fn run(
        &mut self,
        mut row: AdvisoryRow,
        draft: &DraftRow,
        text: Part,
        issuable: &Issuable,
        approver: &Actor,
    ) -> Result<(), IssueError> {
        let tx = self.tx;
        let occasion = if row.advisory.issued_at.is_some() {
            Occasion::Amended
        } else {
            Occasion::Issued
        };
        let step = match occasion {
            Occasion::Amended => AdvisoryStep::Amend,
            _ => AdvisoryStep::Issue,
        };
        row.advisory.stage = row.advisory.stage.after(step)?;
        row.advisory.revision += 1;
        row.advisory.issued_at = row.advisory.issued_at.or(Some(tx.now()));
        row.approver = Some(approver.person);
        let dues = advisory::actions(tx, row.advisory.id)?;
        let changes = self.changes(&row, draft, &text, &dues)?;
        let asked = Asked {
            again: asked_again(&changes),
            sooner: sooner(&dues, &draft.dues),
        };
        self.publish(&row, text, issuable)?;
        let named = self.name(&row, issuable, &asked)?;
        advisory::set_actions(tx, row.advisory.id, &draft.dues)?;
        // What still waits tells of the text before this one.
        delivery::cancel_older(tx, row.advisory.id)?;
        for line in &named {
            let people = told_first(tx, &line.addressee(), tx.now())?;
            tell(tx, line, row.advisory.revision, occasion, &people)?;
        }
        advisory::update(tx, &row)?;
        advisory::remove_draft(tx, row.advisory.id)?;
        note_shared(tx, approver, row.advisory.id)?;
        self.note(&row, draft, occasion, changes, named.len())
    }

    /// What an amendment changes; nothing for a first text.
    fn changes(
        &self,
        row: &AdvisoryRow,
        draft: &DraftRow,
        text: &Part,
        dues: &BTreeMap<Tier, Timestamp>,
    ) -> Result<BTreeSet<Changed>, StoreError> {
        let Some(issued) = in_force(self.tx, row.advisory.id)? else {
            return Ok(BTreeSet::new());
        };
        let before = Edition {
            body: &issued.body,
            dues,
        };
        let after = Edition {
            body: &text.body,
            dues: &draft.dues,
        };
        Ok(changed(before, after))
    }

    /// Puts the text where addressees find it; what was issued before ends.
    fn publish(
        &mut self,
        row: &AdvisoryRow,
        text: Part,
        issuable: &Issuable,
    ) -> Result<(), StoreError> {
        let rows = audience(
            &issuable.proposal().addressees,
            text.handling.tlp,
            &text.handling.purposes,
            row.advisory.issuer,
            &self.own_purposes,
        );
        holders::end_issued(self.tx, row.advisory.id)?;
        let issued = Part {
            id: PartId::from_random(self.random.bytes()),
            side: Side::Outgoing,
            version: row.advisory.revision,
            written_at: self.tx.now(),
            ..text
        };
        part::insert(self.tx, &issued, &rows)
    }

    /// Writes who is named: new lines, lines taken out, lines asked again.
    fn name(
        &mut self,
        row: &AdvisoryRow,
        issuable: &Issuable,
        asked: &Asked,
    ) -> Result<Vec<AddresseeRow>, StoreError> {
        let id = row.advisory.id;
        let mut known: BTreeMap<Addressee, AddresseeRow> = addressee::of_advisory(self.tx, id)?
            .into_iter()
            .map(|line| (line.addressee(), line))
            .collect();
        let mut named = Vec::new();
        for wanted in &issuable.proposal().addressees {
            let line = match known.remove(wanted) {
                Some(mut line) => {
                    let was_out = line.removed_at.take().is_some();
                    if was_out || asked.reopens(&line) {
                        reopen(&mut line);
                    }
                    line
                }
                None => self.new_line(id, wanted)?,
            };
            let line = self.handed_over(line)?;
            named.push(line);
        }
        for mut line in known.into_values() {
            line.removed_at = line.removed_at.or(Some(self.tx.now()));
            addressee::update(self.tx, &line, None)?;
        }
        Ok(named)
    }

    fn new_line(&mut self, id: AdvisoryId, wanted: &Addressee) -> Result<AddresseeRow, StoreError> {
        let line = AddresseeId::from_random(self.random.bytes());
        addressee::insert(self.tx, line, id, wanted)?;
        addressee::find(self.tx, line)?.ok_or(StoreError::Corrupt {
            table: "addressee",
            column: "addressee_id",
        })
    }

    /// Hands the advisory over where somebody is there to read it.
    fn handed_over(&self, mut line: AddresseeRow) -> Result<AddresseeRow, StoreError> {
        let people = told_first(self.tx, &line.addressee(), self.tx.now())?;
        if !people.is_empty() {
            line.progress = line.progress.after(Progress::Delivered);
            line.delivered_at = line.delivered_at.or(Some(self.tx.now()));
        }
        addressee::update(self.tx, &line, None)?;
        Ok(line)
    }

    fn note(
        &self,
        row: &AdvisoryRow,
        draft: &DraftRow,
        occasion: Occasion,
        changed: BTreeSet<Changed>,
        addressee_count: usize,
    ) -> Result<(), IssueError> {
        let event = match occasion {
            Occasion::Amended => "advisory-amended",
            _ => "advisory-issued",
        };
        let revision = RevisionRow {
            revision: row.advisory.revision,
            occasion,
            author: draft.author,
            approver: row.approver,
            made_at: self.tx.now(),
            changed,
            tightened: None,
        };
        advisory::insert_revision(self.tx, row.advisory.id, &revision)?;
        let facts = vec![
            ("author", draft.author.to_string()),
            ("revision", row.advisory.revision.to_string()),
            ("addressees", addressee_count.to_string()),
        ];
        let approver = row.approver.unwrap_or(draft.author);
        Ok(record(self.tx, &entry(event, row, approver, facts))?)
    }
}

/// Whom an amendment asks again.
struct Asked {
    /// Tiers whose action reads otherwise.
    again: BTreeSet<Tier>,
    /// Tiers whose time to act by comes sooner.
    sooner: BTreeSet<Tier>,
}

impl Asked {
    /// Whether `line` has to answer anew. Who has finished does not have to for a sooner time.
    fn reopens(&self, line: &AddresseeRow) -> bool {
        self.again.contains(&line.tier)
            || (self.sooner.contains(&line.tier) && !line.progress.is_settled())
    }
}

/// Tiers whose time to act by is sooner in `after` than in `before`.
fn sooner(before: &BTreeMap<Tier, Timestamp>, after: &BTreeMap<Tier, Timestamp>) -> BTreeSet<Tier> {
    let moved = after
        .iter()
        .filter(|(tier, due_at)| before.get(tier).is_some_and(|before| before > due_at));
    moved.map(|(tier, _)| *tier).collect()
}

/// Asks the line again, with a time to act that runs from this revision: what was answered stays in
/// the history.
fn reopen(line: &mut AddresseeRow) {
    line.progress = Progress::Delivered;
    line.delivered_at = None;
    line.opened_at = None;
    line.accepted_at = None;
    line.settled_at = None;
    line.escalated_at = None;
}
