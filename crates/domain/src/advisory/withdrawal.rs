//! Taking an advisory back, from some readers or from all: why, and what becomes of copies.
//!
//! Nobody can be made to unread. What remains is a tombstone, which says only what stands here, and
//! the holders' own word on what they did with their copies.

use std::collections::BTreeSet;

use super::Addressee;
use crate::handling::{Handling, Loosened, Tlp};
use crate::id::OrganizationId;
use crate::word::words;

words! {
    /// Why an advisory was recalled, or its handling made stricter. A code and never a sentence: a
    /// tombstone must not say what it buries.
    pub enum Why {
        /// What it says is wrong.
        Wrong = "wrong",
        /// It went to somebody it was not meant for.
        Misaddressed = "misaddressed",
        /// Where it came from asked for it.
        SourceAsked = "source-asked",
        /// It is more sensitive than was thought.
        Sensitive = "sensitive",
        /// Another advisory has taken its place.
        Replaced = "replaced",
        /// What it warned of is over.
        Over = "over",
    }
}

words! {
    /// What those who may no longer read an advisory have to do with their copies.
    pub enum Copies {
        /// Delete them: mail, files, paper, chat.
        Delete = "delete",
        /// Hand them back to the issuer.
        Return = "return",
    }
}

words! {
    /// What a holder did with its copies, in its own word.
    pub enum Disposal {
        /// They are deleted.
        Deleted = "deleted",
        /// They went back to the issuer.
        Returned = "returned",
        /// There never was one.
        NoCopies = "no-copies",
    }
}

/// How far an issued advisory is tightened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tightening {
    /// The label from now on.
    pub tlp: Tlp,
    /// Organizations that are addressees no longer.
    pub taken_out: BTreeSet<OrganizationId>,
}

/// An advisory after tightening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tightened {
    /// The terms from now on.
    pub handling: Handling,
    /// Who may still read it.
    pub kept: BTreeSet<Addressee>,
    /// Who may no longer.
    pub lost: BTreeSet<Addressee>,
}

/// Why an advisory cannot be tightened like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TightenFault {
    /// It would be wider than it is.
    #[error(transparent)]
    Loosened(#[from] Loosened),
    /// Nobody would be left to read it.
    #[error("nobody would be left to read it; recall the advisory instead")]
    ReachesNobody,
    /// Nothing would change.
    #[error("nothing would be stricter; choose a stricter label or addressees to take out")]
    Nothing,
}

/// What `handling` and `addressees` become under `tightening`. A RED advisory is for named persons:
/// tiers lose sight of it.
///
/// # Errors
/// [`TightenFault`] says what to do instead.
pub fn tighten(
    handling: &Handling,
    addressees: &BTreeSet<Addressee>,
    tightening: &Tightening,
) -> Result<Tightened, TightenFault> {
    let next = handling.tightened(Handling {
        tlp: tightening.tlp,
        ..handling.clone()
    })?;
    let stays = |addressee: &Addressee| {
        let by_tier = matches!(addressee, Addressee::Tier(..));
        let named_only = next.tlp == Tlp::Red && by_tier;
        !named_only && !tightening.taken_out.contains(&addressee.organization())
    };
    let (kept, lost): (BTreeSet<_>, BTreeSet<_>) = addressees.iter().cloned().partition(stays);
    if kept.is_empty() {
        return Err(TightenFault::ReachesNobody);
    }
    if lost.is_empty() && next == *handling {
        return Err(TightenFault::Nothing);
    }
    Ok(Tightened {
        handling: next,
        kept,
        lost,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handling::Consent;
    use crate::id::PersonId;
    use crate::organization::Tier;

    fn organization(number: u8) -> OrganizationId {
        OrganizationId::from_random([number; 16])
    }

    fn after(tlp: Tlp, taken_out: &[u8]) -> Result<Tightened, TightenFault> {
        let handling = Handling {
            tlp: Tlp::Amber,
            purposes: ["defense".parse().unwrap()].into(),
            circles: BTreeSet::new(),
            expires_at: None,
            consent: Consent::Refused,
        };
        let person = PersonId::from_random([9; 16]);
        let addressees = BTreeSet::from([
            Addressee::Tier(organization(1), Tier::Ciso),
            Addressee::Tier(organization(2), Tier::Ciso),
            Addressee::Person(person, organization(2), Tier::Ciso),
        ]);
        let taken_out = taken_out.iter().copied().map(organization).collect();
        tighten(&handling, &addressees, &Tightening { tlp, taken_out })
    }

    #[test]
    fn a_stricter_label_alone_keeps_every_reader() {
        let stricter = after(Tlp::AmberStrict, &[]).unwrap();
        assert_eq!(stricter.handling.tlp, Tlp::AmberStrict);
        assert_eq!((stricter.kept.len(), stricter.lost.len()), (3, 0));
    }

    #[test]
    fn red_leaves_named_persons_and_an_organization_taken_out_loses_all_its_lines() {
        let red = after(Tlp::Red, &[]).unwrap();
        assert_eq!((red.kept.len(), red.lost.len()), (1, 2));
        let without = after(Tlp::Amber, &[2]).unwrap();
        assert_eq!((without.kept.len(), without.lost.len()), (1, 2));
    }

    #[test]
    fn what_is_wider_or_the_same_or_for_nobody_is_refused() {
        assert!(matches!(
            after(Tlp::Green, &[1]),
            Err(TightenFault::Loosened(_))
        ));
        assert_eq!(after(Tlp::Amber, &[]), Err(TightenFault::Nothing));
        assert_eq!(after(Tlp::Amber, &[1, 2]), Err(TightenFault::ReachesNobody));
        assert_eq!(after(Tlp::Red, &[2]), Err(TightenFault::ReachesNobody));
    }
}
