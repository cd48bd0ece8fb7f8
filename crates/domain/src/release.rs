//! The gate: the one place where something confidential becomes something we may show or send.
//!
//! There are two exits. [`view`] makes a [`Visible`]: this actor, in custody, now. [`release`] makes
//! a [`Released`]: it crossed a border, with its terms. Only these two have readable content, and
//! only this module builds them, so that a page, a mail or a file cannot hold what the gate has not
//! passed. The store has already joined with the audience; the gate checks again, since one lock
//! is not enough for the one thing that must not happen.
//!
//! INVARIANT: what passes was granted to one of the actor's keys, for the actor's purpose, at the
//! actor's clearance, and has not expired.
//! INVARIANT: released terms are never wider than the terms in force.

pub mod anonymity;
pub mod border;
pub mod detector;
pub mod sealed;
pub mod situation;

use std::collections::BTreeSet;

use crate::actor::Actor;
use crate::advisory::Addressee;
use crate::audience::Audience;
use crate::confidential::Confidential;
use crate::finding::Finding;
use crate::handling::{Circle, Consent, Handling, Loosened, Tlp};
use crate::id::{OrganizationId, PersonId};
use crate::part::PartBody;
use crate::part::field::{Field, Value};
use crate::policy::{Action, permits};
use crate::time::Timestamp;

/// Something this actor may read now, under the terms shown with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Visible<T> {
    content: T,
    handling: Handling,
}

/// Something that may leave, with the terms its recipients must keep.
#[derive(Clone, PartialEq, Eq)]
pub struct Released<T> {
    content: T,
    handling: Handling,
}

/// The gate stayed shut. It says nothing more: a reader must not learn that there is something to
/// be refused, so this becomes "not found" outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing is here for this reader")]
pub struct Refused;

/// Why a release cannot take place. Safe to show to the reviewers; names no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// The two approvals are by the same person.
    #[error("both approvals are by the same person; a second person has to approve")]
    SamePerson,
    /// The reviewer who wrote the outgoing text cannot be its only approver's peer.
    #[error("the terms reach nobody; widen them with the source's consent or withhold the part")]
    ReachesNobody,
    /// The outgoing terms are wider than the original's.
    #[error(transparent)]
    Loosened(#[from] Loosened),
}

/// Two different persons approved what leaves. Made only by [`TwoPersons::approved`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoPersons(());

impl TwoPersons {
    /// The proof that `first` and `second` are two persons.
    ///
    /// # Errors
    /// [`ReleaseError::SamePerson`].
    pub fn approved(first: PersonId, second: PersonId) -> Result<Self, ReleaseError> {
        if first == second {
            Err(ReleaseError::SamePerson)
        } else {
            Ok(Self(()))
        }
    }
}

/// Lets `actor` read `content`, if one of `grants` is for him, now.
///
/// # Errors
/// [`Refused`] when no grant fits; the caller answers as if nothing were there.
pub fn view<T>(
    actor: &Actor,
    content: Confidential<T>,
    handling: Handling,
    grants: &[Audience],
    now: Timestamp,
) -> Result<Visible<T>, Refused> {
    let keys = actor.keys();
    let granted = grants.iter().any(|grant| {
        keys.contains(&grant.key)
            && grant.purpose == actor.purpose
            && grant.clearance <= actor.clearance
            && grant.expires_at.is_none_or(|end| end > now)
    });
    let in_force = handling.expires_at.is_none_or(|end| end > now);
    if granted && in_force {
        Ok(Visible {
            content: content.into_content(),
            handling,
        })
    } else {
        Err(Refused)
    }
}

/// What a carrier sent of a server again, beside what is kept of it. Neither is shown to anybody.
pub enum Again {
    /// The next version: later than what is kept, or other than it at the same time.
    Newer(PartBody),
    /// What is kept, or less.
    Known(PartBody),
}

/// Puts the finding `sent` after the one that is `kept`.
pub fn again(sent: PartBody, kept: &Confidential<PartBody>) -> Again {
    let (Some(new), Some(old)) = (found(&sent), found(kept.content())) else {
        return Again::Newer(sent);
    };
    let whole = new.clone().after(old);
    if whole.last_at >= old.last_at && whole != *old {
        let fields = [(Field::Finding, Value::Finding(Box::new(whole)))];
        Again::Newer(PartBody::new(fields.into()))
    } else {
        Again::Known(kept.content().clone())
    }
}

fn found(body: &PartBody) -> Option<&Finding> {
    match body.value(Field::Finding) {
        Some(Value::Finding(found)) => Some(found),
        _ => None,
    }
}

