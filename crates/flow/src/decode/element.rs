//! The information elements that are wanted, of the several hundred that exporters send.
//!
//! `NetFlow` v9 (RFC 3954) and IPFIX (RFC 7012, IANA registry) number them alike below 128; what
//! vendors put above in v9 agrees with IANA where it is read here. Everything that is not named here
//! is stepped over and never kept: hardware addresses, user names, the inner addresses of address
//! translation, host names, URLs.

/// Private enterprise number of the reverse direction of a biflow (RFC 5103).
const REVERSE_ENTERPRISE: u32 = 29_305;

/// Private enterprise number of Cisco, whose routers export what they know of applications by client
/// and server instead of source and destination. The client is who opened.
const CISCO_ENTERPRISE: u32 = 9;

/// Where the value of an element goes while a record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// Source address.
    Source,
    /// Destination address.
    Destination,
    /// A number.
    Number(Number),
}

/// A number of a record, in the spelling of its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Number {
    SourcePort,
    SourcePortUdp,
    SourcePortTcp,
    DestinationPort,
    DestinationPortUdp,
    DestinationPortTcp,
    Protocol,
    Flags,
    Bytes,
    BytesTotal,
    BytesInitiator,
    BytesOut,
    BytesBack,
    Packets,
    PacketsTotal,
    PacketsInitiator,
    PacketsOut,
    PacketsBack,
    FlagsBack,
    FirstUptime,
    LastUptime,
    StartSeconds,
    EndSeconds,
    StartMillis,
    EndMillis,
    StartMicros,
    EndMicros,
    StartNanos,
    EndNanos,
    StartDelta,
    EndDelta,
    DurationMillis,
    DurationMicros,
    ObservedSeconds,
    ObservedMillis,
    BootMillis,
    EndReason,
    Sampler,
    SamplingInterval,
    SamplerInterval,
    SampledPackets,
    SkippedPackets,
    SampleSize,
    SamplePopulation,
}

impl Number {
    /// How many there are.
    pub(super) const COUNT: usize = Self::SamplePopulation as usize + 1;
}

/// Where element `id` of `enterprise` goes; `None` when it is stepped over. `enterprise` is 0 for
/// the elements of IANA.
pub(super) fn slot(enterprise: u32, id: u16) -> Option<Slot> {
    match enterprise {
        0 => of_iana(id),
        REVERSE_ENTERPRISE => match id {
            1 => Some(Slot::Number(Number::BytesBack)),
            2 => Some(Slot::Number(Number::PacketsBack)),
            6 => Some(Slot::Number(Number::FlagsBack)),
            _ => None,
        },
        CISCO_ENTERPRISE => match id {
            12_236 | 12_238 => Some(Slot::Source),
            12_237 | 12_239 => Some(Slot::Destination),
            12_240 => Some(Slot::Number(Number::SourcePort)),
            12_241 => Some(Slot::Number(Number::DestinationPort)),
            _ => None,
        },
        _ => None,
    }
}

fn of_iana(id: u16) -> Option<Slot> {
    use Number as N;
    let number = match id {
        8 | 27 => return Some(Slot::Source),
        12 | 28 => return Some(Slot::Destination),
        1 => N::Bytes,
        2 => N::Packets,
        4 => N::Protocol,
        6 => N::Flags,
        7 => N::SourcePort,
        11 => N::DestinationPort,
        180 => N::SourcePortUdp,
        181 => N::DestinationPortUdp,
        182 => N::SourcePortTcp,
        183 => N::DestinationPortTcp,
        21 => N::LastUptime,
        22 => N::FirstUptime,
        23 => N::BytesOut,
        24 => N::PacketsOut,
        34 => N::SamplingInterval,
        48 | 302 => N::Sampler,
        50 => N::SamplerInterval,
        85 => N::BytesTotal,
        86 => N::PacketsTotal,
        136 => N::EndReason,
        150 => N::StartSeconds,
        151 => N::EndSeconds,
        152 => N::StartMillis,
        153 => N::EndMillis,
        154 => N::StartMicros,
        155 => N::EndMicros,
        156 => N::StartNanos,
        157 => N::EndNanos,
        158 => N::StartDelta,
        159 => N::EndDelta,
        160 => N::BootMillis,
        161 => N::DurationMillis,
        162 => N::DurationMicros,
        231 => N::BytesInitiator,
        232 => N::BytesBack,
        298 => N::PacketsInitiator,
        299 => N::PacketsBack,
        305 => N::SampledPackets,
        306 => N::SkippedPackets,
        309 => N::SampleSize,
        310 => N::SamplePopulation,
        322 => N::ObservedSeconds,
        323 => N::ObservedMillis,
        _ => return None,
    };
    Some(Slot::Number(number))
}
