//! The fields of a part: which kind of part each belongs to, what shape it has, and its limits.
//!
//! One list serves forms, storage, history per field, detection of identifying strings and pages.
//! "Unknown" is an answer to every question.

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::organization::Tier;
use crate::part::PartKind;
use crate::text::{BoundedText, TextError};
use crate::time::Timestamp;
use crate::word::{Code, words};

/// Longest answer on one line, in characters.
pub const LINE_CHARS_MAX: usize = 200;
/// Longest prose, in characters.
pub const PROSE_CHARS_MAX: usize = 8_000;
/// Most codes chosen for one field.
pub const CODES_MAX: usize = 16;

words! {
    /// A question that a part can answer.
    pub enum Field {
        /// Name of the reporting organization.
        Organization = "organization",
        /// Whom to reach, outside the affected network.
        ContactName = "contact-name",
        /// Phone number of the contact.
        ContactPhone = "contact-phone",
        /// Mail address of the contact.
        ContactMail = "contact-mail",
        /// Prefecture of the affected site.
        Prefecture = "prefecture",
        /// What nearly happened.
        NearMissKind = "near-miss-kind",
        /// Event types of the yearly statistics.
        EventTypes = "event-types",
        /// Causes; several may apply.
        Causes = "causes",
        /// How the attack works.
        Technique = "technique",
        /// Addresses, names, hashes of the attacker.
        Indicators = "indicators",
        /// Where it happened: IT, OT, cloud, supplier, people, business.
        Place = "place",
        /// Affected systems.
        Systems = "systems",
        /// Affected services, as codes of the reference data.
        Services = "services",
        /// Whether the service-maintenance level was departed from.
        ServiceLevel = "service-level",
        /// Effect on users.
        Effect = "effect",
        /// Why no harm came of it.
        NoHarmReason = "no-harm-reason",
        /// What has been done so far.
        Response = "response",
        /// Expected recovery.
        Recovery = "recovery",
        /// Spill-over to others.
        SpillOver = "spill-over",
        /// Sector.
        Sector = "sector",
        /// Region, after generalization.
        Region = "region",
        /// When it happened.
        OccurredAt = "occurred-at",
        /// When it was noticed.
        DetectedAt = "detected-at",
        /// One line.
        Headline = "headline",
        /// The prose.
        Narrative = "narrative",
        /// Title of an advisory.
        Title = "title",
        /// What an advisory says, in short.
        Gist = "gist",
        /// Why now: background and judgment.
        Background = "background",
        /// Threat or vulnerability in detail.
        Detail = "detail",
        /// Affected products and systems.
        Products = "products",
        /// Where it can be read up, and what it was written after.
        References = "references",
        /// What executives have to do.
        ActionExecutive = "action-executive",
        /// What the CISO has to do.
        ActionCiso = "action-ciso",
        /// What staff of information systems have to do.
        ActionSystemStaff = "action-system-staff",
        /// What staff of control systems have to do.
        ActionOtStaff = "action-ot-staff",
        /// The text of a message.
        Message = "message",
        /// What a carrier found about one server.
        Finding = "finding",
    }
}

/// What an answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line of text.
    Line,
    /// Several lines of text.
    Prose,
    /// One code of a list of the reference data.
    OneCode,
    /// Several codes of a list of the reference data.
    ManyCodes,
    /// An instant, known to the minute, hour or day.
    Moment,
    /// Yes, no (or unknown).
    YesNo,
    /// A finding: codes and numbers that a program made; no form asks for it.
    Finding,
}

/// What is known of a field.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// The source does not know.
    Unknown,
    /// A text within the field's limit.
    Text(String),
    /// Codes of the reference data.
    Codes(BTreeSet<Code>),
    /// An instant with the precision it is known to.
    Moment(Timestamp, Precision),
    /// An answer to a yes-or-no question.
    Answer(Answer),
    /// A finding.
    Finding(Box<Finding>),
}

words! {
    /// How exactly an instant is known.
    pub enum Precision {
        /// To the minute.
        Minute = "minute",
        /// To the hour.
        Hour = "hour",
        /// To the day.
        Day = "day",
        /// To the month.
        Month = "month",
    }
}

words! {
    /// Yes or no; not knowing is [`Value::Unknown`].
    pub enum Answer {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
    }
}

/// Why an answer does not fit its field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// The text itself is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Too many codes.
    #[error("{count} choices were made and the limit is {CODES_MAX}; keep the main ones")]
    TooMany {
        /// Choices made.
        count: usize,
    },
    /// An answer of another shape.
    #[error("`{field}` does not take an answer of this form")]
    WrongShape {
        /// The field's word.
        field: &'static str,
    },
}