/// Lets whoever sends findings in for `source` read what it found, also when nobody else may any more:
/// what became of the server, and of its users, is still noted then.
///
/// # Errors
/// [`Refused`] for everybody else, and where there is no finding.
pub fn own_finding(
    actor: &Actor,
    source: OrganizationId,
    body: Confidential<PartBody>,
    handling: Handling,
) -> Result<Visible<Finding>, Refused> {
    if actor.organization != source || !permits(actor, Action::SubmitFindings) {
        return Err(Refused);
    }
    let content = found(body.content()).cloned().ok_or(Refused)?;
    Ok(Visible { content, handling })
}

/// What one reader has before him in pieces, as one thing under the strictest of their terms; `None`
/// of nothing. Each piece has passed the gate for the same reader.
pub fn together<T>(pieces: Vec<Visible<T>>) -> Option<Visible<Vec<T>>> {
    let mut pieces = pieces.into_iter();
    let first = pieces.next()?;
    let (mut content, mut handling) = (vec![first.content], first.handling);
    for piece in pieces {
        handling = handling.meet(&piece.handling);
        content.push(piece.content);
    }
    Some(Visible { content, handling })
}

/// Lets a person read back what is his own writing or is about himself: a draft, his name, the
/// answer to his own form. Nobody else's material goes this way, so there is no audience to check.
pub fn own<T>(content: Confidential<T>) -> Visible<T> {
    let handling = Handling {
        tlp: Tlp::Red,
        purposes: BTreeSet::new(),
        circles: [Circle::Source].into(),
        expires_at: None,
        consent: Consent::Refused,
    };
    Visible {
        content: content.into_content(),
        handling,
    }
}

/// Lets whoever runs the members of `organization` read what is known of its people and of those who
/// are invited there: names, addresses and telephone numbers. No report goes this way.
///
/// # Errors
/// [`Refused`] for everybody else.
pub fn of_member<T>(
    actor: &Actor,
    organization: OrganizationId,
    content: Confidential<T>,
) -> Result<Visible<T>, Refused> {
    let runs_it = permits(actor, Action::ManageMembers)
        && (actor.organization == organization || permits(actor, Action::ManageHub));
    if runs_it {
        Ok(own(content))
    } else {
        Err(Refused)
    }
}

/// Lets the people of `organization` read who of them is on duty and how to reach him: a name and a
/// telephone number. Who neither acts there nor runs its members sees nobody.
///
/// # Errors
/// [`Refused`] for everybody else.
pub fn of_colleague<T>(
    actor: &Actor,
    organization: OrganizationId,
    content: Confidential<T>,
) -> Result<Visible<T>, Refused> {
    let works_there = permits(actor, Action::ReadAdvisory) || permits(actor, Action::ManageMembers);
    if actor.organization == organization && works_there {
        Ok(own(content))
    } else {
        Err(Refused)
    }
}

/// Lets the relay's reviewers read a draft of what would leave: it is their own desk's work, and
/// no audience has been made for it yet.
///
/// # Errors
/// [`Refused`] for everybody else.
pub fn in_review<T>(
    actor: &Actor,
    relay: OrganizationId,
    content: Confidential<T>,
) -> Result<Visible<T>, Refused> {
    let reviews = permits(actor, Action::ReviewBorder) || permits(actor, Action::ApproveRelease);
    if actor.organization != relay || !reviews {
        return Err(Refused);
    }
    let handling = Handling {
        tlp: Tlp::Red,
        purposes: BTreeSet::new(),
        circles: [Circle::Secretariat].into(),
        expires_at: None,
        consent: Consent::Refused,
    };
    Ok(Visible {
        content: content.into_content(),
        handling,
    })
}

/// Lets the desk that issued an advisory read what addressees wrote back to it.
///
/// # Errors
/// [`Refused`] for everybody else, whatever else they may see of the advisory.
pub fn written_back<T>(
    actor: &Actor,
    issuer: OrganizationId,
    content: Confidential<T>,
) -> Result<Visible<T>, Refused> {
    if actor.organization != issuer || !permits(actor, Action::WatchReach) {
        return Err(Refused);
    }
    Ok(Visible {
        content: content.into_content(),
        handling: desk_only(),
    })
}

/// Lets whoever has `text`, an advisory, before him read what its issuer added for all its readers:
/// under the same terms, and for as long.
pub fn beside_text<T, U>(text: &Visible<U>, content: Confidential<T>) -> Visible<T> {
    Visible {
        content: content.into_content(),
        handling: text.handling.clone(),
    }
}

