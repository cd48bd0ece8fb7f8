//! Findings: what detection says of a server, in codes and numbers.
//!
//! A [`Finding`] is for the eyes of whoever runs the detection. What leaves a carrier is a
//! [`SharedFinding`]: hours instead of moments, clients in steps and none below a least number, and
//! never a word about a subscriber.

mod shared;
pub mod stix;

use crate::column::Address;

pub(crate) use shared::step;
pub use shared::{
    CLIENTS_MIN_DEFAULT, CLIENTS_MIN_LOWEST, EVIDENCE_MAX, Hour, LineFault, LinesError, SHARED_MAX,
    SharedEvidence, SharedFinding, leaving, read_lines,
};

/// A server: where something answers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Server {
    /// Its address; never one of a subscriber.
    pub address: Address,
    /// Its port; 0 where the protocol has none.
    pub port: u16,
    /// IP protocol number.
    pub protocol: u8,
}

/// Makes the list of evidence codes, with the group of each.
macro_rules! evidence_codes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal in $group:ident,)+) => {
        /// What a piece of evidence is about. The unit of its value is told with each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EvidenceCode { $($(#[$doc])* $variant,)+ }

        impl EvidenceCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The fixed word, as in files and tables.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Which of the groups it belongs to. Evidence of one group does not count twice for
            /// sharing, since one cause can make all of it.
            pub const fn group(self) -> EvidenceGroup {
                match self { $(Self::$variant => EvidenceGroup::$group,)+ }
            }
        }
    };
}

evidence_codes! {
    /// Its clients come back by the clock: the period, in seconds.
    Automation = "automation" in Behavior,
    /// It is called evenly over the day: the share of hours with calls, 0 to 1.
    Flat = "flat" in Behavior,
    /// Calls are of one size: the share of the commonest size, 0 to 1.
    Uniform = "uniform" in Behavior,
    /// Calls are short and go both ways alike: median octets of a call.
    SmallTalk = "small-talk" in Behavior,
    /// Packets carry next to nothing: mean octets of a packet of the clients.
    SmallPackets = "small-packets" in Behavior,
    /// Calls fail and are tried again: the share that failed, 0 to 1.
    Failures = "failures" in Behavior,
    /// A port of no usual service: the port.
    OddPort = "odd-port" in Behavior,
    /// A port of a service whose talk never has this size: median octets of a call.
    NotTheService = "not-the-service" in Behavior,
    /// Sessions are held open: the longest, in hours.
    HeldOpen = "held-open" in Behavior,
    /// Clients send far more than they receive: octets sent for each received.
    Upload = "upload" in Behavior,
    /// Its clients act alike, and together: the share that does, 0 to 1.
    Alike = "alike" in Clients,
    /// Its clients search the network for open doors: the share that does, 0 to 1.
    ScanningClients = "scanning-clients" in Clients,
    /// Lists of known servers name it: how many lists.
    Known = "known" in Outside,
    /// It was not there before: hours since it was first seen.
    Novel = "novel" in Outside,
    /// Other carriers found it too: how many carriers, with this one.
    Carriers = "carriers" in Outside,
    /// An address of a network that delivers for many (CDN): how many lists name it.
    Delivery = "delivery" in Against,
    /// An address of a cloud that anybody rents: how many lists name it.
    Cloud = "cloud" in Against,
    /// An address of a network that a vendor runs for its own products: how many lists name it.
    Vendor = "vendor" in Against,
    /// A resolver, a clock, a tunnel or another service for everybody: how many lists name it.
    PublicService = "public-service" in Against,
    /// Many unlike clients use it: the share of all clients, 0 to 1.
    Popular = "popular" in Against,
    /// A port on which programs poll by nature: the port.
    PollingPort = "polling-port" in Against,
    /// One of many doors that were tried in vain, on many hosts or on this one: how many doors.
    ScanTarget = "scan-target" in Against,
    /// More than any talk needs, as when it is attacked: calls in a second of one client.
    Flood = "flood" in Against,
    /// An analyst judged it harmless: days until that expires.
    JudgedBenign = "judged-benign" in Against,
}

/// Groups of evidence that do not come from one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceGroup {
    /// How it is called.
    Behavior,
    /// Who calls.
    Clients,
    /// What others know.
    Outside,
    /// What speaks against it.
    Against,
}

/// A reason, with its number and what it adds to the score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// What it is about.
    pub code: EvidenceCode,
    /// The number, in the unit of the code.
    pub value: f64,
    /// What it adds to the score, in decibans: ten make a suspicion ten times likelier. Negative
    /// where it speaks against.
    pub weight: f64,
}

/// What is to be done with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Below every threshold.
    Low,
    /// Look again tomorrow.
    Watch,
    /// An analyst should look.
    Review,
    /// Strong enough to tell others, by two groups of evidence at least.
    Share,
}

impl Tier {
    /// Every tier, the lowest first.
    pub const ALL: &'static [Self] = &[Self::Low, Self::Watch, Self::Review, Self::Share];

    /// The fixed word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Watch => "watch",
            Self::Review => "review",
            Self::Share => "share",
        }
    }
}

/// What detection says of a server, for whoever runs it.
#[derive(Clone, PartialEq)]
pub struct Finding {
    /// Which server.
    pub server: Server,
    /// Sum of the weights, in decibans.
    pub score: f64,
    /// What is to be done.
    pub tier: Tier,
    /// Calls seen, as exported: before scaling by the sampling.
    pub flows: u64,
    /// Clients seen, an estimate above a few dozen.
    pub clients: u64,
    /// First call, milliseconds of Unix time.
    pub first_ms: i64,
    /// Last call, milliseconds of Unix time.
    pub last_ms: i64,
    /// Clients seen in each hour of the day (UTC), estimates.
    pub hours: [u64; 24],
    /// The reasons, the heaviest first.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// The score that is left without the evidence of `code`.
    pub fn score_without(&self, code: EvidenceCode) -> f64 {
        let of_code = |evidence: &&Evidence| evidence.code == code;
        let weight: f64 = self.evidence.iter().filter(of_code).map(|e| e.weight).sum();
        self.score - weight
    }
}
