//! Deliveries: what is sent to whom besides the inbox, and when the next person is called in.

use std::collections::BTreeSet;

use super::Addressee;
use crate::audience::{Audience, AudienceKey};
use crate::handling::Tlp;
use crate::id::OrganizationId;
use crate::organization::{Clearance, OrganizationKind};
use crate::time::Timestamp;
use crate::word::{Code, words};

/// No further person is called in when less than this is left, in seconds: a call is quicker.
pub const ESCALATION_LEFT_SECONDS_MIN: i64 = 600;

words! {
    /// By which way somebody is told that an advisory is there. The inbox needs no delivery.
    pub enum Channel {
        /// Mail, plain text.
        Mail = "mail",
    }
}

words! {
    /// What a delivery says.
    pub enum Occasion {
        /// An advisory is there.
        Issued = "issued",
        /// Its text was replaced.
        Amended = "amended",
        /// It may be used less widely, or no longer by this addressee.
        Tightened = "tightened",
        /// It was taken back.
        Recalled = "recalled",
        /// Nobody took it on in half of the time: the next person is called in.
        Escalated = "escalated",
        /// The issuer reminds.
        Nudged = "nudged",
        /// The issuer answered what the reader had asked.
        Answered = "answered",
    }
}

words! {
    /// Where a delivery stands.
    pub enum DeliveryState {
        /// To be sent, or to be tried again.
        Waiting = "waiting",
        /// Handed to the next mail server.
        Sent = "sent",
        /// Given up: the sender sees it and telephones.
        Failed = "failed",
    }
}

words! {
    /// Why a delivery did not go out: a code, never the text of a foreign server.
    pub enum Failure {
        /// The person has no mail address.
        NoAddress = "no-address",
        /// The address is not one.
        BadAddress = "bad-address",
        /// The mail relay could not be reached.
        Unreachable = "unreachable",
        /// The mail relay refused for now.
        RefusedForNow = "refused-for-now",
        /// The mail relay refused for good.
        Refused = "refused",
        /// Something newer was to be said before this could be sent.
        Overtaken = "overtaken",
    }
}

impl Failure {
    /// Whether trying again may help.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Unreachable | Self::RefusedForNow)
    }
}

/// Seconds to wait after each failed try; a delivery that failed once more is given up.
const RETRY_SECONDS: [i64; 6] = [60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600];

/// How often something was tried to be sent, and how it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// Where it stands.
    pub state: DeliveryState,
    /// Tries so far.
    pub attempts: u32,
    /// When it is to be tried next.
    pub next_at: Timestamp,
    /// Why the last try failed; `None` when none did.
    pub failure: Option<Failure>,
    /// When it was handed over; `None` before.
    pub sent_at: Option<Timestamp>,
}

impl Tries {
    /// Not yet tried, and due at `at`.
    pub const fn due(at: Timestamp) -> Self {
        Self {
            state: DeliveryState::Waiting,
            attempts: 0,
            next_at: at,
            failure: None,
            sent_at: None,
        }
    }

    /// After one more try, which ended with `outcome` at `now`: sent, to be tried again, or given
    /// up.
    #[must_use]
    pub fn after(self, outcome: Result<(), Failure>, now: Timestamp) -> Self {
        let tried = Self {
            attempts: self.attempts.saturating_add(1),
            failure: outcome.err(),
            ..self
        };
        match outcome {
            Ok(()) => Self {
                state: DeliveryState::Sent,
                sent_at: Some(now),
                ..tried
            },
            Err(failure) => match retry_at(tried.attempts, failure, now) {
                Some(next_at) => Self { next_at, ..tried },
                None => Self {
                    state: DeliveryState::Failed,
                    ..tried
                },
            },
        }
    }
}

/// When to try again after the try number `attempts` failed; `None` when it is given up.
fn retry_at(attempts: u32, failure: Failure, now: Timestamp) -> Option<Timestamp> {
    let index = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let wait_seconds = RETRY_SECONDS.get(index)?;
    failure
        .is_passing()
        .then(|| now.plus_seconds(*wait_seconds))
}

/// When the next person is called in: at half of the time left since somebody was last told.
/// `None` when too little is left for it.
pub fn escalation_at(told_at: Timestamp, due_at: Timestamp) -> Option<Timestamp> {
    let left_seconds = due_at.seconds_since(told_at);
    (left_seconds >= 2 * ESCALATION_LEFT_SECONDS_MIN)
        .then(|| told_at.plus_seconds(left_seconds / 2))
}

