//! Advisories: what goes down, addressed, with an action for each tier and a time by which to act.
//!
//! An advisory that names nobody, or asks nothing, cannot be issued (law 10): [`check`] is the only
//! way to an [`Issuable`], and issuing takes one.
//!
//! The circles of an advisory's handling stay empty: its audience is its addressees, frozen at
//! issue, and nobody else.

pub mod amendment;
pub mod chosen;
pub mod delivery;
pub mod effect;
pub mod feedback;
pub mod question;
pub mod reach;
pub mod withdrawal;

use std::collections::{BTreeMap, BTreeSet};

use crate::confidential::Confidential;
use crate::handling::{Handling, Tlp};
use crate::id::{AdvisoryId, OrganizationId, PersonId};
use crate::organization::{OrganizationKind, Tier};
use crate::part::PartBody;
use crate::part::field::Field;
use crate::reference::terms::Storage;
use crate::release::TwoPersons;
use crate::time::Timestamp;
use crate::word::{Code, words};

/// Most addressees of one advisory.
pub const ADDRESSEES_MAX: usize = 20_000;
/// Longest time an action may be given, in seconds: one year.
pub const DUE_SECONDS_MAX: i64 = 366 * 86_400;

words! {
    /// What kind of advisory it is.
    pub enum AdvisoryKind {
        /// Act now (注意喚起).
        Alert = "alert",
        /// A weakness and its remedy.
        Vulnerability = "vulnerability",
        /// What is known, to be kept in mind.
        Information = "information",
    }
}

words! {
    /// Where an advisory stands.
    pub enum AdvisoryStage {
        /// Being written.
        Draft = "draft",
        /// Written; waits for a second person.
        Proposed = "proposed",
        /// Sent.
        Issued = "issued",
        /// Taken back; a tombstone stays.
        Recalled = "recalled",
        /// Settled: no more answers are waited for.
        Closed = "closed",
    }
}

words! {
    /// What happens to an advisory.
    pub enum AdvisoryStep {
        /// The author asks for approval.
        Propose = "propose",
        /// The approver sends it back to the author.
        Return = "return",
        /// A second person approves and it goes out.
        Issue = "issue",
        /// A new revision replaces the text.
        Amend = "amend",
        /// It is taken back.
        Recall = "recall",
        /// It is settled.
        Close = "close",
    }
}

/// A step that the stage does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an advisory that is {stage} cannot take the step `{step}`")]
pub struct WrongAdvisoryStage {
    stage: AdvisoryStage,
    step: AdvisoryStep,
}

impl AdvisoryStage {
    /// The stage after `step`.
    ///
    /// # Errors
    /// [`WrongAdvisoryStage`] when the step is not allowed from here.
    pub fn after(self, step: AdvisoryStep) -> Result<Self, WrongAdvisoryStage> {
        use AdvisoryStage as S;
        use AdvisoryStep as T;
        match (self, step) {
            (S::Draft, T::Propose) => Ok(S::Proposed),
            (S::Proposed, T::Return) => Ok(S::Draft),
            (S::Proposed, T::Issue) | (S::Issued, T::Amend) => Ok(S::Issued),
            (S::Issued | S::Closed, T::Recall) => Ok(S::Recalled),
            (S::Issued, T::Close) => Ok(S::Closed),
            (stage, step) => Err(WrongAdvisoryStage { stage, step }),
        }
    }
}

/// The control record of an advisory; its text is a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advisory {
    /// Its id.
    pub id: AdvisoryId,
    /// The hub it was issued at.
    pub origin_hub: String,
    /// The organization that issues it.
    pub issuer: OrganizationId,
    /// What kind.
    pub kind: AdvisoryKind,
    /// Where it stands.
    pub stage: AdvisoryStage,
    /// Dissemination grade, a code of the reference data.
    pub grade: Code,
    /// 1 for the first text, counting up with each amendment.
    pub revision: u32,
    /// When it was first issued; `None` before.
    pub issued_at: Option<Timestamp>,
}

