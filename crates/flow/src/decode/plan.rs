//! The common case, column by column: a template of fixed length that tells one direction of a flow,
//! each value once.
//!
//! Which of several spellings of a value counts is then the same for all records of the template, and
//! is decided here once. Whatever is unusual has no plan and is read record by record.
//!
//! INVARIANT: a plan and the way record by record make the same rows of the same octets.

use std::collections::BTreeMap;

use super::element::{Number, Number as N, Slot};
use super::record::{Clock, low_byte, ntp_ms, signed};
use super::template::Move;
use crate::column::{Address, Columns, Ending, Opener};

/// Where each column of a set of records comes from.
pub(super) struct Plan {
    /// Octets of a record.
    pub(super) length: usize,
    source: Place,
    destination: Place,
    source_port: Option<Place>,
    destination_port: Option<Place>,
    protocol: Option<Place>,
    flags: Option<Place>,
    packets: Option<Place>,
    bytes: Option<Place>,
    start: Moment,
    end: Moment,
    sampler: Option<Place>,
    ending: Option<Place>,
    opener: Opener,
}

impl Plan {
    /// The plan of records of `length` octets, of which `moves` are wanted; `None` when they are to
    /// be read one by one.
    pub(super) fn compile(length: usize, moves: &[Move]) -> Option<Self> {
        let places = Places::of(moves)?;
        if places.first_of(UNUSUAL).is_some() {
            return None;
        }
        let address = |place: Place| matches!(place.octets, 4 | 16).then_some(place);
        Some(Self {
            length,
            source: address(places.source?)?,
            destination: address(places.destination?)?,
            source_port: places.only_of(&[N::SourcePort, N::SourcePortUdp, N::SourcePortTcp])?,
            destination_port: places.only_of(&[
                N::DestinationPort,
                N::DestinationPortUdp,
                N::DestinationPortTcp,
            ])?,
            protocol: places.of_number(N::Protocol),
            flags: places.of_number(N::Flags),
            packets: places.first_of(PACKETS),
            bytes: places.first_of(BYTES),
            start: places.moment(&[
                (N::StartMillis, Moment::Millis),
                (N::StartMicros, Moment::Ntp),
                (N::StartNanos, Moment::Ntp),
                (N::StartSeconds, Moment::Seconds),
                (N::FirstUptime, Moment::Uptime),
            ])?,
            end: places.moment(&[
                (N::EndMillis, Moment::Millis),
                (N::EndMicros, Moment::Ntp),
                (N::EndNanos, Moment::Ntp),
                (N::EndSeconds, Moment::Seconds),
                (N::LastUptime, Moment::Uptime),
            ])?,
            sampler: places.of_number(N::Sampler),
            ending: places.of_number(N::EndReason),
            opener: match places.of_number(N::BytesInitiator) {
                Some(_) => Opener::Source,
                None => Opener::Unsaid,
            },
        })
    }

    /// Whether its records name samplers.
    pub(super) fn names_sampler(&self) -> bool {
        self.sampler.is_some()
    }

