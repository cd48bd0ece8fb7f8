//! Terms after sending: a source tightens at once and widens with care.
//!
//! What it asks is split in two. The meet with the terms in force only takes away, and takes effect at
//! once; whatever is wider waits until the source has seen who would be reached and says so again.

use std::collections::BTreeSet;

use crate::handling::{Circle, Consent, Handling, Tlp};
use crate::part::PartKind;
use crate::report::filing::Terms;
use crate::word::{Code, words};

/// What a source asks for one of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedTerms {
    /// The label.
    pub tlp: Tlp,
    /// Purposes of use it offers.
    pub purposes: BTreeSet<Code>,
    /// Circles the part may reach beside source and secretariat.
    pub circles: BTreeSet<Circle>,
    /// Whether it may be passed on to the national center.
    pub consent: Consent,
}

/// Whether a source has seen whom wider terms would reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Not yet: what is wider waits.
    Unseen,
    /// It has, and asks for them again.
    Seen,
}

words! {
    /// What becomes of a holder's grant when terms are tightened.
    pub enum Access {
        /// It ends.
        Ended = "ended",
        /// It goes on, under tighter terms.
        Kept = "kept",
    }
}

/// What comes of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The terms from now on.
    pub now: Handling,
    /// The terms that wait for the source's second word; `None` when nothing does.
    pub waiting: Option<Handling>,
}

impl AskedTerms {
    /// The handling of a part of `kind` under these terms, within the bounds that hold for every
    /// sender: who was hit is not for members and other sectors to know. Its expiry stays.
    pub fn handling(self, kind: PartKind, before: &Handling) -> Handling {
        let terms = Terms {
            tlp: self.tlp,
            purposes: self.purposes,
            circles: self.circles,
            consent: self.consent,
        };
        Handling {
            expires_at: before.expires_at,
            ..terms.handling(kind)
        }
    }
}

/// Splits `asked` into what takes effect at once and what waits.
pub fn split(before: &Handling, asked: Handling, care: Care) -> Split {
    let wider = before.tightened(asked.clone()).is_err();
    if wider && care == Care::Unseen {
        Split {
            now: before.meet(&asked),
            waiting: Some(asked),
        }
    } else {
        Split {
            now: asked,
            waiting: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(tlp: Tlp, circles: &[Circle], consent: Consent) -> AskedTerms {
        AskedTerms {
            tlp,
            purposes: ["defense".parse().unwrap()].into(),
            circles: circles.iter().copied().collect(),
            consent,
        }
    }

    fn before() -> Handling {
        let terms = asked(Tlp::Amber, &[Circle::Ministry], Consent::Undecided);
        let none = Handling {
            tlp: Tlp::Red,
            purposes: BTreeSet::new(),
            circles: BTreeSet::new(),
            expires_at: None,
            consent: Consent::Refused,
        };
        terms.handling(PartKind::Summary, &none)
    }

    #[test]
    fn what_is_tighter_takes_effect_at_once_and_what_is_wider_waits() {
        let both = asked(
            Tlp::AmberStrict,
            &[Circle::Ministry, Circle::Police],
            Consent::Granted,
        )
        .handling(PartKind::Summary, &before());
        let split = |care| split(&before(), both.clone(), care);
        let unseen = split(Care::Unseen);
        assert_eq!(unseen.now.tlp, Tlp::AmberStrict);
        assert!(!unseen.now.circles.contains(&Circle::Police));
        assert_eq!(unseen.now.consent, Consent::Undecided);
        assert!(unseen.waiting == Some(both.clone()));
        let seen = split(Care::Seen);
        assert!(seen.now == both && seen.waiting.is_none());
    }

    #[test]
    fn what_was_hit_never_goes_to_members() {
        let wide = asked(
            Tlp::Clear,
            &[Circle::CeptoarMembers, Circle::Public],
            Consent::Granted,
        );
        let damage = wide.clone().handling(PartKind::Damage, &before());
        assert_eq!(damage.circles, [Circle::Source, Circle::Secretariat].into());
        assert_eq!(damage.tlp, Tlp::Amber);
        let attack = wide.handling(PartKind::Attack, &before());
        assert!(attack.circles.contains(&Circle::CeptoarMembers));
    }
}
