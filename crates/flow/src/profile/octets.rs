//! A kept profile as octets: a version, then numbers in LEB128, heaps and ranks only where they are
//! not empty. One profile has one spelling.

use super::registers::REGISTERS;
use super::said::PAIRED;
use super::{KEYS_MAX, KeptProfile, Linking, Registers, SIZES, Said, Session};

/// The version that this code writes and reads.
const VERSION: u8 = 1;

/// Hours of Unix time on both sides of which no profile is: a hundred thousand years.
const HOUR_MAX: i64 = 1 << 30;

/// Why octets are no profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OctetsError {
    /// A version that this code does not know.
    #[error("a profile of version {0}, which this version does not read")]
    Version(u8),
    /// They end too early, or go on behind the end, or a number is beyond its range.
    #[error("no octets of a profile")]
    Spelling,
}

impl KeptProfile {
    /// The profile as octets.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        if self.is_none() {
            return out;
        }
        number(&mut out, zigzag(self.first));
        number(&mut out, self.last.abs_diff(self.first));
        for value in self.sums() {
            number(&mut out, value);
        }
        heaps(&mut out, &self.hours);
        heaps(&mut out, &self.clients_by_hour.map(u64::from));
        heaps(&mut out, &self.sizes);
        heaps(&mut out, &self.sizes_back);
        number(&mut out, self.clients.len() as u64);
        for (linking, clients) in &self.clients {
            out.extend(linking.0.to_le_bytes());
            let ranks = clients.ranks();
            number(&mut out, taken(ranks.iter().map(|rank| *rank > 0)));
            out.extend(ranks.iter().filter(|rank| **rank > 0));
        }
        number(&mut out, self.said.len() as u64);
        for (session, said) in &self.said {
            number(&mut out, u64::from(session.day));
            out.extend(session.linking.0.to_le_bytes());
            let values = said.values();
            heaps(&mut out, &values);
        }
        out
    }

    /// The profile that was written as these octets.
    ///
    /// # Errors
    /// [`OctetsError`] when they are none.
    pub fn from_bytes(octets: &[u8]) -> Result<Self, OctetsError> {
        let (version, rest) = octets.split_first().ok_or(OctetsError::Spelling)?;
        if *version != VERSION {
            return Err(OctetsError::Version(*version));
        }
        if rest.is_empty() {
            return Ok(Self::none());
        }
        let mut from = Reader(rest);
        let profile = from.profile().ok_or(OctetsError::Spelling)?;
        if from.0.is_empty() {
            Ok(profile)
        } else {
            Err(OctetsError::Spelling)
        }
    }

    fn sums(&self) -> [u64; 10] {
        [
            self.calls,
            self.answers,
            self.failed,
            self.tried,
            self.opened,
            u64::from(self.sampling),
            u64::from(self.longest),
            self.octets,
            self.packets,
            self.octets_back,
        ]
    }
}

/// Numbers in a word: what it rests on, then value and weight of each piece of evidence.
const VALUES: usize = 1 + 2 * PAIRED.len();

impl Said {
    fn values(&self) -> [u64; VALUES] {
        let mut values = [0; VALUES];
        let evidence = self.evidence.iter();
        let told = evidence.flat_map(|(value, weight)| [zigzag(*value), zigzag(*weight)]);
        let told = std::iter::once(self.calls).chain(told);
        for (place, value) in values.iter_mut().zip(told) {
            *place = value;
        }
        values
    }

    fn read(values: &[u64; VALUES]) -> Self {
        let mut said = Self::default();
        let mut values = values.iter().copied();
        said.calls = values.next().unwrap_or(0);
        for (value, weight) in &mut said.evidence {
            *value = unzigzag(values.next().unwrap_or(0));
            *weight = unzigzag(values.next().unwrap_or(0));
        }
        said
    }
}

/// What is left to be read.
struct Reader<'o>(&'o [u8]);