    /// Adds the records of `set` to `into`, until a rest that is no whole record, and tells how many
    /// there were; `None`, with nothing added, when these records have to be read one by one.
    /// `sampling` is that of a record of no known sampler.
    pub(super) fn read(
        &self,
        set: &[u8],
        clock: &Clock,
        samplers: &BTreeMap<u64, u32>,
        sampling: u32,
        into: &mut Columns,
    ) -> Option<usize> {
        let count = set.len() / self.length;
        let records = Records {
            octets: set.get(..count * self.length)?,
            length: self.length,
        };
        let by_uptime = [&self.start, &self.end]
            .iter()
            .any(|moment| matches!(moment, Moment::Uptime(_)));
        let anchored = clock.uptime_ms.is_some() || clock.boot_ms.is_some();
        if (by_uptime && !anchored)
            || records.holds_none(self.source)
            || records.holds_none(self.destination)
        {
            return None;
        }
        let port = |value: u64| u16::try_from(value).unwrap_or(0);
        let of_sampler = |id: u64| samplers.get(&id).copied().unwrap_or(sampling);
        records.addresses(self.source, &mut into.source);
        records.addresses(self.destination, &mut into.destination);
        records.numbers(self.source_port, 0, port, &mut into.source_port);
        records.numbers(self.destination_port, 0, port, &mut into.destination_port);
        records.numbers(self.protocol, 0, low_byte, &mut into.protocol);
        records.numbers(self.flags, 0, low_byte, &mut into.flags);
        records.numbers(self.packets, 0, |value| value, &mut into.packets);
        records.numbers(self.bytes, 0, |value| value, &mut into.bytes);
        records.moments(self.start, clock, &mut into.start_ms);
        records.moments(self.end, clock, &mut into.end_ms);
        records.numbers(self.sampler, sampling, of_sampler, &mut into.sampling);
        let ending = Ending::Unsaid;
        records.numbers(self.ending, ending, Ending::from_code, &mut into.ending);
        into.opener.resize(into.opener.len() + count, self.opener);
        let before = into.end_ms.len() - count;
        let starts = into.start_ms.iter().skip(before);
        for (end, start) in into.end_ms.iter_mut().skip(before).zip(starts) {
            *end = (*end).max(*start);
        }
        Some(count)
    }
}

/// The records of `NetFlow` v5, which has no templates.
pub(super) const V5: Plan = Plan {
    length: 48,
    source: place(0, 4),
    destination: place(4, 4),
    source_port: Some(place(32, 2)),
    destination_port: Some(place(34, 2)),
    protocol: Some(place(38, 1)),
    flags: Some(place(37, 1)),
    packets: Some(place(16, 4)),
    bytes: Some(place(20, 4)),
    start: Moment::Uptime(place(24, 4)),
    end: Moment::Uptime(place(28, 4)),
    sampler: None,
    ending: None,
    opener: Opener::Unsaid,
};

/// What a plan does not read: ways back, times without one of the ends, samplings of a record's own.
const UNUSUAL: &[Number] = &[
    N::BytesBack,
    N::PacketsBack,
    N::StartDelta,
    N::EndDelta,
    N::BootMillis,
    N::SamplingInterval,
    N::SamplerInterval,
    N::SampledPackets,
    N::SkippedPackets,
    N::SampleSize,
    N::SamplePopulation,
];

/// Spellings of the packets of a flow; the first that is there counts.
pub(super) const PACKETS: &[Number] = &[
    N::Packets,
    N::PacketsInitiator,
    N::PacketsTotal,
    N::PacketsOut,
];

/// Spellings of the octets of a flow; the first that is there counts.
pub(super) const BYTES: &[Number] = &[N::Bytes, N::BytesInitiator, N::BytesTotal, N::BytesOut];

/// Where in a record a value lies.
#[derive(Clone, Copy)]
struct Place {
    offset: usize,
    octets: usize,
}

const fn place(offset: usize, octets: usize) -> Place {
    Place { offset, octets }
}

/// How a time is told, and where.
#[derive(Clone, Copy)]
enum Moment {
    Millis(Place),
    Seconds(Place),
    Ntp(Place),
    Uptime(Place),
}

/// A number that tells a time, and how.
type Spelled = (Number, fn(Place) -> Moment);

/// The places of all values that a template tells once.
struct Places {
    source: Option<Place>,
    destination: Option<Place>,
    numbers: [Option<Place>; Number::COUNT],
}

impl Places {
    /// `None` when a value is told twice, or is no number of 1 to 8 octets.
    fn of(moves: &[Move]) -> Option<Self> {
        let mut places = Self {
            source: None,
            destination: None,
            numbers: [None; Number::COUNT],
        };
        for step in moves {
            let (held, octets_max) = match step.slot {
                Slot::Source => (&mut places.source, 16),
                Slot::Destination => (&mut places.destination, 16),
                Slot::Number(number) => (places.numbers.get_mut(number as usize)?, 8),
            };
            let place = Place {
                offset: step.offset,
                octets: step.end - step.offset,
            };
            if held.is_some() || place.octets == 0 || place.octets > octets_max {
                return None;
            }
            *held = Some(place);
        }
        Some(places)
    }

