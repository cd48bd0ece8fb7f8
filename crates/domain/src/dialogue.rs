//! The dialogue with a source: who speaks, under which terms, and how exactly its times are told.
//!
//! A thread belongs to the organization that asks. The relay asks the source itself. Whoever asks
//! above the border asks the relay, which passes the question on and passes an answer up in its own
//! words; what the source wrote never crosses (law 4).
//!
//! INVARIANT: a message names an organization's kind or the source, never a person and never the
//! source's name.

use std::fmt;
use std::str::FromStr;

use crate::handling::{Circle, Handling};
use crate::organization::OrganizationKind;
use crate::report::Custody;
use crate::report::receipt::When;
use crate::text::BoundedText;
use crate::time::Timestamp;
use crate::word::{UnknownWord, words};

/// Longest message, in characters.
pub const MESSAGE_CHARS_MAX: usize = 4_000;
/// Most messages of one voice in one thread.
pub const VOICE_MESSAGES_MAX: usize = 100;
/// Within how many days an answer can be hoped for.
pub const DUE_DAYS: [u16; 4] = [1, 3, 7, 14];

/// A message, bounded at the door.
pub type MessageText = BoundedText<MESSAGE_CHARS_MAX>;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// The source, whoever of its people wrote it.
    Source,
    /// An organization of that kind.
    Staff(OrganizationKind),
}

words! {
    /// How far a message has come that cannot reach its reader by itself.
    pub enum PassageStage {
        /// It waits at the relay.
        Waiting = "waiting",
        /// One person at the relay wrote what would be passed on; another has to pass it.
        Written = "written",
        /// It was passed on.
        Passed = "passed",
        /// The relay keeps it.
        Withheld = "withheld",
    }
}

impl PassageStage {
    /// Whether the relay still has to do something about it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Written)
    }
}

/// When something was said, as exactly as anybody is told: the time of a visit to a mailbox would
/// help to find out whose it is.
pub fn told(at: Timestamp, custody: Custody) -> When {
    match custody {
        Custody::Named => When::Moment(at),
        Custody::Unnamed | Custody::Stripped => When::Day(at.day_in_japan()),
    }
}

/// The terms of what a source says in a dialogue: the strictest of what it said of its report.
/// `None` when nothing of the report is left.
pub fn source_terms<'h>(parts: impl IntoIterator<Item = &'h Handling>) -> Option<Handling> {
    parts
        .into_iter()
        .cloned()
        .reduce(|one, other| one.meet(&other))
}

/// The terms between the relay and an organization of `kind` above the border that holds `released`
/// parts of the report. `None` when it holds none, or is of a kind that no circle names.
pub fn asker_terms<'h>(
    kind: OrganizationKind,
    released: impl IntoIterator<Item = &'h Handling>,
) -> Option<Handling> {
    let met = source_terms(released)?;
    Some(Handling {
        circles: [Circle::Secretariat, circle_of(kind)?].into(),
        ..met
    })
}

/// The circle that an organization of `kind` above the border is.
pub const fn circle_of(kind: OrganizationKind) -> Option<Circle> {
    match kind {
        OrganizationKind::Ministry => Some(Circle::Ministry),
        OrganizationKind::NationalCenter => Some(Circle::NationalCenter),
        OrganizationKind::CoordinationCenter => Some(Circle::Coordination),
        OrganizationKind::Police => Some(Circle::Police),
        OrganizationKind::Operator
        | OrganizationKind::Supplier
        | OrganizationKind::HelpDesk
        | OrganizationKind::Ceptoar
        | OrganizationKind::Isac => None,
    }
}

impl fmt::Display for Voice {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source => out.write_str("source"),
            Self::Staff(kind) => out.write_str(kind.word()),
        }
    }
}

impl FromStr for Voice {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "source" => Ok(Self::Source),
            kind => kind.parse().map(Self::Staff),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handling::{Consent, Tlp};

    fn handling(tlp: Tlp, circles: &[Circle]) -> Handling {
        Handling {
            tlp,
            purposes: ["defense".parse().unwrap()].into(),
            circles: circles.iter().copied().collect(),
            expires_at: None,
            consent: Consent::Granted,
        }
    }

    #[test]
    fn a_voice_round_trips() {
        let staff = OrganizationKind::ALL.iter().map(|kind| Voice::Staff(*kind));
        for voice in staff.chain([Voice::Source]) {
            assert_eq!(voice.to_string().parse::<Voice>(), Ok(voice));
        }
        assert!("somebody".parse::<Voice>().is_err());
    }

    #[test]
    fn nobody_is_told_the_hour_of_a_mailbox() {
        let at = Timestamp::from_seconds(1_790_812_800);
        assert_eq!(told(at, Custody::Named), When::Moment(at));
        for custody in [Custody::Unnamed, Custody::Stripped] {
            assert_eq!(
                told(at, custody),
                told(at.plus_seconds(3_600), custody),
                "{custody}"
            );
        }
    }

    #[test]
    fn an_answer_takes_the_strictest_terms() {
        let parts = [
            handling(Tlp::Green, &[Circle::Source, Circle::Ministry]),
            handling(Tlp::AmberStrict, &[Circle::Source, Circle::Ministry]),
        ];
        let terms = source_terms(&parts).unwrap();
        assert_eq!(terms.tlp, Tlp::AmberStrict);
        assert!(source_terms([]).is_none());
        let between = asker_terms(OrganizationKind::Ministry, &parts).unwrap();
        assert_eq!(
            between.circles,
            [Circle::Secretariat, Circle::Ministry].into()
        );
        assert!(asker_terms(OrganizationKind::Operator, &parts).is_none());
    }
}
