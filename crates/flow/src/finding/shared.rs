//! What leaves a carrier of a finding, and how it is spelled: one JSON object a line.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Evidence, EvidenceCode, EvidenceGroup, Finding, Tier};
use crate::column::Address;
use crate::service;

/// Clients below which no number of them leaves, when nobody sets another.
pub const CLIENTS_MIN_DEFAULT: u32 = 5;

/// The lowest that [`CLIENTS_MIN_DEFAULT`] may be set to.
pub const CLIENTS_MIN_LOWEST: u32 = 3;

/// Findings that are read at once.
pub const SHARED_MAX: usize = 10_000;

/// Reasons that a finding may have.
pub const EVIDENCE_MAX: usize = 32;

/// Octets that a line may have.
const LINE_OCTETS_MAX: usize = 16 << 10;

/// Largest score and weight, in decibans.
const DECIBANS_MAX: f64 = 1_000.0;

/// Largest number of a piece of evidence.
const VALUE_MAX: f64 = 1e12;

/// Weights leave in steps of so many decibans: what they rest on is counted in calls and clients, and
/// a weight told closely would tell their number.
const WEIGHT_STEP: f64 = 2.0;

/// What the behavior of clients weighs when there are too few to tell their number; less than 1 is not
/// told at all.
const FEW_CLIENTS_WEIGHT: f64 = 4.0;

const MILLIS_PER_HOUR: i64 = 3_600_000;

/// A full hour, as hours of Unix time; spelled as a moment of RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hour(pub i64);

/// A reason as it is told to others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedEvidence {
    /// The word of an [`EvidenceCode`].
    pub code: String,
    /// The number in the unit of the code, two significant digits; shares to tenths. 0 where it would
    /// tell how many clients there are.
    pub value: f64,
    /// What it adds to the score, in decibans, in even steps.
    pub weight: f64,
}

/// A finding as it leaves a carrier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedFinding {
    /// Address of the server.
    pub server: IpAddr,
    /// Its port.
    pub port: u16,
    /// IP protocol number: 6 is TCP, 17 UDP.
    pub protocol: u8,
    /// Score in decibans: the sum of the weights as they are told.
    pub score: f64,
    /// The word of a [`Tier`].
    pub tier: String,
    /// At least this many clients, in steps (3, 5, 10, 20, 50 …); `None` below the least number.
    pub clients: Option<u32>,
    /// Hour of the first call.
    pub first: Hour,
    /// Hour of the last call.
    pub last: Hour,
    /// At least this many clients in each hour of the day (UTC), in the same steps; `None` below the
    /// least number.
    pub hours: [Option<u32>; 24],
    /// The reasons, the heaviest first.
    pub evidence: Vec<SharedEvidence>,
}

/// Why lines were not taken. Nothing of them was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinesError {
    /// A line is no finding.
    #[error("line {line} is no finding: {why}")]
    Line {
        /// Which, from 1.
        line: usize,
        /// What is wrong with it.
        why: LineFault,
    },
    /// There are more than [`SHARED_MAX`].
    #[error("more than {SHARED_MAX} findings; send them in several files")]
    Many,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// It is too long.
    #[error("longer than {LINE_OCTETS_MAX} octets")]
    Long,
    /// It is not spelled as a finding is: what the reader of JSON says.
    #[error("{0}")]
    Spelling(String),
    /// The address is none of a server outside.
    #[error("`{0}` is no address of a server outside")]
    Address(IpAddr),
    /// There is no such tier.
    #[error("`tier` is one of low, watch, review, share")]
    Tier,
    /// There are more than [`EVIDENCE_MAX`].
    #[error("more than {EVIDENCE_MAX} reasons")]
    Reasons,
    /// There is no such evidence; the code, cut to 40 characters.
    #[error("`{0}` is no evidence code")]
    Code(String),
    /// A value or a weight is no number, or beyond what it can be.
    #[error("a number of the evidence is none, or beyond what it can be")]
    Number,
    /// The last call is before the first.
    #[error("`last` is before `first`")]
    Order,
    /// The score is no number, or beyond what it can be.
    #[error("`score` is no number, or beyond what it can be")]
    Score,
    /// A number of clients is told more closely than in steps.
    #[error("numbers of clients go in steps (5, 10, 20, 50 …), none below the least")]
    Steps,
}

