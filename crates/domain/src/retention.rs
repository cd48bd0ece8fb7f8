//! How long each kind of item is kept, and why one may be erased before.
//!
//! Every term here is a house rule: no statute that we know of sets one, and an installation may
//! set its own. A law that does set one belongs into the installation's configuration, with its name
//! in the organization's own rules.

use std::collections::BTreeMap;

use crate::report::ReportKind;
use crate::word::words;

words! {
    /// A kind of item that has a term.
    pub enum Kept {
        /// A near miss, with its dialogue, its reviews and its mailbox.
        NearMiss = "near-miss",
        /// A precursor, with the same.
        Precursor = "precursor",
        /// An incident report, with the same.
        Incident = "incident",
        /// An advisory, with reasons and remarks of its addressees.
        Advisory = "advisory",
        /// A finding of a carrier in its flow records.
        Finding = "finding",
        /// What desks say of a C&C candidate, and how carriers told their users.
        Candidate = "candidate",
        /// A group of reports: its name and the reasons for it.
        Group = "group",
        /// Weekly and monthly counts of near misses.
        Count = "count",
        /// Whom an invitation was meant for.
        Invitation = "invitation",
        /// Name, sign-in name, mail and telephone of somebody who holds no place any more.
        Person = "person",
    }
}

impl Kept {
    /// The kind of report; `None` for everything else.
    pub const fn report(self) -> Option<ReportKind> {
        match self {
            Self::NearMiss => Some(ReportKind::NearMiss),
            Self::Precursor => Some(ReportKind::Precursor),
            Self::Incident => Some(ReportKind::Incident),
            _ => None,
        }
    }
}

/// A kind of item and how long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The kind.
    pub kind: Kept,
    /// Days from the last event that counts to erasure: acceptance of a report, the last step of an
    /// advisory, the last version of a finding or that it was taken back, the last word about a candidate
    /// that no finding is left of, the beginning of a group, the sending of a count, the end of an invitation, the end
    /// of a person's last place.
    pub days: i64,
}

/// Least days that can be set: a slip of the keyboard must not empty the store.
pub const DAYS_MIN: i64 = 30;
/// Most days that can be set: a hundred years.
pub const DAYS_MAX: i64 = 36_500;

/// The terms of the house where nothing else is set.
pub const TERMS: &[Term] = &[
    term(Kept::NearMiss, 3 * 365),
    term(Kept::Precursor, 3 * 365),
    term(Kept::Incident, 5 * 365),
    term(Kept::Advisory, 5 * 365),
    term(Kept::Finding, 365),
    term(Kept::Candidate, 5 * 365),
    term(Kept::Group, 5 * 365),
    term(Kept::Count, 5 * 365),
    term(Kept::Invitation, 30),
    term(Kept::Person, 365),
];

/// The terms of one installation: each kind has exactly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(BTreeMap<Kept, i64>);

/// A term that cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{kind}` cannot be kept for {days} days; set {DAYS_MIN} to {DAYS_MAX}")]
pub struct WrongTerm {
    kind: Kept,
    days: i64,
}

impl Terms {
    /// The terms of the house with those of `own` in their place.
    ///
    /// # Errors
    /// [`WrongTerm`] when one is shorter or longer than can be set.
    pub fn with(own: &BTreeMap<Kept, i64>) -> Result<Self, WrongTerm> {
        let mut terms = Self::default();
        for (kind, days) in own {
            if !(DAYS_MIN..=DAYS_MAX).contains(days) {
                return Err(WrongTerm {
                    kind: *kind,
                    days: *days,
                });
            }
            terms.0.insert(*kind, *days);
        }
        Ok(terms)
    }

    /// Every term, in declared order of kinds.
    pub fn all(&self) -> impl Iterator<Item = Term> + '_ {
        self.0.iter().map(|(kind, days)| term(*kind, *days))
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self(TERMS.iter().map(|term| (term.kind, term.days)).collect())
    }
}

words! {
    /// Why something is erased before its term.
    pub enum EraseReason {
        /// Whom it concerns asked for it: a report's source, the person.
        OnRequest = "on-request",
        /// A court or an authority ordered it.
        Ordered = "ordered",
        /// It should never have been entered here.
        Mistaken = "mistaken",
    }
}

const fn term(kind: Kept, days: i64) -> Term {
    Term { kind, days }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_term_within_the_limits() {
        let kinds: Vec<_> = Terms::default().all().map(|term| term.kind).collect();
        assert_eq!(kinds, Kept::ALL);
        assert!(
            TERMS
                .iter()
                .all(|term| (DAYS_MIN..=DAYS_MAX).contains(&term.days))
        );
        assert_eq!(TERMS.len(), Kept::ALL.len());
    }

    #[test]
    fn an_installation_sets_its_own_within_the_limits() {
        let own = BTreeMap::from([(Kept::Person, 90)]);
        let terms = Terms::with(&own).unwrap();
        let days = |wanted| terms.all().find(|term| term.kind == wanted).unwrap().days;
        assert_eq!(days(Kept::Person), 90);
        assert_eq!(days(Kept::Advisory), 5 * 365);
        for days in [0, -1, 29, 36_501] {
            assert!(Terms::with(&BTreeMap::from([(Kept::Person, days)])).is_err());
        }
    }
}
