//! Identifiers: one type per thing, 128 random bits each.
//!
//! The text form is a three-letter prefix and 26 characters of Crockford base 32, so that a log
//! line and a support mail explain themselves. There is no time and no sequence in an id: an id
//! must not tell when or how many (law 3).
//!
//! INVARIANT: the bits come from the caller's randomness; an id is never derived from content.

use std::fmt;
use std::str::FromStr;

/// Bytes of an id.
pub const ID_BYTES: usize = 16;
const TEXT_CHARS: usize = 26;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is not an id of the form `{prefix}_` and 26 characters; copy it as it was shown"
)]
pub struct IdError {
    prefix: &'static str,
    given: String,
}

/// The digit that each byte stands for; [`NO_DIGIT`] for a byte outside the alphabet.
const DIGITS: [u8; 256] = digits();
const NO_DIGIT: u8 = 0xff;

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler, which refuses a place outside"
)]
const fn digits() -> [u8; 256] {
    let mut digits = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < ALPHABET.len() {
        digits[ALPHABET[digit] as usize] = digit as u8;
        digit += 1;
    }
    digits
}

/// The characters of `bits`, the highest first.
fn encode(bits: u128) -> [u8; TEXT_CHARS] {
    let mut rest = bits;
    let mut text = [b'0'; TEXT_CHARS];
    for letter in text.iter_mut().rev() {
        let [low, ..] = rest.to_le_bytes();
        *letter = ALPHABET
            .get(usize::from(low & 31))
            .copied()
            .unwrap_or(*letter);
        rest >>= 5;
    }
    text
}

fn decode(text: &str) -> Option<u128> {
    let bytes = text.as_bytes();
    // 26 characters hold 130 bits: the first may use only its lowest three.
    if bytes.len() != TEXT_CHARS
        || bytes
            .first()
            .is_none_or(|first| !(b'0'..=b'7').contains(first))
    {
        return None;
    }
    bytes.iter().try_fold(0, |bits: u128, byte| {
        let digit = *DIGITS.get(usize::from(*byte))?;
        (digit != NO_DIGIT).then_some((bits << 5) | u128::from(digit))
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; ID_BYTES]);

        impl $name {
            /// The prefix of the text form, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Makes an id of random bytes; the caller supplies the randomness.
            pub fn from_random(bytes: [u8; ID_BYTES]) -> Self {
                Self(bytes)
            }

            /// The random bytes, for formats that carry an id without its prefix.
            pub fn to_bytes(self) -> [u8; ID_BYTES] {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                let text = encode(u128::from_be_bytes(self.0));
                out.write_str(concat!($prefix, "_"))?;
                out.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, out)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix($prefix)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .and_then(decode)
                    .map(|bits| Self(bits.to_be_bytes()))
                    .ok_or_else(|| IdError {
                        prefix: $prefix,
                        given: text.chars().take(40).collect(),
                    })
            }
        }
    )+};
}

ids! {
    /// An addressee line of an advisory.
    AddresseeId = "adr";
    /// An advisory.
    AdvisoryId = "adv";
    /// An API token (not its secret).
    ApiTokenId = "tok";
    /// A commitment: an entry of the log, waiting or published.
    CommitmentId = "cmm";
    /// A server that may be a C&C server, whoever found it.
    CandidateId = "cnd";
    /// A community: a CEPTOAR's members, an ISAC, a council, an action plan.
    CommunityId = "cmt";
    /// A count of near misses for one period.
    CountId = "cnt";
    /// A sign-in credential.
    CredentialId = "crd";
    /// A custodian of sealed identities.
    CustodianId = "ctd";
    /// A delivery of an advisory to one addressee by one channel.
    DeliveryId = "dlv";
    /// A draft of a report.
    DraftId = "drf";
    /// A turn on the duty roster.
    DutyId = "dty";
    /// Feedback on an advisory.
    FeedbackId = "fbk";
    /// A finding of one carrier about one server.
    FindingId = "fnd";
    /// An incident that groups reports.
    IncidentId = "inc";
    /// An invitation to join.
    InvitationId = "inv";
    /// A letter of a carrier to the user of one line.
    LetterId = "ltr";
    /// Something that changed among the members of an organization.
    MemberEventId = "mev";
    /// A person's place in an organization.
    MembershipId = "mem";
    /// A message of the pseudonymous dialogue.
    MessageId = "msg";
    /// An opinion on severity.
    OpinionId = "opi";
    /// A request to open a sealed identity.
    OpeningId = "opn";
    /// An organization.
    OrganizationId = "org";
    /// One part of a report on one side of the border.
    PartId = "prt";
    /// A person.
    PersonId = "per";
    /// A question of an addressee to the issuer of an advisory.
    QuestionId = "qst";
    /// A report.
    ReportId = "rpt";
    /// A border review: the check before a release.
    ReviewId = "rvw";
    /// A server error, as shown to the person who met it.
    TroubleId = "err";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        for byte in [0u8, 1, 0x7f, 0xff] {
            let id = ReportId::from_random([byte; 16]);
            assert_eq!(id.to_string().parse::<ReportId>(), Ok(id));
        }
        let id = ReportId::from_random([0xff; 16]);
        assert_eq!(id.to_string(), "rpt_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    }

    #[test]
    fn foreign_and_overlong_texts_are_refused() {
        for text in [
            "",
            "rpt_",
            "adv_7zzzzzzzzzzzzzzzzzzzzzzzzz",
            "rpt_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "rpt_7zzzzzzzzzzzzzzzzzzzzzzzzzz",
            "rpt_7zzzzzzzzzzzzzzzzzzzzzzzzu",
            "rpt_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "rpt_7zzzzzzzzzzzzzzzzzzzzzzzé",
        ] {
            assert!(text.parse::<ReportId>().is_err(), "{text}");
        }
    }
}