impl LineFault {
    /// A fixed word for what is wrong.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Spelling(_) => "spelling",
            Self::Address(_) => "address",
            Self::Tier => "tier",
            Self::Reasons => "reasons",
            Self::Code(_) => "code",
            Self::Number => "number",
            Self::Order => "order",
            Self::Score => "score",
            Self::Steps => "steps",
        }
    }
}

impl Hour {
    /// Last hour of the calendar that is spelled: the year 9999.
    const LAST: i64 = 253_402_300_799 / 3_600;

    /// The hour of a moment in milliseconds of Unix time; what lies outside the calendar is its end.
    fn of(ms: i64) -> Self {
        Self(
            ms.div_euclid(MILLIS_PER_HOUR)
                .clamp(-Self::LAST, Self::LAST),
        )
    }
}

impl Finding {
    /// What may leave the carrier; numbers of fewer than `clients_min` clients do not.
    pub fn shared(&self, clients_min: u32) -> SharedFinding {
        let least = clients_min.max(CLIENTS_MIN_LOWEST);
        let clients = step(self.clients, least);
        let reasons = self.evidence.iter();
        let evidence: Vec<SharedEvidence> = reasons
            .filter_map(|evidence| told(evidence, clients.is_none()))
            .collect();
        SharedFinding {
            server: self.server.address.ip(),
            port: self.server.port,
            protocol: self.server.protocol,
            score: evidence.iter().map(|evidence| evidence.weight).sum(),
            tier: self.tier.word().to_owned(),
            clients,
            first: Hour::of(self.first_ms),
            last: Hour::of(self.last_ms),
            hours: self.hours.map(|clients| step(clients, least)),
            evidence,
        }
    }
}

/// What may leave the carrier of `findings`, as [`Finding::shared`] has it, and how many stay: those
/// whose server is none outside, which nobody would read.
pub fn leaving(findings: &[Finding], clients_min: u32) -> (Vec<SharedFinding>, usize) {
    let outside = findings
        .iter()
        .filter(|finding| is_outside(finding.server.address));
    let shared: Vec<SharedFinding> = outside.map(|finding| finding.shared(clients_min)).collect();
    let stay = findings.len() - shared.len();
    (shared, stay)
}

/// Whether an address can be that of a server outside: of one host, and of no private network.
fn is_outside(address: Address) -> bool {
    service::is_single(address) && !service::is_private(address)
}

/// Reads findings, one JSON object a line; empty lines are passed over.
///
/// # Errors
/// [`LinesError`] of the first line that is none; then nothing is taken.
pub fn read_lines(text: &str) -> Result<Vec<SharedFinding>, LinesError> {
    let mut findings = Vec::new();
    for (place, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        if findings.len() == SHARED_MAX {
            return Err(LinesError::Many);
        }
        let wrong = |why: LineFault| LinesError::Line {
            line: place + 1,
            why,
        };
        if line.len() > LINE_OCTETS_MAX {
            return Err(wrong(LineFault::Long));
        }
        let finding: SharedFinding = serde_json::from_str(line)
            .map_err(|error| wrong(LineFault::Spelling(error.to_string())))?;
        finding.check().map_err(wrong)?;
        findings.push(finding);
    }
    Ok(findings)
}

impl SharedFinding {
    /// What the types do not say.
    fn check(&self) -> Result<(), LineFault> {
        let address = Address::of(self.server.to_canonical());
        if !is_outside(address) {
            return Err(LineFault::Address(address.ip()));
        }
        if !Tier::ALL.iter().any(|tier| tier.word() == self.tier) {
            return Err(LineFault::Tier);
        }
        if self.evidence.len() > EVIDENCE_MAX {
            return Err(LineFault::Reasons);
        }
        for evidence in &self.evidence {
            if !EvidenceCode::ALL
                .iter()
                .any(|code| code.word() == evidence.code)
            {
                let code: String = evidence.code.chars().take(40).collect();
                return Err(LineFault::Code(code));
            }
            let within = |number: f64, most: f64| number.is_finite() && number.abs() <= most;
            if !within(evidence.value, VALUE_MAX) || !within(evidence.weight, DECIBANS_MAX) {
                return Err(LineFault::Number);
            }
        }
        if self.last < self.first {
            return Err(LineFault::Order);
        }
        if !self.score.is_finite() || self.score.abs() > DECIBANS_MAX {
            return Err(LineFault::Score);
        }
        let stepped = |clients: &Option<u32>| {
            clients.is_none_or(|told| step(u64::from(told), CLIENTS_MIN_LOWEST) == Some(told))
        };
        if !std::iter::once(&self.clients)
            .chain(&self.hours)
            .all(stepped)
        {
            return Err(LineFault::Steps);
        }
        Ok(())
    }
}

