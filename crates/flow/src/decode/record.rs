//! One record while it is read: the values of its elements, and the flows that they make.

use super::element::{Number, Number as N, Slot};
use super::plan::{BYTES, PACKETS};
use crate::column::{Address, Ending, Flow, Opener};

/// Seconds from the epoch of NTP (1900) to that of Unix (1970): RFC 5905, section 6.
const NTP_TO_UNIX_SECONDS: i64 = 2_208_988_800;

/// What the header of a datagram says of time, all in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// When it was sent, of Unix time.
    pub(super) export_ms: i64,
    /// How long the exporter was up when it sent; `None` where the header does not say (IPFIX).
    pub(super) uptime_ms: Option<u32>,
    /// When the exporter started, as an options record told it; of Unix time.
    pub(super) boot_ms: Option<i64>,
}

impl Clock {
    /// When the exporter was up for `uptime_ms`, of which 32 bits count; `None` where neither the
    /// header nor an options record says how long it is up now. The difference to the header is taken
    /// in 32 bits: it is right also when the counter, which starts anew each 49.7 days, wrapped
    /// between.
    #[inline]
    pub(super) fn at(&self, uptime_ms: u64) -> Option<i64> {
        let uptime_ms = u32::try_from(uptime_ms & u64::from(u32::MAX)).unwrap_or(0);
        let Some(now) = self.uptime_ms else {
            let boot = self.boot_ms?;
            return Some(boot.saturating_add(i64::from(uptime_ms)));
        };
        let before = now.wrapping_sub(uptime_ms).cast_signed();
        Some(self.export_ms - i64::from(before))
    }
}

/// The values of one record.
#[derive(Clone)]
pub(super) struct Record {
    source: Address,
    destination: Address,
    numbers: [u64; Number::COUNT],
    present: u64,
}