/// Somebody an advisory is for, by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Addressee {
    /// The people of one tier of an organization.
    Tier(OrganizationId, Tier),
    /// One person, who answers for a tier.
    Person(PersonId, OrganizationId, Tier),
}

impl Addressee {
    /// The organization it belongs to.
    pub const fn organization(&self) -> OrganizationId {
        match self {
            Self::Tier(organization, _) | Self::Person(_, organization, _) => *organization,
        }
    }

    /// The tier whose action applies.
    pub const fn tier(&self) -> Tier {
        match self {
            Self::Tier(_, tier) | Self::Person(_, _, tier) => *tier,
        }
    }
}

/// What has to be known of an advisory before it may go out; the texts stay in their box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who is named.
    pub addressees: BTreeSet<Addressee>,
    /// Fields in which something is written.
    pub written: BTreeSet<Field>,
    /// By when each tier has to act.
    pub dues: BTreeMap<Tier, Timestamp>,
    /// The terms.
    pub handling: Handling,
    /// Whether the hub may hold material of the chosen grade.
    pub storage: Storage,
    /// Kinds of organizations among the addressees that the chosen grade may not go to.
    pub barred: BTreeSet<OrganizationKind>,
}

/// The fields of an advisory's text in which something is written: that, and not what.
pub fn written(body: &Confidential<PartBody>) -> BTreeSet<Field> {
    let fields = body.content().fields();
    fields.map(|(field, _)| field).collect()
}

/// What an advisory lacks. Each is shown beside its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// Nobody is named.
    #[error("nobody is named; choose addressees")]
    Addressee,
    /// More addressees than one advisory takes.
    #[error("more than {ADDRESSEES_MAX} addressees; split the advisory")]
    TooManyAddressees,
    /// The grade may not go to somebody who is named.
    #[error("the chosen grade may not go to `{0}`; take them out or choose another grade")]
    Grade(OrganizationKind),
    /// Nothing says what it is about.
    #[error("the advisory has no title; write one line that says what it is about")]
    Title,
    /// Nothing says what happened.
    #[error("the advisory says nothing; write in short what is known")]
    Gist,
    /// Text of a grade that is held elsewhere.
    #[error(
        "material of this grade is not kept here; leave `{}` empty and write where it is held", .0.word()
    )]
    HeldElsewhere(Field),
    /// A named tier has no action.
    #[error("the tier `{0}` is named but has no action; write what it has to do")]
    Action(Tier),
    /// An action is written for a tier that nobody is named in.
    #[error("an action is written for the tier `{0}`, but nobody of it is named")]
    AddresseeOf(Tier),
    /// A named tier has no time to act by.
    #[error("the tier `{0}` is named but has no time to act by; set one")]
    Undated(Tier),
    /// A time to act by that has passed or lies too far ahead.
    #[error("the time to act by for the tier `{0}` has passed or lies more than a year ahead")]
    Due(Tier),
    /// Terms without a purpose.
    #[error("no purpose of use is chosen")]
    Purpose,
    /// A public label on a restricted grade, or the reverse, is the approver's matter; a RED
    /// advisory must name persons.
    #[error("TLP:RED reaches named persons only; name persons instead of tiers")]
    PersonsOnly,
}

/// A proposal that lacks nothing, approved by two persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuable(Proposal);

impl Issuable {
    /// What is to be issued.
    pub fn proposal(&self) -> &Proposal {
        &self.0
    }
}

/// Whether `proposal` may go out now.
///
/// # Errors
/// Everything it lacks, in the order of the form.
pub fn check(
    proposal: Proposal,
    _proof: TwoPersons,
    now: Timestamp,
) -> Result<Issuable, Vec<Lack>> {
    let lacks = lacks(&proposal, now);
    if lacks.is_empty() {
        Ok(Issuable(proposal))
    } else {
        Err(lacks)
    }
}

