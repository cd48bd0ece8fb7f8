//! Which datagrams are exports, whatever port they went to.

/// A protocol by which flows or samples are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExportKind {
    /// `NetFlow` v5.
    NetFlow5,
    /// `NetFlow` v9 (RFC 3954).
    NetFlow9,
    /// IPFIX (RFC 7011).
    Ipfix,
    /// sFlow v5: samples of packets.
    Sflow5,
}

impl ExportKind {
    /// What `datagram` is by its header, of which `said_octets` were sent, be they here or not; `None`
    /// when it is no export. Two octets alone would take many a datagram of others for an export, so
    /// that what the header says of itself has to fit as well.
    pub fn of(datagram: &[u8], said_octets: usize) -> Option<Self> {
        const V5_HEADER_OCTETS: usize = 24;
        const V5_RECORD_OCTETS: usize = 48;
        const V9_HEADER_OCTETS: usize = 20;
        const IPFIX_HEADER_OCTETS: usize = 16;
        // Version, kind of address, address, sub-agent, sequence, uptime, number of samples.
        const SFLOW_HEADER_OCTETS: usize = 28;
        let [v0, v1, n0, n1] = *datagram.first_chunk::<4>()?;
        let number = usize::from(u16::from_be_bytes([n0, n1]));
        let (kind, octets_min) = match (u16::from_be_bytes([v0, v1]), number) {
            (5, records) => (
                Self::NetFlow5,
                V5_HEADER_OCTETS + records * V5_RECORD_OCTETS,
            ),
            (9, _) => (Self::NetFlow9, V9_HEADER_OCTETS),
            (10, octets) => (Self::Ipfix, octets.max(IPFIX_HEADER_OCTETS)),
            (0, 5) => {
                let address_kind = *datagram.get(4..)?.first_chunk::<4>()?;
                if !matches!(u32::from_be_bytes(address_kind), 1 | 2) {
                    return None;
                }
                (Self::Sflow5, SFLOW_HEADER_OCTETS)
            }
            _ => return None,
        };
        (said_octets >= octets_min).then_some(kind)
    }
}