impl Record {
    pub(super) fn new() -> Self {
        Self {
            source: Address::NONE,
            destination: Address::NONE,
            numbers: [0; Number::COUNT],
            present: 0,
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.source = Address::NONE;
        self.destination = Address::NONE;
        self.present = 0;
    }

    /// Takes the value of an element, big-endian, at any length that an exporter chose to send it in
    /// (reduced-size encoding: RFC 7011, section 6.2).
    #[inline]
    pub(super) fn take(&mut self, slot: Slot, bytes: &[u8]) {
        match slot {
            Slot::Source => keep(&mut self.source, bytes),
            Slot::Destination => keep(&mut self.destination, bytes),
            Slot::Number(number) => {
                let place = number as usize;
                if let Some(held) = self.numbers.get_mut(place) {
                    *held = unsigned(bytes);
                    self.present |= 1 << place;
                }
            }
        }
    }

    /// A number of the record; `None` when it has none.
    #[inline]
    pub(super) fn number(&self, number: Number) -> Option<u64> {
        let place = number as usize;
        if self.present & (1 << place) == 0 {
            return None;
        }
        self.numbers.get(place).copied()
    }

    fn first_of(&self, numbers: &[Number]) -> Option<u64> {
        numbers.iter().find_map(|number| self.number(*number))
    }

    /// The flow of the record; `None` when it names no two ends.
    pub(super) fn flow(&self, clock: &Clock, sampling: u32) -> Option<Flow> {
        if self.source == Address::NONE || self.destination == Address::NONE {
            return None;
        }
        let (start_ms, end_ms) = self.times(clock);
        // Some exporters send the ports twice, and zero for those of the other protocol.
        let port = |spelled: [Number; 3]| {
            let told = spelled.iter().filter_map(|number| self.number(*number));
            let port = told.into_iter().find(|port| *port > 0).unwrap_or(0);
            u16::try_from(port).unwrap_or(0)
        };
        Some(Flow {
            source: self.source,
            destination: self.destination,
            source_port: port([N::SourcePort, N::SourcePortUdp, N::SourcePortTcp]),
            destination_port: port([
                N::DestinationPort,
                N::DestinationPortUdp,
                N::DestinationPortTcp,
            ]),
            protocol: low_byte(self.number(N::Protocol).unwrap_or(0)),
            flags: low_byte(self.number(N::Flags).unwrap_or(0)),
            packets: self.first_of(PACKETS).unwrap_or(0),
            bytes: self.first_of(BYTES).unwrap_or(0),
            start_ms,
            end_ms,
            sampling,
            ending: Ending::from_code(self.number(N::EndReason).unwrap_or(0)),
            opener: Opener::Unsaid,
        })
    }

    /// The way back of a biflow (RFC 5103, and the two byte counts of a firewall's session record);
    /// `None` where the record has one direction, or nothing came back.
    pub(super) fn back(&self, forth: &Flow) -> Option<Flow> {
        let bytes = self.number(Number::BytesBack).unwrap_or(0);
        let packets = self.number(Number::PacketsBack).unwrap_or(0);
        (bytes > 0 || packets > 0).then_some(Flow {
            source: forth.destination,
            destination: forth.source,
            source_port: forth.destination_port,
            destination_port: forth.source_port,
            flags: low_byte(self.number(Number::FlagsBack).unwrap_or(0)),
            packets,
            bytes,
            opener: Opener::Destination,
            ..*forth
        })
    }

    /// One packet of how many was looked at, as an options record tells it (IPFIX elements 34, 50,
    /// 305 and 306, 309 and 310); `None` when it does not tell.
    pub(super) fn sampling(&self) -> Option<u32> {
        let of = |looked: u64, all: u64| (looked > 0).then(|| all / looked);
        let rate = match (
            self.number(N::SampledPackets),
            self.number(N::SkippedPackets),
        ) {
            (Some(looked), Some(skipped)) => of(looked, looked.saturating_add(skipped)),
            _ => match (self.number(N::SampleSize), self.number(N::SamplePopulation)) {
                (Some(size), Some(population)) => of(size, population),
                _ => [N::SamplingInterval, N::SamplerInterval]
                    .iter()
                    .find_map(|number| self.number(*number).filter(|rate| *rate > 0)),
            },
        };
        rate.filter(|rate| *rate > 0)
            .map(|rate| u32::try_from(rate).unwrap_or(u32::MAX))
    }

    fn times(&self, clock: &Clock) -> (i64, i64) {
        let duration = self.number(N::DurationMillis).or_else(|| {
            self.number(N::DurationMicros)
                .map(|duration| duration / 1_000)
        });
        let duration = duration.map(|duration| i64::try_from(duration).unwrap_or(i64::MAX));
        let observed = self.number(N::ObservedMillis).map(signed).or_else(|| {
            self.number(N::ObservedSeconds)
                .map(|seconds| signed(seconds).saturating_mul(1_000))
        });
        let start = self.absolute(
            [
                N::StartMillis,
                N::StartMicros,
                N::StartNanos,
                N::StartSeconds,
                N::StartDelta,
            ],
            clock,
        );
        let end = self.absolute(
            [
                N::EndMillis,
                N::EndMicros,
                N::EndNanos,
                N::EndSeconds,
                N::EndDelta,
            ],
            clock,
        );
        let (first, last) = self.since_boot(clock);
        let start = start.or(first);
        let end = end.or(last).or(observed);
        let (start, end) = match (start, end, duration) {
            (Some(start), Some(end), _) => (start, end),
            (Some(start), None, duration) => (start, start.saturating_add(duration.unwrap_or(0))),
            (None, Some(end), duration) => (end.saturating_sub(duration.unwrap_or(0)), end),
            (None, None, duration) => {
                let end = clock.export_ms;
                (end.saturating_sub(duration.unwrap_or(0)), end)
            }
        };
        (start, end.max(start))
    }

    /// The time in whichever of the five spellings the record has it.
    fn absolute(&self, spelled: [Number; 5], clock: &Clock) -> Option<i64> {
        let [millis, micros, nanos, seconds, delta] = spelled;
        if let Some(value) = self.number(millis) {
            return Some(signed(value));
        }
        if let Some(value) = self.number(micros).or_else(|| self.number(nanos)) {
            return Some(ntp_ms(value));
        }
        if let Some(value) = self.number(seconds) {
            return Some(signed(value).saturating_mul(1_000));
        }
        let before_us = signed(self.number(delta)?);
        Some(clock.export_ms.saturating_sub(before_us / 1_000))
    }

    /// First and last packet by the exporter's uptime, which starts anew each 49.7 days.
    fn since_boot(&self, clock: &Clock) -> (Option<i64>, Option<i64>) {
        let boot_ms = self.number(Number::BootMillis).map(signed);
        let clock = &Clock {
            boot_ms: clock.boot_ms.or(boot_ms),
            ..*clock
        };
        let (first, last) = (self.number(N::FirstUptime), self.number(N::LastUptime));
        let at = |uptime| clock.at(uptime);
        match (first, last) {
            // Without any anchor what is left is how long it took.
            (Some(first), Some(last)) if at(last).is_none() => {
                let low = |uptime: u64| u32::try_from(uptime & u64::from(u32::MAX)).unwrap_or(0);
                let took = i64::from(low(last).wrapping_sub(low(first)));
                (
                    Some(clock.export_ms.saturating_sub(took)),
                    Some(clock.export_ms),
                )
            }
            (first, last) => (first.and_then(at), last.and_then(at)),
        }
    }
}

/// Keeps an address of 4 or 16 octets. Where a record has both, that of the other family is all
/// zeros.
#[inline]
fn keep(held: &mut Address, bytes: &[u8]) {
    let address = if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        let bits = u32::from_be_bytes(bytes);
        if bits == 0 && *held != Address::NONE {
            return;
        }
        Address::v4(bits)
    } else if let Ok(bytes) = <[u8; 16]>::try_from(bytes) {
        let bits = u128::from_be_bytes(bytes);
        if bits == 0 {
            return;
        }
        Address::v6(bits)
    } else {
        return;
    };
    *held = address;
}

/// An unsigned number of any length; of one longer than 8 octets the low 8.
#[inline]
fn unsigned(bytes: &[u8]) -> u64 {
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        return u64::from(u32::from_be_bytes(bytes));
    }
    if let Ok(bytes) = <[u8; 2]>::try_from(bytes) {
        return u64::from(u16::from_be_bytes(bytes));
    }
    if let Ok(bytes) = <[u8; 8]>::try_from(bytes) {
        return u64::from_be_bytes(bytes);
    }
    bytes
        .iter()
        .fold(0, |value: u64, byte| (value << 8) | u64::from(*byte))
}

pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn low_byte(value: u64) -> u8 {
    u8::try_from(value & 0xff).unwrap_or(0)
}

/// A time stamp of NTP, seconds and fraction, as milliseconds of Unix time (RFC 7011, section 6.1.9).
pub(super) fn ntp_ms(stamp: u64) -> i64 {
    let seconds = signed(stamp >> 32) - NTP_TO_UNIX_SECONDS;
    let fraction = stamp & u64::from(u32::MAX);
    seconds * 1_000 + signed((fraction * 1_000) >> 32)
}