/// Who may read an issued advisory: its addressees for the purposes it may be used for, and its
/// issuer for all of `own_purposes`. A RED advisory, and whoever is named as a person, is for that
/// person alone.
pub fn audience(
    addressees: &BTreeSet<Addressee>,
    tlp: Tlp,
    purposes: &BTreeSet<Code>,
    issuer: OrganizationId,
    own_purposes: &BTreeSet<Code>,
) -> Vec<Audience> {
    let mut keys: BTreeSet<AudienceKey> = BTreeSet::new();
    for addressee in addressees {
        match addressee {
            Addressee::Person(person, ..) => keys.insert(AudienceKey::Person(*person)),
            Addressee::Tier(..) if tlp == Tlp::Red => continue,
            Addressee::Tier(organization, _) => {
                keys.insert(AudienceKey::Organization(*organization, None))
            }
        };
    }
    let rows = |key: AudienceKey, purposes: &BTreeSet<Code>| {
        let purposes = purposes.iter().cloned();
        purposes
            .map(|purpose| Audience {
                key,
                purpose,
                clearance: Clearance::default(),
                expires_at: None,
            })
            .collect::<Vec<_>>()
    };
    let own = AudienceKey::Organization(issuer, None);
    keys.remove(&own);
    let mut audience = rows(own, own_purposes);
    audience.extend(keys.into_iter().flat_map(|key| rows(key, purposes)));
    audience
}

words! {
    /// A leg of the way down; each is measured by itself.
    pub enum Hop {
        /// A ministry, the center or another authority.
        Authority = "authority",
        /// A CEPTOAR or an ISAC.
        Relay = "relay",
        /// Those who act on their own systems, and those who help them.
        Operator = "operator",
    }
}

impl Hop {
    /// The leg that an organization of `kind` stands on.
    pub const fn of(kind: OrganizationKind) -> Self {
        match kind {
            OrganizationKind::Ministry
            | OrganizationKind::NationalCenter
            | OrganizationKind::CoordinationCenter
            | OrganizationKind::Police => Self::Authority,
            OrganizationKind::Ceptoar | OrganizationKind::Isac => Self::Relay,
            OrganizationKind::Operator
            | OrganizationKind::Supplier
            | OrganizationKind::HelpDesk => Self::Operator,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::organization::Tier;

    #[test]
    fn each_escalation_halves_what_is_left() {
        let (told, due) = (Timestamp::from_seconds(0), Timestamp::from_seconds(8_000));
        let first = escalation_at(told, due).unwrap();
        assert_eq!(first, Timestamp::from_seconds(4_000));
        let second = escalation_at(first, due).unwrap();
        assert_eq!(second, Timestamp::from_seconds(6_000));
        let third = escalation_at(second, due).unwrap();
        assert_eq!(third, Timestamp::from_seconds(7_000));
        assert_eq!(escalation_at(third, due), None);
    }

    #[test]
    fn a_passing_failure_is_tried_again_and_at_last_given_up() {
        let now = Timestamp::from_seconds(0);
        let mut tries = Tries::due(now);
        let mut waits = Vec::new();
        while tries.state == DeliveryState::Waiting {
            tries = tries.after(Err(Failure::Unreachable), now);
            waits.push(tries.next_at.seconds_since(now));
        }
        assert_eq!(waits, [60, 300, 900, 3_600, 14_400, 43_200, 43_200]);
        assert_eq!((tries.state, tries.attempts), (DeliveryState::Failed, 7));
        let refused = Tries::due(now).after(Err(Failure::Refused), now);
        assert_eq!(refused.state, DeliveryState::Failed);
    }

    #[test]
    fn what_is_handed_over_keeps_no_failure() {
        let now = Timestamp::from_seconds(0);
        let tries = Tries::due(now).after(Err(Failure::Unreachable), now);
        assert_eq!(tries.failure, Some(Failure::Unreachable));
        let sent = tries.after(Ok(()), now.plus_seconds(60));
        assert_eq!((sent.state, sent.failure), (DeliveryState::Sent, None));
        assert_eq!(sent.sent_at, Some(now.plus_seconds(60)));
        assert_eq!(sent.attempts, 2);
    }

    #[test]
    fn red_reaches_named_persons_and_the_issuer_only() {
        let (issuer, operator) = (
            OrganizationId::from_random([1; 16]),
            OrganizationId::from_random([2; 16]),
        );
        let person = PersonId::from_random([3; 16]);
        let addressees = BTreeSet::from([
            Addressee::Tier(operator, Tier::Ciso),
            Addressee::Person(person, operator, Tier::Ciso),
        ]);
        let defense = BTreeSet::from(["defense".parse().unwrap()]);
        let keys = |tlp| -> Vec<AudienceKey> {
            audience(&addressees, tlp, &defense, issuer, &defense)
                .into_iter()
                .map(|row| row.key)
                .collect()
        };
        assert_eq!(
            keys(Tlp::Red),
            [
                AudienceKey::Organization(issuer, None),
                AudienceKey::Person(person)
            ]
        );
        assert_eq!(keys(Tlp::Amber).len(), 3);
    }
}