impl Reader<'_> {
    fn profile(&mut self) -> Option<KeptProfile> {
        let first = unzigzag(self.number()?);
        let hour = |hour: &i64| (-HOUR_MAX..=HOUR_MAX).contains(hour);
        let first = Some(first).filter(hour)?;
        let last = i64::try_from(self.number()?).ok()?;
        let last = first.checked_add(last).filter(hour)?;
        let profile = KeptProfile {
            first,
            last,
            calls: self.number()?,
            answers: self.number()?,
            failed: self.number()?,
            tried: self.number()?,
            opened: self.number()?,
            sampling: self.short()?,
            longest: self.short()?,
            octets: self.number()?,
            packets: self.number()?,
            octets_back: self.number()?,
            hours: self.heaps()?,
            clients_by_hour: self.shorts()?,
            sizes: self.heaps::<SIZES>()?,
            sizes_back: self.heaps::<SIZES>()?,
            ..KeptProfile::none()
        };
        self.keyed(profile)
    }

    /// What stands under keys; those must rise.
    fn keyed(&mut self, mut profile: KeptProfile) -> Option<KeptProfile> {
        for _ in 0..self.count()? {
            let linking = self.linking()?;
            let mut ranks = [0; REGISTERS];
            let taken = self.number()?;
            for (place, rank) in (0..64_u32).zip(&mut ranks) {
                if taken >> place & 1 == 1 {
                    *rank = self.octet().filter(|rank| *rank > 0)?;
                }
            }
            if profile
                .clients
                .last_key_value()
                .is_some_and(|(key, _)| *key >= linking)
            {
                return None;
            }
            profile.clients.insert(linking, Registers::of(ranks)?);
        }
        for _ in 0..self.count()? {
            let session = Session {
                day: self.short()?,
                linking: self.linking()?,
            };
            if profile
                .said
                .last_key_value()
                .is_some_and(|(key, _)| *key >= session)
            {
                return None;
            }
            let said = Said::read(&self.heaps::<VALUES>()?);
            profile.said.insert(session, said);
        }
        Some(profile)
    }

    fn octet(&mut self) -> Option<u8> {
        let (octet, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*octet)
    }

    fn linking(&mut self) -> Option<Linking> {
        let (octets, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(Linking(u64::from_le_bytes(*octets)))
    }

    /// A number in its shortest spelling.
    fn number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let octet = self.octet()?;
            let part = u64::from(octet & 0x7f);
            if part << shift >> shift != part || (octet == 0 && shift > 0) {
                return None;
            }
            value |= part << shift;
            if octet < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn short(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn count(&mut self) -> Option<u64> {
        self.number().filter(|count| *count <= KEYS_MAX as u64)
    }

    fn heaps<const N: usize>(&mut self) -> Option<[u64; N]> {
        let mut heaps = [0; N];
        let taken = self.number()?;
        if taken >> N != 0 {
            return None;
        }
        for (place, heap) in (0..64_u32).zip(&mut heaps) {
            if taken >> place & 1 == 1 {
                *heap = self.number().filter(|heap| *heap > 0)?;
            }
        }
        Some(heaps)
    }

    fn shorts<const N: usize>(&mut self) -> Option<[u32; N]> {
        let heaps = self.heaps::<N>()?;
        let mut shorts = [0; N];
        for (short, heap) in shorts.iter_mut().zip(heaps) {
            *short = u32::try_from(heap).ok()?;
        }
        Some(shorts)
    }
}

/// Which of at most 64 places are taken, a bit each, and what is in those.
fn heaps<const N: usize>(out: &mut Vec<u8>, heaps: &[u64; N]) {
    const { assert!(N < 64, "a bit for each") };
    number(out, taken(heaps.iter().map(|heap| *heap > 0)));
    for heap in heaps.iter().filter(|heap| **heap > 0) {
        number(out, *heap);
    }
}

fn taken(places: impl Iterator<Item = bool>) -> u64 {
    (0..64_u32)
        .zip(places)
        .fold(0, |bits, (place, taken)| bits | u64::from(taken) << place)
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

const fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

const fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}