impl Field {
    /// The part that carries this field.
    pub const fn part(self) -> PartKind {
        match self {
            Self::Organization
            | Self::ContactName
            | Self::ContactPhone
            | Self::ContactMail
            | Self::Prefecture => PartKind::Source,
            Self::NearMissKind
            | Self::EventTypes
            | Self::Causes
            | Self::Technique
            | Self::Indicators => PartKind::Attack,
            Self::Place
            | Self::Systems
            | Self::Services
            | Self::ServiceLevel
            | Self::Effect
            | Self::NoHarmReason
            | Self::Response
            | Self::Recovery
            | Self::SpillOver => PartKind::Damage,
            Self::Sector
            | Self::Region
            | Self::OccurredAt
            | Self::DetectedAt
            | Self::Headline
            | Self::Narrative => PartKind::Summary,
            Self::Title
            | Self::Gist
            | Self::Background
            | Self::Detail
            | Self::Products
            | Self::References
            | Self::ActionExecutive
            | Self::ActionCiso
            | Self::ActionSystemStaff
            | Self::ActionOtStaff => PartKind::Advisory,
            Self::Message => PartKind::Message,
            Self::Finding => PartKind::Finding,
        }
    }

    /// The field that holds the action of `tier` in an advisory.
    pub const fn action_of(tier: Tier) -> Self {
        match tier {
            Tier::Executive => Self::ActionExecutive,
            Tier::Ciso => Self::ActionCiso,
            Tier::SystemStaff => Self::ActionSystemStaff,
            Tier::OtStaff => Self::ActionOtStaff,
        }
    }

    /// The shape of its answer.
    pub const fn shape(self) -> Shape {
        match self {
            Self::Organization
            | Self::ContactName
            | Self::ContactPhone
            | Self::ContactMail
            | Self::Systems
            | Self::Recovery
            | Self::Headline
            | Self::Title => Shape::Line,
            Self::Technique
            | Self::Indicators
            | Self::Effect
            | Self::Response
            | Self::SpillOver
            | Self::Narrative
            | Self::Gist
            | Self::Background
            | Self::Detail
            | Self::Products
            | Self::References
            | Self::ActionExecutive
            | Self::ActionCiso
            | Self::ActionSystemStaff
            | Self::ActionOtStaff
            | Self::Message => Shape::Prose,
            Self::Prefecture
            | Self::NearMissKind
            | Self::NoHarmReason
            | Self::Sector
            | Self::Region => Shape::OneCode,
            Self::EventTypes | Self::Causes | Self::Place | Self::Services => Shape::ManyCodes,
            Self::ServiceLevel => Shape::YesNo,
            Self::Finding => Shape::Finding,
            Self::OccurredAt | Self::DetectedAt => Shape::Moment,
        }
    }

    /// Whether the answer is free text, which may identify its author.
    pub const fn is_free_text(self) -> bool {
        matches!(self.shape(), Shape::Line | Shape::Prose)
    }
}

impl Value {
    /// A text answer to `field`, within its limit.
    pub fn text(field: Field, raw: &str) -> Result<Self, FieldError> {
        let text = match field.shape() {
            Shape::Line => BoundedText::<LINE_CHARS_MAX>::parse(raw)?
                .as_str()
                .replace('\n', " "),
            Shape::Prose => BoundedText::<PROSE_CHARS_MAX>::parse(raw)?
                .as_str()
                .to_owned(),
            _ => {
                return Err(FieldError::WrongShape {
                    field: field.word(),
                });
            }
        };
        Ok(Self::Text(text))
    }

    /// The codes chosen for `field`.
    pub fn codes(field: Field, codes: BTreeSet<Code>) -> Result<Self, FieldError> {
        match (field.shape(), codes.len()) {
            (Shape::OneCode, 1) | (Shape::ManyCodes, 1..=CODES_MAX) => Ok(Self::Codes(codes)),
            (Shape::ManyCodes | Shape::OneCode, count) if count > 1 => {
                Err(FieldError::TooMany { count })
            }
            _ => Err(FieldError::WrongShape {
                field: field.word(),
            }),
        }
    }

    /// Whether this value has the shape of `field`; the store checks what it reads back.
    pub fn fits(&self, field: Field) -> bool {
        match self {
            Self::Unknown => true,
            Self::Text(_) => field.is_free_text(),
            Self::Codes(codes) => match field.shape() {
                Shape::OneCode => codes.len() == 1,
                Shape::ManyCodes => (1..=CODES_MAX).contains(&codes.len()),
                _ => false,
            },
            Self::Moment(..) => field.shape() == Shape::Moment,
            Self::Answer(_) => field.shape() == Shape::YesNo,
            Self::Finding(_) => field.shape() == Shape::Finding,
        }
    }

    /// The single code, when there is exactly one.
    pub fn code(&self) -> Option<&Code> {
        match self {
            Self::Codes(codes) if codes.len() == 1 => codes.first(),
            _ => None,
        }
    }
}