/// The step at or below `clients`: 3, 5, 10, 20, 50 and so on. `None` below `least`.
pub(crate) fn step(clients: u64, least: u32) -> Option<u32> {
    if clients < u64::from(least.max(CLIENTS_MIN_LOWEST)) {
        return None;
    }
    let ladder = std::iter::successors(Some(10_u64), |decade| decade.checked_mul(10))
        .flat_map(|decade| [decade / 2, decade, decade.saturating_mul(2)]);
    let highest = ladder.take_while(|step| *step <= clients).last();
    highest.map_or(Some(CLIENTS_MIN_LOWEST), |step| u32::try_from(step).ok())
}

/// A reason as it is told, if it is; of `few` clients what they do is said, and nothing that depends on
/// how many they are.
fn told(evidence: &Evidence, few: bool) -> Option<SharedEvidence> {
    use EvidenceCode as Code;
    let of_clients = evidence.code.group() == EvidenceGroup::Clients;
    let (value, weight) = match evidence.code {
        _ if few && of_clients => {
            let weight = if evidence.weight >= 1.0 {
                FEW_CLIENTS_WEIGHT
            } else {
                0.0
            };
            (0.0, weight)
        }
        // Beside the number of clients it would tell how large the carrier is.
        Code::Popular => (0.0, evidence.weight),
        Code::Flat | Code::Uniform | Code::Failures | Code::Alike | Code::ScanningClients => {
            (tenths(evidence.value), evidence.weight)
        }
        _ => (two_digits(evidence.value), evidence.weight),
    };
    let weight = (weight / WEIGHT_STEP).round() * WEIGHT_STEP;
    (weight != 0.0).then(|| SharedEvidence {
        code: evidence.code.word().to_owned(),
        value,
        weight,
    })
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Two significant digits.
fn two_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    let scale = 10_f64.powi(1 - magnitude(value));
    (value * scale).round() / scale
}

/// Power of ten of the first digit.
fn magnitude(value: f64) -> i32 {
    let mut rest = value.abs();
    let mut power = 0;
    while rest >= 10.0 && power < 300 {
        rest /= 10.0;
        power += 1;
    }
    while rest < 1.0 && power > -300 {
        rest *= 10.0;
        power -= 1;
    }
    power
}

impl Serialize for Hour {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let moment = self
            .0
            .checked_mul(3_600)
            .and_then(|seconds| Timestamp::from_second(seconds).ok());
        let moment =
            moment.ok_or_else(|| serde::ser::Error::custom("an hour outside the calendar"))?;
        to.collect_str(&moment)
    }
}

impl<'de> Deserialize<'de> for Hour {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let moment: Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        let whole = moment.subsec_nanosecond() == 0 && moment.as_second() % 3_600 == 0;
        if !whole {
            return Err(serde::de::Error::custom(format!(
                "`{moment}` is finer than an hour"
            )));
        }
        Ok(Self(moment.as_second() / 3_600))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Server;

    fn finding() -> Finding {
        Finding {
            server: Server {
                address: Address::v4(0xcb00_7109),
                port: 4_444,
                protocol: 6,
            },
            score: 31.239,
            tier: Tier::Share,
            flows: 1_440,
            clients: 37,
            first_ms: 1_800_000_123_456,
            last_ms: 1_800_080_123_456,
            hours: std::array::from_fn(|hour| hour as u64),
            evidence: vec![Evidence {
                code: EvidenceCode::Automation,
                value: 61.37,
                weight: 14.26,
            }],
        }
    }

