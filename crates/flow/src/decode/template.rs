//! A template, compiled once: where in a record each wanted element lies.

use super::element::{Slot, slot};
use super::plan::Plan;
use super::record::Record;

/// Length that says: each record tells the length of this element (RFC 7011, section 7).
const VARIABLE: u16 = u16::MAX;

/// Octets that a datagram may have, by the length in the header of UDP.
const DATAGRAM_OCTETS_MAX: usize = u16::MAX as usize;

/// Octets that an address or a number may be told in. Names and the like, which are stepped over, are
/// as long as they are.
const WANTED_OCTETS_MAX: u16 = 128;

/// Fields that a template may have.
pub const FIELDS_MAX: usize = 512;

/// What the records of a template are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Flows.
    Flows,
    /// What the exporter says about itself.
    Options,
}

/// A field as the template names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    /// 0 for the elements of IANA.
    pub(super) enterprise: u32,
    /// Element.
    pub(super) id: u16,
    /// Octets, or [`VARIABLE`].
    pub(super) length: u16,
    /// Whether the field says what the record is about, in the numbering of v9's scopes.
    pub(super) scope: Scope,
}

/// How the number of a field is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// An information element.
    Element,
    /// One of the scopes of `NetFlow` v9 (RFC 3954, section 6.1), which are no elements.
    Version9,
}

/// A compiled template.
pub(super) struct Template {
    pub(super) kind: Kind,
    layout: Layout,
}

enum Layout {
    /// Each record has the same length.
    Fixed {
        length: usize,
        moves: Vec<Move>,
        plan: Option<Box<Plan>>,
    },
    /// Each record is walked.
    Walked(Vec<Step>),
}

/// A copy of the octets at `offset` to `slot`.
pub(super) struct Move {
    pub(super) offset: usize,
    pub(super) end: usize,
    pub(super) slot: Slot,
}

/// A field to step over, or to take.
struct Step {
    length: Option<usize>,
    slot: Option<Slot>,
}

impl Template {
    /// Compiles `fields`; `None` when a record of them has no length, or one that no datagram holds, or
    /// when an address or a number is longer than any is.
    pub(super) fn compile(kind: Kind, fields: &[Field]) -> Option<Self> {
        let wanted = |field: &Field| match field.scope {
            Scope::Element => slot(field.enterprise, field.id),
            Scope::Version9 => None,
        };
        let too_long = |field: &Field| field.length > WANTED_OCTETS_MAX && field.length != VARIABLE;
        if fields
            .iter()
            .any(|field| too_long(field) && wanted(field).is_some())
        {
            return None;
        }
        if fields.iter().any(|field| field.length == VARIABLE) {
            let steps = fields.iter().map(|field| Step {
                length: (field.length != VARIABLE).then_some(usize::from(field.length)),
                slot: wanted(field),
            });
            let layout = Layout::Walked(steps.collect());
            return Some(Self { kind, layout });
        }
        let (mut offset, mut moves) = (0, Vec::new());
        for field in fields {
            let end = offset + usize::from(field.length);
            if let Some(slot) = wanted(field) {
                moves.push(Move { offset, end, slot });
            }
            offset = end;
        }
        if offset == 0 || offset > DATAGRAM_OCTETS_MAX {
            return None;
        }
        let layout = Layout::Fixed {
            length: offset,
            plan: Plan::compile(offset, &moves).map(Box::new),
            moves,
        };
        Some(Self { kind, layout })
    }

    /// Octets of memory that it takes, about.
    pub(super) fn octets(&self) -> usize {
        let layout = match &self.layout {
            Layout::Fixed { moves, plan, .. } => {
                let plan = plan.as_ref().map_or(0, |_| size_of::<Plan>());
                plan + moves.capacity() * size_of::<Move>()
            }
            Layout::Walked(steps) => steps.capacity() * size_of::<Step>(),
        };
        size_of::<Self>() + layout
    }

    /// How a set of records is read column by column; `None` when it is read record by record.
    pub(super) fn plan(&self) -> Option<&Plan> {
        match &self.layout {
            Layout::Fixed { plan, .. } => plan.as_deref(),
            Layout::Walked(_) => None,
        }
    }

    /// Hands each record of `set` to `each`, until a rest that is no whole record: padding.
    pub(super) fn records(&self, set: &[u8], record: &mut Record, mut each: impl FnMut(&Record)) {
        match &self.layout {
            Layout::Fixed { length, moves, .. } => {
                for bytes in set.chunks_exact(*length) {
                    record.clear();
                    for step in moves {
                        if let Some(value) = bytes.get(step.offset..step.end) {
                            record.take(step.slot, value);
                        }
                    }
                    each(record);
                }
            }
            Layout::Walked(steps) => {
                let mut rest = set;
                while let Some(behind) = walk(steps, rest, record) {
                    if behind.len() == rest.len() {
                        return;
                    }
                    each(record);
                    rest = behind;
                }
            }
        }
    }
}

/// Reads one record from the front of `bytes`; what is behind it, or `None` when it does not fit.
fn walk<'b>(steps: &[Step], bytes: &'b [u8], record: &mut Record) -> Option<&'b [u8]> {
    record.clear();
    let mut rest = bytes;
    for step in steps {
        let length = if let Some(length) = step.length {
            length
        } else {
            let (length, behind) = told_length(rest)?;
            rest = behind;
            length
        };
        let (value, behind) = rest.split_at_checked(length)?;
        if let Some(slot) = step.slot {
            record.take(slot, value);
        }
        rest = behind;
    }
    Some(rest)
}

/// The length in front of a variable field: one octet, or 255 and two more (RFC 7011, section 7).
fn told_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    if *first < u8::MAX {
        return Some((usize::from(*first), rest));
    }
    let (length, rest) = rest.split_first_chunk::<2>()?;
    Some((usize::from(u16::from_be_bytes(*length)), rest))
}