/// Lets whoever has `found` before him read what a desk says of it, under `terms`: those of all that
/// the desk saw, whatever the reader himself may see of it.
pub fn said_of<T, U>(found: &Visible<U>, content: Confidential<T>, terms: &Handling) -> Visible<T> {
    let Visible { content, .. } = beside_text(found, content);
    Visible {
        content,
        handling: terms.clone(),
    }
}

/// Lets whom `line` names read what passed between that line and the issuer of the advisory `text`,
/// which he has before him.
///
/// # Errors
/// [`Refused`] for everybody else, other addressees and colleagues of a named person among them.
pub fn of_line<T, U>(
    actor: &Actor,
    line: &Addressee,
    text: &Visible<U>,
    content: Confidential<T>,
) -> Result<Visible<T>, Refused> {
    let is_named = match line {
        Addressee::Tier(..) => true,
        Addressee::Person(person, ..) => *person == actor.person,
    };
    if actor.organization == line.organization() && is_named {
        Ok(beside_text(text, content))
    } else {
        Err(Refused)
    }
}

/// Lets a desk that has to reach the people of `organization` read how. `reached` is whom the desk
/// has to reach: the addressees it issued to, or those below it.
///
/// # Errors
/// [`Refused`] for everybody else.
pub fn to_call<T>(
    actor: &Actor,
    reached: &BTreeSet<OrganizationId>,
    organization: OrganizationId,
    content: Confidential<T>,
) -> Result<Visible<T>, Refused> {
    if !reached.contains(&organization) || !permits(actor, Action::WatchReach) {
        return Err(Refused);
    }
    Ok(Visible {
        content: content.into_content(),
        handling: desk_only(),
    })
}

/// For the reader's own desk and its work, and nobody else.
fn desk_only() -> Handling {
    Handling {
        tlp: Tlp::AmberStrict,
        purposes: BTreeSet::new(),
        circles: BTreeSet::new(),
        expires_at: None,
        consent: Consent::Refused,
    }
}

/// Lets a person read what colleagues wrote at the desk they share: the name of an incident, why a
/// report was put into it, and who did.
///
/// # Errors
/// [`Refused`] for everybody who is not of `organization` or reads no reports there.
pub fn of_desk<T>(
    actor: &Actor,
    organization: OrganizationId,
    content: Confidential<T>,
) -> Result<Visible<T>, Refused> {
    let reads = permits(actor, Action::Intake) || permits(actor, Action::Triage);
    if actor.organization != organization || !reads {
        return Err(Refused);
    }
    let handling = Handling {
        tlp: Tlp::Red,
        purposes: BTreeSet::new(),
        circles: BTreeSet::new(),
        expires_at: None,
        consent: Consent::Refused,
    };
    Ok(Visible {
        content: content.into_content(),
        handling,
    })
}

/// Lets `content` cross the border under `outgoing` terms.
///
/// # Errors
/// [`ReleaseError::Loosened`] when the outgoing terms are wider than `original`,
/// [`ReleaseError::ReachesNobody`] when they are empty.
pub fn release<T>(
    _proof: TwoPersons,
    content: Confidential<T>,
    original: &Handling,
    outgoing: Handling,
) -> Result<Released<T>, ReleaseError> {
    let handling = original.tightened(outgoing)?;
    if handling.is_empty() {
        return Err(ReleaseError::ReachesNobody);
    }
    Ok(Released {
        content: content.into_content(),
        handling,
    })
}

impl<T> Visible<T> {
    /// What may be read.
    pub fn content(&self) -> &T {
        &self.content
    }

    /// The terms under which it is read.
    pub fn handling(&self) -> &Handling {
        &self.handling
    }

    /// The same permission over a piece of the content.
    pub fn map<U>(self, piece: impl FnOnce(T) -> U) -> Visible<U> {
        Visible {
            content: piece(self.content),
            handling: self.handling,
        }
    }
}

impl<T> Released<T> {
    /// What crossed.
    pub fn content(&self) -> &T {
        &self.content
    }

    /// The terms it crossed under.
    pub fn handling(&self) -> &Handling {
        &self.handling
    }

    /// Back into the box, for storage on the far side of the border.
    pub fn into_confidential(self) -> (Confidential<T>, Handling) {
        (Confidential::new(self.content), self.handling)
    }
}

impl<T> std::fmt::Debug for Visible<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Visible({})", self.handling.tlp.label())
    }
}

impl<T> std::fmt::Debug for Released<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Released({})", self.handling.tlp.label())
    }
}

#[cfg(test)]
mod tests;