    fn of_number(&self, number: Number) -> Option<Place> {
        self.numbers.get(number as usize).copied().flatten()
    }

    fn first_of(&self, spelled: &[Number]) -> Option<Place> {
        spelled.iter().find_map(|number| self.of_number(*number))
    }

    /// The one that is there; the outer `None` when there are several, of which the values decide.
    #[expect(
        clippy::option_option,
        reason = "no place, and no plan, are two answers"
    )]
    fn only_of(&self, spelled: &[Number]) -> Option<Option<Place>> {
        let mut found = spelled.iter().filter_map(|number| self.of_number(*number));
        let only = found.next();
        found.next().is_none().then_some(only)
    }

    fn moment(&self, spelled: &[Spelled]) -> Option<Moment> {
        let mut found = spelled
            .iter()
            .filter_map(|(number, moment)| self.of_number(*number).map(moment));
        found.next()
    }
}

/// Whole records of one length.
struct Records<'s> {
    octets: &'s [u8],
    length: usize,
}

impl Records<'_> {
    /// The `N` octets at `offset` of each record.
    #[inline]
    fn cells<const N: usize>(&self, offset: usize) -> impl Iterator<Item = [u8; N]> {
        let from = self.octets.get(offset..).unwrap_or_default();
        from.chunks(self.length)
            .map(|record| record.first_chunk().copied().unwrap_or([0; N]))
    }

    /// Whether an address of IPv6 is all zeros, which is none.
    fn holds_none(&self, place: Place) -> bool {
        place.octets == 16 && self.cells(place.offset).any(|cell| cell == [0; 16])
    }

    fn addresses(&self, place: Place, into: &mut Vec<Address>) {
        if place.octets == 4 {
            let cells = self.cells(place.offset);
            into.extend(cells.map(|cell| Address::v4(u32::from_be_bytes(cell))));
        } else {
            let cells = self.cells(place.offset);
            into.extend(cells.map(|cell| Address::v6(u128::from_be_bytes(cell))));
        }
    }

    /// Adds what `of` makes of the value of each record, or as many of `absent`.
    #[inline]
    fn numbers<T: Copy>(
        &self,
        place: Option<Place>,
        absent: T,
        of: impl Fn(u64) -> T,
        into: &mut Vec<T>,
    ) {
        let Some(Place { offset, octets }) = place else {
            into.resize(into.len() + self.octets.len() / self.length, absent);
            return;
        };
        match octets {
            1 => into.extend(self.cells(offset).map(|[octet]| of(u64::from(octet)))),
            2 => into.extend(
                self.cells(offset)
                    .map(|cell| of(u64::from(u16::from_be_bytes(cell)))),
            ),
            4 => into.extend(
                self.cells(offset)
                    .map(|cell| of(u64::from(u32::from_be_bytes(cell)))),
            ),
            8 => into.extend(self.cells(offset).map(|cell| of(u64::from_be_bytes(cell)))),
            _ => {
                let records = self.octets.chunks(self.length);
                into.extend(records.map(|record| {
                    let value = record.iter().skip(offset).take(octets);
                    of(value.fold(0, |value, octet| (value << 8) | u64::from(*octet)))
                }));
            }
        }
    }

    fn moments(&self, moment: Moment, clock: &Clock, into: &mut Vec<i64>) {
        match moment {
            Moment::Millis(place) => self.numbers(Some(place), 0, signed, into),
            Moment::Ntp(place) => self.numbers(Some(place), 0, ntp_ms, into),
            Moment::Seconds(place) => {
                let of = |seconds| signed(seconds).saturating_mul(1_000);
                self.numbers(Some(place), 0, of, into);
            }
            Moment::Uptime(place) => {
                let of = |uptime| clock.at(uptime).unwrap_or(clock.export_ms);
                self.numbers(Some(place), 0, of, into);
            }
        }
    }
}