/// What `proposal` lacks, in the order of the form; empty when it may be proposed.
pub fn lacks(proposal: &Proposal, now: Timestamp) -> Vec<Lack> {
    let mut lacks = Vec::new();
    if proposal.addressees.is_empty() {
        lacks.push(Lack::Addressee);
    }
    if proposal.addressees.len() > ADDRESSEES_MAX {
        lacks.push(Lack::TooManyAddressees);
    }
    lacks.extend(proposal.barred.iter().copied().map(Lack::Grade));
    lacks.extend(text_lacks(proposal));
    lacks.extend(tier_lacks(proposal, now));
    if proposal.handling.purposes.is_empty() {
        lacks.push(Lack::Purpose);
    }
    let by_tier = |addressee: &Addressee| matches!(addressee, Addressee::Tier(..));
    if proposal.handling.tlp == Tlp::Red && proposal.addressees.iter().any(by_tier) {
        lacks.push(Lack::PersonsOnly);
    }
    lacks
}

fn text_lacks(proposal: &Proposal) -> Vec<Lack> {
    let mut lacks = Vec::new();
    if !proposal.written.contains(&Field::Title) {
        lacks.push(Lack::Title);
    }
    match proposal.storage {
        Storage::Here if !proposal.written.contains(&Field::Gist) => lacks.push(Lack::Gist),
        Storage::Here => {}
        Storage::Elsewhere => {
            let material = [
                Field::Gist,
                Field::Background,
                Field::Detail,
                Field::Products,
            ];
            let held = material
                .into_iter()
                .filter(|field| proposal.written.contains(field));
            lacks.extend(held.map(Lack::HeldElsewhere));
        }
    }
    lacks
}

fn tier_lacks(proposal: &Proposal, now: Timestamp) -> Vec<Lack> {
    let named: BTreeSet<Tier> = proposal.addressees.iter().map(Addressee::tier).collect();
    let mut lacks = Vec::new();
    for tier in Tier::ALL {
        let is_written = proposal.written.contains(&Field::action_of(*tier));
        let due_at = proposal.dues.get(tier);
        match (named.contains(tier), is_written, due_at) {
            (true, false, _) => lacks.push(Lack::Action(*tier)),
            (true, true, None) => lacks.push(Lack::Undated(*tier)),
            (false, true, _) | (false, _, Some(_)) => lacks.push(Lack::AddresseeOf(*tier)),
            _ => {}
        }
        let ahead_seconds = due_at.map(|due_at| due_at.seconds_since(now));
        if ahead_seconds.is_some_and(|ahead| ahead <= 0 || ahead > DUE_SECONDS_MAX) {
            lacks.push(Lack::Due(*tier));
        }
    }
    lacks
}

words! {
    /// How far an addressee has come with an advisory.
    pub enum Progress {
        /// Not handed over yet.
        Waiting = "waiting",
        /// Handed over: it stands in the inbox.
        Delivered = "delivered",
        /// Somebody of the addressee opened it.
        Opened = "opened",
        /// Somebody took it on.
        Accepted = "accepted",
        /// The action is done.
        Done = "done",
        /// It does not concern the addressee.
        NotApplicable = "not-applicable",
        /// It cannot be done, for a stated reason.
        Cannot = "cannot",
    }
}

impl Progress {
    /// Whether no answer is waited for any more.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::NotApplicable | Self::Cannot)
    }

    /// The progress after `next` was reported: it never falls back, except that a settled answer
    /// may be corrected by another answer of a person.
    #[must_use]
    pub fn after(self, next: Self) -> Self {
        let by_person = matches!(
            next,
            Self::Accepted | Self::Done | Self::NotApplicable | Self::Cannot
        );
        if by_person { next } else { self.max(next) }
    }
}

#[cfg(test)]
mod tests;