    #[test]
    fn what_leaves_has_hours_steps_and_nothing_below_the_least_number() {
        let shared = finding().shared(CLIENTS_MIN_DEFAULT);
        assert_eq!(shared.clients, Some(20));
        assert_eq!(shared.hours[..6], [None, None, None, None, None, Some(5)]);
        assert_eq!(shared.hours[23], Some(20));
        let line = serde_json::to_string(&shared).unwrap();
        assert!(line.contains(r#""first":"2027-01-15T08:00:00Z""#), "{line}");
        assert!(
            line.contains(r#"{"code":"automation","value":61.0,"weight":14.0}"#),
            "{line}"
        );
        // Neither the moment, nor the calls, nor the number of clients.
        for told in ["123456", "1440", "37"] {
            assert!(!line.contains(told), "{told} in {line}");
        }
        assert_eq!(read_lines(&line).unwrap(), [shared]);
    }

    #[test]
    fn no_server_leaves_that_the_reader_does_not_take() {
        let of = |address: &str| Finding {
            server: Server {
                address: Address::of(address.parse().unwrap()),
                ..finding().server
            },
            ..finding()
        };
        let inside = [
            "10.1.2.3",
            "100.64.7.8",
            "192.168.1.4",
            "fd00::7",
            "224.0.0.9",
        ]
        .map(of);
        for one in &inside {
            let line = serde_json::to_string(&one.shared(5)).unwrap();
            assert!(read_lines(&line).is_err(), "{line}");
        }
        assert_eq!(leaving(&inside, 5), (Vec::new(), inside.len()));
        let outside = ["203.0.113.9", "2001:db8::7"].map(of);
        let all = [&inside[..], &outside[..]].concat();
        let shared = outside.map(|one| one.shared(5)).to_vec();
        assert_eq!(leaving(&all, 5), (shared, inside.len()));
    }

    #[test]
    fn of_few_clients_no_reason_tells_how_many() {
        let line = |clients, alike: (f64, f64), scanning: (f64, f64), odd: f64| {
            let evidence = [
                (EvidenceCode::OddPort, (4_444.0, odd)),
                (EvidenceCode::Alike, alike),
                (EvidenceCode::ScanningClients, scanning),
            ];
            let few = Finding {
                clients,
                evidence: evidence
                    .map(|(code, (value, weight))| Evidence {
                        code,
                        value,
                        weight,
                    })
                    .into(),
                ..finding()
            };
            serde_json::to_string(&few.shared(CLIENTS_MIN_DEFAULT)).unwrap()
        };
        let of_four = line(4, (0.75, 3.2), (0.5, 4.8), 9.8);
        assert_eq!(of_four, line(3, (0.67, 1.3), (1.0, 6.0), 9.1));
        assert_eq!(of_four, line(4, (1.0, 4.0), (0.25, 1.8), 9.4));
        assert!(of_four.contains(r#""score":18.0"#), "{of_four}");
    }

    #[test]
    fn the_share_of_a_popular_server_stays_with_its_carrier() {
        let popular = Finding {
            clients: 50_000,
            evidence: vec![Evidence {
                code: EvidenceCode::Popular,
                value: 0.005,
                weight: -12.3,
            }],
            ..finding()
        };
        let told = &popular.shared(CLIENTS_MIN_DEFAULT).evidence[0];
        assert_eq!((told.value, told.weight), (0.0, -12.0));
    }

    #[test]
    fn nobody_sets_the_least_number_below_its_floor() {
        let few = Finding {
            clients: 2,
            ..finding()
        };
        assert_eq!(few.shared(0).clients, None);
    }

    #[test]
    fn steps_are_those_that_the_reader_takes_whatever_the_least_number() {
        for (clients, least, told) in [
            (2, 3, None),
            (4, 3, Some(3)),
            (6, 7, None),
            (8, 7, Some(5)),
            (19, 5, Some(10)),
            (1_999, 5, Some(1_000)),
            (2_000, 5, Some(2_000)),
        ] {
            assert_eq!(
                step(clients, least),
                told,
                "{clients} clients, least {least}"
            );
        }
    }

    #[test]
    fn a_line_that_tells_more_or_other_than_findings_do_is_refused_whole() {
        let line = serde_json::to_string(&finding().shared(5)).unwrap();
        for (from, to, word) in [
            (r#""port":4444"#, r#""port":4444,"token":"a""#, "token"),
            ("08:00:00Z", "08:02:03Z", "finer"),
            (r#""clients":20"#, r#""clients":37"#, "steps"),
            ("203.0.113.9", "192.168.1.4", "192.168.1.4"),
            ("automation", "astrology", "astrology"),
            ("203.0.113.9", "100.64.7.8", "100.64.7.8"),
            ("203.0.113.9", "fd00::7", "fd00::7"),
            (r#""score":14.0"#, r#""score":-3e8"#, "score"),
            (r#""weight":14.0"#, r#""weight":-3e8"#, "evidence"),
            (r#""tier":"share""#, r#""tier":"sure""#, "tier"),
        ] {
            let wrong = line.replacen(from, to, 1);
            assert_ne!(wrong, line);
            let error = read_lines(&format!("{line}\n\n{wrong}\n")).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
            assert!(error.to_string().starts_with("line 3"), "{error}");
        }
    }
}
